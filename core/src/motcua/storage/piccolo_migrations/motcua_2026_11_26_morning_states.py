"""Counting a unit's morning state by state: what is due is counted where a clock runs."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T21:10:00:000000"
DESCRIPTION = "The morning, state by state"

# As before it runs with the rights of whoever calls it, and looks at each unit as that unit.
_MORNING = """
CREATE OR REPLACE FUNCTION units_this_morning(
    units int[], states text[], at timestamptz, ends timestamptz,
    begins timestamptz[], finishes timestamptz[], soon timestamptz)
RETURNS TABLE (unit int, told json) LANGUAGE plpgsql AS $$
DECLARE
    above int := nullif(current_setting('app.tenant', true), '')::int;
    n int;
BEGIN
    FOR n IN 1 .. coalesce(array_length(units, 1), 0) LOOP
        CONTINUE WHEN NOT EXISTS (
            WITH RECURSIVE up AS (
                SELECT t.id, t.parent_id FROM tenant t WHERE t.id = units[n]
                UNION ALL
                SELECT p.id, p.parent_id FROM tenant p JOIN up ON p.id = up.parent_id)
            SELECT FROM up WHERE up.id = above);
        PERFORM set_config('app.tenant', units[n]::text, true);
        unit := units[n];
        SELECT json_build_object(
            'states', coalesce(json_object_agg(s.state, json_build_object('open', s.open,
                'late', s.late, 'today', s.today, 'tomorrow', s.tomorrow))
                FILTER (WHERE s.state IS NOT NULL), '{}'),
            'last', (SELECT max(d.received_at) FROM dossier d WHERE d.tenant_id = units[n]),
            'roles', (SELECT coalesce(json_object_agg(r, c), '{}') FROM (
                SELECT unnest(roles) AS r, count(*) AS c FROM staff
                 WHERE tenant_id = units[n] AND active GROUP BY 1) found),
            'signer', EXISTS (SELECT FROM signer g WHERE g.tenant_id = units[n]
                AND g.valid_from <= at AND (g.valid_to IS NULL OR g.valid_to > at)),
            'signer_soon', EXISTS (SELECT FROM signer g WHERE g.tenant_id = units[n]
                AND g.valid_from <= soon AND (g.valid_to IS NULL OR g.valid_to > soon)),
            'gaps', (SELECT count(*) FROM register b WHERE b.tenant_id = units[n]
                AND b.closed_at IS NULL AND b.last - b.first + 1 <> (
                    SELECT count(*) FROM register_entry e WHERE e.tenant_id = units[n]
                       AND e.register = b.book AND e.year = b.year)))
          INTO told
          FROM (SELECT d.state, count(*) AS open,
                       count(*) FILTER (WHERE d.due_at < at) AS late,
                       count(*) FILTER (WHERE d.due_at >= at AND d.due_at < ends) AS today,
                       count(*) FILTER (WHERE d.due_at >= begins[n] AND d.due_at < finishes[n])
                           AS tomorrow
                  FROM dossier d WHERE d.tenant_id = units[n] AND d.state = ANY (states)
                 GROUP BY d.state) s;
        PERFORM set_config('app.tenant', above::text, true);
        RETURN NEXT;
    END LOOP;
END
$$;
"""


async def forwards() -> MigrationManager:
    """Put the function in the place of the one before."""
    return sql_migration(ID, "motcua", DESCRIPTION, _MORNING)
