"""Where a time limit ends: plain arithmetic on a calendar's running totals.

Moments are the whole seconds of ``timeline``. A stop is a stretch in which the
clock stood; what happens around it depends on the unit. A day on which the clock
stood is not counted at all (the day of asking for a supplement and the day of its
completion are both free), an hour is counted to the second.
"""

import datetime as dt
import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

from motcua.domain.calendar import VN, Calendar
from motcua.domain.deadline_errors import NaiveTimeError, TimeRangeError
from motcua.domain.limit import HOURS_PER_DAY, TimeLimit, Unit
from motcua.domain.timeline import DAY_SECONDS, Timeline

HOUR = 3_600
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_ZERO = dt.datetime(1, 1, 1, tzinfo=VN)
_Ranges = Sequence[tuple[int, int]]


class Stop(NamedTuple):
    """A stretch in which the clock stood.

    Attributes:
        start: When it stopped.
        end: When it went on.
        outage: Whether the system was down. An outage frees only the days whose
            working time it touched; a supplement or a payment frees each of its days.
    """

    start: int
    end: int
    outage: bool = False


def to_moment(when: dt.datetime) -> int:
    """*when* in whole local seconds; parts of a second are dropped.

    Raises:
        NaiveTimeError: it has no time zone.
        TimeRangeError: it lies outside 1900–2200.
    """
    if when.tzinfo is not VN:
        if when.tzinfo is None:
            raise NaiveTimeError(time=when.isoformat())
        _require_range(when)
        when = when.astimezone(VN)
    _require_range(when)
    return when.toordinal() * DAY_SECONDS + when.hour * HOUR + when.minute * 60 + when.second


@functools.lru_cache(maxsize=65_536)
def to_datetime(moment: int) -> dt.datetime:
    """The aware local time of a moment."""
    return _ZERO + dt.timedelta(seconds=moment - DAY_SECONDS)


def to_date(moment: int) -> dt.date:
    """The local date of a moment."""
    return dt.date.fromordinal(moment // DAY_SECONDS)


def counted_from(timeline: Timeline, received: int, limit: TimeLimit | None) -> int:
    """The moment a reception counts from.

    Outside the sessions it moves to the next one of the day or to the first working
    hour that follows; after the limit's cut-off, to the opening of the next working day.
    A limit that runs round the clock moves nothing.
    """
    if limit is not None and limit.round_the_clock:
        return received
    start = timeline.settle(received)
    if limit is None or limit.last_hour is None:
        return start
    ordinal, second = divmod(start, DAY_SECONDS)
    last = limit.last_hour
    if second > last.hour * HOUR + last.minute * 60 + last.second:
        return timeline.opening(timeline.nth_after(ordinal, 1))
    return start


def end_of(timeline: Timeline, start: int, limit: TimeLimit, stops: Sequence[Stop] = ()) -> int:
    """The moment at which *limit*, counted from *start*, ends.

    Args:
        timeline: The calendar's totals.
        start: A settled moment, see :func:`counted_from`, or an earlier end.
        limit: What is counted.
        stops: When the clock stood, in order of their starts.
    """
    unit, counting = limit.unit, limit.counting
    if unit is Unit.CLOCK_HOUR:
        return _clock_end(start, limit.amount * HOUR, stops)
    if unit is Unit.WORKING_HOUR or counting == "H":
        hours = limit.amount * (HOURS_PER_DAY if unit is Unit.WORKING_DAY else 1)
        return _work_end(timeline, start, hours * HOUR, stops)
    free = free_days(timeline, stops)
    if unit is Unit.CALENDAR_DAY:
        return timeline.closing(_last_calendar_day(timeline, start, limit.amount, free))
    before = first_day_before(timeline, start, limit)
    day, left = _skip(before, limit.amount, free, timeline.days_between)
    return timeline.closing(timeline.nth_after(day, left))


def first_day_before(timeline: Timeline, start: int, limit: TimeLimit) -> int:
    """The day after which whole days are counted: that of reception.

    For ``same_day`` it is the day before, as long as the office still works after
    *start*.
    """
    ordinal = start // DAY_SECONDS
    if limit.unit is not Unit.SAME_DAY:
        return ordinal
    if timeline.is_working(ordinal) and start <= timeline.closing(ordinal):
        return ordinal - 1
    return ordinal


def calendar_end(start: int, amount: int, free: _Ranges) -> int:
    """The day on which *amount* calendar days end, before it moves off a day off."""
    day, left = _skip(start // DAY_SECONDS, amount, free, _difference)
    return day + left


def free_days(timeline: Timeline, stops: Sequence[Stop]) -> _Ranges:
    """The days that stops free, as ranges (day before the first, last), in order."""
    ranges = []
    for stop in stops:
        first, last = stop.start // DAY_SECONDS, stop.end // DAY_SECONDS
        if not stop.outage:
            ranges.append((first - 1, last))
            continue
        for ordinal in range(first, last + 1):
            midnight = ordinal * DAY_SECONDS
            start, end = max(stop.start, midnight), min(stop.end, midnight + DAY_SECONDS)
            if timeline.work_between(start, end):
                ranges.append((ordinal - 1, ordinal))
    return sorted(ranges)


def _last_calendar_day(timeline: Timeline, start: int, amount: int, free: _Ranges) -> int:
    day = timeline.next_working(calendar_end(start, amount, free))
    for before, last in free:
        if before < day <= last:
            day = timeline.nth_after(last, 1)
    return day


def _clock_end(start: int, seconds: int, stops: Sequence[Stop]) -> int:
    moment, left = _skip(start, seconds, [stop[:2] for stop in stops], _difference)
    return moment + left


def _work_end(timeline: Timeline, start: int, seconds: int, stops: Sequence[Stop]) -> int:
    ranges = [stop[:2] for stop in stops]
    moment, left = _skip(start, seconds, ranges, timeline.work_between)
    return timeline.work_after(moment, left)


def _skip(
    start: int, amount: int, ranges: _Ranges, measure: Callable[[int, int], int]
) -> tuple[int, int]:
    """Count *amount* from *start*, leaving out *ranges* (in order of their starts).

    Returns:
        A position and what is left to count from there without another interruption.
    """
    for begin, end in ranges:
        if end <= start:
            continue
        counted = measure(start, begin) if begin > start else 0
        if counted >= amount:
            break
        amount -= counted
        start = end
    return start, amount


def _difference(start: int, end: int) -> int:
    return end - start


def _require_range(when: dt.datetime) -> None:
    if not _FIRST_YEAR <= when.year <= _LAST_YEAR:
        raise TimeRangeError(time=when.isoformat(), first=_FIRST_YEAR, last=_LAST_YEAR)


def timeline_on(calendar: Calendar, as_of: dt.date | None) -> Timeline:
    """The totals of *calendar* as it was known on *as_of*; ``None``: all its rows."""
    return (calendar if as_of is None else calendar.as_of(as_of)).timeline


__all__ = [
    "HOUR",
    "Stop",
    "calendar_end",
    "counted_from",
    "end_of",
    "first_day_before",
    "free_days",
    "timeline_on",
    "to_date",
    "to_datetime",
    "to_moment",
]
