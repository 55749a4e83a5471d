"""Reads the database's own catalogue and says which tables break the wall between tenants."""

from typing import Any

import msgspec

from motcua.storage.protect import TABLES_SQL, Classified, classify

_POLICIES = """
SELECT c.relname AS table, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
       p.polname AS name, p.polcmd::text AS command, p.polpermissive AS permissive,
       pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS check
  FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
"""
_KEYS = """
SELECT c.relname AS table, k.relname AS name,
       (SELECT array_agg(a.attname::text ORDER BY n.place)
          FROM unnest(i.indkey::int2[]) WITH ORDINALITY n (attnum, place)
          LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = n.attnum) AS columns
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class k ON k.oid = i.indexrelid
 WHERE c.relnamespace = 'public'::regnamespace AND (i.indisunique OR i.indisexclusion)
"""
_FOREIGN_KEYS = """
SELECT k.conrelid::regclass::text AS table, k.conname AS name,
       k.confrelid::regclass::text AS target,
       (SELECT array_agg(attname::text ORDER BY place)
          FROM unnest(k.conkey) WITH ORDINALITY n (num, place)
          JOIN pg_attribute ON attrelid = k.conrelid AND attnum = num) AS columns,
       (SELECT array_agg(attname::text ORDER BY place)
          FROM unnest(k.confkey) WITH ORDINALITY n (num, place)
          JOIN pg_attribute ON attrelid = k.confrelid AND attnum = num) AS target_columns
  FROM pg_constraint k
 WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
"""
_DEFAULTS = """
SELECT d.adrelid::regclass::text AS table, a.attname AS column,
       pg_get_expr(d.adbin, d.adrelid) AS expression
  FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  JOIN pg_class c ON c.oid = d.adrelid
 WHERE c.relnamespace = 'public'::regnamespace AND a.attgenerated = '' AND a.attidentity = ''
"""
_TRIGGERS = """
SELECT tgrelid::regclass::text AS table, tgname AS name FROM pg_trigger WHERE NOT tgisinternal
"""
_VIEWS = """
SELECT c.relname AS table FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace
   AND (c.relkind = 'm'
        OR c.relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false))
   AND has_table_privilege($1, c.oid, 'SELECT')
"""
_NO_COLUMN = """
SELECT c.relname AS table FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
   AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid
                    AND a.attname = 'tenant_id' AND a.attnotnull)
"""
_RIGHTS = """
SELECT c.relname AS table FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
   AND has_table_privilege($1, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
"""


class Breach(msgspec.Struct, frozen=True, order=True):
    """One thing that breaks the wall."""

    table: str
    what: str


async def breaches(connection: Any, app_role: str) -> list[Breach]:
    """Everything in the database behind *connection* that breaks the wall for *app_role*."""
    tables = {one.table: one for one in classify(await connection.fetch(TABLES_SQL))}
    walled = {name for name, one in tables.items() if one.kind in {"tenant", "derived"}}
    found = [Breach(name, "unclassified") for name, one in tables.items() if one.kind is None]
    found += _policy_breaches(await connection.fetch(_POLICIES), tables, walled)
    found += [
        Breach(row["table"], f"key {row['name']}")
        for row in await connection.fetch(_KEYS)
        if row["table"] in walled and row["columns"][0] != "tenant_id"
    ]
    found += [
        Breach(row["table"], f"foreign key {row['name']}")
        for row in await connection.fetch(_FOREIGN_KEYS)
        if row["table"] in walled and not _stays_inside(row, walled)
    ]
    found += [
        Breach(row["table"], f"constant default of {row['column']}")
        for row in await connection.fetch(_DEFAULTS)
        if row["table"] in walled and "(" not in row["expression"]
    ]
    found += [
        Breach(row["table"], f"trigger {row['name']}")
        for row in await connection.fetch(_TRIGGERS)
        if row["table"] in walled
    ]
    found += [Breach(r["table"], "view") for r in await connection.fetch(_VIEWS, app_role)]
    found += [
        Breach(row["table"], "no tenant_id")
        for row in await connection.fetch(_NO_COLUMN)
        if row["table"] in walled
    ]
    found += [
        Breach(row["table"], "rights")
        for row in await connection.fetch(_RIGHTS, app_role)
        if row["table"] not in tables or not tables[row["table"]].rights
    ]
    return sorted(found)


def _policy_breaches(
    rows: list[Any], tables: dict[str, Classified], walled: set[str]
) -> list[Breach]:
    found = []
    writers: dict[str, int] = dict.fromkeys(walled, 0)
    for row in rows:
        table = row["table"]
        if table not in walled:
            continue
        if not row["enabled"]:
            found.append(Breach(table, "row-level security is off"))
        if row["forced"]:
            found.append(Breach(table, "row-level security is forced on the owner"))
        if row["name"] is None:
            continue
        writers[table] += row["command"] == "*"
        found += [Breach(table, f"policy {row['name']}")] * (not _sound(row, tables[table]))
    return found + [Breach(name, "no policy") for name, count in writers.items() if count != 1]


def _sound(row: Any, table: Classified) -> bool:
    """Whether a policy compares a column with the running tenant, and does no more."""
    tenant = "(NULLIF(current_setting('app.tenant'::text, true), ''::text))::integer"
    own = f"(tenant_id = {tenant})"
    if row["command"] == "*":
        return (row["using"], row["check"]) == (own, own)
    province = f"(province_id = {tenant})"
    return table.kind == "derived" and (row["command"], row["using"]) == ("r", province)


def _stays_inside(row: Any, walled: set[str]) -> bool:
    """Whether a foreign key cannot lead to a row of another tenant."""
    if row["target"] not in walled:
        return True
    return {row["columns"][0], row["target_columns"][0]} == {"tenant_id"}
