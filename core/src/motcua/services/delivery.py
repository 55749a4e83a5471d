"""Delivering what waits in ``message``: at least once, never while a row is locked.

A message is claimed in a short transaction that puts the next attempt off; then it is
handed on with no transaction open, and what became of it is written down. A process
killed in between leaves its claim behind: the message is due again after a while, and
none is lost. Each tenant is served by a task of its own, so that a mail server that does
not answer keeps nobody else waiting (ADR 0015).
"""

import asyncio
import contextlib
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
PATIENCE = 90.0
"""Seconds one attempt may take in all, well within the time its claim holds."""
PAUSES = tuple(dt.timedelta(minutes=each) for each in (1, 5, 15, 60, 180, 360, 720))
"""How long to wait after each failed attempt; after the last one it has failed for good."""
LOOKS = 2
"""On so many ticks a tenant is looked at: on the first, what was put down may not be committed."""
_TICK_SECONDS = 2.0
_SWEEP_SECONDS = 60.0
_AT_ONCE, _SWEPT_AT_ONCE = 16, 4
"""How many tenants are served at once: those with something new, and in a sweep."""
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
    """Deliver what is due at one tenant, until nothing is left or no station can be reached.

    Nobody hears of what happens where people practise.

    Returns:
        How many messages were delivered.
    """
    if practises(here.slug):
        return 0
    channels = list(house.registry.channels(here.plugins))
    delivered = 0
    while channels and (claimed := await _claim(house, here, channels)):
        answer = await _deliver(house, here, claimed)
        delivered += answer.delivered
        if answer.unreachable:
            channels.remove(claimed.channel)
    return delivered


async def sweep(house: House) -> int:
    """Deliver what is due at all tenants, a few at once; one that fails stops nobody."""
    return await Round(house).sweep(await slugs(house))


async def keep(house: House) -> None:
    """Deliver until cancelled: at once what this process puts down, in a minute what others do."""
    going = Round(house)
    async with asyncio.TaskGroup() as group:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            try:
                await going.tick(group)
            except Exception as error:  # noqa: BLE001 - whatever failed is tried again in a minute
                log.warning("delivery failed", reason=type(error).__name__)


class Round:
    """What one process delivers: at each tenant one message at a time, at many tenants at once."""

    def __init__(self, house: House) -> None:
        """Begin with nobody served."""
        self._house = house
        self._served: set[int] = set()
        self._prompt = asyncio.Semaphore(_AT_ONCE)
        self._slow = asyncio.Semaphore(_SWEPT_AT_ONCE)
        self._sweep: asyncio.Task[int] | None = None
        self._swept = float("-inf")

    async def tick(self, group: asyncio.TaskGroup) -> None:
        """Set out for every tenant with something new, and once a minute for all others."""
        resting = self._sweep is None or self._sweep.done()
        whole = resting and time.monotonic() - self._swept > _SWEEP_SECONDS
        if not whole and self._house.outgoing.keys() <= self._served:
            return
        known = await slugs(self._house)
        for tenant_id in self._house.outgoing.keys() - self._served:
            looks = self._house.outgoing.pop(tenant_id) - 1
            if looks:
                self._house.outgoing[tenant_id] = looks
            self._served.add(tenant_id)
            group.create_task(self._serve(tenant_id, known[tenant_id], self._prompt))
        if whole:
            self._swept = time.monotonic()
            self._sweep = group.create_task(self.sweep(known))

    async def sweep(self, known: dict[int, str]) -> int:
        """Serve all tenants that nobody serves; answers how many messages were delivered."""
        return sum(await asyncio.gather(*(self._pass(*each) for each in known.items())))

    async def _pass(self, tenant_id: int, slug: str) -> int:
        async with self._slow:
            if tenant_id in self._served:
                return 0
            self._served.add(tenant_id)
            return await self._serve(tenant_id, slug)

    async def _serve(
        self, tenant_id: int, slug: str, slots: asyncio.Semaphore | None = None
    ) -> int:
        try:
            async with slots or contextlib.nullcontext():
                return await deliver_due(self._house, await desk(self._house, slug))
        except Exception as error:  # noqa: BLE001 - whatever failed, no other tenant is to blame
            log.warning("delivery failed", tenant=slug, reason=type(error).__name__)
            return 0
        finally:
            self._served.discard(tenant_id)


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
    house.outgoing[here.id] = LOOKS


async def _claim(house: House, here: Desk, channels: list[str]) -> _Claimed | None:
    """The next message that is due; nobody else takes it before its claim has ended."""
    now = house.now()
    async with work(house.engine, here.id) as writing:
        row = await writing.fetchrow(_CLAIM, here.id, now, now + CLAIMED_FOR, channels)
    return None if row is None else msgspec.convert(dict(row), _Claimed)


async def _deliver(house: House, here: Desk, claimed: _Claimed) -> Delivery:
    """Hand one message on and write down what became of it."""
    answer = await _handed_on(house, here, claimed)
    async with work(house.engine, here.id) as writing:
        if answer.delivered:
            await writing.execute(_SENT, here.id, claimed.id, house.now())
        else:
            again = _next(house, claimed.attempts, answer)
            args = (claimed.id, claimed.attempts, again, answer.problem[:200])
            await writing.execute(_FAILED, here.id, *args)
            log.warning("message not delivered", tenant=here.slug, problem=answer.problem)
    return answer


async def _handed_on(house: House, here: Desk, claimed: _Claimed) -> Delivery:
    message = OutboundMessage(
        id=str(claimed.id),
        tenant=here.slug,
        channel=claimed.channel,
        recipient=claimed.recipient,
        subject=claimed.subject,
        body=claimed.body,
        unit=here.name,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            return await house.registry.deliver(here.plugins, message)
    except TimeoutError as error:
        return Delivery(delivered=False, unreachable=True, problem=type(error).__name__)


def _next(house: House, attempts: int, answer: Delivery) -> dt.datetime | None:
    """When to try again; ``None``: never by itself."""
    if answer.final or attempts > len(PAUSES):
        return None
    return house.now() + PAUSES[attempts - 1]


_CLAIM = """
update message set attempts = attempts + 1, next_at = $3
where tenant_id = $1 and id = (
  select id from message
  where tenant_id = $1 and next_at <= $2 and expires_at > $2 and channel = any($4)
  order by next_at limit 1 for update skip locked)
returning id, channel, recipient, subject, body, attempts
"""

_SENT = """
update message set sent_at = $3, next_at = null, body = '', problem = ''
where tenant_id = $1 and id = $2 and sent_at is null
"""

_FAILED = """
update message set next_at = $4, problem = $5
where tenant_id = $1 and id = $2 and sent_at is null and attempts = $3
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
