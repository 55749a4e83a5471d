"""Likely duplicates shown before saving, and extracts filled in at the counter."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fakes.office import OTHER, SLUG, Office, opened
from fakes.officer import Officer, fields_of
from motcua.plugin import Answers
from motcua.storage.work import work
from motcua.testing.database import ScratchDatabase
from motcua_civil_status import looking

pytestmark = pytest.mark.anyio

MOTHER = {"name": "Trần Thị Mẹ", "id_number": "027195000001", "birth": "1995-02-03"}
BIRTH = {
    "relationship": "mẹ",
    "child_birth_date": "2026-11-01",
    "child_sex": "Nữ",
    "child_ethnicity": "Kinh",
    "child_nationality": "Việt Nam",
    "place_of_birth": "Bệnh viện Sản nhi",
    "home_origin": "Xã Hoàn Sơn",
    "mother": MOTHER,
    "father": {"name": "Nguyễn Văn Đức"},
    "parents_marriage": "12/2020",
    "birth_evidence": "giay-chung-sinh.pdf",
}
TYPED = {
    "nguoi.name": "Trần Thị Mẹ",
    "g0.relationship": "mẹ",
    "g0.child_birth_date": "1/11/2026",
    "g0.child_sex": "Nữ",
    "g0.child_ethnicity": "Kinh",
    "g0.child_nationality": "Việt Nam",
    "g0.place_of_birth": "Bệnh viện Sản nhi",
    "g0.home_origin": "Xã Hoàn Sơn",
    "g0.mother.name": "Trần Thị Mẹ",
    "g0.father.name": "Nguyễn Văn Đức",
    "g0.parents_marriage": "12/2020",
    "g0.birth_evidence": "1",
}
COMPARE = "Có việc đã đăng ký có thể trùng: hãy đối chiếu rồi đánh dấu trước khi tiếp nhận."


@pytest.fixture(scope="module")
async def office(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    home: Path = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home) as office:
        yield office


@pytest.fixture
async def officer(office: Office) -> AsyncIterator[Officer]:
    hired = Officer(office, "reception")
    await hired.sign_in()
    yield hired
    await hired.client.aclose()


async def received(
    office: Office, code: str, answers: dict[str, Any], *, slug: str = SLUG
) -> dict[str, Any]:
    paper = {"procedure": code, "applicant": MOTHER, "answers": answers}
    taken = await office.ask(
        "POST", "/receptions", by="reception", slug=slug, json={"papers": [paper]}
    )
    assert taken.status_code == 201, taken.text
    dossier: dict[str, Any] = taken.json()["dossiers"][0]
    return dossier


async def registered(office: Office, code: str, answers: dict[str, Any]) -> dict[str, Any]:
    """A dossier taken all the way to its result."""
    dossier = await received(office, code, answers)
    for step, by in (("T08", "reception"), ("T16", "field"), ("T18", "leader"), ("T19", "clerk")):
        answer = await office.step(dossier, step, by)
        assert answer.status_code == 200, answer.text
        dossier = dossier | answer.json()
    return dossier


async def born(office: Office, name: str) -> dict[str, Any]:
    return await registered(office, "1.001193", BIRTH | {"child_full_name": name})


async def test_the_counter_receives_a_likely_duplicate_only_when_it_was_compared(
    office: Office, officer: Officer
) -> None:
    # Issue: likely duplicates of a record shown before saving (names ignoring accents + date).
    first = await born(office, "Đỗ Thị Ánh")
    await officer.open("/tiep-nhan/1.001193")
    typed = TYPED | {"g0.child_full_name": "ĐỖ THỊ ANH"}

    await officer.send_all(typed, 422, press="luu")
    assert officer.faults == [COMPARE]
    assert f"Đỗ Thị Ánh – Trần Thị Mẹ, ngày 01/11/2026, số –, hồ sơ {first['code']}" in (
        officer.page.text
    )
    await officer.send(422, press="luu")
    assert officer.faults == [COMPARE]

    (box,) = [each for each in officer.page.all("input") if each.get("name") == "doi_chieu"]
    await officer.send(press="luu", doi_chieu=box["value"])
    assert officer.heading.startswith("Biên nhận 2026-")


async def test_what_was_compared_is_no_leave_for_something_else(
    office: Office, officer: Officer
) -> None:
    await born(office, "Hà Thị Một")
    await officer.open("/tiep-nhan/1.001193")

    await officer.send_all(
        TYPED | {"g0.child_full_name": "Hà Thị Một", "doi_chieu": "0123456789abcdef"},
        422,
        press="luu",
    )

    assert officer.faults == [COMPARE]


async def test_another_day_or_another_commune_is_no_duplicate(
    office: Office, officer: Officer
) -> None:
    await born(office, "Mai Thị Riêng")

    there = await received(office, "1.001193", BIRTH | {"child_full_name": "Mai Thị Riêng"})
    elsewhere = await received(
        office, "1.001193", BIRTH | {"child_full_name": "Mai Thị Riêng"}, slug=OTHER
    )
    await officer.open("/tiep-nhan/1.001193")
    await officer.send_all(
        TYPED | {"g0.child_full_name": "Mai Thị Riêng", "g0.child_birth_date": "2/11/2026"},
        press="luu",
    )

    assert [each["code"] for each in there["warnings"]] == ["civil_status.duplicate-birth"]
    assert elsewhere["warnings"] == []
    assert officer.heading.startswith("Biên nhận 2026-")


async def test_the_api_tells_what_it_found_and_the_dossier_keeps_it(office: Office) -> None:
    first = await born(office, "Tô Thị Hai")

    second = await received(office, "1.001193", BIRTH | {"child_full_name": "To Thi Hai"})

    (warning,) = second["warnings"]
    assert (warning["field"], warning["code"]) == ("", "civil_status.duplicate-birth")
    assert first["code"] in warning["detail"]
    events = await office.ask("GET", f"/dossiers/{second['id']}/events", by="field")
    (kept,) = events.json()["events"][0]["data"]["warnings"]
    assert kept["told"]["dossier"] == first["code"]


async def test_who_accepts_a_submission_sees_its_likely_duplicates_first(
    office: Office, officer: Officer
) -> None:
    await born(office, "Lý Thị Mạng")
    paper = {"procedure": "1.001193", "applicant": MOTHER}
    answers = BIRTH | {"child_full_name": "Lý Thị Mạng"}
    sent = await office.ask("POST", "/dossiers", json=paper | {"answers": answers})

    await officer.open(f"/ho-so/{sent.json()['id']}/buoc/T03")

    assert "Có thể trùng việc khai sinh đã đăng ký: Lý Thị Mạng" in officer.page.text
    taken = await office.ask(
        "POST", "/receptions", by="reception", json={"submitted": sent.json()["id"]}
    )
    codes = [each["code"] for each in taken.json()["dossiers"][0]["warnings"]]
    assert codes == ["civil_status.duplicate-birth"]


MARRIED = {
    "bride": {"name": "Phùng Thị Dâu", "birth": "1999-02-03"},
    "groom": {"name": "Phùng Văn Rể", "birth": "1998-03-04", "id_number": "027098000077"},
    "bride_marriage_count": 1,
    "groom_marriage_count": 1,
    "marital_status_bride": "chưa đăng ký kết hôn",
    "marital_status_groom": "chưa đăng ký kết hôn",
    "declaration": True,
    "no_prohibited_relation": True,
    "signing_date": "2026-12-01",
}


async def test_a_marriage_of_either_is_seen_by_the_next_one_and_by_a_confirmation(
    office: Office,
) -> None:
    # Law 52/2014/QH13 art. 5 §2 c: whoever is married does not marry again.
    await registered(office, "1.000894", MARRIED)
    again = MARRIED | {"bride": {"name": "Người Khác", "birth": "2000-01-01"}}
    single = {
        "relationship": "bản thân",
        "subject": MARRIED["bride"],
        "residence_periods": "Từ nhỏ",
        "marital_status": "chưa đăng ký kết hôn với ai",
        "purpose": "vay vốn",
    }

    second = await received(office, "1.000894", again)
    confirmed = await received(office, "1.004873", single)

    for dossier in (second, confirmed):
        codes = [each["code"] for each in dossier["warnings"]]
        assert "civil_status.duplicate-marriage" in codes


def who(code: str, **answers: Any) -> list[tuple[str, str, str, str]]:
    found = looking.sought(code, Answers(answers))
    return [(each.kind, each.name, each.date, each.id_number) for each in found]


def test_a_person_is_known_by_birth_else_by_the_day_of_the_event() -> None:
    deceased = {"name": "Lê Văn Cụ", "birth": "1940"}

    assert who("1.000656", deceased=deceased, death_date="2026-11-01") == [
        ("death", "Lê Văn Cụ", "1940", "")
    ]
    assert who("1.000656", deceased={"name": "Lê Văn Cụ"}, death_date="2026-11-01") == [
        ("death", "Lê Văn Cụ", "2026-11-01", "")
    ]
    assert who("1.001022", recognised={"name": "Bé"}) == [("recognition", "Bé", "", "")]


def test_corrections_ends_and_extracts_are_duplicates_of_nothing() -> None:
    person = {"name": "Lê Văn Cụ"}

    assert who("1.004859", subject=person) == []
    assert who("1.004845", ward=person) == []
    assert who("2.000635", subject=person) == []
    assert [each[0] for each in who("1.004837", ward=person)] == ["guardianship"]


LAN = {
    "subject_name": "Nguyễn Thị Bé",
    "subject_id_number": "",
    "subject_birth": "2024-01-02",
    "other_name": "Trần Thị Mẹ",
    "other_id_number": "027195000001",
    "other_birth": "1995",
}


def standing(*changes: tuple[str, str]) -> dict[str, str]:
    """What differs from the record as it was made."""
    lines = [{"before": before, "after": after} for before, after in changes]
    now = looking.as_it_stands(LAN, lines)
    return {name: value for name, value in now.items() if value != LAN[name]}


def test_a_record_stands_as_it_was_last_corrected() -> None:
    assert standing(("nguyễn thị bé", "Nguyễn Thị Lan"), ("Nguyễn Thị Lan", "Nguyễn Thị Liên")) == {
        "subject_name": "Nguyễn Thị Liên"
    }
    assert standing(("2/1/2024", "03/01/2024")) == {"subject_birth": "2024-01-03"}
    assert standing(("2024-01-02", "2024-01-04")) == {"subject_birth": "2024-01-04"}
    assert standing(("1995", "1996")) == {"other_birth": "1996"}
    assert standing(("027195000001", "027195000002")) == {"other_id_number": "027195000002"}


def test_what_cannot_be_read_as_a_value_of_the_record_changes_none() -> None:
    assert standing(("họ tên ghi là Bé", "Lan"), ("", "27/2024"), ("2/1/2024", "31/2/2024")) == {}


def test_what_fits_two_people_of_a_record_is_left_to_the_officer() -> None:
    twins = LAN | {"other_birth": LAN["subject_birth"]}

    now = looking.as_it_stands(twins, [{"before": "2024-01-02", "after": "2024-01-03"}])

    assert now == twins


async def test_a_form_is_filled_in_as_its_record_was_corrected(
    office: Office, officer: Officer
) -> None:
    await born(office, "Viên Thị Bé")
    paper = {
        "requester": MOTHER,
        "relationship": "mẹ",
        "subject": {"name": "Viên Thị Bé"},
        "request_kind": "thay đổi",
        "register_reference": "Sổ khai sinh, số 501/2026",
        "from_value": "Viên Thị Bé",
        "to_value": "Viên Thị Lan",
        "reason": "Trùng tên",
        "evidence": "don.pdf",
    }
    number = "update civil_status_birth set official_number = $1, official_key = $1"
    async with work(office.house.engine, 101) as writing:
        await writing.execute(number + " where subject_name = 'Viên Thị Bé'", "501/2026")
    await registered(office, "1.004859", paper)

    for code in ("2.000635", "1.004859"):
        await officer.open(f"/tiep-nhan/{code}")
        await officer.send(press="tim", tim="501/2026")
        (line,) = [each for each in officer.page.all("button") if "dien:" in each.get("value")]
        await officer.send(press=line["value"])
        assert fields_of(officer.form())["g0.subject.name"] == "Viên Thị Lan"
        assert "Viên Thị Lan" in line.text


async def test_an_extract_is_searched_picked_and_filled_in_at_the_counter(
    office: Office, officer: Officer
) -> None:
    # Procedure 2.000635: found in and filled from the records.
    dossier = await born(office, "Vũ Thị Trích")
    await officer.open("/tiep-nhan/2.000635")
    reads = "select count(*)::int as n from read_log where what = 'record'"

    await officer.send_all({"nguoi.name": "Vũ Văn Cha", "tim": "vu thi trich"}, press="tim")
    (line,) = [each for each in officer.page.all("button") if "dien:" in each.get("value")]
    assert line.text == "khai sinh, Vũ Thị Trích, 01/11/2026"
    before = await counted(office, reads)
    await officer.send(press=line["value"])

    filled = fields_of(officer.form())
    assert filled["nguoi.name"] == "Vũ Văn Cha"
    assert filled["g0.event_type"] == "khai sinh"
    assert filled["g0.subject.name"] == "Vũ Thị Trích"
    assert filled["g0.subject.birth"] == "01/11/2026"
    assert filled["g0.registered_at"] == "Ủy ban nhân dân Phường Một"
    assert await counted(office, reads) == before + 1
    await officer.send_all({"g0.copy_count": "2"}, press="luu")
    assert officer.heading.startswith("Biên nhận 2026-")
    await officer.open(officer.link("/ho-so/"))
    assert "Vũ Thị Trích" in officer.page.text
    assert dossier["code"] not in officer.page.text


async def counted(office: Office, sql: str) -> int:
    async with work(office.house.engine, 101) as reading:
        return int((await reading.fetchrow(sql))["n"])


async def test_what_is_picked_takes_the_place_of_what_was_filled_in(
    office: Office, officer: Officer
) -> None:
    await born(office, "Bùi Thị Đầu")
    await officer.open("/tiep-nhan/2.000635")
    wrong = {
        "g0.subject.name": "Nhầm",
        "g0.subject.id_number": "027195000009",
        "tim": "bui thi dau",
    }
    await officer.send_all(wrong, press="tim")
    (line,) = [each for each in officer.page.all("button") if "dien:" in each.get("value")]

    await officer.send(press=line["value"])

    filled = fields_of(officer.form())
    assert filled["g0.subject.name"] == "Bùi Thị Đầu"
    assert filled["g0.subject.id_number"] == ""


async def test_a_search_for_nothing_or_for_what_is_not_there_finds_nothing(
    officer: Officer,
) -> None:
    await officer.open("/tiep-nhan/2.000635")

    for query in ("", "khong co ai", "999/2026"):
        await officer.send(press="tim", tim=query)
        assert "0 việc đã đăng ký" in officer.page.text
    await officer.send(press="dien:birth-x", tim="khong co ai")
    assert fields_of(officer.form())["g0.subject.name"] == ""


async def test_a_birth_is_filled_in_from_no_book(officer: Officer) -> None:
    await officer.open("/tiep-nhan/1.001193")

    assert not officer.has("tim")


async def test_corrections_ends_and_confirmations_begin_with_the_record_too(
    office: Office, officer: Officer
) -> None:
    people = {"ward": {"name": "Phạm Văn Út"}, "guardian": {"name": "Phạm Văn Ông"}}
    kept = {"guardianship_kind": "cử", "reason": "Cha mẹ mất", "basis": "don.pdf"}
    await registered(office, "1.004837", people | kept)
    filled = {}
    for code in ("1.004845", "1.004859", "2.002516"):
        await officer.open(f"/tiep-nhan/{code}")
        await officer.send(press="tim", tim="pham van ut")
        (line,) = [each for each in officer.page.all("button") if "dien:" in each.get("value")]
        await officer.send(press=line["value"])
        filled[code] = fields_of(officer.form())

    assert filled["1.004845"]["g0.guardian.name"] == "Phạm Văn Ông"
    assert filled["1.004859"]["g0.register_reference"] == "Sổ đăng ký giám hộ"
    assert filled["2.002516"]["g0.event_kind"] == "giám hộ"
    assert filled["2.002516"]["g0.registered_at"] == "Ủy ban nhân dân Phường Một, ngày 01/12/2026"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("2.000635", "marital"),
        ("2.002516", "marital"),
        ("1.004859", "correction"),
        ("1.004845", "birth"),
    ],
)
def test_a_record_that_a_form_is_never_about_does_not_fill_it_in(code: str, kind: str) -> None:
    assert looking.FILLS[code](kind, {}, "Phường Một") is None
