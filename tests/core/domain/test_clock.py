"""The clock of a dossier: supplements and lateness."""

import datetime as dt

import msgspec
import pytest

from core.domain.clocks import ASKED, C0, FIVE_DAYS, clock, started, told
from core.domain.histories import at
from motcua.domain.clock import (
    Asked,
    ClockEvent,
    Completed,
    Extended,
    Paused,
    Reappointed,
    Resumed,
    Started,
    Stopped,
    run,
)
from motcua.domain.explanation import Why
from motcua.domain.limit import parse_limit

# ---- supplements ----


def test_example_28_a_completed_supplement_restarts_the_count() -> None:
    state = clock(FIVE_DAYS, ASKED, Completed(at=at("2025-06-17 09:00"), policy="restart"))

    assert state.promise == at("2025-06-16 17:00")
    assert state.current_due == state.legal_due == state.report_due == at("2025-06-24 17:00")
    assert [(redated.due, redated.ground) for redated in state.redated] == [
        (at("2025-06-24 17:00"), "supplement")
    ]
    assert state.redated[0].basis == ""
    assert state.redated[0].at == at("2025-06-17 09:00")
    assert state.redated_due == state.redated[-1]
    assert (state.received_at, state.counted_from) == (FIVE_DAYS.at, at("2025-06-17 09:00"))


def test_example_29_a_completed_supplement_resumes_the_count() -> None:
    state = clock(FIVE_DAYS, ASKED, Completed(at=at("2025-06-17 09:00"), policy="resume"))

    assert state.current_due == at("2025-06-23 17:00")
    assert state.counted_from == FIVE_DAYS.at


def test_a_restart_is_explained_from_the_first_day() -> None:
    state = clock(FIVE_DAYS, ASKED, Completed(at=at("2025-06-16 09:00")))

    assert told(state)[:9] == [
        ("06-09", 0, "restarted", "T10"),
        ("06-10", 0, "restarted", "T10"),
        ("06-11", 0, "supplement", "T09"),
        ("06-12", 0, "supplement", "T09"),
        ("06-13", 0, "supplement", "T09"),
        ("06-14", 0, "supplement", "T09"),
        ("06-15", 0, "supplement", "T09"),
        ("06-16", 0, "reception", "T10"),
        ("06-17", 1, "counted", ""),
    ]
    assert sum(note.counted for note in state.explanation) == 5


def test_an_open_pause_is_told_day_by_day_up_to_now() -> None:
    state = run(C0, (FIVE_DAYS, ASKED), now=at("2025-06-15 09:00"))

    assert told(state) == [
        ("06-09", 0, "reception", ""),
        ("06-10", 1, "counted", ""),
        ("06-11", 0, "supplement", "T09"),
        ("06-12", 0, "supplement", "T09"),
        ("06-13", 0, "supplement", "T09"),
        ("06-14", 0, "supplement", "T09"),
        ("06-15", 0, "supplement", "T09"),
    ]
    assert state.current_due == at("2025-06-16 17:00")


def test_a_pause_beyond_the_due_day_is_told_too_and_a_running_clock_up_to_its_due_day() -> None:
    paused = run(C0, (FIVE_DAYS, Paused(at=ASKED.at)), now=at("2025-06-30 09:00"))
    given = Started(at=FIVE_DAYS.at, until=at("2025-06-12 17:00"))
    without_limit = run(C0, (given, ASKED), now=at("2025-06-17 09:00"))
    running = run(C0, (FIVE_DAYS,), now=at("2025-06-10 09:00"))

    assert [note.date.day for note in paused.explanation] == list(range(9, 31))
    assert {note.why for note in paused.explanation[2:]} == {Why.PAUSED}
    assert [note.date.day for note in without_limit.explanation] == list(range(9, 18))
    assert without_limit.explanation[-1].why is Why.SUPPLEMENT
    assert running.explanation[-1].date.day == 16


def test_a_dossier_that_was_stopped_is_told_up_to_its_last_day_with_its_pause() -> None:
    stopped = Stopped(at=at("2025-06-13 09:00"), outcome="stopped")

    assert told(clock(FIVE_DAYS, ASKED, stopped)) == [
        ("06-09", 0, "reception", ""),
        ("06-10", 1, "counted", ""),
        ("06-11", 0, "supplement", "T09"),
        ("06-12", 0, "supplement", "T09"),
        ("06-13", 0, "ended", ""),
    ]
    assert told(clock(FIVE_DAYS, stopped))[2:] == [
        ("06-11", 1, "counted", ""),
        ("06-12", 1, "counted", ""),
        ("06-13", 0, "ended", ""),
    ]


def test_a_dossier_withdrawn_on_its_first_day_keeps_that_day() -> None:
    state = clock(FIVE_DAYS, Stopped(at=at("2025-06-09 10:00"), outcome="withdrawn"))

    assert told(state) == [("06-09", 0, "reception", ""), ("06-09", 0, "ended", "")]


