"""Everything a list of dossiers is chosen by, in the order it is shown in."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T16:35:00:000000"
DESCRIPTION = "Lists of dossiers read from an index"

ONE_INDEX = """
CREATE INDEX dossier_list ON dossier (tenant_id, (coalesce(due_at, '9999-12-31Z')), id)
    INCLUDE (due_at, state, applicant_key, temporary_code, procedure_code, holder_id);
"""


async def forwards() -> MigrationManager:
    """Carry in the index what a list is filtered and searched by."""
    return sql_migration(
        ID, "motcua", DESCRIPTION, ONE_INDEX, backwards=("DROP INDEX dossier_list;",)
    )
