"""A calendar row decided later: which dossiers would move, and moving exactly those (T27)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from motcua.domain.calendar import Calendar, CalendarDay, Closure
from motcua.domain.clock import moved, run
from motcua.domain.clock_events import CalendarChanged
from motcua.domain.dossier import IN_PROCESS, Role
from motcua.domain.life import SYSTEM, Act, silence_decided, step
from motcua.services.change import Asked, change
from motcua.services.entered import entered_closures, entered_days
from motcua.services.house import Desk, House
from motcua.services.ledger import event_row, life_of, with_life
from motcua.services.messages import tell
from motcua.services.rules import rules_for
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow, EventRow
from motcua.storage.work import Work, work

_OPEN = """
select id from dossier where tenant_id = $1 and state = any($2) and not no_limit
"""


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier that a change of the calendar moves; a promise never moves earlier."""

    id: UUID
    code: str
    procedure: str
    before: dt.datetime
    after: dt.datetime


def changed(
    calendar: Calendar, days: Sequence[CalendarDay] = (), closures: Sequence[Closure] = ()
) -> Calendar:
    """*calendar* with more rows; a row of the same date and kind is replaced."""
    keys = {(day.date, day.kind, day.provisional) for day in days}
    kept = [day for day in calendar.days if (day.date, day.kind, day.provisional) not in keys]
    dates = {closure.date for closure in closures}
    open_days = [each for each in calendar.closures if each.date not in dates]
    return Calendar(
        days=tuple(sorted((*kept, *days), key=lambda day: day.date)),
        closures=tuple(sorted((*open_days, *closures), key=lambda each: each.date)),
        hours=calendar.hours,
        covers=calendar.covers,
    )


async def preview(
    house: House,
    desk: Desk,
    days: Sequence[CalendarDay] = (),
    closures: Sequence[Closure] = (),
) -> list[Move]:
    """Every open dossier of the tenant that rows entered now would move; nothing changes."""
    known, today = desk.calendar, house.today()
    after = changed(
        known,
        entered_days(known.days, days, today),
        entered_closures(known.closures, closures, today),
    )
    return await compare(house, desk, after)


async def compare(house: House, desk: Desk, after: Calendar, *, back: bool = False) -> list[Move]:
    """Every open dossier of the tenant that the calendar *after* would move; nothing changes."""
    async with work(house.engine, desk.id) as reading:
        rows = await _open_dossiers(reading, locked=False)
    return _moves(desk.calendar, after, _undecided(house, desk, rows), house.now(), back=back)


async def outdated(house: House, desk: Desk) -> list[Move]:
    """Every open dossier that is due earlier than the calendar known today makes it.

    A run that was cut short leaves some, and so does a day entered past the console.
    """
    async with work(house.engine, desk.id) as reading:
        rows = await _open_dossiers(reading, locked=False)
    return _outdated(desk.calendar, _undecided(house, desk, rows), house.now())


async def bring_up_to_date(house: House, desk: Desk, basis: str, asked: Asked) -> list[Move]:
    """Re-date the dossiers that are :func:`outdated` (T27); answers which."""
    made: list[Move] = []

    async def write(writing: Work) -> None:
        found = await _open_dossiers(writing, locked=True)
        rows = {row.id: row for row in _undecided(house, desk, found)}
        made.extend(_outdated(desk.calendar, list(rows.values()), house.now()))
        told = {"basis": basis}
        await _redate(house, desk, writing, [rows[move.id] for move in made], told)

    async def read(reading: Work) -> dict[str, int]:
        del reading
        return {"redated": len(made)}

    await change(house, desk, asked, read, write)
    return made


async def open_count(house: House, desk: Desk) -> int:
    """How many open dossiers a change of the calendar is held against."""
    async with work(house.engine, desk.id) as reading:
        states = [state.value for state in IN_PROCESS]
        return len(await reading.fetch(_OPEN, desk.id, states))


