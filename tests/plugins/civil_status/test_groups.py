"""The interlinked group of a birth: its parts, their clocks, and the code before it."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fakes.office import SLUG, Office, opened
from fakes.office import paper as certified_copy
from fakes.officer import Officer
from motcua.domain.calendar import VN
from motcua.domain.limit import Unit
from motcua.domain.procedure import Status
from motcua.domain.procedure_limit import VariantClock
from motcua.services.house import desk
from motcua.services.verify import verify
from motcua.storage.work import work
from motcua.testing.database import ScratchDatabase
from motcua_civil_status import plugin

pytestmark = pytest.mark.anyio

GROUP, BEFORE = "3.000722", "2.000986"
BIRTH, RESIDENCE, INSURANCE, CARD = "9.722001", "9.722002", "9.722003", "9.722004"
DEFINITIONS = {each.code: each for each in plugin.procedures() if not each.is_simulation}
MOTHER = {"name": "Trần Thị Mẹ", "id_number": "027195000001", "birth": "1995-02-03"}
CHILD = {"child_full_name": "Nguyễn Thị Bé", "child_birth_date": "2026-11-28"}
ANSWERS: dict[str, dict[str, Any]] = {
    GROUP: {"relationship": "mẹ", **CHILD},
    BIRTH: {
        **CHILD,
        "relationship": "mẹ",
        "child_sex": "Nữ",
        "child_ethnicity": "Kinh",
        "child_nationality": "Việt Nam",
        "place_of_birth": "Bệnh viện Sản nhi",
        "home_origin": "Xã Hoàn Sơn",
        "mother": MOTHER,
        "birth_evidence": "giay-chung-sinh.pdf",
    },
    RESIDENCE: {**CHILD, "householder": MOTHER, "residence": "Thôn Nhồi"},
    INSURANCE: {**CHILD, "hospital": "Trạm y tế"},
    CARD: {**CHILD, "delivery": "Thôn Nhồi"},
    BEFORE: {"relationship": "mẹ", **CHILD},
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


@pytest.fixture(autouse=True)
def morning(request: pytest.FixtureRequest) -> None:
    """Tuesday 1 December 2026, nine o'clock, for those who work in the office."""
    if "office" in request.fixturenames:
        office: Office = request.getfixturevalue("office")
        move(office, dt.datetime(2026, 12, 1, 9, tzinfo=VN))


def move(office: Office, moment: dt.datetime) -> None:
    """Go to another day, where everybody signs in anew."""
    office.clock.moment = moment
    office.tokens.clear()


def paper(code: str, *parts: str, **said: Any) -> dict[str, Any]:
    whole = {"procedure": code, "applicant": MOTHER, "answers": ANSWERS[code], **said}
    return whole | ({"parts": [paper(part) for part in parts]} if parts else {})


async def receive(office: Office, *papers: dict[str, Any]) -> Any:
    return await office.ask("POST", "/receptions", by="reception", json={"papers": list(papers)})


async def finish(office: Office, dossier: dict[str, Any]) -> dict[str, Any]:
    """Take a dossier to its result."""
    for step, by in (("T08", "reception"), ("T16", "field"), ("T18", "leader"), ("T19", "clerk")):
        answer = await office.step(dossier, step, by)
        assert answer.status_code == 200, answer.text
        dossier = dossier | answer.json()
    return dossier


async def dues(office: Office, *parts: str, **said: Any) -> dict[str, str]:
    """When the group and each of its parts is due."""
    answer = await receive(office, paper(GROUP, *parts, **said))
    assert answer.status_code == 201, answer.text
    codes = (GROUP, *parts)
    found = {}
    for code, taken in zip(codes, answer.json()["dossiers"], strict=True):
        due = dt.datetime.fromisoformat(taken["due_at"]).astimezone(VN)
        found[code] = due.strftime("%a %d %H:%M")
    return found


def limit(code: str, *variants: str) -> str:
    found = DEFINITIONS[code].choose_limit(variants).limit
    assert found is not None
    return found.short()


