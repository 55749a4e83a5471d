"""Somebody who was here before: what an earlier dossier says, to be filled in and corrected."""

import datetime as dt
import re
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.life import Actor
from motcua.services.house import Desk, House
from motcua.services.readlog import log_read
from motcua.storage.work import work

_CARD = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A person as their latest dossier in this unit names them.

    Attributes:
        code: The dossier's code: the source.
    """

    person: dict[str, Any]
    code: str
    at: dt.datetime


def scanned(typed: str) -> str:
    """The identity number in what was typed, or read from a card; as it stands if there is none.

    The other fields on a card's code come garbled by scanners and Vietnamese input methods:
    only the twelve digits are trusted.
    """
    found = _CARD.search(typed)
    return found[0] if found else typed.strip()


async def known(house: House, desk: Desk, actor: Actor, id_number: str) -> Known | None:
    """Who has this number, if the unit knows; that it was read is logged."""
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_KNOWN, desk.id, id_number)
        if row is None:
            return None
        await log_read(house, reading, actor, UUID(str(row["id"])), "record")
    person = msgspec.json.decode(row["applicant"], type=dict[str, Any])
    return Known(person=person, code=row["code"], at=row["received_at"])


async def usual(house: House, desk: Desk, since: dt.date) -> list[str]:
    """The procedures received most at the counter from *since* on, the most frequent first."""
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_USUAL, desk.id, since)
    return [row["procedure_code"] for row in rows]


_KNOWN = """
select id, applicant::text as applicant, code, received_at from dossier
where tenant_id = $1 and id = any(array(select dossiers_by_id_number($2)))
  and received_at is not null and not mistake
order by received_at desc, id desc limit 1
"""

_USUAL = """
select procedure_code from daily_figure
where tenant_id = $1 and day >= $2 and channel = 'counter'
group by procedure_code having sum(received) > 0
order by sum(received) desc, procedure_code limit 9
"""
