"""Adding hours of work to a moment, for whoever invents or simulates work."""

import bisect
import datetime as dt
import itertools

from motcua.domain.calendar import VN, Calendar

HOUR = 3600.0


class WorkTime:
    """The working time of an office between two days, as one line to walk on."""

    def __init__(self, calendar: Calendar, first: dt.date, last: dt.date) -> None:
        """Lay out the working sessions of *first* to *last*, both included."""
        self.days: list[dt.date] = []
        self._starts: list[float] = []
        self._ends: list[float] = []
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = dt.date.fromordinal(ordinal)
            sessions = calendar.facts(day).working
            if sessions:
                self.days.append(day)
            for session in sessions:
                self._starts.append(dt.datetime.combine(day, session.opens, VN).timestamp())
                self._ends.append(dt.datetime.combine(day, session.closes, VN).timestamp())
        lengths = (end - start for start, end in zip(self._starts, self._ends, strict=True))
        self._worked = list(itertools.accumulate(lengths, initial=0.0))

    def after(self, moment: dt.datetime, hours: float) -> dt.datetime:
        """The moment *hours* of work after *moment* (before it, if negative)."""
        return self._at(self._position(moment) + hours * HOUR)

    def opening(self, moment: dt.datetime) -> dt.datetime:
        """*moment*, or the next opening where the office is closed then."""
        return self.after(moment, 0)

    def latest(self, moment: dt.datetime) -> dt.datetime:
        """*moment*, or the last close before it where the office is closed then."""
        at = bisect.bisect_right(self._starts, moment.timestamp()) - 1
        return _moment(min(moment.timestamp(), self._ends[at]))

    def _position(self, moment: dt.datetime) -> float:
        stamp = moment.timestamp()
        at = bisect.bisect_right(self._starts, stamp) - 1
        if at < 0:
            return 0.0
        return self._worked[at] + min(stamp, self._ends[at]) - self._starts[at]

    def _at(self, position: float) -> dt.datetime:
        at = bisect.bisect_right(self._worked, max(position, 0.0)) - 1
        at = min(at, len(self._starts) - 1)
        return _moment(self._starts[at] + position - self._worked[at])


def _moment(stamp: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(round(stamp), VN)
