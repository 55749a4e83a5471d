"""Entering afterwards what was done on paper, at the counter."""

import datetime as dt
from typing import Any

import pytest

from core.web.counter.conftest import Hire
from fakes.office import SLUG, Office
from fakes.officer import COPY_TYPED, fields_of
from motcua.domain.signing import Capacity
from motcua.services.configure import assign_signer
from motcua.services.house import desk

pytestmark = pytest.mark.anyio

HOURS = {
    "ngay": "01/12/2026",
    "gio.T02": "07:40",
    "gio.T08": "07:41",
    "gio.T16": "07:50",
    "gio.T18": "08:00",
    "gio.T19": "08:05",
    "gio.T20": "08:10",
}


async def block(office: Office, count: int = 3) -> str:
    """Numbers of the book of copies, reserved this morning."""
    asked = {"book": "SCT/BS", "count": count, "reason": "Cắt điện"}
    answer = await office.ask("POST", "/registers/blocks", by="clerk", json=asked)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_copy_of_the_day_on_paper_is_entered_with_its_true_hours(
    office: Office, at_desk: Hire
) -> None:
    reserved = await block(office)
    officer = await at_desk("reception")
    await officer.open("/so")
    await officer.open(officer.link("/nhap-sau/"))
    await officer.open(officer.link("/2.000815"))

    await officer.send_all(COPY_TYPED | HOURS, form="/nhap-sau/", press="luu")

    assert officer.path == f"/nhap-sau/{reserved}"
    assert "với giờ thật của nó" in officer.page.text
    found = (await office.ask("GET", "/dossiers", by="field", params={"states": "returned"})).json()
    (dossier,) = [each for each in found["dossiers"] if each["applicant"] == "Nguyễn Thị Ánh"]
    events = await office.ask("GET", f"/dossiers/{dossier['id']}/events", by="field")
    steps = events.json()["events"]
    assert [each["transition"] for each in steps] == ["T02", "T08", "T16", "T18", "T19", "T20"]
    assert steps[0]["at"].startswith(("2026-12-01T00:40", "2026-12-01T07:40"))


async def test_what_cannot_have_been_so_is_told_and_nothing_typed_is_lost(
    office: Office, at_desk: Hire
) -> None:
    reserved = await block(office)
    officer = await at_desk("reception")
    await officer.open(f"/nhap-sau/{reserved}/2.000815")

    await officer.send_all(COPY_TYPED, 422, form="/nhap-sau/", press="luu")
    assert officer.faults == ["Tiếp nhận tại quầy: chưa nhập."]
    wrong = HOURS | {"gio.T16": "07:30"}
    await officer.send_all(COPY_TYPED | wrong, 422, form="/nhap-sau/", press="luu")
    assert len(officer.faults) == 1
    assert "Thời điểm của “Trình lãnh đạo”" in officer.faults[0]
    assert "Nguyễn Thị Ánh" in officer.answer.text
    await officer.send_all(HOURS | {"gio.T16": "07:50", "so_giay": "999"}, 422, form="/nhap-sau/")

    assert len(officer.faults) == 1


async def test_only_the_reception_enters_and_only_into_an_open_block(at_desk: Hire) -> None:
    officer, field = await at_desk("reception"), await at_desk("field")

    await officer.open("/nhap-sau/khong-phai", 404)
    await field.open("/nhap-sau/khong-phai", 403)


async def test_whoever_keeps_the_books_closes_a_block_with_its_reasons(
    office: Office, at_desk: Hire
) -> None:
    reserved = await block(office, 2)
    clerk, officer = await at_desk("clerk"), await at_desk("reception")
    await officer.open(f"/so/day-so/{reserved}", 403)
    await clerk.open("/so")
    await clerk.open(f"/so/day-so/{reserved}")
    spoilt = next(each["name"] for each in clerk.page.all("input") if "hong." in each.get("name"))

    await clerk.send_all({"ly_do": "", spoilt: "Viết hỏng"}, 422, form="/so/day-so/")
    assert len(clerk.faults) == 1
    sheet = clerk.form("/so/day-so/")
    whole = fields_of(sheet) | {"ly_do": "Có điện lại"}
    for _ in range(2):  # pressed twice
        clerk.read(await clerk.client.post(sheet["action"], data=whole), 200)
        assert clerk.path == "/so"
    await clerk.open("/so/trang?so=SCT/BS&nam=2026")
    assert "Hủy: Viết hỏng" in clerk.page.text
    assert "Hủy: Có điện lại" in clerk.page.text
    await clerk.open(f"/so/day-so/{reserved}", 404)


async def test_the_page_offers_what_the_book_numbers_and_whoever_enters_it(
    office: Office, at_desk: Hire
) -> None:
    here = await desk(office.house, SLUG)
    for name, capacity in (("An Phó", Capacity.DEPUTY), ("Lê Văn Ký", Capacity.OWN)):
        said: dict[str, Any] = {"title": "Chủ tịch", "act": "QĐ 1", "capacity": capacity}
        said["valid_from"] = office.house.now() - dt.timedelta(days=7)
        await assign_signer(office.house, here, full_name=name, **said)
    reserved = await block(office)
    officer = await at_desk("reception")
    await officer.open(f"/nhap-sau/{reserved}")
    offered = {
        each["href"].rpartition("/")[2] for each in officer.page.one("ul", "chooser").all("a")
    }
    assert offered == {"2.000815", "2.000942", "9.999001"}, "one of them only knows by its paper"

    await officer.open(officer.link("/2.000815"))
    form = fields_of(officer.form("/nhap-sau/"))
    assert [form[f"ai.{step}"] for step in ("T02", "T20")] == ["Cán bộ reception"] * 2
    assert form["ai.T18"] == "Lê Văn Ký"
    refused = HOURS | {"ai.T18": "An Phó"}
    await officer.send_all(COPY_TYPED | refused, 422, form="/nhap-sau/", press="luu")

    assert "An Phó không được giao ký việc này vào giờ đó" in officer.faults[0]
