"""Stages, waits "up to", silence and campaigns: what a definition says and events do."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from core.domain.clocks import C0
from core.domain.histories import at
from core.domain.lives import ASKED_ELSEWHERE, RULES, SILENT, act, lived
from motcua.domain.clock import (
    Asked,
    ClockState,
    Extended,
    Lapsed,
    Stage,
    StageEnded,
    Started,
    Stopped,
    run,
)
from motcua.domain.deadline_errors import (
    ClockEventError,
    ClockNotWaitingError,
    ClockWaitingError,
)
from motcua.domain.dossier import TRANSITIONS
from motcua.domain.dossier import transition as row_of
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.explanation import Why
from motcua.domain.life import (
    Life,
    NoSilenceError,
    Opening,
    Rules,
    SilenceDecidedError,
    applies,
    clock_state,
    may_take,
    step,
)
from motcua.domain.limit import Unit, parse_limit
from motcua.domain.procedure_limit import Limit, LimitVariant, VariantClock, VariantMode
from motcua.domain.procedure_limit import Stage as Planned

DAY = Unit.WORKING_DAY
COMPENSATION = Limit(
    known=False,
    note="theo từng chặng",
    stages=(
        Planned(id="accept", label="Thụ lý", amount=2, unit=DAY, counted_from="ngày nhận"),
        Planned(id="appoint", label="Cử người", amount=2, unit=DAY, counted_from="ngày thụ lý"),
        Planned(
            id="verify",
            label="Xác minh",
            amount=15,
            unit=Unit.CALENDAR_DAY,
            counted_from="ngày thụ lý",
            after="accept",
        ),
        Planned(id="talks", label="Thương lượng", counted_from="ngày có báo cáo"),
    ),
)
LONGER = LimitVariant(
    id="verify-longer",
    when="gia hạn xác minh",
    amount=5,
    unit=Unit.CALENDAR_DAY,
    mode=VariantMode.ADDS,
    clock=VariantClock.BESIDE,
    stage="verify",
)
CHAIN = Rules(
    calendar=C0,
    limit=COMPENSATION,
    variants={"verify-longer": LONGER},
    waits={"asked": ASKED_ELSEWHERE},
)
OFFICERS = Opening(until=at("2025-08-29 17:00"), ground="Ước tính của cán bộ")
RECEIVED = at("2025-06-09 09:00")


def received(rules: Rules = CHAIN, opening: Opening = OFFICERS) -> Life:
    return lived(act("T02", RECEIVED), rules=rules, opening=opening)


def took(life: Life, step_id: str, when: str, rules: Rules = CHAIN, **data: Any) -> Life:
    return step(life, act(step_id, at(when), data=data), rules)


def stages(life: Life) -> list[tuple[str, dt.datetime | None, dt.datetime | None, bool]]:
    state = clock_state(life, CHAIN)
    return [(each.stage, each.due, each.ended_at, each.late) for each in state.stages]


# ---- stages ----


def test_the_plan_says_which_stage_follows_which() -> None:
    """Law 10/2017/QH14 art. 43, 45: appointing and verifying both count from acceptance."""
    assert [each.id for each in COMPENSATION.stages_after(None)] == ["accept"]
    assert [each.id for each in COMPENSATION.stages_after("accept")] == ["appoint", "verify"]
    assert [each.id for each in COMPENSATION.stages_after("verify")] == ["talks"]
    assert COMPENSATION.stages_after("talks") == ()


def test_the_first_stage_begins_with_the_reception() -> None:
    assert stages(received()) == [("accept", at("2025-06-11 17:00"), None, False)]


def test_a_stage_that_is_done_starts_those_that_follow_it() -> None:
    life = took(received(), "T32", "2025-06-11 15:00", stage="accept")

    assert stages(life) == [
        ("accept", at("2025-06-11 17:00"), at("2025-06-11 15:00"), False),
        ("appoint", at("2025-06-13 17:00"), None, False),
        ("verify", at("2025-06-26 17:00"), None, False),
    ]
    assert [each.agency for each in clock_state(life, CHAIN).stages][1:] == ["Cử người", "Xác minh"]


def test_a_stage_done_after_its_due_date_is_late_and_the_others_are_not() -> None:
    accepted = took(received(), "T32", "2025-06-11 15:00", stage="accept")

    life = took(accepted, "T32", "2025-06-16 09:00", stage="appoint")

    assert [late for *_, late in stages(life)] == [False, True, False]
    assert clock_state(life, CHAIN).stages[1].late_at(at("2025-06-10 09:00"))


def test_an_open_stage_is_late_from_the_day_after_its_due_date() -> None:
    (stage,) = clock_state(received(), CHAIN).stages

    assert not stage.late_at(at("2025-06-11 23:00"))
    assert stage.late_at(at("2025-06-12 00:00"))


def test_a_stage_nobody_limits_is_never_late() -> None:
    life = took(received(), "T32", "2025-06-10 09:00", stage="accept")
    life = took(life, "T32", "2025-06-20 09:00", stage="verify")

    talks = clock_state(life, CHAIN).stages[-1]

    assert (talks.stage, talks.due, talks.late_at(at("2026-06-20 09:00"))) == ("talks", None, False)


def test_stages_never_decide_about_the_dossiers_own_date() -> None:
    """Rules 15.1: never one sum; without a limit the officer's date stands, uncounted."""
    life = took(received(), "T32", "2025-06-20 09:00", stage="accept")

    state = clock_state(life, CHAIN)

    assert state.stages[0].late
    assert (state.no_limit, state.late_latched) == (True, False)
    assert state.current_due == at("2025-08-29 17:00")


