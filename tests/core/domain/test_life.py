"""What each act makes of a dossier, and what is refused."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from core.domain.lives import NEEDED, RULES, STAGED, START, THREE_DAYS, TO, act, at, lived, person
from motcua.domain.calendar import Calendar, CalendarDay
from motcua.domain.clock_events import Extended, Outage
from motcua.domain.deadline_errors import (
    ClockEventError,
    NotLaterError,
    SecondReappointmentError,
)
from motcua.domain.dossier import (
    TRANSITIONS,
    Role,
    RoleNotAllowedError,
    State,
    StepNotAllowedError,
    UnknownTransitionError,
)
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.life import (
    OUTAGE_AT_MOST,
    SYSTEM,
    Actor,
    ActTooEarlyError,
    Life,
    MissingLimitError,
    Opening,
    OwnApprovalError,
    Rules,
    SupplementAnsweredError,
    SupplementTermOpenError,
    SupplementTooLateError,
    clock_state,
    may_take,
    moment,
    open_dossier,
    step,
)
from motcua.domain.limit import parse_limit

AFTER_RECEPTION = [row for row in TRANSITIONS.values() if row.sources and row.id != "T01"]
LATER = at("23 10:00")
TODAY = START.date()


def due(life: Life, rules: Rules = RULES) -> dt.datetime | None:
    return clock_state(life, rules, dt.date(2026, 12, 31)).current_due


def faults(life: Life, step_id: str, **changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidAnswersError) as refused:
        step(life, act(step_id, LATER, **changes), RULES)
    return [(fault.field, fault.fault) for fault in refused.value.faults]


# ---- every row of the table, taken ----


@pytest.mark.parametrize(
    ("step_id", "source"),
    [(row.id, source) for row in AFTER_RECEPTION for source in row.sources if source in TO],
)
def test_a_step_leads_where_the_table_says(step_id: str, source: State) -> None:
    waiting = ("T33",) if step_id == "T34" else ()
    before = lived(*TO[source], *waiting, rules=STAGED)
    when = at("26 17:01") if step_id == "T35" else before.last_at

    after = step(before, act(step_id, when), STAGED, THREE_DAYS)

    assert after.state is (TRANSITIONS[step_id].target or source)
    assert after.version == before.version + 1
    assert after.last_at == when


def test_a_draft_is_submitted_by_opening_a_dossier() -> None:
    """T01: what is not submitted is on the citizen's side and no dossier yet."""
    life = lived("T01")

    assert life == Life(state=State.SUBMITTED, version=1, last_at=START, submitted_at=START)


def test_a_reception_at_the_counter_starts_the_clock() -> None:
    """T02; 3 working days from Monday end on Thursday at the close (§4.10)."""
    life = lived("T02")

    assert (life.state, life.version, life.received_at) == (State.RECEIVED, 1, START)
    assert due(life) == at("26 17:00")


def test_an_online_dossier_is_counted_from_its_reception_not_from_its_submission() -> None:
    """T03."""
    life = lived("T01", act("T03", at("24 09:00")))

    assert (life.submitted_at, life.received_at) == (START, at("24 09:00"))
    assert due(life) == at("27 17:00")


def test_a_supplement_before_reception_starts_no_clock() -> None:
    """T04, T05."""
    life = lived("T01", "T04", "T05")

    assert (life.state, life.clock, life.version) == (State.SUBMITTED, (), 3)


# ---- what is refused ----


def test_a_dossier_turned_away_at_the_counter_was_never_received() -> None:
    # Rules 2.3: T04 and T07 leave "submitted or counter".
    refused = open_dossier(act("T07", reason="Không thuộc thẩm quyền"), RULES)
    waiting = open_dossier(act("T04"), RULES)

    assert (refused.state, waiting.state) == (State.REFUSED, State.PRE_SUPPLEMENT)
    for life in (refused, waiting):
        assert (life.version, life.clock) == (1, ())
        assert (life.submitted_at, life.received_at) == (None, None)


def test_turning_away_needs_a_reason() -> None:
    with pytest.raises(InvalidAnswersError) as refused:
        open_dossier(act("T04", reason="", data={}), RULES)

    assert {fault.field for fault in refused.value.faults} == {"reason", "items"}


