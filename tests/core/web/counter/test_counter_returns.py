"""The return desk: who receives what, what stands against it, and results nobody fetches."""

from typing import Any
from uuid import UUID

import pytest

from core.web.counter.conftest import Hire
from fakes.office import SLUG, Office
from fakes.officer import ticked
from motcua.domain.dossier import Role
from motcua.domain.life import Actor
from motcua.services import payments
from motcua.services.house import desk

pytestmark = pytest.mark.anyio

BIRTH_FREE = {"name": "Nguyễn Thị Ánh", "id_number": "027190001234", "phone": "0912345678"}


async def ready(office: Office, *, paid: bool = True, **changes: Any) -> dict[str, Any]:
    """A copy whose result is ready."""
    dossier = await office.received(applicant=BIRTH_FREE, **changes)
    for step, by in (("T08", "reception"), ("T16", "field"), ("T18", "leader"), ("T19", "clerk")):
        answer = await office.step(dossier, step, by)
        assert answer.status_code == 200, answer.text
        dossier = answer.json()
    if paid:
        here = await desk(office.house, SLUG)
        cashier = Actor(None, "Thu phí", (Role.CASHIER,))
        await payments.pay(office.house, here, cashier, [UUID(dossier["id"])])
    return dossier


async def test_a_result_goes_to_its_holder_once_everything_was_looked_at(
    office: Office, at_desk: Hire
) -> None:
    dossier = await ready(office)
    officer = await at_desk("reception")
    await officer.open(f"/tra?q={dossier['code']}")
    assert "Trả được" in officer.page.text
    assert "Phí đã thu" in officer.page.text

    await officer.send(422, form="/tra", so="027190001234", nhan="minh")
    assert any("dấu giáp lai" in each for each in officer.faults)
    await officer.send_all(ticked(officer) | {"nhan": "minh"}, form="/tra")

    assert officer.heading == "Đã trả 1 kết quả"
    told = (await office.ask("GET", f"/dossiers/{dossier['id']}/events", by="reception")).json()
    data = told["events"][-1]["data"]
    assert data["received_by"] == "Nguyễn Thị Ánh"
    assert data["receiver_id"] == "027190001234"
    assert len(data["checked"]) == 3


async def test_a_proxy_brings_a_number_and_an_authorisation(office: Office, at_desk: Hire) -> None:
    dossier = await ready(office)
    officer = await at_desk("reception")
    await officer.open(f"/tra?ho_so={dossier['id']}")

    whole = ticked(officer) | {"nhan": "thay", "ten": "Trần Văn Đức"}
    await officer.send_all(whole | {"so": "", "giay": ""}, 422, form="/tra")
    assert officer.faults == [
        "Nhận thay thì cần số định danh của người nhận.",
        "Nhận thay thì cần giấy ủy quyền.",
    ]
    await officer.send_all(
        whole | {"so": "027190005555", "giay": "Giấy ủy quyền 12/2026"}, form="/tra"
    )

    assert officer.heading == "Đã trả 1 kết quả"
    assert "Giấy ủy quyền 12/2026" in officer.page.text
    assert "027190005555" not in officer.page.text


async def test_another_persons_number_is_not_the_holders(office: Office, at_desk: Hire) -> None:
    dossier = await ready(office)
    officer = await at_desk("reception")
    await officer.open(f"/tra?ho_so={dossier['id']}")

    sent = ticked(officer) | {"nhan": "minh", "so": "027190009999"}
    await officer.send_all(sent, 422, form="/tra")

    assert "không phải của người đứng tên" in officer.faults[0]


async def test_what_is_unpaid_or_unsigned_is_refused_with_what_to_say(
    office: Office, at_desk: Hire
) -> None:
    unpaid = await ready(office, paid=False)
    unsigned = await office.received(applicant=BIRTH_FREE)
    officer = await at_desk("reception")

    await officer.open(f"/tra?ho_so={unpaid['id']}")
    assert "Phí chưa thu đủ" in officer.page.text
    assert "Mời anh chị nộp nốt" in officer.page.text
    assert officer.page.all(css="btn--go") == []
    await officer.open(f"/tra?ho_so={unsigned['id']}")

    assert "Chưa có kết quả" in officer.page.text
    assert "Anh chị chưa phải làm gì thêm." in officer.page.text


