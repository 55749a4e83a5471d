"""Calendars: sessions, rows, closures, and what was known when."""

import datetime as dt

import msgspec
import pytest

from core.domain.histories import (
    AFTERNOON,
    DESK,
    EARLY,
    MORNING,
    USUAL,
    at,
    open_as,
    opening,
    session,
)
from motcua.domain.calendar import (
    NATIONAL_HOURS,
    Calendar,
    CalendarDay,
    Closure,
    OpeningHours,
    Session,
    WeeklyHours,
)
from motcua.domain.deadline_errors import SessionsError

MONDAY = dt.date(2025, 6, 9)
SATURDAY = dt.date(2025, 6, 14)


def holiday(
    day: dt.date, *, decided: dt.date | None = None, provisional: bool = False
) -> CalendarDay:
    return CalendarDay(
        date=day,
        kind="holiday",
        name="Ngày nghỉ",
        basis="luật",
        decided_on=decided,
        provisional=provisional,
    )


def swapped(day: dt.date, pair: dt.date | None) -> CalendarDay:
    return CalendarDay(date=day, kind="swap_work", name="Làm bù", basis="công văn", pair=pair)


def test_the_national_hours_are_those_of_most_offices() -> None:
    assert NATIONAL_HOURS.on(MONDAY) == opening(*[USUAL] * 5)
    assert Calendar().is_working_day(MONDAY)
    assert not Calendar().is_working_day(SATURDAY)


@pytest.mark.parametrize(("opens", "closes"), [("11:30", "07:30"), ("08:00", "08:00")])
def test_a_session_ends_after_it_begins(opens: str, closes: str) -> None:
    with pytest.raises(SessionsError) as caught:
        session(opens, closes)

    assert caught.value.fields == {"opens": opens, "closes": closes}


@pytest.mark.parametrize(
    "day",
    [
        (session("07:30", "11:30"), session("11:00", "17:00")),
        (session("13:00", "17:00"), session("07:30", "11:30")),
        (*USUAL, session("16:30", "18:00")),
    ],
)
def test_the_sessions_of_a_day_are_in_order_and_do_not_overlap(day: tuple[Session, ...]) -> None:
    with pytest.raises(SessionsError) as caught:
        opening((), day, (), (), (), (), ())

    assert caught.value.fields["closes"] >= caught.value.fields["opens"]


def test_one_session_may_begin_where_another_ends() -> None:
    whole = (session("07:30", "11:30"), session("11:30", "13:00", reception_only=True))

    assert open_as(opening(whole)).facts(MONDAY).sessions == whole


def test_the_halves_of_a_day_meet_at_noon() -> None:
    halves = [session(opens, "18:00").half for opens in ("07:30", "11:59", "12:00", "13:00")]

    assert halves == ["morning", "morning", "afternoon", "afternoon"]


def test_the_hours_that_began_last_hold() -> None:
    summer = opening(EARLY, since=dt.date(2025, 6, 10))
    hours = OpeningHours(weeks=(opening(USUAL), summer))

    assert hours.on(dt.date(2025, 6, 9)) == opening(USUAL)
    assert hours.on(dt.date(2025, 6, 10)) == summer


def test_before_its_first_hours_an_office_is_closed() -> None:
    calendar = open_as(opening(USUAL, since=dt.date(2025, 6, 10)))
    worked = msgspec.structs.replace(calendar, days=(swapped(MONDAY, SATURDAY),))

    assert not calendar.is_working_day(MONDAY)
    assert calendar.is_working_day(dt.date(2025, 6, 10))
    assert not worked.is_working_day(MONDAY)


@pytest.mark.parametrize("kind", ["holiday", "substitute", "swap_off"])
def test_a_row_closes_a_weekday(kind: str) -> None:
    row = msgspec.structs.replace(holiday(MONDAY), kind=kind)

    facts = Calendar(days=(row,)).facts(MONDAY)

    assert (facts.sessions, facts.row, facts.regular) == ((), row, USUAL)


