"""How a dossier counts in the periodic report on procedures (form II.06a).

The report compares *dates*: the day the result was ready (not the day it was
collected) with the day it was legally due. It looks at every dossier as it
stood at the end of the period, whatever has happened to it since. Nothing here
reads a clock or a database.
"""

import datetime as dt
import enum
from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

import msgspec

from motcua.domain.calendar import VN, Calendar
from motcua.domain.clock import run
from motcua.domain.clock_events import ClockEvent
from motcua.domain.clock_state import verdict
from motcua.domain.dossier import NOT_RECEIVED, State
from motcua.domain.errors import MotCuaError

CLOSED_WITHOUT_RESULT = (State.WITHDRAWN, State.STOPPED)
FINISHED = (State.RESULT_READY, State.RETURNED, *CLOSED_WITHOUT_RESULT)
WAITING = (State.SUPPLEMENT_REQUESTED, State.AWAITING_PAYMENT)
"""States in which the citizen is awaited: in time, unless lateness came before."""

_NEARLY_ALL = 99.9
_MONTH = 30
"""Days of a month of which only a part is counted."""

COLUMNS = tuple(f"c{n}" for n in range(3, 14))
"""The columns of form II.06a that hold numbers."""


class PeriodError(MotCuaError):
    """A period of a report ends before it begins."""

    code = "report.period-reversed"


class PeriodTooFarError(PeriodError):
    """A period of a report has days on which there can be no dossiers."""

    code = "report.period-too-far"


def percent_in_time(in_time: int, late: int, overdue: int = 0) -> float | None:
    """How many percent kept their time, of those of which that is known; none if of none.

    That is all that ended with a limit, and what is overdue now: it cannot be in time
    any more. What is not all is never rounded to a hundred.
    """
    known = in_time + late + overdue
    if known == in_time:
        return 100.0 if known else None
    return min(100 * in_time / known, _NEARLY_ALL)


class Period(msgspec.Struct, frozen=True):
    """The days a report is about, first and last included."""

    EARLIEST: ClassVar = dt.date(1900, 1, 1)
    LATEST: ClassVar = dt.date(2199, 12, 31)

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins, or lies where there are no dossiers."""
        if self.first < self.EARLIEST or self.last > self.LATEST:
            raise PeriodTooFarError(
                earliest=self.EARLIEST.isoformat(), latest=self.LATEST.isoformat()
            )
        if self.last < self.first:
            raise PeriodError(first=self.first.isoformat(), last=self.last.isoformat())

    def __contains__(self, day: dt.date) -> bool:
        """Whether *day* is one of the days."""
        return self.first <= day <= self.last

    @property
    def begin(self) -> dt.datetime:
        """Midnight at which the period begins."""
        return dt.datetime.combine(self.first, dt.time(), VN)

    @property
    def end(self) -> dt.datetime:
        """Midnight at which the period is over; what happens then is no longer in it."""
        return dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time(), VN)

    @property
    def months(self) -> float:
        """How many months it lasts; from a first of the month on, whole ones count as whole."""
        after = self.last + dt.timedelta(days=1)
        if self.first.day != 1:
            return (after - self.first).days / _MONTH
        whole = (after.year - self.first.year) * 12 + after.month - self.first.month
        return whole + (after.day - 1) / _MONTH


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One dossier as it stood at the end of a period.

    Attributes:
        field: The field of law of its procedure.
        channel: How it was handed in.
        state: Where it stood.
        received_on: The day it was received, if it was.
        finished_on: The day its clock stopped for good, if it did.
        due_on: The day it was legally due, never earlier than promised; ``None`` = no
            limit is set for it. A re-appointment does not move it.
        latched: Whether it had become late before something stopped or moved its clock.
        mistake: Whether it was entered by mistake, whenever that was found.
    """

    field: str
    channel: str
    state: State
    received_on: dt.date | None
    finished_on: dt.date | None
    due_on: dt.date | None
    latched: bool = False
    mistake: bool = False