@pytest.mark.parametrize("step_id", ["T03", "T08", "T19", "T26"])
def test_a_dossier_opens_by_submission_reception_or_being_turned_away(step_id: str) -> None:
    with pytest.raises(StepNotAllowedError) as refused:
        open_dossier(act(step_id), RULES, THREE_DAYS)

    assert refused.value.fields["allowed"] == ("T01", "T02", "T04", "T07")


@pytest.mark.parametrize(("step_id", "role"), [("T01", Role.FIELD), ("T02", Role.LEADER)])
def test_a_dossier_is_opened_by_the_right_people(step_id: str, role: Role) -> None:
    with pytest.raises(RoleNotAllowedError):
        open_dossier(act(step_id, by=person(role)), RULES, THREE_DAYS)


@pytest.mark.parametrize("row", AFTER_RECEPTION, ids=lambda row: row.id)
def test_a_step_is_refused_in_every_other_state(row: Any) -> None:
    for state in set(TO) - set(row.sources):
        life = lived(*TO[state])

        with pytest.raises(StepNotAllowedError) as refused:
            step(life, act(row.id, life.last_at), RULES, THREE_DAYS)

        assert row.id not in refused.value.fields["allowed"]
        assert refused.value.fields["state"] == state
        assert (
            may_take(row, life, act(row.id).by, RULES, life.last_at) == "dossier.step-not-allowed"
        )


@pytest.mark.parametrize("row", AFTER_RECEPTION, ids=lambda row: row.id)
def test_a_step_is_refused_to_every_other_role(row: Any) -> None:
    life = lived(*TO[next(source for source in row.sources if source in TO)])

    for role in set(Role) - set(row.roles):
        with pytest.raises(RoleNotAllowedError) as refused:
            step(life, act(row.id, life.last_at, by=person(role)), RULES, THREE_DAYS)
        assert refused.value.fields["roles"] == row.roles
        assert may_take(row, life, person(role), RULES, life.last_at) == "dossier.role-not-allowed"

    assert may_take(row, life, person(row.roles[0]), RULES, life.last_at) is None


def test_one_person_may_act_in_any_of_their_roles() -> None:
    life = lived("T02")

    both = person(Role.CLERK, Role.RECEPTION)

    assert step(life, act("T08", by=both), RULES).state is State.APPRAISING


def test_a_step_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownTransitionError):
        step(lived("T02"), msgspec.structs.replace(act("T08"), transition="T99"), RULES)


@pytest.mark.parametrize(
    "row", [row for row in AFTER_RECEPTION if row.needs_reason], ids=lambda row: row.id
)
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_step_that_needs_a_reason_is_refused_without_one(row: Any, reason: str) -> None:
    life = lived(*TO[next(source for source in row.sources if source in TO)])

    assert ("reason", "field.missing") in faults(life, row.id, reason=reason)


@pytest.mark.parametrize(
    ("step_id", "name"),
    [(row.id, need.name) for row in AFTER_RECEPTION for need in row.needs if need.required],
)
def test_a_step_is_refused_without_what_it_needs(step_id: str, name: str) -> None:
    source = next(source for source in TRANSITIONS[step_id].sources if source in TO)
    data = {key: value for key, value in NEEDED[step_id].items() if key != name}

    assert faults(lived(*TO[source]), step_id, data=data) == [(name, "field.missing")]


def test_all_faults_of_a_step_come_at_once() -> None:
    life = lived(*TO["result_ready"])

    found = faults(life, "T20", data={"received_by": " ", "way": "pigeon", "colour": "red"})

    assert found == [
        ("received_by", "field.missing"),
        ("way", "field.option"),
        ("colour", "field.surplus"),
    ]


