"""Interlinked groups: where a group stands, and the way another system's dossier went.

A group is a dossier with parts, each a dossier of its own. It stands where the part
stands that is least advanced. A part that another system decides is followed here:
its steps are those that lead to what that system says.
"""

from collections import deque
from collections.abc import Iterable

from motcua.domain.dossier import TRANSITIONS, State
from motcua.domain.errors import MotCuaError

_RANKS = (
    (State.RECEIVED,),
    (
        State.SUPPLEMENT_REQUESTED,
        State.AWAITING_PAYMENT,
        State.WITH_OTHER_AGENCY,
        State.APPRAISING,
    ),
    (State.FOR_APPROVAL,),
    (State.APPROVED,),
    (State.RESULT_READY,),
    (State.RETURNED,),
    (State.WITHDRAWN, State.STOPPED),
)
_RANK = {state: rank for rank, states in enumerate(_RANKS) for state in states}
_FOLLOWED = ("T08", "T09", "T10", "T11", "T17", "T18", "T19", "T22", "T23")
_DECISION = {"positive": "T16", "negative": "T24"}


class PartsOpenError(MotCuaError):
    """The group cannot be further than its parts."""

    code = "group.parts-open"
    status = 409


class PartWaitsError(MotCuaError):
    """The part needs the result of another one first."""

    code = "group.part-waits"
    status = 409


class NoWayError(MotCuaError):
    """No steps lead from where the dossier stands to what the other system says."""

    code = "mirror.no-way"
    status = 409


def least_advanced(states: Iterable[State]) -> State | None:
    """Where a group stands whose parts stand in *states*; ``None`` without parts.

    A part that ended without a result holds nobody back.
    """
    return min(states, key=lambda state: _RANK[state], default=None)


def reached(state: State, wanted: State) -> bool:
    """Whether *state* is as far as *wanted*."""
    return _RANK.get(state, -1) >= _RANK[wanted]


def way(state: State, wanted: State, outcome: str) -> tuple[str, ...]:
    """The fewest steps from *state* to *wanted*, decided as *outcome* says.

    Raises:
        NoWayError: there are none.
    """
    allowed = [TRANSITIONS[each] for each in (*_FOLLOWED, _DECISION[outcome])]
    waiting: deque[tuple[State, tuple[str, ...]]] = deque([(state, ())])
    seen = {state}
    while waiting:
        at, steps = waiting.popleft()
        if at is wanted:
            return steps
        for row in allowed:
            if at in row.sources and row.target is not None and row.target not in seen:
                seen.add(row.target)
                waiting.append((row.target, (*steps, row.id)))
    raise NoWayError(state=state, wanted=wanted)
