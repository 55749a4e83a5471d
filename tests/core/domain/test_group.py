"""Where a group stands, and the way another system's dossier went (rules 10)."""

import pytest

from motcua.domain.dossier import State
from motcua.domain.group import NoWayError, least_advanced, reached, way

S = State


@pytest.mark.parametrize(
    ("states", "group"),
    [
        ([S.RESULT_READY, S.RECEIVED, S.APPRAISING], S.RECEIVED),
        ([S.RETURNED, S.FOR_APPROVAL], S.FOR_APPROVAL),
        ([S.APPRAISING, S.SUPPLEMENT_REQUESTED], S.APPRAISING),
        ([S.STOPPED, S.RESULT_READY], S.RESULT_READY),
        ([S.STOPPED, S.STOPPED], S.STOPPED),
        ([], None),
    ],
)
def test_a_group_stands_where_its_least_advanced_part_does(
    states: list[State], group: State | None
) -> None:
    assert least_advanced(states) is group


def test_a_part_that_ended_holds_nobody_back() -> None:
    assert reached(S.STOPPED, S.RETURNED)
    assert reached(S.RETURNED, S.RESULT_READY)
    assert not reached(S.APPROVED, S.RESULT_READY)
    assert not reached(S.SUBMITTED, S.RECEIVED)


@pytest.mark.parametrize(
    ("state", "wanted", "outcome", "steps"),
    [
        (S.RECEIVED, S.RESULT_READY, "positive", ("T08", "T16", "T18", "T19")),
        (S.RECEIVED, S.RESULT_READY, "negative", ("T08", "T24", "T18", "T19")),
        (S.APPRAISING, S.SUPPLEMENT_REQUESTED, "positive", ("T09",)),
        (S.SUPPLEMENT_REQUESTED, S.APPROVED, "positive", ("T10", "T16", "T18")),
        (S.SUPPLEMENT_REQUESTED, S.STOPPED, "positive", ("T11",)),
        (S.FOR_APPROVAL, S.SUPPLEMENT_REQUESTED, "positive", ("T17", "T09")),
        (S.RECEIVED, S.WITHDRAWN, "positive", ("T22",)),
        (S.APPROVED, S.APPROVED, "positive", ()),
    ],
)
def test_the_fewest_steps_lead_to_what_the_other_system_says(
    state: State, wanted: State, outcome: str, steps: tuple[str, ...]
) -> None:
    assert way(state, wanted, outcome) == steps


@pytest.mark.parametrize("state", [S.RESULT_READY, S.RETURNED, S.STOPPED, S.APPROVED])
def test_what_has_a_result_or_ended_does_not_go_back(state: State) -> None:
    with pytest.raises(NoWayError):
        way(state, S.APPRAISING, "positive")