def test_the_clocks_of_the_group_are_those_of_the_decree() -> None:
    # Decree 301/2026/NĐ-CP; rules 10.
    assert (limit(GROUP), limit(GROUP, "verification")) == ("3 wd", "5 wd")
    assert limit(BIRTH) == "24 ch"
    assert (limit(RESIDENCE), limit(RESIDENCE, "verification")) == ("2 wd", "5 wd")
    assert (limit(INSURANCE), limit(CARD)) == ("2 wd", "5 wd")


def test_the_citizen_completes_within_seven_working_days() -> None:
    # Decree 301/2026/NĐ-CP art. 6; else it is stopped.
    assert {DEFINITIONS[code].supplement_term for code in (GROUP, BIRTH, RESIDENCE)} == {7}


def test_waiting_for_consent_and_telling_what_is_missing_are_no_added_days() -> None:
    # Rules 10 and 13.9.
    group = DEFINITIONS[GROUP]
    consent, notice = group.variant("consent"), group.variant("birth-notice")

    assert (consent.clock, consent.amount) == (VariantClock.WAIT, 5)
    assert (notice.clock, notice.amount, notice.unit) == (VariantClock.BESIDE, 24, Unit.CLOCK_HOUR)
    assert limit(GROUP, "consent", "birth-notice", "residence-notice") == "3 wd"


def test_each_part_waits_for_the_result_it_needs_and_the_card_is_a_wish() -> None:
    parts = {part.procedure: part for part in DEFINITIONS[GROUP].parts}

    assert [part.after for part in parts.values()] == [None, BIRTH, RESIDENCE, RESIDENCE]
    assert [part.required for part in parts.values()] == [True, True, True, False]
    assert {DEFINITIONS[code].status for code in parts} == {Status.PART}


def test_neither_groups_nor_parts_are_counted_among_the_procedures() -> None:
    counted = [each for each in DEFINITIONS.values() if each.is_counted]

    assert len(counted) == 18
    assert {each.code for each in DEFINITIONS.values()} - {each.code for each in counted} == {
        GROUP,
        BEFORE,
        BIRTH,
        RESIDENCE,
        INSURANCE,
        CARD,
    }


async def test_a_group_and_its_parts_run_on_clocks_of_their_own(office: Office) -> None:
    # Tuesday 1 December, nine o'clock.
    assert await dues(office, BIRTH, RESIDENCE, INSURANCE, CARD) == {
        GROUP: "Fri 04 17:00",
        BIRTH: "Wed 02 09:00",
        RESIDENCE: "Thu 03 17:00",
        INSURANCE: "Thu 03 17:00",
        CARD: "Tue 08 17:00",
    }


async def test_taken_in_after_three_it_counts_from_the_next_working_day(office: Office) -> None:
    # Decree 301/2026/NĐ-CP: after 15:00 from the next working day; rules 10.
    move(office, dt.datetime(2026, 12, 1, 15, 30, tzinfo=VN))

    found = await dues(office, BIRTH, RESIDENCE, INSURANCE)

    assert found[GROUP] == "Mon 07 17:00"
    assert found[BIRTH] == "Wed 02 15:30"


async def test_a_group_that_is_checked_takes_five_days(office: Office) -> None:
    found = await dues(office, BIRTH, RESIDENCE, INSURANCE, variants=["verification"])

    assert found[GROUP] == "Tue 08 17:00"


async def test_a_group_is_whole_and_holds_nothing_else(office: Office) -> None:
    group = paper(GROUP, BIRTH, CARD, CARD)
    group["parts"].append(certified_copy())

    answer = await receive(office, group)

    found = {(each["field"], each["code"]) for each in answer.json()["errors"]}
    assert answer.status_code == 422
    assert found >= {
        ("parts", "group.part-missing"),
        ("parts[2].procedure", "group.no-part"),
        ("parts[3].procedure", "group.no-part"),
    }


async def test_a_group_without_its_parts_cannot_be_sent_in(office: Office) -> None:
    answer = await office.ask("POST", "/dossiers", json=paper(GROUP))

    assert answer.status_code == 422
    assert {each["code"] for each in answer.json()["errors"]} == {"group.part-missing"}


