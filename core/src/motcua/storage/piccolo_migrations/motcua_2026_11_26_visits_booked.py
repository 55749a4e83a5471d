"""Visits to the counter that were booked."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, sql_migration

ID = "2026-11-26T19:30:00:000000"
DESCRIPTION = "Booked visits"

_BOOKING = """
CREATE TABLE booking (
    tenant_id int NOT NULL REFERENCES tenant (id),
    id uuid NOT NULL,
    code text NOT NULL,
    slot_at timestamptz NOT NULL,
    place int NOT NULL,
    name text NOT NULL,
    phone text NOT NULL,
    procedure_code text NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code),
    UNIQUE (tenant_id, slot_at, place)
);
"""


async def forwards() -> MigrationManager:
    """Create the table and put its walls around it."""
    return sql_migration(ID, "motcua", DESCRIPTION, _BOOKING, protect("booking"))
