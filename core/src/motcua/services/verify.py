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

from motcua.documents.files import FileChangedError, FileGoneError, FileStore, file_path
from motcua.domain.chain import GENESIS, Link, link_hash
from motcua.domain.dossier import TRANSITIONS
from motcua.domain.report import local_day
from motcua.services import verify_queries as queries
from motcua.services.anchor import Anchor, Heads, Recount, anchors
from motcua.services.house import Desk, House, desk
from motcua.services.ledger import told_digest
from motcua.services.recount import Happened, Rows, differing
from motcua.services.verify_books import SHOWN, shown, verify_books
from motcua.services.verify_money import verify_money
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
            ``payment``, ``file`` or ``figure``.
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
        home: The folder of data; files are below its folder ``files``, sealed with the
            key of *house*.
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
            check = _Check(unit, reading, home, house.key, unfinished)
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


async def _all(house: House) -> list[str]:
    async with reference_work(house.engine) as reading:
        rows = await reading.fetch("select slug from tenant order by slug")
    return [row["slug"] for row in rows]


class _Check:
    """The look through one tenant."""

    def __init__(
        self, unit: Desk, reading: Work, home: Path, key: bytes, unfinished: dt.date
    ) -> None:
        self.unit = unit
        self.reading = reading
        self.home = home
        self.store = FileStore(home, key)
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
            read = await self.reading.fetch(queries.DOSSIERS, self.unit.id, last, _BATCH)
            if not read:
                return
            found = [row for each in read if (row := self._readable(each)) is not None]
            span = (self.unit.id, last, read[-1]["id"])
            events: dict[UUID, list[Any]] = defaultdict(list)
            for event in await self.reading.fetch(queries.EVENTS, *span):
                events[event["dossier_id"]].append(event)
            fees = _by_dossier(await self.reading.fetch(queries.FEES, *span), FeeRow)
            lines = _by_dossier(await self.reading.fetch(queries.LINES, *span), RegisterRow)
            files: dict[UUID, list[dict[str, str]]] = defaultdict(list)
            for each in await self.reading.fetch(queries.FILES, *span):
                files[each["dossier_id"]].append(msgspec.json.decode(each["said"]))
            for row in found:
                stored = Rows(
                    dossier=row, fees=fees[row.id], lines=lines[row.id], files=files[row.id]
                )
                yield stored, events[row.id]
            self.dossiers += len(read)
            self.events += sum(map(len, events.values()))
            progress(len(read))
            last = read[-1]["id"]

    def _readable(self, read: Any) -> DossierRow | None:
        """A dossier's row; one that the desk could not have written is a fault."""
        try:
            return msgspec.json.decode(read["row"], type=DossierRow)
        except msgspec.ValidationError as error:
            self.fault("dossier", str(read["id"]), "verify.rows", columns=error)
            return None

    def _history(self, stored: Rows, events: Sequence[Any]) -> None:
        """One dossier: its chain, the states it went through, its present rows."""
        dossier = stored.dossier
        where = dossier.code or str(dossier.id)
        if not events:
            self.fault("chain", where, "verify.no-events")
            return
        previous, state = GENESIS, None
        history, genuine = [_happened(event) for event in events], True
        for seq, event in enumerate(events, start=1):
            place = f"{where} #{event['seq']}"
            if event["seq"] != seq:
                self.fault("chain", place, "verify.event-missing", seq=seq)
                genuine = False
                break
            genuine &= self._content(place, event, history[seq - 1])
            self._link(place, event, previous)
            self._transition(place, event, state)
            previous, state = event["hash"], event["to_state"]
        last = events[-1]
        if dossier.head != last["hash"] or dossier.version != last["seq"]:
            self.fault("chain", where, "verify.head")
        if dossier.state != last["to_state"]:
            told = {"stored": dossier.state, "last": last["to_state"]}
            self.fault("state", where, "verify.state", **told)
        # What was put in the place of an event says nothing about the rows.
        wrong = differing(stored, history) if genuine else []
        if wrong:
            self.fault("dossier", where, "verify.rows", columns=", ".join(wrong))

    def _content(self, place: str, event: Any, happened: Happened) -> bool:
        """Whether what an event says about people is as it was, or all of it erased."""
        if event["salt"] is None or happened.told is None:
            self.erased += 1
            says = (event["salt"], happened.told, event["actor"], event["reason"])
            if says == (None, None, "", ""):
                return True
            self.fault("chain", place, "verify.half-erased")
            return False
        told = told_digest(event["actor"], event["reason"], happened.told, event["salt"])
        if told == event["digest"]:
            return True
        self.fault("chain", place, "verify.content")
        return False

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
        allowed = row is not None and (row.opens if state is None else state in row.sources)
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
        for row in await self.reading.fetch(queries.SERIES, self.unit.id, SHOWN + 1):
            told = {"lines": row["lines"], "counter": row["n"], "missing": shown(row["missing"])}
            self.fault("code", f"{row['kind']} {row['period']}", "verify.series", **told)
        for where, detail, told in await verify_books(self.reading):
            self.fault("register", where, detail, **told)
        for where, detail, told in await verify_money(self.reading):
            self.fault("payment", where, detail, **told)

    async def _figures(self) -> None:
        for row in await self.reading.fetch(queries.FIGURES, self.unit.id):
            where = f"{row['day']} {row['procedure_code']} {row['channel']}"
            told = {"stored": row["stored"], "recounted": row["recounted"]}
            self.fault("figure", where, "verify.figure", **told)
        for row in await self.reading.fetch(queries.RATINGS, self.unit.id):
            where = f"{row['day']} {row['procedure_code']} {row['question']} {row['answer']}"
            told = {"stored": row["stored"], "recounted": row["recounted"]}
            self.fault("figure", where, "verify.rating-figure", **told)

    async def _files(self) -> None:
        rows = await self.reading.fetch(
            "select name, sha256, size from stored_file where tenant_id = $1", self.unit.id
        )
        for row in rows:
            path = file_path(self.home, self.unit.id, row["sha256"])
            try:
                content = await self.store.get(self.unit.id, row["sha256"])
            except FileGoneError:
                self.fault("file", row["name"], "verify.file-missing", path=path)
            except FileChangedError:
                self.fault("file", row["name"], "verify.file-changed", path=path)
            else:
                if len(content) != row["size"] or hashlib.sha256(content).digest() != row["sha256"]:
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
        if row.dossier_id is not None:
            rows[row.dossier_id].append(row)
    return rows