def test_a_stage_is_done_once_and_only_after_it_has_begun() -> None:
    life = took(received(), "T32", "2025-06-10 09:00", stage="accept")

    for stage in ("accept", "talks", "moon"):
        with pytest.raises(InvalidAnswersError) as refused:
            took(life, "T32", "2025-06-11 09:00", stage=stage)
        assert refused.value.faults[0].field == "stage"
        assert refused.value.faults[0].fields["options"] == "appoint, verify"


def test_a_stage_is_extended_by_its_own_variant() -> None:
    """Law 10/2017/QH14 art. 45 clause 2: longer by agreement, the stage and nothing else."""
    life = took(received(), "T32", "2025-06-11 15:00", stage="accept")

    life = took(life, "T28", "2025-06-12 09:00", variant="verify-longer", ground="Thỏa thuận")

    state = clock_state(life, CHAIN)
    assert state.stages[2].due == at("2025-07-01 17:00")
    assert state.current_due == at("2025-08-29 17:00")
    assert state.redated == ()


def test_a_stage_ends_with_the_dossier() -> None:
    life = took(received(), "T32", "2025-06-11 15:00", stage="accept")
    life = step(life, act("T23", at("2025-06-16 09:00")), CHAIN)

    ended = at("2025-06-16 09:00")
    assert [(when, late) for *_, when, late in stages(life)][1:] == [(ended, True), (ended, False)]


def test_a_supplement_stops_every_stage_at_work() -> None:
    life = took(received(), "T32", "2025-06-11 15:00", stage="accept")
    life = step(life, act("T08", at("2025-06-11 15:01")), CHAIN)
    life = step(life, act("T09", at("2025-06-12 09:00")), CHAIN)
    resumed = msgspec.structs.replace(CHAIN, supplement="resume")
    life = step(life, act("T10", at("2025-06-18 09:00"), data={}), resumed)

    assert [due for _, due, *_ in stages(life)][1:] == [
        at("2025-06-20 17:00"),
        at("2025-07-03 17:00"),
    ]


def test_the_clock_refuses_stages_that_are_not_at_work() -> None:
    start = Started(at=RECEIVED, limit=parse_limit("5 wd"))
    later = at("2025-06-10 09:00")
    stage = Stage(at=RECEIVED, stage="a", agency="A", limit=parse_limit("1 wd"))

    with pytest.raises(ClockEventError):
        run(C0, (start, StageEnded(at=later, stage="a")))
    with pytest.raises(ClockEventError):
        run(C0, (start, stage, Extended(at=later, limit=parse_limit("1 wd"), stage="b")))
    with pytest.raises(ClockWaitingError):
        run(C0, (start, stage, Asked(at=later), StageEnded(at=later, stage="a")))


# ---- waits ----


def test_a_wait_begins_and_ends_at_the_answer() -> None:
    """Rules 13.9: a wait "up to" ends at the answer and is not added."""
    life = took(received(), "T33", "2025-06-10 09:00", variant="asked")
    answered = took(life, "T34", "2025-06-11 09:00", answer="Không có trong sổ")

    (wait,) = clock_state(life, CHAIN).waits
    assert (wait.until, wait.consequence) == (at("2025-06-12 17:00"), "tiếp tục giải quyết")
    (ended,) = clock_state(answered, CHAIN).waits
    assert (ended.answered, ended.ended_at) == (True, at("2025-06-11 09:00"))
    assert clock_state(answered, CHAIN).current_due == at("2025-08-29 17:00")


