"""What is typed at the counter, read as what it means."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain.calendar import VN
from motcua.domain.form import (
    AddressField,
    BooleanField,
    Condition,
    DateField,
    EnumField,
    Field,
    FileField,
    GroupField,
    IntegerField,
    MoneyField,
    PersonField,
    Repeat,
    TextField,
)
from motcua.web.forms.fields import FormWriter, walk
from motcua.web.forms.typed import answers, date, lines, moment, number, without

FORM: tuple[Field, ...] = (
    TextField(id="title", label="Tên"),
    IntegerField(id="pages", label="Trang"),
    MoneyField(id="price", label="Giá"),
    BooleanField(id="urgent", label="Gấp"),
    BooleanField(id="agreed", label="Đồng ý", required=True),
    DateField(id="since", label="Từ ngày"),
    AddressField(id="place", label="Nơi"),
    EnumField(id="way", label="Cách", options=("quầy", "bưu chính")),
    FileField(id="proof", label="Giấy tờ"),
    FileField(id="papers", label="Giấy kèm", repeat=Repeat(min=1, max=50)),
    PersonField(id="mother", label="Mẹ"),
    PersonField(id="heirs", label="Người thừa kế", repeat=Repeat(min=1, max=3)),
    GroupField(
        id="things",
        label="Đồ vật",
        repeat=Repeat(min=0, max=5),
        fields=(TextField(id="name", label="Tên"), IntegerField(id="count", label="Số")),
    ),
    MoneyField(id="total", label="Tổng", computed=True),
)

TYPED = {
    "g0.title": " Sổ ",
    "g0.pages": "1.204",
    "g0.price": "2.000 đ",
    "g0.urgent": "1",
    "g0.agreed": "0",
    "g0.since": "3/9/1994",
    "g0.place": "Khu 5",
    "g0.way": "bưu chính",
    "g0.proof": "1",
    "g0.papers": "Giấy A\n\n Giấy B \n",
    "g0.mother.name": "Bà Mẹ",
    "g0.mother.birth": "1947",
    "g0.heirs#": "2",
    "g0.heirs[0].name": "Ông Một",
    "g0.heirs[0].birth": "1/2/1960",
    "g0.heirs[1].name": "",
    "g0.things#": "2",
    "g0.things[0].name": "Bàn",
    "g0.things[0].count": "hai",
    "g0.things[1].count": "3",
    "g0.total": "9",
    "g0.khac": "x",
}

MEANT: dict[str, Any] = {
    "title": "Sổ",
    "pages": 1204,
    "price": 2000,
    "urgent": True,
    "agreed": False,
    "since": "1994-09-03",
    "place": "Khu 5",
    "way": "bưu chính",
    "proof": "Giấy tờ",
    "papers": ["Giấy A", "Giấy B"],
    "mother": {"name": "Bà Mẹ", "birth": "1947"},
    "heirs": [{"name": "Ông Một", "birth": "1960-02-01"}],
    "things": [{"name": "Bàn", "count": "hai"}, {"count": 3}],
}


def test_every_kind_of_field_is_read_as_its_answer() -> None:
    assert answers(FORM, TYPED, "g0") == MEANT


def test_an_empty_form_answers_nothing() -> None:
    assert answers(FORM, {}, "g0") == {}


def test_the_form_shows_again_what_was_typed() -> None:
    drawn = {widget.name: widget for widget in walk(FormWriter(TYPED, {}).fields(FORM, "g0"))}

    for name, typed in TYPED.items():
        if name.endswith("#") or name in ("g0.total", "g0.khac"):
            continue
        assert drawn[name].value == typed


def test_a_repeated_field_offers_rows_within_its_bounds() -> None:
    (full,) = FormWriter({"g0.heirs#": "9"}, {}).fields(FORM[11:12], "g0")
    (empty,) = FormWriter({"g0.heirs#": "x"}, {}).fields(FORM[11:12], "g0")

    assert (len(full.parts), full.add) == (3, "")
    assert [part.remove for part in full.parts] == [f"bo:g0.heirs:{at}" for at in range(3)]
    assert (len(empty.parts), empty.add) == (1, "them:g0.heirs")
    assert empty.parts[0].remove == ""


@pytest.mark.parametrize(
    ("when", "words", "among"),
    [
        (Condition(field="way", equals="bưu chính"), "Chỉ khi Cách: bưu chính", ("bưu chính",)),
        (Condition(field="way", among=("a", "b")), "Chỉ khi Cách: a, b", ("a", "b")),
        (Condition(field="urgent", equals=True), "Chỉ khi Gấp: Có", ("1",)),
        (Condition(field="title", present=True), "Chỉ khi đã nhập Tên", ()),
        (Condition(field="title", present=False), "Chỉ khi không nhập Tên", ()),
    ],
)
def test_a_condition_is_told_in_words_and_to_scripts(
    when: Condition, words: str, among: tuple[str, ...]
) -> None:
    asked = TextField(id="more", label="Thêm", when=when)

    widget = FormWriter({}, {}).fields((*FORM, asked), "g0")[-1]

    assert (widget.only_if, widget.watch, widget.among) == (words, f"g0.{when.field}", among)


@given(st.integers(-(10**14), 10**14))
def test_a_number_is_read_with_and_without_dots(value: int) -> None:
    dotted = f"{value:,}".replace(",", ".")

    assert number(str(value)) == number(dotted) == number(f" {dotted} đ") == value


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_stays_as_it_is(text: str) -> None:
    assert isinstance(number(text), int) or number(text) == text


@given(st.dates(dt.date(1850, 1, 1), dt.date(2199, 12, 31)))
def test_a_day_is_read_as_vietnamese_people_write_it(day: dt.date) -> None:
    assert date(f"{day:%d/%m/%Y}") == date(f"{day.day}.{day.month}.{day.year}") == day.isoformat()


@pytest.mark.parametrize("text", ["31/2/2026", "hôm qua", "", "1947"])
def test_what_is_no_day_stays_as_it_is(text: str) -> None:
    assert date(text) == text


@pytest.mark.parametrize(
    ("day", "hour", "meant"),
    [
        ("1/12/2026", "", dt.datetime(2026, 12, 1, 17, 0, tzinfo=VN)),
        ("1/12/2026", "9h", dt.datetime(2026, 12, 1, 9, 0, tzinfo=VN)),
        ("1/12/2026", "16:30", dt.datetime(2026, 12, 1, 16, 30, tzinfo=VN)),
        ("1/12/2026", "25:00", "1/12/2026 25:00"),
        ("31/2/2026", "9:00", "31/2/2026 9:00"),
        ("", "9:00", ""),
        ("", "", ""),
    ],
)
def test_a_day_and_an_hour_make_a_moment(day: str, hour: str, meant: object) -> None:
    assert moment({"x-day": day, "x-hour": hour}, "x") == meant


def test_empty_lines_are_no_entries() -> None:
    assert lines(" a \r\n\r\n b\n") == ["a", "b"]


@given(st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=12), st.data())
def test_taking_out_a_row_moves_the_others_up(values: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(values) - 1))
    typed = {f"g{n}.x": value for n, value in enumerate(values)} | {"g": "y"}

    left = without(typed, lambda n: f"g{n}", at, len(values))

    rest = values[:at] + values[at + 1 :]
    assert left == {f"g{n}.x": value for n, value in enumerate(rest)} | {"g": "y"}
