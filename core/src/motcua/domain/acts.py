"""What somebody does with a dossier: what a step needs, and what it leaves in the clock."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, Literal

import msgspec

from motcua.domain.calendar import Calendar
from motcua.domain.clock_events import (
    Answered,
    Asked,
    CalendarChanged,
    ClockEvent,
    Completed,
    Extended,
    Lapsed,
    Outage,
    Paused,
    Reappointed,
    Resumed,
    Stopped,
)
from motcua.domain.dossier import TRANSITIONS, Need, Role, Transition
from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.domain.odd_clocks import stage_done, wait_begun
from motcua.domain.procedure_limit import Limit, LimitVariant


class Actor(msgspec.Struct, frozen=True):
    """Who acts: a member of staff, a citizen (no id) or the system (no id).

    Attributes:
        places: Those of the roles that are somebody else's, in whose place they act today,
            with that person's name.
    """

    id: int | None
    name: str
    roles: tuple[Role, ...]
    places: tuple[tuple[Role, str], ...] = ()

    def in_place_of(self, role: str) -> str:
        """In whose place they act in *role*; empty: in their own."""
        return next((whose for each, whose in self.places if each == role), "")

    def acting(self, roles: Iterable[Role]) -> Role | None:
        """In which of *roles* they act: one of their own, or else somebody's they stand in for."""
        held = [role for role in roles if role in self.roles]
        return min(held, key=lambda role: bool(self.in_place_of(role)), default=None)


SYSTEM = Actor(None, "system", (Role.SYSTEM,))


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One step somebody takes: which, when, who, why and with what."""

    transition: str
    at: dt.datetime
    by: Actor
    reason: str = ""
    data: dict[str, Any] = {}


LONGEST = 2_000
"""Characters of a reason, and of each thing a transition needs."""
_YEARS = range(1900, 2200)
"""A moment of any other year is a slip of the hand."""
OPENING = tuple(row.id for row in TRANSITIONS.values() if row.opens)
"""The transitions a dossier may begin with."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What the tenant and the procedure say about a dossier's steps.

    Attributes:
        calendar: The days on which the tenant's office is open.
        supplement: What a completed supplement does to the clock.
        supplement_within: Working days within which a supplement may be asked, if limited.
        limit: The definition's limit: its stages, and what silence means.
        variants: The definition's variants that may lengthen it later, by id.
        waits: The definition's waits "up to", by id.
        own_approval: Whether people may approve what they appraised; small
            communes and authorised certifiers may.
    """

    calendar: Calendar
    supplement: Literal["restart", "resume"] = "restart"
    supplement_within: int | None = None
    limit: Limit = Limit()
    variants: dict[str, LimitVariant] = {}
    waits: dict[str, LimitVariant] = {}
    own_approval: bool = False


def missing(row: Transition, act: Act) -> list[FieldFault]:
    """Everything *row* needs that *act* does not give, or gives wrongly."""
    faults = []
    if row.needs_reason and not act.reason.strip():
        faults.append(FieldFault("reason", "field.missing"))
    if len(act.reason) > LONGEST:
        faults.append(FieldFault("reason", "field.too-long", most=LONGEST))
    for need in row.needs:
        fault = _need_fault(need, act.data.get(need.name))
        if fault:
            told = {"options": ", ".join(need.options), "most": LONGEST}
            faults.append(FieldFault(need.name, fault, **told))
    known = {need.name for need in row.needs}
    faults += [FieldFault(name, "field.surplus") for name in act.data if name not in known]
    if row.id == "T28":
        dated, varied = (not _blank(act.data.get(name)) for name in ("until", "variant"))
        if dated == varied:
            faults.append(FieldFault("until", "field.surplus" if dated else "field.missing"))
    return faults


def moment(value: Any) -> dt.datetime | None:
    """*value* as an aware moment, or ``None`` when it is not one."""
    if isinstance(value, dt.datetime):
        return value if value.tzinfo and value.year in _YEARS else None
    try:
        return moment(msgspec.convert(value, dt.datetime))
    except msgspec.ValidationError:
        return None


def _need_fault(need: Need, value: Any) -> str | None:
    if _blank(value):
        return "field.missing" if need.required else None
    if _FITS[need.kind](need, value):
        said = "".join(value) if isinstance(value, list) else value
        return "field.too-long" if isinstance(said, str) and len(said) > LONGEST else None
    return "field.option" if need.kind == "choice" else "field.type"


def _blank(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


_FITS: dict[str, Callable[[Need, Any], bool]] = {
    "text": lambda _, value: isinstance(value, str),
    "lines": lambda _, value: (
        isinstance(value, list) and all(isinstance(each, str) and each.strip() for each in value)
    ),
    "moment": lambda _, value: moment(value) is not None,
    "choice": lambda need, value: value in need.options,
    "amount": lambda _, value: type(value) is int and value >= 0,
}


def clock_events(row: Transition, act: Act, rules: Rules) -> tuple[ClockEvent, ...]:
    """What *act* leaves in the dossier's clock."""
    if row.id == "T32":
        return stage_done(rules.limit, act.data["stage"], act.at)
    made = _CLOCK_EVENTS.get(row.id)
    return () if made is None else (made(act, rules),)


