"""Due times: the worked examples of ``docs/explanation/deadlines.md``, by their numbers."""

import concurrent.futures
import datetime as dt

import pytest

from core.domain.histories import DESK, EVENING, MORNING, USUAL, at, open_as, opening, session, whys
from motcua.domain.calendar import (
    VN,
    Calendar,
    CalendarDay,
    Closure,
    Session,
)
from motcua.domain.calendar_data import national_calendar
from motcua.domain.deadline import Why, due, due_at
from motcua.domain.deadline_errors import NaiveTimeError, NoWorkingTimeError, TimeRangeError
from motcua.domain.limit import parse_limit

C0 = national_calendar()
SATURDAYS = open_as(opening(USUAL, USUAL, USUAL, USUAL, USUAL, DESK, ()))

EXAMPLES = {
    "1: before 15:00": ("2025-06-10 09:15", "same_day", "2025-06-10 17:00"),
    "2: 15:00 sharp is not after 15:00": ("2025-06-10 15:00", "same_day", "2025-06-10 17:00"),
    "3: after 15:00": ("2025-06-10 15:01", "same_day", "2025-06-11 17:00"),
    "4: over the weekend": ("2025-06-13 15:30", "same_day", "2025-06-16 17:00"),
    "5: over Tết": ("2025-01-24 15:30", "same_day", "2025-02-03 17:00"),
    "6: over Tết": ("2025-01-24 10:00", "3 wd", "2025-02-05 17:00"),
    "7: swapped Saturday": ("2025-04-25 15:30", "same_day", "2025-04-26 17:00"),
    "8: swapped Saturday counts": ("2025-04-25 15:30", "3 wd", "2025-04-29 17:00"),
    "9: off 30/4 to 4/5": ("2025-04-29 16:00", "5 wd", "2025-05-09 17:00"),
    "10: Hùng Kings": ("2025-04-04 15:30", "1 wd", "2025-04-08 17:00"),
    "11: National Day": ("2025-08-29 15:30", "2 wd", "2025-09-04 17:00"),
    "12: New Year and its swap": ("2025-12-31 15:30", "2 wd", "2026-01-06 17:00"),
    "13: Tết 2026": ("2026-02-12 09:00", "5 wd", "2026-02-26 17:00"),
    "14: Tết 2026": ("2026-02-13 15:30", "same_day", "2026-02-23 17:00"),
    "15: Tết 2026": ("2026-02-13 15:30", "3 wd", "2026-02-25 17:00"),
    "16: substitute": ("2026-04-24 15:30", "1 wd", "2026-04-28 17:00"),
    "17: three holidays": ("2026-04-24 09:00", "5 wd", "2026-05-06 17:00"),
    "18: 30/4 and 1/5": ("2026-04-29 10:00", "2 wd", "2026-05-05 17:00"),
    "19: swapped Saturday": ("2026-08-21 15:30", "same_day", "2026-08-22 17:00"),
    "20: National Day 2026": ("2026-08-28 10:00", "3 wd", "2026-09-07 17:00"),
    "21: Culture Day": ("2026-11-23 15:30", "same_day", "2026-11-25 17:00"),
    "22: 1.5 h and 6.5 h": ("2025-06-13 15:30", "8 wh", "2025-06-16 15:30"),
    "23: 1.5 h and 2.5 h": ("2025-06-13 15:30", "4 wh", "2025-06-16 10:00"),
    "24: lunch is skipped": ("2025-06-12 10:30", "2 wh", "2025-06-12 14:00"),
    "25: last day off": ("2025-01-20 09:00", "7 cd", "2025-02-03 17:00"),
    "26: last day off": ("2026-04-20 09:00", "10 cd", "2026-05-04 17:00"),
    "27: from acceptance": ("2025-06-16 07:45", "3 wd", "2025-06-19 17:00"),
    "33: swapped Saturday 2026": ("2026-01-09 15:30", "same_day", "2026-01-10 17:00"),
    "34: 9, 10, 12 January": ("2026-01-08 09:00", "3 wd", "2026-01-12 17:00"),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str) -> None:
    received, limit, expected = EXAMPLES[name]

    assert due_at(C0, at(received), parse_limit(limit)) == at(expected)
    assert due(C0, at(received), parse_limit(limit)).due == at(expected)


