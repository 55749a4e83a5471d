"""The plugin's addresses over HTTP, from the reception of a birth to the extract."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fakes.office import OTHER, SLUG, Office, opened
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

MOTHER = {"name": "Trần Thị Mẹ", "id_number": "027195000001", "birth": "1995-02-03"}
BIRTH = {
    "procedure": "1.001193",
    "applicant": MOTHER,
    "answers": {
        "relationship": "mẹ",
        "child_full_name": "Nguyễn Thị Bé",
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
    },
}


@pytest.fixture(scope="module")
async def office(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    home: Path = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home) as office:
        yield office


async def ask(office: Office, path: str, *, by: str = "field", **request: Any) -> Any:
    slug = request.pop("slug", SLUG)
    token = await office.token(by, slug)
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    office.clock.advance(seconds=1)
    method = "POST" if "json" in request else "GET"
    url = f"/t/{slug}/p/civil_status{path}"
    return await office.client.request(method, url, headers=headers, **request)


async def registered(office: Office, name: str, *, refused: bool = False) -> None:
    """A birth taken all the way to its result."""
    paper = {**BIRTH, "answers": {**BIRTH["answers"], "child_full_name": name}}  # type: ignore[dict-item] # a plain paper
    taken = await office.ask("POST", "/receptions", by="reception", json={"papers": [paper]})
    assert taken.status_code == 201, taken.text
    dossier = taken.json()["dossiers"][0]
    decided: dict[str, Any] = {"transition": "T16"}
    if refused:
        decided = {
            "transition": "T24",
            "reason": "Không đủ điều kiện",
            "data": {"ground": "Điều 16"},
        }
    for said, by in (
        ({"transition": "T08"}, "reception"),
        (decided, "field"),
        ({"transition": "T18"}, "leader"),
        ({"transition": "T19"}, "clerk"),
    ):
        step = await office.step(dossier, said.pop("transition"), by, **said)
        assert step.status_code == 200, step.text
        dossier = dossier | {"version": step.json()["version"]}


async def sought(office: Office, **told: Any) -> list[dict[str, Any]]:
    by, slug = told.pop("by", "field"), told.pop("slug", SLUG)
    answer = await ask(office, "/records/search", by=by, slug=slug, json=told)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["records"]
    return found


async def only_record(office: Office, name: str) -> dict[str, Any]:
    (found,) = await sought(office, name=name, kind="birth")
    return found


async def test_a_registered_birth_is_found_by_name(office: Office) -> None:
    await registered(office, "Đỗ Thị Ánh")

    (line,) = await sought(office, kind="birth", name="do thi anh", by="reception")

    assert (line["subject"], line["event_date"]) == ("Đỗ Thị Ánh", "2026-11-01")
    assert line["official_number"] is None


async def test_asked_for_a_name_and_a_number_both_must_fit(office: Office) -> None:
    await registered(office, "Đỗ Thị Xuân")

    assert await sought(office, name="do thi xuan", number="999/2026") == []


async def test_lists_are_masked(office: Office) -> None:
    marital = {
        "procedure": "1.004873",
        "applicant": MOTHER,
        "answers": {
            "relationship": "bản thân",
            "subject": {"name": "Phan Thị Kín", "id_number": "027190005599"},
            "residence_periods": "Từ nhỏ",
            "marital_status": "chưa đăng ký kết hôn với ai",
            "purpose": "vay vốn",
        },
    }
    taken = await office.ask("POST", "/receptions", by="reception", json={"papers": [marital]})
    dossier = taken.json()["dossiers"][0]
    for step, by in (("T08", "reception"), ("T16", "field"), ("T18", "leader"), ("T19", "clerk")):
        done = await office.step(dossier, step, by)
        dossier = dossier | {"version": done.json()["version"]}

    (line,) = await sought(office, name="phan thi kin")

    assert line["subject_id_number"] == "0271******99"
    assert "027190005599" in (await ask(office, f"/records/marital/{line['id']}")).text


async def test_a_refusal_on_the_merits_registers_nothing(office: Office) -> None:
    await registered(office, "Không Đăng Ký", refused=True)

    assert await sought(office, name="khong dang ky") == []


async def test_an_extract_is_filled_in_from_its_record(office: Office) -> None:
    # Procedure 2.000635.
    await registered(office, "Vũ Thị Trích")
    record = await only_record(office, "vu thi trich")
    where = f"/records/birth/{record['id']}"
    given = {"series": "official", "number": "Số 27/2026"}
    assert (await ask(office, f"{where}/number", json=given)).status_code == 200

    view = (await ask(office, where, by="reception")).json()

    assert view["extract"] == {
        "event_type": "khai sinh",
        "subject": {"name": "Vũ Thị Trích", "birth": "2026-11-01"},
        "registered_at": "Ủy ban nhân dân Phường Một",
        "register_date": record["registered_on"],
        "register_no": "Số 27/2026",
    }
    assert view["values"]["declared"]["mother"] == MOTHER
    assert [each["after"] for each in view["history"]] == ["Số 27/2026"]
    by_number = await sought(office, number="27/2026")
    assert [each["subject"] for each in by_number] == ["Vũ Thị Trích"]


async def test_a_number_is_replaced_only_for_a_reason_and_taken_only_once(office: Office) -> None:
    for name in ("Tạ Thị Nhất", "Tạ Thị Nhì"):
        await registered(office, name)
    first = f"/records/birth/{(await only_record(office, 'ta thi nhat'))['id']}/number"
    second = f"/records/birth/{(await only_record(office, 'ta thi nhi'))['id']}/number"
    given = {"series": "official", "number": "40/2026"}
    holder = (await ask(office, first.removesuffix("/number"))).json()

    assert (await ask(office, first, json=given)).status_code == 200
    assert (await ask(office, first, json=given)).status_code == 200
    taken = await ask(office, second, json={**given, "number": "040/2026"})
    silent = await ask(office, first, json={**given, "number": "41/2026"})
    told = await ask(office, first, json={**given, "number": "41/2026", "reason": "Ghi nhầm"})

    assert (taken.status_code, taken.json()["type"]) == (409, "civil_status.number-taken")
    assert "Tạ Thị Nhất" not in taken.text
    assert holder["values"]["dossier_code"] in taken.json()["detail"]
    assert (silent.status_code, silent.json()["type"]) == (422, "civil_status.number-reason")
    assert [each["decision"] for each in told.json()["history"]] == ["", "Ghi nhầm"]


async def test_a_kind_without_extracts_gives_none(office: Office) -> None:
    rows = await sought(office, kind="marital", name="phan thi kin")

    view = (await ask(office, f"/records/marital/{rows[0]['id']}")).json()

    assert view["extract"] is None


@pytest.mark.parametrize("by", ["cashier", "head", "admin", "supervisor"])
async def test_those_who_do_not_work_with_records_do_not_see_them(office: Office, by: str) -> None:
    assert (await ask(office, "/records/search", by=by, json={"name": "a"})).status_code == 403


async def test_no_address_takes_a_name_and_no_error_tells_one(office: Office) -> None:
    for address in ("/records?name=a", "/duplicates?name=a"):
        assert (await ask(office, address)).status_code in (404, 405)


async def test_only_those_who_keep_the_books_write_numbers(office: Office) -> None:
    given = {"series": "official", "number": "1/2026"}

    answer = await ask(office, "/records/birth/x/number", by="reception", json=given)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/records/birth/0192f000-0000-7000-8000-00000000ffff",
        "/records/birth/x",
        "/records/nothing/0192f000-0000-7000-8000-00000000ffff",
    ],
)
async def test_what_is_not_there_answers_404(office: Office, path: str) -> None:
    answer = await ask(office, path)

    assert answer.status_code == 404
    assert answer.json()["type"] == "civil_status.no-record"


async def test_another_tenants_record_is_not_there(office: Office) -> None:
    await registered(office, "Ngô Thị Riêng")
    record = await only_record(office, "ngo thi rieng")

    assert (await ask(office, f"/records/birth/{record['id']}", slug=OTHER)).status_code == 404
    assert await sought(office, name="ngo thi rieng", slug=OTHER) == []


async def test_nothing_told_finds_nothing(office: Office) -> None:
    assert await sought(office) == []


async def test_nobody_gets_in_without_a_token(office: Office) -> None:
    answer = await office.client.post(
        f"/t/{SLUG}/p/civil_status/records/search", json={"name": "a"}
    )

    assert answer.status_code == 401
