"""Answers held against a form: every fault at once, clean values otherwise."""

import datetime as dt
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain.answers import (
    Answers,
    answer_doubts,
    check_answers,
    checked_person,
    still_asked,
)
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
from motcua.testing.procedures import small_procedure

TODAY = dt.date(2026, 11, 23)
ANNA = {"name": "Nguyễn Thị An", "id_number": "027190000001"}


def check(
    *fields: Field, applicant: dict[str, Any] | None = None, **answers: Any
) -> tuple[Answers, list[tuple[str, str]]]:
    """Clean answers, and faults as (field, code)."""
    definition = small_procedure(form_fields=fields)
    clean, faults = check_answers(definition, answers, applicant=applicant, today=TODAY)
    return clean, [(fault.field, fault.fault) for fault in faults]


def faults(*fields: Field, **answers: Any) -> list[tuple[str, str]]:
    return check(*fields, **answers)[1]


def test_all_faults_of_a_form_come_at_once() -> None:
    found = faults(
        TextField(id="title", label="Tên", required=True),
        IntegerField(id="copies", label="Số bản", required=True),
        EnumField(id="way", label="Cách nhận", options=("trực tiếp", "bưu chính")),
        DateField(id="day", label="Ngày"),
        PersonField(id="owner", label="Chủ"),
        copies="ba",
        way="đường biển",
        day="2026-02-30",
        owner={"name": "An", "id_number": "0271900000012"},
        colour="xanh",
    )

    assert found == [
        ("title", "field.missing"),
        ("copies", "field.type"),
        ("way", "field.option"),
        ("day", "field.date"),
        ("owner.id_number", "field.id-number"),
        ("colour", "field.surplus"),
    ]


def test_the_requester_is_filled_from_the_applicant() -> None:
    clean, found = check(
        PersonField(id="requester", label="Người yêu cầu", required=True), applicant=ANNA
    )

    assert found == []
    assert clean["requester"] == ANNA


def test_the_answers_may_add_to_the_requester_but_not_rename_them() -> None:
    clean, found = check(
        PersonField(id="requester", label="Người yêu cầu", required=True),
        applicant=ANNA,
        requester={"name": "Ai khác", "birth": "1990-05-02"},
    )

    assert found == []
    assert clean["requester"] == {**ANNA, "birth": "1990-05-02"}


def test_a_faulty_applicant_is_reported_once_and_under_its_own_name() -> None:
    requester = PersonField(id="requester", label="Người yêu cầu", required=True)

    _, found = check(requester, applicant={"id_number": "123", "shoe": 42})

    assert found == [
        ("applicant.shoe", "field.surplus"),
        ("applicant.name", "field.missing"),
        ("applicant.id_number", "field.id-number"),
    ]


def test_a_form_without_a_requester_drops_the_one_that_is_sent() -> None:
    clean, found = check(
        PersonField(id="testator", label="Người lập di chúc", required=True),
        applicant=ANNA,
        testator=ANNA,
        requester=ANNA,
    )

    assert found == []
    assert clean == {"testator": ANNA}


def test_without_an_applicant_the_requester_is_asked_like_anybody() -> None:
    requester = PersonField(id="requester", label="Người yêu cầu", required=True)

    assert faults(requester) == [("requester", "field.missing")]
    assert faults(requester, requester=ANNA) == []


def test_a_procedure_without_a_form_asks_who_what_and_which_papers() -> None:
    definition = small_procedure(form_fields=())

    clean, found = check_answers(
        definition,
        {"request": "Xin xác nhận", "documents": ["don.pdf"]},
        applicant=ANNA,
        today=TODAY,
    )

    assert found == []
    assert clean == {"requester": ANNA, "request": "Xin xác nhận", "documents": ["don.pdf"]}


