"""Looking through everything that was stored, and naming what does not fit.

Chains of events, anchors, gaps in numbers, states, files and figures are held
against each other. Each tenant is read in one snapshot, so live work disturbs nothing.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from motcua.domain.chain import GENESIS, Link, link_hash
from motcua.domain.dossier import TRANSITIONS, State
from motcua.domain.report import local_day
from motcua.services.anchor import Anchor, Heads, Recount, anchors
from motcua.services.house import Desk, House, desk
from motcua.services.ledger import told_digest
from motcua.services.recount import Happened, Rows, differing
from motcua.storage.rows import DossierRow, FeeRow, RegisterRow
from motcua.storage.work import Work, reference_work, work

_BATCH = 500
_ANCHORED_WITHIN = dt.timedelta(hours=2)
"""How long after midnight the anchor of the day before may still be to come."""
Progress = Callable[[int], None]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something that does not fit.

    Attributes:
        tenant: Where, by slug.
        kind: ``chain``, ``state``, ``dossier``, ``anchor``, ``code``, ``register``,
            ``file`` or ``figure``.
        where: The dossier's code or id, the book, the day …
        detail: What is wrong: the key of a text.
        told: What the text names.
    """

    tenant: str
    kind: str
    where: str
    detail: str
    told: dict[str, str] = {}


class Anchored(msgspec.Struct, frozen=True, kw_only=True):
    """The digest of one anchor, in hexadecimal digits."""

    tenant: str
    day: dt.date
    digest: str


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked through, and what was found.

    Attributes:
        erased: How many of the events have had erased what they said about people;
            only their place in the chain was checked.
        anchors: Every anchor, to be compared with a copy kept elsewhere.
    """

    ok: bool
    tenants: int
    dossiers: int
    events: int
    erased: int
    faults: tuple[Fault, ...]
    anchors: tuple[Anchored, ...]


def _silent(done: int) -> None:
    """Tell nobody."""


async def verify(
    house: House, home: Path, *, slugs: Iterable[str] | None = None, progress: Progress = _silent
) -> Verified:
    """Look through the tenants named, or all of them.

    Args:
        house: The application's parts.
        home: The folder of data; files are below its folder ``files``.
        slugs: The tenants; all without.
        progress: Told how many dossiers more it has seen.
    """
    chosen = list(slugs) if slugs is not None else await _all(house)
    unfinished = local_day(house.now() - _ANCHORED_WITHIN)
    faults: list[Fault] = []
    made: list[Anchored] = []
    dossiers = events = erased = 0
    for slug in chosen:
        unit = await desk(house, slug)
        async with work(house.engine, unit.id) as reading:
            await reading.execute("set transaction isolation level repeatable read")
            check = _Check(unit, reading, home, unfinished)
            await check.run(progress)
        faults += check.faults
        made += check.anchors
        dossiers += check.dossiers
        events += check.events
        erased += check.erased
    return Verified(
        ok=not faults,
        tenants=len(chosen),
        dossiers=dossiers,
        events=events,
        erased=erased,
        faults=tuple(faults),
        anchors=tuple(made),
    )


def file_path(home: Path, tenant_id: int, sha256: bytes) -> Path:
    """Where the content of a stored file lies: named by itself, below its tenant."""
    return home / "files" / str(tenant_id) / sha256.hex()


async def _all(house: House) -> list[str]:
    async with reference_work(house.engine) as reading:
        rows = await reading.fetch("select slug from tenant order by slug")
    return [row["slug"] for row in rows]


_DOSSIERS = """
select (to_jsonb(d) || jsonb_build_object('head', encode(d.head, 'base64'),
        'secret_hash', encode(d.secret_hash, 'base64')))::text
from dossier d where tenant_id = $1 and id > $2 order by id limit $3
"""

_FEES = """
select to_jsonb(f)::text from fee_line f
where tenant_id = $1 and dossier_id > $2 and dossier_id <= $3 order by dossier_id, n
"""

_LINES = """
select to_jsonb(r)::text from register_entry r
where tenant_id = $1 and dossier_id > $2 and dossier_id <= $3
"""

_EVENTS = """
select dossier_id, seq, transition, at, actor_id, actor, role, from_state, to_state, reason,
       data, salt, digest, previous, hash