async def test_the_fee_is_taken_on_the_way_and_the_desk_shown_again(
    office: Office, at_desk: Hire
) -> None:
    unpaid = [await ready(office, paid=False) for _ in range(2)]
    officer = await at_desk("reception")
    await officer.open("/tra?ho_so=" + "+".join(each["id"] for each in unpaid))

    await officer.open(officer.link(f"{unpaid[0]['id']}/tien?ve="))
    await officer.send(press="thu", form="/tien")

    assert officer.path == "/tra"
    assert [each["code"] in officer.page.text for each in unpaid] == [True, True]
    assert officer.page.text.count("Phí đã thu") == officer.page.text.count("Phí chưa thu đủ") == 1


async def test_what_is_unpaid_is_not_handed_over_from_its_own_page_either(
    office: Office, at_desk: Hire
) -> None:
    unpaid = await ready(office, paid=False)
    officer = await at_desk("reception")
    await officer.open(f"/ho-so/{unpaid['id']}")

    await officer.open(f"/ho-so/{unpaid['id']}/buoc/T20")

    assert officer.path == "/tra"
    assert "Phí chưa thu đủ" in officer.page.text


async def test_the_fee_is_looked_at_in_the_transaction_that_hands_over(
    office: Office, at_desk: Hire
) -> None:
    dossier = await ready(office)
    officer = await at_desk("reception")
    await officer.open(f"/tra?ho_so={dossier['id']}")
    here = await desk(office.house, SLUG)
    cashier = Actor(None, "Thu phí", (Role.CASHIER,))
    await payments.refund(office.house, here, cashier, UUID(dossier["id"]), reason="Thu nhầm")

    await officer.send_all(ticked(officer) | {"nhan": "minh"}, form="/tra")

    assert officer.heading == "Đã trả 0 kết quả"


async def test_only_what_was_shown_is_handed_over(office: Office, at_desk: Hire) -> None:
    shown, other = await ready(office), await ready(office)
    officer = await at_desk("reception")
    await officer.open(f"/tra?ho_so={shown['id']}")
    sent = ticked(officer) | {"nhan": "minh", f"tra.{other['id']}": str(other["version"])}

    await officer.send_all(sent | {f"tra.{shown['id']}": "²"}, 422, form="/tra")
    await officer.send_all(sent, form="/tra")

    assert officer.heading == "Đã trả 1 kết quả"
    told = (await office.ask("GET", f"/dossiers/{other['id']}", by="reception")).json()
    assert told["state"] == "result_ready"


async def test_handing_over_twice_does_nothing_twice(office: Office, at_desk: Hire) -> None:
    dossier = await ready(office)
    officer = await at_desk("reception")
    await officer.open(f"/tra?ho_so={dossier['id']}")
    sent, before = ticked(officer) | {"nhan": "minh"}, officer.page
    await officer.send_all(sent, form="/tra")
    officer.page = before

    await officer.send_all(sent, form="/tra")

    assert officer.heading == "Đã trả 1 kết quả"


async def test_a_result_nobody_fetches_has_a_shelf_and_says_how_long_it_waits(
    office: Office, at_desk: Hire
) -> None:
    dossier = await ready(office)
    office.clock.advance(days=3)
    officer = await at_desk("reception")
    await officer.open("/tra")
    assert "3 ngày" in officer.page.text
    assert "Chưa có kênh nhắn tin" in officer.page.text

    await officer.send_all({f"ke.{dossier['id']}": "B3"}, form="/tra/ke", press="ke")
    office.clock.advance(days=-3)

    shelf = [each["value"] for each in officer.page.all("input") if each.get("value") == "B3"]
    assert shelf == ["B3"]
