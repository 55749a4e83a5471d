"""Random calendars and random histories of clocks, seeded."""

import datetime as dt
import random

from motcua.domain.calendar import (
    VN,
    Calendar,
    CalendarDay,
    Closure,
    Day,
    Half,
    OpeningHours,
    Session,
    WeeklyHours,
)
from motcua.domain.clock import (
    Asked,
    CalendarChanged,
    ClockEvent,
    Completed,
    Extended,
    Outage,
    Paused,
    Reappointed,
    Resumed,
    Started,
    Stopped,
    run,
)
from motcua.domain.deadline import due
from motcua.domain.deadline_errors import NotLaterError
from motcua.domain.limit import TimeLimit, Unit, parse_limit

FIRST = dt.date(2025, 3, 3)
SPAN = 70


def session(opens: str, closes: str, *, reception_only: bool = False) -> Session:
    return Session(
        opens=dt.time.fromisoformat(opens),
        closes=dt.time.fromisoformat(closes),
        reception_only=reception_only,
    )


USUAL = (session("07:30", "11:30"), session("13:00", "17:00"))
EARLY = (session("07:00", "11:15"), session("13:30", "17:05"))
MORNING = USUAL[:1]
AFTERNOON = USUAL[1]
DESK = (session("08:00", "11:00", reception_only=True),)
EVENING = (*USUAL, session("17:30", "19:00", reception_only=True))
HALVES: tuple[tuple[Half, ...] | None, ...] = (
    None,
    ("morning",),
    ("afternoon",),
    ("morning", "afternoon"),
)
TABLES: tuple[tuple[Day, Day, Day, Day, Day, Day, Day], ...] = (
    (USUAL, USUAL, USUAL, USUAL, USUAL, (), ()),
    (USUAL, USUAL, USUAL, USUAL, USUAL, DESK, ()),
    (EARLY, EVENING, USUAL, (), MORNING, DESK, DESK),
    (USUAL, USUAL, EVENING, USUAL, USUAL, MORNING, ()),
)


def opening(*days: Day, since: dt.date | None = None, basis: str = "") -> WeeklyHours:
    """The hours of a week: seven days, or five and a free weekend, or one like all."""
    whole = days * 7 if len(days) == 1 else (*days, (), ()) if len(days) == 5 else days
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = whole
    week = (monday, tuesday, wednesday, thursday, friday, saturday, sunday)
    return WeeklyHours(week=week, valid_from=since, basis=basis)


def open_as(*weeks: WeeklyHours) -> Calendar:
    """An office with these hours and no holiday."""
    return Calendar(hours=OpeningHours(weeks=weeks))


