"""Whatever people do with a dossier, its life stays one the rules allow."""

import datetime as dt
import itertools
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.lives import RULES, SILENT, STAGED, THREE_DAYS, act, lived
from motcua.domain.clock_events import ClockEvent
from motcua.domain.deadline_errors import NotLaterError, SecondReappointmentError
from motcua.domain.dossier import (
    FINAL,
    IN_PROCESS,
    STAFF_ROLES,
    TRANSITIONS,
    Role,
    State,
    Transition,
    leaving,
)
from motcua.domain.errors import MotCuaError
from motcua.domain.life import (
    Act,
    Life,
    NoSilenceError,
    Rules,
    SilenceDecidedError,
    applies,
    clock_state,
    may_take,
    open_dossier,
    silence_decided,
    step,
)

RESUMING = msgspec.structs.replace(RULES, supplement="resume")
WAYS_OUT = {State.SUBMITTED: "T07", State.PRE_SUPPLEMENT: "T06", State.RESULT_READY: "T20"}


def data_for(row: Transition, life: Life, when: dt.datetime) -> dict[str, Any]:
    """What *row* needs of *life*, its dates after *when*."""
    term = clock_state(life, RULES).current_due if life.clock else None
    later = when + dt.timedelta(days=40)
    given: dict[str, dict[str, Any]] = {
        "T35": {"term": term, "ground": "Điều 1"},
        "T21": {"new_due": later},
        "T28": {"until": later, "ground": "Thỏa thuận"},
        "T29": {"from": when, "until": when + dt.timedelta(hours=2), "ground": "Thông báo"},
    }
    return given.get(row.id, act(row.id).data)


def walk(draw: st.DrawFn, rules: Rules) -> tuple[list[Act], Life]:
    """Acts drawn one after the other from what may leave the state; refused ones are dropped."""
    first = act(draw(st.sampled_from(["T01", "T02"])))
    acts, life = [first], open_dossier(first, rules, THREE_DAYS)
    for _ in range(draw(st.integers(0, 25))):
        choices = leaving(life.state)
        if not choices:
            break
        row = draw(st.sampled_from(choices))
        when = life.last_at + dt.timedelta(minutes=draw(st.integers(0, 3000)))
        taken = act(row.id, when, data=data_for(row, life, when))
        if not applies(row, life, rules, when):
            continue
        try:
            life = step(life, taken, rules, THREE_DAYS)
        except (SecondReappointmentError, NotLaterError, NoSilenceError, SilenceDecidedError):
            continue
        acts.append(taken)
    return acts, life


@st.composite
def walks(draw: st.DrawFn) -> tuple[list[Act], Life, Rules]:
    rules = draw(st.sampled_from([RULES, RESUMING, SILENT, STAGED]))
    acts, life = walk(draw, rules)
    return acts, life, rules


def replayed(acts: list[Act], rules: Rules) -> list[Life]:
    lives = [open_dossier(acts[0], rules, THREE_DAYS)]
    for taken in acts[1:]:
        lives.append(step(lives[-1], taken, rules, THREE_DAYS))
    return lives


@given(walks())
def test_the_version_counts_the_acts(walked: tuple[list[Act], Life, Rules]) -> None:
    acts, life, _ = walked

    assert life.version == len(acts)
    assert life.last_at == acts[-1].at


@given(walks())
def test_replaying_the_recorded_acts_gives_the_same_life(
    walked: tuple[list[Act], Life, Rules],
) -> None:
    acts, life, rules = walked

    stored = msgspec.json.decode(msgspec.json.encode(acts), type=list[Act])

    assert replayed(acts, rules)[-1] == life
    assert replayed(stored, rules)[-1].clock == life.clock


@given(walks())
def test_a_life_survives_being_stored(walked: tuple[list[Act], Life, Rules]) -> None:
    _, life, rules = walked

    clock = msgspec.json.decode(msgspec.json.encode(life.clock), type=tuple[ClockEvent, ...])

    assert clock == life.clock
    if clock:
        told = clock_state(life, rules, life.last_at.date(), explain=True)
        again = msgspec.structs.replace(life, clock=clock)
        assert clock_state(again, rules, life.last_at.date(), explain=True) == told


