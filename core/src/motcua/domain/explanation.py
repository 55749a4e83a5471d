"""Why a due time is what it is, day by day.

Every date from reception to the due time gets a note: counted, or not and why, with
the basis of the holiday or the act that stopped the clock. What the notes count adds
up to the limit, unless the clock stands or was stopped for good: then the notes end there.
"""

import datetime as dt
import enum
from collections.abc import Callable, Iterator, Sequence

import msgspec

from motcua.domain.calendar import Calendar, DayFacts
from motcua.domain.counting import HOUR, Stop, calendar_end, first_day_before, free_days
from motcua.domain.limit import HOURS_PER_DAY, TimeLimit, Unit
from motcua.domain.timeline import DAY_SECONDS, Timeline


class Why(enum.StrEnum):
    """What happened to one date on the way to a due time."""

    RECEPTION = "reception"
    COUNTED = "counted"
    SWAP_WORK = "swap_work"
    EXTENDED = "extended"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SUBSTITUTE = "substitute"
    SWAP_OFF = "swap_off"
    CLOSURE = "closure"
    AFTER_HOURS = "after_hours"
    AFTER_CUTOFF = "after_cutoff"
    MOVED = "moved"
    SUPPLEMENT = "supplement"
    PAUSED = "paused"
    WAITED = "waited"
    OUTAGE = "outage"
    RESTARTED = "restarted"
    REAPPOINTED = "reappointed"
    AGREED = "agreed"
    PROMISE_KEPT = "promise_kept"
    NO_LIMIT = "no_limit"
    CAMPAIGN = "campaign"
    ENDED = "ended"


