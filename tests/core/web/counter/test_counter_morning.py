"""The leader's morning: what is due, who is away, letters of apology to sign."""

import pytest

from core.web.counter.conftest import Hire
from fakes.html import Element, parse
from fakes.office import SLUG, Office

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


async def test_an_apology_for_what_is_late_already_is_not_called_early(
    office: Office, at_desk: Hire
) -> None:
    await office.received()
    office.clock.advance(days=30)
    office.tokens.clear()
    leader = await at_desk("leader")

    await leader.open("/sang")
    office.clock.advance(days=-30)
    office.tokens.clear()

    assert "Quá hạn từ" in leader.page.text
    assert "Xin lỗi khi đã quá hạn: được ghi lại." in leader.page.text
    assert "trước hạn chưa đủ một ngày" not in leader.page.text


async def test_a_head_reads_the_list_and_leaves_signing_to_the_leader(at_desk: Hire) -> None:
    head = await at_desk("head")

    await head.open("/sang")

    assert "chờ ký" in head.page.text
    assert head.page.all(css="btn--go") == []


async def test_the_morning_and_the_console_tell_the_same_number(
    office: Office, at_desk: Hire
) -> None:
    await office.received()
    leader, admin = await at_desk("leader"), await at_desk("admin")

    await leader.open("/sang")
    answer = await admin.client.get(f"/t/{SLUG}/admin/")

    tile = next(each for each in leader.page.all("li") if "chưa ký, sắp hoặc" in each.text)
    told = next(each for each in parse(answer.text).all("div") if _is_pair(each))
    (shown,) = (each.text for each in told.all("dd"))
    assert shown != "0"
    assert tile.text.strip().startswith(shown)


def _is_pair(found: Element) -> bool:
    heads = found.all("dt")
    return len(heads) == 1 and "chưa ký, sắp hoặc" in heads[0].text


async def test_the_morning_is_not_for_every_desk(at_desk: Hire) -> None:
    reception = await at_desk("reception")

    await reception.open("/sang", 403)