def test_a_result_and_an_end_after_the_due_day_leave_the_count_whole() -> None:
    ready = clock(FIVE_DAYS, Stopped(at=at("2025-06-11 10:00"), outcome="result"))
    late = clock(FIVE_DAYS, Stopped(at=at("2025-06-20 10:00"), outcome="stopped"))

    assert told(ready) == told(late) == told(clock(FIVE_DAYS))


def test_a_resumed_count_is_explained_around_the_wait() -> None:
    state = clock(FIVE_DAYS, ASKED, Completed(at=at("2025-06-13 09:00"), policy="resume"))

    assert told(state) == [
        ("06-09", 0, "reception", ""),
        ("06-10", 1, "counted", ""),
        ("06-11", 0, "supplement", "T09"),
        ("06-12", 0, "supplement", "T09"),
        ("06-13", 0, "supplement", "T09"),
        ("06-14", 0, "weekend", ""),
        ("06-15", 0, "weekend", ""),
        ("06-16", 1, "counted", ""),
        ("06-17", 1, "counted", ""),
        ("06-18", 1, "counted", ""),
        ("06-19", 1, "counted", ""),
    ]


def test_while_a_supplement_is_awaited_the_clock_stands() -> None:
    state = clock(FIVE_DAYS, ASKED)

    assert (state.running, state.paused, state.waiting) == (False, True, "supplement")
    assert state.supplements == 1
    assert state.flags == ()
    assert state.current_due == at("2025-06-16 17:00")
    assert not state.late_at(at("2025-08-01 09:00"))


def test_a_supplement_completed_out_of_hours_counts_from_the_next_working_morning() -> None:
    night = clock(FIVE_DAYS, ASKED, Completed(at=at("2025-06-16 20:00"), policy="resume"))
    again = clock(FIVE_DAYS, ASKED, Completed(at=at("2025-06-16 20:00"), policy="restart"))

    assert night.current_due == at("2025-06-23 17:00")
    assert again.counted_from == at("2025-06-17 07:30")
    assert again.current_due == at("2025-06-24 17:00")


def test_a_restart_of_same_day_work_is_due_on_the_day_of_completion() -> None:
    copies = started("2025-06-10 09:00", "same_day")
    asked = Asked(at=at("2025-06-10 10:00"))

    restarted = clock(copies, asked, Completed(at=at("2025-06-11 14:00")))
    after_cutoff = clock(copies, asked, Completed(at=at("2025-06-11 15:30")))
    resumed = clock(copies, asked, Completed(at=at("2025-06-11 14:00"), policy="resume"))

    assert restarted.current_due == at("2025-06-11 17:00")
    assert after_cutoff.current_due == at("2025-06-12 17:00")
    assert resumed.current_due == at("2025-06-12 17:00")


def test_hours_resume_where_they_stopped() -> None:
    hours = started("2025-06-10 08:00", "8 wh")
    asked = Asked(at=at("2025-06-10 10:00"))
    done = clock(hours, asked, Completed(at=at("2025-06-12 14:00"), policy="resume"))

    assert done.current_due == at("2025-06-13 10:30")
    assert told(done) == [
        ("06-10", 2, "counted", "T09"),
        ("06-11", 0, "supplement", "T09"),
        ("06-12", 3, "counted", "T09"),
        ("06-13", 3, "counted", ""),
    ]


def test_clock_hours_resume_where_they_stopped() -> None:
    state = clock(
        started("2025-06-10 08:00", "12 ch"),
        Asked(at=at("2025-06-10 10:00")),
        Completed(at=at("2025-06-12 14:00"), policy="resume"),
    )

    assert state.current_due == at("2025-06-13 00:00")


def test_calendar_days_resume_and_their_last_day_still_moves() -> None:
    state = clock(
        started("2025-06-10 08:00", "3 cd"),
        Asked(at=at("2025-06-11 10:00")),
        Completed(at=at("2025-06-12 14:00"), policy="resume"),
    )

    assert state.current_due == at("2025-06-16 17:00")
    assert (
        told(state)[-3:]
        == [
            ("06-14", 1, "counted", ""),
            ("06-15", 1, "counted", ""),
            ("06-16", 0, "moved", ""),
        ][-3:]
        or state.explanation[-1].why is Why.COUNTED
    )
    assert sum(note.counted for note in state.explanation) == 3


def test_a_second_supplement_is_allowed_flagged_and_counted() -> None:
    state = clock(
        FIVE_DAYS,
        ASKED,
        Completed(at=at("2025-06-12 09:00")),
        Asked(at=at("2025-06-13 09:00")),
    )

    assert state.supplements == 2
    assert state.flags == ("second-supplement",)


