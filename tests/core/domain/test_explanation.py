"""Why a due time is what it is: the notes of its days."""

import datetime as dt

from core.domain.histories import at, whys
from motcua.domain.calendar import (
    Calendar,
    CalendarDay,
    Closure,
)
from motcua.domain.calendar_data import national_calendar
from motcua.domain.deadline import Why, due
from motcua.domain.limit import TimeLimit, parse_limit

C0 = national_calendar()


def test_the_explanation_names_each_day() -> None:
    found = due(C0, at("2026-04-24 09:00"), parse_limit("3 wd")).days

    assert [(note.date.day, note.counted, note.why, note.name) for note in found] == [
        (24, 0, Why.RECEPTION, ""),
        (25, 0, Why.WEEKEND, ""),
        (26, 0, Why.HOLIDAY, "Giỗ Tổ Hùng Vương"),
        (27, 0, Why.SUBSTITUTE, "Nghỉ bù Giỗ Tổ Hùng Vương"),
        (28, 1, Why.COUNTED, ""),
        (29, 1, Why.COUNTED, ""),
        (30, 0, Why.HOLIDAY, "Ngày Chiến thắng 30/4"),
        (1, 0, Why.HOLIDAY, "Ngày Quốc tế lao động"),
        (2, 0, Why.WEEKEND, ""),
        (3, 0, Why.WEEKEND, ""),
        (4, 1, Why.COUNTED, ""),
    ]
    assert found[2].basis == "Bộ luật Lao động 45/2019/QH14, Điều 112"


def test_a_swapped_saturday_and_the_day_off_it_is_worked_for_are_named() -> None:
    saturday, friday = (
        next(note for note in days if note.why is why)
        for days, why in (
            (due(C0, at("2025-04-25 15:30"), parse_limit("1 wd")).days, Why.SWAP_WORK),
            (due(C0, at("2025-04-29 15:30"), parse_limit("1 wd")).days, Why.SWAP_OFF),
        )
    )

    assert (saturday.date, saturday.counted, saturday.swapped) == (dt.date(2025, 4, 26), 1, True)
    assert saturday.name == "Hoán đổi: làm bù"
    assert saturday.basis
    assert (friday.date, friday.counted, friday.swapped) == (dt.date(2025, 5, 2), 0, False)


def test_hours_are_explained_in_hours() -> None:
    assert whys(C0, "2025-06-13 15:30", "8 wh") == [
        ("06-13", 1.5, "counted"),
        ("06-14", 0, "weekend"),
        ("06-15", 0, "weekend"),
        ("06-16", 6.5, "counted"),
    ]


def test_a_day_limit_counted_by_hours_is_explained_in_days() -> None:
    limit = TimeLimit(amount=2, unit=parse_limit("2 wd").unit, convention="H")

    found = due(C0, at("2025-06-10 15:00"), limit)

    assert found.due == at("2025-06-12 15:00")
    assert [note.counted for note in found.days] == [0.25, 1, 0.75]


def test_calendar_days_count_days_off_and_then_move_to_a_working_day() -> None:
    assert [counted for _, counted, _ in whys(C0, "2025-01-20 09:00", "7 cd")[:8]] == [0] + [1] * 7
    assert whys(C0, "2025-01-20 09:00", "7 cd")[-8:] == [
        ("01-27", 1, "counted"),
        ("01-28", 0, "holiday"),
        ("01-29", 0, "holiday"),
        ("01-30", 0, "holiday"),
        ("01-31", 0, "holiday"),
        ("02-01", 0, "weekend"),
        ("02-02", 0, "weekend"),
        ("02-03", 0, "moved"),
    ]


def test_a_reception_after_the_cutoff_is_explained() -> None:
    assert whys(C0, "2025-06-13 15:30", "same_day") == [
        ("06-13", 0, "after_cutoff"),
        ("06-14", 0, "weekend"),
        ("06-15", 0, "weekend"),
        ("06-16", 1, "counted"),
    ]


def test_a_closure_of_one_commune_is_explained_with_its_reason() -> None:
    closed = Closure(date=dt.date(2025, 6, 11), reason="Bầu cử", basis="Thông báo 12/TB-UBND")
    found = due(Calendar(closures=(closed,)), at("2025-06-10 09:00"), parse_limit("1 wd"))

    assert found.due == at("2025-06-12 17:00")
    assert (found.days[1].why, found.days[1].name, found.days[1].basis) == (
        Why.CLOSURE,
        "Bầu cử",
        "Thông báo 12/TB-UBND",
    )


def test_a_closed_weekend_is_still_a_weekend() -> None:
    closed = Closure(date=dt.date(2025, 6, 14), reason="Bầu cử")

    assert whys(Calendar(closures=(closed,)), "2025-06-13 09:00", "1 wd")[1] == (
        "06-14",
        0,
        "weekend",
    )


def test_a_closed_swapped_saturday_is_a_closure() -> None:
    swapped = CalendarDay(
        date=dt.date(2025, 6, 14), kind="swap_work", name="làm bù", basis="công văn"
    )
    closed = Closure(date=dt.date(2025, 6, 14), reason="Mất điện")
    calendar = Calendar(days=(swapped,), closures=(closed,))

    assert whys(calendar, "2025-06-13 09:00", "1 wd")[1] == ("06-14", 0, "closure")


def test_whole_hours_are_written_without_a_fraction() -> None:
    days = due(C0, at("2025-06-10 07:30"), parse_limit("12 wh")).days

    assert [repr(day.counted) for day in days] == ["8", "4"]


def test_a_day_that_is_not_counted_is_still_described() -> None:
    saturday = CalendarDay(
        date=dt.date(2025, 6, 14),
        kind="swap_work",
        name="Làm bù",
        basis="dự kiến",
        pair=dt.date(2025, 6, 13),
        provisional=True,
    )
    closed = Closure(date=dt.date(2025, 6, 14), sessions=("afternoon",))
    calendar = Calendar(days=(saturday,), closures=(closed,))

    first = due(calendar, at("2025-06-14 09:00"), parse_limit("1 wd")).days[0]
    counted = due(calendar, at("2025-06-13 09:00"), parse_limit("1 wd")).days[-1]

    assert (first.why, first.provisional, first.swapped, first.half) == (
        Why.RECEPTION,
        True,
        True,
        True,
    )
    assert (counted.counted, counted.provisional, counted.swapped) == (1, True, True)
    assert (counted.name, counted.basis) == ("Làm bù", "dự kiến")


def test_half_a_day_of_reception_is_described_as_half() -> None:
    closed = Closure(date=dt.date(2025, 6, 10), sessions=("afternoon",))
    days = due(Calendar(closures=(closed,)), at("2025-06-10 09:00"), parse_limit("1 wd")).days

    assert [note.half for note in days] == [True, False]


def test_a_counted_day_carries_no_basis_and_a_weekend_none() -> None:
    days = due(C0, at("2026-04-20 09:00"), parse_limit("10 cd")).days

    assert {(note.name, note.basis) for note in days if note.counted} == {("", "")}
    assert [note.basis for note in days if note.why is Why.WEEKEND] == ["", ""]
    assert not any(note.provisional for note in days)


def test_an_evening_is_explained_even_if_work_goes_on_the_next_morning() -> None:
    assert whys(C0, "2025-06-10 18:00", "1 wd") == [
        ("06-10", 0, "after_hours"),
        ("06-11", 0, "reception"),
        ("06-12", 1, "counted"),
    ]
