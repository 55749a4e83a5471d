"""Months and quarters, by the calendar and as reports count them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain.period import Chosen, chosen
from motcua.domain.report import Period

TODAY = dt.date(2026, 11, 26)
periods = st.builds(
    lambda year, quarter, months, reporting: Chosen(
        year=year, month=quarter * 3, months=months, reporting=reporting
    ),
    st.integers(2001, 2190),
    st.integers(1, 4),
    st.sampled_from([1, 3]),
    st.booleans(),
)


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("2026-11", (2026, 11, 1), (2026, 11, 30)),
        ("2026-q1", (2026, 1, 1), (2026, 3, 31)),
        ("2026-12", (2026, 12, 1), (2026, 12, 31)),
        ("2026-11-bc", (2026, 10, 15), (2026, 11, 14)),
        ("2026-01-bc", (2025, 12, 15), (2026, 1, 14)),
        ("2026-q1-bc", (2025, 12, 15), (2026, 3, 14)),
    ],
)
def test_a_word_names_its_days(
    word: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    assert chosen(word, TODAY).days == Period(dt.date(*first), dt.date(*last))


@pytest.mark.parametrize("word", ["", "2026-13", "2026-q5", "x", "1999-01"])
def test_what_names_no_period_is_this_month(word: str) -> None:
    assert chosen(word, TODAY).word == "2026-11"


@given(periods)
def test_a_period_reads_back_as_itself(period: Chosen) -> None:
    assert chosen(period.word, TODAY) == period


@given(periods, st.integers(-30, 30))
def test_periods_follow_one_another_without_a_gap(period: Chosen, by: int) -> None:
    assert period.moved(1).days.first == period.days.last + dt.timedelta(days=1)
    assert period.moved(by).moved(-by) == period


def test_a_month_stands_in_its_quarter() -> None:
    month = chosen("2026-11", TODAY)

    assert month.as_months(3).word == "2026-q4"
    assert month.as_months(3).as_months(1).word == "2026-12"
