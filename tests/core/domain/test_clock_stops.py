"""The clock of a dossier: payment and outages."""

import msgspec

from core.domain.clocks import ASKED, FIVE_DAYS, clock, started, told
from core.domain.histories import at
from motcua.domain.clock import (
    Asked,
    Completed,
    Outage,
    Paused,
    Resumed,
    Stopped,
)


def test_waiting_for_payment_does_not_count() -> None:
    state = clock(
        FIVE_DAYS,
        Paused(at=at("2025-06-11 10:00"), ground="Luật Phí và lệ phí"),
        Resumed(at=at("2025-06-12 10:00")),
    )

    assert state.current_due == at("2025-06-18 17:00")
    assert state.redated[0].ground == "payment"
    assert state.redated[0].basis == "Luật Phí và lệ phí"
    assert told(state)[2:4] == [("06-11", 0, "paused", "T12"), ("06-12", 0, "paused", "T12")]


def test_an_announced_outage_frees_the_days_it_touches() -> None:
    state = clock(
        FIVE_DAYS,
        Outage(
            at=at("2025-06-11 10:00"),
            start=at("2025-06-11 16:00"),
            until=at("2025-06-12 08:00"),
            ground="Thông báo 7",
        ),
    )

    assert state.current_due == at("2025-06-18 17:00")
    assert state.running
    assert (state.redated[0].ground, state.redated[0].basis) == ("outage", "Thông báo 7")
    assert told(state)[2:4] == [("06-11", 0, "outage", "T29"), ("06-12", 0, "outage", "T29")]
    assert state.explanation[2].basis == "Thông báo 7"


def test_an_outage_at_night_frees_nothing() -> None:
    state = clock(
        FIVE_DAYS,
        Outage(
            at=at("2025-06-11 10:00"), start=at("2025-06-11 17:00"), until=at("2025-06-12 07:30")
        ),
    )

    assert state.current_due == at("2025-06-16 17:00")
    assert state.redated == ()


def test_an_outage_is_taken_from_hours_to_the_minute() -> None:
    state = clock(
        started("2025-06-10 08:00", "8 wh"),
        Outage(
            at=at("2025-06-10 10:00"), start=at("2025-06-10 11:00"), until=at("2025-06-10 13:15")
        ),
    )

    assert state.current_due == at("2025-06-11 08:45")
    assert sum(note.counted for note in state.explanation) == 8


def test_an_outage_within_a_wait_is_not_taken_twice() -> None:
    state = clock(
        started("2025-06-10 08:00", "8 wh"),
        Paused(at=at("2025-06-10 10:00")),
        Outage(
            at=at("2025-06-10 10:30"), start=at("2025-06-10 10:30"), until=at("2025-06-10 14:30")
        ),
        Resumed(at=at("2025-06-10 14:00")),
    )

    assert state.current_due == at("2025-06-11 11:00")
    assert sum(note.counted for note in state.explanation) == 8


def test_an_outage_that_lasts_over_a_restart_still_frees_its_days() -> None:
    state = clock(
        FIVE_DAYS,
        ASKED,
        Outage(
            at=at("2025-06-11 10:30"), start=at("2025-06-12 08:00"), until=at("2025-06-18 09:00")
        ),
        Completed(at=at("2025-06-17 09:00")),
    )

    assert state.current_due == at("2025-06-25 17:00")


def test_an_outage_announced_late_moves_the_due_time_it_missed() -> None:
    state = clock(
        FIVE_DAYS,
        Outage(
            at=at("2025-06-17 08:00"), start=at("2025-06-16 08:00"), until=at("2025-06-16 16:00")
        ),
        Stopped(at=at("2025-06-17 16:00")),
    )

    assert state.current_due == at("2025-06-17 17:00")
    assert state.outcome == "on_time"


