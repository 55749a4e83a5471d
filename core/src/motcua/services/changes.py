"""Reading the history of the configuration."""

import datetime as dt
from typing import Any
from uuid import UUID

import msgspec

from motcua.services.house import Desk, House
from motcua.storage.work import work

A_PAGE = 50


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change; ``by`` is nobody's number where the program changed something by itself."""

    id: UUID
    at: dt.datetime
    by: int | None
    who: str
    place: str
    subject: str
    before: Any
    after: Any


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """Some changes, the latest first, and what continues after them."""

    changes: tuple[Change, ...]
    following: str


_LATEST = """
select json_build_object('id', id, 'at', at, 'by', staff_id, 'who', who, 'place', place,
       'subject', subject, 'before', before, 'after', after)::text
from config_change
where tenant_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3
"""


async def changes(house: House, desk: Desk, *, before: str = "") -> Changes:
    """The latest changes, or those *before* the one of that id; ids sort by time."""
    try:
        cursor = UUID(before) if before else None
    except ValueError:
        cursor = None
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_LATEST, desk.id, cursor, A_PAGE + 1)
    found = tuple(msgspec.json.decode(row[0], type=Change) for row in rows)
    more = len(found) > A_PAGE
    return Changes(changes=found[:A_PAGE], following=str(found[A_PAGE - 1].id) if more else "")