def test_two_restarts_are_both_explained() -> None:
    state = clock(
        FIVE_DAYS,
        Asked(at=at("2025-06-10 10:00")),
        Completed(at=at("2025-06-11 09:00")),
        Asked(at=at("2025-06-12 10:00")),
        Completed(at=at("2025-06-13 09:00")),
    )

    assert told(state)[:5] == [
        ("06-09", 0, "restarted", "T10"),
        ("06-10", 0, "supplement", "T09"),
        ("06-11", 0, "supplement", "T09"),
        ("06-12", 0, "supplement", "T09"),
        ("06-13", 0, "reception", "T10"),
    ]
    assert state.current_due == at("2025-06-20 17:00")


# ---- lateness ----


def test_a_supplement_asked_after_the_due_date_does_not_undo_lateness() -> None:
    late = clock(FIVE_DAYS, Asked(at=at("2025-06-17 07:30")), Completed(at=at("2025-06-18 09:00")))

    assert late.current_due == at("2025-06-25 17:00")
    assert late.late_latched
    assert late.late_since == at("2025-06-16 17:00")
    assert late.late_at(at("2025-06-19 09:00"))
    done = clock(
        FIVE_DAYS,
        Asked(at=at("2025-06-17 07:30")),
        Completed(at=at("2025-06-18 09:00")),
        Stopped(at=at("2025-06-19 09:00")),
    )
    assert done.outcome == "late"


def test_lateness_compares_dates_and_the_hour_is_a_figure_of_its_own() -> None:
    state = clock(FIVE_DAYS, Stopped(at=at("2025-06-16 17:30")))

    assert (state.outcome, state.late_latched, state.hour_missed) == ("on_time", False, True)
    assert not clock(FIVE_DAYS, Stopped(at=at("2025-06-16 17:00"))).hour_missed


def test_the_first_missed_due_time_is_kept() -> None:
    state = clock(
        FIVE_DAYS,
        Paused(at=at("2025-06-17 09:00")),
        Resumed(at=at("2025-06-18 09:00")),
        Reappointed(at=at("2025-06-30 09:00"), new_due=at("2025-07-04 17:00")),
        Stopped(at=at("2025-07-08 09:00")),
    )

    assert state.late_since == at("2025-06-16 17:00")
    assert state.outcome == "late"


@pytest.mark.parametrize(
    "event",
    [
        Paused(at=at("2025-06-17 09:00")),
        Reappointed(at=at("2025-06-17 09:00"), new_due=at("2025-06-20 17:00")),
        Extended(at=at("2025-06-17 09:00"), until=at("2025-06-20 17:00")),
        Extended(at=at("2025-06-17 09:00"), limit=parse_limit("5 wd")),
    ],
    ids=["paused", "reappointed", "agreed", "verified"],
)
def test_nothing_entered_after_the_due_date_undoes_lateness(event: ClockEvent) -> None:
    assert clock(FIVE_DAYS, event).late_since == at("2025-06-16 17:00")


def test_example_32_the_day_of_the_result_counts_not_of_its_collection() -> None:
    state = clock(FIVE_DAYS, Stopped(at=at("2025-06-16 16:00")))

    assert state.outcome == "on_time"
    assert state.finished_at == at("2025-06-16 16:00")
    assert (state.running, state.paused) == (False, False)
    assert not state.late_at(at("2025-06-30 09:00"))


@pytest.mark.parametrize(
    ("finished", "outcome"),
    [
        ("2025-06-13 16:59", "early"),
        ("2025-06-16 07:31", "on_time"),
        ("2025-06-17 07:30", "late"),
    ],
)
def test_finished_dossiers_are_early_on_time_or_late(finished: str, outcome: str) -> None:
    assert clock(FIVE_DAYS, Stopped(at=at(finished))).outcome == outcome


@pytest.mark.parametrize("outcome", ["withdrawn", "stopped"])
def test_withdrawn_and_stopped_dossiers_count_as_on_time(outcome: str) -> None:
    stopped = msgspec.structs.replace(
        Stopped(at=at("2025-06-20 09:00")),
        outcome=outcome,
    )

    assert clock(FIVE_DAYS, stopped).outcome == "on_time"
    assert clock(FIVE_DAYS, ASKED, stopped).outcome == "on_time"


def test_a_supplement_that_never_came_is_not_late() -> None:
    state = clock(FIVE_DAYS, ASKED, Stopped(at=at("2025-08-01 09:00"), outcome="stopped"))

    assert not state.late_latched
    assert state.waiting is None


def test_a_running_dossier_is_late_from_the_day_after() -> None:
    state = clock(FIVE_DAYS)

    assert not state.late_at(at("2025-06-16 23:59"))
    assert state.late_at(dt.datetime(2025, 6, 16, 17, 0, tzinfo=dt.UTC))
    assert (state.running, state.outcome, state.finished_at) == (True, None, None)
