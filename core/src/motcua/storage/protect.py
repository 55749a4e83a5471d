"""What each table of the database is, and what the application may do with it.

Read from the database's own catalogue. The helpers that write the marks are in
:mod:`motcua.plugin.tables`, for core and plugins alike; they can be imported
from here too.
"""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from motcua.plugin.tables import (
    MARK,
    TenantForeignKey,
    backfill,
    create_tenant_table,
    derived,
    infrastructure,
    protect,
    reference,
    sql_migration,
    tenant_foreign_key_sql,
)

__all__ = [
    "MARK",
    "TABLES_SQL",
    "Classified",
    "Kind",
    "TenantForeignKey",
    "backfill",
    "classify",
    "create_tenant_table",
    "derived",
    "grants_sql",
    "infrastructure",
    "protect",
    "reference",
    "sql_migration",
    "tenant_foreign_key_sql",
]

Kind = Literal["reference", "tenant", "derived", "infrastructure"]

TABLES_SQL = """
SELECT c.relname AS table, coalesce(obj_description(c.oid, 'pg_class'), '') AS comment
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
 ORDER BY c.relname
"""
"""Every table and its comment: what :func:`classify` takes."""


class Classified(msgspec.Struct, frozen=True):
    """One table and what its comment says it is."""

    table: str
    kind: Kind | None
    options: tuple[str, ...] = ()

    @property
    def rights(self) -> str:
        """What the application may do with the table; empty is nothing."""
        match self.kind:
            case "tenant" if "append-only" in self.options:
                return "SELECT, INSERT"
            case "tenant" | "derived":
                return "SELECT, INSERT, UPDATE, DELETE"
            case "reference":
                columns = [
                    option.removeprefix("update=").replace(",", ", ")
                    for option in self.options
                    if option.startswith("update=")
                ]
                return ", ".join(["SELECT", *(f"UPDATE ({column})" for column in columns)])
            case "infrastructure" if "readable" in self.options:
                return "SELECT"
            case _:
                return ""


def classify(rows: Iterable[Any]) -> list[Classified]:
    """What each row of :data:`TABLES_SQL` says; ``kind`` is ``None`` where it says nothing."""
    return [_read(row["table"], row["comment"]) for row in rows]


def grants_sql(tables: Iterable[Classified], role: str) -> str:
    """SQL that gives the application's *role* exactly the rights the marks name."""
    who = '"' + role.replace('"', '""') + '"'
    lines = [f"GRANT USAGE ON SCHEMA public TO {who};"]
    for one in tables:
        if one.kind is None:
            continue
        lines.append(f'REVOKE ALL ON "{one.table}" FROM {who};')
        if one.rights:
            lines.append(f'GRANT {one.rights} ON "{one.table}" TO {who};')
    return "\n".join(lines)


def _read(table: str, comment: str) -> Classified:
    first, *options = comment.split() or [""]
    mark, _, word = first.partition(":")
    try:
        kind = msgspec.convert(word, Kind) if mark == MARK else None
    except msgspec.ValidationError:
        kind = None
    return Classified(table, kind, tuple(options))