@pytest.mark.parametrize(
    ("state", "step_id", "name", "wrong"),
    [
        ("appraising", "T09", "items", "một dòng"),
        ("appraising", "T09", "items", ["giấy", ""]),
        ("appraising", "T09", "items", ["giấy", "  "]),
        ("appraising", "T09", "items", ["giấy", 3]),
        ("appraising", "T09", "until", "hôm sau"),
        ("appraising", "T09", "until", "2026-11-30T17:00:00"),
        ("appraising", "T09", "until", 20261130),
        ("appraising", "T12", "amount", "20000"),
        ("appraising", "T12", "amount", -1),
        ("appraising", "T12", "amount", True),
        ("appraising", "T12", "amount", 1.5),
        ("appraising", "T12", "ground", 5),
        ("received", "T21", "new_due", dt.datetime(2026, 11, 30)),  # noqa: DTZ001 - the fault
    ],
)
def test_a_value_of_the_wrong_kind_is_a_fault(
    state: str, step_id: str, name: str, wrong: Any
) -> None:
    found = faults(lived(*TO[state]), step_id, data={**NEEDED[step_id], name: wrong})

    assert found == [(name, "field.type")]


def test_what_may_be_left_out_may_come_empty() -> None:
    """A form sends an empty field where a person left it out."""
    data = {"items": ["Giấy chứng sinh"], "until": ""}

    life = step(lived(*TO["appraising"]), act("T09", LATER, data=data), RULES)

    assert life.state is State.SUPPLEMENT_REQUESTED


@pytest.mark.parametrize("text", ["2026-11-30T17:00:00+07:00", "2026-11-30T10:00:00Z"])
def test_a_moment_may_come_as_text(text: str) -> None:
    assert moment(text) == at("30 17:00")


def test_an_act_is_not_dated_before_the_one_it_follows() -> None:
    life = lived(act("T02", at("23 08:00")))

    with pytest.raises(ActTooEarlyError) as refused:
        step(life, act("T08", at("23 07:59")), RULES)

    assert refused.value.fields["last_at"] == START


def test_nobody_approves_what_they_appraised_themselves() -> None:
    """§2.3: forbidden, unless the tenant allows it."""
    both = person(Role.FIELD, Role.LEADER)
    life = lived("T02", "T08", act("T16", LATER, by=both))

    with pytest.raises(OwnApprovalError):
        step(life, act("T18", LATER, by=both), RULES)

    assert may_take(TRANSITIONS["T18"], life, both, RULES, life.last_at) == "dossier.own-approval"
    assert may_take(TRANSITIONS["T17"], life, both, RULES, life.last_at) is None


def test_a_small_commune_or_an_authorised_certifier_may_approve_their_own_work() -> None:
    """§2.3 "unless the tenant allows it"; §13.1 for certifiers."""
    allowed = msgspec.structs.replace(RULES, own_approval=True)
    both = person(Role.FIELD, Role.LEADER)
    life = lived("T02", "T08", act("T16", LATER, by=both))

    assert step(life, act("T18", LATER, by=both), allowed).state is State.APPROVED
    assert may_take(TRANSITIONS["T18"], life, both, allowed, life.last_at) is None


def test_an_approver_without_a_number_cannot_be_the_appraiser() -> None:
    """Old histories name people without accounts."""
    nobody = Actor(None, "Người duyệt cũ", (Role.FIELD, Role.LEADER))
    life = lived("T02", "T08", act("T16", LATER, by=nobody))

    assert step(life, act("T18", LATER, by=nobody), RULES).state is State.APPROVED


TWO_DAYS = msgspec.structs.replace(RULES, supplement_within=2)


def test_a_supplement_is_asked_within_the_working_days_the_unit_has_set() -> None:
    """§13.8: received on Monday, two working days: on Wednesday, not on Thursday."""
    life = lived("T02", "T08")
    row, field = TRANSITIONS["T09"], act("T09").by

    asked = step(life, act("T09", at("25 16:59")), TWO_DAYS)

    assert asked.supplements == 1
    assert may_take(row, life, field, TWO_DAYS, at("25 23:59")) is None
    assert may_take(row, life, field, TWO_DAYS, at("26 08:00")) == "dossier.supplement-too-late"
    with pytest.raises(SupplementTooLateError):
        step(life, act("T09", at("26 08:00")), TWO_DAYS)
    assert step(life, act("T09", at("26 08:00")), RULES).supplements == 1


def test_a_limit_that_restarts_gives_its_days_to_ask_again() -> None:
    """§13.8: a second request in process is allowed, and counted."""
    asked = lived("T02", "T08", act("T09", at("24 09:00")))
    completed = step(asked, act("T10", at("27 09:00")), TWO_DAYS)

    assert step(completed, act("T09", at("27 10:00")), TWO_DAYS).supplements == 2


