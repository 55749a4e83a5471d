"""Opening a commune from the console, set up like another one."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T20:17:00:000000"
DESCRIPTION = "Opening a commune like another one"

# A unit is nobody's row: it is written through this function alone, which asks for whom the
# transaction runs. What people and dossiers left in the other unit is not copied, nor the
# words it speaks in. Rows are copied whole, so that a column added later is not left behind;
# of a plugin that delivers messages the settings are not: they name whose mailbox it is.
_OPEN = """
CREATE FUNCTION open_unit(given jsonb) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    above int := nullif(current_setting('app.tenant', true), '')::int;
    model tenant%ROWTYPE;
    made int;
    account bigint;
BEGIN
    SELECT t.* INTO model FROM tenant t JOIN tenant p ON p.id = t.parent_id
     WHERE t.slug = given->>'template' AND t.parent_id = above
       AND p.kind IN ('province', 'city') AND NOT p.archived
       AND t.kind IN ('commune', 'ward', 'special_zone');
    IF NOT FOUND OR given->>'kind' NOT IN ('commune', 'ward', 'special_zone') THEN
        RAISE EXCEPTION 'the unit belongs to another tenant'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('open_unit'));
    SELECT max(id) + 1 INTO made FROM tenant;
    INSERT INTO tenant (id, slug, name, kind, type_vi, parent_id, codes, predecessors, successors,
                        hosts, settings, opened_on, closed_on, archived, config_version)
    VALUES (made, given->>'slug', given->>'name', given->>'kind', given->>'type_vi', above,
            given->'codes', '[]', '[]', '{}',
            model.settings - ARRAY['contact', 'crest', 'receipt_series', 'practice',
                                    'slip_texts', 'messages', 'campaigns'],
            (given->>'opened_on')::date, NULL, false, 1);
    INSERT INTO tenant_plugin
    SELECT (jsonb_populate_record(p, jsonb_build_object(
               'tenant_id', made, 'failures', 0, 'note', '', 'settings',
               CASE WHEN given->'senders' ? p.plugin THEN '{}' ELSE p.settings END, 'state',
               CASE p.state WHEN 'quarantined' THEN 'offered' ELSE p.state END))).*
      FROM tenant_plugin p WHERE p.tenant_id = model.id;
    INSERT INTO procedure_override
    SELECT (jsonb_populate_record(o, jsonb_build_object('tenant_id', made))).*
      FROM procedure_override o WHERE o.tenant_id = model.id;
    INSERT INTO staff (tenant_id, username, full_name, password_hash, roles, active, created_at,
                       password_given_at)
    VALUES (made, given->>'username', given->>'full_name', given->>'password_hash', '{admin}', true,
            (given->>'at')::timestamptz, (given->>'at')::timestamptz)
    RETURNING id INTO account;
    INSERT INTO sign_in_event (tenant_id, id, at, kind, staff_id, by_id, address, agent, detail)
    VALUES (made, (given->>'event')::uuid, (given->>'at')::timestamptz, 'created', account, NULL,
            given->>'address', given->>'agent', 'admin');
    RETURN made;
END
$$;
"""


async def forwards() -> MigrationManager:
    """Add the function."""
    return sql_migration(ID, "motcua", DESCRIPTION, _OPEN)
