"""New due times: extensions, re-appointments, dates set by officers."""

import datetime as dt

import pytest

from core.domain.clocks import ASKED, FIVE_DAYS, clock, started, told
from core.domain.histories import USUAL, at, open_as, opening
from motcua.domain.clock import (
    Completed,
    Extended,
    LimitSet,
    Outage,
    Reappointed,
    Started,
    Stopped,
    run,
)
from motcua.domain.deadline_errors import LimitSumError, NotLaterError, SecondReappointmentError
from motcua.domain.explanation import Why
from motcua.domain.limit import TimeLimit, Unit, parse_limit

# ---- extensions ----


def test_a_verification_extends_the_limit_with_its_ground() -> None:
    """Recognition of a parent: three working days, and up to five more to verify."""
    state = clock(
        started("2025-06-09 09:00", "3 wd"),
        Extended(at=at("2025-06-11 09:00"), limit=parse_limit("5 wd"), ground="Điều 25"),
    )

    assert state.promise == at("2025-06-12 17:00")
    assert state.current_due == state.report_due == at("2025-06-19 17:00")
    assert (state.redated[0].ground, state.redated[0].basis) == ("extension", "Điều 25")
    assert [note.why for note in state.explanation if note.counted] == [Why.COUNTED] * 3 + [
        Why.EXTENDED
    ] * 5
    assert state.explanation[-1].basis == "Điều 25"
    assert not state.late_latched


def test_an_extension_survives_a_restart() -> None:
    state = clock(
        started("2025-06-09 09:00", "3 wd"),
        Extended(at=at("2025-06-10 09:00"), limit=parse_limit("5 wd")),
        ASKED,
        Completed(at=at("2025-06-12 09:00")),
    )

    assert state.current_due == at("2025-06-24 17:00")


def test_an_outage_within_an_extension_frees_its_day() -> None:
    state = clock(
        started("2025-06-09 09:00", "3 wd"),
        Extended(at=at("2025-06-11 09:00"), limit=parse_limit("5 wd")),
        Outage(
            at=at("2025-06-17 10:00"), start=at("2025-06-17 08:00"), until=at("2025-06-17 09:00")
        ),
    )

    assert state.current_due == at("2025-06-20 17:00")


def test_same_day_work_may_be_extended_by_working_days() -> None:
    state = clock(
        started("2025-06-10 09:00", "same_day"),
        Extended(at=at("2025-06-10 14:00"), limit=parse_limit("2 wd"), ground="Điều 21"),
    )

    assert state.current_due == at("2025-06-12 17:00")
    assert told(state) == [
        ("06-10", 1, "counted", ""),
        ("06-11", 1, "extended", "T28"),
        ("06-12", 1, "extended", "T28"),
    ]


def test_hours_may_be_extended_on_the_day_they_end() -> None:
    state = clock(
        started("2025-06-10 08:00", "2 wh"),
        Extended(at=at("2025-06-10 09:00"), limit=parse_limit("1 wh")),
    )

    assert state.current_due == at("2025-06-10 11:00")
    assert told(state) == [("06-10", 2, "counted", ""), ("06-10", 1, "extended", "T28")]


def test_an_agreed_later_time_is_kept_with_its_paper() -> None:
    state = clock(
        started("2025-06-10 09:00", "same_day"),
        Extended(
            at=at("2025-06-10 14:00"),
            until=at("2025-06-13 10:00"),
            paper="Phiếu hẹn",
            ground="Điều 21",
        ),
    )

    assert state.current_due == state.legal_due == state.report_due == at("2025-06-13 10:00")
    assert state.redated[0].basis == "Phiếu hẹn"
    assert told(state)[1:] == [
        ("06-11", 0, "agreed", "T28"),
        ("06-12", 0, "agreed", "T28"),
        ("06-13", 0, "agreed", "T28"),
    ]
    assert state.explanation[-1].basis == "Phiếu hẹn"


def test_an_agreed_time_that_is_not_later_is_refused() -> None:
    with pytest.raises(NotLaterError) as caught:
        clock(FIVE_DAYS, Extended(at=at("2025-06-10 14:00"), until=at("2025-06-16 17:00")))

    assert caught.value.fields == {
        "new_due": "2025-06-16T17:00:00+07:00",
        "due": "2025-06-16T17:00:00+07:00",
    }


def test_an_agreed_time_is_measured_against_the_lawful_due_not_the_reappointed() -> None:
    state = clock(
        FIVE_DAYS,
        Reappointed(at=at("2025-06-13 09:00"), new_due=at("2025-06-30 17:00")),
        Extended(at=at("2025-06-13 14:00"), until=at("2025-06-20 17:00")),
    )

    assert state.report_due == at("2025-06-20 17:00")
    assert state.current_due == at("2025-06-30 17:00")


def test_an_extension_by_a_same_day_limit_means_nothing() -> None:
    with pytest.raises(LimitSumError) as caught:
        clock(FIVE_DAYS, Extended(at=at("2025-06-10 14:00"), limit=parse_limit("same_day")))

    assert caught.value.fields == {"first": "5 wd", "second": "same_day"}


# ---- re-appointment ----


def test_example_30_a_reappointed_dossier_counts_as_late() -> None:
    events = (
        started("2025-06-18 09:00", "5 wd"),
        Reappointed(
            at=at("2025-06-24 09:00"), new_due=at("2025-06-27 17:00"), reason="Chờ xác minh"
        ),
    )
    state = clock(*events)

    assert state.promise == state.legal_due == state.report_due == at("2025-06-25 17:00")
    assert state.current_due == at("2025-06-27 17:00")
    assert state.flags == ("reappointed",)
    assert (state.redated[0].ground, state.redated[0].basis) == ("reappointment", "Chờ xác minh")
    assert told(state)[-2:] == [
        ("06-26", 0, "reappointed", "T21"),
        ("06-27", 0, "reappointed", "T21"),
    ]
    assert state.explanation[-1].basis == "Chờ xác minh"
    assert clock(*events, Stopped(at=at("2025-06-27 16:00"))).outcome == "late"
    assert clock(*events, Stopped(at=at("2025-06-25 16:00"))).outcome == "on_time"


