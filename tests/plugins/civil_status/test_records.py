"""Which records a finished dossier leaves, and how their numbers are read."""

import datetime as dt
import uuid
from typing import Any

import pytest

from motcua.plugin import DossierFacts
from motcua_civil_status import plugin
from motcua_civil_status.records import (
    KIND_BOOKS,
    MAKERS,
    drafts,
    named_kinds,
    number_key,
    record_id,
    stored_key,
)
from motcua_civil_status.rules import BOOKS
from motcua_civil_status.tables import RECORDS

NINE = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
ID = "0192f000-0000-7000-8000-000000000001"
CHILD = {
    "child_full_name": "Nguyễn Thị Bé",
    "child_birth_date": "2026-11-01",
    "place_of_birth": {"line": "Trạm y tế xã Đại Đồng (cũ)", "province": "27", "commune": "09190"},
    "home_origin": "Xã Hoàn Sơn, huyện Tiên Du (cũ)",
    "mother": {"name": "Trần Thị Mẹ", "id_number": "027195000001", "birth": "1995-02-03"},
    "father": {"name": "Nguyễn Văn Đức"},
}
BRIDE, GROOM = {"name": "Lò Thị May", "birth": "2004"}, {"name": "Y", "birth": "2001-05-06"}


def dossier(procedure: str, answers: dict[str, Any], **changes: Any) -> DossierFacts:
    facts = {"id": ID, "code": "H1", "procedure": procedure, "answers": answers, "at": NINE}
    return DossierFacts(**{**facts, **changes})