@pytest.mark.parametrize(
    "opening",
    [None, Opening(), Opening(until=at("30 17:00")), Opening(ground="Văn bản 3")],
)
@pytest.mark.parametrize("way", [("T02",), ("T01", "T03")])
def test_no_limit_is_ever_guessed(way: tuple[str, ...], opening: Opening | None) -> None:
    """§15.1: without a known limit the officer gives a date and its ground."""
    with pytest.raises(MissingLimitError):
        lived(*way, opening=opening)


def test_a_date_that_has_passed_is_no_date_for_a_reception() -> None:
    with pytest.raises(NotLaterError):
        lived("T02", opening=Opening(until=at("20 17:00"), ground="Văn bản 3"))


def test_an_officers_date_with_its_ground_stands_in_for_a_limit() -> None:
    """§15.1."""
    life = lived("T02", opening=Opening(until=at("30 17:00"), ground="Văn bản 3"))

    clock = clock_state(life, RULES, TODAY)

    assert (clock.current_due, clock.no_limit, clock.legal_due) == (at("30 17:00"), True, None)


def test_a_reception_may_extend_the_limit_at_once() -> None:
    """A later time agreed in writing when a paper is handed in (Decree 23/2015 art. 7)."""
    agreed = Extended(at=START, until=at("25 10:00"), ground="Thỏa thuận", paper="Phiếu hẹn")
    opening = Opening(limit=parse_limit("same_day"), extensions=(agreed,))

    assert due(lived("T02", opening=opening)) == at("25 10:00")


# ---- what steps do to the clock ----


def test_a_supplement_restarts_the_clock_by_default() -> None:
    """T09, T10: 3 wd anew from Thursday 26/11 end on Tuesday 1/12."""
    life = lived("T02", "T08", act("T09", at("24 09:00")), act("T10", at("26 09:00")))

    assert due(life) == dt.datetime(2026, 12, 1, 17, tzinfo=START.tzinfo)
    assert life.supplements == 1


def test_a_supplement_may_let_the_clock_go_on() -> None:
    """T10 with ``resume`` (§4.5): the 24th to the 26th stand; 27/11, 30/11 and 1/12 count."""
    resume = msgspec.structs.replace(RULES, supplement="resume")
    life = lived("T02", "T08", act("T09", at("24 09:00")), act("T10", at("26 09:00")), rules=resume)

    assert due(life, resume) == dt.datetime(2026, 12, 1, 17, tzinfo=START.tzinfo)


def test_resuming_keeps_what_was_counted_before_the_supplement() -> None:
    """The 24th was counted; the 25th and 26th stand; the 27th and 30th are left."""
    resume = msgspec.structs.replace(RULES, supplement="resume")
    life = lived("T02", "T08", act("T09", at("25 09:00")), act("T10", at("26 09:00")), rules=resume)

    assert due(life, resume) == at("30 17:00")


def test_without_a_known_limit_a_completed_supplement_brings_a_new_date() -> None:
    """T10 with ``until``, §15.1."""
    given = Opening(until=at("27 17:00"), ground="Văn bản 3")
    completed = act("T10", at("26 09:00"), data={"until": at("30 17:00")})

    life = lived("T02", "T08", "T09", completed, opening=given)

    assert due(life) == at("30 17:00")


def test_a_completed_supplement_takes_no_date_where_the_limit_is_known() -> None:
    life = lived("T02", "T08", "T09")

    with pytest.raises(ClockEventError):
        step(life, act("T10", LATER, data={"until": at("30 17:00")}), RULES)


def test_waiting_for_a_supplement_is_never_late() -> None:
    """§2.2: stopped, in time."""
    life = lived("T02", "T08", "T09")

    clock = clock_state(life, RULES, TODAY)

    assert clock.waiting == "supplement"
    assert not clock.late_at(at("30 09:00"))


def test_lateness_latches_before_a_supplement() -> None:
    """§13.8: a request entered after the due time does not undo lateness."""
    life = lived("T02", "T08", act("T09", at("27 09:00")), act("T10", at("30 09:00")))

    assert clock_state(life, RULES, at("30 09:00").date()).late_latched


