"""The table of transitions, held against the rules of one-stop practice (§2.2, §2.3, §13)."""

import pytest

from motcua.domain.dossier import (
    FINAL,
    IN_PROCESS,
    NATIONAL_CODE,
    NOT_RECEIVED,
    STAFF_ROLES,
    TRANSITIONS,
    UNDECIDED,
    Role,
    State,
    Transition,
    UnknownTransitionError,
    leaving,
    transition,
)

ALL_IN_PROCESS = (
    "received appraising supplement_requested awaiting_payment with_other_agency"
    " for_approval approved"
)
ALL_RUNNING = "received appraising with_other_agency for_approval approved"
UNANSWERED = ALL_RUNNING.removesuffix(" approved")
NOTHING_DECIDED = ALL_IN_PROCESS.removesuffix(" approved")

# What §2.3 (T01-T26), §13.3 (T27-T29), §13.2 (T30, T31) and §13.9 (T33, T34) say; T32 ends a
# stage of §15.1, T35 is the silence of a festival's notice; T37 says who holds it (§6), T38
# and T39 take back what was just handed on; T40 sets right what was typed at the reception; T41
# takes back what nobody received yet (§2.2: it counts nowhere):
# id | from | to | who | reason? | what it needs (? = may be left out) | clock | form
RULES = f"""
T01 | draft                | submitted            | citizen                  | no  |                             | none     |
T02 |                      | received             | reception                | no  |                             | starts   | F01
T03 | submitted            | received             | reception                | no  |                             | starts   | F01
T04 | submitted            | pre_supplement       | reception                | yes | items until?                | none     | F02
T05 | pre_supplement       | submitted            | citizen reception        | no  |                             | none     |
T06 | pre_supplement       | refused              | reception                | yes |                             | none     | F03
T07 | submitted            | refused              | reception                | yes | refusal_ground? right_agency? | none     | F03
T08 | received             | appraising           | reception                | no  |                             | runs     | F06
T09 | appraising           | supplement_requested | field                    | yes | items until?                | stops    | F02
T10 | supplement_requested | appraising           | reception                | no  | items? until?               | resumes  | F01
T11 | supplement_requested | stopped              | field system             | yes |                             | ends     | F05
T12 | appraising           | awaiting_payment     | field                    | no  | amount ground               | pauses   |
T13 | awaiting_payment     | appraising           | cashier reception        | no  | receipt                     | resumes  |
T14 | appraising           | with_other_agency    | field                    | no  | agency question until?      | runs     | F06
T15 | with_other_agency    | appraising           | field                    | no  | answer                      | runs     | F06
T16 | appraising           | for_approval         | field                    | no  | opinion?                    | runs     | F06
T17 | for_approval         | appraising           | leader                   | yes |                             | runs     | F06
T18 | for_approval         | approved             | leader                   | no  | signer?                     | runs     |
T19 | approved             | result_ready         | clerk field              | no  |                             | ends     |
T20 | result_ready         | returned             | reception                | no  | received_by way receiver_id? authority? checked? | none | F07
T21 | {ALL_IN_PROCESS}     |                      | leader                   | yes | new_due                     | re-dates | F04
T22 | {NOTHING_DECIDED}    | withdrawn            | reception citizen        | yes |                             | ends     | F05
T23 | {ALL_IN_PROCESS}     | stopped              | leader                   | yes | ground                      | ends     | F05
T24 | appraising           | for_approval         | field                    | yes | ground                      | runs     |
T25 | returned             |                      | reception field leader   | yes |                             | none     |
T26 | {NOTHING_DECIDED}    | withdrawn            | admin                    | yes | second_person               | ends     |
T27 | {ALL_IN_PROCESS}     |                      | system                   | no  | basis back?                 | re-dates |
T28 | {ALL_IN_PROCESS}     |                      | field leader             | no  | until? variant? ground paper? | re-dates |
T29 | {ALL_IN_PROCESS}     |                      | system admin head        | no  | from until ground           | re-dates |
T30 | received appraising for_approval approved |  | field clerk reception | no  |                             | none     |
T31 | {ALL_IN_PROCESS}     |                      | field clerk leader       | yes | number                      | none     |
T32 | {ALL_RUNNING}        |                      | field leader             | no  | stage paper?                | runs     |
T33 | {ALL_RUNNING}        |                      | field                    | no  | variant question?           | re-dates |
T34 | {ALL_RUNNING}        |                      | field reception          | no  | answer                      | re-dates |
T35 | {UNANSWERED}         | result_ready         | system                   | no  | term ground                 | ends     |
T36 | submitted pre_supplement {ALL_IN_PROCESS} result_ready | | citizen | no | result_way? result_address? documents? | none |
T37 | submitted received appraising supplement_requested awaiting_payment with_other_agency for_approval approved result_ready | | reception field cashier leader clerk head admin | no | holder | none |
T38 | appraising           | received             | reception                | no  |                             | runs     | F06
T39 | for_approval         | appraising           | field                    | no  |                             | runs     | F06
T40 | received appraising  |                      | reception                | yes |                             | none     | F01
T41 | submitted pre_supplement | withdrawn        | citizen                  | yes |                             | none     |
"""  # noqa: E501 - a table