async def apply(
    house: House, desk: Desk, before: Calendar, basis: str, *, back: bool = False
) -> list[Move]:
    """Re-date the tenant's open dossiers to the calendar it has now (T27).

    Args:
        house: The application's parts.
        desk: The tenant, with the new calendar.
        before: The calendar the dossiers were dated by.
        basis: The decision.
        back: Whether something was taken back, so that due times move earlier.

    Returns:
        What moved: exactly what :func:`preview` listed.
    """
    async with work(house.engine, desk.id) as writing:
        return await apply_within(house, desk, writing, before, basis, back=back)


async def apply_within(
    house: House, desk: Desk, writing: Work, before: Calendar, basis: str, *, back: bool = False
) -> list[Move]:
    """As :func:`apply`, together with what else the transaction *writing* does."""
    found = await _open_dossiers(writing, locked=True)
    rows = {row.id: row for row in _undecided(house, desk, found)}
    moves = _moves(before, desk.calendar, list(rows.values()), house.now(), back=back)
    told = {"basis": basis} | ({"back": "closure"} if back else {})
    await _redate(house, desk, writing, [rows[move.id] for move in moves], told)
    return moves


async def _redate(
    house: House, desk: Desk, writing: Work, rows: Sequence[DossierRow], told: dict[str, str]
) -> None:
    if not rows:
        return
    act = Act(transition="T27", at=house.now(), by=SYSTEM, data=told)
    made = [_redated(house, desk, row, act) for row in rows]
    await store.save(writing, [row for row, _ in made], [event for _, event in made])
    for row, _ in made:
        definition = house.catalogue.version(row.version_id).definition
        await tell(house, desk, writing, definition, row, "T27")


def _redated(house: House, desk: Desk, row: DossierRow, act: Act) -> tuple[DossierRow, EventRow]:
    rules = rules_for(desk, house.catalogue.version(row.version_id))
    after = with_life(row, step(life_of(row), act, rules), desk.calendar)
    return event_row(after, row, act, Role.SYSTEM, act.data, house.entropy(16))


async def _open_dossiers(reading: Work, *, locked: bool) -> list[DossierRow]:
    states = [state.value for state in IN_PROCESS]
    found = await reading.fetch(_OPEN, reading.tenant_id, states)
    ids = [row["id"] for row in found]
    fetch = store.lock if locked else store.load
    return list((await fetch(reading, ids)).values())


def _undecided(house: House, desk: Desk, rows: Iterable[DossierRow]) -> list[DossierRow]:
    """Those of *rows* that silence has not decided: no later calendar takes that back."""
    now = house.now()
    return [
        row
        for row in rows
        if not silence_decided(
            life_of(row), rules_for(desk, house.catalogue.version(row.version_id)), now
        )
    ]


def _moves(
    before: Calendar,
    after: Calendar,
    rows: Sequence[DossierRow],
    at: dt.datetime,
    *,
    back: bool,
) -> list[Move]:
    found = []
    for row in rows:
        due = moved(before, after, life_of(row).clock, at=at, back=back)
        # One that was moved already, in a run that was cut short, is not moved again.
        if due is not None and (
            row.due_at is None or (due[1] != row.due_at and (due[1] < row.due_at) is back)
        ):
            move = Move(
                id=row.id,
                code=row.code or "",
                procedure=row.procedure_code,
                before=due[0],
                after=due[1],
            )
            found.append(move)
    return found


def _outdated(calendar: Calendar, rows: Sequence[DossierRow], at: dt.datetime) -> list[Move]:
    found = []
    for row in rows:
        clock = life_of(row).clock
        if row.due_at is None or not run(calendar, clock, explain=False).running:
            continue
        after = run(calendar, (*clock, CalendarChanged(at=at)), explain=False).current_due
        if after is not None and after > row.due_at:
            code, procedure = row.code or "", row.procedure_code
            found.append(
                Move(id=row.id, code=code, procedure=procedure, before=row.due_at, after=after)
            )
    return found
