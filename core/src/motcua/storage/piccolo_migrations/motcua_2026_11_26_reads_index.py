"""Who read a dossier, found by the dossier: lists ask it of every answered one they show."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T19:50:00:000000"
DESCRIPTION = "Reads by dossier"

BY_DOSSIER = """
CREATE INDEX read_log_dossier ON read_log (tenant_id, dossier_id, at);
"""


async def forwards() -> MigrationManager:
    """Create the index."""
    return sql_migration(
        ID, "motcua", DESCRIPTION, BY_DOSSIER, backwards=("DROP INDEX read_log_dossier;",)
    )
