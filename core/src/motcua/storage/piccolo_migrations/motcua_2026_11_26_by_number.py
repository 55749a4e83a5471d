"""A person's dossiers by their identity number, out of an index."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T21:47:00:000000"
DESCRIPTION = "A person's dossiers by their identity number"

# Behind row-level security no index on a part of a JSON column is used. The function looks past
# it, for the running tenant alone, and answers ids: what stands in them is read behind the wall.
# The index follows the rows, so a number that is erased there is gone from it.
_BY_NUMBER = """
CREATE INDEX dossier_id_number ON dossier (tenant_id, (applicant->>'id_number'));
CREATE FUNCTION dossiers_by_id_number(number text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM dossier
     WHERE tenant_id = nullif(current_setting('app.tenant', true), '')::int
       AND applicant->>'id_number' = number AND number <> ''
$$;
"""

_BACK = """
DROP FUNCTION dossiers_by_id_number(text);
DROP INDEX dossier_id_number;
"""


async def forwards() -> MigrationManager:
    """Create the index and the function that reads it."""
    return sql_migration(ID, "motcua", DESCRIPTION, _BY_NUMBER, backwards=(_BACK,))