from dossier_event where tenant_id = $1 and dossier_id > $2 and dossier_id <= $3
order by dossier_id, seq
"""

_SERIES = """
with used (kind, period, n) as (
  select 'dossier', split_part(code, '-', -2), split_part(code, '-', -1)::int
  from dossier where tenant_id = $1 and code is not null
  union all
  select 'temporary', split_part(temporary_code, '-', 2), split_part(temporary_code, '-', 3)::int
  from dossier where tenant_id = $1 and temporary_code is not null
  union all
  select 'receipt', split_part(receipt, '-', 1), split_part(receipt, '-', 2)::int
  from visit where tenant_id = $1
  union all
  select 'register:' || register, year::text, number from register_entry where tenant_id = $1),
series as (
  select kind, period, count(*)::int as lines, max(n) as highest, array_agg(n) as numbers
  from used group by 1, 2),
counters as (
  select kind, period, n from counter
  where tenant_id = $1
    and (kind in ('dossier', 'temporary', 'receipt') or kind like 'register:%'))
select kind, period, coalesce(c.n, 0) as n, coalesce(s.lines, 0) as lines,
  array(select g from generate_series(1, greatest(c.n, s.highest)) g
        where g <> all (coalesce(s.numbers, '{}'))) as missing
from series s full join counters c using (kind, period)
where s.lines is distinct from c.n or s.highest is distinct from c.n
order by 1, 2
"""

_FIGURES = """
with counted as (
  select (received_at at time zone '{zone}')::date as day, procedure_code, channel,
         1 as received, 0 as early, 0 as on_time, 0 as late, 0 as no_limit
  from dossier where tenant_id = $1 and received_at is not null and not mistake
  union all
  select finished, procedure_code, channel, 0,
         (verdict = 'early')::int, (verdict = 'on_time')::int, (verdict = 'late')::int,
         (verdict = 'no_limit')::int
  from (
    select *, case when no_limit then 'no_limit'
        when state in ('withdrawn', 'stopped') then 'on_time'
        when late or finished > due then 'late'
        when finished < due then 'early' else 'on_time' end as verdict
    from (
      select *, (finished_at at time zone '{zone}')::date as finished,
             (legal_due_at at time zone '{zone}')::date as due
      from dossier
      where tenant_id = $1 and finished_at is not null and received_at is not null
        and not mistake) f
  ) v),
recount as (
  select day, procedure_code, channel, sum(received)::int as received, sum(early)::int as early,
         sum(on_time)::int as on_time, sum(late)::int as late, sum(no_limit)::int as no_limit
  from counted group by 1, 2, 3),
stored as (select * from daily_figure where tenant_id = $1)
select day, procedure_code, channel,
  concat_ws(' ', coalesce(s.received, 0), coalesce(s.early, 0), coalesce(s.on_time, 0),
            coalesce(s.late, 0), coalesce(s.no_limit, 0)) as stored,
  concat_ws(' ', coalesce(r.received, 0), coalesce(r.early, 0), coalesce(r.on_time, 0),
            coalesce(r.late, 0), coalesce(r.no_limit, 0)) as recounted
from stored s full join recount r using (day, procedure_code, channel)
where (coalesce(s.received, 0), coalesce(s.early, 0), coalesce(s.on_time, 0),
       coalesce(s.late, 0), coalesce(s.no_limit, 0))
   <> (coalesce(r.received, 0), coalesce(r.early, 0), coalesce(r.on_time, 0),
       coalesce(r.late, 0), coalesce(r.no_limit, 0))
