"""Taking in whole histories in bulk: checked all, then written tenant by tenant.

Every line is replayed by the rules of the live desk first. If one of them is wrong,
nothing is written and all faults are told. A dossier that was imported before (same
tenant, same external id) is left alone, so a file can be imported again.
"""

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

import asyncpg
import msgspec

from motcua.domain.errors import InvalidAnswersError, MotCuaError
from motcua.domain.report import local_day
from motcua.services.histories import History
from motcua.services.house import Desk, House, UnknownTenantError, applicant_key, desk
from motcua.services.ledger import figures, merged
from motcua.services.replay import (
    SALT_LENGTH,
    ImpossibleEventError,
    Replayed,
    chain,
    replay,
)
from motcua.services.told import lines_told
from motcua.storage import dossiers as store
from motcua.storage.bulk import insert_many
from motcua.storage.rows import (
    DocumentRow,
    DossierRow,
    EventRow,
    FeeRow,
    FigureRow,
    RegisterRow,
)
from motcua.storage.work import Work, work

_ROUND = 250
_BATCH = 1_000
_AT_ONCE = 3
Progress = Callable[[str, int], None]
"""Told the stage (``read``, ``replay``, ``write``) and how many dossiers it has done more."""


class ImportFault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong with one line of a file.

    Attributes:
        line: The line's number, from 1.
        external_id: The dossier, where the line could be read.
        event: The number of the event that cannot have happened, if it is one.
        field: The field of the form or of the event's data, if it is one.
        code: The fault's stable name; its text tells what to do.
        told: What the text names.
    """

    line: int
    external_id: str = ""
    event: int | None = None
    field: str = ""
    code: str
    told: dict[str, str] = {}


class ImportRefusedError(MotCuaError):
    """A file has wrong lines; nothing of it was imported. Holds *all* faults."""

    code = "import.refused"

    def __init__(self, faults: Sequence[ImportFault]) -> None:
        """Keep every fault, in the order of the lines."""
        self.faults = faults
        told = "; ".join(
            f"line {fault.line}: {fault.code} {fault.field} {fault.told}" for fault in faults
        )
        super().__init__(told, count=len(faults), lines=len({fault.line for fault in faults}))


class ImportRacedError(MotCuaError):
    """Another import wrote the same dossiers meanwhile; that tenant's part was undone."""

    code = "import.raced"
    status = 409


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did.

    Attributes:
        dossiers: How many were written (or would be, in a dry run).
        events: How many events they have.
        known: How many had been imported before and were left alone.
        tenants: How many tenants they belong to.
        dry_run: Whether nothing was written.
    """

    dossiers: int
    events: int
    known: int
    tenants: int
    dry_run: bool


def _silent(stage: str, done: int) -> None:
    """Tell nobody."""


async def import_histories(
    house: House,
    lines: Iterable[bytes],
    *,
    dry_run: bool = False,
    progress: Progress = _silent,
) -> Imported:
    """Import a file of histories, one JSON object in each line.

    Args:
        house: The application's parts.
        lines: The file's lines; empty ones are skipped.
        dry_run: Check everything, write nothing.
        progress: Told how far it is.

    Raises:
        ImportRefusedError: some lines are wrong; nothing was imported.
        ImportRacedError: another import of the same dossiers came in between.
    """
    read, faults = _read(lines, progress)
    desks, unknown = await _desks(house, read)
    faults += unknown
    known = {slug: await _known(house, one, read[slug]) for slug, one in desks.items()}
    possible: dict[str, list[Replayed]] = {}
    for slug, one in desks.items():
        fresh = [(n, each) for n, each in read[slug] if each.external_id not in known[slug]]
        possible[slug] = list(_replayed(house, one, fresh, faults, progress))
    if faults:
        raise ImportRefusedError(sorted(faults, key=lambda fault: fault.line))
    if not dry_run:
        await _write_all(house, [(one, possible[slug]) for slug, one in desks.items()], progress)
    everything = [each for some in possible.values() for each in some]
    return Imported(
        dossiers=len(everything),
        events=sum(len(each.steps) for each in everything),
        known=sum(len(some) for some in known.values()),
        tenants=sum(bool(some) for some in possible.values()),
        dry_run=dry_run,
    )


_Lines = list[tuple[int, History]]


def _read(
    lines: Iterable[bytes], progress: Progress
) -> tuple[dict[str, _Lines], list[ImportFault]]:
    """The histories by tenant with their line numbers, and what could not be read."""
    decoder = msgspec.json.Decoder(History)
    read: dict[str, _Lines] = defaultdict(list)
    seen: dict[tuple[str, str], int] = {}
    faults = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            history = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            told = {"detail": str(error)}
            faults.append(ImportFault(line=number, code="import.line", told=told))
            continue
        first = seen.setdefault((history.tenant, history.external_id), number)
        if first != number:
            told = {"first": str(first)}
            fault = ImportFault(
                line=number, external_id=history.external_id, code="import.twice", told=told
            )
            faults.append(fault)
        read[history.tenant].append((number, history))
        progress("read", 1)
    return read, faults


async def _desks(
    house: House, read: dict[str, _Lines]
) -> tuple[dict[str, Desk], list[ImportFault]]:
    desks: dict[str, Desk] = {}
    faults: list[ImportFault] = []
    for slug, lines in read.items():
        try:
            desks[slug] = await desk(house, slug)
        except UnknownTenantError as error:
            faults += [_fault(n, each, error) for n, each in lines]
    return desks, faults


async def _known(house: House, desk: Desk, lines: _Lines) -> set[str]:
    """The external ids among *lines* that the tenant has already."""
    asked = [history.external_id for _, history in lines]
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(
            "select external_id from dossier where tenant_id = $1 and external_id = any($2)",
            desk.id,
            asked,
        )
    return {row["external_id"] for row in rows}


def _replayed(
    house: House, desk: Desk, lines: _Lines, faults: list[ImportFault], progress: Progress
) -> Iterator[Replayed]:
    for done, (number, history) in enumerate(lines, start=1):
        try:
            yield replay(house, desk, history)
        except MotCuaError as error:
            faults += _faults(number, history, error)
        if done % _ROUND == 0 or done == len(lines):
            progress("replay", (done - 1) % _ROUND + 1)


def _faults(line: int, history: History, error: MotCuaError) -> list[ImportFault]:
    """*error* as one fault, or as one for each wrong field."""
    event = None
    if isinstance(error, ImpossibleEventError):
        event, error = error.number, error.cause
    if not isinstance(error, InvalidAnswersError):
        return [_fault(line, history, error, event)]
    return [
        ImportFault(
            line=line,
            external_id=history.external_id,
            event=event,
            field=fault.field,
            code=fault.fault,
            told=_words(fault),
        )
        for fault in error.faults
    ]


def _fault(
    line: int, history: History, error: MotCuaError, event: int | None = None
) -> ImportFault:
    return ImportFault(
        line=line,
        external_id=history.external_id,
        event=event,
        code=error.code,
        told=_words(error),
    )


def _words(error: MotCuaError) -> dict[str, str]:
    """What the error's text names, as words."""
    return {
        name: ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
        for name, value in error.fields.items()
    }


