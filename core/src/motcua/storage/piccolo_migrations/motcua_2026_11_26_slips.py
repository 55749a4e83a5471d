"""Which copies of a slip were printed, and with which number."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, sql_migration

ID = "2026-11-26T15:30:01:000000"
DESCRIPTION = "Copies of slips"

_SLIP = """
CREATE TABLE slip (
    tenant_id int NOT NULL,
    id uuid NOT NULL,
    dossier_id uuid NOT NULL,
    form text NOT NULL,
    seq int NOT NULL,
    copy int NOT NULL,
    year int NOT NULL,
    number int,
    at timestamptz NOT NULL,
    staff_id bigint,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, dossier_id, form, seq, copy),
    FOREIGN KEY (tenant_id, dossier_id) REFERENCES dossier (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE UNIQUE INDEX slip_number ON slip (tenant_id, form, year, number) WHERE copy = 1;
"""


async def forwards() -> MigrationManager:
    """Create the table and put its wall around it."""
    return sql_migration(ID, "motcua", DESCRIPTION, _SLIP, protect("slip", append_only=True))
