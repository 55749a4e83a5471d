"""The calendar that ships, against the law and against the package ``holidays``."""

import datetime as dt
import itertools
from collections import Counter

import holidays
import pytest

from motcua.domain.calendar import CalendarDay
from motcua.domain.calendar_data import decode_calendar, national_calendar, national_days
from motcua.domain.deadline_errors import CalendarFileError

YEARS = range(2018, 2031)
DAY = dt.timedelta(days=1)
ROWS = {row.date: row for row in national_days()}


def named(year: int, name: str) -> list[dt.date]:
    return [row.date for row in ROWS.values() if row.date.year == year and row.name == name]


def test_there_are_the_rows_of_thirteen_years() -> None:
    kinds = Counter(row.kind for row in national_days())

    assert len(national_days()) == len(ROWS) == 192
    assert sum(row.provisional for row in ROWS.values()) == 33
    assert kinds["swap_off"] == kinds["swap_work"]
    assert list(ROWS) == sorted(ROWS)
    assert national_calendar().covers == (dt.date(2018, 1, 1), dt.date(2030, 12, 31))
    assert national_calendar() is national_calendar()


def test_every_row_names_its_basis_and_when_it_was_decided() -> None:
    for row in ROWS.values():
        assert row.basis
        assert row.name
        assert row.provisional == (row.decided_on is None)
        assert row.decided_on is None or row.decided_on <= row.date
        assert row.date.year > 2026 or not row.provisional


@pytest.mark.parametrize("year", YEARS)
def test_the_fixed_holidays_of_the_labour_code_are_there_and_decided(year: int) -> None:
    """Labour Code art. 112; 24 November by Resolution 28/2026/QH16, from 2026."""
    fixed = [(1, 1), (4, 30), (5, 1), (9, 2)] + [(11, 24)] * (year >= 2026)

    for month, day in fixed:
        row = ROWS[dt.date(year, month, day)]
        assert (row.kind, row.provisional) == ("holiday", False)
    assert year >= 2026 or dt.date(year, 11, 24) not in ROWS


@pytest.mark.parametrize("year", YEARS)
def test_each_year_has_as_many_legal_days_as_the_law_gives(year: int) -> None:
    """Ten under the Code of 2012, eleven from 2021 (two for National Day), twelve from 2026."""
    legal = [row for row in ROWS.values() if row.date.year == year and row.kind == "holiday"]
    national = dt.date(year, 9, 2)
    second = named(year, "Quốc khánh (ngày thứ hai)")

    assert len(legal) == 10 + (year >= 2021) + (year >= 2026)
    assert len(second) == (year >= 2021)
    assert all(abs(day - national) == DAY for day in second)


@pytest.mark.parametrize("year", YEARS)
def test_tet_is_five_days_in_a_row(year: int) -> None:
    tet = named(year, "Tết Âm lịch")

    assert [after - before for before, after in itertools.pairwise(tet)] == [DAY] * 4


def test_each_holiday_on_a_day_off_has_one_substitute() -> None:
    """Labour Code art. 111 §3: the next working day is off."""
    on_days_off = [
        row.date for row in ROWS.values() if row.kind == "holiday" and row.date.weekday() >= 5
    ]
    substitutes = [row for row in ROWS.values() if row.kind == "substitute"]

    assert sorted(row.replaces or row.date for row in substitutes) == sorted(on_days_off)
    for row in substitutes:
        assert row.replaces is not None
        assert row.replaces < row.date
        assert row.date.weekday() < 5
        between = (row.replaces + DAY * n for n in range(1, (row.date - row.replaces).days))
        assert all(day.weekday() >= 5 or day in ROWS for day in between)


def test_24_november_2029_is_a_saturday_and_the_monday_is_off() -> None:
    assert ROWS[dt.date(2029, 11, 26)].replaces == dt.date(2029, 11, 24)
    assert not national_calendar().is_working_day(dt.date(2029, 11, 26))


