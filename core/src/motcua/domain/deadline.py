"""When a dossier is due, counted the way a one-stop shop counts it.

By convention **E** (end of day) the day of reception is not counted and the dossier
is due at the closing hour of the last counted day; by **H** (hours) the count walks
through the working sessions. Nothing here reads a clock: callers pass the calendar
and the moment of reception.
"""

import datetime as dt

import msgspec

from motcua.domain.calendar import Calendar
from motcua.domain.counting import (
    counted_from,
    end_of,
    timeline_on,
    to_datetime,
    to_moment,
)
from motcua.domain.explanation import DayNote, Why, before_counting, count_days
from motcua.domain.limit import TimeLimit, Unit, parse_limit
from motcua.domain.timeline import DAY_SECONDS


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A due time and why it is that.

    Attributes:
        due: The due time, in Vietnam's time zone.
        counted_from: When the dossier counts as received.
        provisional: It rests on a calendar row that is not decided yet.
        days: Every date from reception to the due time, and what became of it.
    """

    due: dt.datetime
    counted_from: dt.datetime
    provisional: bool
    days: tuple[DayNote, ...]


def due(
    calendar: Calendar, received_at: dt.datetime, limit: TimeLimit, *, as_of: dt.date | None = None
) -> Due:
    """When a dossier received at *received_at* is due, explained day by day.

    Args:
        calendar: The office's days and hours.
        received_at: When the complete dossier was accepted; an aware time.
        limit: The procedure's time limit.
        as_of: Use only the calendar rows decided by this day; all rows without it.

    Raises:
        NaiveTimeError: *received_at* has no time zone.
        TimeRangeError: it lies outside 1900–2200.
        NoWorkingTimeError: the office has no working time in the ten years after.
    """
    known = calendar if as_of is None else calendar.as_of(as_of)
    timeline = known.timeline
    received = to_moment(received_at)
    start = counted_from(timeline, received, limit)
    end = end_of(timeline, start, limit)
    return Due(
        due=to_datetime(end),
        counted_from=to_datetime(start),
        provisional=timeline.is_unsure(received // DAY_SECONDS, end // DAY_SECONDS),
        days=(*before_counting(known, received, start), *count_days(known, (start, end), limit)),
    )


def due_at(
    calendar: Calendar, received_at: dt.datetime, limit: TimeLimit, *, as_of: dt.date | None = None
) -> dt.datetime:
    """Only the due time of :func:`due`: for bulk work."""
    timeline = timeline_on(calendar, as_of)
    return to_datetime(
        end_of(timeline, counted_from(timeline, to_moment(received_at), limit), limit)
    )


__all__ = [
    "DayNote",
    "Due",
    "TimeLimit",
    "Unit",
    "Why",
    "due",
    "due_at",
    "parse_limit",
]
