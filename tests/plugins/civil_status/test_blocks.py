"""Official numbers reserved in blocks for a time offline (rules 7.3), over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fakes.office import OTHER, SLUG, Office, opened
from motcua.storage.work import work
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

FATHER = {"name": "Nguyễn Văn Đức", "id_number": "027090000017"}
GUARDIANSHIP = {
    "guardianship_kind": "cử",
    "reason": "Cha mẹ mất",
    "basis": "don.pdf",
    "guardian": FATHER,
}
GROUND = "Công văn 12/STP-HCTP"
YEARS = iter(range(2031, 2099))


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
    if key := request.pop("key", ""):
        headers["Idempotency-Key"] = key
    url = f"/t/{slug}/p/civil_status{path}"
    return await office.client.request(method, url, headers=headers, **request)


async def record(office: Office, name: str) -> str:
    """The address of the record of a guardianship that was just registered."""
    answers = GUARDIANSHIP | {"ward": {"name": name}}
    paper = {"procedure": "1.004837", "applicant": FATHER, "answers": answers}
    taken = await office.ask("POST", "/receptions", by="reception", json={"papers": [paper]})
    assert taken.status_code == 201, taken.text
    dossier = taken.json()["dossiers"][0]
    for step, by in (("T08", "reception"), ("T16", "field"), ("T18", "leader"), ("T19", "clerk")):
        dossier = dossier | (await office.step(dossier, step, by)).json()
    (found,) = (await ask(office, "/records/search", json={"name": name})).json()["records"]
    return f"/records/guardianship/{found['id']}"


def block(first: int, last: int, year: int = 2026, **changes: Any) -> dict[str, Any]:
    told = {"kind": "guardianship", "year": year, "first": first, "last": last, "ground": GROUND}
    return told | changes


async def taken(office: Office, first: int, last: int, year: int = 2026) -> dict[str, Any]:
    answer = await ask(office, "/number-blocks", json=block(first, last, year))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def number(office: Office, where: str, **given: Any) -> Any:
    return await ask(office, f"{where}/number", json={"series": "reserved", **given})


async def nothing_open(office: Office) -> None:
    for each in (await ask(office, "/number-blocks")).json()["blocks"]:
        await closed(office, each)


def states(block: dict[str, Any]) -> dict[int, str]:
    return {each["number"]: each["state"] for each in block["numbers"]}


async def closed(office: Office, block: dict[str, Any]) -> dict[str, Any]:
    path = f"/number-blocks/{block['id']}/close"
    answer = await ask(office, path, json={"reason": "Đã có mạng"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_offline_day_from_the_block_to_the_numbers_of_the_ministry(
    office: Office,
) -> None:
    # Rules 7.3: stored as issued, or reserved while offline; never confused.
    held = await taken(office, 901, 904)
    first, second = [await record(office, name) for name in ("Phan Văn Một", "Phan Văn Hai")]

    await number(office, first, number="Số 902/2026")
    shown = (await number(office, second)).json()
    spoilt = {"number": 903, "reason": "Viết hỏng"}
    await ask(office, f"/number-blocks/{held['id']}/void", json=spoilt)
    done = await closed(office, held)

    assert shown["values"]["reserved_number"] == "901/2026"
    assert shown["values"]["official_number"] is None
    assert shown["extract"]["register_no"] == "901/2026"
    assert states(done) == {901: "taken", 902: "taken", 903: "void", 904: "unused"}
    assert done["counts"] == {"free": 0, "taken": 2, "void": 1, "unused": 1}
    assert [each["reason"] for each in done["numbers"]][2:] == ["Viết hỏng", "Đã có mạng"]
    assert done["numbers"][1]["record_id"] == first.rpartition("/")[2]

    issued = {"series": "official", "number": "Số 31/2026"}
    view = (await ask(office, f"{first}/number", json=issued)).json()
    assert view["extract"]["register_no"] == "Số 31/2026"
    assert view["values"]["reserved_number"] == "Số 902/2026"
    told = [(each["what"], each["before"], each["after"]) for each in view["history"]]
    assert told == [
        ("số giữ chỗ", "", "Số 902/2026"),
        ("số chính thức", "Số 902/2026", "Số 31/2026"),
    ]


async def test_only_a_number_of_an_open_block_of_that_book_is_reserved(office: Office) -> None:
    where = await record(office, "Đặng Văn Ngoài")
    birth = block(60, 61, kind="birth")
    assert (await ask(office, "/number-blocks", json=birth)).status_code == 201
    over = await taken(office, 70, 71)
    await closed(office, over)

    for wanted in ("60/2026", "70/2026", "72/2026", "không rõ", ""):
        answer = await number(office, where, number=wanted)
        assert (answer.status_code, answer.json()["type"]) == (409, "civil_status.not-reserved")


async def test_a_number_is_taken_once_also_by_two_at_once(office: Office) -> None:
    await taken(office, 81, 82)
    records = [await record(office, name) for name in ("Võ Văn Nhất", "Võ Văn Nhì", "Võ Văn Ba")]
    await number(office, records[0], number="81/2026")

    again = await number(office, records[1], number="081/2026")
    both = await asyncio.gather(*(number(office, each) for each in records[1:]))

    assert (again.status_code, again.json()["type"]) == (409, "civil_status.number-taken")
    assert sorted(each.status_code for each in both) == [200, 409]


async def test_a_number_given_up_for_another_is_void_and_never_free_again(office: Office) -> None:
    held = await taken(office, 91, 92)
    where = await record(office, "Đinh Văn Đổi")
    await number(office, where, number="91/2026")

    silent = await number(office, where, number="92/2026")
    told = await number(office, where, number="92/2026", reason="Chép nhầm dòng")

    assert silent.json()["type"] == "civil_status.number-reason"
    assert told.json()["values"]["reserved_number"] == "92/2026"
    done = await closed(office, held)
    assert states(done) == {91: "void", 92: "taken"}
    assert done["numbers"][0]["reason"] == "Chép nhầm dòng"


async def test_a_reserved_number_that_was_replaced_may_be_issued_to_somebody_else(
    office: Office,
) -> None:
    await taken(office, 95, 95)
    first, second = [await record(office, name) for name in ("Lương Văn Trước", "Lương Văn Sau")]
    await number(office, first, number="95/2026")
    issued = {"series": "official", "number": "95/2026"}

    early = await ask(office, f"{second}/number", json=issued)
    await ask(office, f"{first}/number", json={"series": "official", "number": "41/2026"})
    late = await ask(office, f"{second}/number", json=issued)

    assert (early.status_code, late.status_code) == (409, 200)


async def test_blocks_do_not_overlap_each_other_or_the_book(office: Office) -> None:
    where = await record(office, "Tống Văn Sổ")
    await ask(office, f"{where}/number", json={"series": "official", "number": "115/2026"})
    await taken(office, 101, 105)

    for first, last in ((105, 106), (110, 120)):
        answer = await ask(office, "/number-blocks", json=block(first, last))
        assert (answer.status_code, answer.json()["type"]) == (409, "civil_status.block-overlap")
    open_now = (await ask(office, "/number-blocks")).json()["blocks"]
    assert (105, 106) not in [(each["first"], each["last"]) for each in open_now]


async def test_what_was_given_back_unused_may_be_reserved_anew(office: Office) -> None:
    year = next(YEARS)
    await closed(office, await taken(office, 1, 3, year))

    again = await taken(office, 1, 3, year)

    assert again["counts"]["free"] == 3


@pytest.mark.parametrize(("first", "last"), [(5, 4), (1, 501)])
async def test_a_block_is_a_range_of_some_numbers(office: Office, first: int, last: int) -> None:
    answer = await ask(office, "/number-blocks", json=block(first, last, next(YEARS)))

    assert (answer.status_code, answer.json()["type"]) == (422, "civil_status.block-range")


async def test_a_closed_block_and_one_that_is_not_there_take_nothing(office: Office) -> None:
    done = await closed(office, await taken(office, 1, 2, next(YEARS)))

    for which in (done["id"], "x", "0192f000-0000-7000-8000-00000000ffff"):
        for act, body in (("void", {"number": 1, "reason": "a"}), ("close", {"reason": "a"})):
            answer = await ask(office, f"/number-blocks/{which}/{act}", json=body)
            assert (answer.status_code, answer.json()["type"]) == (404, "civil_status.no-block")
    held = await taken(office, 1, 2, next(YEARS))
    spoilt = {"number": 3, "reason": "a"}
    answer = await ask(office, f"/number-blocks/{held['id']}/void", json=spoilt)
    assert (answer.status_code, answer.json()["type"]) == (409, "civil_status.not-reserved")


async def test_an_official_number_out_of_a_block_is_no_longer_free_in_it(office: Office) -> None:
    await nothing_open(office)
    held = await taken(office, 401, 403)
    first, second = [await record(office, name) for name in ("Cù Văn Một", "Cù Văn Hai")]

    issued = await ask(office, f"{first}/number", json={"series": "official", "number": "401/2026"})
    following = await number(office, second)

    assert issued.status_code == 200
    assert following.json()["values"]["reserved_number"] == "402/2026"
    done = await closed(office, held)
    assert states(done) == {401: "taken", 402: "taken", 403: "unused"}
    assert done["numbers"][0]["record_id"] == first.rpartition("/")[2]


async def test_the_next_number_is_none_that_the_book_already_holds(office: Office) -> None:
    # As records stood before official numbers were taken out of blocks.
    await nothing_open(office)
    held = await taken(office, 411, 412)
    first, second = [await record(office, name) for name in ("Cao Văn Cũ", "Cao Văn Mới")]
    await ask(office, f"{first}/number", json={"series": "official", "number": "411/2026"})
    freed = "update civil_status_reserved_number set state = 'free' where block_id = $1"
    async with work(office.house.engine, 101) as writing:
        await writing.execute(freed, held["id"])

    following = await number(office, second)

    assert following.json()["values"]["reserved_number"] == "412/2026"


async def test_an_official_number_that_is_replaced_gives_its_line_up(office: Office) -> None:
    held = await taken(office, 421, 423)
    where = await record(office, "Chu Văn Sửa")
    await number(office, where, number="421/2026")
    official = {"series": "official"}

    await ask(office, f"{where}/number", json=official | {"number": "421/2026"})
    same = await ask(office, "/number-blocks")
    for wanted in ("422/2026", "423/2026"):
        told = official | {"number": wanted, "reason": "Bộ sửa"}
        assert (await ask(office, f"{where}/number", json=told)).status_code == 200

    (seen,) = [each for each in same.json()["blocks"] if each["id"] == held["id"]]
    assert states(seen) == {421: "taken", 422: "free", 423: "free"}
    assert states(await closed(office, held)) == {421: "taken", 422: "void", 423: "taken"}


async def test_a_number_without_a_year_is_given_up_too(office: Office) -> None:
    where = f"{await record(office, 'Ngạc Văn Năm')}/number"
    await ask(office, where, json={"series": "official", "number": "Số 7777"})

    told = {"series": "official", "number": "7777/2026", "reason": "Thiếu năm"}
    answer = await ask(office, where, json=told)

    assert answer.json()["values"]["official_number"] == "7777/2026"


async def test_one_official_number_written_down_by_two_at_once_goes_to_one(
    office: Office,
) -> None:
    records = [await record(office, f"Mạc Văn {each}") for each in ("Một", "Hai", "Ba", "Tư")]
    issued = {"series": "official", "number": "7431/2026"}

    answers = await asyncio.gather(
        *(ask(office, f"{each}/number", json=issued) for each in records)
    )

    assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]


async def test_a_repeat_under_its_key_takes_no_second_number(office: Office) -> None:
    await nothing_open(office)
    held = await taken(office, 451, 453)
    where = f"{await record(office, 'Lều Văn Lặp')}/number"
    await ask(office, where, json={"series": "reserved"})
    another = {"series": "reserved", "reason": "Viết hỏng"}

    first = await ask(office, where, json=another, key="k-1")
    again = await ask(office, where, json=another, key="k-1")
    misused = await ask(office, where, json=another | {"reason": "Khác"}, key="k-1")
    refused = await ask(office, where, json={"series": "official"}, key="k-2")
    mended = await ask(office, where, json={"series": "official"}, key="k-2")
    too_long = await ask(office, where, json=another, key="k" * 201)

    assert first.json()["values"]["reserved_number"] == "452/2026"
    assert (again.status_code, again.json()["type"]) == (409, "idempotency.carried-out")
    assert (misused.status_code, misused.json()["type"]) == (422, "idempotency.key-reused")
    assert refused.json()["type"] == mended.json()["type"] == "civil_status.number-missing"
    assert too_long.status_code == 422
    assert states(await closed(office, held)) == {451: "void", 452: "taken", 453: "unused"}


async def test_a_zero_character_in_a_reason_is_a_fault_of_the_body(office: Office) -> None:
    held = await taken(office, 1, 2, next(YEARS))

    spoilt = {"number": 1, "reason": "x\u0000"}
    answer = await ask(office, f"/number-blocks/{held['id']}/void", json=spoilt)

    assert (answer.status_code, answer.json()["type"]) == (422, "answers.invalid")


async def test_number_nought_is_no_number_of_a_block(office: Office) -> None:
    held = await taken(office, 441, 441)
    where = await record(office, "Giáp Văn Không")

    answer = await number(office, where, number="0/2026")

    assert (answer.status_code, answer.json()["type"]) == (409, "civil_status.not-reserved")
    assert (await closed(office, held))["counts"]["unused"] == 1


async def test_an_official_number_is_never_made_here(office: Office) -> None:
    where = await record(office, "Kiều Văn Không")

    answer = await ask(office, f"{where}/number", json={"series": "official"})

    assert (answer.status_code, answer.json()["type"]) == (422, "civil_status.number-missing")


async def test_those_who_keep_the_books_take_blocks_and_no_other_commune_sees_them(
    office: Office,
) -> None:
    held = await taken(office, 1, 2, next(YEARS))

    refused = await ask(office, "/number-blocks", by="reception", json=block(1, 2))
    seen = await ask(office, "/number-blocks", by="reception")
    elsewhere = (await ask(office, "/number-blocks", slug=OTHER)).json()["blocks"]

    assert refused.status_code == 403
    assert held["id"] in [each["id"] for each in seen.json()["blocks"]]
    assert elsewhere == []