async def _write_all(
    house: House, parts: Sequence[tuple[Desk, list[Replayed]]], progress: Progress
) -> None:
    """Write the tenants' parts, a few at a time: one is hashed while another is stored."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def write_one(desk: Desk, replayed: Sequence[Replayed]) -> None:
        async with gate:
            await _write(house, desk, replayed, progress)

    try:
        async with asyncio.TaskGroup() as group:
            for one, replayed in parts:
                group.create_task(write_one(one, replayed))
    except ExceptionGroup as several:
        raise several.exceptions[0] from several


async def _write(
    house: House, desk: Desk, replayed: Sequence[Replayed], progress: Progress
) -> None:
    """Write one tenant's dossiers in one transaction."""
    if not replayed:
        return
    try:
        async with work(house.engine, desk.id) as writing:
            entries = await _number(writing, desk, replayed)
            for start in range(0, len(replayed), _BATCH):
                batch = replayed[start : start + _BATCH]
                await _write_rows(house, writing, batch)
                progress("write", len(batch))
            await insert_many(writing, "register_entry", RegisterRow, entries)
            await _add_figures(writing, desk, replayed)
    except asyncpg.UniqueViolationError as error:
        raise ImportRacedError(tenant=desk.slug) from error


async def _number(writing: Work, desk: Desk, replayed: Sequence[Replayed]) -> list[RegisterRow]:
    """Give codes in the order of reception and book lines in the order of results."""
    received = sorted(
        (each for each in replayed if each.row.received_at is not None),
        key=lambda each: (each.row.received_at, each.row.external_id),
    )
    submitted = sorted(
        (each for each in replayed if each.row.submitted_at is not None),
        key=lambda each: (each.row.submitted_at, each.row.external_id),
    )
    ready = sorted(
        ((at, each) for each in replayed if each.lines and (at := each.ready_at) is not None),
        key=lambda pair: (pair[0], pair[1].row.external_id),
    )
    wanted: dict[tuple[str, str], int] = defaultdict(int)
    for each in received:
        wanted["dossier", _yymmdd(each.received_day)] += 1
    for each in submitted:
        wanted["temporary", _yymmdd(each.submitted_day)] += 1
    for at, each in ready:
        for line in each.lines:
            wanted[f"register:{line.book}", str(local_day(at).year)] += 1
    taken = await store.take_numbers(writing, wanted)
    numbers = {key: iter(found) for key, found in taken.items()}
    for each in submitted:
        day = _yymmdd(each.submitted_day)
        code = f"T-{day}-{next(numbers['temporary', day]):04d}"
        each.row = msgspec.structs.replace(each.row, temporary_code=code)
    for each in received:
        _give_code(each, desk, next(numbers["dossier", _yymmdd(each.received_day)]))
    return [entry for at, each in ready for entry in _entries(each, at, numbers)]


