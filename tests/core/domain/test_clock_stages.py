"""Agencies in a row, and waits "up to"."""

import datetime as dt

from core.domain.clocks import ASKED, C0, CHAIN, FIVE_DAYS, clock, told, waited
from core.domain.histories import at
from motcua.domain.calendar import Calendar, CalendarDay
from motcua.domain.clock import (
    Answered,
    Asked,
    CalendarChanged,
    Completed,
    Extended,
    Stage,
    Started,
    Stopped,
    run,
)
from motcua.domain.limit import parse_limit


def stage(moment: str, limit: str | None, agency: str) -> Stage:
    return Stage(at=at(moment), limit=parse_limit(limit) if limit else None, agency=agency)


# ---- agencies in a row ----


def test_a_chain_of_stages_is_a_list_of_clocks_never_a_sum() -> None:
    """State compensation: accept 2 working days, then verify 15 days."""
    state = clock(
        CHAIN,
        stage("2025-06-09 09:00", "2 wd", "Thụ lý"),
        stage("2025-06-11 15:00", "15 cd", "Xác minh"),
    )

    assert (state.promise, state.limit) == (None, None)
    assert [(one.agency, one.due, one.ended_at) for one in state.stages] == [
        ("Thụ lý", at("2025-06-11 17:00"), at("2025-06-11 15:00")),
        ("Xác minh", at("2025-06-26 17:00"), None),
    ]
    assert state.current_due == state.report_due == at("2025-06-26 17:00")
    assert state.redated == ()
    assert not state.no_limit
    assert [one.started_at for one in state.stages] == [
        at("2025-06-09 09:00"),
        at("2025-06-11 15:00"),
    ]
    assert [one.limit for one in state.stages] == [parse_limit("2 wd"), parse_limit("15 cd")]
    assert state.explanation == state.stages[1].explanation
    assert sum(note.counted for note in state.stages[0].explanation) == 2


def test_a_late_stage_makes_a_chain_late_for_good() -> None:
    state = clock(
        CHAIN,
        stage("2025-06-09 09:00", "2 wd", "Thụ lý"),
        stage("2025-06-12 15:00", "15 cd", "Xác minh"),
        Stopped(at=at("2025-06-13 09:00")),
    )

    assert [one.late for one in state.stages] == [True, False]
    assert state.late_since == at("2025-06-11 17:00")
    assert state.hour_missed
    assert state.outcome == "late"
    assert state.stages[1].ended_at == at("2025-06-13 09:00")


def test_a_chain_in_time_is_early_or_on_time_by_its_last_stage() -> None:
    chain = (CHAIN, stage("2025-06-09 09:00", "2 wd", "Thụ lý"))

    assert clock(*chain, Stopped(at=at("2025-06-10 09:00"))).outcome == "early"
    assert clock(*chain, Stopped(at=at("2025-06-11 09:00"))).outcome == "on_time"


def test_stages_of_a_dossier_with_its_own_limit_do_not_change_its_due_time() -> None:
    state = clock(
        FIVE_DAYS,
        stage("2025-06-09 10:00", "1 wd", "Phòng Tư pháp"),
        stage("2025-06-12 10:00", "1 wd", "Công an"),
        Stopped(at=at("2025-06-16 09:00")),
    )

    assert state.current_due == at("2025-06-16 17:00")
    assert [one.late for one in state.stages] == [True, True]
    assert (state.late_latched, state.outcome) == (False, "on_time")


def test_a_supplement_stops_the_dossier_and_the_stage_at_work() -> None:
    state = clock(
        FIVE_DAYS,
        stage("2025-06-09 10:00", "1 wd", "Phòng Tư pháp"),
        stage("2025-06-10 10:00", "3 wd", "Công an"),
        ASKED,
        Completed(at=at("2025-06-16 09:00"), policy="resume"),
    )

    assert state.stages[0].due == at("2025-06-10 17:00")
    assert state.stages[1].due == at("2025-06-19 17:00")
    assert state.current_due == at("2025-06-20 17:00")
    assert not state.stages[1].late


