"""The ledger of what was paid at the counter and given back."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, sql_migration

ID = "2026-11-26T14:00:00:000000"
DESCRIPTION = "Payments"

_PAYMENT = """
CREATE TABLE payment (
    tenant_id int NOT NULL REFERENCES tenant (id),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('payment', 'refund', 'void')),
    series text NOT NULL,
    year int NOT NULL,
    number int NOT NULL,
    visit_id uuid,
    of_id uuid,
    amount bigint NOT NULL CHECK (amount > 0),
    way text NOT NULL CHECK (way IN ('cash', 'transfer')),
    tendered bigint,
    change bigint,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    staff_id bigint,
    staff text NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, series, year, number),
    CHECK ((kind = 'payment') = (of_id IS NULL)),
    FOREIGN KEY (tenant_id, visit_id) REFERENCES visit (tenant_id, id),
    FOREIGN KEY (tenant_id, of_id) REFERENCES payment (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX payment_at ON payment (tenant_id, at);
CREATE INDEX payment_of ON payment (tenant_id, of_id);
CREATE UNIQUE INDEX payment_voided_once ON payment (tenant_id, of_id) WHERE kind = 'void';
"""

_PART = """
CREATE TABLE payment_part (
    tenant_id int NOT NULL,
    payment_id uuid NOT NULL,
    dossier_id uuid NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (tenant_id, payment_id, dossier_id),
    FOREIGN KEY (tenant_id, payment_id) REFERENCES payment (tenant_id, id),
    FOREIGN KEY (tenant_id, dossier_id) REFERENCES dossier (tenant_id, id)
);
CREATE INDEX payment_part_dossier ON payment_part (tenant_id, dossier_id);
"""


async def forwards() -> MigrationManager:
    """Create the tables and put their walls around them."""
    return sql_migration(
        ID,
        "motcua",
        DESCRIPTION,
        _PAYMENT,
        protect("payment", append_only=True),
        _PART,
        protect("payment_part", append_only=True),
    )