def test_an_unanswered_supplement_ends_the_dossier() -> None:
    """T11, by the system too."""
    life = lived("T02", "T08", "T09", act("T11", at("30 09:00"), by=SYSTEM))

    clock = clock_state(life, RULES, at("30 09:00").date())
    assert (life.state, life.finished_at) == (State.STOPPED, at("30 09:00"))
    assert (clock.running, clock.outcome) == (False, "on_time")


def test_nobody_is_stopped_as_unanswered_before_the_term_of_the_supplement_is_over() -> None:
    """§2.3, T11: the term is over; the request said until when."""
    asked = act(
        "T09",
        at("24 09:00"),
        data={"items": ["Giấy chứng sinh"], "until": "2026-11-27T17:00:00+07:00"},
    )
    life = lived("T02", "T08", asked)
    row, field = TRANSITIONS["T11"], Actor(5, "field", (Role.FIELD,))

    with pytest.raises(SupplementTermOpenError, match="17:00 27/11/2026"):
        step(life, act("T11", at("27 17:00"), by=SYSTEM), RULES)
    assert may_take(row, life, field, RULES, at("27 17:00")) == "dossier.supplement-term-open"

    assert may_take(row, life, field, RULES, at("27 17:01")) is None
    assert step(life, act("T11", at("27 17:01")), RULES).state is State.STOPPED


def test_nobody_is_stopped_as_unanswered_who_has_answered() -> None:
    """The answer is looked at first: accepted (T10), then asked for again if it is not whole."""
    sent = act("T36", at("24 09:00"), data={"documents": ["birth_notice"]})
    life = lived("T02", "T08", "T09", sent)

    with pytest.raises(SupplementAnsweredError, match="09:00 24/11/2026"):
        step(life, act("T11", at("30 09:00")), RULES)

    assert clock_state(life, RULES, TODAY).waiting == "supplement"
    again = lived("T02", "T08", "T09", sent, act("T10", at("25 09:00")), act("T09", at("25 10:00")))
    assert step(again, act("T11", at("30 09:00")), RULES).state is State.STOPPED


def test_another_way_for_the_result_is_no_supplement() -> None:
    way = act("T36", at("24 09:00"), data={"result_way": "counter"})
    life = lived("T02", "T08", "T09", way)

    assert step(life, act("T11", at("30 09:00")), RULES).state is State.STOPPED


def test_a_payment_pauses_the_clock() -> None:
    """T12, T13: the 24th and 25th stand."""
    life = lived("T02", "T08", act("T12", at("24 09:00")), act("T13", at("25 09:00")))

    assert due(life) == at("30 17:00")


def test_a_dossier_with_another_agency_keeps_running() -> None:
    """T14, T15: the whole group has one deadline."""
    life = lived("T02", "T08", act("T14", at("23 09:00")), act("T15", at("25 09:00")))

    assert due(life) == at("26 17:00")


def test_a_ready_result_ends_the_clock_and_counts() -> None:
    """T19 stops the clock; before the due date is early (§4.7)."""
    life = lived("T02", "T08", "T16", "T18", act("T19", at("25 16:00")))

    clock = clock_state(life, RULES, at("25 16:00").date())
    assert (life.finished_at, life.outcome) == (at("25 16:00"), "positive")
    assert (clock.finished_at, clock.outcome) == (at("25 16:00"), "early")


def test_a_late_result_counts_as_late() -> None:
    life = lived("T02", "T08", "T16", "T18", act("T19", at("27 07:30")))

    assert clock_state(life, RULES, at("27 07:30").date()).outcome == "late"


def test_returning_a_result_changes_no_clock() -> None:
    """T20."""
    ready = lived("T02", "T08", "T16", "T18", "T19")

    life = step(ready, act("T20", at("30 09:00")), RULES)

    assert (life.clock, life.finished_at) == (ready.clock, ready.finished_at)
    assert life.returned_at == at("30 09:00")


