"""The life of one dossier: what each act makes of it.

``open_dossier`` and ``step`` are the only ways a dossier changes. The desk's
services and the import of old histories use the same two functions, so a due
date, an early or a late dossier always comes from one set of rules.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, Literal

import msgspec

from motcua.domain.calendar import VN, Calendar
from motcua.domain.clock import ClockState, run
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
    Started,
    Stopped,
    Waited,
)
from motcua.domain.dossier import (
    TRANSITIONS,
    Need,
    Role,
    RoleNotAllowedError,
    State,
    StepNotAllowedError,
    Transition,
    leaving,
    transition,
)
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.limit import TimeLimit
from motcua.domain.odd_clocks import open_stages, stage_done, stages_begun, wait_begun
from motcua.domain.procedure_limit import Limit, LimitVariant


class Actor(msgspec.Struct, frozen=True):
    """Who acts: a member of staff, a citizen (no id) or the system (no id)."""

    id: int | None
    name: str
    roles: tuple[Role, ...]


OUTAGE_AT_MOST = dt.timedelta(days=31)
"""How long after an outage is entered (T29) it may end."""

SYSTEM = Actor(None, "system", (Role.SYSTEM,))


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One step somebody takes: which, when, who, why and with what."""

    transition: str
    at: dt.datetime
    by: Actor
    reason: str = ""
    data: dict[str, Any] = {}