def at(text: str) -> dt.datetime:
    """A local time."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=VN)


def whys(calendar: Calendar, received: str, limit: str) -> list[tuple[str, float, str]]:
    found = due(calendar, at(received), parse_limit(limit))
    return [(note.date.isoformat()[5:], note.counted, note.why.value) for note in found.days]


def random_calendar(dice: random.Random) -> Calendar:
    """A calendar of seventy days with a few rows of every kind."""
    dates = [FIRST + dt.timedelta(days=number) for number in range(SPAN)]
    dice.shuffle(dates)
    days = [_row(dice, dates.pop()) for _ in range(dice.randrange(20))]
    closures = [
        Closure(
            date=dates.pop(),
            sessions=dice.choice(HALVES),
            decided_on=_decided(dice),
        )
        for _ in range(dice.randrange(8))
    ]
    weeks = [WeeklyHours(week=dice.choice(TABLES))]
    if dice.random() < 0.3:
        later = FIRST + dt.timedelta(days=dice.randrange(SPAN))
        weeks.append(
            WeeklyHours(
                week=dice.choice(TABLES), valid_from=later, decided_on=later - dt.timedelta(days=9)
            )
        )
    return Calendar(
        days=tuple(days), closures=tuple(closures), hours=OpeningHours(weeks=tuple(weeks))
    )


def _row(dice: random.Random, date: dt.date) -> CalendarDay:
    provisional = dice.random() < 0.2
    withdrawn = FIRST + dt.timedelta(days=dice.randrange(SPAN)) if dice.random() < 0.3 else None
    kind = dice.choice(["holiday", "substitute", "swap_off", "swap_work", "swap_work"])
    return CalendarDay(
        date=date,
        kind=kind,  # type: ignore[arg-type]  # one of the four, drawn from a list
        name="ngày thử",
        basis="thử",
        pair=date + dt.timedelta(days=dice.randrange(7)),
        provisional=provisional,
        withdrawn_on=withdrawn if provisional else None,
        decided_on=None if provisional else _decided(dice),
    )


def _decided(dice: random.Random) -> dt.date | None:
    known = dice.random() < 0.5
    return None if known else FIRST + dt.timedelta(days=dice.randrange(SPAN))


def random_limit(dice: random.Random, *, same_day: bool = True) -> TimeLimit:
    """A limit of any unit, with and without a cut-off of its own."""
    unit = dice.choice([each for each in Unit if same_day or each is not Unit.SAME_DAY])
    most = {Unit.WORKING_HOUR: 20, Unit.CLOCK_HOUR: 60, Unit.SAME_DAY: 3}.get(unit, 9)
    hours = unit is Unit.WORKING_DAY and dice.random() < 0.3
    cutoff = dice.choice([None, None, dt.time(10), dt.time(15), dt.time(16, 30)])
    return TimeLimit(
        amount=dice.randint(1, most),
        unit=unit,
        convention="H" if hours else None,
        cutoff=cutoff if same_day else None,
    )


def random_moment(dice: random.Random, after: dt.datetime, hours: int) -> dt.datetime:
    return after + dt.timedelta(minutes=dice.randrange(hours * 60))


def random_history(dice: random.Random, calendar: Calendar) -> tuple[ClockEvent, ...]:
    """A possible history: up to six events after the start."""
    now = dt.datetime.combine(FIRST, dt.time(), VN)
    now = random_moment(dice, now, 20 * 24)
    history: tuple[ClockEvent, ...] = (Started(at=now, limit=random_limit(dice)),)
    waiting = ""
    appointed = False
    for _ in range(dice.randrange(7)):
        now = random_moment(dice, now, dice.choice([3, 30, 100]))
        event = _resuming(dice, now, waiting) if waiting else _event(dice, now, appointed=appointed)
        try:
            run(calendar, (*history, event), explain=False)
        except NotLaterError:
            continue
        history = (*history, event)
        waiting = {"Asked": "asked", "Paused": "paused"}.get(type(event).__name__, "")
        appointed = appointed or isinstance(event, Reappointed)
    if dice.random() < 0.5:
        now = random_moment(dice, now, 100)
        outcome = dice.choice(["result", "result", "withdrawn", "stopped"])
        history = (*history, Stopped(at=now, outcome=outcome))  # type: ignore[arg-type]  # drawn from a list
    return history


def _resuming(dice: random.Random, now: dt.datetime, waiting: str) -> ClockEvent:
    if waiting == "paused":
        return Resumed(at=now)
    return Completed(at=now, policy="restart" if dice.random() < 0.5 else "resume")


def _event(dice: random.Random, now: dt.datetime, *, appointed: bool) -> ClockEvent:
    choices: list[ClockEvent] = [
        Asked(at=now),
        Paused(at=now),
        _outage(dice, now),
        _extension(dice, now),
        CalendarChanged(at=now),
    ]
    if not appointed:
        choices.append(Reappointed(at=now, new_due=random_moment(dice, now, 200)))
    return dice.choice(choices)


def _outage(dice: random.Random, now: dt.datetime) -> Outage:
    start = random_moment(dice, now - dt.timedelta(hours=30), 60)
    return Outage(at=now, start=start, until=start + dt.timedelta(minutes=dice.randint(1, 1500)))


def _extension(dice: random.Random, now: dt.datetime) -> Extended:
    if dice.random() < 0.5:
        return Extended(at=now, limit=random_limit(dice, same_day=False), ground="luật")
    return Extended(at=now, until=random_moment(dice, now, 200), paper="biên bản")