async def test_a_part_is_never_taken_alone_or_listed(office: Office) -> None:
    alone = await receive(office, paper(BIRTH))
    listed = (await office.ask("GET", "/procedures")).json()["procedures"]
    shown = (await office.ask("GET", f"/procedures/{BIRTH}")).json()

    assert (alone.status_code, alone.json()["type"]) == (409, "procedure.not-offered")
    assert {each["code"] for each in listed} & set(ANSWERS) == {GROUP}
    assert shown["offered"] is False


async def test_a_retired_code_takes_nothing_new_and_finishes_what_it_has(office: Office) -> None:
    # 2.000986 ended on 8 September 2026; 3.000722 took its place.
    until = {"until": "2026-09-21T17:00:00+07:00", "ground": "Nghị định 63/2024/NĐ-CP"}
    move(office, dt.datetime(2026, 9, 7, 9, tzinfo=VN))
    old = paper(BEFORE, no_limit=until)
    old["answers"] = old["answers"] | {"child_birth_date": "2026-09-01"}
    taken = await receive(office, old)
    assert taken.status_code == 201, taken.text
    too_early = await receive(office, paper(GROUP, BIRTH, RESIDENCE, INSURANCE))

    move(office, dt.datetime(2026, 9, 8, 9, tzinfo=VN))
    too_late = await receive(office, old)
    dossier = taken.json()["dossiers"][0]
    finished = await finish(office, dossier)

    assert too_early.json()["type"] == too_late.json()["type"] == "procedure.unknown"
    assert finished["state"] == "result_ready"


MINISTRY = "Phần mềm hộ tịch điện tử dùng chung của Bộ Tư pháp"
THERE = {"external_code": "BTP-2026-000123"}


async def heard(office: Office, dossier: dict[str, Any], state: str, **said: Any) -> Any:
    """What the Ministry's system says of a part, entered by an officer."""
    by = said.pop("by", "field")
    path = f"/dossiers/{dossier['id']}/mirror"
    return await office.ask("POST", path, by=by, json=THERE | {"state": state} | said)


async def shown(office: Office, dossier: dict[str, Any]) -> dict[str, Any]:
    answer = await office.ask("GET", f"/dossiers/{dossier['id']}", by="field")
    found: dict[str, Any] = answer.json()
    return found


async def family(office: Office, *parts: str) -> list[dict[str, Any]]:
    answer = await receive(office, paper(GROUP, *(parts or (BIRTH, RESIDENCE, INSURANCE))))
    assert answer.status_code == 201, answer.text
    dossiers: list[dict[str, Any]] = answer.json()["dossiers"]
    return dossiers


async def test_nobody_here_decides_the_birth_part(office: Office) -> None:
    # Decree 301/2026/NĐ-CP art. 5-6; rules 10: not decided in two places.
    _, birth, *_ = await family(office)

    for step, by in (("T08", "reception"), ("T22", "reception"), ("T23", "leader")):
        answer = await office.step(birth, step, by, reason="x")
        assert (answer.status_code, answer.json()["type"]) == (409, "dossier.decided-elsewhere")
    refused = {
        each["transition"]: each["refused"] for each in (await shown(office, birth))["actions"]
    }
    assert refused["T08"] == "dossier.decided-elsewhere"
    assert refused["T26"] != "dossier.decided-elsewhere"


async def test_the_birth_part_follows_the_ministrys_system(office: Office) -> None:
    group, birth, *_ = await family(office)
    office.clock.advance(minutes=5)
    before = await shown(office, birth)

    first = (await heard(office, birth, "appraising")).json()
    office.clock.advance(minutes=5)
    at = office.clock().isoformat()
    done = await heard(office, birth, "result_ready")
    office.clock.advance(minutes=10)
    again = await heard(office, birth, "result_ready")

    assert before["decided_in"] == MINISTRY
    assert before["mirror"] is None
    assert (first["state"], first["mirror"]["external_code"]) == ("appraising", "BTP-2026-000123")
    assert done.json()["state"] == "result_ready"
    assert again.json()["version"] == done.json()["version"]
    assert again.json()["mirror"]["synced_at"] > done.json()["mirror"]["synced_at"]
    assert dt.datetime.fromisoformat(done.json()["finished_at"]) == dt.datetime.fromisoformat(at)
    events = await office.ask("GET", f"/dossiers/{birth['id']}/events", by="field")
    last = events.json()["events"][-1]
    assert (last["transition"], last["actor"], last["role"]) == ("T19", MINISTRY, "system")
    assert last["data"]["mirror"]["external_code"] == "BTP-2026-000123"
    assert last["data"]["mirror"]["by"] == "Cán bộ field"
    assert (await shown(office, group))["group"]["state"] == "received"