class TestConditions:
    way = EnumField(id="way", label="Cách nhận", required=True, options=("tại quầy", "bưu chính"))
    place = AddressField(
        id="place",
        label="Nơi nhận",
        required=True,
        when=Condition(field="way", equals="bưu chính"),
    )

    def test_a_field_is_asked_only_if_its_condition_holds(self) -> None:
        assert faults(self.way, self.place, way="tại quầy") == []
        assert faults(self.way, self.place, way="bưu chính") == [("place", "field.missing")]

    def test_an_answer_to_a_field_that_is_not_asked_is_dropped(self) -> None:
        clean, found = check(self.way, self.place, way="tại quầy", place="Số 1")

        assert found == []
        assert clean == {"way": "tại quầy"}

    @pytest.mark.parametrize(
        ("condition", "answer", "asked"),
        [
            (Condition(field="n", among=(1, 2)), 2, True),
            (Condition(field="n", among=(1, 2)), 3, False),
            (Condition(field="n", present=True), 1, True),
            (Condition(field="n", present=True), None, False),
            (Condition(field="n", present=False), None, True),
            (Condition(field="n", present=False), 1, False),
        ],
    )
    def test_is_in_and_present(self, condition: Condition, answer: int | None, asked: bool) -> None:
        number = IntegerField(id="n", label="n")
        more = TextField(id="more", label="Thêm", required=True, when=condition)

        assert bool(faults(number, more, n=answer)) is asked


class TestRepeats:
    heirs = PersonField(id="heirs", label="Người thừa kế", repeat=Repeat(min=2, max=3))

    def test_each_row_is_checked_and_named(self) -> None:
        assert faults(self.heirs, heirs=[ANNA, {"name": "B", "birth": "hôm qua"}]) == [
            ("heirs[1].birth", "field.date")
        ]

    def test_too_few_and_too_many(self) -> None:
        assert faults(self.heirs, heirs=[ANNA]) == [("heirs", "field.too-few")]
        assert faults(self.heirs, heirs=[ANNA] * 4) == [("heirs", "field.too-many")]

    def test_a_single_answer_counts_as_a_list_of_one(self) -> None:
        clean, found = check(
            PersonField(id="parties", label="Các bên", repeat=Repeat()), parties=ANNA
        )

        assert found == []
        assert clean["parties"] == [ANNA]

    def test_a_group_is_checked_field_by_field(self) -> None:
        rows = GroupField(
            id="rows",
            label="Kê khai",
            repeat=Repeat(),
            fields=(
                TextField(id="what", label="Tài sản", required=True),
                MoneyField(id="worth", label="Giá trị"),
            ),
        )

        assert faults(rows, rows=[{"what": "Xe", "worth": 5}, {"worth": -1, "x": 1}, "Nhà"]) == [
            ("rows[1].what", "field.missing"),
            ("rows[1].worth", "field.too-small"),
            ("rows[1].x", "field.surplus"),
            ("rows[2]", "field.type"),
        ]


def test_computed_fields_are_neither_asked_nor_taken() -> None:
    total = MoneyField(id="fee_total", label="Tổng phí", required=True, computed=True)

    clean, found = check(total, fee_total=1)

    assert found == []
    assert clean == {}


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("027190000001", None),
        ("0271900000012", "field.id-number"),
        ("02719000000", "field.id-number"),
        ("02719000000a", "field.id-number"),
        ("٠٢٧١٩٠٠٠٠٠٠١", "field.id-number"),
    ],
)
def test_an_identification_number_has_twelve_digits(value: str, fault: str | None) -> None:
    # Rules 7.4: only length and characters are errors.
    found = faults(PersonField(id="owner", label="Chủ"), owner={"name": "An", "id_number": value})

    assert found == ([("owner.id_number", fault)] if fault else [])


