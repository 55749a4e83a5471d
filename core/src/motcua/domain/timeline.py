"""A calendar as running totals, so that counting days and hours takes no walk.

Moments are whole seconds since the first day of the calendar (``ordinal * 86400 +
second of the day``, local time); days are ordinals of :class:`datetime.date`. The
totals are built a year at a time, as far as somebody asks.
"""

import bisect
import datetime as dt
from collections.abc import Callable, Sequence
from typing import NamedTuple

from motcua.domain.deadline_errors import NoWorkingTimeError

DAY_SECONDS = 86_400
_CHUNK = 366
_PATIENCE = 3_660
_LAST_ORDINAL = dt.date.max.toordinal()


class DaySessions(NamedTuple):
    """One day of a calendar: sessions as (opens, closes, reception only), in seconds.

    ``unsure`` marks a day whose row is provisional, or for which no rows were drawn up.
    """

    sessions: tuple[tuple[int, int, bool], ...]
    unsure: bool


class _Span(NamedTuple):
    """Running totals from one first day on.

    Its lists are never changed, only replaced, so several threads may read one calendar.
    ``rank``, ``worked`` and ``unsure`` hold, for each position, the working days, the
    working seconds and the unsure days before it; they are one longer than ``sessions``.
    """

    first: int
    sessions: list[tuple[tuple[int, int, bool], ...]]
    rank: list[int]
    worked: list[int]
    unsure: list[int]
    days: list[int]

    def work_until(self, moment: int) -> int:
        """The working seconds from the first day up to *moment*."""
        ordinal, second = divmod(moment, DAY_SECONDS)
        position = ordinal - self.first
        total = self.worked[position]
        for opens, closes, desk in self.sessions[position]:
            if not desk and second > opens:
                total += min(second, closes) - opens
        return total


class Timeline:
    """Counts working days and working seconds of one calendar."""

    __slots__ = ("_day_sessions", "_span")

    def __init__(self, day_sessions: Callable[[int], DaySessions]) -> None:
        """Count the days that *day_sessions* tells, by ordinal."""
        self._day_sessions = day_sessions
        self._span: _Span | None = None

    def sessions(self, ordinal: int) -> Sequence[tuple[int, int, bool]]:
        """The sessions of a day, in seconds, those for reception only included."""
        span = self._covering(ordinal, ordinal)
        return span.sessions[ordinal - span.first]

    def is_working(self, ordinal: int) -> bool:
        """Whether a day has working time."""
        span = self._covering(ordinal, ordinal)
        position = ordinal - span.first
        return span.rank[position + 1] > span.rank[position]

    def days_between(self, first: int, last: int) -> int:
        """How many working days come after *first*, up to and with *last*."""
        span = self._covering(first, last)
        return span.rank[last - span.first + 1] - span.rank[first - span.first + 1]

    def nth_after(self, ordinal: int, count: int) -> int:
        """The *count*-th working day after *ordinal*."""
        span = self._covering(ordinal, ordinal)
        index = span.rank[ordinal - span.first + 1] + count - 1
        while index >= len(span.days):
            span = self._grown(span)
        return span.days[index]

    def next_working(self, ordinal: int) -> int:
        """The first working day that is not before *ordinal*."""
        return self.nth_after(ordinal - 1, 1)

    def opening(self, ordinal: int) -> int:
        """The moment at which working time begins on a working day."""
        opens = next(opens for opens, _, desk in self.sessions(ordinal) if not desk)
        return ordinal * DAY_SECONDS + opens

    def closing(self, ordinal: int) -> int:
        """The moment at which working time ends on a working day."""
        closes = next(closes for _, closes, desk in reversed(self.sessions(ordinal)) if not desk)
        return ordinal * DAY_SECONDS + closes

    def work_between(self, start: int, end: int) -> int:
        """How many working seconds lie between two moments."""
        span = self._covering(start // DAY_SECONDS, end // DAY_SECONDS)
        return span.work_until(end) - span.work_until(start)

    def work_after(self, moment: int, seconds: int) -> int:
        """The moment at which *seconds* of working time have passed since *moment*.

        It is the earliest such moment, so the end of a session stays where it is.
        """
        span = self._covering(moment // DAY_SECONDS, moment // DAY_SECONDS)
        target = span.work_until(moment) + seconds
        while span.worked[-1] < target:
            span = self._grown(span)
        position = bisect.bisect_left(span.worked, target) - 1
        left = target - span.worked[position]
        second = 0
        for opens, closes, desk in span.sessions[position]:
            if not desk and left > 0:
                second = opens + min(left, closes - opens)
                left -= closes - opens
        return (span.first + position) * DAY_SECONDS + second

    def settle(self, moment: int) -> int:
        """When a reception at *moment* counts as received.

        Inside a session: then. Before one on the same day, or at lunch: when the next
        session opens. After the last one, or on a day off: at the first working hour.
        """
        ordinal, second = divmod(moment, DAY_SECONDS)
        for opens, closes, _ in self.sessions(ordinal):
            if second <= closes:
                return moment if second >= opens else ordinal * DAY_SECONDS + opens
        return self.opening(self.nth_after(ordinal, 1))

    def is_unsure(self, first: int, last: int) -> bool:
        """Whether any day from *first* to *last* is provisional or beyond the rows."""
        span = self._covering(first, last)
        return span.unsure[last - span.first + 1] > span.unsure[first - span.first]

    def _covering(self, first: int, last: int) -> _Span:
        """Totals of at least the days from *first* to *last*."""
        span = self._span
        if span is None or first < span.first:
            year = dt.date.fromordinal(first).year
            span = self._span = _Span(dt.date(year, 1, 1).toordinal(), [], [0], [0], [0], [])
        while last - span.first >= len(span.sessions):
            span = self._grown(span)
        return span

    def _grown(self, span: _Span) -> _Span:
        """*span* and a year more.

        Raises:
            NoWorkingTimeError: there was no working time in its last ten years.
        """
        begin = span.first + len(span.sessions)
        latest = span.days[-1] if span.days else span.first
        if begin - latest > _PATIENCE or begin > _LAST_ORDINAL:
            raise NoWorkingTimeError(after=dt.date.fromordinal(latest).isoformat())
        rank, worked, unsure = span.rank[-1:], span.worked[-1:], span.unsure[-1:]
        sessions, days = [], []
        for ordinal in range(begin, min(begin + _CHUNK, _LAST_ORDINAL + 1)):
            day = self._day_sessions(ordinal)
            work = sum(closes - opens for opens, closes, desk in day.sessions if not desk)
            if work:
                days.append(ordinal)
            sessions.append(day.sessions)
            rank.append(len(span.days) + len(days))
            worked.append(worked[-1] + work)
            unsure.append(unsure[-1] + day.unsure)
        self._span = _Span(
            span.first,
            span.sessions + sessions,
            span.rank + rank[1:],
            span.worked + worked[1:],
            span.unsure + unsure[1:],
            span.days + days,
        )
        return self._span


__all__ = ["DAY_SECONDS", "DaySessions", "Timeline"]
