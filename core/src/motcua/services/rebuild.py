"""Counting the daily figures of a unit anew from its dossiers."""

import datetime as dt

import msgspec

from motcua.services import verify_queries as queries
from motcua.services.change import Asked, change
from motcua.services.house import Desk, House
from motcua.storage.work import Work, work


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A day of one procedure and channel that was stored otherwise than it is counted.

    *stored* and *recounted* are received, early, on time, late and without a limit.
    """

    day: dt.date
    procedure_code: str
    channel: str
    stored: str
    recounted: str


async def differences(house: House, desk: Desk) -> list[Difference]:
    """Where the unit's figures are not what its dossiers say; nothing changes."""
    async with work(house.engine, desk.id) as reading:
        return await _differences(reading)


async def rebuild(house: House, desk: Desk, asked: Asked) -> None:
    """Put right what :func:`differences` tells.

    Raises:
        ChangedMeanwhileError: there are other differences than the asking person saw.
    """

    async def write(writing: Work) -> None:
        await writing.execute(queries.REBUILD, desk.id, desk.province_id)

    await change(house, desk, asked, as_seen, write)


async def as_seen(reading: Work) -> dict[str, list[str]]:
    """The differences, as the history tells them."""
    found = await _differences(reading)
    return {
        "figures": [
            f"{each.day:%d/%m/%Y} {each.procedure_code}: {each.stored} → {each.recounted}"
            for each in found
        ]
    }


async def _differences(reading: Work) -> list[Difference]:
    rows = await reading.fetch(queries.FIGURES, reading.tenant_id)
    return [msgspec.convert(dict(row), Difference) for row in rows]