@given(walks())
def test_nothing_moves_a_final_dossier(walked: tuple[list[Act], Life, Rules]) -> None:
    """§2.3: no leaving a final state; reception and its promise are never edited."""
    acts, _, rules = walked
    lives = replayed(acts, rules)

    for before, after in itertools.pairwise(lives):
        if before.state in FINAL:
            assert after.state is before.state
            assert after.finished_at == before.finished_at
        if before.received_at:
            assert after.received_at == before.received_at
            assert after.clock[: len(before.clock)] == before.clock


@given(walks())
def test_the_promise_never_changes(walked: tuple[list[Act], Life, Rules]) -> None:
    """§13.3: what the slip says stands beside every later date."""
    acts, _, rules = walked
    lives = [life for life in replayed(acts, rules) if life.clock]

    promises = {clock_state(life, rules, life.last_at.date()).promise for life in lives}

    assert len(promises) <= 1


@given(walks())
def test_the_facts_of_a_life_agree_with_its_state(walked: tuple[list[Act], Life, Rules]) -> None:
    acts, life, rules = walked
    done = {State.RESULT_READY, State.RETURNED, State.WITHDRAWN, State.STOPPED}
    if acts[-1].transition == "T41":
        done.remove(State.WITHDRAWN)  # nobody received it, so nothing ended

    assert (life.finished_at is not None) == (life.state in done)
    assert (life.returned_at is not None) == (life.state is State.RETURNED)
    assert bool(life.clock) == (life.received_at is not None)
    assert (life.received_at is not None) == (life.state in {*IN_PROCESS, *done})
    answered = {State.FOR_APPROVAL, State.APPROVED, State.RESULT_READY, State.RETURNED}
    assert (life.outcome is not None) == (life.state in answered)
    if life.clock:
        clock = clock_state(life, rules, life.last_at.date())
        assert clock.running == (life.finished_at is None and clock.waiting is None)
        assert (clock.finished_at is None) == (life.finished_at is None)
        assert clock.supplements == life.supplements


@given(walks())
@settings(max_examples=50)
def test_every_dossier_can_be_brought_to_an_end(walked: tuple[list[Act], Life, Rules]) -> None:
    """From wherever people left it, at most two steps end a dossier."""
    _, life, rules = walked

    for _ in range(2):
        if life.state in FINAL:
            break
        life = step(life, ending(life, rules), rules, THREE_DAYS)

    assert life.state in FINAL


def ending(life: Life, rules: Rules) -> Act:
    """What leads out of where *life* is: where silence has decided, only to say so."""
    when = life.last_at
    said = silence_decided(life, rules, when)
    way = "T35" if said else WAYS_OUT.get(life.state, "T23")
    return act(way, when, data=data_for(TRANSITIONS[way], life, when))


@given(
    walks(),
    st.sampled_from(sorted(TRANSITIONS)),
    st.lists(st.sampled_from([*STAFF_ROLES, Role.CITIZEN, Role.SYSTEM]), min_size=1),
)
def test_what_is_offered_is_what_is_allowed(
    walked: tuple[list[Act], Life, Rules], step_id: str, roles: list[Role]
) -> None:
    """``may_take`` and ``step`` never disagree about state, role and own approval."""
    _, life, rules = walked
    row = TRANSITIONS[step_id]
    someone = msgspec.structs.replace(act("T08").by, id=2, roles=tuple(roles))
    when = life.last_at
    taken = act(step_id, when, by=someone, data=data_for(row, life, when))

    refused = may_take(row, life, someone, rules, when)

    if refused or applies(row, life, rules, when):
        assert outcome(life, taken, rules) == refused


def outcome(life: Life, taken: Act, rules: Rules) -> str | None:
    """Why a step was refused; dates that cannot be are not what is asked here."""
    try:
        step(life, taken, rules, THREE_DAYS)
    except (SecondReappointmentError, NotLaterError, NoSilenceError):
        return None
    except MotCuaError as error:
        return error.code
    return None


def test_a_walk_may_reach_every_state_but_the_draft() -> None:
    """The walks above are not empty: each state has a way to it."""
    reached, waiting = set(), [lived("T01"), lived("T02")]
    while waiting:
        life = waiting.pop()
        if life.state in reached:
            continue
        reached.add(life.state)
        for row in leaving(life.state):
            if row.id in ("T32", "T34", "T35"):
                continue
            taken = act(row.id, life.last_at, data=data_for(row, life, life.last_at))
            waiting.append(step(life, taken, RULES, THREE_DAYS))

    assert reached == set(State) - {State.DRAFT}