@pytest.mark.parametrize(
    ("birth", "fault"),
    [
        ("1947", None),
        ("1947-03-09", None),
        ("2027", "field.future"),
        ("2026-11-24", "field.future"),
        ("47", "field.date"),
        ("1700-01-01", "field.date"),
        (1947, "field.date"),
    ],
)
def test_a_person_may_know_only_the_year_of_birth(birth: Any, fault: str | None) -> None:
    found = faults(PersonField(id="owner", label="Chủ"), owner={"name": "An", "birth": birth})

    assert found == ([("owner.birth", fault)] if fault else [])


@pytest.mark.parametrize("value", [{"name": "Số 1"}, 5, {"line": ""}])
def test_an_address_is_a_line_or_a_line_with_codes(value: Any) -> None:
    address = AddressField(id="home", label="Nơi cư trú")

    assert faults(address, home="Số 1 phố Huyền Quang") == []
    assert faults(address, home={"line": "Số 1", "commune": "09190"}) == []
    assert faults(address, home=value) != []


def test_a_person_has_an_address_of_either_kind() -> None:
    clean, found = check(
        PersonField(id="owner", label="Chủ"),
        owner={"name": "An", "address": {"line": "Số 1", "province": "24"}},
    )

    assert found == []
    assert clean["owner"]["address"] == {"line": "Số 1", "province": "24"}


def test_a_file_is_its_name_or_its_name_and_id() -> None:
    draft = FileField(id="draft", label="Dự thảo")

    assert faults(draft, draft="du-thao.pdf") == []
    assert faults(draft, draft={"name": "du-thao.pdf", "id": "0197"}) == []
    assert faults(draft, draft={"path": "/etc/passwd"}) == [("draft.path", "field.surplus")]
    assert faults(draft, draft=7) == [("draft", "field.type")]


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        (TextField(id="f", label="f", max_length=3), "abcd", "field.too-long"),
        (TextField(id="f", label="f", pattern="[0-9]+"), "ab", "field.pattern"),
        (TextField(id="f", label="f"), "a\x00b", "field.characters"),
        (TextField(id="f", label="f"), "a\x9bb", "field.characters"),
        (TextField(id="f", label="f", required=True), "\u200b\u202e ", "field.missing"),
        (TextField(id="f", label="f"), 5, "field.type"),
        (IntegerField(id="f", label="f", max=10), 11, "field.too-large"),
        (IntegerField(id="f", label="f"), True, "field.type"),
        (IntegerField(id="f", label="f"), 1.5, "field.type"),
        (BooleanField(id="f", label="f"), "có", "field.type"),
        (DateField(id="f", label="f", past=True), "2026-11-24", "field.future"),
        (DateField(id="f", label="f"), 20261123, "field.date"),
        (EnumField(id="f", label="f", options=("a",)), 1, "field.type"),
        (PersonField(id="f", label="f"), "An", "field.type"),
    ],
)
def test_wrong_values_are_named(field: Field, value: Any, fault: str) -> None:
    assert faults(field, f=value) == [("f", fault)]


@pytest.mark.parametrize("value", [None, "", "   ", [], {}])
def test_blanks_are_no_answer(value: Any) -> None:
    assert faults(TextField(id="f", label="f", required=True), f=value) == [("f", "field.missing")]


def test_false_is_an_answer() -> None:
    assert faults(BooleanField(id="f", label="f", required=True), f=False) == []


@given(st.text(max_size=200))
def test_a_clean_text_is_normal_and_safe_to_store(text: str) -> None:
    clean, found = check(TextField(id="f", label="f"), f=text)

    if "f" in clean and not found:
        assert unicodedata.is_normalized("NFC", clean["f"])
        assert "\x00" not in clean["f"]
        assert clean["f"] == clean["f"].strip()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
kinds: list[Field] = [
    TextField(id="f", label="f"),
    IntegerField(id="f", label="f"),
    BooleanField(id="f", label="f"),
    DateField(id="f", label="f", past=True),
    PersonField(id="f", label="f"),
    AddressField(id="f", label="f"),
    EnumField(id="f", label="f", options=("a", "b")),
    FileField(id="f", label="f"),
    GroupField(id="f", label="f", fields=(TextField(id="g", label="g", required=True),)),
]