def test_example_21b_a_new_holiday_does_not_reach_back() -> None:
    assert C0.is_working_day(dt.date(2025, 11, 24))
    assert not C0.is_working_day(dt.date(2026, 11, 24))


def test_example_35_a_swap_counts_only_once_it_is_decided() -> None:
    received, limit = at("2025-12-24 10:00"), parse_limit("7 wd")

    before = due(C0, received, limit, as_of=dt.date(2025, 12, 24))
    after = due(C0, received, limit, as_of=dt.date(2025, 12, 25))

    assert before.due == at("2026-01-05 17:00")
    assert after.due == at("2026-01-06 17:00")
    assert due_at(C0, received, limit, as_of=dt.date(2025, 12, 24)) == before.due
    assert due_at(C0, received, limit) == after.due


def test_clock_hours_run_by_night_and_on_days_off() -> None:
    assert due_at(C0, at("2025-06-13 16:00"), parse_limit("24 ch")) == at("2025-06-14 16:00")
    assert whys(C0, "2025-06-13 16:00", "24 ch") == [
        ("06-13", 8, "counted"),
        ("06-14", 16, "counted"),
    ]


def test_clock_hours_of_a_reception_at_night_run_from_the_first_working_hour() -> None:
    assert due_at(C0, at("2025-06-13 22:00"), parse_limit("2 ch")) == at("2025-06-16 09:30")


def test_an_early_or_a_lunchtime_reception_stays_on_its_day() -> None:
    early = due(C0, at("2025-06-10 06:00"), parse_limit("1 wd"))
    lunch = due(C0, at("2025-06-10 12:10"), parse_limit("2 wh"))

    assert (early.counted_from, early.due) == (at("2025-06-10 07:30"), at("2025-06-11 17:00"))
    assert (lunch.counted_from, lunch.due) == (at("2025-06-10 13:00"), at("2025-06-10 15:00"))


def test_a_reception_after_hours_counts_from_the_next_working_morning() -> None:
    found = due(C0, at("2025-06-13 17:00:01"), parse_limit("1 wd"))

    assert found.counted_from == at("2025-06-16 07:30")
    assert found.due == at("2025-06-17 17:00")
    assert whys(C0, "2025-06-13 18:00", "1 wd") == [
        ("06-13", 0, "after_hours"),
        ("06-14", 0, "weekend"),
        ("06-15", 0, "weekend"),
        ("06-16", 0, "reception"),
        ("06-17", 1, "counted"),
    ]


def test_the_closing_minute_still_belongs_to_the_day() -> None:
    assert due_at(C0, at("2025-06-13 17:00"), parse_limit("1 wd")) == at("2025-06-16 17:00")


def test_parts_of_a_second_do_not_make_a_reception_late() -> None:
    assert due_at(C0, at("2025-06-10 15:00:00.9"), parse_limit("same_day")) == at(
        "2025-06-10 17:00"
    )


def test_a_procedure_may_have_its_own_cutoff() -> None:
    own = parse_limit("same_day", dt.time(16))

    assert due_at(C0, at("2025-06-10 15:30"), own) == at("2025-06-10 17:00")
    assert due_at(C0, at("2025-06-10 16:00:01"), own) == at("2025-06-11 17:00")


def test_same_day_work_taken_in_at_the_closing_hour_is_due_then() -> None:
    closing = parse_limit("same_day", dt.time(17))

    assert due_at(C0, at("2025-06-10 17:00"), closing) == at("2025-06-10 17:00")


def test_a_cutoff_of_a_limit_in_days_starts_it_on_the_next_working_day() -> None:
    """Decree 301/2026 art. 5: after 15:00 the clock of the birth group starts a day later."""
    birth = parse_limit("3 wd", dt.time(15))

    assert due_at(C0, at("2025-06-10 15:00"), birth) == at("2025-06-13 17:00")
    assert due_at(C0, at("2025-06-10 15:01"), birth) == at("2025-06-16 17:00")


