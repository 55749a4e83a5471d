"""Messages to citizens: put down in the transaction that causes them, delivered later.

In a demonstration there is no way out: a message stands in the log and on a page of
the counter. Elsewhere a channel takes what waits; while there is none, nothing that
needs a message is offered.
"""

import datetime as dt
import re
from typing import Any
from uuid import UUID

import msgspec
import structlog

from motcua.domain.names import masked
from motcua.domain.wording import KINDS, filled
from motcua.plugin.texts import spoken, texts
from motcua.services.house import Desk, House
from motcua.storage.work import Work, work

_SHOWN = 50
_PHONE = re.compile(r"\+?[0-9]{9,14}")

log = structlog.get_logger(__name__)


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the page of a demonstration shows it."""

    id: UUID
    kind: str
    recipient: str
    body: str
    created_at: dt.datetime


def can_deliver(house: House) -> bool:
    """Whether a message reaches anybody."""
    return house.demo


def phone_number(typed: str) -> str:
    """*typed* as digits that can be called, or nothing."""
    bare = re.sub(r"[\s().-]", "", typed)
    return bare if _PHONE.fullmatch(bare) else ""


def worded(desk: Desk, kind: str, **values: Any) -> str:
    """A message in the unit's own words, or else in the usual ones."""
    known = KINDS[kind]
    own = (desk.settings.get("messages") or {}).get(kind)
    return filled(own or texts(spoken())[known.default], values)


async def leave(
    house: House, writing: Work, kind: str, recipient: str, body: str, kept: dt.timedelta
) -> None:
    """Put a message down, to be delivered within *kept* or not at all."""
    now = house.now()
    args = (house.new_id(), kind, recipient, body, now, now + kept)
    await writing.execute(_LEAVE, writing.tenant_id, *args)
    if house.demo:
        log.info("message", kind=kind, recipient=masked(recipient), body=body)


async def latest(house: House, desk: Desk) -> list[Message]:
    """The latest messages, for the page of a demonstration."""
    async with work(house.engine, desk.id) as reading:
        rows: list[Any] = await reading.fetch(_LATEST, desk.id, house.now(), _SHOWN)
    return [msgspec.json.decode(row[0], type=Message) for row in rows]


async def forget_expired(house: House, tenant_id: int) -> None:
    """Delete what is delivered or of no use any more, with the codes in it."""
    async with work(house.engine, tenant_id) as writing:
        await writing.execute(_FORGET, tenant_id, house.now())


_LEAVE = """
insert into message (tenant_id, id, kind, recipient, body, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7)
"""

_LATEST = """
select json_build_object('id', id, 'kind', kind, 'recipient', recipient, 'body', body,
  'created_at', created_at)::text
from message where tenant_id = $1 and expires_at > $2 order by id desc limit $3
"""

_FORGET = "delete from message where tenant_id = $1 and expires_at <= $2"
