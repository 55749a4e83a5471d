"""The deadline tag: words, shape and colour, never one of them alone."""

import datetime as dt
from typing import Literal

import msgspec

from motcua.domain.dossier import State
from motcua.plugin.texts import text
from motcua.ui.format import day_of, hour

Tone = Literal["late", "today", "soon", "ok", "rest"]

PAUSED = (State.SUPPLEMENT_REQUESTED, State.AWAITING_PAYMENT, State.PRE_SUPPLEMENT)
ENDED = (State.RETURNED, State.WITHDRAWN, State.STOPPED, State.REFUSED)


class DueTag(msgspec.Struct, frozen=True):
    """How urgent a dossier is.

    Attributes:
        state: The colour.
        shape: The symbol; each state has its own, so that colour is never needed.
    """

    state: Tone
    shape: str
    words: str


def due_tag(state: State, due: dt.datetime | None, days: int, now: dt.datetime) -> DueTag:
    """The tag of a dossier.

    Args:
        state: Where the dossier stands.
        due: When its result is promised.
        days: Working days from today to the due day; below zero, working days late.
        now: The moment it is shown.
    """
    if state in PAUSED:
        return DueTag("rest", "pause", text(f"ui.due.{state.value}"))
    if state is State.RESULT_READY:
        return DueTag("ok", "done", text("ui.due.result_ready"))
    if state in ENDED:
        shape = "done" if state is State.RETURNED else "no"
        return DueTag("rest", shape, text(f"ui.due.{state.value}"))
    if due is None:
        return DueTag("rest", "todo", text("ui.due.none"))
    return _running(due, days, now)


def _running(due: dt.datetime, days: int, now: dt.datetime) -> DueTag:
    """The tag of a dossier whose clock runs."""
    if now > due:
        words = text("ui.due.late", days=-days) if days < 0 else text("ui.due.late_today")
        return DueTag("late", "late", words)
    if day_of(due) == day_of(now):
        return DueTag("today", "today", text("ui.due.today", hour=hour(due)))
    if days <= 1:
        return DueTag("soon", "soon", text("ui.due.left", days=max(days, 1)))
    return DueTag("ok", "ok", text("ui.due.left", days=days))
