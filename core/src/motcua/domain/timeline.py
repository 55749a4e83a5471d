"""A calendar as running totals, so that counting days and hours takes no walk.

Moments are whole seconds since the first day of the calendar (``ordinal * 86400 +
second of the day``, local time); days are ordinals of :class:`datetime.date`. The
totals are built a year at a time, as far as somebody asks.
"""

import bisect
import datetime as dt
import threading
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


class _Span:
    """Running totals from one first day on; it only ever grows forward."""

    __slots__ = ("_day_sessions", "_lock", "days", "first", "rank", "sessions", "unsure", "worked")

    def __init__(self, first: int, day_sessions: Callable[[int], DaySessions]) -> None:
        self.first = first
        self.days: list[int] = []
        self.rank = [0]
        self.worked = [0]
        self.unsure = [0]
        self.sessions: list[tuple[tuple[int, int, bool], ...]] = []
        self._day_sessions = day_sessions
        self._lock = threading.Lock()

    def reach(self, ordinal: int) -> int:
        """The position of *ordinal* in the totals, built as far as needed."""
        position = ordinal - self.first
        while position >= len(self.sessions):
            self.grow(len(self.sessions))
        return position

    def work_until(self, moment: int) -> int:
        """The working seconds from the first day up to *moment*."""
        ordinal, second = divmod(moment, DAY_SECONDS)
        position = self.reach(ordinal)
        total = self.worked[position]
        for opens, closes, desk in self.sessions[position]:
            if not desk and second > opens:
                total += min(second, closes) - opens
        return total

    def grow(self, length: int) -> None:
        """Add a year, unless another thread did so since *length* was read."""
        with self._lock:
            if len(self.sessions) != length:
                return
            self._require_working_time()
            begin = self.first + length
            chunk = range(begin, min(begin + _CHUNK, _LAST_ORDINAL + 1))
            found = [self._day_sessions(ordinal) for ordinal in chunk]
            for ordinal, day in zip(chunk, found, strict=True):
                work = sum(closes - opens for opens, closes, desk in day.sessions if not desk)
                if work:
                    self.days.append(ordinal)
                self.rank.append(len(self.days))
                self.worked.append(self.worked[-1] + work)
                self.unsure.append(self.unsure[-1] + day.unsure)
            self.sessions.extend(day.sessions for day in found)

    def _require_working_time(self) -> None:
        end = self.first + len(self.sessions)
        latest = self.days[-1] if self.days else self.first
        if end - latest > _PATIENCE or end > _LAST_ORDINAL:
            raise NoWorkingTimeError(after=dt.date.fromordinal(latest).isoformat())


class Timeline:
    """Counts working days and working seconds of one calendar."""

    __slots__ = ("_day_sessions", "_span")

    def __init__(self, day_sessions: Callable[[int], DaySessions]) -> None:
        """Count the days that *day_sessions* tells, by ordinal."""
        self._day_sessions = day_sessions
        self._span: _Span | None = None

    def sessions(self, ordinal: int) -> Sequence[tuple[int, int, bool]]:
        """The sessions of a day, in seconds, those for reception only included."""
        span = self._from(ordinal)
        return span.sessions[span.reach(ordinal)]

    def is_working(self, ordinal: int) -> bool:
        """Whether a day has working time."""
        span = self._from(ordinal)
        position = span.reach(ordinal)
        return span.rank[position + 1] > span.rank[position]

    def days_between(self, first: int, last: int) -> int:
        """How many working days come after *first*, up to and with *last*."""
        span = self._from(first)
        return span.rank[span.reach(last) + 1] - span.rank[span.reach(first) + 1]

    def nth_after(self, ordinal: int, count: int) -> int:
        """The *count*-th working day after *ordinal*."""
        span = self._from(ordinal)
        index = span.rank[span.reach(ordinal) + 1] + count - 1
        while index >= len(span.days):
            span.grow(len(span.sessions))
        return span.days[index]

    def next_working(self, ordinal: int) -> int:
        """The first working day that is not before *ordinal*."""
        return ordinal if self.is_working(ordinal) else self.nth_after(ordinal, 1)

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
        span = self._from(start // DAY_SECONDS)
        return span.work_until(end) - span.work_until(start)

    def work_after(self, moment: int, seconds: int) -> int:
        """The moment at which *seconds* of working time have passed since *moment*.

        It is the earliest such moment, so the end of a session stays where it is.
        """
        span = self._from(moment // DAY_SECONDS)
        target = span.work_until(moment) + seconds
        while span.worked[-1] < target:
            span.grow(len(span.sessions))
        position = bisect.bisect_left(span.worked, target) - 1
        left = target - span.worked[position]
        for opens, closes, desk in span.sessions[position]:
            if desk:
                continue
            if left <= closes - opens:
                return (span.first + position) * DAY_SECONDS + opens + left
            left -= closes - opens
        raise AssertionError(target)  # pragma: no cover - the totals say it lies in this day

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
        span = self._from(first)
        end = span.reach(last) + 1
        return span.unsure[end] > span.unsure[first - span.first]

    def _from(self, ordinal: int) -> _Span:
        """Totals that begin early enough for *ordinal*."""
        span = self._span
        if span is None or ordinal < span.first:
            year = dt.date.fromordinal(ordinal).year
            first = dt.date(max(year - 1, 1), 1, 1).toordinal()
            span = self._span = _Span(first, self._day_sessions)
        return span


__all__ = ["DAY_SECONDS", "DaySessions", "Timeline"]