class Group(enum.StrEnum):
    """The group of the report a dossier is counted in."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    NO_LIMIT = "no_limit"
    RUNNING_IN_TIME = "running_in_time"
    RUNNING_LATE = "running_late"
    RUNNING_NO_LIMIT = "running_no_limit"
    OUTSIDE = "outside"


Origin = Literal["online", "desk", "carried"]


class Row(msgspec.Struct, kw_only=True):
    """One line of form II.06a: a field of law with columns 3 to 13.

    ``no_limit`` and ``running_no_limit`` are beside the form: dossiers without
    a limit count among the received (c3), processed (c7) and in process (c11),
    and neither as early, on time nor late.
    """

    field: str
    c3: int = 0
    """received, total"""
    c4: int = 0
    """received in the period, online"""
    c5: int = 0
    """received in the period, at the desk and by post"""
    c6: int = 0
    """carried over from before"""
    c7: int = 0
    """processed, total"""
    c8: int = 0
    """processed early"""
    c9: int = 0
    """processed on time"""
    c10: int = 0
    """processed late"""
    c11: int = 0
    """in process, total"""
    c12: int = 0
    """in process, in time"""
    c13: int = 0
    """in process, late"""
    no_limit: int = 0
    running_no_limit: int = 0

    def add(self, origin: Origin, group: Group, times: int = 1) -> None:
        """Count *times* dossiers that came by *origin* and stand in *group*."""
        names = ("c3", *_ORIGIN_COLUMN[origin], *_GROUP_COLUMNS[group])
        for name in names:
            setattr(self, name, getattr(self, name) + times)

    def plus(self, other: "Row", field: str) -> "Row":
        """The sum of two lines, called *field*."""
        added = {name: getattr(self, name) + getattr(other, name) for name in _NUMBERS}
        return Row(field=field, **added)


_ORIGIN_COLUMN: dict[Origin, tuple[str]] = {"online": ("c4",), "desk": ("c5",), "carried": ("c6",)}
_GROUP_COLUMNS: dict[Group, tuple[str, str]] = {
    Group.EARLY: ("c7", "c8"),
    Group.ON_TIME: ("c7", "c9"),
    Group.LATE: ("c7", "c10"),
    Group.NO_LIMIT: ("c7", "no_limit"),
    Group.RUNNING_IN_TIME: ("c11", "c12"),
    Group.RUNNING_LATE: ("c11", "c13"),
    Group.RUNNING_NO_LIMIT: ("c11", "running_no_limit"),
}
_NUMBERS = (*COLUMNS, "no_limit", "running_no_limit")


def local_day(moment: dt.datetime) -> dt.date:
    """The day of *moment* on a Vietnamese calendar."""
    return moment.astimezone(VN).date()


def standing_at(
    period: Period,
    *,
    field: str,
    channel: str,
    mistake: bool,
    steps: Sequence[tuple[dt.datetime, State]],
    clock: Sequence[ClockEvent],
    calendar: Calendar,
) -> Standing:
    """How a dossier stood when *period* ended, told from its history.

    Args:
        period: What the report is about.
        field: The field of law of its procedure.
        channel: How it was handed in.
        mistake: Whether it was entered by mistake, whenever that was found.
        steps: Each event's moment and the state it led to, in order.
        clock: What has happened to its clock, in order.
        calendar: The days on which the office was open.
    """
    past = [(at, state) for at, state in steps if at < period.end]
    ticks = tuple(tick for tick in clock if tick.at < period.end)
    state = past[-1][1] if past else State.DRAFT
    finished = [at for at, reached in past if reached in FINISHED]
    if not ticks:
        return Standing(
            field=field,
            channel=channel,
            state=state,
            received_on=None,
            finished_on=None,
            due_on=None,
            mistake=mistake,
        )
    clocked = run(calendar, ticks, as_of=period.last, explain=False)
    due = None if clocked.no_limit else clocked.report_due
    return Standing(
        field=field,
        channel=channel,
        state=state,
        received_on=local_day(ticks[0].at),
        finished_on=local_day(finished[0]) if finished else None,
        due_on=None if due is None else local_day(due),
        latched=clocked.late_latched,
        mistake=mistake,
    )


def group(standing: Standing, period: Period) -> Group:
    """The group *standing* is counted in for *period*."""
    if not _counted(standing, period):
        return Group.OUTSIDE
    if standing.finished_on is not None and standing.finished_on <= period.last:
        return _processed(standing, standing.finished_on)
    return _running(standing, period)


def origin(standing: Standing, period: Period) -> Origin:
    """Whether a counted dossier is carried over, came online or to the desk."""
    if standing.received_on is not None and standing.received_on < period.first:
        return "carried"
    return "online" if standing.channel == "online" else "desk"


def tabulate(standings: Iterable[Standing], period: Period) -> list[Row]:
    """Form II.06a over *standings*: a line for each field that has dossiers."""
    rows: dict[str, Row] = {}
    for standing in standings:
        counted = group(standing, period)
        if counted is not Group.OUTSIDE:
            row = rows.setdefault(standing.field, Row(field=standing.field))
            row.add(origin(standing, period), counted)
    return [rows[field] for field in sorted(rows)]


def total(rows: Iterable[Row], field: str = "") -> Row:
    """The last line of the form: the sum of all *rows*."""
    summed = Row(field=field)
    for row in rows:
        summed = summed.plus(row, field)
    return summed


def _counted(standing: Standing, period: Period) -> bool:
    """Whether a dossier was received by the period's end and not finished before it."""
    if standing.mistake or standing.received_on is None or standing.state in NOT_RECEIVED:
        return False
    done_before = standing.finished_on is not None and standing.finished_on < period.first
    return standing.received_on <= period.last and not done_before


def _processed(standing: Standing, finished_on: dt.date) -> Group:
    due = standing.due_on
    late = standing.latched or (due is not None and finished_on > due)
    result = standing.state not in CLOSED_WITHOUT_RESULT
    return Group(verdict(due, finished_on, late=late, result=result))


def _running(standing: Standing, period: Period) -> Group:
    if standing.due_on is None:
        return Group.RUNNING_NO_LIMIT
    if standing.latched:
        return Group.RUNNING_LATE
    if standing.state in WAITING or standing.due_on >= period.last:
        return Group.RUNNING_IN_TIME
    return Group.RUNNING_LATE
