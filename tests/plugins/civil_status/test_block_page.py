"""The page of blocks of official numbers at the counter."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fakes.office import OTHER, Office, opened
from fakes.officer import Officer, fields_of
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio
PAGE = "/phan-he/civil_status/so-chinh-thuc"
TAKEN = {"kind": "birth", "year": "2026", "first": "121", "last": "132", "ground": "Văn bản 5/STP"}


@pytest.fixture(scope="module")
async def office(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    home: Path = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home) as office:
        yield office


async def come(office: Office, role: str, slug: str = "phuong-mot") -> Officer:
    officer = Officer(office, role, slug)
    await officer.sign_in()
    return officer


def form(officer: Officer, act: str) -> dict[str, str]:
    """What the first form of an *act* would send as it stands."""
    forms = [fields_of(each) for each in officer.page.all("form") if "phan-he" in each["action"]]
    return next(each for each in forms if each["viec"] == act)


async def test_a_block_is_taken_in_used_up_and_closed_at_the_counter(office: Office) -> None:
    keeper = await come(office, "field")
    await keeper.open("/so")
    await keeper.open(keeper.link(PAGE))
    assert "chưa có khối số hộ tịch nào đang mở" in keeper.page.text
    assert form(keeper, "take")["year"] == "2026"

    wrong = form(keeper, "take") | TAKEN | {"first": "một"}
    await keeper.send_all(wrong, 422, form=PAGE)
    assert keeper.faults == ["Từ số: ghi bằng chữ số, nhiều nhất 5 chữ số (đã ghi: một)."]
    assert form(keeper, "take").items() >= {"first": "một", "ground": "Văn bản 5/STP"}.items()
    sent = form(keeper, "take") | TAKEN
    for _ in range(2):  # pressed twice
        keeper.read(await keeper.client.post(f"{keeper.base}{PAGE}", data=sent), 200)
    assert "Đã nhận khối số." in keeper.page.text
    assert "Số kế tiếp 121/2026 Còn lại 12" in keeper.page.text
    assert "Chỉ còn" not in keeper.page.text

    for number in ("121", "122"):
        spoilt = form(keeper, "void") | {"number": number, "reason": "Viết hỏng"}
        keeper.read(await keeper.client.post(f"{keeper.base}{PAGE}", data=spoilt), 200)
    assert "Số kế tiếp 123/2026 Còn lại 10" in keeper.page.text
    assert "Chỉ còn 10 số." in keeper.page.text
    silent = form(keeper, "close")
    keeper.read(await keeper.client.post(f"{keeper.base}{PAGE}", data=silent), 422)
    assert keeper.faults == ["Lý do: chưa ghi."]
    done = silent | {"reason": "Đã có mạng"}
    keeper.read(await keeper.client.post(f"{keeper.base}{PAGE}", data=done), 200)
    assert "121–132/2026 HT/KS 0 2 10 Đã có mạng" in keeper.page.text


async def test_others_see_the_page_and_change_nothing(office: Office) -> None:
    keeper, reception = await come(office, "clerk"), await come(office, "reception")
    await keeper.open(PAGE)
    own = form(keeper, "take") | TAKEN | {"first": "201", "last": "203"}
    keeper.read(await keeper.client.post(f"{keeper.base}{PAGE}", data=own), 200)
    await reception.open(PAGE)

    assert "Số kế tiếp 201/2026" in reception.page.text
    assert not [each for each in reception.page.all("form") if "phan-he" in each["action"]]
    token = {"_csrf_token": own["_csrf_token"], "viec": "take"}
    refused = await reception.client.post(f"{reception.base}{PAGE}", data=own | token)
    assert refused.status_code == 403
    elsewhere = await come(office, "clerk", OTHER)
    await elsewhere.open(PAGE)
    assert "201" not in elsewhere.page.text
    for path in ("/phan-he/civil_status/khac", "/phan-he/khac/so-chinh-thuc"):
        await keeper.open(path, 404)
    cashier = await come(office, "cashier")
    await cashier.open(PAGE, 403)


async def test_only_what_is_named_is_done_and_only_in_years_that_have_books(
    office: Office,
) -> None:
    keeper = await come(office, "clerk")
    await keeper.open(PAGE)
    sent = form(keeper, "take") | TAKEN | {"first": "301", "last": "303"}
    await keeper.send_all(sent | {"year": "20026"}, 422, form=PAGE)
    assert keeper.faults == ["Năm của sổ phải từ 1990 đến 2200 (đã ghi: 20026)."]
    keeper.read(await keeper.client.post(f"{keeper.base}{PAGE}", data=sent), 200)

    odd = form(keeper, "close") | {"viec": "khac", "reason": "Gõ nhầm"}
    answer = await keeper.client.post(f"{keeper.base}{PAGE}", data=odd)

    assert answer.status_code == 422
    await keeper.open(PAGE)
    assert "Gõ nhầm" not in keeper.page.text


async def test_a_form_without_its_key_is_no_failure(office: Office) -> None:
    keeper = await come(office, "field")
    await keeper.open(PAGE)
    sent = form(keeper, "take") | TAKEN | {"first": "401", "last": "403"}
    del sent["khoa"]

    keeper.read(await keeper.client.post(f"{keeper.base}{PAGE}", data=sent), 200)

    assert "Đã nhận khối số." in keeper.page.text


async def test_a_block_that_is_closed_or_none_and_a_kind_there_is_not_change_nothing(
    office: Office,
) -> None:
    keeper = await come(office, "clerk")
    await keeper.open(PAGE)
    sent = form(keeper, "take") | TAKEN | {"first": "501", "last": "503"}
    await keeper.send_all(sent | {"kind": "khac"}, 422, form=PAGE)
    assert keeper.faults == ["Sổ: chưa ghi."]
    keeper.read(await keeper.client.post(f"{keeper.base}{PAGE}", data=sent), 200)

    closing = form(keeper, "close") | {"muc": str(office.house.new_id()), "reason": "Gõ nhầm"}
    answer = await keeper.client.post(f"{keeper.base}{PAGE}", data=closing)

    assert answer.status_code in (404, 422)
    await keeper.open(PAGE)
    assert "Gõ nhầm" not in keeper.page.text
