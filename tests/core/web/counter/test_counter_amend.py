"""Correcting a received paper at the counter."""

import pytest

from core.web.counter.conftest import Hire
from fakes.officer import fields_of, received

pytestmark = pytest.mark.anyio


async def test_the_form_comes_as_it_was_received_and_goes_back_corrected(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    dossier = await received(officer)
    await officer.open(dossier)
    await officer.open(officer.link("/sua"))
    kept = fields_of(officer.form("/sua"))
    assert (kept["nguoi.name"], kept["g0.copy_count"]) == ("Nguyễn Thị Ánh", "3")

    await officer.send_all({"g0.copy_count": "hai", "reason": "x"}, 422, form="/sua")
    assert officer.faults[0].startswith("Số bản sao:")
    right = {"nguoi.name": "Nguyễn Thị Ánh Tuyết", "g0.copy_count": "2", "reason": "Gõ nhầm"}
    await officer.send_all(right, form="/sua")

    said = officer.page.text.replace("\xa0", " ")
    assert "Đã xong: Sửa thông tin đã tiếp nhận." in said
    assert "8.000 đ" in said
    await officer.open(f"{dossier}/tien")
    assert "Hoàn tiền, phiếu 2026-" in officer.page.text
    assert "Đã thu đủ" in officer.page.text


async def test_what_is_changed_on_a_page_that_was_sent_already_is_shown_not_lost(
    at_desk: Hire,
) -> None:
    officer = await at_desk("reception")
    dossier = await received(officer)
    await officer.open(f"{dossier}/sua")
    form = officer.page
    await officer.send_all({"g0.copy_count": "2", "reason": "Gõ nhầm"}, form="/sua")
    officer.page = form

    later = {"g0.copy_count": "1", "reason": "Đếm nhầm"}
    await officer.send_all(later, 422, form="/sua")

    assert officer.faults[0].startswith("Trang này đã gửi một lần")
    assert fields_of(officer.form("/sua"))["g0.copy_count"] == "1"
    await officer.send_all({}, form="/sua")
    assert "4.000 đ" in officer.page.text.replace("\xa0", " ")


async def test_without_a_reason_or_a_difference_nothing_is_kept(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    dossier = await received(officer)
    await officer.open(f"{dossier}/sua")

    await officer.send_all({"nguoi.name": "Khác"}, 422, form="/sua")
    assert officer.faults == ["Lý do: chưa nhập."]
    await officer.send_all({"nguoi.name": "Nguyễn Thị Ánh", "reason": "x"}, 422, form="/sua")

    assert officer.faults == ["Chưa có gì khác với lúc tiếp nhận."]


async def test_others_are_told_whose_it_is(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    dossier = await received(officer)
    other = await at_desk("field")

    await other.open(f"{dossier}/sua", 403)


async def test_what_another_did_meanwhile_is_shown_and_the_correction_is_not_lost(
    at_desk: Hire,
) -> None:
    officer, other = await at_desk("reception"), await at_desk("reception")
    dossier = await received(officer)
    await officer.open(f"{dossier}/sua")
    await other.open(dossier)
    await other.send(form="T08")

    await officer.send_all({"nguoi.name": "Nguyễn Thị Ảnh", "reason": "Gõ nhầm dấu"}, 409)

    assert officer.heading == "Hồ sơ vừa thay đổi"
    assert "Chuyển" in officer.page.one("ol", "hist").text
    assert "Nguyễn Thị Ảnh" in officer.page.one("main").text
    await officer.send(press="xem")
    assert officer.page.with_id("reason").get("value") == "Gõ nhầm dấu"
    await officer.send()
    assert officer.path == dossier
    assert "Nguyễn Thị Ảnh" in officer.page.text