ROWS = [[cell.strip() for cell in line.split("|")] for line in RULES.strip().splitlines()]


def told(row: Transition) -> list[str]:
    """A transition in the words of the table above."""
    needs = [need.name + ("" if need.required else "?") for need in row.needs]
    return [
        row.id,
        " ".join(row.sources),
        row.target or "",
        " ".join(row.roles),
        "yes" if row.needs_reason else "no",
        " ".join(needs),
        row.clock,
        row.form,
    ]


@pytest.mark.parametrize("expected", ROWS, ids=[row[0] for row in ROWS])
def test_a_transition_is_as_the_rules_have_it(expected: list[str]) -> None:
    assert told(transition(expected[0])) == expected


def test_there_are_no_transitions_beside_those_of_the_rules() -> None:
    assert list(TRANSITIONS) == [row[0] for row in ROWS]


def test_the_states_are_the_fifteen_of_the_rules() -> None:
    """§2.2, with the number of the national status list each one is told as."""
    assert {state.value: code for state, code in NATIONAL_CODE.items()} == {
        "draft": None,
        "submitted": 1,
        "pre_supplement": 5,
        "refused": 3,
        "received": 2,
        "appraising": 4,
        "supplement_requested": 5,
        "awaiting_payment": 6,
        "with_other_agency": 4,
        "for_approval": 4,
        "approved": 4,
        "result_ready": 9,
        "returned": 10,
        "withdrawn": 7,
        "stopped": 8,
    }
    assert set(NATIONAL_CODE) == set(State)


def test_every_state_counts_as_one_thing_in_a_report() -> None:
    """§2.2, last column: not received, in process, or processed."""
    processed = {State.RESULT_READY, State.RETURNED, State.WITHDRAWN, State.STOPPED}

    parts = [set(NOT_RECEIVED), set(IN_PROCESS), processed]

    assert sum(map(len, parts)) == len(State)
    assert set().union(*parts) == set(State)
    assert set(UNDECIDED) == set(IN_PROCESS) - {State.APPROVED}


def test_nothing_leaves_a_final_state() -> None:
    """§2.3 forbids it; T25 opens another dossier and leaves the returned one returned."""
    for state in FINAL:
        assert [row.id for row in leaving(state) if row.target is not None] == []
    assert [row.id for row in leaving(State.RETURNED)] == ["T25"]


def test_a_result_is_returned_only_once_it_is_ready() -> None:
    """§2.3: no jump to ``returned`` without ``result_ready``."""
    sources = {row.id: row.sources for row in TRANSITIONS.values() if row.target == State.RETURNED}

    assert sources == {"T20": (State.RESULT_READY,)}


def test_what_ends_the_clock_ends_the_work() -> None:
    """§2.2: the clock stops for good in exactly the states that count as processed."""
    ends = {row.target for row in TRANSITIONS.values() if row.clock == "ends"}

    assert ends == {State.RESULT_READY, State.WITHDRAWN, State.STOPPED}


def test_every_state_but_the_draft_can_be_reached() -> None:
    reached = {row.target for row in TRANSITIONS.values()} - {None}

    assert reached == set(State) - {State.DRAFT}


def test_the_roles_of_staff_leave_out_citizen_and_system() -> None:
    assert {str(role) for role in STAFF_ROLES} == {
        "reception",
        "field",
        "leader",
        "clerk",
        "cashier",
        "head",
        "admin",
        "supervisor",
    }
    assert {Role.CITIZEN, Role.SYSTEM}.isdisjoint(STAFF_ROLES)


def test_a_transition_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(UnknownTransitionError, match="T99"):
        transition("T99")