class DayNote(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one date.

    Attributes:
        date: The date.
        counted: How much of the limit it used, in the limit's own unit: 1 or 0 for
            days, hours for hours. Over all notes it adds up to the limit.
        why: The reason.
        basis: The law, letter or act behind the reason.
        name: What the holiday or closure is called.
        act: The transition that did it, such as ``T28``.
        provisional: The day rests on a row that is not decided yet.
        half: Only a part of the day's usual sessions was open.
        swapped: A Saturday worked by a swap.
    """

    date: dt.date
    counted: int | float
    why: Why
    basis: str = ""
    name: str = ""
    act: str = ""
    provisional: bool = False
    half: bool = False
    swapped: bool = False


class Reason(msgspec.Struct, frozen=True):
    """Why the clock stood, or why days were added: shown beside the days."""

    why: Why
    act: str = ""
    basis: str = ""


RECEPTION = Reason(Why.RECEPTION)


def count_days(
    calendar: Calendar,
    span: tuple[int, int],
    limit: TimeLimit,
    stops: Sequence[tuple[Stop, Reason]] = (),
    counted: Reason | None = None,
    first_day: Reason = RECEPTION,
) -> Iterator[DayNote]:
    """The notes of one counted limit.

    Args:
        calendar: The calendar as it was known.
        span: The moment the count began and the moment it ended.
        limit: What was counted.
        stops: When the clock stood, and why.
        counted: The reason of the counted days, where it is not the limit itself;
            then the first day is left out, because it was the last of the limit before.
        first_day: What the first day is, when nothing of it is counted.
    """
    first, last = (moment // DAY_SECONDS for moment in span)
    count = _counter(calendar.timeline, span, limit, [stop for stop, _ in stops])
    for ordinal in range(first, last + 1):
        facts = calendar.facts(dt.date.fromordinal(ordinal))
        stopped = _stopped_on(calendar.timeline, ordinal, stops)
        amount = count(ordinal)
        if amount:
            yield _counted_note(facts, amount, counted, stopped)
        elif ordinal > first:
            yield idle_note(facts, Reason(Why.MOVED), stopped)
        elif counted is None:
            yield idle_note(facts, first_day)


def idle_note(facts: DayFacts, default: Reason, stopped: Reason | None = None) -> DayNote:
    """The note of a date that was not counted.

    Args:
        facts: What the calendar says about it.
        default: The reason if the office was open.
        stopped: Why the clock stood, if it did.
    """
    if stopped is None:
        stopped = default if facts.sessions else None
    if stopped is not None:
        return DayNote(
            date=facts.date,
            counted=0,
            why=stopped.why,
            act=stopped.act,
            basis=stopped.basis,
            provisional=facts.provisional,
            half=facts.half,
            swapped=_swapped(facts),
        )
    return _closed_note(facts)


def days_between(
    calendar: Calendar, first: int, last: int, default: Reason, stops: Sequence[tuple[Stop, Reason]]
) -> Iterator[DayNote]:
    """Notes for the days after *first* up to and with *last*, none of them counted."""
    for ordinal in range(first + 1, last + 1):
        facts = calendar.facts(dt.date.fromordinal(ordinal))
        yield idle_note(facts, default, _stopped_on(calendar.timeline, ordinal, stops))


def before_counting(calendar: Calendar, received: int, start: int) -> tuple[DayNote, ...]:
    """Notes for the days on which a reception was too late to count."""
    first, last = received // DAY_SECONDS, start // DAY_SECONDS - 1
    if last < first:
        return ()
    facts = calendar.facts(dt.date.fromordinal(first))
    inside = calendar.timeline.settle(received) // DAY_SECONDS == first
    why = Reason(Why.AFTER_CUTOFF if inside else Why.AFTER_HOURS)
    return (idle_note(facts, why), *days_between(calendar, first, last, why, ()))


def _counted_note(
    facts: DayFacts, amount: float, reason: Reason | None, stopped: Reason | None
) -> DayNote:
    swapped = _swapped(facts)
    row = facts.row if swapped else None
    if reason is None:
        reason = Reason(Why.SWAP_WORK if swapped else Why.COUNTED)
    return DayNote(
        date=facts.date,
        counted=amount,
        why=reason.why,
        act=stopped.act if stopped else reason.act,
        basis=reason.basis or (row.basis if row else ""),
        name=row.name if row else "",
        provisional=facts.provisional,
        half=facts.half,
        swapped=swapped,
    )


def _closed_note(facts: DayFacts) -> DayNote:
    row, closure = facts.row, facts.closure
    if row is not None and row.kind != "swap_work":
        why, name, basis = Why(row.kind), row.name, row.basis
    elif closure is not None and (facts.regular or row is not None):
        why, name, basis = Why.CLOSURE, closure.reason, closure.basis
    else:
        why, name, basis = Why.WEEKEND, "", ""
    return DayNote(
        date=facts.date, counted=0, why=why, name=name, basis=basis, provisional=facts.provisional
    )


def _swapped(facts: DayFacts) -> bool:
    return facts.row is not None and facts.row.kind == "swap_work"


def _stopped_on(
    timeline: Timeline, ordinal: int, stops: Sequence[tuple[Stop, Reason]]
) -> Reason | None:
    for stop, reason in stops:
        if any(before < ordinal <= last for before, last in free_days(timeline, [stop])):
            return reason
    return None


def _counter(
    timeline: Timeline, span: tuple[int, int], limit: TimeLimit, stops: Sequence[Stop]
) -> Callable[[int], float]:
    """How much of *limit* one day, given by its ordinal, used."""
    if limit.counting == "H":
        return _hour_counter(timeline, span, limit, stops)
    start, end = span
    free = free_days(timeline, stops)
    if limit.unit is Unit.CALENDAR_DAY:
        days = range(start // DAY_SECONDS + 1, calendar_end(start, limit.amount, free) + 1)
    else:
        days = range(first_day_before(timeline, start, limit) + 1, end // DAY_SECONDS + 1)

    def count(ordinal: int) -> int:
        if ordinal not in days or any(before < ordinal <= last for before, last in free):
            return 0
        return int(limit.unit is Unit.CALENDAR_DAY or timeline.is_working(ordinal))

    return count


def _hour_counter(
    timeline: Timeline, span: tuple[int, int], limit: TimeLimit, stops: Sequence[Stop]
) -> Callable[[int], float]:
    clock = limit.unit is Unit.CLOCK_HOUR
    each = HOUR * (HOURS_PER_DAY if limit.unit is Unit.WORKING_DAY else 1)

    def measure(start: int, end: int) -> int:
        return end - start if clock else timeline.work_between(start, end)

    def count(ordinal: int) -> float:
        at = max(span[0], ordinal * DAY_SECONDS)
        end = min(span[1], (ordinal + 1) * DAY_SECONDS)
        seconds = 0
        for stop in stops:
            if stop.start > at:
                seconds += measure(at, min(stop.start, end))
            at = min(max(at, stop.end), end)
        seconds += measure(at, end)
        whole, rest = divmod(seconds, each)
        return seconds / each if rest else whole

    return count


__all__ = [
    "RECEPTION",
    "DayNote",
    "Reason",
    "Why",
    "before_counting",
    "count_days",
    "days_between",
    "idle_note",
]
