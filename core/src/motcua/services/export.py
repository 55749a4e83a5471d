"""All that one tenant has, as JSON: to hand over, to keep, to move."""

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from motcua.services.house import Desk, House
from motcua.storage.protect import TABLES_SQL, classify
from motcua.storage.work import Work, work

FORMAT = 1
LEFT_OUT = ("staff_session", "login_attempt", "idempotency_key")
"""Tables that only let somebody in or repeat a request."""
SECRETS = ("password_hash", "secret_hash", "token_hash")
"""Columns that would let somebody in."""


class Exported(msgspec.Struct, frozen=True):
    """One row of a table, or the tenant itself where the table is ``tenant``."""

    table: str
    row: bytes


async def exported(house: House, desk: Desk) -> AsyncIterator[Exported]:
    """Every row of the tenant, table by table, those of removed plugins included.

    Read as the application's role under the tenant: what another one has cannot
    be in it. One transaction: it is the state of one moment.
    """
    async with work(house.engine, desk.id) as reading:
        await reading.execute("set transaction isolation level repeatable read, read only")
        async for row in reading.each(_one("tenant", "id"), desk.id):
            yield Exported("tenant", _bare(row[0]))
        for table in await _tables(reading):
            async for row in reading.each(_one(table, "tenant_id"), desk.id):
                yield Exported(table, _bare(row[0]))


async def _tables(reading: Work) -> list[str]:
    found = classify(await reading.fetch(TABLES_SQL))
    return [
        one.table
        for one in found
        if one.kind in ("tenant", "derived") and one.table not in LEFT_OUT
    ]


def _one(table: str, key: str) -> str:
    return f'select row_to_json(t)::text from "{table}" t where {key} = $1 order by 1'  # noqa: S608 - out of the catalogue


def _bare(row: str) -> bytes:
    """A row without its secrets; everything else as the database wrote it."""
    values: dict[str, Any] = msgspec.json.decode(row)
    return msgspec.json.encode({name: each for name, each in values.items() if name not in SECRETS})


def head(at: dt.datetime, slug: str) -> bytes:
    """What stands before the rows."""
    said = {"format": FORMAT, "exported_at": at, "tenant": slug}
    return msgspec.json.encode(said)[:-1]
