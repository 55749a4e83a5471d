"""Fills every tenant table with one row per tenant, whatever its columns are."""

import re
from typing import Any

_COLUMNS = """
SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type
  FROM pg_attribute a
 WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
   AND a.attgenerated = '' AND (a.attnotnull OR a.attname = 'tenant_id')
 ORDER BY a.attnum
"""
_CHECKS = """
SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint
 WHERE conrelid = $1::text::regclass AND contype = 'c'
"""
_VALUES = {
    "integer": "1",
    "bigint": "1",
    "smallint": "1",
    "numeric": "1",
    "text": "'x'",
    "character varying": "'x'",
    "uuid": "'00000000-0000-7000-8000-000000000001'",
    "jsonb": "'{}'",
    "bytea": r"'\x00'",
    "boolean": "false",
    "date": "'2026-11-23'",
    "timestamp with time zone": "'2026-11-23T00:00:00Z'",
}


async def insert_sql(connection: Any, table: str, tenant: int, province: int) -> str:
    """SQL of one row of *tenant* in *table* that its checks accept."""
    checks = " ".join(row["text"] for row in await connection.fetch(_CHECKS, table))
    columns = await connection.fetch(_COLUMNS, table)
    fixed = {"tenant_id": str(tenant), "province_id": str(province)}
    values = [fixed.get(c["name"]) or _value(c["name"], c["type"], checks) for c in columns]
    names = ", ".join(f'"{column["name"]}"' for column in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(values)})'  # noqa: S608 - made of the catalogue


def _value(name: str, kind: str, checks: str) -> str:
    """A literal for a column: the first a check names, or any of its type."""
    if allowed := re.search(rf"\(?{name} = ANY \(ARRAY\[('[^']*')", checks):
        return allowed.group(1)
    return "'{}'" if kind.endswith("[]") else _VALUES[kind.partition("(")[0]]