OPENING = tuple(row.id for row in TRANSITIONS.values() if row.opens)
"""The transitions a dossier may begin with."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What the tenant and the procedure say about a dossier's steps.

    Attributes:
        calendar: The days on which the tenant's office is open.
        supplement: What a completed supplement does to the clock.
        limit: The definition's limit: its stages, and what silence means.
        variants: The definition's variants that may lengthen it later, by id.
        waits: The definition's waits "up to", by id.
        own_approval: Whether people may approve what they appraised; small
            communes and authorised certifiers may.
    """

    calendar: Calendar
    supplement: Literal["restart", "resume"] = "restart"
    limit: Limit = Limit()
    variants: dict[str, LimitVariant] = {}
    waits: dict[str, LimitVariant] = {}
    own_approval: bool = False


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """The limit a dossier is received under.

    Either *limit* is known, or the officer gives a date (*until*) with its
    *ground*, or a campaign does: a limit is never guessed. What the reception adds at once – a
    variant, a later time agreed in writing – stands in *extensions*.
    """

    limit: TimeLimit | None = None
    until: dt.datetime | None = None
    ground: str = ""
    set_by: Literal["officer", "campaign"] = "officer"
    extensions: tuple[Extended, ...] = ()


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules must know about one dossier between two acts."""

    state: State
    version: int
    last_at: dt.datetime
    clock: tuple[ClockEvent, ...] = ()
    submitted_at: dt.datetime | None = None
    received_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    returned_at: dt.datetime | None = None
    outcome: Literal["positive", "negative"] | None = None
    mistake: bool = False
    supplements: int = 0
    appraised_by: int | None = None


class ActTooEarlyError(MotCuaError):
    """An act is dated before the one it follows."""

    code = "dossier.act-too-early"


class OwnApprovalError(MotCuaError):
    """Somebody was about to approve a dossier they appraised themselves."""

    code = "dossier.own-approval"
    status = 403


class MissingLimitError(MotCuaError):
    """A procedure without a known limit was received without a date and its ground."""

    code = "dossier.limit-missing"


class NoSilenceError(MotCuaError):
    """Silence was taken for an acceptance where it is none, or none yet."""

    code = "dossier.no-silence"
    status = 409


def open_dossier(act: Act, rules: Rules, opening: Opening | None = None) -> Life:
    """A new dossier.

    A citizen submits it (T01), or the desk receives it (T02), asks for what is missing
    (T04) or refuses it (T07) when somebody comes to the counter.

    Raises:
        StepNotAllowedError: *act* is not a transition that opens a dossier.
        RoleNotAllowedError: its actor may not take it.
        InvalidAnswersError: something it needs is missing or wrong; holds all faults.
        MissingLimitError: a reception without limit and without an officer's date.
    """
    row = transition(act.transition)
    if not row.opens:
        raise StepNotAllowedError(transition=row.id, state="", allowed=OPENING, dossier="")
    _require_role(row, act)
    if faults := missing(row, act):
        raise InvalidAnswersError(faults)
    blank = Life(state=row.target or State.DRAFT, version=0, last_at=act.at)
    if row.clock == "starts":
        return _received(blank, act, rules, opening)
    submitted = act.at if row.target is State.SUBMITTED else None
    return msgspec.structs.replace(blank, version=1, submitted_at=submitted)


def step(life: Life, act: Act, rules: Rules, opening: Opening | None = None) -> Life:
    """The dossier after *act*.

    Args:
        life: The dossier before it.
        act: What is done; its ``data`` holds what the transition needs.
        rules: What the tenant and the procedure say.
        opening: The limit, for a reception (T03) only.

    Raises:
        StepNotAllowedError: the state does not permit it.
        RoleNotAllowedError: the actor's roles do not permit it.
        InvalidAnswersError: something it needs is missing or wrong; holds all faults.
        ActTooEarlyError: it is dated before the act it follows.
        OwnApprovalError: the approver appraised the dossier.
        MotCuaError: its dates cannot be, as :func:`motcua.domain.clock.run` says.
    """
    row = transition(act.transition)
    if life.state not in row.sources:
        allowed = tuple(other.id for other in leaving(life.state))
        raise StepNotAllowedError(transition=row.id, state=life.state, allowed=allowed)
    _require_role(row, act)
    if act.at < life.last_at:
        raise ActTooEarlyError(transition=row.id, at=act.at, last_at=life.last_at)
    faults = missing(row, act) or _clock_faults(life, row, act, rules)
    if faults:
        raise InvalidAnswersError(faults)
    if row.id == "T18" and not rules.own_approval and act.by.id is not None:
        _require_other_approver(life, act)
    if row.id == "T03":
        return _received(life, act, rules, opening)
    clock = life.clock + _clock_events(row, act, rules)
    if row.clock in _DATING:
        run(rules.calendar, clock, explain=False)
    return msgspec.structs.replace(
        life,
        state=row.target or life.state,
        version=life.version + 1,
        last_at=act.at,
        clock=clock,
        **_facts(life, row, act),
    )


def may_take(row: Transition, life: Life, by: Actor, rules: Rules) -> str | None:
    """Why *by* may not take *row* now, as the code of an error; ``None``: they may."""
    if life.state not in row.sources:
        return StepNotAllowedError.code
    if not set(row.roles) & set(by.roles):
        return RoleNotAllowedError.code
    own = row.id == "T18" and not rules.own_approval and by.id is not None
    if own and life.appraised_by == by.id:
        return OwnApprovalError.code
    return None


def applies(row: Transition, life: Life, rules: Rules, now: dt.datetime) -> bool:
    """Whether there is anything *row* could do: a stage to end, somebody to wait for."""
    if row.id == "T32":
        return bool(open_stages(life.clock))
    if row.id in ("T33", "T34"):
        begun = any(isinstance(event, Waited) for event in life.clock)
        wait = clock_state(life, rules).open_wait(now) if begun else None
        return wait is not None if row.id == "T34" else wait is None and bool(rules.waits)
    return True


def clock_state(
    life: Life, rules: Rules, as_of: dt.date | None = None, *, explain: bool = False
) -> ClockState:
    """The due times of a received dossier, by what was decided on *as_of* or at each act."""
    return run(rules.calendar, life.clock, as_of=as_of, explain=explain)


def missing(row: Transition, act: Act) -> list[FieldFault]:
    """Everything *row* needs that *act* does not give, or gives wrongly."""
    faults = []
    if row.needs_reason and not act.reason.strip():
        faults.append(FieldFault("reason", "field.missing"))
    for need in row.needs:
        fault = _need_fault(need, act.data.get(need.name))
        if fault:
            faults.append(FieldFault(need.name, fault, options=", ".join(need.options)))
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
        return value if value.tzinfo else None
    try:
        return moment(msgspec.convert(value, dt.datetime))
    except msgspec.ValidationError:
        return None


def _clock_faults(life: Life, row: Transition, act: Act, rules: Rules) -> list[FieldFault]:
    """What is wrong with what *act* says of the dossier's clock.

    Raises:
        NoSilenceError: silence means nothing here, or the term has not passed.
    """
    if row.id == "T32":
        return _choice_faults("stage", act, open_stages(life.clock))
    if row.id == "T33":
        return _choice_faults("variant", act, rules.waits)
    if row.id == "T35":
        due = clock_state(life, rules).current_due
        if rules.limit.on_silence is None or due is None or act.at <= due:
            raise NoSilenceError(due="" if due is None else due.isoformat())
        wrong = _moment(act.data["term"]) != due
        return [FieldFault("term", "field.option", options=due.isoformat())] if wrong else []
    return _outage_faults(life, row, act)


def _choice_faults(name: str, act: Act, known: Iterable[str]) -> list[FieldFault]:
    if act.data[name] in known:
        return []
    return [FieldFault(name, "field.option", options=", ".join(known))]


def _outage_faults(life: Life, row: Transition, act: Act) -> list[FieldFault]:
    """What is wrong with the time of an outage (T29), which may be announced before it.

    It may be entered after the due time: its working time was never the office's.
    """
    if row.id != "T29" or life.received_at is None:
        return []
    start, until = _moment(act.data["from"]), _moment(act.data["until"])
    if start < life.received_at:
        received = f"{life.received_at.astimezone(VN):%d/%m/%Y %H:%M}"
        return [FieldFault("from", "field.outage-start", received=received)]
    if not start < until <= act.at + OUTAGE_AT_MOST:
        return [FieldFault("until", "field.outage-end", days=OUTAGE_AT_MOST.days)]
    return []


def _need_fault(need: Need, value: Any) -> str | None:
    if _blank(value):
        return "field.missing" if need.required else None
    if _FITS[need.kind](need, value):
        return None
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


def _require_role(row: Transition, act: Act) -> None:
    if not set(row.roles) & set(act.by.roles):
        raise RoleNotAllowedError(transition=row.id, roles=tuple(row.roles))


def _require_other_approver(life: Life, act: Act) -> None:
    if life.appraised_by == act.by.id:
        raise OwnApprovalError(person=act.by.name)


def _received(life: Life, act: Act, rules: Rules, opening: Opening | None) -> Life:
    opening = opening or Opening()
    if opening.limit is None and (opening.until is None or not opening.ground):
        raise MissingLimitError
    started = Started(
        at=act.at,
        limit=opening.limit,
        until=opening.until,
        ground=opening.ground,
        set_by=opening.set_by,
    )
    after = (*stages_begun(rules.limit, None, act.at), *opening.extensions)
    received = msgspec.structs.replace(
        life,
        state=State.RECEIVED,
        version=life.version + 1,
        last_at=act.at,
        received_at=act.at,
        clock=(started, *after),
    )
    promise = run(rules.calendar, received.clock, explain=False).promise
    printed = msgspec.structs.replace(started, promise=promise)
    return msgspec.structs.replace(received, clock=(printed, *after))


def _clock_events(row: Transition, act: Act, rules: Rules) -> tuple[ClockEvent, ...]:
    if row.id == "T32":
        return stage_done(rules.limit, act.data["stage"], act.at)
    made = _CLOCK_EVENTS.get(row.id)
    return () if made is None else (made(act, rules),)


def _asked(act: Act, rules: Rules) -> ClockEvent:
    del rules
    return Asked(at=act.at)


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
    return Reappointed(at=act.at, new_due=_moment(act.data["new_due"]), reason=act.reason)


def _calendar_changed(act: Act, rules: Rules) -> ClockEvent:
    del rules
    return CalendarChanged(at=act.at, basis=act.data["basis"])


def _outage(act: Act, rules: Rules) -> ClockEvent:
    del rules
    start, until = _moment(act.data["from"]), _moment(act.data["until"])
    return Outage(at=act.at, start=start, until=until, ground=act.data["ground"])


def _waited(act: Act, rules: Rules) -> ClockEvent:
    return wait_begun(rules.waits[act.data["variant"]], act.at)


def _answered(act: Act, rules: Rules) -> ClockEvent:
    del rules
    return Answered(at=act.at)


def _lapsed(act: Act, rules: Rules) -> ClockEvent:
    del rules
    return Lapsed(at=act.at, term=_moment(act.data["term"]))


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
    return Extended(at=at, until=_moment(data["until"]), ground=data["ground"], paper=paper)


def _moment(value: Any) -> dt.datetime:
    found = moment(value)
    assert found is not None, "checked by `missing`"  # noqa: S101 - states what was checked before
    return found


_DATING = ("resumes", "re-dates")
"""What a step must do to the clock for its own dates to be wrong; they are tried at once."""

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


def _facts(life: Life, row: Transition, act: Act) -> dict[str, Any]:
    """What *act* changes besides state and clock."""
    facts: dict[str, dict[str, Any]] = {
        "T09": {"supplements": life.supplements + 1},
        "T16": {"appraised_by": act.by.id, "outcome": "positive"},
        "T24": {"appraised_by": act.by.id, "outcome": "negative"},
        "T17": {"outcome": None},
        "T20": {"returned_at": act.at},
        "T26": {"finished_at": act.at, "mistake": True},
    }
    if row.id == "T35":
        return {"finished_at": _moment(act.data["term"]), "outcome": "positive"}
    ended: dict[str, Any] = {"finished_at": act.at} if row.clock == "ends" else {}
    if row.target in (State.WITHDRAWN, State.STOPPED):
        ended["outcome"] = None
    return ended | facts.get(row.id, {})