def test_a_stage_that_waits_when_the_dossier_is_stopped_is_not_late() -> None:
    state = clock(
        CHAIN,
        stage("2025-06-09 10:00", "1 wd", "Thụ lý"),
        Asked(at=at("2025-06-10 09:00")),
        Stopped(at=at("2025-06-30 09:00"), outcome="stopped"),
    )

    assert not state.stages[0].late
    assert state.outcome == "on_time"


def test_a_stage_of_a_chain_may_be_extended() -> None:
    state = clock(
        CHAIN,
        stage("2025-06-09 10:00", "2 wd", "Xác minh"),
        Extended(at=at("2025-06-10 09:00"), limit=parse_limit("2 wd"), ground="Điều 45"),
    )

    assert state.current_due == state.stages[0].due == at("2025-06-13 17:00")
    assert state.redated[0].ground == "extension"


def test_a_stage_without_a_known_limit_has_no_due_time() -> None:
    state = clock(CHAIN, stage("2025-06-09 10:00", None, "Kiểm tra"))

    assert state.no_limit
    assert (state.current_due, state.stages[0].due) == (None, None)
    assert state.explanation == ()
    assert (
        clock(
            CHAIN, stage("2025-06-09 10:00", None, "A"), Stopped(at=at("2025-06-10 09:00"))
        ).outcome
        == "no_limit"
    )


def test_stages_are_explained_only_when_asked() -> None:
    state = run(C0, (CHAIN, stage("2025-06-09 10:00", "2 wd", "Thụ lý")), explain=False)

    assert state.stages[0].explanation == state.explanation == ()


def test_a_provisional_holiday_makes_a_stage_provisional() -> None:
    state = clock(
        Started(at=at("2027-02-02 09:00")),
        stage("2027-02-02 09:00", "1 wd", "A"),
        stage("2027-02-03 09:00", "1 wd", "B"),
    )

    assert [one.provisional for one in state.stages] == [False, True]
    assert state.provisional


# ---- waits "up to" ----


def test_a_wait_is_never_added_to_the_limit() -> None:
    state = clock(FIVE_DAYS, waited("2025-06-10 09:00", "20 cd"))

    assert state.current_due == at("2025-06-16 17:00")
    assert state.running
    (wait,) = state.waits
    assert (wait.started_at, wait.until) == (at("2025-06-10 09:00"), at("2025-06-30 17:00"))
    assert (wait.ended_at, wait.answered, wait.consequence) == (None, False, "tiếp tục giải quyết")


def test_a_wait_ends_at_the_answer() -> None:
    state = clock(
        FIVE_DAYS, waited("2025-06-10 09:00", "1 wd"), Answered(at=at("2025-06-10 16:00"))
    )

    assert (state.waits[0].ended_at, state.waits[0].answered) == (at("2025-06-10 16:00"), True)
    assert state.open_wait(at("2025-06-10 16:00")) is None
    assert state.flags == ()


def test_a_wait_ends_at_its_limit_with_its_consequence() -> None:
    open_still = clock(FIVE_DAYS, waited("2025-06-10 09:00", "1 wd"))
    over = clock(
        FIVE_DAYS,
        waited("2025-06-10 09:00", "1 wd"),
        Stopped(at=at("2025-06-12 16:00")),
    )

    assert open_still.open_wait(at("2025-06-11 17:00")) == open_still.waits[0]
    assert open_still.open_wait(at("2025-06-11 17:01")) is None
    assert (over.waits[0].ended_at, over.waits[0].answered) == (at("2025-06-11 17:00"), False)
    assert over.flags == ("wait-unanswered",)


def test_an_answer_known_at_once_ends_the_wait() -> None:
    in_time = clock(FIVE_DAYS, waited("2025-06-10 09:00", "1 wd", answered="2025-06-11 17:00"))
    too_late = clock(FIVE_DAYS, waited("2025-06-10 09:00", "1 wd", answered="2025-06-11 17:01"))

    assert in_time.waits[0].answered
    assert not too_late.waits[0].answered
    assert too_late.waits[0].ended_at == at("2025-06-11 17:00")


