"""New due times: extensions, re-appointments, calendar changes, dates set by officers."""

import datetime as dt

import msgspec
import pytest

from core.domain.clocks import ASKED, C0, FIVE_DAYS, clock, started, told
from core.domain.histories import USUAL, at, open_as, opening
from motcua.domain.calendar import Calendar, CalendarDay
from motcua.domain.clock import (
    Asked,
    CalendarChanged,
    Completed,
    Extended,
    LimitSet,
    Paused,
    Reappointed,
    Resumed,
    Started,
    Stopped,
    moved,
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


# ---- the calendar changes ----

SWAP_DECIDED = at("2025-12-26 09:00")
RECEIVED_BEFORE = started("2025-12-24 10:00", "7 wd")


def test_example_35_a_later_decision_redates_the_dossier_with_the_act() -> None:
    before = clock(RECEIVED_BEFORE)
    change = CalendarChanged(at=SWAP_DECIDED, basis="12729/VPCP-KGVX")
    after = clock(RECEIVED_BEFORE, change)

    assert before.current_due == at("2026-01-05 17:00")
    assert after.promise == at("2026-01-05 17:00")
    assert after.legal_due == after.current_due == at("2026-01-06 17:00")
    assert (after.redated[0].ground, after.redated[0].basis) == ("calendar", "12729/VPCP-KGVX")
    assert after.flags == ()
    assert [note.date.day for note in before.explanation if note.counted][-1] == 5
    assert [note.date.day for note in after.explanation if note.counted][-1] == 6


def test_an_event_of_another_kind_counts_with_what_is_known_on_its_day() -> None:
    state = clock(
        RECEIVED_BEFORE,
        Paused(at=at("2025-12-26 09:00")),
        Resumed(at=at("2025-12-29 09:00")),
    )

    assert state.current_due == at("2026-01-08 17:00")


def test_what_is_decided_later_changes_no_earlier_event() -> None:
    state = clock(RECEIVED_BEFORE, Asked(at=at("2025-12-26 09:00")))

    assert state.current_due == at("2026-01-05 17:00")
    assert sum(note.counted for note in state.explanation) == 7


def test_as_of_hides_what_was_decided_later() -> None:
    change = CalendarChanged(at=SWAP_DECIDED)
    state = run(C0, (RECEIVED_BEFORE, change), as_of=dt.date(2025, 12, 24))

    assert state.current_due == at("2026-01-05 17:00")


def test_a_change_may_look_ahead_to_a_decision() -> None:
    change = CalendarChanged(at=at("2025-12-24 11:00"), as_of=dt.date(2025, 12, 25))

    assert clock(RECEIVED_BEFORE, change).current_due == at("2026-01-06 17:00")


def test_a_promise_never_moves_earlier() -> None:
    """A Saturday made a working day shortens the legal time, not what the slip promised."""
    saturday = CalendarDay(
        date=dt.date(2025, 6, 14),
        kind="swap_work",
        name="Làm bù",
        basis="công văn",
        pair=dt.date(2025, 6, 20),
        decided_on=dt.date(2025, 6, 11),
    )
    calendar = Calendar(days=(saturday,))
    state = run(calendar, (FIVE_DAYS, CalendarChanged(at=at("2025-06-12 09:00"))))

    assert state.legal_due == at("2025-06-14 17:00")
    assert state.promise == state.report_due == state.current_due == at("2025-06-16 17:00")
    assert state.flags == ("promise-kept",)
    assert state.redated == ()
    assert told(state)[-2:] == [("06-15", 0, "weekend", ""), ("06-16", 0, "promise_kept", "")]


def test_a_limit_set_later_is_a_promise_too() -> None:
    saturday = CalendarDay(
        date=dt.date(2025, 6, 14),
        kind="swap_work",
        name="Làm bù",
        basis="công văn",
        decided_on=dt.date(2025, 6, 11),
    )
    state = run(
        Calendar(days=(saturday,)),
        (
            Started(at=FIVE_DAYS.at, until=at("2025-06-10 17:00")),
            LimitSet(at=at("2025-06-09 10:00"), limit=parse_limit("5 wd")),
            CalendarChanged(at=at("2025-06-12 09:00")),
        ),
    )

    assert state.legal_due == at("2025-06-14 17:00")
    assert state.current_due == at("2025-06-16 17:00")


def test_a_printed_promise_later_than_the_rules_is_kept() -> None:
    promised = Started(at=FIVE_DAYS.at, limit=FIVE_DAYS.limit, promise=at("2025-06-18 17:00"))

    state = clock(promised)

    assert state.promise == state.report_due == at("2025-06-18 17:00")
    assert state.legal_due == at("2025-06-16 17:00")


def test_a_change_of_the_first_day_moves_the_reception_with_it() -> None:
    """Received on a Friday night, and then Monday becomes a day off."""
    monday = CalendarDay(
        date=dt.date(2025, 6, 16),
        kind="swap_off",
        name="Hoán đổi",
        basis="công văn",
        decided_on=dt.date(2025, 6, 14),
    )
    calendar = Calendar(days=(monday,))
    night = started("2025-06-13 20:00", "1 wd")

    assert run(calendar, (night,)).current_due == at("2025-06-17 17:00")
    changed = run(calendar, (night, CalendarChanged(at=at("2025-06-14 09:00"))))
    assert changed.counted_from == at("2025-06-17 07:30")
    assert changed.current_due == at("2025-06-18 17:00")


HOLIDAY = CalendarDay(
    date=dt.date(2025, 6, 12),
    kind="holiday",
    name="Ngày nghỉ mới",
    basis="nghị quyết",
    decided_on=dt.date(2025, 6, 10),
)
WITH_HOLIDAY = msgspec.structs.replace(C0, days=(*C0.days, HOLIDAY))
NOW = at("2025-06-10 09:00")


def test_the_preview_of_a_change_tells_both_due_times() -> None:
    assert moved(C0, WITH_HOLIDAY, (FIVE_DAYS,), at=NOW) == (
        at("2025-06-16 17:00"),
        at("2025-06-17 17:00"),
    )


def test_the_preview_leaves_out_what_does_not_move() -> None:
    before_the_holiday = (started("2025-06-09 09:00", "1 wd"),)
    finished = (FIVE_DAYS, Stopped(at=at("2025-06-09 16:00")))
    waiting = (FIVE_DAYS, Asked(at=at("2025-06-09 16:00")))
    agreed = (FIVE_DAYS, Extended(at=at("2025-06-09 16:00"), until=at("2025-06-30 16:00")))
    chain = (Started(at=at("2025-06-09 09:00")),)

    for history in (before_the_holiday, finished, waiting, agreed, chain):
        assert moved(C0, WITH_HOLIDAY, history, at=NOW) is None


def test_the_preview_honours_the_day_of_knowledge() -> None:
    early = at("2025-06-09 10:00")

    assert moved(C0, WITH_HOLIDAY, (FIVE_DAYS,), at=early) is None
    assert moved(C0, WITH_HOLIDAY, (FIVE_DAYS,), at=early, as_of=dt.date(2025, 6, 10)) is not None


def test_the_preview_of_a_withdrawn_holiday_keeps_promises() -> None:
    known = msgspec.structs.replace(HOLIDAY, decided_on=dt.date(2025, 6, 1))
    with_it = msgspec.structs.replace(C0, days=(*C0.days, known))

    assert run(with_it, (FIVE_DAYS,)).current_due == at("2025-06-17 17:00")
    assert moved(with_it, C0, (FIVE_DAYS,), at=NOW) is None


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