def test_an_outage_on_the_day_defers_same_day_work() -> None:
    state = clock(
        started("2025-06-10 09:00", "same_day"),
        Outage(
            at=at("2025-06-10 10:00"), start=at("2025-06-10 09:30"), until=at("2025-06-10 16:00")
        ),
    )

    assert state.current_due == at("2025-06-11 17:00")
    assert told(state) == [("06-10", 0, "reception", ""), ("06-11", 1, "counted", "")]


def test_a_last_calendar_day_does_not_move_onto_a_day_on_which_the_clock_stood() -> None:
    state = clock(
        started("2025-06-10 08:00", "4 cd"),
        Outage(
            at=at("2025-06-12 10:00"), start=at("2025-06-16 08:00"), until=at("2025-06-16 16:00")
        ),
    )

    assert state.current_due == at("2025-06-17 17:00")
    assert told(state)[-3:] == [
        ("06-15", 0, "weekend", ""),
        ("06-16", 0, "outage", "T29"),
        ("06-17", 0, "moved", ""),
    ]


def test_a_calendar_day_before_a_stop_stays_where_it_is() -> None:
    state = clock(
        started("2025-06-10 08:00", "2 cd"),
        Outage(
            at=at("2025-06-12 10:00"), start=at("2025-06-13 08:00"), until=at("2025-06-13 16:00")
        ),
    )

    assert state.current_due == at("2025-06-12 17:00")


def test_two_stops_of_one_day_are_both_taken_from_its_hours() -> None:
    state = clock(
        started("2025-06-10 08:00", "8 wh"),
        Outage(
            at=at("2025-06-10 12:00"), start=at("2025-06-10 09:00"), until=at("2025-06-10 10:00")
        ),
        Outage(
            at=at("2025-06-10 16:00"), start=at("2025-06-10 14:00"), until=at("2025-06-10 15:00")
        ),
    )

    assert state.current_due == at("2025-06-11 10:00")
    assert [note.counted for note in state.explanation] == [5.5, 2.5]


def test_an_outage_announced_twice_is_taken_once() -> None:
    outage = Outage(
        at=at("2025-06-11 10:00"), start=at("2025-06-11 08:00"), until=at("2025-06-11 09:00")
    )

    again = msgspec.structs.replace(outage, ground="Thông báo 8")

    assert clock(FIVE_DAYS, outage, again).current_due == at("2025-06-17 17:00")


def test_outages_may_be_announced_in_any_order() -> None:
    first = Outage(
        at=at("2025-06-12 10:00"), start=at("2025-06-10 08:00"), until=at("2025-06-10 09:00")
    )
    second = Outage(
        at=at("2025-06-12 10:00"), start=at("2025-06-11 08:00"), until=at("2025-06-11 09:00")
    )

    assert clock(FIVE_DAYS, first, second) == msgspec.structs.replace(
        clock(FIVE_DAYS, second, first), redated=clock(FIVE_DAYS, first, second).redated
    )
    assert clock(FIVE_DAYS, second, first).current_due == at("2025-06-18 17:00")


def test_an_outage_that_ended_with_the_completion_frees_nothing_of_the_new_count() -> None:
    state = clock(
        started("2025-06-10 09:00", "same_day"),
        Asked(at=at("2025-06-10 10:00")),
        Outage(
            at=at("2025-06-11 08:00"), start=at("2025-06-11 08:00"), until=at("2025-06-11 14:00")
        ),
        Completed(at=at("2025-06-11 14:00")),
    )

    assert state.current_due == at("2025-06-11 17:00")


def test_an_outage_after_a_payment_frees_its_own_day_too() -> None:
    state = clock(
        FIVE_DAYS,
        Paused(at=at("2025-06-10 10:00")),
        Resumed(at=at("2025-06-10 11:00")),
        Outage(
            at=at("2025-06-12 10:00"), start=at("2025-06-12 08:00"), until=at("2025-06-12 09:00")
        ),
    )

    assert state.current_due == at("2025-06-18 17:00")