def test_same_day_and_two_working_days_more() -> None:
    """Certified copies, Decree 23/2015 art. 21: up to two more working days."""
    longer = parse_limit("same_day").plus(2)

    assert due_at(C0, at("2025-06-10 09:15"), longer) == at("2025-06-12 17:00")
    assert due_at(C0, at("2025-06-10 15:01"), longer) == at("2025-06-13 17:00")


def test_by_hours_a_due_time_at_the_end_of_a_session_stays_there() -> None:
    assert due_at(C0, at("2025-06-10 07:30"), parse_limit("4 wh")) == at("2025-06-10 11:30")
    assert due_at(C0, at("2025-06-10 07:30"), parse_limit("8 wh")) == at("2025-06-10 17:00")


def test_a_saturday_for_reception_only_counts_but_adds_no_time() -> None:
    inside, outside = at("2025-06-14 09:00"), at("2025-06-14 11:01")

    assert due(SATURDAYS, inside, parse_limit("1 wd")).counted_from == inside
    assert due_at(SATURDAYS, inside, parse_limit("1 wd")) == at("2025-06-16 17:00")
    assert due_at(SATURDAYS, inside, parse_limit("same_day")) == at("2025-06-16 17:00")
    assert due_at(SATURDAYS, inside, parse_limit("2 wh")) == at("2025-06-16 09:30")
    assert due_at(SATURDAYS, inside, parse_limit("2 cd")) == at("2025-06-16 17:00")
    assert due_at(SATURDAYS, outside, parse_limit("1 wd")) == at("2025-06-17 17:00")


def test_a_reception_before_a_saturdays_reception_session_stays_on_that_saturday() -> None:
    found = due(SATURDAYS, at("2025-06-14 06:30"), parse_limit("1 wd"))

    assert (found.counted_from, found.due) == (at("2025-06-14 08:00"), at("2025-06-16 17:00"))


def test_a_friday_night_is_not_received_on_a_saturday_for_reception_only() -> None:
    found = due(SATURDAYS, at("2025-06-13 20:00"), parse_limit("1 wd"))

    assert [note.why for note in found.days[:4]] == [
        Why.AFTER_HOURS,
        Why.AFTER_HOURS,
        Why.WEEKEND,
        Why.RECEPTION,
    ]
    assert (found.counted_from, found.due) == (at("2025-06-16 07:30"), at("2025-06-17 17:00"))


def test_an_evening_for_reception_only_is_due_on_the_next_day() -> None:
    evenings = open_as(opening(*[EVENING] * 5))

    late = parse_limit("same_day", dt.time(20))

    assert due_at(evenings, at("2025-06-10 18:00"), late) == at("2025-06-11 17:00")
    assert due_at(evenings, at("2025-06-10 18:00"), parse_limit("1 wd")) == at("2025-06-11 17:00")
    assert due_at(evenings, at("2025-06-10 16:59"), late) == at("2025-06-10 17:00")


def test_half_a_day_counts_as_a_day_and_is_due_when_it_closes() -> None:
    closed = Closure(date=dt.date(2025, 6, 11), sessions=("afternoon",), reason="Mất điện")
    calendar = Calendar(closures=(closed,))

    found = due(calendar, at("2025-06-10 09:00"), parse_limit("1 wd"))

    assert found.due == at("2025-06-11 11:30")
    assert found.days[-1].half
    assert not found.days[0].half
    assert due_at(calendar, at("2025-06-11 09:00"), parse_limit("same_day")) == at(
        "2025-06-11 11:30"
    )
    assert due_at(calendar, at("2025-06-11 11:31"), parse_limit("same_day")) == at(
        "2025-06-12 17:00"
    )
    assert due_at(calendar, at("2025-06-10 16:00"), parse_limit("5 wh")) == at("2025-06-11 11:30")


def test_a_closed_morning_leaves_the_afternoon() -> None:
    closed = Closure(date=dt.date(2025, 6, 11), sessions=("morning",))
    calendar = Calendar(closures=(closed,))

    assert due_at(calendar, at("2025-06-11 08:00"), parse_limit("1 wh")) == at("2025-06-11 14:00")