def _give_code(each: Replayed, desk: Desk, number: int) -> None:
    day = each.received_day
    assert day is not None, "only received dossiers get a code"  # noqa: S101 - sorted out before
    code = f"{desk.unit_code(day)}-{_yymmdd(day)}-{number:04d}"
    each.row = msgspec.structs.replace(
        each.row, code=code, applicant_key=applicant_key(each.row.applicant, code)
    )
    for one in each.steps:
        if one.act.transition in {"T02", "T03"}:
            one.told["code"] = code


def _entries(
    each: Replayed, at: dt.datetime, numbers: dict[tuple[str, str], Iterator[int]]
) -> list[RegisterRow]:
    year = local_day(at).year
    entries = [
        RegisterRow(
            tenant_id=each.row.tenant_id,
            register=line.book,
            year=year,
            number=next(numbers[f"register:{line.book}", str(year)]),
            dossier_id=each.row.id,
            status="issued",
            summary=line.subject,
            reason="",
            at=at,
        )
        for line in each.lines
    ]
    for one in each.steps:
        if one.act.transition == "T19":
            one.told |= lines_told(entries)
    return entries


async def _write_rows(house: House, writing: Work, batch: Sequence[Replayed]) -> None:
    dossiers: list[DossierRow] = []
    events: list[EventRow] = []
    for each in batch:
        chained = chain(each, house.entropy(SALT_LENGTH * len(each.steps)))
        dossiers.append(msgspec.structs.replace(each.row, head=chained[-1].hash))
        events += chained
    await insert_many(writing, "dossier", DossierRow, dossiers)
    await insert_many(writing, "dossier_event", EventRow, events)
    fees = [fee for each in batch for fee in each.fees]
    await insert_many(writing, "fee_line", FeeRow, fees)
    documents = [document for each in batch for document in each.documents]
    await insert_many(writing, "dossier_document", DocumentRow, documents)


async def _add_figures(writing: Work, desk: Desk, replayed: Sequence[Replayed]) -> None:
    counted: list[FigureRow] = []
    for each in replayed:
        row = each.row
        if row.received_at is None:
            continue
        running = msgspec.structs.replace(row, finished_at=None, mistake=False)
        counted += figures(desk.province_id, None, running)
        if row.finished_at is not None:
            counted += figures(desk.province_id, running, row)
    await store.write(writing, store.Reception(figures=merged(counted)))


def _yymmdd(day: dt.date | None) -> str:
    assert day is not None, "asked only where there is a day"  # noqa: S101 - sorted out before
    return day.strftime("%y%m%d")