async def test_the_birth_of_a_group_leaves_a_record(office: Office) -> None:
    _, birth, *_ = await family(office)
    await heard(office, birth, "result_ready")
    headers = {"Authorization": f"Bearer {await office.token('field')}"}

    found = await office.client.post(
        "/t/phuong-mot/p/civil_status/records/search",
        headers=headers,
        json={"name": "nguyen thi be"},
    )

    names = {each["subject"] for each in found.json()["records"]}
    assert names == {"Nguyễn Thị Bé"}


async def test_what_the_other_system_says_must_be_possible(office: Office) -> None:
    group, birth, *_ = await family(office)
    await heard(office, birth, "result_ready")

    back = await heard(office, birth, "appraising")
    here = await heard(office, group, "appraising")
    by_leader = await heard(office, birth, "stopped", by="leader")
    faulty = await heard(
        office, birth, "stopped", external_code=" ", at="2027-01-01T00:00:00+07:00"
    )
    nobody = {"id": "0192f000-0000-7000-8000-00000000ffff"}

    assert (back.status_code, back.json()["type"]) == (409, "mirror.no-way")
    assert (here.status_code, here.json()["type"]) == (409, "mirror.decided-here")
    assert by_leader.status_code == 403
    assert {each["field"] for each in faulty.json()["errors"]} == {"external_code", "at"}
    assert (await heard(office, nobody, "stopped")).status_code == 404


_SIGNER = """
insert into signer (tenant_id, id, staff_id, full_name, title, act, scope,
  authorised_certifier, valid_from, valid_to, capacity)
values ($1, $2, null, 'Trần Văn Chủ', 'Chủ tịch', 'QĐ 1', '{}', false, $3, null, 'own')
"""
_NO_SIGNER = "delete from signer where tenant_id = $1"


async def test_nobody_here_signs_what_was_signed_there(office: Office) -> None:
    _, birth, *_ = await family(office)
    tenant = (await desk(office.house, SLUG)).id
    async with work(office.house.engine, tenant) as writing:
        await writing.execute(_SIGNER, tenant, office.house.new_id(), office.clock())

    answer = await heard(office, birth, "approved")
    async with work(office.house.engine, tenant) as writing:
        await writing.execute(_NO_SIGNER, tenant)

    assert answer.json()["state"] == "approved"
    events = await office.ask("GET", f"/dossiers/{birth['id']}/events", by="field")
    assert "signer" not in events.json()["events"][-1]["data"]


async def test_a_supplement_asked_for_there_needs_its_reason_here(office: Office) -> None:
    _, birth, *_ = await family(office)

    silent = await heard(office, birth, "supplement_requested")
    told = await heard(office, birth, "supplement_requested", reason="Thiếu giấy chứng sinh")

    assert {each["field"] for each in silent.json()["errors"]} >= {"reason", "items"}
    assert (await shown(office, birth))["version"] == told.json()["version"]
    assert told.json()["state"] == "supplement_requested"


def moment(told: dict[str, Any]) -> dt.datetime:
    return dt.datetime.fromisoformat(told["due_at"])