def test_example_30_a_second_reappointment_is_refused() -> None:
    with pytest.raises(SecondReappointmentError) as caught:
        clock(
            started("2025-06-18 09:00", "5 wd"),
            Reappointed(at=at("2025-06-24 09:00"), new_due=at("2025-06-27 17:00")),
            Reappointed(at=at("2025-06-26 09:00"), new_due=at("2025-06-30 17:00")),
        )

    assert caught.value.fields == {"at": "2025-06-26T09:00:00+07:00"}


def test_example_31_a_reappointment_on_the_due_date_is_flagged() -> None:
    state = clock(
        started("2025-06-18 09:00", "5 wd"),
        Reappointed(at=at("2025-06-25 08:00"), new_due=at("2025-06-27 17:00")),
    )

    assert state.flags == ("reappointed", "short-notice")
    assert not state.late_latched


def test_same_day_work_may_be_reappointed_on_the_day() -> None:
    state = clock(
        started("2025-06-18 09:00", "same_day"),
        Reappointed(at=at("2025-06-18 14:00"), new_due=at("2025-06-19 11:30")),
    )

    assert state.flags == ("reappointed", "short-notice")


def test_a_reappointment_that_is_not_later_is_refused() -> None:
    with pytest.raises(NotLaterError):
        clock(FIVE_DAYS, Reappointed(at=at("2025-06-11 09:00"), new_due=at("2025-06-16 17:00")))


# ---- no limit known ----

NO_LIMIT = Started(at=at("2025-06-09 09:00"), until=at("2025-06-20 17:00"), ground="Cán bộ hẹn")


def test_without_a_limit_the_officers_date_is_the_promise_and_reports_leave_it_out() -> None:
    state = clock(NO_LIMIT)

    assert state.no_limit
    assert state.promise == state.current_due == at("2025-06-20 17:00")
    assert (state.legal_due, state.report_due, state.limit) == (None, None, None)
    assert not state.late_at(at("2025-07-20 09:00"))
    assert not state.provisional
    assert {note.why for note in state.explanation} == {Why.NO_LIMIT, Why.WEEKEND}
    assert state.explanation[0].date == dt.date(2025, 6, 9)
    assert state.explanation[-1].date == dt.date(2025, 6, 20)
    assert clock(NO_LIMIT, Stopped(at=at("2025-07-20 09:00"))).outcome == "no_limit"
    withdrawn = Stopped(at=at("2025-06-10 09:00"), outcome="withdrawn")
    assert clock(NO_LIMIT, withdrawn).outcome == "no_limit"


def test_without_a_limit_new_dates_come_from_officers_too() -> None:
    completed = clock(
        NO_LIMIT, ASKED, Completed(at=at("2025-06-17 09:00"), until=at("2025-06-27 17:00"))
    )
    agreed = clock(NO_LIMIT, Extended(at=at("2025-06-10 09:00"), until=at("2025-06-25 10:00")))
    kept = clock(NO_LIMIT, ASKED, Completed(at=at("2025-06-17 09:00")))
    appointed = clock(
        NO_LIMIT, Reappointed(at=at("2025-06-10 09:00"), new_due=at("2025-06-23 10:00"))
    )

    assert completed.current_due == at("2025-06-27 17:00")
    assert [redated.ground for redated in completed.redated] == ["supplement"]
    assert agreed.current_due == at("2025-06-25 10:00")
    assert [redated.ground for redated in agreed.redated] == ["extension"]
    assert kept.current_due == at("2025-06-20 17:00")
    assert kept.redated == ()
    assert appointed.current_due == at("2025-06-23 10:00")


def test_an_officers_date_must_be_later_than_reception() -> None:
    with pytest.raises(NotLaterError):
        clock(Started(at=at("2025-06-09 09:00"), until=at("2025-06-09 09:00")))


def test_an_officers_new_date_must_be_later_than_the_one_in_force() -> None:
    with pytest.raises(NotLaterError):
        clock(NO_LIMIT, ASKED, Completed(at=at("2025-06-17 09:00"), until=at("2025-06-20 17:00")))


def test_a_limit_set_later_counts_from_reception_and_keeps_the_promise() -> None:
    shorter = clock(NO_LIMIT, LimitSet(at=at("2025-06-10 09:00"), limit=parse_limit("3 wd")))
    longer = clock(
        NO_LIMIT,
        LimitSet(
            at=at("2025-06-10 09:00"),
            limit=TimeLimit(amount=15, unit=Unit.WORKING_DAY, ground="Quyết định 1"),
        ),
    )

    assert not shorter.no_limit
    assert shorter.legal_due == at("2025-06-12 17:00")
    assert shorter.report_due == shorter.current_due == at("2025-06-20 17:00")
    assert longer.current_due == at("2025-06-30 17:00")
    assert (longer.redated[0].ground, longer.redated[0].basis) == ("limit", "Quyết định 1")


def test_the_office_hours_of_each_date_count() -> None:
    late = opening(*[(USUAL[0],)] * 5, since=dt.date(2025, 6, 12))
    state = run(open_as(opening(*[USUAL] * 5), late), (FIVE_DAYS,))

    assert state.current_due == at("2025-06-16 11:30")