def test_a_citizens_own_time_is_not_counted() -> None:
    """Decree 301/2026 art. 3: the time a citizen takes to confirm in VNeID."""
    waiting = (FIVE_DAYS, waited("2025-06-11 09:00", "2 wd", pauses=True))
    open_still = clock(*waiting)
    answered = clock(*waiting, Answered(at=at("2025-06-12 10:00")))
    unanswered = clock(*waiting, CalendarChanged(at=at("2025-06-17 10:00")))

    assert open_still.current_due == at("2025-06-19 17:00")
    assert answered.current_due == at("2025-06-18 17:00")
    assert unanswered.current_due == at("2025-06-19 17:00")
    assert [redated.ground for redated in answered.redated] == ["waiting", "waiting"]
    assert answered.redated[0].basis == "tiếp tục giải quyết"
    assert told(answered)[2:4] == [("06-11", 0, "waited", ""), ("06-12", 0, "waited", "")]
    assert answered.explanation[2].basis == "tiếp tục giải quyết"


def test_an_answer_in_time_brings_the_due_back_whatever_happened_in_between() -> None:
    state = clock(
        FIVE_DAYS,
        waited("2025-06-11 09:00", "2 wd", pauses=True),
        CalendarChanged(at=at("2025-06-11 10:00")),
        Answered(at=at("2025-06-12 10:00")),
    )

    assert state.current_due == at("2025-06-18 17:00")


def test_once_a_wait_has_passed_its_due_time_stays() -> None:
    saturday = CalendarDay(
        date=dt.date(2025, 6, 14),
        kind="swap_work",
        name="Làm bù",
        basis="công văn",
        decided_on=dt.date(2025, 6, 17),
    )
    state = run(
        Calendar(days=(saturday,)),
        (
            FIVE_DAYS,
            waited("2025-06-11 09:00", "2 wd", pauses=True),
            CalendarChanged(at=at("2025-06-17 10:00")),
        ),
    )

    assert state.legal_due == at("2025-06-18 17:00")
    assert state.current_due == at("2025-06-19 17:00")


def test_a_wait_that_pauses_latches_lateness_first() -> None:
    state = clock(FIVE_DAYS, waited("2025-06-17 09:00", "1 wd", pauses=True))

    assert state.late_latched


def test_a_second_wait_may_begin_when_the_first_has_ended() -> None:
    state = clock(
        FIVE_DAYS,
        waited("2025-06-10 09:00", "1 wd"),
        Answered(at=at("2025-06-10 10:00")),
        waited("2025-06-10 11:00", "1 wd", answered="2025-06-10 12:00"),
        waited("2025-06-10 13:00", "2 wh"),
    )

    assert [wait.answered for wait in state.waits] == [True, True, False]


def test_a_wait_does_not_reach_into_a_stage_that_began_after_it() -> None:
    state = clock(
        CHAIN,
        stage("2025-06-09 10:00", "1 wd", "A"),
        waited("2025-06-09 11:00", "5 wd", pauses=True),
        stage("2025-06-10 10:00", "2 wd", "B"),
        Answered(at=at("2025-06-11 10:00")),
    )

    assert state.current_due == at("2025-06-12 17:00")


def test_a_wait_of_a_dossier_without_a_limit_moves_nothing() -> None:
    no_limit = Started(at=at("2025-06-09 09:00"), until=at("2025-06-20 17:00"))
    over = CalendarChanged(at=at("2025-06-17 10:00"))

    state = clock(no_limit, waited("2025-06-11 09:00", "2 wd", pauses=True), over)

    assert state.current_due == at("2025-06-20 17:00")
    assert state.flags == ("wait-unanswered",)


def test_a_wait_begun_after_the_cutoff_has_its_limit_from_the_next_day() -> None:
    state = clock(FIVE_DAYS, waited("2025-06-10 15:30", "same_day"))

    assert state.waits[0].until == at("2025-06-11 17:00")
