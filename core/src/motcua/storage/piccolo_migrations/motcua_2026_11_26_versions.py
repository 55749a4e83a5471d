"""Publishing procedures from the console, by whom the catalogue belongs to."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T12:25:00:000000"
DESCRIPTION = "Publishing versions of procedures through the console"

# Like the calendar, the catalogue has no tenant: it is written through this function alone, which
# asks for whom the transaction runs.
_PUBLISH = """
CREATE FUNCTION publish_procedure_versions(given jsonb, at timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made int;
BEGIN
    IF NOT EXISTS (
        SELECT FROM tenant asking
         WHERE asking.id = nullif(current_setting('app.tenant', true), '')::int
           AND NOT asking.archived
           AND (asking.kind = 'nation'
                OR asking.kind IN ('province', 'city')
                   AND NOT EXISTS (SELECT FROM tenant other
                                    WHERE other.kind IN ('province', 'city')
                                      AND NOT other.archived AND other.id <> asking.id)))
    THEN
        RAISE EXCEPTION 'the catalogue belongs to another tenant'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO procedure_version (id, code, field, owner, definition, valid_from, valid_to,
                                   assumed, published_at)
    SELECT w.id, w.definition->>'code', w.definition->>'field', w.owner, w.definition,
           (w.definition->>'valid_from')::date, (w.definition->>'valid_to')::date,
           coalesce(w.definition->>'assumed', ''), at
      FROM jsonb_to_recordset(given) AS w (id text, owner text, definition jsonb)
    ON CONFLICT (id) DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END
$$;
"""


async def forwards() -> MigrationManager:
    """Add the function."""
    return sql_migration(ID, "motcua", DESCRIPTION, _PUBLISH)