def test_a_reappointment_keeps_the_promise_beside_the_new_date() -> None:
    """T21 and §13.3: none of the three dates overwrites another."""
    life = lived("T02", act("T21", at("24 09:00")))

    clock = clock_state(life, RULES, at("24 09:00").date())
    assert life.state is State.RECEIVED
    assert (clock.current_due, clock.promise) == (at("30 17:00"), at("26 17:00"))
    assert clock.legal_due == at("26 17:00")


def test_a_dossier_is_reappointed_once_only() -> None:
    """T21."""
    life = lived("T02", act("T21", at("24 09:00")))
    again = act("T21", at("25 09:00"), data={"new_due": "2026-12-04T17:00:00+07:00"})

    with pytest.raises(SecondReappointmentError):
        step(life, again, RULES)


def test_a_new_date_lies_after_the_one_in_force() -> None:
    with pytest.raises(NotLaterError):
        step(lived("T02"), act("T21", LATER, data={"new_due": at("25 17:00")}), RULES)


@pytest.mark.parametrize("by", [Role.RECEPTION, Role.CITIZEN])
def test_a_withdrawn_dossier_is_over_and_in_time(by: Role) -> None:
    """T22; §2.2: processed, on time."""
    life = lived("T02", "T08", act("T22", at("24 09:00"), by=person(by)))

    clock = clock_state(life, RULES, TODAY)
    assert (life.state, life.finished_at) == (State.WITHDRAWN, at("24 09:00"))
    assert (clock.outcome, life.mistake) == ("on_time", False)


def test_a_stopped_dossier_is_over() -> None:
    """T23, also while a supplement is awaited."""
    life = lived("T02", "T08", "T09", act("T23", at("24 09:00")))

    assert (life.state, life.finished_at) == (State.STOPPED, at("24 09:00"))
    assert not clock_state(life, RULES, TODAY).running


@pytest.mark.parametrize("step_id", ["T22", "T23", "T26"])
def test_what_ends_without_a_result_has_no_outcome(step_id: str) -> None:
    """§2.2: a proposal to grant or refuse is no answer until it is signed."""
    life = lived("T02", "T08", "T16", step_id)

    assert life.outcome is None


def test_a_refusal_on_the_merits_is_a_signed_negative_answer() -> None:
    """T24 and §2.2: not ``refused``; it goes the way of every answer."""
    life = lived("T02", "T08", "T24", "T18", "T19", "T20")

    assert (life.state, life.outcome) == (State.RETURNED, "negative")


def test_what_a_leader_sends_back_is_open_again() -> None:
    """T17."""
    life = lived("T02", "T08", "T24", "T17")

    assert (life.state, life.outcome) == (State.APPRAISING, None)


def test_a_dossier_entered_by_mistake_is_marked_and_kept() -> None:
    """T26, §13.16: withdrawn, outside every figure."""
    life = lived("T02", act("T26", at("23 09:00")))

    assert (life.state, life.mistake) == (State.WITHDRAWN, True)
    assert life.finished_at == at("23 09:00")


def test_a_day_off_decided_later_re_dates_a_running_dossier() -> None:
    """T27, §13.4."""
    decided = CalendarDay(
        date=at("25 00:00").date(),
        kind="holiday",
        name="Nghỉ đột xuất",
        basis="Công văn 9",
        decided_on=at("24 00:00").date(),
    )
    rules = Rules(calendar=Calendar(days=(decided,)))
    before = lived("T02", rules=rules)
    assert due(before, rules) == at("26 17:00")

    after = step(before, act("T27", at("24 09:00"), by=SYSTEM), rules)

    assert due(after, rules) == at("27 17:00")
    assert after.state is State.RECEIVED


def test_a_verification_extends_by_the_variant_of_the_definition() -> None:
    """T28: the limit of the definition's own variant, 5 wd after 26/11."""
    data = {"variant": "verify", "ground": "Phải xác minh"}

    life = step(lived("T02"), act("T28", LATER, data=data), RULES)

    assert due(life) == dt.datetime(2026, 12, 3, 17, tzinfo=START.tzinfo)


def test_an_agreed_later_time_extends_to_that_hour() -> None:
    """T28, §13.9: entered as date, hour and the paper that agrees."""
    data = {"until": "2026-11-30T10:00:00+07:00", "ground": "Thỏa thuận", "paper": "Phiếu 1"}
    data["variant"] = ""

    life = step(lived("T02"), act("T28", LATER, data=data), RULES)

    assert due(life) == at("30 10:00")


