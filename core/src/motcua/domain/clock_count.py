"""One clock being counted: of a whole dossier, or of one agency's part of it."""

import copy
import datetime as dt
import itertools
from collections.abc import Iterator
from typing import NamedTuple

from motcua.domain.calendar import Calendar
from motcua.domain.counting import Stop, counted_from, end_of, to_datetime
from motcua.domain.explanation import (
    RECEPTION,
    DayNote,
    Reason,
    Why,
    before_counting,
    count_days,
    days_between,
)
from motcua.domain.limit import TimeLimit
from motcua.domain.timeline import DAY_SECONDS, Timeline


class BreakOff(NamedTuple):
    """Where a count breaks off before its due time.

    Attributes:
        at: The moment up to which days have passed.
        pause: Since when the clock stood, and why, if it did.
        ended: Whether it will never go on.
    """

    at: int
    pause: tuple[Stop, Reason] | None
    ended: bool


class Count:
    """What one clock counts, and the due times that follow.

    ``legal`` is what the rules give; ``floor`` what was told to people and therefore
    never becomes earlier; ``shifted`` what a change of the calendar made of it, which only
    goes back when that change is taken back; ``given`` the date of an officer; ``fixed``
    the end of a campaign, which stands in the place of a limit; ``agreed`` a date agreed in
    writing; ``appointed`` the date of a re-appointment, which reports do not look at.
    """

    __slots__ = (
        "agreed",
        "appointed",
        "begun",
        "calendar",
        "extensions",
        "fixed",
        "floor",
        "given",
        "late_since",
        "legal",
        "limit",
        "missed_hour",
        "past",
        "received",
        "restarted",
        "shifted",
        "start",
        "stops",
    )

    def __init__(self, calendar: Calendar, received: int, limit: TimeLimit | None) -> None:
        """Count *limit* from a reception at *received*."""
        self.calendar = calendar
        self.received = self.begun = self.start = received
        self.limit = limit
        self.extensions: list[tuple[TimeLimit, Reason]] = []
        self.stops: list[tuple[Stop, Reason]] = []
        self.past: list[tuple[Stop, Reason]] = []
        self.restarted = False
        self.agreed: tuple[int, Reason] | None = None
        self.given: int | None = None
        self.fixed: tuple[int, Reason] | None = None
        self.appointed: tuple[int, Reason] | None = None
        self.legal: int | None = None
        self.floor = self.shifted = 0
        self.late_since: int | None = None
        self.missed_hour = False
        self.recount(calendar, firm=True)

    @property
    def held(self) -> int:
        """What the due time does not fall below."""
        return max(self.floor, self.shifted)

    @property
    def report_due(self) -> int | None:
        """The due time reports compare with; ``None`` without a known limit."""
        return None if self.legal is None else max(self.legal, self.held)

    @property
    def current_due(self) -> int | None:
        """The due time in force, re-appointment included."""
        due = self.given if self.legal is None else max(self.legal, self.held)
        if due is None:
            return None
        if self.legal is None and self.agreed is not None:
            due = max(due, self.agreed[0])
        return due if self.appointed is None else max(due, self.appointed[0])

    def recount(self, calendar: Calendar, *, firm: bool) -> None:
        """Count again on *calendar*; a *firm* due time will not become earlier."""
        self.calendar = calendar
        timeline = calendar.timeline
        self.start = counted_from(timeline, self.begun, self.limit)
        if self.limit is not None:
            end = self._ends(timeline)[-1]
        elif self.fixed is not None:
            end = self.fixed[0]
        else:
            return
        self.legal = end if self.agreed is None else max(end, self.agreed[0])
        if firm:
            self.keep()

    def keep(self) -> None:
        """The due time was told to people: from now on it will not become earlier."""
        if self.legal is not None:
            self.floor = max(self.floor, self.legal)

    def shift(self, calendar: Calendar, *, firm: bool, back: bool) -> None:
        """Count again on a changed *calendar*; one that takes a change *back* may move earlier."""
        if back:
            self.shifted = 0
        self.recount(calendar, firm=False)
        if firm and self.legal is not None:
            self.shifted = max(self.shifted, self.legal)

    def stop(self, stop: Stop, reason: Reason) -> None:
        """Leave out a stretch in which the clock stood."""
        self.stops.append((stop, reason))
        self.stops.sort(key=_start)

    def shorten(self, entry: tuple[Stop, Reason], end: int) -> None:
        """End a stop earlier than was assumed, if this clock knows it."""
        if entry in self.stops:
            stop, reason = entry
            self.stops[self.stops.index(entry)] = stop._replace(end=end), reason

    def restart(self, asked: int, completed: int, reason: Reason) -> None:
        """Count the whole limit again from the completion of a supplement."""
        self.past += [*self.stops, (Stop(asked, completed), reason)]
        self.stops = [entry for entry in self.stops if entry[0].end > completed]
        self.begun = completed
        self.restarted = True

    def latch(self, moment: int) -> None:
        """Keep that the due time had passed at *moment*: nothing undoes lateness."""
        due = self.report_due
        if due is None or moment <= due:
            return
        self.missed_hour = True
        if self.late_since is None and moment // DAY_SECONDS > due // DAY_SECONDS:
            self.late_since = due

    @property
    def unsure(self) -> bool:
        """Whether the due time rests on rows that are not decided yet."""
        due = self.report_due
        first = self.received // DAY_SECONDS
        return due is not None and self.calendar.timeline.is_unsure(first, due // DAY_SECONDS)

    def explain(self, broken: BreakOff | None = None) -> tuple[DayNote, ...]:
        """Every day from reception to the due time in force, or to where it is *broken* off."""
        if broken is None:
            return tuple(self._notes())
        count = copy.copy(self)
        if broken.pause:
            count.stops = sorted([*self.stops, broken.pause], key=_start)
        return tuple(count.up_to(broken))

    def up_to(self, broken: BreakOff) -> list[DayNote]:
        """The days up to where the count breaks off; its pause stands among the stops."""
        day = broken.at // DAY_SECONDS
        notes = [note for note in self._notes() if note.date.toordinal() <= day]
        if notes and broken.pause:
            last = notes[-1].date.toordinal()
            stop, reason = broken.pause
            notes += days_between(self.calendar, last, day, reason, [(stop, reason)])
        if broken.ended and notes and notes[-1].date.toordinal() == day:
            kept = notes if len(notes) == 1 else notes[:-1]
            return [*kept, DayNote(date=notes[-1].date, counted=0, why=Why.ENDED)]
        return notes

    def _notes(self) -> list[DayNote]:
        notes = list(self._counted_notes())
        day = notes[-1].date.toordinal() if notes else self.received // DAY_SECONDS - 1
        for until, reason in self._added_ends():
            last = until // DAY_SECONDS
            notes += days_between(self.calendar, day, last, reason, self._settled(self.stops))
            day = max(day, last)
        return notes

    def _ends(self, timeline: Timeline) -> list[int]:
        """Where the limit ends, and after it each extension."""
        assert self.limit is not None, "asked only of a clock with a limit"  # noqa: S101 - for the type checker
        stops = [stop for stop, _ in self._settled(self.stops)]
        ends = [end_of(timeline, self.start, self.limit, stops)]
        for extension, _ in self.extensions:
            ends.append(end_of(timeline, ends[-1], extension, stops))
        return ends

    def _settled(self, stops: list[tuple[Stop, Reason]]) -> list[tuple[Stop, Reason]]:
        """The stops as they count: what ends out of hours ends when the office works."""
        if not stops or (self.limit is not None and self.limit.round_the_clock):
            return stops
        settle = self.calendar.timeline.settle
        return [
            (stop if stop.outage else Stop(stop.start, settle(stop.end)), reason)
            for stop, reason in stops
        ]

    def _counted_notes(self) -> Iterator[DayNote]:
        if self.limit is None:
            return
        calendar, first_day = self.calendar, RECEPTION
        if self.restarted:
            first_day = Reason(Why.RECEPTION, "T10")
            first, last = self.received // DAY_SECONDS - 1, self.start // DAY_SECONDS - 1
            past = self._settled(self.past)
            yield from days_between(calendar, first, last, Reason(Why.RESTARTED, "T10"), past)
        else:
            yield from before_counting(calendar, self.received, self.start)
        stops = self._settled(self.stops)
        begin, *ends = [self.start, *self._ends(calendar.timeline)]
        span = begin, ends[0]
        yield from count_days(calendar, span, self.limit, stops, first_day=first_day)
        for span, (limit, reason) in zip(itertools.pairwise(ends), self.extensions, strict=True):
            yield from count_days(calendar, span, limit, stops, reason)

    def _added_ends(self) -> Iterator[tuple[int, Reason]]:
        """What lies behind the counted days: given, agreed, kept, re-appointed."""
        if self.given is not None:
            yield self.given, Reason(Why.NO_LIMIT)
        if self.fixed is not None:
            yield self.fixed
        if self.agreed is not None:
            yield self.agreed
        yield self.held, Reason(Why.PROMISE_KEPT)
        if self.appointed is not None:
            yield self.appointed


def local(moment: int | None) -> dt.datetime | None:
    """The local time of a moment that may be missing."""
    return None if moment is None else to_datetime(moment)


def _start(entry: tuple[Stop, Reason]) -> int:
    return entry[0].start


__all__ = ["BreakOff", "Count", "local"]
