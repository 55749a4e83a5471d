"""The leader's morning: what is due, who is away, letters of apology to sign."""

import pytest

from core.web.counter.conftest import Hire
from fakes.office import Office

pytestmark = pytest.mark.anyio


async def test_a_letter_is_drafted_for_what_will_be_late_and_signed_once(
    office: Office, at_desk: Hire
) -> None:
    dossier = await office.received()
    await office.step(dossier, "T08", "reception")
    leader = await at_desk("leader")

    await leader.open("/sang")
    box = f"chon.{dossier['id']}"
    assert dossier["code"] in leader.page.text
    assert "Đang thẩm định từ" in leader.page.text
    await leader.send(422, form="/sang")
    assert leader.faults == ["Chưa chọn hồ sơ nào để hẹn lại."]
    await leader.send_all({box: "2"}, 422, form="/sang")
    assert leader.faults == ["Chưa ghi lý do chậm."]
    await leader.send_all({box: "2", f"ly_do.{dossier['id']}": "Chờ xác minh"}, form="/sang")

    assert leader.heading == "Xin lỗi, hẹn lại: xong 1 hồ sơ"
    events = (await office.ask("GET", f"/dossiers/{dossier['id']}/events", by="leader")).json()
    assert events["events"][-1]["data"]["new_due"].startswith("2026-12-02T17:00")
    await leader.open("/sang")
    assert dossier["code"] not in leader.page.text


async def test_a_head_reads_the_list_and_leaves_signing_to_the_leader(at_desk: Hire) -> None:
    head = await at_desk("head")

    await head.open("/sang")

    assert "chờ ký" in head.page.text
    assert head.page.all(css="btn--go") == []


async def test_the_morning_is_not_for_every_desk(at_desk: Hire) -> None:
    reception = await at_desk("reception")

    await reception.open("/sang", 403)
