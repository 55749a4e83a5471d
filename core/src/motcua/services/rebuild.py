"""Counting the daily figures of a unit anew from its dossiers and its ratings."""

import datetime as dt

import msgspec

from motcua.plugin.texts import text
from motcua.services import verify_queries as queries
from motcua.services.change import Asked, change
from motcua.services.house import Desk, House
from motcua.storage.work import Work, work


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A day of one procedure that was stored otherwise than it is counted.

    *stored* and *recounted* are received, early, on time, late and without a limit of one
    channel; of ratings, how often a *question* was answered with *answer*.
    """

    day: dt.date
    procedure_code: str
    stored: str
    recounted: str
    channel: str = ""
    question: str = ""
    answer: str = ""

    @property
    def said(self) -> str:
        """The question and the answer that were counted, in words; nothing of a dossier."""
        if not self.question:
            return ""
        kind = "visits" if self.question == "visits" else "say"
        return f"{text(f'ratings.col.{self.question}')}, {text(f'rating.{kind}.{self.answer}')}"


async def differences(house: House, desk: Desk) -> list[Difference]:
    """Where the unit's figures are not what its dossiers and ratings say; nothing changes."""
    async with work(house.engine, desk.id) as reading:
        return await _differences(reading)


async def rebuild(house: House, desk: Desk, asked: Asked) -> None:
    """Put right what :func:`differences` tells.

    Raises:
        ChangedMeanwhileError: there are other differences than the asking person saw.
    """

    async def write(writing: Work) -> None:
        await writing.execute(queries.REBUILD, desk.id, desk.province_id)
        await writing.execute(queries.REBUILD_RATINGS, desk.id, desk.province_id)

    await change(house, desk, asked, as_seen, write)


async def as_seen(reading: Work) -> dict[str, list[str]]:
    """The differences, as the history tells them."""
    found = await _differences(reading)
    return {
        "figures": [
            f"{each.day:%d/%m/%Y} {_of(each)}: {each.stored} → {each.recounted}" for each in found
        ]
    }


def _of(each: Difference) -> str:
    return f"{each.procedure_code} · {each.said}" if each.said else each.procedure_code


async def _differences(reading: Work) -> list[Difference]:
    rows = await reading.fetch(queries.FIGURES, reading.tenant_id)
    rated = await reading.fetch(queries.RATINGS, reading.tenant_id)
    return msgspec.convert([dict(row) for row in (*rows, *rated)], list[Difference])
