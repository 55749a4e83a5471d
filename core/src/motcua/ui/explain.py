"""The day-by-day count of a due time as lines of a page."""

import datetime as dt
from collections.abc import Iterable

import msgspec

from motcua.domain.explanation import DayNote, Why
from motcua.domain.limit import TimeLimit, Unit
from motcua.plugin.texts import text
from motcua.ui.format import day_of, decimal, hour

OFF = (Why.WEEKEND, Why.HOLIDAY, Why.SUBSTITUTE, Why.SWAP_OFF, Why.CLOSURE)
BROKEN_OFF = (Why.SUPPLEMENT, Why.PAUSED, Why.ENDED)
HOURS = (Unit.WORKING_HOUR, Unit.CLOCK_HOUR)


class DayLine(msgspec.Struct, frozen=True, kw_only=True):
    """One date of the count.

    Attributes:
        marks: How it looks: ``on`` counted, ``off`` closed, ``now`` today, ``due`` the end.
        count: What it adds, in words: ``ngày 2``, ``không tính``.
    """

    date: dt.date
    marks: tuple[str, ...]
    words: str
    count: str
    basis: str = ""
    today: bool = False


def day_lines(
    notes: Iterable[DayNote], due: dt.datetime | None, now: dt.datetime, limit: TimeLimit | None
) -> list[DayLine]:
    """The lines of *notes*; the last note of the due day is the end of the count.

    A count that breaks off, because the clock stands or was stopped, reaches no due day.
    """
    listed = list(notes)
    end = _end(listed, due)
    hours = limit is not None and limit.unit in HOURS
    total: float = 0
    lines = []
    for place, note in enumerate(listed):
        total += note.counted
        today = note.date == day_of(now)
        last = place == end and due is not None
        words = text("ui.why.due", hour=hour(due)) if last and due else _words(note)
        lines.append(
            DayLine(
                date=note.date,
                marks=_marks(note, last=last, today=today),
                words=words,
                count=_count(note, total, hours=hours),
                basis=note.basis,
                today=today,
            )
        )
    return lines


def _end(notes: list[DayNote], due: dt.datetime | None) -> int:
    """The place of the note at which the count ends, or -1."""
    if due is None or (notes and notes[-1].why in BROKEN_OFF):
        return -1
    places = [place for place, note in enumerate(notes) if note.date == day_of(due)]
    return places[-1] if places else -1


def _marks(note: DayNote, *, last: bool, today: bool) -> tuple[str, ...]:
    if last:
        return ("due",)
    kind = ("on",) if note.counted else ("off",) if note.why in OFF else ()
    return (*kind, "now") if today else kind


def _words(note: DayNote) -> str:
    words = text(f"ui.why.{note.why.value}", name=note.name or text("ui.why.unnamed"))
    if note.half:
        words = text("ui.why.half", words=words)
    if note.provisional:
        words = text("ui.why.provisional", words=words)
    return words


def _count(note: DayNote, total: float, *, hours: bool) -> str:
    if not note.counted:
        before = note.why in (Why.RECEPTION, Why.AFTER_HOURS, Why.AFTER_CUTOFF)
        return text("ui.count.not_yet" if before else "ui.count.no")
    if hours:
        places = 0 if float(note.counted).is_integer() else 1
        return text("ui.count.hours", hours=decimal(note.counted, places))
    return text("ui.count.day", number=f"{total:g}")
