"""The life of one dossier: what each act makes of it.

``open_dossier`` and ``step`` are the only ways a dossier changes. The desk's
services and the import of old histories use the same two functions, so a due
date, an early or a late dossier always comes from one set of rules.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from motcua.domain.acts import (
    OPENING,
    SYSTEM,
    Act,
    Actor,
    Rules,
    clock_events,
    given_moment,
    missing,
    moment,
)
from motcua.domain.calendar import VN
from motcua.domain.clock import ClockState, run
from motcua.domain.clock_events import (
    Asked,
    ClockEvent,
    Extended,
    Started,
    Supplied,
    Waited,
)
from motcua.domain.dossier import (
    RoleNotAllowedError,
    State,
    StepNotAllowedError,
    Transition,
    leaving,
    transition,
)
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.limit import TimeLimit
from motcua.domain.odd_clocks import open_stages, stages_begun

OUTAGE_AT_MOST = dt.timedelta(days=31)
"""How long after an outage is entered (T29) it may end."""

_DATING = ("resumes", "re-dates")
"""What a step must do to the clock for its own dates to be wrong; they are tried at once."""


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


class SupplementTooLateError(MotCuaError):
    """A supplement was asked for later than the unit lets anybody ask."""

    code = "dossier.supplement-too-late"
    status = 409


class SupplementTermOpenError(MotCuaError):
    """A dossier was about to be stopped while its applicant could still answer."""

    code = "dossier.supplement-term-open"
    status = 409


class SupplementAnsweredError(MotCuaError):
    """A dossier was about to be stopped as unanswered, and the answer has come."""

    code = "dossier.supplement-answered"
    status = 409


class NoSilenceError(MotCuaError):
    """Silence was taken for an acceptance where it is none, or none yet."""

    code = "dossier.no-silence"
    status = 409


class SilenceDecidedError(MotCuaError):
    """The term of a dossier has passed unanswered, and that was the answer by law."""

    code = "dossier.silence-decided"
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
        ActTooEarlyError: it is dated before the act it follows.
        SilenceDecidedError: its term passed unanswered, which accepted it by law.
        SupplementTooLateError: the unit lets nobody ask for a supplement any more.
        SupplementTermOpenError: it was to be stopped (T11) before its applicant's term is over.
        SupplementAnsweredError: it was to be stopped (T11), and the applicant has answered.
        InvalidAnswersError: something it needs is missing or wrong; holds all faults.
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
    if wrong := _wrong_time(row, life, rules, act.at):
        raise wrong
    faults = missing(row, act) or _clock_faults(life, row, act, rules)
    if faults:
        raise InvalidAnswersError(faults)
    if row.id == "T18" and not rules.own_approval and act.by.id is not None:
        _require_other_approver(life, act)
    if row.id == "T03":
        return _received(life, act, rules, opening)
    clock = life.clock + clock_events(row, act, rules)
    if row.id == "T36" and _supplied(life, act):
        clock += (Supplied(at=act.at),)
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


_AFTER_SILENCE = ("T26", "T35", "T36")
"""What may still be done once silence has decided: note it, take a mistake out, or say how
the result is to come."""


def silence_decided(life: Life, rules: Rules, now: dt.datetime) -> bool:
    """Whether the term has passed unanswered where that is an acceptance, noted or not."""
    if rules.limit.on_silence is None or life.state not in transition("T35").sources:
        return False
    due = clock_state(life, rules).current_due
    return due is not None and now > due


def _wrong_time(row: Transition, life: Life, rules: Rules, now: dt.datetime) -> MotCuaError | None:
    """Why it is too late for *row*, or too early."""
    if row.id not in _AFTER_SILENCE and silence_decided(life, rules, now):
        return SilenceDecidedError(transition=row.id)
    if row.id == "T09" and _too_late_to_ask(life, rules, now):
        return SupplementTooLateError(days=rules.supplement_within)
    return _too_early_to_stop(life, now) if row.id == "T11" else None


def _too_late_to_ask(life: Life, rules: Rules, now: dt.datetime) -> bool:
    """Whether the working days within which a supplement may be asked are over (§13.8).

    They are counted like the limit: after the day of reception, and anew after a supplement
    that restarted it.
    """
    if rules.supplement_within is None:
        return False
    begun = clock_state(life, rules).counted_from.astimezone(VN).date().toordinal()
    last = rules.calendar.timeline.nth_after(begun, rules.supplement_within)
    return now.astimezone(VN).date().toordinal() > last


def _supplied(life: Life, act: Act) -> bool:
    """Whether the applicant sends papers that were asked for."""
    return life.state is State.SUPPLEMENT_REQUESTED and bool(act.data.get("documents"))


def _too_early_to_stop(life: Life, now: dt.datetime) -> MotCuaError | None:
    """Why a dossier is not stopped as unanswered now: only once its term is over (§2.3, T11).

    A request that names no term leaves it to the officer, who gives the ground.
    """
    last = next((each for each in reversed(life.clock) if isinstance(each, Asked | Supplied)), None)
    if isinstance(last, Supplied):
        return SupplementAnsweredError(at=f"{last.at.astimezone(VN):%H:%M %d/%m/%Y}")
    if last is not None and last.until is not None and now <= last.until:
        return SupplementTermOpenError(until=f"{last.until.astimezone(VN):%H:%M %d/%m/%Y}")
    return None


def may_take(row: Transition, life: Life, by: Actor, rules: Rules, now: dt.datetime) -> str | None:
    """Why *by* may not take *row* now, as the code of an error; ``None``: they may."""
    if life.state not in row.sources:
        return StepNotAllowedError.code
    if not set(row.roles) & set(by.roles):
        return RoleNotAllowedError.code
    if wrong := _wrong_time(row, life, rules, now):
        return wrong.code
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
        if not silence_decided(life, rules, act.at):
            raise NoSilenceError
        due = clock_state(life, rules).current_due
        wrong = given_moment(act.data["term"]) != due
        return [FieldFault("term", "field.option", options=str(due))] if wrong else []
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
    start, until = given_moment(act.data["from"]), given_moment(act.data["until"])
    if start < life.received_at:
        received = f"{life.received_at.astimezone(VN):%d/%m/%Y %H:%M}"
        return [FieldFault("from", "field.outage-start", received=received)]
    if not start < until <= act.at + OUTAGE_AT_MOST:
        return [FieldFault("until", "field.outage-end", days=OUTAGE_AT_MOST.days)]
    return []


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


def _facts(life: Life, row: Transition, act: Act) -> dict[str, Any]:
    """What *act* changes besides state and clock."""
    facts: dict[str, dict[str, Any]] = {
        "T09": {"supplements": life.supplements + 1},
        "T16": {"appraised_by": act.by.id, "outcome": "positive"},
        "T24": {"appraised_by": act.by.id, "outcome": "negative"},
        "T17": {"outcome": None},
        "T39": {"outcome": None},
        "T20": {"returned_at": act.at},
        "T26": {"finished_at": act.at, "mistake": True},
    }
    if row.id == "T35":
        return {"finished_at": given_moment(act.data["term"]), "outcome": "positive"}
    ended: dict[str, Any] = {"finished_at": act.at} if row.clock == "ends" else {}
    if row.target in (State.WITHDRAWN, State.STOPPED):
        ended["outcome"] = None
    return ended | facts.get(row.id, {})


__all__ = [
    "OPENING",
    "OUTAGE_AT_MOST",
    "SYSTEM",
    "Act",
    "ActTooEarlyError",
    "Actor",
    "Life",
    "MissingLimitError",
    "NoSilenceError",
    "Opening",
    "OwnApprovalError",
    "Rules",
    "SilenceDecidedError",
    "SupplementAnsweredError",
    "SupplementTermOpenError",
    "SupplementTooLateError",
    "applies",
    "clock_state",
    "may_take",
    "missing",
    "moment",
    "open_dossier",
    "silence_decided",
    "step",
]