@given(field=st.sampled_from(kinds), value=json_values)
def test_no_json_value_breaks_the_check_and_clean_answers_stay_clean(
    field: Field, value: Any
) -> None:
    clean, found = check(field, f=value)

    if not found:
        assert check(field, **clean) == (clean, [])


def test_answers_are_read_by_type() -> None:
    answers = Answers(
        flag=True, n=3, title="Giấy", day="2026-11-23", one=ANNA, many=[ANNA, {"name": "B"}]
    )

    assert (answers.flag("flag"), answers.flag("n"), answers.flag("none")) == (True, False, False)
    assert (answers.integer("n"), answers.integer("flag"), answers.integer("none")) == (3, 0, 0)
    assert (answers.text("title"), answers.text("n")) == ("Giấy", "")
    assert (answers.date("day"), answers.date("none")) == (TODAY, None)
    assert [person.name for person in answers.people("many")] == ["Nguyễn Thị An", "B"]
    assert [person.name for person in answers.people("one")] == ["Nguyễn Thị An"]
    assert answers.people("none") == []


def test_doubts_about_an_identification_number_are_shown_but_refuse_nothing() -> None:
    # Rules 7.4: digit 4 is century and sex, digits 5-6 the birth year: warnings only.
    fields = (PersonField(id="owner", label="Chủ"), TextField(id="note", label="Ghi chú"))
    man = {"name": "An", "id_number": "027190000001", "birth": "1991", "sex": "Nam"}

    clean, found = check(*fields, owner=man)
    doubts = answer_doubts(small_procedure(form_fields=fields), clean)

    assert found == []
    assert [(doubt.field, doubt.fault) for doubt in doubts] == [
        ("owner.id_number", "field.id-number-birth"),
        ("owner.id_number", "field.id-number-sex"),
    ]


def test_without_a_number_there_is_no_doubt() -> None:
    fields = (PersonField(id="owner", label="Chủ"),)

    assert answer_doubts(small_procedure(form_fields=fields), Answers(owner={"name": "An"})) == []


def test_answers_to_an_earlier_form_lose_what_is_not_asked_any_more() -> None:
    fields = (
        TextField(id="name", label="Tên"),
        GroupField(id="row", label="Dòng", repeat=Repeat(), fields=(TextField(id="a", label="A"),)),
        GroupField(id="one", label="Một", fields=(TextField(id="a", label="A"),)),
        GroupField(id="odd", label="Lạ", fields=(TextField(id="a", label="A"),)),
    )
    given = {
        "name": "An",
        "gone": "x",
        "row": [{"a": "1", "b": "2"}, {"b": "3"}],
        "one": {"a": "1", "b": "2"},
        "odd": "x",
    }

    assert still_asked(fields, given) == {
        "name": "An",
        "row": [{"a": "1"}, {}],
        "one": {"a": "1"},
        "odd": "x",
    }


def test_what_is_left_empty_may_say_what_another_answer_says() -> None:
    kind = EnumField(id="kind", label="Loại giấy tờ", options=("bằng", "hộ khẩu"))
    title = TextField(id="title", label="Tên giấy tờ", same_as="kind", required=True)

    assert check(kind, title, kind="bằng")[0]["title"] == "bằng"
    assert check(kind, title, kind="bằng", title="Bằng lái")[0]["title"] == "Bằng lái"
    assert faults(kind, title) == [("title", "field.missing")]


def test_a_person_no_form_asks_for_is_kept_as_a_form_would_keep_them() -> None:
    typed = {"name": unicodedata.normalize("NFD", " Nguyễn Thị An ")}

    assert checked_person(typed, dt.date(2026, 11, 26)) == {"name": "Nguyễn Thị An"}