def test_a_holiday_closes_the_reception_of_a_saturday_too() -> None:
    calendar = open_as(opening(USUAL, USUAL, USUAL, USUAL, USUAL, DESK, ()))
    free = msgspec.structs.replace(calendar, days=(holiday(SATURDAY),))

    assert calendar.facts(SATURDAY).sessions == DESK
    assert calendar.facts(SATURDAY).working == ()
    assert free.facts(SATURDAY).sessions == ()


def test_a_swapped_saturday_has_the_sessions_of_the_day_it_is_worked_for() -> None:
    calendar = open_as(opening(EARLY, USUAL, USUAL, USUAL, MORNING, DESK, ()))
    for_monday = msgspec.structs.replace(calendar, days=(swapped(SATURDAY, MONDAY),))
    unnamed = msgspec.structs.replace(calendar, days=(swapped(SATURDAY, None),))

    assert for_monday.facts(SATURDAY).sessions == EARLY
    assert unnamed.facts(SATURDAY).sessions == MORNING


def test_an_unnamed_swap_is_worked_like_the_last_weekday_with_sessions() -> None:
    calendar = open_as(opening(EARLY, USUAL, MORNING, (), (), USUAL, ()))
    never = open_as(opening((), (), (), (), (), USUAL, ()))
    row = swapped(SATURDAY, None)

    assert msgspec.structs.replace(calendar, days=(row,)).facts(SATURDAY).sessions == MORNING
    assert msgspec.structs.replace(never, days=(row,)).facts(SATURDAY).sessions == ()


def test_a_closure_closes_the_whole_day_or_half_of_it() -> None:
    def left(closure: Closure) -> tuple[Session, ...]:
        return Calendar(closures=(closure,)).facts(MONDAY).sessions

    assert left(Closure(date=MONDAY)) == ()
    assert left(Closure(date=MONDAY, sessions=("morning",))) == (AFTERNOON,)
    assert left(Closure(date=MONDAY, sessions=("afternoon",))) == MORNING
    assert left(Closure(date=MONDAY, sessions=("morning", "afternoon"))) == ()
    assert left(Closure(date=SATURDAY)) == USUAL


def test_a_closure_holds_on_a_swapped_saturday() -> None:
    calendar = Calendar(
        days=(swapped(SATURDAY, MONDAY),),
        closures=(Closure(date=SATURDAY, sessions=("afternoon",)),),
    )

    assert calendar.facts(SATURDAY).sessions == MORNING
    assert calendar.is_working_day(SATURDAY)


def test_half_a_day_is_a_part_of_the_usual_working_time() -> None:
    evening = (*USUAL, session("17:30", "19:00", reception_only=True))

    def half(calendar: Calendar) -> bool:
        return calendar.facts(MONDAY).half

    assert not half(Calendar())
    assert half(Calendar(closures=(Closure(date=MONDAY, sessions=("morning",)),)))
    assert not half(Calendar(closures=(Closure(date=MONDAY),)))
    assert not half(open_as(opening(MORNING)))
    assert not half(open_as(opening(evening)))


def test_working_time_ends_with_its_sessions() -> None:
    calendar = open_as(opening(USUAL, USUAL, USUAL, USUAL, USUAL, DESK, ()))
    moments = {
        "2025-06-09 07:29": False,
        "2025-06-09 07:30": True,
        "2025-06-09 11:30": True,
        "2025-06-09 11:31": False,
        "2025-06-09 17:00": True,
        "2025-06-09 17:01": False,
        "2025-06-14 09:00": False,
    }

    assert {moment: calendar.is_working_time(at(moment)) for moment in moments} == moments
    assert calendar.is_working_time(dt.datetime(2025, 6, 9, 1, tzinfo=dt.UTC))


# ---- what was known when ----

DECIDED = dt.date(2025, 6, 2)
BEFORE = dt.date(2025, 6, 1)


def test_a_row_is_used_from_the_day_it_was_decided() -> None:
    calendar = Calendar(days=(holiday(MONDAY, decided=DECIDED),))

    assert calendar.as_of(BEFORE).is_working_day(MONDAY)
    assert not calendar.as_of(DECIDED).is_working_day(MONDAY)
    assert not calendar.is_working_day(MONDAY)


