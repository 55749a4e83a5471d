"""Who stands in for whom."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, sql_migration

ID = "2026-11-26T14:50:00:000000"
DESCRIPTION = "People who stand in for absent ones"

_STAND_IN = """
CREATE TABLE stand_in (
    tenant_id int NOT NULL REFERENCES tenant (id),
    id uuid NOT NULL,
    absent_id bigint NOT NULL,
    stand_in_id bigint NOT NULL,
    roles text[] NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    basis text NOT NULL,
    set_at timestamptz NOT NULL,
    set_by text NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, absent_id) REFERENCES staff (tenant_id, id),
    FOREIGN KEY (tenant_id, stand_in_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX stand_in_who ON stand_in (tenant_id, stand_in_id, last_day);
"""


async def forwards() -> MigrationManager:
    """Create the table and put its wall around it."""
    return sql_migration(ID, "motcua", DESCRIPTION, _STAND_IN, protect("stand_in"))
