"""What a citizen is told about a dossier: one sentence, the steps, the way to the due date."""

import datetime as dt
from typing import Literal

import msgspec

from motcua.domain.dossier import State
from motcua.plugin.texts import text
from motcua.ui.due import ENDED, PAUSED
from motcua.ui.format import hour, long_date, moment
from motcua.web.portal.views import Milestone, Tracked

PROMISED = tuple(
    state
    for state in State
    if state not in (*PAUSED, *ENDED, State.DRAFT, State.SUBMITTED, State.RESULT_READY)
)
"""States in which the due time is a promise that still stands."""

AHEAD = {
    "appraise": (State.SUBMITTED, State.PRE_SUPPLEMENT, State.RECEIVED),
    "sign": (
        State.SUBMITTED,
        State.PRE_SUPPLEMENT,
        State.RECEIVED,
        State.APPRAISING,
        State.SUPPLEMENT_REQUESTED,
        State.AWAITING_PAYMENT,
        State.WITH_OTHER_AGENCY,
    ),
    "return": tuple(state for state in State if state not in ENDED),
}
"""What is still to come, and in which states."""

PAID_EARLY = (
    State.RECEIVED,
    State.APPRAISING,
    State.WITH_OTHER_AGENCY,
    State.FOR_APPROVAL,
    State.APPROVED,
)
"""States in which nothing has to be done, but what is due may be paid."""

NOTICE: dict[State, tuple[str, str]] = {
    State.RESULT_READY: ("ok", "check"),
    State.RETURNED: ("ok", "check"),
    State.SUPPLEMENT_REQUESTED: ("soon", "plus"),
    State.PRE_SUPPLEMENT: ("soon", "plus"),
    State.AWAITING_PAYMENT: ("soon", "card"),
    State.REFUSED: ("rest", "x"),
    State.WITHDRAWN: ("rest", "x"),
    State.STOPPED: ("rest", "x"),
}
"""Colour and icon of the sentence; elsewhere plain information."""


class Step(msgspec.Struct, frozen=True):
    """One line of the timeline."""

    words: str
    note: str
    status: Literal["done", "now", "todo"]


class Sentence(msgspec.Struct, frozen=True):
    """What the state means, who acts next by when, and what one may do."""

    tone: str
    icon: str
    meaning: str
    rest: str


def sentence(dossier: Tracked, now: dt.datetime, *, payable: bool = False) -> Sentence:
    """The one sentence about a dossier; *payable*: its holder may pay the fee already."""
    if dossier.supplied:
        told = (text("follow.supplied.means"), text("follow.supplied.todo"))
        return Sentence("info", "info", *told)
    tone, icon = NOTICE.get(dossier.state, ("info", "info"))
    state = dossier.state.value
    early = payable and dossier.state in PAID_EARLY
    todo = text("follow.pay_early" if early else f"ui.state.{state}.todo")
    parts = [_by_when(dossier, now), todo]
    return Sentence(
        tone, icon, text(f"ui.state.{state}.means"), " ".join(part for part in parts if part)
    )


def _by_when(dossier: Tracked, now: dt.datetime) -> str:
    if dossier.due is None or dossier.state not in PROMISED:
        return ""
    key = "ui.state.was_due" if now > dossier.due else "ui.state.by"
    return text(key, hour=hour(dossier.due), day=long_date(dossier.due))


def steps(dossier: Tracked) -> list[Step]:
    """What happened, what is happening and what is to come."""
    ended = dossier.state in ENDED
    taken = [Step(_taken(each), moment(each.at), "done") for each in dossier.milestones]
    if ended or not taken:
        return taken
    since = text("ui.step.since", when=taken[-1].note)
    taken.append(Step(_now(dossier), since, "now"))
    return taken + _to_come(dossier)


def _taken(step: Milestone) -> str:
    if step.transition == "T36":
        return text("follow.step.papers" if step.papers else "follow.step.result")
    return text(f"ui.step.{step.transition}")


def _now(dossier: Tracked) -> str:
    """What is happening, in other words than the step that led to it."""
    if dossier.supplied:
        return text("follow.step.checked")
    if dossier.state is State.RECEIVED:
        return text("follow.step.received")
    return text(f"ui.state.{dossier.state.value}")


def _to_come(dossier: Tracked) -> list[Step]:
    due = None if dossier.state in PAUSED else dossier.due
    promise = text("ui.step.promised", when=moment(due)) if due else ""
    return [
        Step(text(f"ui.ahead.{name}"), promise if name == "return" else "", "todo")
        for name, states in AHEAD.items()
        if dossier.state in states
    ]
