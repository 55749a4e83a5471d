"""Taking in whole histories in bulk: checked all, then written tenant by tenant.

Every line is replayed by the rules of the live desk first. If one of them is wrong,
nothing is written and all faults are told. A dossier that was imported before (same
tenant, same external id) is left alone, so a file can be imported again.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

import asyncpg
import msgspec

from motcua.domain.errors import InvalidAnswersError, MotCuaError
from motcua.services import filing
from motcua.services.histories import History
from motcua.services.house import Desk, House, UnknownTenantError, desk
from motcua.services.replay import ImpossibleEventError, Replayed, replay
from motcua.storage.work import work

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
            await filing.give_codes(writing, desk, replayed)
            await filing.give_numbers(writing, replayed)
            for start in range(0, len(replayed), _BATCH):
                batch = replayed[start : start + _BATCH]
                await filing.write(house, writing, batch)
                progress("write", len(batch))
            await filing.write_lines(writing, replayed)
            await filing.add_figures(writing, desk, replayed)
    except asyncpg.UniqueViolationError as error:
        raise ImportRacedError(tenant=desk.slug) from error
