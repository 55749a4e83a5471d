"""Early, on time, late: the groups of form II.06a (rules §4.7, §13.8, §13.16, §15.1)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain.calendar import VN
from motcua.domain.calendar_data import national_calendar
from motcua.domain.clock_events import ClockEvent, Started, Stopped
from motcua.domain.dossier import State
from motcua.domain.limit import parse_limit
from motcua.domain.report import (
    CLOSED_WITHOUT_RESULT,
    COLUMNS,
    FINISHED,
    Group,
    Period,
    PeriodError,
    Row,
    Standing,
    group,
    local_day,
    origin,
    percent_in_time,
    standing_at,
    tabulate,
    total,
)

MARCH = Period(dt.date(2018, 3, 1), dt.date(2018, 3, 31))
DAYS = st.dates(dt.date(2018, 2, 1), dt.date(2018, 4, 30))


def march(day: int) -> dt.date:
    return dt.date(2018, 3, day)


def standing(
    state: State = State.RESULT_READY,
    *,
    received: dt.date | None = march(5),  # noqa: B008 - a date never changes
    finished: dt.date | None = march(7),  # noqa: B008 - a date never changes
    due: dt.date | None = march(7),  # noqa: B008 - a date never changes
    channel: str = "counter",
    latched: bool = False,
    mistake: bool = False,
) -> Standing:
    return Standing(
        field="chung-thuc",
        channel=channel,
        state=state,
        received_on=received,
        finished_on=finished,
        due_on=due,
        latched=latched,
        mistake=mistake,
    )


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    state = draw(st.sampled_from(State))
    received = draw(DAYS) if state not in (State.DRAFT, State.SUBMITTED) else None
    later = st.integers(0, 60)
    finished = None
    if received is not None and state in FINISHED:
        finished = received + dt.timedelta(days=draw(later))
    return Standing(
        field=draw(st.sampled_from(["chung-thuc", "ho-tich"])),
        channel=draw(st.sampled_from(["counter", "online", "post"])),
        state=state,
        received_on=received,
        finished_on=finished,
        due_on=draw(st.none() | DAYS),
        latched=draw(st.booleans()),
        mistake=draw(st.booleans()),
    )


@pytest.mark.parametrize(
    ("due", "expected"),
    [(march(8), Group.EARLY), (march(7), Group.ON_TIME), (march(6), Group.LATE)],
)
def test_the_finishing_day_is_compared_with_the_due_day(due: dt.date, expected: Group) -> None:
    assert group(standing(due=due), MARCH) == expected


def test_a_returned_dossier_counts_by_the_day_its_result_was_ready() -> None:
    assert group(standing(State.RETURNED), MARCH) == Group.ON_TIME


@pytest.mark.parametrize("state", CLOSED_WITHOUT_RESULT)
def test_a_withdrawn_or_stopped_dossier_is_processed_on_time(state: State) -> None:
    assert group(standing(state, due=march(6), latched=True), MARCH) == Group.ON_TIME


def test_lateness_that_latched_is_not_undone_by_a_later_due_day() -> None:
    assert group(standing(due=march(20), latched=True), MARCH) == Group.LATE


def test_without_a_limit_a_dossier_is_neither_early_nor_on_time_nor_late() -> None:
    assert group(standing(due=None), MARCH) == Group.NO_LIMIT
    assert group(standing(State.WITHDRAWN, due=None), MARCH) == Group.NO_LIMIT
    running = standing(State.APPRAISING, finished=None, due=None)
    assert group(running, MARCH) == Group.RUNNING_NO_LIMIT


@pytest.mark.parametrize(
    ("due", "expected"),
    [(march(31), Group.RUNNING_IN_TIME), (march(30), Group.RUNNING_LATE)],
)
def test_in_process_the_due_day_is_compared_with_the_periods_end(
    due: dt.date, expected: Group
) -> None:
    assert group(standing(State.APPRAISING, finished=None, due=due), MARCH) == expected


@pytest.mark.parametrize("state", [State.SUPPLEMENT_REQUESTED, State.AWAITING_PAYMENT])
def test_who_waits_for_the_citizen_is_in_time_unless_it_was_late_before(state: State) -> None:
    waiting = standing(state, finished=None, due=march(6))
    late_before = standing(state, finished=None, due=march(6), latched=True)

    assert group(waiting, MARCH) == Group.RUNNING_IN_TIME
    assert group(late_before, MARCH) == Group.RUNNING_LATE


@pytest.mark.parametrize(
    "outside",
    [
        standing(mistake=True),
        standing(State.REFUSED, received=None, finished=None),
        standing(State.SUBMITTED, received=None, finished=None),
        standing(received=dt.date(2018, 4, 1), finished=None),
        standing(received=dt.date(2018, 2, 1), finished=dt.date(2018, 2, 28)),
    ],
)
def test_mistakes_refusals_and_other_periods_stand_outside(outside: Standing) -> None:
    assert group(outside, MARCH) == Group.OUTSIDE


def test_what_was_finished_after_the_period_still_runs_in_it() -> None:
    later = standing(finished=dt.date(2018, 4, 3), due=dt.date(2018, 4, 3))

    assert group(later, MARCH) == Group.RUNNING_IN_TIME


def test_the_origin_is_the_channel_unless_carried_over() -> None:
    assert origin(standing(channel="post"), MARCH) == "desk"
    assert origin(standing(channel="online"), MARCH) == "online"
    assert origin(standing(channel="online", received=dt.date(2018, 2, 28)), MARCH) == "carried"


@given(st.lists(standings(), max_size=40), DAYS, st.integers(0, 40))
def test_received_equals_carried_and_new_equals_processed_and_running(
    dossiers: list[Standing], first: dt.date, length: int
) -> None:
    period = Period(first, first + dt.timedelta(days=length))

    rows = tabulate(dossiers, period)

    counted = sum(group(each, period) is not Group.OUTSIDE for each in dossiers)
    assert total(rows).c3 == counted
    for row in (*rows, total(rows)):
        assert row.c3 == row.c4 + row.c5 + row.c6 == row.c7 + row.c11
        assert row.c7 == row.c8 + row.c9 + row.c10 + row.no_limit
        assert row.c11 == row.c12 + row.c13 + row.running_no_limit


@given(standings(), DAYS, st.integers(1, 30))
def test_a_dossier_is_processed_in_one_of_two_periods_that_follow_each_other(
    dossier: Standing, first: dt.date, length: int
) -> None:
    """What still runs at the end of one period is carried over into the next."""
    middle = first + dt.timedelta(days=length)
    before = Period(first, middle)
    after = Period(middle + dt.timedelta(days=1), middle + dt.timedelta(days=length))
    running = {Group.RUNNING_IN_TIME, Group.RUNNING_LATE, Group.RUNNING_NO_LIMIT}

    carried = group(dossier, before) in running

    if carried:
        assert group(dossier, after) is not Group.OUTSIDE
        assert origin(dossier, after) == "carried"


def test_the_lines_of_the_form_are_sorted_and_added() -> None:
    rows = tabulate([standing(), standing(due=march(6)), standing(mistake=True)], MARCH)

    assert [row.field for row in rows] == ["chung-thuc"]
    assert (rows[0].c3, rows[0].c9, rows[0].c10) == (2, 1, 1)
    assert total(rows, "all") == rows[0].plus(Row(field="none"), "all")
    assert COLUMNS[0] == "c3"
    assert COLUMNS[-1] == "c13"


def test_a_period_is_whole_days_of_vietnam() -> None:
    assert MARCH.begin == dt.datetime(2018, 3, 1, tzinfo=VN)
    assert MARCH.end == dt.datetime(2018, 4, 1, tzinfo=VN)
    assert local_day(dt.datetime(2018, 3, 31, 17, 0, tzinfo=dt.UTC)) == dt.date(2018, 4, 1)


def test_whole_months_count_as_whole() -> None:
    assert Period(dt.date(2018, 2, 1), dt.date(2018, 7, 31)).months == 6
    assert Period(dt.date(2018, 3, 1), dt.date(2018, 3, 15)).months == 0.5


@pytest.mark.parametrize("day", [1, 15, 31])
def test_a_single_day_is_a_thirtieth_of_a_month(day: int) -> None:
    assert Period(march(day), march(day)).months == 1 / 30


def test_a_period_that_begins_within_a_month_is_counted_in_days() -> None:
    assert Period(dt.date(2018, 1, 31), dt.date(2018, 2, 28)).months == 29 / 30


@given(start=st.dates(Period.EARLIEST, Period.LATEST), length=st.integers(0, 4000))
def test_every_period_lasts_some_time(start: dt.date, length: int) -> None:
    last = min(start + dt.timedelta(days=length), Period.LATEST)

    assert Period(start, last).months > 0


@pytest.mark.parametrize(
    ("first", "last"),
    [(dt.date(2026, 1, 1), dt.date.max), (dt.date.min, dt.date(2026, 1, 1))],
)
def test_a_period_lies_in_years_that_dossiers_can_have(first: dt.date, last: dt.date) -> None:
    with pytest.raises(PeriodError):
        Period(first, last)


def test_a_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(PeriodError):
        Period(march(2), march(1))


AT = dt.datetime(2018, 3, 28, 9, 0, tzinfo=VN)
HISTORY = [
    (AT, State.RECEIVED),
    (AT, State.APPRAISING),
    (dt.datetime(2018, 4, 3, 9, 0, tzinfo=VN), State.RESULT_READY),
    (dt.datetime(2018, 4, 3, 10, 0, tzinfo=VN), State.RETURNED),
]
CLOCK: list[ClockEvent] = [Started(at=AT, limit=parse_limit("3 wd")), Stopped(at=HISTORY[2][0])]


def at_end_of(period: Period) -> Standing:
    return standing_at(
        period,
        field="ho-tich",
        channel="counter",
        mistake=False,
        steps=HISTORY,
        clock=CLOCK,
        calendar=national_calendar(),
    )


def test_a_dossier_is_seen_as_it_stood_when_the_period_ended() -> None:
    then = at_end_of(MARCH)

    assert then.state is State.APPRAISING
    assert then.finished_on is None
    assert then.due_on == dt.date(2018, 4, 2)
    assert group(then, MARCH) == Group.RUNNING_IN_TIME


def test_seen_a_week_later_it_was_late() -> None:
    april = Period(dt.date(2018, 4, 1), dt.date(2018, 4, 7))

    now = at_end_of(april)

    assert (now.state, now.finished_on) == (State.RETURNED, dt.date(2018, 4, 3))
    assert group(now, april) == Group.LATE


def test_before_its_first_act_a_dossier_was_not_there() -> None:
    february = Period(dt.date(2018, 2, 1), dt.date(2018, 2, 28))

    assert at_end_of(february).state is State.DRAFT
    assert group(at_end_of(february), february) == Group.OUTSIDE


@given(in_time=st.integers(0, 10**6), late=st.integers(0, 10**6), overdue=st.integers(0, 9))
def test_a_share_is_a_hundred_percent_only_if_all_was_in_time(
    in_time: int, late: int, overdue: int
) -> None:
    share = percent_in_time(in_time, late, overdue)

    assert (share == 100) == (in_time > 0 and late + overdue == 0)
    assert (share is None) == (in_time + late + overdue == 0)


def test_a_period_has_its_first_and_its_last_day() -> None:
    inside = [dt.date(2018, 3, 1), dt.date(2018, 3, 31)]
    outside = [dt.date(2018, 2, 28), dt.date(2018, 4, 1)]

    assert [day in MARCH for day in inside + outside] == [True, True, False, False]