def left(procedure: str, answers: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {draft.kind: draft.values for draft in drafts(dossier(procedure, answers))}


def test_a_birth_is_kept_with_its_parents_and_both_addresses() -> None:
    birth = left("1.001193", CHILD)["birth"]

    assert birth["subject_name"] == "Nguyễn Thị Bé"
    assert birth["subject_key"] == "nguyen thi be"
    assert birth["event_date"] == dt.date(2026, 11, 1)
    assert (birth["other_name"], birth["other_id_number"]) == ("Trần Thị Mẹ", "027195000001")
    assert birth["father_key"] == "nguyen van duc"
    assert (birth["book"], birth["year"]) == ("HT/KS", 2026)
    assert birth["data"] == CHILD


def test_addresses_are_kept_word_for_word_beside_todays_unit() -> None:
    # Rules 1: districts and merged communes stay readable as they were written.
    birth = left("1.001193", CHILD)["birth"]

    assert (birth["place_line"], birth["place_unit"]) == ("Trạm y tế xã Đại Đồng (cũ)", "09190")
    assert (birth["origin_line"], birth["origin_unit"]) == ("Xã Hoàn Sơn, huyện Tiên Du (cũ)", "")


def test_a_number_is_never_made_up() -> None:
    # Rules 7.3: our system stores what the Ministry's issued.
    birth = left("1.001193", CHILD)["birth"]

    assert not {"official_number", "reserved_number"} & birth.keys()


def test_a_year_alone_is_kept_as_a_year() -> None:
    birth = left("1.004772", {"registrant": {"name": "Ksor H'Bia", "birth": "1947"}})["birth"]

    assert (birth["subject_birth"], birth["event_date"]) == ("1947", None)


def test_a_single_word_is_a_name_too() -> None:
    marriage = left("1.000894", {"bride": BRIDE, "groom": GROOM})["marriage"]

    assert (marriage["subject_name"], marriage["other_name"]) == ("Lò Thị May", "Y")
    assert marriage["subject_birth"] == "2004"


def test_a_birth_with_recognition_leaves_two_records() -> None:
    found = left("1.000689", {**CHILD, "recogniser": {"name": "Nguyễn Văn Đức"}})

    assert set(found) == {"birth", "recognition"}
    assert found["recognition"]["subject_name"] == "Nguyễn Thị Bé"
    assert found["recognition"]["other_name"] == "Nguyễn Văn Đức"
    assert found["birth"]["id"] != found["recognition"]["id"]


def test_a_recognition_is_of_the_person_named() -> None:
    answers = {
        "recogniser": {"name": "A"},
        "recognised": {"name": "B"},
        "recognition_kind": "cha nhận con",
    }

    found = left("1.001022", answers)["recognition"]

    assert (found["subject_name"], found["recognition_kind"]) == ("B", "cha nhận con")


def test_a_death_keeps_where_somebody_lived_last() -> None:
    answers = {
        "deceased": {"name": "Vũ Văn Cố"},
        "death_date": "2026-11-20",
        "death_place": "Nhà riêng",
        "last_residence": {"line": "Thôn Nhồi", "commune": "09190"},
    }

    found = left("1.000656", answers)["death"]

    assert (found["event_date"], found["place_line"]) == (dt.date(2026, 11, 20), "Nhà riêng")
    assert (found["last_residence_line"], found["last_residence_unit"]) == ("Thôn Nhồi", "09190")


def test_a_confirmation_of_marital_status_keeps_its_purpose() -> None:
    answers = {"subject": {"name": "An", "address": "Thôn Nhồi"}, "purpose": "vay vốn"}

    found = left("1.004873", answers)["marital"]

    assert (found["purpose"], found["place_line"]) == ("vay vốn", "Thôn Nhồi")


def test_a_guardianship_and_its_end_are_two_entries_of_one_book() -> None:
    people = {"ward": {"name": "Bé"}, "guardian": {"name": "Bà Nội"}}

    begun = left("1.004837", people)["guardianship"]
    ended = left("1.004845", {**people, "end_date": "2026-11-20"})["guardianship"]

    assert (begun["entry"], begun["ended_on"]) == ("begin", None)
    assert (ended["entry"], ended["ended_on"]) == ("end", dt.date(2026, 11, 20))
    assert begun["book"] == ended["book"] == "HT/GH"


def test_what_is_refused_on_the_merits_is_not_registered() -> None:
    # Rules 2.2: a negative answer is a result, but no event is registered by it.
    assert drafts(dossier("1.001193", CHILD, outcome="negative")) == []
    assert len(drafts(dossier("1.001193", CHILD, outcome="positive"))) == 1


@pytest.mark.parametrize("code", ["2.000635", "2.002516"])
def test_copies_and_confirmations_of_facts_leave_no_record(code: str) -> None:
    assert drafts(dossier(code, {})) == []


def test_every_procedure_with_a_book_leaves_a_record_in_it() -> None:
    for definition in plugin.procedures():
        titles = {each.strip() for each in definition.result.register.split(";") if each}
        titles -= {"Sổ cấp bản sao trích lục hộ tịch"}
        kinds = {kind for kind, _ in MAKERS.get(definition.code, ())}

        assert {KIND_BOOKS[kind] for kind in kinds} == titles, definition.code


def test_an_empty_form_leaves_an_empty_record_and_never_fails() -> None:
    for code, makers in MAKERS.items():
        assert set(left(code, {})) == {kind for kind, _ in makers}


def test_every_kind_has_a_table_and_a_book() -> None:
    assert set(KIND_BOOKS) == set(RECORDS)
    assert set(KIND_BOOKS.values()) <= set(BOOKS)


def test_the_record_of_a_dossier_has_one_id_for_ever() -> None:
    assert record_id(ID, "birth") == record_id(ID, "birth") != record_id(ID, "recognition")
    assert isinstance(record_id(ID, "birth"), uuid.UUID)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Số: 01/2024", "1/2024"),
        ("012/2024", "12/2024"),
        ("Sổ khai sinh, số 12 / 2010, ngày 3/4/2010", "12/2010"),
        ("Quyển số 01/2010, số 27/2010", "27/2010"),
        ("ngày 03/04/2010", ""),
        ("Số 12 quyển 01", ""),
        ("", ""),
    ],
)
def test_a_number_is_read_with_its_year_and_without_its_volume(text: str, key: str) -> None:
    # Rules 7.3: printed “Số: 01/2024”; older papers show a volume too.
    assert number_key(text) == key


def test_a_number_without_a_year_is_looked_for_as_it_is() -> None:
    assert stored_key("Số 12-B") == "so 12-b"


def test_the_words_of_a_reference_say_which_book() -> None:
    assert named_kinds("Sổ đăng ký KẾT HÔN, số 5/2020") == {"marriage"}
    assert named_kinds("số 5/2020") == set()


def test_a_birth_registered_again_may_be_known_by_its_year_only() -> None:
    known = {"subject_full_name": "Lò Thị Già", "birth_year": 1947}

    found = left("1.004884", known)["birth"]

    assert (found["subject_birth"], found["event_date"]) == ("1947", None)
