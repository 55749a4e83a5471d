"""The clock of a dossier: its events, replayed.

A dossier keeps the events of its clock. :func:`run` replays them on a calendar and
tells the promise, the legal due time, every re-dating with its ground and whether
lateness has latched. The same events on the same calendar give the same answer, so a
due time can be explained years later.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from motcua.domain.calendar import Calendar
from motcua.domain.clock_events import (
    Answered,
    Asked,
    CalendarChanged,
    ClockEvent,
    Completed,
    Extended,
    Lapsed,
    LimitSet,
    Outage,
    Paused,
    Reappointed,
    Resumed,
    Stage,
    StageEnded,
    Started,
    Stopped,
    Waited,
)
from motcua.domain.clock_replay import replay
from motcua.domain.clock_state import (
    ClockState,
    Flag,
    Ground,
    Outcome,
    Redated,
    StageState,
    Waiting,
    WaitState,
)
from motcua.domain.counting import to_moment


def run(
    calendar: Calendar,
    history: Iterable[ClockEvent],
    *,
    as_of: dt.date | None = None,
    explain: bool = True,
    now: dt.datetime | None = None,
) -> ClockState:
    """The state of a clock after its events.

    Each event counts with the calendar rows decided by its own day; a row decided
    later moves a running dossier only through a :class:`CalendarChanged`.

    Args:
        calendar: The office's days and hours, all rows.
        history: The events, in order of time; the first is :class:`Started`.
        as_of: Use no row decided after this day, whatever the events' days.
        explain: Whether to write the day-by-day explanation.
        now: The moment; where the clock stands, the days of the pause are told up to then.

    Raises:
        ClockHistoryError: the events cannot have happened in this order.
        SecondReappointmentError: there are two re-appointments.
        NotLaterError: a new date is not later than the one in force.
    """
    book = replay(calendar, history, as_of)
    return book.state(explain=explain, now=None if now is None else to_moment(now))


def moved(
    before: Calendar,
    after: Calendar,
    history: Sequence[ClockEvent],
    *,
    at: dt.datetime,
    as_of: dt.date | None = None,
    back: bool = False,
) -> tuple[dt.datetime, dt.datetime] | None:
    """What a change of the calendar would do to an open dossier.

    Args:
        before: The calendar without the change.
        after: The calendar with it.
        history: The dossier's clock events.
        at: The moment of the change.
        as_of: The day whose knowledge would count; without it, the day of *at*.
        back: Whether the change takes something back: it moves what had moved later, never
            before what was promised.

    Returns:
        The due time in force and the one that would follow, or ``None`` where nothing
        moves: the clock has stopped or waits, or what was promised is later anyway.
    """
    old = run(before, history, explain=False)
    if not old.running or old.current_due is None:
        return None
    new = run(after, (*history, CalendarChanged(at=at, as_of=as_of, back=back)), explain=False)
    if new.current_due is None or new.current_due == old.current_due:
        return None
    if (new.current_due < old.current_due) is not back:
        return None
    return old.current_due, new.current_due


__all__ = [
    "Answered",
    "Asked",
    "CalendarChanged",
    "ClockEvent",
    "ClockState",
    "Completed",
    "Extended",
    "Flag",
    "Ground",
    "Lapsed",
    "LimitSet",
    "Outage",
    "Outcome",
    "Paused",
    "Reappointed",
    "Redated",
    "Resumed",
    "Stage",
    "StageEnded",
    "StageState",
    "Started",
    "Stopped",
    "WaitState",
    "Waited",
    "Waiting",
    "moved",
    "run",
]