def test_an_unknown_variant_is_a_fault() -> None:
    found = faults(lived("T02"), "T28", data={"variant": "moon", "ground": "Phải xác minh"})

    assert found == [("variant", "field.option")]


def test_an_extension_is_by_a_variant_or_to_a_time() -> None:
    life = lived("T02")
    ground = {"ground": "Thỏa thuận"}

    assert faults(life, "T28", data=ground) == [("until", "field.missing")]
    assert faults(life, "T28", data={**ground, "until": " "}) == [("until", "field.missing")]
    assert faults(life, "T28", data={}) == [
        ("ground", "field.missing"),
        ("until", "field.missing"),
    ]
    both = {**ground, "until": at("30 17:00"), "variant": "verify"}
    assert faults(life, "T28", data=both) == [("until", "field.surplus")]


def test_an_announced_outage_is_not_counted() -> None:
    """T29: no working time of the 24th between 8 and 10 counts, so that day is free."""
    data = {"from": at("24 08:00"), "until": at("24 10:00"), "ground": "Thông báo 2/TB"}

    life = step(lived("T02"), act("T29", at("24 11:00"), by=SYSTEM, data=data), RULES)

    assert due(life) == at("27 17:00")


@pytest.mark.parametrize(
    ("start", "until", "fault"),
    [
        (at("23 07:59"), at("24 08:00"), ("from", "field.outage-start")),
        (dt.datetime(1901, 1, 1, tzinfo=dt.UTC), at("24 08:00"), ("from", "field.outage-start")),
        (at("24 10:00"), at("24 08:00"), ("until", "field.outage-end")),
        (at("24 10:00"), at("24 10:00"), ("until", "field.outage-end")),
        (at("24 10:00"), at("24 10:00") + OUTAGE_AT_MOST, ("until", "field.outage-end")),
        (at("24 10:00"), dt.datetime(2199, 1, 1, tzinfo=dt.UTC), ("until", "field.outage-end")),
    ],
)
def test_an_outage_lies_between_the_reception_and_a_month_from_now(
    start: dt.datetime, until: dt.datetime, fault: tuple[str, str]
) -> None:
    """T29, §13.3: an announcement may come before the outage, but not years before."""
    data = {"from": start, "until": until, "ground": "Thông báo 2/TB"}

    assert faults(lived("T02"), "T29", data=data) == [fault]


def test_an_outage_may_begin_at_the_reception_and_be_announced_before_it_ends() -> None:
    data = {"from": START, "until": LATER + OUTAGE_AT_MOST, "ground": "Thông báo 2/TB"}

    life = step(lived("T02"), act("T29", LATER, data=data), RULES)

    assert life.clock[-1] == Outage(
        at=LATER, start=START, until=LATER + OUTAGE_AT_MOST, ground="Thông báo 2/TB"
    )


def test_an_outage_before_the_due_time_is_not_lateness_even_if_entered_after_it() -> None:
    """T29, §13.8: its time was never the office's, so nothing was late yet."""
    data = {"from": at("25 08:00"), "until": at("25 16:00"), "ground": "Thông báo 2/TB"}
    late = lived("T02", act("T29", at("27 09:00"), data=data))

    ended = clock_state(step(late, act("T23", at("27 10:00")), RULES), RULES, at("27 00:00").date())

    assert ended.report_due == at("27 17:00")
    assert not ended.late_latched


def test_an_outage_undoes_no_lateness_that_has_latched() -> None:
    """T29, §13.8: a supplement was asked for after the due time."""
    data = {"from": at("25 08:00"), "until": at("25 16:00"), "ground": "Thông báo 2/TB"}
    asked = lived("T02", "T08", act("T09", at("27 09:00")))
    life = step(asked, act("T29", at("27 10:00"), data=data), RULES)

    assert clock_state(life, RULES, at("27 00:00").date()).late_latched


def test_a_refused_step_leaves_the_life_as_it_was() -> None:
    life = lived("T02")

    with pytest.raises(StepNotAllowedError):
        step(life, act("T20", LATER), RULES)

    assert life == lived("T02")