def _asked(act: Act, rules: Rules) -> ClockEvent:
    del rules
    return Asked(at=act.at, until=moment(act.data.get("until")))


def _completed(act: Act, rules: Rules) -> ClockEvent:
    return Completed(at=act.at, policy=rules.supplement, until=moment(act.data.get("until")))


def _paused(act: Act, rules: Rules) -> ClockEvent:
    del rules
    return Paused(at=act.at, ground=act.data["ground"])


def _resumed(act: Act, rules: Rules) -> ClockEvent:
    del rules
    return Resumed(at=act.at)


def _reappointed(act: Act, rules: Rules) -> ClockEvent:
    del rules
    return Reappointed(at=act.at, new_due=given_moment(act.data["new_due"]), reason=act.reason)


def _calendar_changed(act: Act, rules: Rules) -> ClockEvent:
    del rules
    back = bool(act.data.get("back"))
    return CalendarChanged(at=act.at, basis=act.data["basis"], back=back)


def _outage(act: Act, rules: Rules) -> ClockEvent:
    del rules
    start, until = given_moment(act.data["from"]), given_moment(act.data["until"])
    return Outage(at=act.at, start=start, until=until, ground=act.data["ground"])


def _waited(act: Act, rules: Rules) -> ClockEvent:
    return wait_begun(rules.waits[act.data["variant"]], act.at)


def _answered(act: Act, rules: Rules) -> ClockEvent:
    del rules
    return Answered(at=act.at)


def _lapsed(act: Act, rules: Rules) -> ClockEvent:
    del rules
    return Lapsed(at=act.at, term=given_moment(act.data["term"]))


def _stopped(act: Act, rules: Rules) -> ClockEvent:
    del rules
    return Stopped(at=act.at, outcome=_OUTCOMES.get(act.transition, "stopped"))


def _extended(act: Act, rules: Rules) -> ClockEvent:
    at, data = act.at, act.data
    paper = data.get("paper") or ""
    variant = data.get("variant") or ""
    if not _blank(variant):
        found = rules.variants.get(variant)
        if found is None:
            raise InvalidAnswersError([FieldFault("variant", "field.option")])
        more = {"ground": data["ground"], "paper": paper, "stage": found.stage or ""}
        return Extended(at=at, limit=found.time_limit, **more)
    return Extended(at=at, until=given_moment(data["until"]), ground=data["ground"], paper=paper)


def given_moment(value: Any) -> dt.datetime:
    """*value* as a moment, where a step has been found to have what it needs."""
    found = moment(value)
    assert found is not None, "checked by `missing`"  # noqa: S101 - states what was checked before
    return found


_OUTCOMES: dict[str, Literal["result", "withdrawn"]] = {
    "T19": "result",
    "T22": "withdrawn",
    "T26": "withdrawn",
}

_CLOCK_EVENTS: dict[str, Callable[[Act, Rules], ClockEvent]] = {
    "T09": _asked,
    "T10": _completed,
    "T11": _stopped,
    "T12": _paused,
    "T13": _resumed,
    "T19": _stopped,
    "T21": _reappointed,
    "T22": _stopped,
    "T23": _stopped,
    "T26": _stopped,
    "T27": _calendar_changed,
    "T28": _extended,
    "T29": _outage,
    "T33": _waited,
    "T34": _answered,
    "T35": _lapsed,
}
