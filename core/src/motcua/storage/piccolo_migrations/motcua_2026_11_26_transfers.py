"""Transfers that wait until an officer has seen the money come."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, sql_migration
from motcua.storage.piccolo_migrations.motcua_2026_11_26_open_unit import _OPEN

ID = "2026-11-26T21:00:00:000000"
DESCRIPTION = "Transfers of fees"

_TRANSFER = """
CREATE TABLE transfer (
    tenant_id int NOT NULL REFERENCES tenant (id),
    id uuid NOT NULL,
    dossier_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('told', 'missed', 'seen')),
    asked bigint NOT NULL,
    came bigint,
    told_at timestamptz,
    settled_at timestamptz,
    staff_id bigint,
    staff text NOT NULL,
    reference text NOT NULL,
    note text NOT NULL,
    payment_id uuid,
    PRIMARY KEY (tenant_id, id),
    CHECK (state <> 'seen' OR (payment_id IS NOT NULL AND came > 0 AND reference <> '')),
    CHECK (state <> 'missed' OR note <> ''),
    FOREIGN KEY (tenant_id, dossier_id) REFERENCES dossier (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
    FOREIGN KEY (tenant_id, payment_id) REFERENCES payment (tenant_id, id)
);
CREATE INDEX transfer_dossier ON transfer (tenant_id, dossier_id);
CREATE UNIQUE INDEX transfer_told_once ON transfer (tenant_id, dossier_id) WHERE state = 'told';
CREATE INDEX transfer_reference ON transfer (tenant_id, reference) WHERE state = 'seen';
"""

# A commune opened like another one begins without the other one's bank account.
_OPEN_WITHOUT_ACCOUNT = _OPEN.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1).replace(
    "'receipt_series',", "'receipt_series', 'bank_account',", 1
)


async def forwards() -> MigrationManager:
    """Create the table with its walls, and keep bank accounts out of opened communes."""
    return sql_migration(
        ID, "motcua", DESCRIPTION, _TRANSFER, protect("transfer"), _OPEN_WITHOUT_ACCOUNT
    )