def test_an_answer_after_the_limit_comes_too_late() -> None:
    life = took(received(), "T33", "2025-06-10 09:00", variant="asked")

    with pytest.raises(ClockNotWaitingError):
        took(life, "T34", "2025-06-13 09:00", answer="Không có trong sổ")


def test_a_wait_the_definition_does_not_have_is_a_fault() -> None:
    with pytest.raises(InvalidAnswersError) as refused:
        took(received(), "T33", "2025-06-10 09:00", variant="moon")

    assert [fault.field for fault in refused.value.faults] == ["variant"]


def test_what_is_offered_is_what_there_is_to_do() -> None:
    plain = msgspec.structs.replace(RULES, calendar=C0, waits={})
    bare = received(plain, Opening(limit=parse_limit("3 wd")))
    chain = received()
    waiting = took(chain, "T33", "2025-06-10 09:00", variant="asked")
    soon, after = at("2025-06-10 10:00"), at("2025-06-13 10:00")

    def offered(life: Life, rules: Rules, now: dt.datetime) -> list[str]:
        odd = ("T32", "T33", "T34", "T28")
        return [each for each in odd if applies(row_of(each), life, rules, now)]

    assert offered(bare, plain, soon) == ["T28"]
    assert offered(chain, CHAIN, soon) == ["T32", "T33", "T28"]
    assert offered(waiting, CHAIN, soon) == ["T32", "T34", "T28"]
    assert offered(waiting, CHAIN, after) == ["T32", "T33", "T28"]


# ---- silence ----

NOTICE = msgspec.structs.replace(SILENT, calendar=C0)
FIFTEEN = Opening(limit=parse_limit("15 cd"))
TERM = at("2025-06-24 17:00")


def noticed() -> Life:
    return received(NOTICE, FIFTEEN)


def lapse(life: Life, when: str, term: dt.datetime = TERM, rules: Rules = NOTICE) -> Life:
    return took(life, "T35", when, rules, term=term, ground="Nghị định 110/2018/NĐ-CP")


def test_silence_counts_as_an_acceptance_at_the_moment_the_term_ended() -> None:
    """A festival's notice: 15 days without an answer; noted two days later, it is in time."""
    life = lapse(noticed(), "2025-06-26 08:00")

    assert (life.state, life.outcome) == ("result_ready", "positive")
    assert (life.finished_at, life.last_at) == (TERM, at("2025-06-26 08:00"))
    state = clock_state(life, NOTICE)
    assert (state.outcome, state.finished_at, state.late_latched) == ("on_time", TERM, False)


def test_silence_before_the_end_of_the_term_is_no_answer() -> None:
    with pytest.raises(NoSilenceError):
        lapse(noticed(), "2025-06-24 17:00")


def test_where_the_definition_does_not_say_so_silence_means_nothing() -> None:
    rules = msgspec.structs.replace(NOTICE, limit=Limit(amount=15, unit=Unit.CALENDAR_DAY))

    with pytest.raises(NoSilenceError):
        lapse(received(rules, FIFTEEN), "2025-06-26 08:00", rules=rules)


def test_the_term_told_is_the_due_time_in_force() -> None:
    with pytest.raises(InvalidAnswersError) as refused:
        lapse(noticed(), "2025-06-26 08:00", at("2025-06-23 17:00"))

    assert [fault.field for fault in refused.value.faults] == ["term"]


def test_a_term_put_off_by_a_new_date_runs_until_then_and_counts_as_late() -> None:
    """Rules 4.6: a re-appointment does not change what reports compare with."""
    data = {"new_due": at("2025-06-27 17:00")}
    life = step(noticed(), act("T21", at("2025-06-20 09:00"), data=data), NOTICE)

    with pytest.raises(NoSilenceError):
        lapse(life, "2025-06-26 08:00")
    life = lapse(life, "2025-06-28 08:00", at("2025-06-27 17:00"))

    assert clock_state(life, NOTICE).outcome == "late"


AFTERWARDS = at("2025-06-24 17:01")