def test_swaps_come_in_pairs_decided_together() -> None:
    swaps = [row for row in ROWS.values() if row.kind.startswith("swap")]

    for row in swaps:
        assert row.pair is not None
        other = ROWS[row.pair]
        assert {row.kind, other.kind} == {"swap_off", "swap_work"}
        assert (other.pair, other.decided_on) == (row.date, row.decided_on)
        assert (row.date.weekday() == 5) == (row.kind == "swap_work")
        assert row.date.weekday() < 6


def test_2026_is_the_year_of_the_published_letters() -> None:
    """Letters 9859/VPCP-KGVX and 12729/VPCP-KGVX."""
    off = [
        row.date.isoformat()[5:]
        for row in ROWS.values()
        if row.date.year == 2026 and row.kind != "swap_work" and row.date.weekday() < 5
    ]
    worked = [row.date.isoformat()[5:] for row in ROWS.values() if row.kind == "swap_work"][-2:]

    assert off == [
        *("01-01", "01-02", "02-16", "02-17", "02-18", "02-19", "02-20"),
        *("04-27", "04-30", "05-01", "08-31", "09-01", "09-02", "11-24"),
    ]
    assert worked == ["01-10", "08-22"]


DIFFERENCES = {
    # The package does not know that this Sunday was one of the five days of Tết 2019.
    dt.date(2019, 2, 3): "ours",
    # It adds Saturdays as a fourth day of Tết; nobody works on them anyway.
    dt.date(2025, 2, 1): "theirs",
    dt.date(2028, 1, 29): "theirs",
    # The swap decided on 25 December 2025 came too late for it.
    dt.date(2026, 1, 2): "ours",
    # 2 September 2029 is a Sunday: which day beside it is off is not decided.
    dt.date(2029, 9, 1): "ours",
}
"""Why the package could not replace the file; it also lists no swapped working Saturday."""


def test_the_package_holidays_differs_only_where_we_know_why() -> None:
    ours = {row.date for row in ROWS.values() if row.kind != "swap_work"}
    theirs = set(holidays.country_holidays("VN", years=YEARS))

    found = dict.fromkeys(ours - theirs, "ours") | dict.fromkeys(theirs - ours, "theirs")

    assert found == DIFFERENCES


def test_a_working_day_of_ours_is_off_in_the_package_only_where_we_know_why() -> None:
    theirs = holidays.country_holidays("VN", years=YEARS)
    calendar = national_calendar()
    first, last = dt.date(2018, 1, 1), dt.date(2030, 12, 31)
    days = [first + DAY * n for n in range((last - first).days + 1)]

    differ = {
        day
        for day in days
        if calendar.is_working_day(day) != (day.weekday() < 5 and day not in theirs)
    }

    worked = {row.date for row in ROWS.values() if row.kind == "swap_work"}
    assert differ == worked | {dt.date(2026, 1, 2)}


ROW = b"""
schema = 1
country = "VN"
scope = "national"
as_of = "2026-11-23"
[[day]]
date = 2026-01-01
kind = "holiday"
name = "T\xe1\xba\xbft"
basis = "lu\xe1\xba\xadt"
decided_on = 2019-11-20
decided_confidence = "verified"
provisional = false
confidence = "verified"
"""


def test_a_calendar_file_is_read() -> None:
    assert decode_calendar(ROW, "x.toml") == (
        CalendarDay(
            date=dt.date(2026, 1, 1),
            kind="holiday",
            name="Tết",
            basis="luật",
            decided_on=dt.date(2019, 11, 20),
        ),
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"schema = ", "Invalid value"),
        (b"\xff", "utf-8"),
        (ROW.replace(b"schema = 1", b"schema = 2"), "`$.schema`"),
        (ROW.replace(b'"holiday"', b'"feast"'), "`$.day[0].kind`"),
        (ROW.replace(b"basis", b"bases"), "$.day[0]"),
        (ROW + b"until = 2026-01-02\n", "until"),
    ],
)
def test_a_wrong_calendar_file_is_refused_with_its_name_and_place(
    source: bytes, words: str
) -> None:
    with pytest.raises(CalendarFileError) as caught:
        decode_calendar(source, "x.toml")

    assert caught.value.fields["file"] == "x.toml"
    assert words in caught.value.fields["problem"]
