"""Places to practise: units beside the real ones, emptied and filled anew by a press."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T15:30:00:000000"
DESCRIPTION = "Places to practise"

# The application adds no unit and deletes nothing that is append only. This function does both,
# for the place to practise of the unit that asks and for no other: its slug is the unit's with an
# ending that no other unit may have, and nothing stands above it.
_READY = """
CREATE FUNCTION ready_practice(given jsonb) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    unit tenant%ROWTYPE;
    place int;
    one text;
    refused int;
    rounds int := 0;
BEGIN
    SELECT * INTO unit FROM tenant
     WHERE id = nullif(current_setting('app.tenant', true), '')::int
       AND kind IN ('commune', 'ward', 'special_zone') AND NOT archived
       AND slug NOT LIKE '%-luyen-tap';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'only a unit at work has a place to practise'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('open_unit'));
    SELECT id INTO place FROM tenant WHERE slug = unit.slug || '-luyen-tap' AND parent_id IS NULL;
    IF place IS NULL THEN
        SELECT max(id) + 1 INTO place FROM tenant;
        INSERT INTO tenant (id, slug, name, kind, type_vi, parent_id, codes, predecessors,
                            successors, hosts, settings, opened_on, closed_on, archived,
                            config_version)
        VALUES (place, unit.slug || '-luyen-tap', given->>'name', unit.kind, unit.type_vi, NULL,
                given->'codes', '[]', '[]', '{}', given->'settings', NULL, NULL, false, 1);
    ELSE
        UPDATE tenant SET name = given->>'name', codes = given->'codes',
               settings = given->'settings', config_version = config_version + 1
         WHERE id = place;
    END IF;
    LOOP
        refused := 0;
        FOR one IN
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
               AND obj_description(c.oid, 'pg_class') ~ '^motcua:(tenant|derived)'
        LOOP
            BEGIN
                EXECUTE format('DELETE FROM %I WHERE tenant_id = $1', one) USING place;
            EXCEPTION WHEN foreign_key_violation THEN
                refused := refused + 1;
            END;
        END LOOP;
        EXIT WHEN refused = 0;
        rounds := rounds + 1;
        IF rounds > 20 THEN
            RAISE EXCEPTION 'the place to practise cannot be emptied';
        END IF;
    END LOOP;
    FOREACH one IN ARRAY ARRAY['tenant_plugin', 'procedure_override', 'closure'] LOOP
        EXECUTE format('INSERT INTO %1$I SELECT (jsonb_populate_record(null::%1$I, to_jsonb(t)'
                       ' || jsonb_build_object(''tenant_id'', $1))).* FROM %1$I t'
                       ' WHERE t.tenant_id = $2', one) USING place, unit.id;
    END LOOP;
    INSERT INTO staff (tenant_id, username, full_name, password_hash, roles, active, created_at,
                       password_given_at)
    SELECT place, s.username, s.full_name, s.password_hash, s.own, true, s.created_at,
           s.password_given_at
      FROM (SELECT w.*, array_remove(array_remove(w.roles, 'admin'), 'supervisor') AS own
              FROM staff w WHERE w.tenant_id = unit.id AND w.active) s
     WHERE s.own <> '{}';
    INSERT INTO signer
    SELECT (jsonb_populate_record(null::signer, to_jsonb(g) || jsonb_build_object(
             'tenant_id', place,
             'staff_id', (SELECT n.id FROM staff n JOIN staff o ON o.username = n.username
                           WHERE n.tenant_id = place AND o.tenant_id = unit.id
                             AND o.id = g.staff_id)))).*
      FROM signer g WHERE g.tenant_id = unit.id;
    UPDATE tenant SET settings = settings || '{"practice": true}',
           config_version = config_version + 1
     WHERE id = unit.id;
    RETURN place;
END
$$;
"""


async def forwards() -> MigrationManager:
    """Create the function."""
    return sql_migration(ID, "motcua", DESCRIPTION, _READY)
