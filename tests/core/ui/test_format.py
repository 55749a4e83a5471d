"""Vietnamese ways of writing dates, times, money and shares."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain.calendar import VN
from motcua.ui import format as shown

MOMENT = dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.UTC)


def test_a_moment_is_shown_on_a_vietnamese_clock() -> None:
    assert shown.moment(MOMENT) == "25/11/2026 17:00"
    assert shown.iso_moment(MOMENT) == "2026-11-25T17:00+07:00"
    assert shown.long_date(MOMENT) == "thứ Tư 25/11/2026"


def test_a_moment_late_in_the_utc_day_belongs_to_the_next_vietnamese_day() -> None:
    late = dt.datetime(2026, 11, 22, 18, 30, tzinfo=dt.UTC)

    assert shown.date(late) == "23/11/2026"
    assert shown.short_weekday(late) == "T2"


def test_sunday_has_its_own_name() -> None:
    assert shown.weekday(dt.date(2026, 11, 22)) == "Chủ nhật"
    assert shown.short_weekday(dt.date(2026, 11, 22)) == "CN"


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (999, "999"), (2000, "2.000"), (29494, "29.494")]
)
def test_thousands_are_divided_by_points(value: int, words: str) -> None:
    assert shown.number(value) == words


def test_money_and_percent_keep_their_sign_on_the_line() -> None:
    assert shown.money(2000) == "2.000\u00a0đ"
    assert shown.percent(99.26) == "99,3\u00a0%"
    assert shown.percent(None) == "–"


def test_decimals_use_a_comma() -> None:
    assert shown.decimal(258.7) == "258,7"
    assert shown.decimal(1234.56, 2) == "1.234,56"
    assert shown.decimal(3.0, 0) == "3"


def test_a_telephone_number_becomes_a_link() -> None:
    assert shown.phone_link("1900 0000") == "tel:19000000"
    assert shown.phone_link("+84 (222) 123") == "tel:+84222123"


@given(st.datetimes(timezones=st.just(VN)))
def test_every_date_reads_back_as_itself(moment: dt.datetime) -> None:
    day, month, year = shown.date(moment).split("/")

    assert dt.date(int(year), int(month), int(day)) == moment.date()


def test_the_symbols_of_a_page_are_named_once() -> None:
    markup = '<use href="#i-next"/><use href="#i-next"/><use href="#s-late"/><a href="#help">'

    assert shown.symbols(markup) == ["i-next", "s-late"]
