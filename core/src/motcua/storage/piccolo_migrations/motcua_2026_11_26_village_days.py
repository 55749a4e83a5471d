"""Days of work away from the office, on paper."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, sql_migration

ID = "2026-11-26T20:25:00:000000"
DESCRIPTION = "Village days"

_DAY = """
CREATE TABLE village_day (
    tenant_id int NOT NULL REFERENCES tenant (id),
    id uuid NOT NULL,
    day date NOT NULL,
    place text NOT NULL,
    officer text NOT NULL,
    signers text[] NOT NULL,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    closed_at timestamptz,
    closed_by text NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE village_sheet (
    tenant_id int NOT NULL REFERENCES tenant (id),
    day_id uuid NOT NULL,
    place int NOT NULL,
    procedure_code text NOT NULL,
    block_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, day_id, place),
    UNIQUE (tenant_id, block_id),
    FOREIGN KEY (tenant_id, day_id) REFERENCES village_day (tenant_id, id),
    FOREIGN KEY (tenant_id, block_id) REFERENCES register_block (tenant_id, id)
);
"""


async def forwards() -> MigrationManager:
    """Create the tables and put their walls around them."""
    return sql_migration(
        ID, "motcua", DESCRIPTION, _DAY, protect("village_day"), protect("village_sheet")
    )
