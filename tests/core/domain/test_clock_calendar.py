"""What a change of the calendar does to running clocks."""

import datetime as dt

import msgspec

from core.domain.clocks import C0, FIVE_DAYS, clock, started, told
from core.domain.histories import at
from motcua.domain.calendar import (
    NATIONAL_HOURS,
    Calendar,
    CalendarDay,
    Closure,
    OpeningHours,
    WeeklyHours,
)
from motcua.domain.clock import (
    Asked,
    CalendarChanged,
    Extended,
    LimitSet,
    Paused,
    Resumed,
    Started,
    Stopped,
    moved,
    run,
)
from motcua.domain.limit import parse_limit

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
    assert state.limit == parse_limit("5 wd")
    assert state.flags == ("promise-kept",)
    assert state.redated == ()
    assert told(state)[-2:] == [("06-15", 0, "weekend", ""), ("06-16", 0, "promise_kept", "")]


def test_what_was_told_after_a_pause_does_not_move_earlier_either() -> None:
    saturday = CalendarDay(
        date=dt.date(2025, 6, 14),
        kind="swap_work",
        name="Làm bù",
        basis="công văn",
        decided_on=dt.date(2025, 6, 12),
    )
    state = run(
        Calendar(days=(saturday,)),
        (
            FIVE_DAYS,
            Paused(at=at("2025-06-10 09:00")),
            Resumed(at=at("2025-06-11 09:00")),
            CalendarChanged(at=at("2025-06-12 09:00")),
        ),
    )

    assert state.legal_due == at("2025-06-17 17:00")
    assert state.current_due == at("2025-06-18 17:00")


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


SAME_DAY = Closure(date=at("2025-06-11 00:00").date(), decided_on=at("2025-06-09 00:00").date())
PRINTED = msgspec.structs.replace(
    started("2025-06-09 09:00", "3 wd"), promise=at("2025-06-12 17:00")
)


def test_a_closure_entered_after_the_slip_was_printed_that_day_moves_nothing_by_itself() -> None:
    """§13.3, §13.4: the slip tells what was known when the dossier was received."""
    state = clock(PRINTED, calendar=Calendar(closures=(SAME_DAY,)))

    due = at("2025-06-12 17:00")
    assert state.promise == state.legal_due == state.report_due == state.current_due == due
    assert [note.date.day for note in state.explanation if note.counted] == [10, 11, 12]


def test_a_closure_entered_the_same_day_re_dates_with_its_ground() -> None:
    change = CalendarChanged(at=at("2025-06-09 15:00"), basis="Thông báo 7/TB")
    state = clock(PRINTED, change, calendar=Calendar(closures=(SAME_DAY,)))

    assert state.promise == at("2025-06-12 17:00")
    assert state.legal_due == state.current_due == at("2025-06-13 17:00")
    assert [(each.ground, each.basis) for each in state.redated] == [("calendar", "Thông báo 7/TB")]


def test_hours_changed_afterwards_leave_the_printed_promise_as_it_was() -> None:
    """§13.3: hours that do not tell since when they hold are known to every replay."""
    friday_off = Calendar(
        hours=OpeningHours(
            weeks=(WeeklyHours(week=(*NATIONAL_HOURS.weeks[0].week[:2], (), (), (), (), ())),)
        )
    )
    state = clock(PRINTED, calendar=friday_off)

    assert state.promise == state.legal_due == state.current_due == at("2025-06-12 17:00")


def test_a_closure_taken_back_gives_back_the_day_it_took() -> None:
    """Closed on Wednesday 11 June, decided on the 9th, taken back on the 10th."""
    closed = Closure(
        date=dt.date(2025, 6, 11),
        decided_on=dt.date(2025, 6, 9),
        withdrawn_on=dt.date(2025, 6, 10),
    )
    calendar = msgspec.structs.replace(C0, closures=(closed,))
    received = started("2025-06-06 09:00", "3 wd")
    moved_on = CalendarChanged(at=at("2025-06-09 10:00"), basis="Mất điện")
    taken_back = CalendarChanged(at=at("2025-06-10 10:00"), basis="Có điện", back=True)

    before = clock(received, calendar=calendar)
    later = clock(received, moved_on, calendar=calendar)
    again = clock(received, moved_on, taken_back, calendar=calendar)

    assert before.current_due == again.current_due == at("2025-06-11 17:00")
    assert later.current_due == at("2025-06-12 17:00")