def test_a_closure_and_new_hours_are_used_from_the_day_they_were_decided() -> None:
    calendar = Calendar(
        closures=(Closure(date=MONDAY, decided_on=DECIDED),),
        hours=OpeningHours(
            weeks=(
                opening(MORNING),
                WeeklyHours(
                    week=opening(EARLY).week, valid_from=dt.date(2025, 1, 1), decided_on=DECIDED
                ),
            )
        ),
    )
    tuesday = dt.date(2025, 6, 10)

    assert calendar.as_of(BEFORE).is_working_day(MONDAY)
    assert not calendar.as_of(DECIDED).is_working_day(MONDAY)
    assert calendar.as_of(BEFORE).facts(tuesday).sessions == MORNING
    assert calendar.as_of(DECIDED).facts(tuesday).sessions == EARLY


def test_rows_that_were_always_known_are_always_used() -> None:
    calendar = Calendar(
        days=(holiday(MONDAY), holiday(SATURDAY, decided=DECIDED)),
        closures=(Closure(date=dt.date(2025, 6, 10)),),
    )
    early = calendar.as_of(BEFORE)

    assert not early.is_working_day(MONDAY)
    assert not early.is_working_day(dt.date(2025, 6, 10))
    assert early.hours == NATIONAL_HOURS


def test_a_provisional_row_is_used_before_anything_is_decided() -> None:
    calendar = Calendar(
        days=(holiday(MONDAY, provisional=True), holiday(SATURDAY, decided=DECIDED))
    )

    assert not calendar.as_of(BEFORE).is_working_day(MONDAY)
    assert calendar.as_of(BEFORE).facts(MONDAY).provisional


def test_a_withdrawn_proposal_held_until_it_was_withdrawn() -> None:
    proposal = msgspec.structs.replace(holiday(MONDAY, provisional=True), withdrawn_on=DECIDED)
    calendar = Calendar(days=(proposal, holiday(SATURDAY, decided=dt.date(2025, 6, 5))))

    assert not calendar.as_of(BEFORE).is_working_day(MONDAY)
    assert calendar.as_of(DECIDED).is_working_day(MONDAY)
    assert calendar.is_working_day(MONDAY)


def test_a_decision_stands_before_the_proposal_it_settles() -> None:
    rows = (
        holiday(MONDAY, decided=DECIDED),
        holiday(MONDAY, provisional=True),
    )
    for days in (rows, rows[::-1]):
        calendar = Calendar(days=days)

        assert not calendar.facts(MONDAY).provisional
        assert calendar.as_of(BEFORE).facts(MONDAY).provisional


def test_of_two_decisions_the_later_holds() -> None:
    first, second = holiday(MONDAY, decided=BEFORE), swapped(MONDAY, MONDAY)
    second = msgspec.structs.replace(second, decided_on=DECIDED)
    for days in ((first, second), (second, first)):
        calendar = Calendar(days=days)

        assert calendar.is_working_day(MONDAY)
        assert not calendar.as_of(BEFORE).is_working_day(MONDAY)


def test_views_are_kept_and_the_latest_is_the_calendar_itself() -> None:
    calendar = Calendar(
        days=(holiday(MONDAY, decided=DECIDED),),
        covers=(dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
    )
    view = calendar.as_of(BEFORE)

    assert calendar.as_of(dt.date(2024, 1, 1)) is view
    assert calendar.as_of(DECIDED) is calendar
    assert view.covers == calendar.covers
    assert view.timeline is view.timeline


def test_a_provisional_row_matters_only_where_it_changes_the_day() -> None:
    proposal = holiday(SATURDAY, provisional=True)
    swap = msgspec.structs.replace(swapped(SATURDAY, MONDAY), provisional=True)
    closed = Closure(date=MONDAY)

    assert not Calendar(days=(proposal,)).facts(SATURDAY).provisional
    assert Calendar(days=(swap,)).facts(SATURDAY).provisional
    assert Calendar(days=(holiday(MONDAY, provisional=True),)).facts(MONDAY).provisional
    assert not Calendar(days=(holiday(MONDAY),)).facts(MONDAY).provisional
    assert not (
        Calendar(days=(holiday(MONDAY, provisional=True),), closures=(closed,))
        .facts(MONDAY)
        .provisional
    )
