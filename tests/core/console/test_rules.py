"""Fees, limits and signers: bounded by the law, from a day on, with a history."""

import datetime as dt
from typing import Any

import pytest

from core.console.conftest import PROVINCE_SLUG, Come
from fakes.console import hidden
from fakes.office import COPY, SLUG, Office, paper
from motcua.services.fees import fees
from motcua.services.house import desk

pytestmark = pytest.mark.anyio

BIRTH, MARITAL = "1.001193", "1.004873"
MARITAL_ANSWERS = {
    "relationship": "bản thân",
    "subject": {"name": "Nguyễn Thị Ánh", "id_number": "027190001234"},
    "residence_periods": "Từ 2010 đến nay tại Phường Một",
    "marital_status": "chưa đăng ký kết hôn với ai",
    "purpose": "vay vốn",
}


async def fee_of(office: Office) -> str:
    """A fee the law leaves to the province."""
    line = next(
        line for line in fees(office.house, await desk(office.house, SLUG)) if line.amount is None
    )
    return line.fee.id


async def today_amount(office: Office, fee: str, slug: str = SLUG) -> int | None:
    return (await desk(office.house, slug)).amounts_on(office.house.today()).get(fee)


async def test_a_provinces_fee_holds_in_its_communes_from_its_day(
    office: Office, come: Come
) -> None:
    fee = await fee_of(office)
    visitor = await come("supervisor", PROVINCE_SLUG)
    form = {"muc": "8.000", "tu_ngay": "01/12/2026", "can_cu": "NQ 10/2026/NQ-HĐND"}
    seen = hidden(await visitor.get(f"le-phi/{fee}"), "thay")

    kept = await visitor.post(f"le-phi/{fee}", form | {"thay": seen})
    later = {"muc": "9.000", "tu_ngay": "01/01/2027"}
    await visitor.post(f"le-phi/{fee}", form | later)

    assert kept.status_code == 303
    assert await today_amount(office, fee) == 8000
    amounts = (await desk(office.house, SLUG)).amounts_on(dt.date(2027, 1, 1))
    assert amounts[fee] == 9000
    assert "NQ 10/2026" in (await visitor.get("nhat-ky")).text


async def test_what_a_commune_sets_holds_over_the_provinces(office: Office, come: Come) -> None:
    fee = await fee_of(office)
    form = {"tu_ngay": "01/12/2026", "can_cu": "NQ 1"}
    await (await come("supervisor", PROVINCE_SLUG)).post(f"le-phi/{fee}", form | {"muc": "5.000"})
    await (await come()).post(f"le-phi/{fee}", form | {"muc": "0"})

    assert await today_amount(office, fee) == 0
    assert await today_amount(office, fee, "xa-hai") == 5000


@pytest.mark.parametrize(
    "wrong",
    [
        {"muc": "-1"},
        {"muc": "tám nghìn"},
        {"muc": ""},
        {"muc": "9" * 15},
        {"tu_ngay": "30/11/2026"},
        {"tu_ngay": "32/01/2027"},
        {"can_cu": ""},
    ],
)
async def test_a_fee_that_cannot_be_is_refused(
    office: Office, come: Come, wrong: dict[str, str]
) -> None:
    fee = await fee_of(office)
    before = await today_amount(office, fee)
    form = {"muc": "1.000", "tu_ngay": "01/12/2026", "can_cu": "NQ"} | wrong

    answer = await (await come()).post(f"le-phi/{fee}", form)

    assert answer.status_code == 422
    assert await today_amount(office, fee) == before


async def test_two_who_set_the_same_fee_lose_nothing(office: Office, come: Come) -> None:
    fee = await fee_of(office)
    first, second = await come(), await come()
    seen = hidden(await second.get(f"le-phi/{fee}"), "thay")
    form = {"tu_ngay": "02/12/2026", "can_cu": "NQ"}
    await first.post(f"le-phi/{fee}", form | {"muc": "1.000", "thay": seen})

    refused = await second.post(f"le-phi/{fee}", form | {"muc": "2.000", "thay": seen})

    assert refused.status_code == 409
    amounts = (await desk(office.house, SLUG)).amounts_on(dt.date(2026, 12, 2))
    assert amounts[fee] == 1000


async def test_a_fee_of_the_law_cannot_be_set(come: Come) -> None:
    form = {"muc": "1", "tu_ngay": "01/12/2026", "can_cu": "NQ"}

    assert (await (await come()).post("le-phi/copy-first-pages", form)).status_code == 404


async def listed(office: Office) -> dict[str, Any]:
    answer = await office.ask("GET", "/procedures")
    return {each["code"]: each["limit"] for each in answer.json()["procedures"]}


async def test_a_shorter_limit_holds_and_a_longer_one_is_refused(
    office: Office, come: Come
) -> None:
    law = (await listed(office))[MARITAL]["amount"]
    visitor = await come()
    form = {"nhan": "1", "can_cu": "QĐ 5/QĐ-UBND"}

    longer = await visitor.post(f"thu-tuc/{MARITAL}", form | {"han": str(law + 1)})
    shorter = await visitor.post(f"thu-tuc/{MARITAL}", form | {"han": str(law - 1)})

    assert longer.status_code == 422
    assert "không được dài hơn" in longer.text
    assert shorter.status_code == 303
    assert (await listed(office))[MARITAL]["amount"] == law - 1


