"""Anchors: a digest of every dossier's chain head, made once a day for each tenant.

A chain shows that an event of a dossier was changed; only an anchor shows that a
whole dossier is gone. Anchors are chained to each other. An anchor covers what was
there before its moment: dossiers by the time in their id, events by their own time.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.chain import GENESIS
from motcua.domain.report import local_day
from motcua.services.house import House
from motcua.storage.work import Work, work

_MILLISECONDS = 1000
_UUID_TIME_SHIFT = 80


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """What one anchor says.

    Attributes:
        day: The day it was made for.
        until: It covers what was there before this moment.
        dossiers: How many dossiers.
        events: How many events they had.
        heads: The digest of all heads, in the order of the ids.
        digest: The digest of all this, chained to the anchor before.
    """

    day: dt.date
    until: dt.datetime
    dossiers: int
    events: int
    heads: bytes
    digest: bytes


class Heads:
    """Gathers chain heads, dossier by dossier in the order of their ids."""

    def __init__(self, until: dt.datetime) -> None:
        """Count what was there before *until*."""
        self.until = until
        self.dossiers = 0
        self.events = 0
        self._sum = hashlib.sha256()
        self._until_ms = int(until.timestamp() * _MILLISECONDS)

    def add(self, dossier_id: UUID, events: Iterable[tuple[dt.datetime, bytes]]) -> None:
        """Take one dossier with its events' moments and hashes, in order."""
        if dossier_id.int >> _UUID_TIME_SHIFT >= self._until_ms:
            return
        before = [made for at, made in events if at < self.until]
        if before:
            self.dossiers += 1
            self.events += len(before)
            self._sum.update(dossier_id.bytes + before[-1])

    def anchor(self, day: dt.date, previous: bytes) -> Anchor:
        """The anchor of everything gathered, chained to the digest *previous*."""
        heads = self._sum.digest()
        counts = f"{day.isoformat()} {self.dossiers} {self.events}".encode()
        return Anchor(
            day=day,
            until=self.until,
            dossiers=self.dossiers,
            events=self.events,
            heads=heads,
            digest=hashlib.sha256(previous + counts + heads).digest(),
        )


_EVENTS = """
select e.dossier_id, array_agg(e.at order by e.seq) as at, array_agg(e.hash order by e.seq) as hash
from dossier_event e where e.tenant_id = $1 group by e.dossier_id order by e.dossier_id
"""

_STORE = """
insert into anchor (tenant_id, day, dossiers, events, heads, digest, made_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (tenant_id, day) do nothing
"""


async def make_anchor(house: House, tenant_id: int, until: dt.datetime) -> Anchor:
    """Anchor everything one tenant had before *until*; the first of a day stands.

    *until* must lie far enough back that no transaction begun before it is still open:
    the nightly job takes the midnight before.
    """
    day = local_day(until - dt.timedelta(microseconds=1))
    gathered = Heads(until)
    async with work(house.engine, tenant_id) as writing:
        for row in await writing.fetch(_EVENTS, tenant_id):
            gathered.add(row["dossier_id"], zip(row["at"], row["hash"], strict=True))
        made = gathered.anchor(day, await _digest_before(writing, day))
        await writing.execute(
            _STORE,
            tenant_id,
            day,
            made.dossiers,
            made.events,
            made.heads,
            made.digest,
            until,
        )
    return made


async def anchor_yesterday(house: House, tenant_id: int) -> bool:
    """Anchor a tenant up to the midnight before, unless that is done; whether it was now."""
    today = house.today()
    async with work(house.engine, tenant_id) as reading:
        known = {anchor.day for anchor in await anchors(reading)}
    if today - dt.timedelta(days=1) in known:
        return False
    await make_anchor(house, tenant_id, dt.datetime.combine(today, dt.time(), VN))
    return True


async def anchors(reading: Work) -> Sequence[Anchor]:
    """The anchors of one tenant, the oldest first."""
    rows = await reading.fetch(
        "select day, made_at, dossiers, events, heads, digest from anchor"
        " where tenant_id = $1 order by day",
        reading.tenant_id,
    )
    return [
        Anchor(
            day=row["day"],
            until=row["made_at"],
            dossiers=row["dossiers"],
            events=row["events"],
            heads=row["heads"],
            digest=row["digest"],
        )
        for row in rows
    ]


async def _digest_before(reading: Work, day: dt.date) -> bytes:
    row = await reading.fetchrow(
        "select digest from anchor where tenant_id = $1 and day < $2 order by day desc limit 1",
        reading.tenant_id,
        day,
    )
    return GENESIS if row is None else bytes(row["digest"])
