"""On which days, and at which hours, a one-stop shop works.

A calendar is data: the national rows of holidays, substitutes and swapped days, the
closures of one commune and its opening hours. Each row knows since when it was
decided, because a due time computed at a moment may use only what was decided by
then (:meth:`Calendar.as_of`). Lunar dates are never computed here: who decides a
holiday writes a row.
"""

import bisect
import datetime as dt
import functools
import itertools
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from motcua.domain.deadline_errors import SessionsError
from motcua.domain.timeline import DaySessions, Timeline

VN = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = dt.time(12)
SATURDAY = 5

Kind = Literal["holiday", "substitute", "swap_off", "swap_work"]
Half = Literal["morning", "afternoon"]


class Session(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One stretch of an opening day, such as 07:30–11:30.

    Attributes:
        opens: When it begins.
        closes: When it ends.
        reception_only: People are received, but it is no working time: a Saturday
            morning that adds nothing to any deadline.
    """

    opens: dt.time
    closes: dt.time
    reception_only: bool = False

    def __post_init__(self) -> None:
        """Refuse a session that ends before it begins."""
        if self.opens >= self.closes:
            raise SessionsError(opens=f"{self.opens:%H:%M}", closes=f"{self.closes:%H:%M}")

    @property
    def half(self) -> Half:
        """The half of the day it belongs to, by its beginning."""
        return "morning" if self.opens < NOON else "afternoon"


Day = tuple[Session, ...]
Week = tuple[Day, Day, Day, Day, Day, Day, Day]


class WeeklyHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sessions of each weekday, Monday first, from a date on.

    Attributes:
        week: Seven days, each a tuple of sessions in order; empty where closed.
        valid_from: The first date they hold; ``None`` for ever before.
        decided_on: Since when this is known; ``None`` for always.
        basis: The decision that set them.
    """

    week: Week
    valid_from: dt.date | None = None
    decided_on: dt.date | None = None
    basis: str = ""

    def __post_init__(self) -> None:
        """Refuse sessions that overlap or are out of order."""
        for day in self.week:
            for before, after in itertools.pairwise(day):
                if before.closes > after.opens:
                    raise SessionsError(
                        opens=f"{after.opens:%H:%M}", closes=f"{before.closes:%H:%M}"
                    )


class OpeningHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An office's weekly hours over the years; the latest that has begun holds."""

    weeks: tuple[WeeklyHours, ...]

    def on(self, day: dt.date) -> WeeklyHours | None:
        """The weekly hours in force on *day*, or ``None`` before the first."""
        found = None
        for hours in self.weeks:
            if hours.valid_from is None or hours.valid_from <= day:
                found = hours
        return found


_MORNING = Session(opens=dt.time(7, 30), closes=dt.time(11, 30))
_AFTERNOON = Session(opens=dt.time(13), closes=dt.time(17))
_WORKDAY: Day = (_MORNING, _AFTERNOON)

NATIONAL_HOURS = OpeningHours(
    weeks=(WeeklyHours(week=(_WORKDAY, _WORKDAY, _WORKDAY, _WORKDAY, _WORKDAY, (), ())),)
)
"""Monday to Friday, 07:30–11:30 and 13:00–17:00: where a tenant says nothing else."""


class CalendarDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day that is not what its weekday says.

    Attributes:
        date: The day.
        kind: A legal holiday; a weekday off in place of a holiday that fell on a day
            off (nghỉ bù); a weekday off, or a Saturday worked, by a swap (hoán đổi).
        name: What it is called, in Vietnamese.
        basis: The law or letter.
        decided_on: The day from which a computation may use it.
        provisional: Proposed, not decided; used, but every due time that rests on it
            says so.
        replaces: The holiday a substitute stands for.
        pair: The other day of a swap.
        withdrawn_on: The day from which it is no longer used, for a proposal that was
            decided otherwise.
    """

    date: dt.date
    kind: Kind
    name: str
    basis: str
    decided_on: dt.date | None = None
    provisional: bool = False
    replaces: dt.date | None = None
    pair: dt.date | None = None
    withdrawn_on: dt.date | None = None


class Closure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day, or half a day, on which one commune's office is closed.

    Attributes:
        date: The day.
        sessions: The halves that are closed; ``None`` closes the whole day.
        reason: Why, as shown to people.
        basis: The decision.
        decided_on: Since when it is known; ``None`` for always.
        withdrawn_on: The day from which it does not hold: the office opens after all.
    """

    date: dt.date
    sessions: tuple[Half, ...] | None = None
    reason: str = ""
    basis: str = ""
    decided_on: dt.date | None = None
    withdrawn_on: dt.date | None = None

    def closes(self, session: Session) -> bool:
        """Whether *session* falls out."""
        return self.sessions is None or session.half in self.sessions


class DayFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a calendar says about one date.

    Attributes:
        date: The date.
        sessions: Its sessions, those for reception only included.
        row: The calendar row that decides it, if any.
        closure: The commune's closure, if any.
        regular: The sessions it would have without any row or closure.
        provisional: Whether a row that is not decided yet makes the day what it is.
        half: Whether a closure leaves only a part of its working time.
    """

    date: dt.date
    sessions: Day
    row: CalendarDay | None
    closure: Closure | None
    regular: Day
    provisional: bool
    half: bool

    @property
    def working(self) -> Day:
        """The sessions that count as working time."""
        return _working(self.sessions)


class Calendar(msgspec.Struct, frozen=True, kw_only=True, dict=True, weakref=True):
    """The days and hours of one office.

    Attributes:
        days: The national rows.
        closures: The office's own closures.
        hours: Its opening hours.
        covers: The dates the rows were drawn up for; a due time beyond them is
            provisional, because its holidays are not known. ``None`` asks nothing.
    """

    days: tuple[CalendarDay, ...] = ()
    closures: tuple[Closure, ...] = ()
    hours: OpeningHours = NATIONAL_HOURS
    covers: tuple[dt.date, dt.date] | None = None

    def as_of(self, day: dt.date) -> "Calendar":
        """The calendar as it was known on *day*.

        Rows decided later are left out. Provisional rows stay, because they were
        always known to be proposals. Views are kept, so asking again is cheap.
        """
        epoch = bisect.bisect_right(self._epochs, day)
        if epoch == len(self._epochs):
            return self
        views = self._views
        if epoch not in views:
            views[epoch] = self._known_on(day)
        return views[epoch]

    def facts(self, day: dt.date) -> DayFacts:
        """What *day* is, and by which row."""
        row, closure = self._rows.get(day), self._closures.get(day)
        regular = self._regular(day)
        whole = regular if row is None else self._sessions_of(row)
        sessions = _open(whole, closure)
        return DayFacts(
            date=day,
            sessions=sessions,
            row=row,
            closure=closure,
            regular=regular,
            provisional=row is not None and row.provisional and sessions != _open(regular, closure),
            half=0 < len(_working(sessions)) < len(_working(whole)),
        )

    def is_working_day(self, day: dt.date) -> bool:
        """Whether *day* has working time; half a day is enough."""
        return bool(self.facts(day).working)

    def is_working_time(self, moment: dt.datetime) -> bool:
        """Whether *moment* lies in a working session, its two ends included."""
        local = moment.astimezone(VN)
        now = local.time()
        working = self.facts(local.date()).working
        return any(session.opens <= now <= session.closes for session in working)

    @functools.cached_property
    def timeline(self) -> Timeline:
        """The calendar as an index that counts working days and seconds quickly."""
        return Timeline(self._day_sessions)

    def _day_sessions(self, ordinal: int) -> DaySessions:
        facts = self.facts(dt.date.fromordinal(ordinal))
        sessions = tuple(
            (_seconds(session.opens), _seconds(session.closes), session.reception_only)
            for session in facts.sessions
        )
        return DaySessions(sessions, facts.provisional or not self._covered(facts.date))

    def _covered(self, day: dt.date) -> bool:
        return self.covers is None or self.covers[0] <= day <= self.covers[1]

    def _regular(self, day: dt.date) -> Day:
        hours = self.hours.on(day)
        return hours.week[day.weekday()] if hours else ()

    def _sessions_of(self, row: CalendarDay) -> Day:
        """The sessions a row leaves: none, or for a swap those of the other weekday.

        A worked Saturday that does not name its pair is worked like the last weekday
        before it that has sessions.
        """
        hours = self.hours.on(row.date)
        if row.kind != "swap_work" or hours is None:
            return ()
        if row.pair is not None:
            return hours.week[row.pair.weekday()]
        for weekday in reversed(hours.week[:SATURDAY]):
            if weekday:
                return weekday
        return ()

    def _known_on(self, day: dt.date) -> "Calendar":
        def decided(on: dt.date | None) -> bool:
            return on is None or on <= day

        def holds(row: CalendarDay | Closure) -> bool:
            return row.withdrawn_on is None or row.withdrawn_on > day

        days = tuple(
            row for row in self.days if (row.provisional or decided(row.decided_on)) and holds(row)
        )
        closed = (row for row in self.closures if decided(row.decided_on) and holds(row))
        return Calendar(
            days=tuple(msgspec.structs.replace(row, withdrawn_on=None) for row in days),
            closures=tuple(msgspec.structs.replace(row, withdrawn_on=None) for row in closed),
            hours=OpeningHours(
                weeks=tuple(row for row in self.hours.weeks if decided(row.decided_on))
            ),
            covers=self.covers,
        )

    @functools.cached_property
    def _epochs(self) -> list[dt.date]:
        """The days on which what is known changes, in order."""
        told = [row.decided_on for row in self.days]
        told += [row.withdrawn_on for row in self.days]
        told += [closure.decided_on for closure in self.closures]
        told += [closure.withdrawn_on for closure in self.closures]
        told += [hours.decided_on for hours in self.hours.weeks]
        return sorted({day for day in told if day is not None})

    @functools.cached_property
    def _views(self) -> "dict[int, Calendar]":
        return {}

    @functools.cached_property
    def _rows(self) -> dict[dt.date, CalendarDay]:
        """The row that decides each date: a decided one before a provisional one."""
        ranked = sorted(
            (row for row in self.days if row.withdrawn_on is None),
            key=lambda row: (not row.provisional, row.decided_on or dt.date.min),
        )
        return {row.date: row for row in ranked}

    @functools.cached_property
    def _closures(self) -> dict[dt.date, Closure]:
        return {row.date: row for row in self.closures if row.withdrawn_on is None}


def _open(sessions: Day, closure: Closure | None) -> Day:
    if closure is None:
        return sessions
    return tuple(session for session in sessions if not closure.closes(session))


def _working(sessions: Day) -> Day:
    return tuple(session for session in sessions if not session.reception_only)


def _seconds(time: dt.time) -> int:
    return time.hour * 3600 + time.minute * 60 + time.second


__all__ = [
    "NATIONAL_HOURS",
    "VN",
    "Calendar",
    "CalendarDay",
    "Closure",
    "Day",
    "DayFacts",
    "Half",
    "Kind",
    "OpeningHours",
    "Session",
    "Week",
    "WeeklyHours",
]
