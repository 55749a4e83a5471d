"""Changing the configuration: one lock, one history, and no change lost under another.

A form is filled in from what somebody saw. :func:`digest` names what that was; a
change begins by locking the tenant's row, and is refused if what it changes is no
longer what was seen. What it was and what it became is kept in ``config_change``.
"""

import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from motcua.domain.errors import MotCuaError
from motcua.domain.life import SYSTEM, Actor
from motcua.services.house import Desk, House
from motcua.storage.work import Work, work

Read = Callable[[Work], Awaitable[Any]]
Write = Callable[[Work], Awaitable[None]]


class Meanwhile(msgspec.Struct, frozen=True):
    """What somebody else did: who, when, from what to what."""

    who: str
    at: dt.datetime
    before: Any
    after: Any


class ChangedMeanwhileError(MotCuaError):
    """Somebody else changed the same thing since the form was shown.

    Attributes:
        meanwhile: What they did, where the history tells it.
    """

    code = "config.changed-meanwhile"
    status = 409
    meanwhile: Meanwhile | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Who changes what, as they saw it.

    Attributes:
        by: Who.
        place: What sort of thing: ``plugin``, ``closure``, ``staff`` …
        subject: Which one.
        seen: The :func:`digest` of what they saw; empty where nobody looked before.
    """

    place: str
    subject: str
    by: Actor = SYSTEM
    seen: str = ""


def digest(value: Any) -> str:
    """A short name of what somebody saw."""
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()[:20]


async def change(house: House, desk: Desk, asked: Asked, read: Read, write: Write) -> bool:
    """Do *write* and remember what *read* tells before and after it; answers whether it differs.

    Every process reads the tenant anew from its next request on.

    Raises:
        ChangedMeanwhileError: it is no longer as the asking person saw it.
    """
    async with work(house.engine, desk.id) as writing:
        await lock(writing)
        before = await read(writing)
        await require_seen(writing, asked, before)
        await write(writing)
        after = await read(writing)
        if before == after:
            return False
        await remember(house, writing, asked, before, after)
    return True


async def require_seen(reading: Work, asked: Asked, now: Any) -> None:
    """Refuse what was asked for on a page that told something else than *now*.

    Raises:
        ChangedMeanwhileError: it is no longer as the asking person saw it.
    """
    if asked.seen and asked.seen != digest(now):
        error = ChangedMeanwhileError(subject=asked.subject)
        error.meanwhile = await _meanwhile(reading, asked)
        raise error


async def _meanwhile(reading: Work, asked: Asked) -> Meanwhile | None:
    row = await reading.fetchrow(_LAST, reading.tenant_id, asked.place, asked.subject)
    return None if row is None else msgspec.json.decode(row["told"], type=Meanwhile)


async def lock(writing: Work) -> None:
    """Let nobody else change this tenant's configuration until the end; all read it anew."""
    await writing.execute(_LOCK, writing.tenant_id)


async def remember(house: House, writing: Work, asked: Asked, before: Any, after: Any) -> None:
    """Keep in the history that something was *before* and is *after*."""
    await writing.execute(
        _REMEMBER,
        writing.tenant_id,
        house.new_id(),
        house.now(),
        asked.by.id,
        asked.by.name,
        asked.place,
        asked.subject,
        msgspec.json.encode(before).decode(),
        msgspec.json.encode(after).decode(),
    )


_LOCK = "update tenant set config_version = config_version + 1 where id = $1"

_LAST = """
select json_build_object('who', who, 'at', at, 'before', before, 'after', after)::text as told
from config_change where tenant_id = $1 and place = $2 and subject = $3 order by id desc limit 1
"""

_REMEMBER = """
insert into config_change (tenant_id, id, at, staff_id, who, place, subject, before, after)
values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9::jsonb)
"""
