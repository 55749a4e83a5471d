"""Time limits as values and as written text."""

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain.deadline_errors import (
    ConventionError,
    LimitAmountError,
    LimitSumError,
    LimitTextError,
)
from motcua.domain.limit import CONVENTIONS, TimeLimit, Unit, parse_limit


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("3 wd", 3, Unit.WORKING_DAY),
        ("8 wh", 8, Unit.WORKING_HOUR),
        ("7 cd", 7, Unit.CALENDAR_DAY),
        ("12 ch", 12, Unit.CLOCK_HOUR),
        ("12ch", 12, Unit.CLOCK_HOUR),
        ("same_day", 1, Unit.SAME_DAY),
        ("same_day + 2 wd", 3, Unit.SAME_DAY),
        ("same_day+2wd", 3, Unit.SAME_DAY),
    ],
)
def test_limits_are_read_as_they_are_written(text: str, amount: int, unit: Unit) -> None:
    limit = parse_limit(text)

    assert (limit.amount, limit.unit, limit.cutoff, limit.convention) == (amount, unit, None, None)


@given(amount=st.integers(1, 9_999), unit=st.sampled_from(Unit))
def test_a_limit_is_written_as_it_is_read(amount: int, unit: Unit) -> None:
    limit = TimeLimit(amount=amount, unit=unit)

    assert parse_limit(limit.short()) == limit


def test_the_written_forms() -> None:
    assert [parse_limit(text).short() for text in ("3wd", "same_day", "same_day+1wd")] == [
        "3 wd",
        "same_day",
        "same_day + 1 wd",
    ]


@pytest.mark.parametrize(
    "text", ["", "wd", "3", "3 days", "3  wd", "-3 wd", "3.5 wd", "3 WD", "same day", "same_day 2"]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(LimitTextError) as caught:
        parse_limit(text)

    assert caught.value.fields == {"text": text}


def test_a_limit_carries_its_cutoff_and_its_convention() -> None:
    limit = parse_limit("3 wd", dt.time(15), "H")

    assert (limit.cutoff, limit.convention, limit.counting) == (dt.time(15), "H", "H")


@pytest.mark.parametrize("amount", [0, -1, 10_000])
def test_an_amount_no_law_could_mean_is_refused(amount: int) -> None:
    with pytest.raises(LimitAmountError) as caught:
        TimeLimit(amount=amount, unit=Unit.WORKING_DAY)

    assert caught.value.fields == {"amount": amount, "unit": "working_day", "most": 9_999}


def test_each_unit_has_its_usual_convention() -> None:
    counting = {unit: TimeLimit(amount=1, unit=unit).counting for unit in Unit}

    assert counting == {
        Unit.WORKING_DAY: "E",
        Unit.CALENDAR_DAY: "E",
        Unit.SAME_DAY: "E",
        Unit.WORKING_HOUR: "H",
        Unit.CLOCK_HOUR: "H",
    }


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("convention", ["E", "H"])
def test_a_convention_is_taken_only_where_it_is_defined(unit: Unit, convention: str) -> None:
    written = {"amount": 1, "unit": unit.value, "convention": convention}

    if convention in CONVENTIONS[unit]:
        assert msgspec.convert(written, TimeLimit).counting == convention
    else:
        with pytest.raises(ConventionError) as caught:
            msgspec.convert(written, TimeLimit)
        assert caught.value.fields["unit"] == unit.value
        assert caught.value.fields["convention"] == convention
        assert caught.value.fields["allowed"] == CONVENTIONS[unit][0]


def test_same_day_work_is_cut_off_at_15_unless_it_says_otherwise() -> None:
    assert parse_limit("same_day").last_hour == dt.time(15)
    assert parse_limit("same_day", dt.time(16)).last_hour == dt.time(16)
    assert parse_limit("3 wd").last_hour is None
    assert parse_limit("3 wd", dt.time(16)).last_hour == dt.time(16)


def test_working_days_working_hours_and_days_after_same_day_add_up() -> None:
    assert parse_limit("3 wd").plus(parse_limit("5 wd")) == parse_limit("8 wd")
    assert parse_limit("3 wh").plus(parse_limit("5 wh")) == parse_limit("8 wh")
    assert parse_limit("3 wd").plus(2) == parse_limit("5 wd")
    assert parse_limit("3 wh").plus(2) == parse_limit("5 wh")
    assert parse_limit("same_day").plus(parse_limit("2 wd")) == parse_limit("same_day + 2 wd")
    assert parse_limit("same_day").plus(2) == parse_limit("same_day + 2 wd")


def test_a_sum_keeps_cutoff_and_convention_and_joins_the_grounds() -> None:
    three = TimeLimit(
        amount=3, unit=Unit.WORKING_DAY, cutoff=dt.time(15), convention="H", ground="Điều 1"
    )
    two = TimeLimit(amount=2, unit=Unit.WORKING_DAY, convention="H", ground="Điều 2")

    assert three.plus(two) == TimeLimit(
        amount=5,
        unit=Unit.WORKING_DAY,
        cutoff=dt.time(15),
        convention="H",
        ground="Điều 1; Điều 2",
    )
    assert three.plus(2).ground == "Điều 1"
    assert three.plus(two, ground="Điều 21").ground == "Điều 21"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("3 wd", "8 wh"),
        ("8 wh", "3 wd"),
        ("7 cd", "7 cd"),
        ("12 ch", "12 ch"),
        ("same_day", "same_day"),
        ("3 wd", "same_day"),
        ("3 wd", "7 cd"),
    ],
)
def test_a_sum_that_no_rule_defines_is_refused(first: str, second: str) -> None:
    with pytest.raises(LimitSumError) as caught:
        parse_limit(first).plus(parse_limit(second))

    assert caught.value.fields == {"first": first, "second": second}


def test_limits_of_two_conventions_do_not_add_up() -> None:
    with pytest.raises(LimitSumError):
        parse_limit("3 wd").plus(parse_limit("3 wd", None, "H"))


def test_days_of_the_limits_own_unit_may_be_added_as_a_number_only_where_sums_are_defined() -> None:
    with pytest.raises(LimitSumError):
        parse_limit("7 cd").plus(1)