order by 1, 2, 3
""".replace("{zone}", "Asia/Ho_Chi_Minh")


class _Check:
    """The look through one tenant."""

    def __init__(self, unit: Desk, reading: Work, home: Path, unfinished: dt.date) -> None:
        self.unit = unit
        self.reading = reading
        self.home = home
        self.unfinished = unfinished
        self.faults: list[Fault] = []
        self.anchors: list[Anchored] = []
        self.dossiers = 0
        self.events = 0
        self.erased = 0

    async def run(self, progress: Progress) -> None:
        known = await anchors(self.reading)
        recount = Recount(known)
        async for stored, events in self._histories(progress):
            self._history(stored, events)
            recount.add(stored.dossier.id, ((each["at"], each["hash"]) for each in events))
        self._anchors(known, recount)
        await self._series()
        await self._figures()
        await self._files()

    def fault(self, kind: str, where: str, detail: str, **told: object) -> None:
        words = {name: str(value) for name, value in told.items()}
        self.faults.append(
            Fault(tenant=self.unit.slug, kind=kind, where=where, detail=detail, told=words)
        )

    async def _histories(self, progress: Progress) -> AsyncIterator[tuple[Rows, Sequence[Any]]]:
        """Every dossier with its events, in the order of the ids, a batch at a time."""
        last = UUID(int=0)
        while True:
            read = await self.reading.fetch(_DOSSIERS, self.unit.id, last, _BATCH)
            if not read:
                return
            found = [msgspec.json.decode(each[0], type=DossierRow) for each in read]
            span = (self.unit.id, last, found[-1].id)
            events: dict[UUID, list[Any]] = defaultdict(list)
            for event in await self.reading.fetch(_EVENTS, *span):
                events[event["dossier_id"]].append(event)
            fees = _by_dossier(await self.reading.fetch(_FEES, *span), FeeRow)
            lines = _by_dossier(await self.reading.fetch(_LINES, *span), RegisterRow)
            for row in found:
                stored = Rows(dossier=row, fees=fees[row.id], lines=lines[row.id])
                yield stored, events[row.id]
            self.dossiers += len(found)
            self.events += sum(map(len, events.values()))
            progress(len(found))
            last = found[-1].id

    def _history(self, stored: Rows, events: Sequence[Any]) -> None:
        """One dossier: its chain, the states it went through, its present rows."""
        dossier = stored.dossier
        where = dossier.code or str(dossier.id)
        if not events:
            self.fault("chain", where, "verify.no-events")
            return
        previous, state = GENESIS, None
        history = [_happened(event) for event in events]
        for seq, event in enumerate(events, start=1):
            place = f"{where} #{event['seq']}"
            if event["seq"] != seq:
                self.fault("chain", place, "verify.event-missing", seq=seq)
                break
            self._content(place, event, history[seq - 1])
            self._link(place, event, previous)
            self._transition(place, event, state)
            previous, state = event["hash"], event["to_state"]
        last = events[-1]
        if dossier.head != last["hash"] or dossier.version != last["seq"]:
            self.fault("chain", where, "verify.head")
        if dossier.state != last["to_state"]:
            told = {"stored": dossier.state, "last": last["to_state"]}
            self.fault("state", where, "verify.state", **told)
        wrong = differing(stored, history)
        if wrong:
            self.fault("dossier", where, "verify.rows", columns=", ".join(wrong))

    def _content(self, place: str, event: Any, happened: Happened) -> None:
        """What an event says about people: all of it as it was, or all of it erased."""
        if event["salt"] is None or happened.told is None:
            self.erased += 1
            says = (event["salt"], happened.told, event["actor"], event["reason"])
            if says != (None, None, "", ""):
                self.fault("chain", place, "verify.half-erased")
            return
        told = told_digest(event["actor"], event["reason"], happened.told, event["salt"])
        if told != event["digest"]:
            self.fault("chain", place, "verify.content")

    def _link(self, place: str, event: Any, previous: bytes) -> None:
        link = Link(
            dossier_id=str(event["dossier_id"]),
            seq=event["seq"],
            transition=event["transition"],
            at=event["at"],
            actor_id=event["actor_id"],
            role=event["role"],
            from_state=event["from_state"],
            to_state=event["to_state"],
            digest=event["digest"],
        )
        if event["previous"] != previous or event["hash"] != link_hash(previous, link):
            self.fault("chain", place, "verify.link")

    def _transition(self, place: str, event: Any, state: str | None) -> None:
        row = TRANSITIONS.get(event["transition"])
        came = event["from_state"]
        opens = state is None and event["transition"] in {"T01", "T02"}
        allowed = row is not None and (opens or (state is not None and State(state) in row.sources))
        target = None if row is None else row.target or state
        if not allowed or came != state or event["to_state"] != target:
            told = {
                "transition": event["transition"],
                "came": came or "–",
                "went": event["to_state"],
            }
            self.fault("state", place, "verify.transition", **told)

    def _anchors(self, known: Sequence[Anchor], recount: Recount) -> None:
        """Every anchor, and the finished days after the last one."""
        previous = GENESIS
        for anchor, heads in zip(known, recount.heads, strict=True):
            self._anchor(anchor, heads, previous)
            previous = anchor.digest
            digest = anchor.digest.hex()
            self.anchors.append(Anchored(tenant=self.unit.slug, day=anchor.day, digest=digest))
        last = known[-1].day if known else dt.date.min
        for day in sorted(recount.waiting):
            if last < day < self.unfinished:
                self.fault("anchor", day.isoformat(), "verify.anchor-missing")

    def _anchor(self, anchor: Anchor, heads: Heads, previous: bytes) -> None:
        found = heads.anchor(anchor.until, previous)
        where = anchor.day.isoformat()
        if (found.dossiers, found.events) != (anchor.dossiers, anchor.events):
            told = {
                "dossiers": anchor.dossiers,
                "found": found.dossiers,
                "events": anchor.events,
                "events_found": found.events,
            }
            self.fault("anchor", where, "verify.anchor-count", **told)
        elif found.heads != anchor.heads:
            self.fault("anchor", where, "verify.anchor-heads")
        elif found.digest != anchor.digest:
            self.fault("anchor", where, "verify.anchor-digest")

    async def _series(self) -> None:
        for row in await self.reading.fetch(_SERIES, self.unit.id):
            book = row["kind"].startswith("register:")
            told = {
                "lines": row["lines"],
                "counter": row["n"],
                "missing": _numbers(row["missing"]),
            }
            where = f"{row['kind'].removeprefix('register:')} {row['period']}"
            self.fault("register" if book else "code", where, "verify.series", **told)

    async def _figures(self) -> None:
        for row in await self.reading.fetch(_FIGURES, self.unit.id):
            where = f"{row['day']} {row['procedure_code']} {row['channel']}"
            told = {"stored": row["stored"], "recounted": row["recounted"]}
            self.fault("figure", where, "verify.figure", **told)

    async def _files(self) -> None:
        rows = await self.reading.fetch(
            "select name, sha256, size from stored_file where tenant_id = $1", self.unit.id
        )
        for row in rows:
            path = file_path(self.home, self.unit.id, row["sha256"])
            if not path.is_file():
                self.fault("file", row["name"], "verify.file-missing", path=path)
            elif path.stat().st_size != row["size"] or _hash_of(path) != row["sha256"]:
                self.fault("file", row["name"], "verify.file-changed", path=path)


def _happened(event: Any) -> Happened:
    data = event["data"]
    return Happened(
        transition=event["transition"],
        at=event["at"],
        actor_id=event["actor_id"],
        told=None if data is None else msgspec.json.decode(data),
    )


R = TypeVar("R", FeeRow, RegisterRow)


def _by_dossier(read: Iterable[Any], kind: type[R]) -> dict[UUID, list[R]]:
    rows: dict[UUID, list[R]] = defaultdict(list)
    for each in read:
        row = msgspec.json.decode(each[0], type=kind)
        rows[row.dossier_id].append(row)
    return rows


def _hash_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _numbers(numbers: Sequence[int], most: int = 10) -> str:
    shown = ", ".join(map(str, numbers[:most]))
    return f"{shown}, …" if len(numbers) > most else shown or "–"


__all__ = ["Fault", "Verified", "file_path", "verify"]
