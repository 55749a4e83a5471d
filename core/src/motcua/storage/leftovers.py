"""What plugins left in the database that are not installed any more."""

import re
from collections.abc import Collection, Iterable

import msgspec

from motcua.storage.dsn import Dsn
from motcua.storage.owner import connected
from motcua.storage.protect import TABLES_SQL

_KNOWN = "SELECT owner AS plugin FROM procedure_version UNION SELECT plugin FROM tenant_plugin"
_DOSSIERS = """
SELECT plugin, count(*) AS dossiers, count(*) FILTER (WHERE finished_at IS NULL) AS running
  FROM dossier GROUP BY plugin
"""
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


class LeftBehind(msgspec.Struct, frozen=True, kw_only=True):
    """What one plugin left; it is taken up again when the plugin is installed again.

    Attributes:
        rows: Rows of all tenants, by table.
        dossiers: Dossiers of its procedures, of all tenants.
        running: Those of them that wait for it.
    """

    plugin: str
    rows: dict[str, int]
    dossiers: int = 0
    running: int = 0


async def left_behind(owner: Dsn, installed: Collection[str]) -> list[LeftBehind]:
    """What plugins other than those *installed* left, by name; nothing is changed.

    Args:
        owner: The database, as the role that owns the tables.
        installed: The names of the plugins that are there.
    """
    async with connected(owner) as connection:
        if not await connection.fetchval("SELECT to_regclass('public.tenant_plugin') IS NOT NULL"):
            return []
        known = {row["plugin"] for row in await connection.fetch(_KNOWN)}
        dossiers = {row["plugin"]: row for row in await connection.fetch(_DOSSIERS)}
        names = [row["table"] for row in await connection.fetch(TABLES_SQL)]
        found = []
        for plugin in sorted(known - set(installed)):
            tables = _tables_of(plugin, names, known | set(installed))
            rows = {one: await connection.fetchval(_count(one)) for one in tables}
            had = dossiers.get(plugin, {"dossiers": 0, "running": 0})
            if not rows and not had["dossiers"]:  # it was only ever named
                continue
            found.append(
                LeftBehind(
                    plugin=plugin, rows=rows, dossiers=had["dossiers"], running=had["running"]
                )
            )
    return found


def _tables_of(plugin: str, tables: Iterable[str], plugins: Collection[str]) -> list[str]:
    """The tables that carry the plugin's name, and not that of one whose name begins with it."""
    longer = tuple(f"{each}_" for each in plugins if each.startswith(f"{plugin}_"))
    return [
        one
        for one in tables
        if one.startswith(f"{plugin}_") and not (longer and one.startswith(longer))
    ]


def _count(table: str) -> str:
    if not _PLAIN.fullmatch(table):
        raise ValueError(table)
    return f"SELECT count(*) FROM {table}"  # noqa: S608 - a plain name out of the catalogue