async def test_a_group_stands_where_its_least_advanced_part_does(office: Office) -> None:
    # Rules 10: group state = the least advanced; group due and child dues both kept.
    group, birth, residence, insurance = await family(office)
    await heard(office, birth, "result_ready")
    for each in (residence, insurance):
        await office.step(each, "T08", "reception")

    found = (await shown(office, group))["group"]

    assert found["state"] == "appraising"
    promised = [moment(each) for each in (group, birth, residence, insurance)]
    assert [moment(each) for each in (found, *found["parts"])] == promised
    assert [part["agency"] for part in found["parts"]] == [
        "Ủy ban nhân dân cấp xã",
        "Công an cấp xã",
        "Bảo hiểm xã hội",
    ]
    assert found["parts"][0]["external_code"] == "BTP-2026-000123"
    assert (await shown(office, birth))["parent"] == group["id"]


async def test_a_part_waits_for_the_result_it_needs(office: Office) -> None:
    # Rules 10: a child's result document becomes the next one's input.
    _, birth, residence, _ = await family(office)
    residence = residence | (await office.step(residence, "T08", "reception")).json()

    early = await office.step(residence, "T16", "field")
    await heard(office, birth, "result_ready")
    late = await office.step(residence, "T16", "field")

    assert (early.status_code, early.json()["type"]) == (409, "group.part-waits")
    assert late.status_code == 200


async def test_a_part_that_was_refused_gives_the_next_one_nothing(office: Office) -> None:
    _, birth, residence, _ = await family(office)
    residence = residence | (await office.step(residence, "T08", "reception")).json()
    await heard(office, birth, "result_ready", outcome="negative", reason="Không đủ điều kiện")

    answer = await office.step(residence, "T16", "field")

    assert answer.json()["type"] == "group.part-waits"


async def test_a_group_has_its_result_when_every_part_has(office: Office) -> None:
    group, birth, residence, insurance = await family(office)
    for step, by in (("T08", "reception"), ("T16", "field"), ("T18", "leader")):
        group = group | (await office.step(group, step, by)).json()

    early = await office.step(group, "T19", "clerk")
    await heard(office, birth, "result_ready")
    for each in (residence, insurance):
        await finish(office, each)
    late = await office.step(group, "T19", "clerk")

    assert (early.status_code, early.json()["type"]) == (409, "group.parts-open")
    assert late.status_code == 200, late.text


async def test_what_was_followed_can_be_recomputed_from_its_events(office: Office) -> None:
    _, birth, *_ = await family(office)
    for state in ("supplement_requested", "for_approval", "result_ready"):
        answer = await heard(office, birth, state, reason="Thiếu giấy chứng sinh")
        assert answer.status_code == 200, answer.text

    found = await verify(office.house, Path("/nonexistent"), slugs=[SLUG])

    assert [each for each in found.faults if each.kind in ("chain", "state", "dossier")] == []
    assert birth["code"] not in {each.where for each in found.faults}


async def test_the_counter_shows_the_parts_and_what_is_followed(office: Office) -> None:
    group, birth, *_ = await family(office)
    await heard(office, birth, "appraising")
    officer = Officer(office, "field")
    await officer.sign_in()

    await officer.open(f"/ho-so/{group['id']}")
    assert "Nhóm liên thông: Đã tiếp nhận" in officer.page.text
    assert "Công an cấp xã" in officer.page.text
    await officer.open(f"/ho-so/{birth['id']}")

    assert "Mã hồ sơ ở đó: BTP-2026-000123" in officer.page.text
    assert "Hệ thống khác quyết định hồ sơ này" in officer.page.text
    await officer.client.aclose()


async def test_an_officer_enters_at_the_counter_what_the_ministrys_system_says(
    office: Office,
) -> None:
    _, birth, *_ = await family(office)
    officer = Officer(office, "field")
    await officer.sign_in()
    await officer.open("/lien-thong")
    assert MINISTRY in officer.page.text
    await officer.open(f"/ho-so/{birth['id']}/he-thong-khac")

    await officer.send(422, form="/he-thong-khac", ma="BTP-9", buoc="")
    assert officer.faults == ["Đang ở bước: chưa nhập."]
    await officer.send(form="/he-thong-khac", buoc="appraising")

    assert officer.path == f"/ho-so/{birth['id']}"
    assert "BTP-9" in officer.page.text
    assert (await shown(office, birth))["state"] == "appraising"
    await officer.client.aclose()
