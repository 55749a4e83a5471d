"""The holder of a dossier pays by transfer, and an officer who saw the money come says so."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from fakes.application import apply
from fakes.citizen import Citizen
from fakes.office import SLUG, Office
from fakes.officer import Officer
from motcua.domain.dossier import Role
from motcua.domain.life import Actor
from motcua.domain.transfer import BankAccount, vietqr
from motcua.services import transfers
from motcua.services.change import Asked
from motcua.services.house import desk
from motcua.services.unit import set_settings
from motcua.services.visit import secret_of
from motcua.ui.qr import drawn

pytestmark = pytest.mark.anyio

ACCOUNT = BankAccount(
    bank="Ngân hàng Thử", bin="970499", number="1234567890", holder="UBND PHUONG MOT"
)
PAGE = "/ho-so/thanh-toan"


@pytest.fixture(autouse=True)
async def account(office: Office) -> None:
    """The unit takes transfers."""
    await settle(office, ACCOUNT)


@pytest.fixture
async def cashier(office: Office) -> AsyncIterator[Officer]:
    officer = Officer(office, "cashier")
    await officer.sign_in()
    yield officer
    await officer.client.aclose()


async def settle(office: Office, account: BankAccount | None) -> None:
    asked = Asked(place="bank_account", subject=SLUG)
    await transfers.set_account(office.house, await desk(office.house, SLUG), account, asked)


async def held(office: Office, citizen: Citizen) -> dict[str, Any]:
    """A received paper of 12,000 VND that the citizen follows."""
    dossier = await office.received()
    secret = secret_of(office.house, UUID(dossier["id"]))
    await citizen.open(f"/q/{dossier['code']}/{secret}")
    return dossier


def said(page: Any) -> str:
    return str(page.page.text).replace("\xa0", " ")


async def test_the_fees_are_paid_without_coming(
    office: Office, citizen: Citizen, cashier: Officer
) -> None:
    dossier = await held(office, citizen)
    assert "Chưa trả 12.000 đ" in said(citizen)
    await citizen.open(PAGE)
    purpose = dossier["code"].replace("-", " ")
    shown = said(citizen)
    for words in ("Thông tư 226/2016/TT-BTC", "Cộng 12.000 đ", purpose):
        assert words in shown
    for words in (ACCOUNT.bank, ACCOUNT.number, ACCOUNT.holder):
        assert words in shown
    drawn_path = re.findall(r' d="([^"]+)"', str(drawn(vietqr(ACCOUNT, 12_000, purpose))))
    assert drawn_path[-1] in citizen.answer.text

    await citizen.send(form="/thanh-toan")
    assert "Bạn báo đã chuyển khoản lúc" in said(citizen)
    assert "Đã trả đủ" not in said(citizen)
    await citizen.open(f"{PAGE}?ngon-ngu=en")
    assert "You told us of a transfer at" in said(citizen)
    assert '<span lang="vi">Thông tư 226/2016/TT-BTC</span>' in citizen.answer.text
    await citizen.open(f"{PAGE}?ngon-ngu=vi")

    await cashier.open(f"/tra?ho_so={dossier['id']}")
    assert "12.000 đ; người nộp báo đã chuyển khoản lúc" in said(cashier)
    await cashier.open("/chot-ngay")
    assert "Chuyển khoản chờ xác nhận: 1" in said(cashier)
    await cashier.open("/chuyen-khoan")
    assert dossier["code"] in said(cashier)
    await cashier.open(cashier.link(f"/ho-so/{dossier['id']}/tien"))
    await cashier.send_all({"ma_gd": ""}, 422, press="tien-ve")
    assert cashier.faults == ["Nhập mã giao dịch trên sao kê của ngân hàng."]
    await cashier.send_all({"ma_gd": "ft26330777", "tien_ve": "1"}, 422, press="tien-ve")
    assert "Tiền về 1.000 đồng, ít hơn phải thu 12.000 đồng" in cashier.faults[0]
    await cashier.send_all({"ma_gd": "", "tien_ve": "1"}, 422, press="tien-ve")
    assert "Nhập mã giao dịch" in cashier.faults[1]
    await cashier.send_all({"ma_gd": "ft26330777", "tien_ve": "15"}, press="tien-ve")
    assert cashier.path == "/chuyen-khoan"
    assert "Đã ghi, biên lai 2026-" in said(cashier)
    assert "Phải chuyển trả" in said(cashier)
    assert "3.000 đ" in said(cashier)
    await cashier.send_all({}, form="/chuyen-khoan")
    assert dossier["code"] not in said(cashier)

    await citizen.open(PAGE)
    assert "Đã trả đủ. Biên lai số 2026-" in said(citizen)
    assert ACCOUNT.number not in said(citizen)
    await citizen.open("/ho-so")
    assert "Biên lai số 2026-" in said(citizen)


async def test_what_was_not_found_is_said_and_may_be_told_of_again(
    office: Office, citizen: Citizen, cashier: Officer
) -> None:
    dossier = await held(office, citizen)
    await citizen.open(PAGE)
    await citizen.send(form="/thanh-toan")
    address = f"/ho-so/{dossier['id']}/tien"
    await cashier.open(address)
    form = cashier.page

    await cashier.send_all({"tra_loi": ""}, 422, press="khong-thay")
    assert cashier.faults == ["Trả lời người nộp: chưa nhập."]
    await cashier.send_all({"tra_loi": "Sao kê chưa có khoản này"}, press="khong-thay")
    cashier.page = form
    await cashier.send_all({"tra_loi": "Lần nữa"}, 422, press="khong-thay")
    assert "đã được cán bộ xử lý" in cashier.faults[0]

    await citizen.open(PAGE)
    assert "Sao kê chưa có khoản này" in said(citizen)
    await citizen.send(form="/thanh-toan")
    assert "Bạn báo đã chuyển khoản lúc" in said(citizen)


async def test_a_rest_of_less_than_a_note_is_taken_as_it_stands(
    office: Office, cashier: Officer
) -> None:
    dossier = await office.received()
    address = f"/ho-so/{dossier['id']}/tien"
    await cashier.open(f"{address}?ve={cashier.base}/chuyen-khoan")
    part = {"ma_gd": "FT1150", "tien_ve": "11.500"}
    await cashier.send_all(part, 422, press="tien-ve")
    await cashier.send_all({"mot_phan": "1"}, press="tien-ve")
    await cashier.open(address)
    fields = cashier.page.all("input") + cashier.page.all("select")
    ids = [each.attributes["id"] for each in fields if "id" in each.attributes]
    assert len(set(ids)) == len(ids)

    await cashier.send_all({"ma_gd": "FT500"}, press="tien-ve")

    assert "Đã thu đủ" in said(cashier)
    assert "phải chuyển trả" not in said(cashier)


async def test_a_unit_without_an_account_asks_people_to_the_counter(
    office: Office, citizen: Citizen
) -> None:
    await held(office, citizen)
    await citizen.open(PAGE)
    token = citizen.form("/thanh-toan")
    here, cashier = await desk(office.house, SLUG), Actor(None, "Thu phí", (Role.CASHIER,))
    for each in await transfers.waiting(office.house, here, cashier):
        await transfers.miss(office.house, here, cashier, each.dossier_id, "Chưa thấy")
    await settle(office, None)

    await citizen.open(PAGE)
    assert "Hãy trả tại quầy" in said(citizen)
    assert not [each for each in citizen.page.all("form") if "thanh-toan" in each["action"]]
    citizen.page = token
    answer = await citizen.client.post(
        f"/t/{SLUG}{PAGE}",
        data={each["name"]: each["value"] for each in token.all("input")},
    )
    assert answer.status_code == 200
    assert "Bạn báo đã chuyển" not in answer.text


async def test_before_the_reception_nothing_is_asked_and_what_is_waived_is_told(
    office: Office, citizen: Citizen
) -> None:
    await citizen.open(PAGE, 403)
    asked = Asked(place="bounds", subject=SLUG)
    amounts = {"fee_amounts": {"marital-status": 5_000}}
    await set_settings(office.house, await desk(office.house, SLUG), amounts, asked)
    await apply(citizen)
    assert "bạn chuyển khoản được mà không phải đến" in said(citizen)
    (follow,) = [each["href"] for each in citizen.page.all("a") if "/q/" in each.get("href")]
    await citizen.open(follow)
    await citizen.open(PAGE)
    assert "Phí được tính khi Một cửa tiếp nhận hồ sơ" in said(citizen)
    assert ACCOUNT.number not in said(citizen)

    listed = await office.ask("GET", "/dossiers?state=submitted", by="reception")
    (line,) = listed.json()["dossiers"]
    picked = {"exemptions": ["poor-household"], "proofs": {"poor-household": "Giấy 12/HN"}}
    answer = await office.ask(
        "POST", "/receptions", by="reception", json={"submitted": line["id"], **picked}
    )
    assert answer.status_code == 201, answer.text

    await citizen.open(PAGE)
    for words in ("Được miễn: Người thuộc hộ nghèo", "Giấy 12/HN", "không có khoản nào phải trả"):
        assert words in said(citizen)


async def test_who_takes_no_money_sees_no_transfers(office: Office) -> None:
    officer = Officer(office, "field")
    await officer.sign_in()

    await officer.open("/chuyen-khoan", 403)

    assert not [each for each in officer.page.all("a") if "/chuyen-khoan" in each.get("href")]
    await officer.client.aclose()