@pytest.mark.parametrize(
    "wrong",
    [{"han": "0"}, {"han": "-1"}, {"han": "ba"}, {"han": "99999"}, {"han": "1", "can_cu": ""}],
)
async def test_a_limit_that_cannot_be_is_refused(
    office: Office, come: Come, wrong: dict[str, str]
) -> None:
    before = await listed(office)

    answer = await (await come()).post(
        f"thu-tuc/{MARITAL}", {"nhan": "1", "can_cu": "QĐ 5"} | wrong
    )

    assert answer.status_code == 422
    assert await listed(office) == before


async def test_a_procedure_no_longer_taken_is_refused_at_the_desk(
    office: Office, come: Come
) -> None:
    visitor = await come()
    await visitor.post(f"thu-tuc/{COPY}", {"can_cu": "Thông báo 1"})
    refused = await office.ask("POST", "/receptions", by="reception", json={"papers": [paper()]})
    await visitor.post(f"thu-tuc/{COPY}", {"nhan": "1"})

    assert refused.status_code == 409
    assert (await office.received())["code"]


async def test_a_signer_signs_from_the_next_request_and_ends(come: Come) -> None:
    visitor = await come()
    form = {
        "ho_ten": "Trần Văn Ký",
        "chuc_danh": "Phó Chủ tịch",
        "van_ban": "QĐ 12/QĐ-UBND ngày 01/12/2026",
        "tu_cach": "deputy",
        "linh_vuc": "chung-thuc",
    }

    kept = await visitor.post("nguoi-ky", form)
    page = await visitor.get("nguoi-ky")
    ends = {
        "den_ngay": "31/12/2026",
        "ho_ten": form["ho_ten"],
        "thay": hidden(page, "thay", "QĐ 12"),
    }
    action = page.text.split('action="')[2:]
    where = next(each.split('"')[0] for each in action if "/nguoi-ky/" in each.split('"')[0])
    ended = await visitor.post(where.split("/admin/")[1], ends)

    assert kept.status_code == ended.status_code == 303
    told = (await visitor.get("nguoi-ky")).text
    assert "01/12/2026 – 31/12/2026" in told
    assert "Chứng thực" in told
    assert "Trần Văn Ký không ký chứng thực được theo tư cách đang ghi" in told


@pytest.mark.parametrize(
    "wrong",
    [
        {"ho_ten": ""},
        {"van_ban": ""},
        {"tu_cach": "king"},
        {"tai_khoan": "999999"},
        {"linh_vuc": "khong-co"},
        {"tu_ngay": "hôm nay"},
        {"tu_ngay": "10/12/2026", "den_ngay": "09/12/2026"},
    ],
)
async def test_a_signer_who_cannot_be_is_refused(come: Come, wrong: dict[str, str]) -> None:
    form = {"ho_ten": "A", "chuc_danh": "B", "van_ban": "C", "tu_cach": "own"} | wrong

    assert (await (await come()).post("nguoi-ky", form)).status_code == 422


async def test_a_procedure_is_taken_at_the_counter_only(office: Office, come: Come) -> None:
    visitor, sent = await come(), paper(procedure=MARITAL, answers=MARITAL_ANSWERS)
    begin = f"/t/{SLUG}/thu-tuc/{MARITAL}"
    form = {"nhan": "1", "can_cu": "TB 3"}

    baseless = await visitor.post(f"thu-tuc/{MARITAL}", form | {"can_cu": ""})
    kept = await visitor.post(f"thu-tuc/{MARITAL}", form)

    assert (baseless.status_code, kept.status_code) == (422, 303)
    portal = (await office.client.get(begin, headers={"accept": "text/html"})).text
    assert "Nộp tại quầy." in portal
    assert f'action="{begin}/nop"' not in portal
    online = await office.ask("POST", "/dossiers", json=sent)
    assert (online.status_code, online.json()["type"]) == (409, "procedure.not-online")
    assert "chỉ nhận thủ tục" in online.json()["detail"]
    assert (await office.received(procedure=MARITAL, answers=MARITAL_ANSWERS))["code"]
    await visitor.post(f"thu-tuc/{MARITAL}", {"nhan": "1", "mang": "1"})
    assert (await office.ask("POST", "/dossiers", json=sent)).status_code == 201


async def test_what_the_law_keeps_at_the_counter_is_not_switched_on(
    office: Office, come: Come
) -> None:
    plugins = (await desk(office.house, SLUG)).plugins
    offline = next(
        each.definition.code
        for each in office.house.catalogue.current(office.house.today())
        if each.definition.online_level == "khong" and plugins.works(each.owner)
    )
    visitor = await come()
    page = await visitor.get(f"thu-tuc/{offline}")

    await visitor.post(f"thu-tuc/{offline}", {"nhan": "1", "mang": "1"})

    here = await desk(office.house, SLUG)
    definition = office.house.catalogue.in_force(offline, office.house.today()).definition
    assert 'name="mang"' not in page.text
    assert not here.online(definition)
