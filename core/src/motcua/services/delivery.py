"""Delivering what waits in ``message``: at least once, never while a row is locked.

A batch is claimed in a short transaction that puts the next attempt off; then each
message is handed on with no transaction open, and what became of it is written down.
A process killed in between leaves its claims behind: they are due again after a while,
and no message is lost (ADR 0015).
"""

import asyncio
import datetime as dt
import time
from typing import Any
from uuid import UUID

import msgspec
import structlog

from motcua.domain.errors import MotCuaError
from motcua.domain.tenant import practises
from motcua.plugin.facts import Delivery, OutboundMessage
from motcua.services.hosts import slugs
from motcua.services.house import Desk, House, desk
from motcua.storage.work import work

CLAIMED_FOR = dt.timedelta(minutes=5)
"""After so long a message that was claimed and not settled is tried again."""
PAUSES = tuple(dt.timedelta(minutes=each) for each in (1, 5, 15, 60, 180, 360, 720))
"""How long to wait after each failed attempt; after the last one it has failed for good."""
_BATCH = 20
_TICK_SECONDS = 2.0
_SWEEP_SECONDS = 60.0
_SHOWN = 100

log = structlog.get_logger(__name__)


class UnknownMessageError(MotCuaError):
    """This tenant has no such message, or it is not to be sent again."""

    code = "message.unknown"
    status = 404


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the console lists it: never its words.

    Attributes:
        next_at: When it is tried again; none: it has failed.
    """

    id: UUID
    kind: str
    channel: str
    recipient: str
    attempts: int
    created_at: dt.datetime
    problem: str
    next_at: dt.datetime | None = None


class _Claimed(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    channel: str
    recipient: str
    subject: str
    body: str
    attempts: int


async def deliver_due(house: House, here: Desk) -> int:
    """Deliver what is due at one tenant; answers how many messages were taken.

    Nobody hears of what happens where people practise.
    """
    if practises(here.slug):
        return 0
    channels = list(house.registry.channels(here.plugins))
    taken = 0
    while channels:
        claimed = await _claim(house, here, channels)
        for each in claimed:
            taken += await _deliver(house, here, each)
        if len(claimed) < _BATCH:
            break
    return taken


async def sweep(house: House, tenants: set[int] | None = None) -> int:
    """Deliver what is due at *tenants*, or at all of them; one that fails stops nobody."""
    taken = 0
    for tenant_id, slug in (await slugs(house)).items():
        if tenants is not None and tenant_id not in tenants:
            continue
        try:
            taken += await deliver_due(house, await desk(house, slug))
        except Exception as error:  # noqa: BLE001 - whatever failed, the next tenant is not to blame
            log.warning("delivery failed", tenant=slug, reason=type(error).__name__)
    return taken


async def keep(house: House) -> None:
    """Deliver until cancelled: at once what this process puts down, in a minute what others do."""
    swept = float("-inf")
    while True:
        await asyncio.sleep(_TICK_SECONDS)
        whole = time.monotonic() - swept > _SWEEP_SECONDS
        mine = set(house.outgoing)
        house.outgoing -= mine
        try:
            if whole or mine:
                await sweep(house, None if whole else mine)
        except Exception as error:  # noqa: BLE001 - whatever failed is tried again in a minute
            log.warning("delivery failed", reason=type(error).__name__)
        swept = time.monotonic() if whole else swept


async def unsent(house: House, here: Desk) -> list[Outgoing]:
    """What waits and what has failed, the failed first."""
    async with work(house.engine, here.id) as reading:
        rows: list[Any] = await reading.fetch(_UNSENT, here.id, house.now(), _SHOWN)
    return [msgspec.json.decode(row[0], type=Outgoing) for row in rows]


async def retry(house: House, here: Desk, message_id: UUID) -> None:
    """Let a message that has failed be tried from the beginning.

    Raises:
        UnknownMessageError: there is none that has failed.
    """
    async with work(house.engine, here.id) as writing:
        row = await writing.fetchrow(_RETRY, here.id, message_id, house.now())
    if row is None:
        raise UnknownMessageError
    house.outgoing.add(here.id)


async def _claim(house: House, here: Desk, channels: list[str]) -> list[_Claimed]:
    now = house.now()
    async with work(house.engine, here.id) as writing:
        args = (now, now + CLAIMED_FOR, channels, _BATCH)
        rows: list[Any] = await writing.fetch(_CLAIM, here.id, *args)
    return [msgspec.convert(dict(row), _Claimed) for row in rows]


async def _deliver(house: House, here: Desk, claimed: _Claimed) -> bool:
    """Hand one message on and write down what became of it."""
    message = OutboundMessage(
        id=str(claimed.id),
        channel=claimed.channel,
        recipient=claimed.recipient,
        subject=claimed.subject,
        body=claimed.body,
        unit=here.name,
    )
    answer = await house.registry.deliver(here.plugins, message)
    async with work(house.engine, here.id) as writing:
        if answer.delivered:
            await writing.execute(_SENT, here.id, claimed.id, house.now())
        else:
            again = _next(house, claimed.attempts, answer)
            await writing.execute(_FAILED, here.id, claimed.id, again, answer.problem[:200])
            log.warning("message not delivered", tenant=here.slug, problem=answer.problem)
    return answer.delivered


def _next(house: House, attempts: int, answer: Delivery) -> dt.datetime | None:
    """When to try again; ``None``: never by itself."""
    if answer.final or attempts > len(PAUSES):
        return None
    return house.now() + PAUSES[attempts - 1]


_CLAIM = """
update message set attempts = attempts + 1, next_at = $3
where tenant_id = $1 and id in (
  select id from message
  where tenant_id = $1 and next_at <= $2 and expires_at > $2 and channel = any($4)
  order by next_at limit $5 for update skip locked)
returning id, channel, recipient, subject, body, attempts
"""

_SENT = """
update message set sent_at = $3, next_at = null, body = '', problem = ''
where tenant_id = $1 and id = $2
"""

_FAILED = """
update message set next_at = $3, problem = $4
where tenant_id = $1 and id = $2 and sent_at is null
"""

_UNSENT = """
select json_build_object('id', id, 'kind', kind, 'channel', channel, 'recipient', recipient,
  'attempts', attempts, 'created_at', created_at, 'problem', problem, 'next_at', next_at)::text
from message where tenant_id = $1 and sent_at is null and expires_at > $2
order by next_at is not null, created_at limit $3
"""

_RETRY = """
update message set attempts = 0, next_at = $3
where tenant_id = $1 and id = $2 and sent_at is null and next_at is null and expires_at > $3
returning 1
"""
