"""Anchors: once a day, a digest of the chain heads that changed since the anchor before.

A chain shows that an event of a dossier was changed; only an anchor shows that a
whole dossier is gone. Anchors are chained to each other, so each stands for all that
came before it, and making one costs as much as a day. An event belongs to the first
anchor made after it was here: after its own time and after the time in its dossier's
id, so that an old history imported later disturbs nothing.
"""

import datetime as dt
import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.chain import GENESIS
from motcua.domain.report import local_day
from motcua.services.house import House
from motcua.storage.work import Work, work

_MILLISECONDS = 1000
_UUID_TIME_SHIFT = 80
_BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """What one anchor says.

    Attributes:
        day: The day it was made for.
        until: It stands for what was here before this moment.
        dossiers: How many dossiers had events since the anchor before.
        events: How many events that were.
        heads: The digest of their heads, in the order of the ids.
        digest: The digest of all this, chained to the anchor before.
    """

    day: dt.date
    until: dt.datetime
    dossiers: int
    events: int
    heads: bytes
    digest: bytes


class Heads:
    """Gathers what one anchor stands for, dossier by dossier in the order of their ids."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.dossiers = 0
        self.events = 0
        self._sum = hashlib.sha256()

    def add(self, dossier_id: UUID, events: int, head: bytes) -> None:
        """Take one dossier: how many events are new, and the hash of the last of them."""
        self.dossiers += 1
        self.events += events
        self._sum.update(dossier_id.bytes + head)

    def anchor(self, until: dt.datetime, previous: bytes) -> Anchor:
        """The anchor of everything gathered, chained to the digest *previous*."""
        heads, day = self._sum.digest(), _day(until)
        said = f"{day} {until.astimezone(dt.UTC).isoformat()} {self.dossiers} {self.events}"
        return Anchor(
            day=day,
            until=until,
            dossiers=self.dossiers,
            events=self.events,
            heads=heads,
            digest=hashlib.sha256(previous + said.encode() + heads).digest(),
        )


class Recount:
    """Sorts events to the anchors they belong to; each event is looked at once.

    Attributes:
        heads: What was found for each anchor.
        waiting: The days of events that no anchor stands for.
    """

    def __init__(self, known: Sequence[Anchor]) -> None:
        """Sort for the anchors *known*, the oldest first."""
        self.heads = [Heads() for _ in known]
        self.waiting: set[dt.date] = set()
        self._untils = [anchor.until for anchor in known]
        self._came_before = [_milliseconds(until) for until in self._untils]

    def add(self, dossier_id: UUID, events: Iterable[tuple[dt.datetime, bytes]]) -> None:
        """Take one dossier with its events' moments and hashes, in order."""
        came = dossier_id.int >> _UUID_TIME_SHIFT
        first = bisect_right(self._came_before, came)
        found: dict[int, tuple[int, bytes]] = {}
        for at, made in events:
            place = max(first, bisect_right(self._untils, at))
            found[place] = (found.get(place, (0, b""))[0] + 1, made)
            if place == len(self.heads):
                self.waiting.add(local_day(max(at, _moment(came))))
        for place, (count, head) in found.items():
            if place < len(self.heads):
                self.heads[place].add(dossier_id, count, head)


_CHANGED = """
select e.dossier_id, count(*)::int as events,
       (array_agg(e.hash order by e.seq desc))[1] as head
from dossier_event e
where e.tenant_id = $1 and (e.at >= $2 or e.dossier_id >= $3) and e.at < $4 and e.dossier_id < $5
group by e.dossier_id order by e.dossier_id
"""

_STORE = """
insert into anchor (tenant_id, day, dossiers, events, heads, digest, made_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (tenant_id, day) do nothing
"""


async def make_anchor(house: House, tenant_id: int, until: dt.datetime) -> Anchor | None:
    """Anchor what one tenant had before *until*; ``None`` where that day is anchored.

    *until* must lie far enough back that no transaction begun before it is still open:
    the nightly job takes the midnight before.
    """
    gathered = Heads()
    async with work(house.engine, tenant_id) as writing:
        last = await _last(writing)
        if last is not None and last.day >= _day(until):
            return None
        since = _BEGINNING if last is None else last.until
        span = (since, _first_id(since), until, _first_id(until))
        for row in await writing.fetch(_CHANGED, tenant_id, *span):
            gathered.add(row["dossier_id"], row["events"], row["head"])
        made = gathered.anchor(until, GENESIS if last is None else last.digest)
        await writing.execute(
            _STORE,
            tenant_id,
            made.day,
            made.dossiers,
            made.events,
            made.heads,
            made.digest,
            until,
        )
    return made


async def anchor_yesterday(house: House, tenant_id: int) -> Anchor | None:
    """Anchor a tenant up to the midnight before; ``None`` where that is done."""
    return await make_anchor(house, tenant_id, dt.datetime.combine(house.today(), dt.time(), VN))


_ANCHORS = """
select day, made_at, dossiers, events, heads, digest from anchor where tenant_id = $1
order by day
"""


async def anchors(reading: Work) -> Sequence[Anchor]:
    """The anchors of one tenant, the oldest first."""
    return [_anchor(row) for row in await reading.fetch(_ANCHORS, reading.tenant_id)]


async def _last(reading: Work) -> Anchor | None:
    row = await reading.fetchrow(_ANCHORS + " desc limit 1", reading.tenant_id)
    return None if row is None else _anchor(row)


def _anchor(row: Any) -> Anchor:
    return Anchor(
        day=row["day"],
        until=row["made_at"],
        dossiers=row["dossiers"],
        events=row["events"],
        heads=row["heads"],
        digest=row["digest"],
    )


def _day(until: dt.datetime) -> dt.date:
    """The day an anchor is for: midnight still belongs to the day before."""
    return local_day(until - dt.timedelta(microseconds=1))


def _milliseconds(moment: dt.datetime) -> int:
    return int(moment.timestamp() * _MILLISECONDS)


def _moment(milliseconds: int) -> dt.datetime:
    return _BEGINNING + dt.timedelta(milliseconds=milliseconds)


def _first_id(moment: dt.datetime) -> UUID:
    """The least id a dossier made at *moment* can have."""
    return UUID(int=_milliseconds(moment) << _UUID_TIME_SHIFT)
