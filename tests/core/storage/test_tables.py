"""Piccolo's picture of the core's tables is the database's own."""

import asyncio
from typing import Any

import asyncpg
import pytest
from piccolo.table import Table

from motcua.registry.loading import load_registry
from motcua.storage.tables import CORE_TABLES
from motcua.testing.database import ScratchDatabase

_COLUMNS = """
select table_name, column_name, is_nullable = 'YES' as nullable, udt_name
from information_schema.columns where table_schema = 'public' order by ordinal_position
"""
_TYPES = {
    "integer": "int4",
    "bigint": "int8",
    "timestamp with time zone": "timestamptz",
    "boolean": "bool",
    "text[]": "_text",
}


@pytest.fixture(scope="module")
def columns(database: ScratchDatabase) -> dict[str, dict[str, tuple[str, bool]]]:
    """Type and nullability of each column, by table."""

    async def read() -> list[Any]:
        connection = await asyncpg.connect(database.owner_dsn.url)
        try:
            return list(await connection.fetch(_COLUMNS))
        finally:
            await connection.close()

    found: dict[str, dict[str, tuple[str, bool]]] = {}
    for row in asyncio.run(read()):
        told = (row["udt_name"], row["nullable"])
        found.setdefault(row["table_name"], {})[row["column_name"]] = told
    return found


@pytest.mark.parametrize("table", CORE_TABLES, ids=lambda table: table._meta.tablename)
def test_piccolo_knows_each_table_as_the_database_has_it(
    table: type[Table], columns: dict[str, dict[str, tuple[str, bool]]]
) -> None:
    meta = table._meta

    told = {
        column._meta.db_column_name: (_udt(column.column_type), column._meta.null)
        for column in meta.columns
    }

    assert told == columns[meta.tablename]


def test_every_table_of_the_core_is_known_to_piccolo(
    columns: dict[str, dict[str, tuple[str, bool]]],
) -> None:
    known = {table._meta.tablename for table in CORE_TABLES}
    prefixes = tuple(f"{plugin}_" for plugin, _ in load_registry().tables())
    known |= {name for name in columns if prefixes and name.startswith(prefixes)}

    assert set(columns) - known == {"migration"}


def _udt(column_type: str) -> str:
    lowered = column_type.lower()
    return _TYPES.get(lowered, lowered)
