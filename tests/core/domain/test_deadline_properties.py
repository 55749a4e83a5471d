"""What holds for every calendar, every limit and every moment."""

import datetime as dt
import random

import msgspec
from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.domain.histories import (
    FIRST,
    SPAN,
    random_calendar,
    random_history,
    random_limit,
)
from motcua.domain.calendar import VN, Calendar, CalendarDay
from motcua.domain.clock import CalendarChanged, Extended, Started, run
from motcua.domain.deadline import due, due_at
from motcua.domain.explanation import Why
from motcua.domain.limit import TimeLimit, Unit

dates = st.integers(0, SPAN).map(lambda number: FIRST + dt.timedelta(days=number))
dice = st.integers(0, 2**32).map(random.Random)
calendars = dice.map(random_calendar)
limits = dice.map(random_limit)
moments = st.builds(
    dt.datetime.combine,
    dates,
    st.times().map(lambda time: time.replace(microsecond=0)),
    st.just(VN),
)
amounts = st.integers(1, 20)
summable = st.sampled_from(
    [(Unit.WORKING_DAY, "E"), (Unit.WORKING_DAY, "H"), (Unit.WORKING_HOUR, "H")]
)


@given(calendar=calendars, received=moments, kind=summable, first=amounts, second=amounts)
def test_working_limits_add_up(
    calendar: Calendar, received: dt.datetime, kind: tuple[Unit, str], first: int, second: int
) -> None:
    def limit(amount: int) -> TimeLimit:
        return msgspec.convert(
            {"amount": amount, "unit": kind[0], "convention": kind[1]}, TimeLimit
        )

    stepwise = due_at(calendar, due_at(calendar, received, limit(first)), limit(second))

    assert due_at(calendar, received, limit(first).plus(limit(second))) == stepwise


@given(calendar=calendars, received=moments, limit=limits)
def test_the_explanation_counts_exactly_the_limit(
    calendar: Calendar, received: dt.datetime, limit: TimeLimit
) -> None:
    found = due(calendar, received, limit)

    assert round(sum(note.counted for note in found.days), 9) == limit.amount
    assert found.days[0].date == received.date()
    assert found.days[-1].date == found.due.date()
    assert [note.date for note in found.days] == sorted({note.date for note in found.days})
    assert found.due == due_at(calendar, received, limit)
    assert found.provisional == any(note.provisional for note in found.days)


@given(calendar=calendars, received=moments, limit=limits)
def test_a_due_time_is_never_in_a_closed_hour(
    calendar: Calendar, received: dt.datetime, limit: TimeLimit
) -> None:
    assume(limit.unit is not Unit.CLOCK_HOUR)

    assert calendar.is_working_time(due_at(calendar, received, limit))


@given(calendar=calendars, received=moments, limit=limits)
def test_nothing_is_due_before_it_was_received(
    calendar: Calendar, received: dt.datetime, limit: TimeLimit
) -> None:
    found = due(calendar, received, limit)

    assert received <= found.counted_from <= found.due


def has_days_for_reception_only(calendar: Calendar) -> bool:
    days = [day for hours in calendar.hours.weeks for day in hours.week]
    return any(day and all(session.reception_only for session in day) for day in days)


@given(
    calendar=calendars.filter(lambda calendar: not has_days_for_reception_only(calendar)),
    received=moments,
    later=st.integers(0, 5_000),
    limit=limits,
)
def test_who_comes_later_is_never_due_earlier(
    calendar: Calendar, received: dt.datetime, later: int, limit: TimeLimit
) -> None:
    """But for a Saturday of reception: Friday night waits for Monday, Saturday morning does not."""
    after = received + dt.timedelta(minutes=later)

    assert due_at(calendar, received, limit) <= due_at(calendar, after, limit)


@given(calendar=calendars, received=moments, limit=limits)
def test_a_longer_limit_is_never_due_earlier(
    calendar: Calendar, received: dt.datetime, limit: TimeLimit
) -> None:
    longer = msgspec.structs.replace(limit, amount=limit.amount + 1)

    assert due_at(calendar, received, limit) <= due_at(calendar, received, longer)


def holiday(day: dt.date, decided: dt.date | None = None) -> CalendarDay:
    return CalendarDay(date=day, kind="holiday", name="mới", basis="mới", decided_on=decided)


