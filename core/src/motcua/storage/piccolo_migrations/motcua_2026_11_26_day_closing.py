"""The end of a working day at the counter."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, sql_migration

ID = "2026-11-26T15:10:01:000000"
DESCRIPTION = "Closings of days"

_CLOSING = """
CREATE TABLE day_closing (
    tenant_id int NOT NULL REFERENCES tenant (id),
    id uuid NOT NULL,
    day date NOT NULL,
    closed_at timestamptz NOT NULL,
    closed_by bigint,
    closed_name text NOT NULL,
    expected bigint NOT NULL,
    counted bigint NOT NULL,
    reason text NOT NULL,
    marks jsonb NOT NULL,
    summary jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, day),
    CHECK (counted >= 0),
    CHECK (counted = expected OR reason <> ''),
    FOREIGN KEY (tenant_id, closed_by) REFERENCES staff (tenant_id, id)
);
"""


async def forwards() -> MigrationManager:
    """Create the table and put its walls around it."""
    return sql_migration(
        ID, "motcua", DESCRIPTION, _CLOSING, protect("day_closing", append_only=True)
    )