def test_a_due_time_that_rests_on_a_provisional_day_says_so() -> None:
    over = due(C0, at("2027-02-03 10:00"), parse_limit("1 wd"))
    before = due(C0, at("2027-02-02 10:00"), parse_limit("1 wd"))
    on_a_weekend = due(C0, at("2027-02-05 10:00"), parse_limit("4 ch"))

    assert (over.due, over.provisional) == (at("2027-02-11 17:00"), True)
    assert over.days[1].provisional
    assert not over.days[0].provisional
    assert not before.provisional
    assert on_a_weekend.provisional


def test_a_due_time_beyond_the_calendar_is_provisional() -> None:
    assert not due(C0, at("2030-12-20 10:00"), parse_limit("5 wd")).provisional
    assert due(C0, at("2030-12-27 10:00"), parse_limit("5 wd")).provisional
    assert due(C0, at("2017-12-27 10:00"), parse_limit("1 wd")).provisional
    assert not due(Calendar(), at("2040-01-02 10:00"), parse_limit("5 wd")).provisional


def test_any_zone_is_read_as_local_time() -> None:
    utc = dt.datetime(2025, 6, 10, 8, 1, tzinfo=dt.UTC)

    assert due_at(C0, utc, parse_limit("same_day")) == at("2025-06-11 17:00")


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(NaiveTimeError) as caught:
        due_at(C0, dt.datetime(2025, 6, 10, 8), parse_limit("1 wd"))  # noqa: DTZ001 - the fault under test

    assert caught.value.fields == {"time": "2025-06-10T08:00:00"}


@pytest.mark.parametrize("zone", [VN, dt.UTC])
@pytest.mark.parametrize("year", [1899, 2201, 1, 9999])
def test_a_year_nobody_can_mean_is_refused(year: int, zone: dt.tzinfo) -> None:
    moment = dt.datetime(year, 6, 10, 8, tzinfo=zone)

    with pytest.raises(TimeRangeError) as caught:
        due_at(C0, moment, parse_limit("1 wd"))

    assert caught.value.fields == {"time": moment.isoformat(), "first": 1900, "last": 2200}


@pytest.mark.parametrize("year", [1900, 2200])
def test_the_first_and_the_last_year_are_counted(year: int) -> None:
    assert due_at(C0, dt.datetime(year, 6, 10, 8, tzinfo=VN), parse_limit("1 wd")).year == year


def test_an_office_that_never_works_is_refused() -> None:
    shut = open_as(opening(()))

    with pytest.raises(NoWorkingTimeError) as caught:
        due_at(shut, at("2025-06-10 09:00"), parse_limit("1 wd"))

    assert caught.value.fields["after"] == "2025-01-01"


def test_an_office_that_stops_working_for_good_is_refused() -> None:
    closing = open_as(opening(*[USUAL] * 5), opening((), since=dt.date(2025, 7, 1)))

    assert due_at(closing, at("2025-06-10 09:00"), parse_limit("14 wd")) == at("2025-06-30 17:00")
    assert due_at(closing, at("2025-06-10 09:30"), parse_limit("118 wh")) == at("2025-06-30 17:00")
    for limit in ("15 wd", "999 wh"):
        with pytest.raises(NoWorkingTimeError):
            due_at(closing, at("2025-06-10 09:00"), parse_limit(limit))


def test_a_long_limit_of_an_office_open_one_morning_a_week_is_counted() -> None:
    calendar = open_as(opening((), (), MORNING, (), (), (), ()))

    found = due_at(calendar, at("2025-06-11 08:00"), parse_limit("1000 wd"))

    assert found == at("2025-06-11 11:30") + dt.timedelta(weeks=1000)


def test_an_earlier_question_after_a_later_one_is_answered_too() -> None:
    calendar = Calendar(days=C0.days)

    assert due_at(calendar, at("2026-06-10 09:00"), parse_limit("1 wd")) == at("2026-06-11 17:00")
    assert due_at(calendar, at("2019-06-10 09:00"), parse_limit("1 wd")) == at("2019-06-11 17:00")
    assert due_at(calendar, at("2026-06-10 09:00"), parse_limit("1 wd")) == at("2026-06-11 17:00")