@pytest.mark.parametrize(
    ("step_id", "before"),
    [
        (row.id, ("T08",) if source == "appraising" else ("T08", "T16"))
        for row in TRANSITIONS.values()
        for source in ("appraising", "for_approval")
        if source in row.sources and row.id not in ("T26", "T32", "T33", "T34", "T35", "T36")
    ],
)
def test_what_silence_has_decided_nobody_takes_back(step_id: str, before: tuple[str, ...]) -> None:
    """The notice is accepted when its term ends, whether that has been noted or not (§13.8)."""
    life = noticed()
    for each in before:
        life = step(life, act(each, TERM), NOTICE)
    row, taken = row_of(step_id), act(step_id, AFTERWARDS)

    with pytest.raises(SilenceDecidedError):
        step(life, taken, NOTICE)

    assert may_take(row, life, taken.by, NOTICE, AFTERWARDS) == "dossier.silence-decided"
    assert may_take(row, life, taken.by, NOTICE, TERM) is None


def test_a_notice_entered_by_mistake_is_taken_out_whatever_its_term() -> None:
    """T26 says that there was no notice."""
    life = step(noticed(), act("T26", AFTERWARDS), NOTICE)

    assert life.mistake
    assert may_take(row_of("T26"), noticed(), act("T26").by, NOTICE, AFTERWARDS) is None


def test_after_a_silence_the_citizen_says_how_the_result_is_to_come() -> None:
    life = step(noticed(), act("T36", AFTERWARDS), NOTICE)

    assert life.state == "received"


def test_while_the_office_waits_for_the_citizen_silence_decides_nothing() -> None:
    life = step(noticed(), act("T08", TERM), NOTICE)
    asked = step(life, act("T09", TERM), NOTICE)

    assert step(asked, act("T10", AFTERWARDS), NOTICE).state == "appraising"


def test_the_clock_refuses_a_silence_that_cannot_be() -> None:
    start = Started(at=RECEIVED, limit=parse_limit("15 cd"))

    for when, term in (("2025-06-26 08:00", "2025-06-23 17:00"), ("2025-06-24 17:00",) * 2):
        with pytest.raises(ClockEventError):
            run(C0, (start, Lapsed(at=at(when), term=at(term))))
    asked = Asked(at=at("2025-06-10 09:00"))
    with pytest.raises(ClockWaitingError):
        run(C0, (start, asked, Lapsed(at=at("2025-06-26 08:00"), term=TERM)))


# ---- campaigns ----

END = at("2025-12-15 17:00")
CAMPAIGN = Started(at=RECEIVED, until=END, ground="Kế hoạch rà soát", set_by="campaign")


def finished(when: str) -> ClockState:
    return run(C0, (CAMPAIGN, Stopped(at=at(when))))


def test_a_dossier_of_a_campaign_is_due_when_the_campaign_ends() -> None:
    state = run(C0, (CAMPAIGN,))

    assert state.promise == state.legal_due == state.report_due == state.current_due == END
    assert not state.no_limit
    assert {note.why for note in state.explanation if note.date == END.date()} == {Why.CAMPAIGN}
    assert state.explanation[-1].basis == "Kế hoạch rà soát"


def test_a_dossier_of_a_campaign_is_early_on_time_or_late_by_its_end() -> None:
    assert finished("2025-12-12 09:00").outcome == "early"
    assert finished("2025-12-15 18:00").outcome == "on_time"
    assert finished("2025-12-16 09:00").outcome == "late"


def test_an_agreed_later_time_follows_the_campaign() -> None:
    later = Extended(at=at("2025-12-01 09:00"), until=at("2025-12-20 17:00"), ground="Văn bản")

    assert run(C0, (CAMPAIGN, later)).current_due == at("2025-12-20 17:00")


def test_without_dates_the_officers_date_stands_outside_the_counts() -> None:
    officers = msgspec.structs.replace(CAMPAIGN, set_by="officer")

    state = run(C0, (officers, Stopped(at=at("2026-01-16 09:00"))))

    assert (state.no_limit, state.outcome, state.report_due) == (True, "no_limit", None)


# ---- hours of the clock ----


def test_hours_that_run_round_the_clock_begin_at_night() -> None:
    """1.004946: twelve hours from the information, by night and on days off too."""
    twelve = msgspec.structs.replace(parse_limit("12 ch"), round_the_clock=True)
    night = at("2025-06-13 22:00")

    state = run(C0, (Started(at=night, limit=twelve),))

    assert state.current_due == at("2025-06-14 10:00")
    assert [note.counted for note in state.explanation] == [2, 10]
    assert run(C0, (Started(at=night, limit=parse_limit("12 ch")),)).current_due == at(
        "2025-06-16 19:30"
    )
