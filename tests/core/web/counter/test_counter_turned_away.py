"""Somebody who cannot be received goes home with a slip that says why (F02, F03)."""

import pytest

from core.web.counter.conftest import Hire
from fakes.officer import COPY_TYPED, fields_of

pytestmark = pytest.mark.anyio
OPEN = "/khong-nhan/2.000815"


async def test_a_ground_of_the_law_is_picked_and_the_slip_prints_it(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open(OPEN)

    await officer.send_all(
        {"nguoi.name": "Nguyễn Thị Ánh", "refusal_ground": "secret"}, press="luu"
    )

    assert officer.heading == "Phiếu từ chối tiếp nhận giải quyết hồ sơ"
    page = officer.page.text
    assert "Bản chính đóng dấu mật" in page
    assert "(Nghị định 23/2015/NĐ-CP Điều 22)" in page
    assert "Nguyễn Thị Ánh" in page
    assert officer.page.one("main").one("h2").text.startswith("T-261201-")


async def test_what_the_reception_form_held_goes_along(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    form = fields_of(officer.form()) | COPY_TYPED | {"lam": "mo"}
    (button,) = [each for each in officer.page.all("button") if each.get("formaction")]
    officer.read(await officer.client.post(button["formaction"], data=form), 200)

    kept = fields_of(officer.form())
    assert kept["nguoi.name"] == "Nguyễn Thị Ánh"
    assert kept["g0.document_title"] == "Giấy khai sinh"

    typed = {"viec": "T04", "items": "Bản chính\nGiấy ủy quyền", "reason": "Còn thiếu"}
    await officer.send_all(typed | {"until-day": "15/12/2026", "until-hour": "16:30"}, press="luu")

    assert officer.heading == "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"
    assert [each.text for each in officer.page.one("ol").all("li")] == [
        "Bản chính",
        "Giấy ủy quyền",
    ]
    assert "Hạn bổ sung: 15/12/2026 16:30" in officer.page.text
    assert "tra-cuu" in officer.page.text
    await officer.open(officer.path)
    assert "tra-cuu" not in officer.page.text, "the secret is shown to whoever wrote the slip"


async def test_what_is_missing_is_told_and_nothing_typed_is_lost(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open(OPEN)

    await officer.send_all({"viec": "T07", "right_agency": "Xã Hai"}, 422, press="luu")
    assert officer.faults == ["Họ, chữ đệm và tên: chưa nhập."]

    await officer.send_all({"nguoi.name": "An", "reason": ""}, 422, press="luu")
    assert officer.faults == ["Lý do: chưa nhập."]
    assert fields_of(officer.form())["right_agency"] == "Xã Hai"


async def test_a_form_left_unfinished_has_to_be_complete_when_it_is_back(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open(OPEN)
    sent = {"viec": "T04", "items": "Bản chính", "reason": "Thiếu", "nguoi.name": "Lê An"}

    await officer.send_all(sent, press="luu")

    assert officer.heading == "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"
    await officer.open(f"{officer.path.removesuffix('/phieu')}/buoc/T05")
    await officer.send(status=422)
    assert "Số trang của bản chính" in officer.page.text


async def test_pressing_twice_turns_away_once(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open(OPEN)
    typed = {"nguoi.name": "Nguyễn Thị Ánh", "refusal_ground": "damaged"}
    form = officer.form()
    fields = fields_of(form) | typed | {"lam": "luu"}

    first = await officer.client.post(form["action"], data=fields)
    again = await officer.client.post(form["action"], data=fields)

    assert first.url == again.url


async def test_a_submission_is_refused_by_a_ground_at_its_own_page(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open(OPEN)
    sent = {"viec": "T04", "items": "Bản chính", "reason": "Thiếu"}
    await officer.send_all(COPY_TYPED | sent, press="luu")
    dossier = officer.path.removesuffix("/phieu")
    await officer.open(f"{dossier}/buoc/T05")
    await officer.send()

    await officer.open(f"{dossier}/buoc/T07")
    await officer.send(refusal_ground="not-original")
    await officer.send(form="/buoc/")

    await officer.open(f"{dossier}/phieu")
    assert "Không xuất trình được bản chính" in officer.page.text


async def test_a_dossier_that_was_received_has_no_such_slip(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="luu")

    await officer.open(f"{officer.link('/ho-so/')}/phieu", 404)


async def test_only_the_reception_turns_away(at_desk: Hire) -> None:
    officer = await at_desk("field")

    await officer.open(OPEN, 403)
