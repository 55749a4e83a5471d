"""The order of every list of dossiers, so that a page of fifty reads fifty."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T15:35:00:000000"
DESCRIPTION = "Dossiers by deadline"

BY_DEADLINE = """
CREATE INDEX dossier_deadline ON dossier (tenant_id, (coalesce(due_at, '9999-12-31Z')), id);
"""


async def forwards() -> MigrationManager:
    """Create the index the work list reads in its own order."""
    return sql_migration(
        ID, "motcua", DESCRIPTION, BY_DEADLINE, backwards=("DROP INDEX dossier_deadline;",)
    )