def test_sessions_may_begin_and_end_at_any_second() -> None:
    odd = Session(opens=dt.time(8, 0, 30), closes=dt.time(9, 0, 45))
    calendar = open_as(opening((odd,)))

    assert due_at(calendar, at("2025-06-10 09:00:45"), parse_limit("1 wh")) == at(
        "2025-06-11 09:00:30"
    )


def test_hours_skip_a_session_for_reception_only_before_work_begins() -> None:
    early = (session("06:30", "07:30", reception_only=True), *USUAL)
    calendar = open_as(opening(early))

    assert due_at(calendar, at("2025-06-10 06:45"), parse_limit("1 wh")) == at("2025-06-10 08:30")


def test_two_threads_may_ask_a_fresh_calendar_at_once() -> None:
    calendar = Calendar(days=C0.days)
    moments = [at(f"{year}-06-10 09:00") for year in range(2018, 2030)] * 4
    limit = parse_limit("300 wd")

    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda moment: due_at(calendar, moment, limit), moments))

    assert found == [due_at(Calendar(days=C0.days), moment, limit) for moment in moments]


def test_the_first_second_of_a_session_is_counted() -> None:
    assert due_at(C0, at("2025-06-10 10:30:01"), parse_limit("1 wh")) == at("2025-06-10 13:00:01")


def test_a_calendar_knows_the_first_and_the_last_day_its_rows_were_drawn_up_for() -> None:
    calendar = Calendar(covers=(dt.date(2025, 6, 10), dt.date(2025, 6, 11)))

    def provisional(received: str) -> bool:
        return due(calendar, at(received), parse_limit("1 wd")).provisional

    assert not provisional("2025-06-10 09:00")
    assert provisional("2025-06-09 09:00")
    assert provisional("2025-06-11 09:00")


def test_a_cutoff_is_kept_to_the_second() -> None:
    own = parse_limit("same_day", dt.time(14, 30, 10))

    assert due_at(C0, at("2025-06-10 14:00"), own) == at("2025-06-10 17:00")
    assert due_at(C0, at("2025-06-10 14:30:10"), own) == at("2025-06-10 17:00")
    assert due_at(C0, at("2025-06-10 14:30:11"), own) == at("2025-06-11 17:00")


def test_what_was_counted_for_one_year_is_counted_on_for_the_next() -> None:
    proposal = CalendarDay(
        date=dt.date(2026, 3, 10), kind="holiday", name="Lễ", basis="dự kiến", provisional=True
    )
    calendar = Calendar(days=(proposal,))

    def provisional(received: str) -> bool:
        return due(calendar, at(received), parse_limit("1 wd")).provisional

    assert not provisional("2025-01-02 09:00")
    assert due_at(calendar, at("2026-03-11 08:00"), parse_limit("10 wh")) == at("2026-03-12 10:00")
    assert not provisional("2026-03-06 09:00")
    assert provisional("2026-03-09 09:00")
    assert not provisional("2026-03-11 09:00")


def test_the_first_day_of_a_calendars_totals_and_the_first_beyond_a_year_are_days_too() -> None:
    calendar = Calendar()

    first = due_at(calendar, at("2025-01-01 09:00"), parse_limit("same_day"))
    beyond = due_at(calendar, at("2026-01-02 09:00"), parse_limit("same_day"))

    assert (first, beyond) == (at("2025-01-01 17:00"), at("2026-01-02 17:00"))


def test_working_days_by_the_hour_are_eight_working_hours_each() -> None:
    """Rules 13.7: a limit in working days under convention H is N times eight hours."""
    received = at("2025-06-13 15:30")

    assert due_at(C0, received, parse_limit("2 wd", convention="H")) == at("2025-06-17 15:30")
    assert due_at(C0, received, parse_limit("16 wh")) == at("2025-06-17 15:30")


def test_a_due_time_at_the_end_of_a_session_stays_there() -> None:
    """Rules 13.7: four working hours from the opening end at 11:30, not at 13:00."""
    assert due_at(C0, at("2025-06-13 07:30"), parse_limit("4 wh")) == at("2025-06-13 11:30")
    assert due_at(C0, at("2025-06-13 07:30"), parse_limit("8 wh")) == at("2025-06-13 17:00")
