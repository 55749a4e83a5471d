"""Lists of dossiers by state: a tab reads its own fifty, however many others are done."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T21:37:00:000000"
DESCRIPTION = "Lists of dossiers by state, put-off dossiers found by their event"

# Names and numbers stand in the index because they stand in the row: erased there, they are
# gone here too.
_LIST = """
DROP INDEX dossier_list;
CREATE INDEX dossier_list ON dossier
    (tenant_id, state, (coalesce(due_at, '9999-12-31Z')), id)
    INCLUDE (due_at, procedure_code, holder_id, applicant_key);
"""

_PUT_OFF = """
CREATE INDEX dossier_event_put_off ON dossier_event (tenant_id, dossier_id)
    WHERE transition = 'T21';
"""

_BACK = """
DROP INDEX dossier_event_put_off;
DROP INDEX dossier_list;
CREATE INDEX dossier_list ON dossier (tenant_id, (coalesce(due_at, '9999-12-31Z')), id)
    INCLUDE (due_at, state, applicant_key, temporary_code, procedure_code, holder_id);
"""


async def forwards() -> MigrationManager:
    """Make the index of lists anew, with the state in front."""
    return sql_migration(ID, "motcua", DESCRIPTION, _LIST, _PUT_OFF, backwards=(_BACK,))