@given(calendar=calendars, received=moments, limit=limits, day=dates)
@example(
    calendar=Calendar(),
    received=dt.datetime(2025, 3, 7, 20, tzinfo=VN),
    limit=TimeLimit(amount=1, unit=Unit.CLOCK_HOUR),
    day=dt.date(2025, 3, 10),
)
def test_a_new_holiday_never_makes_a_legal_due_earlier(
    calendar: Calendar, received: dt.datetime, limit: TimeLimit, day: dt.date
) -> None:
    others = tuple(row for row in calendar.days if row.date != day)
    after = msgspec.structs.replace(calendar, days=(*others, holiday(day)))

    assert due_at(calendar, received, limit) <= due_at(after, received, limit)


@given(dice=dice, day=dates)
def test_a_new_holiday_moves_no_promise_and_no_due_time_earlier(
    dice: random.Random, day: dt.date
) -> None:
    calendar = random_calendar(dice)
    history = random_history(dice, calendar)
    before = run(calendar, history, explain=False)
    assume(before.outcome is None)
    assert before.current_due is not None
    now = max(history[-1].at, dt.datetime.combine(FIRST + dt.timedelta(days=SPAN), dt.time(), VN))
    new = holiday(day, decided=now.date())
    changed = msgspec.structs.replace(calendar, days=(*calendar.days, new))

    after = run(changed, (*history, CalendarChanged(at=now)), explain=False)

    assert after.promise == before.promise
    assert after.current_due is not None
    assert after.current_due >= before.current_due


@given(dice=dice)
def test_hours_won_back_move_no_promise_earlier(dice: random.Random) -> None:
    calendar = random_calendar(dice)
    history = random_history(dice, calendar)
    promise = run(calendar, history, explain=False).promise
    opened = msgspec.structs.replace(calendar, closures=())
    printed = msgspec.structs.replace(_start(history), promise=promise)

    after = run(opened, (printed, *history[1:2]), explain=False)

    assert promise is not None
    assert after.promise == promise
    assert after.current_due is not None
    assert after.current_due >= promise


def _start(history: tuple[object, ...]) -> Started:
    start = history[0]
    assert isinstance(start, Started)
    return start


@given(dice=dice)
def test_a_due_time_in_force_never_becomes_earlier(dice: random.Random) -> None:
    calendar = random_calendar(dice)
    history = random_history(dice, calendar)
    seen = [
        run(calendar, history[:length], explain=False).current_due
        for length in range(1, len(history) + 1)
    ]

    assert seen == sorted(seen, key=lambda due: due or dt.datetime.min.replace(tzinfo=VN))


@given(dice=dice)
def test_lateness_is_never_undone(dice: random.Random) -> None:
    calendar = random_calendar(dice)
    history = random_history(dice, calendar)
    late = [
        run(calendar, history[:length], explain=False).late_latched
        for length in range(1, len(history) + 1)
    ]

    assert late == sorted(late)


@given(dice=dice)
def test_the_explanation_of_a_history_counts_the_limit_and_its_extensions(
    dice: random.Random,
) -> None:
    calendar = random_calendar(dice)
    history = random_history(dice, calendar)
    state = run(calendar, history)
    assert state.limit is not None
    extended = sum(
        event.limit.amount
        for event in history
        if isinstance(event, Extended) and event.limit is not None
    )

    notes = state.explanation
    base = [note for note in notes if note.why is not Why.EXTENDED]
    more = [note for note in notes if note.why is Why.EXTENDED]

    assert [note.date for note in notes] == sorted(note.date for note in notes)
    assert state.current_due is not None
    if notes[-1].why is Why.ENDED:
        assert state.finished_at is not None
        assert notes[-1].date == state.finished_at.date()
        assert sum(note.counted for note in notes) <= state.limit.amount + extended
        return
    assert round(sum(note.counted for note in base), 6) == state.limit.amount
    assert round(sum(note.counted for note in more), 6) == extended
    assert notes[-1].date == state.current_due.date()


@given(dice=dice)
def test_the_same_history_gives_the_same_state(dice: random.Random) -> None:
    calendar = random_calendar(dice)
    history = random_history(dice, calendar)

    assert run(calendar, history) == run(msgspec.structs.replace(calendar), history)
