"""Dossiers that another system decides, and when it was last heard from."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, sql_migration

ID = "2026-11-26T11:40:00:000000"
DESCRIPTION = "Dossiers followed in another system"

_TABLE = """
CREATE TABLE dossier_mirror (
    tenant_id int NOT NULL,
    dossier_id uuid NOT NULL,
    system text NOT NULL,
    external_code text NOT NULL,
    synced_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, dossier_id),
    FOREIGN KEY (tenant_id, dossier_id) REFERENCES dossier (tenant_id, id)
);
"""


async def forwards() -> MigrationManager:
    """Add the table."""
    return sql_migration(ID, "motcua", DESCRIPTION, _TABLE, protect("dossier_mirror"))
