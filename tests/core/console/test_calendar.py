"""Days decided late: previewed in numbers, confirmed, published for all, and moved exactly so."""

import datetime as dt
from typing import Any

import pytest

from core.console.conftest import PROVINCE_SLUG, Come
from fakes.console import Visitor, hidden
from fakes.office import SLUG, Office, paper
from motcua.services.house import desk

pytestmark = pytest.mark.anyio

LONG = "1.004873"
"""A procedure of several working days."""
DAY = {
    "ten": "Nghỉ phòng bão",
    "can_cu": "Công điện 12/CĐ-UBND",
    "quyet_dinh": "30/11/2026",
    "loai": "holiday",
}


async def received(office: Office) -> dict[str, Any]:
    """A dossier that is due some working days from now."""
    answers = {
        "relationship": "bản thân",
        "subject": {"name": "Nguyễn Thị Ánh", "id_number": "027190001234"},
        "residence_periods": "Từ 2010 đến nay tại Phường Một",
        "marital_status": "chưa đăng ký kết hôn với ai",
        "purpose": "vay vốn",
    }
    answer = await office.ask(
        "POST",
        "/receptions",
        by="reception",
        json={"papers": [paper(procedure=LONG, answers=answers)]},
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["dossiers"][0]
    return found


async def due(office: Office, dossier: dict[str, Any]) -> dt.datetime:
    answer = await office.ask("GET", f"/dossiers/{dossier['id']}", by="field")
    return dt.datetime.fromisoformat(answer.json()["due_at"])


async def confirmed(visitor: Visitor, path: str, form: dict[str, Any], act: str) -> Any:
    """Preview *form*, then send what confirms it."""
    preview = await visitor.post(path, {**form, "lam": "xem"})
    assert preview.status_code == 200, preview.text
    more = {name: hidden(preview, name) for name in ("thay", "so")}
    ticked = {"lam": act, "da_xem": "1", "go_lai": form["ngay"]}
    return preview, await visitor.post(path, {**form, **more, **ticked})


async def test_a_holiday_is_previewed_in_numbers_and_moves_what_it_showed(
    office: Office, come: Come
) -> None:
    dossier = await received(office)
    before = await due(office, dossier)
    visitor = await come("supervisor", PROVINCE_SLUG)
    form = DAY | {"ngay": f"{before:%d/%m/%Y}"}

    preview, done = await confirmed(visitor, "lich", form, "cong-bo")

    assert done.status_code == 200
    assert DAY["ten"] in done.text
    assert "Phường Một" in preview.text
    assert dossier["code"] not in preview.text + done.text
    assert await due(office, dossier) > before
    for slug in (SLUG, "xa-hai"):
        calendar = (await desk(office.house, slug)).calendar
        assert not calendar.is_working_day(before.date())


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ngay": "30/11/2026"}, "đã qua"),
        ({"ngay": "31/02/2027"}, "Ngày chưa đúng"),
        ({"ngay": ""}, "Ngày chưa đúng"),
        ({"loai": "party"}, "Hãy chọn"),
        ({"quyet_dinh": "31/12/2026"}, "không sau hôm nay"),
        ({"can_cu": ""}, "Chưa nhập"),
        ({"loai": "substitute"}, "Ngày chưa đúng"),
        ({"loai": "substitute", "ngay": "12/12/2026", "ngay_doi": "01/01/2027"}, "vốn không làm"),
        ({"loai": "swap", "ngay_doi": "10/12/2026"}, "vốn là ngày làm việc"),
        ({"loai": "withdraw"}, "không có đề xuất"),
    ],
)
async def test_a_day_that_cannot_be_is_refused(
    office: Office, come: Come, wrong: dict[str, str], words: str
) -> None:
    visitor = await come("supervisor", PROVINCE_SLUG)
    before = (await desk(office.house, SLUG)).calendar

    answer = await visitor.post("lich", DAY | {"ngay": "09/12/2026", "lam": "cong-bo"} | wrong)

    assert answer.status_code == 422
    assert words in answer.text
    assert (await desk(office.house, SLUG)).calendar == before


@pytest.mark.parametrize("missing", ["da_xem", "go_lai", "so"])
async def test_nothing_moves_that_was_not_confirmed(
    office: Office, come: Come, missing: str
) -> None:
    visitor = await come("supervisor", PROVINCE_SLUG)
    form = DAY | {"ngay": "16/12/2026"}
    preview = await visitor.post("lich", form | {"lam": "xem"})
    whole = form | {"lam": "cong-bo", "da_xem": "1", "go_lai": form["ngay"]}
    whole |= {name: hidden(preview, name) for name in ("thay", "so")}
    del whole[missing]

    answer = await visitor.post("lich", whole)

    assert answer.status_code == 422
    assert (await desk(office.house, SLUG)).calendar.is_working_day(dt.date(2026, 12, 16))


async def test_a_proposed_day_is_decided_and_no_longer_proposed(office: Office, come: Come) -> None:
    visitor = await come("supervisor", PROVINCE_SLUG)
    form = DAY | {"ngay": "04/02/2027", "ten": "Tết Âm lịch"}

    await confirmed(visitor, "lich", form, "cong-bo")

    facts = (await desk(office.house, SLUG)).calendar.facts(dt.date(2027, 2, 4))
    assert (facts.working, facts.provisional) == ((), False)


@pytest.mark.parametrize(("role", "slug"), [("admin", PROVINCE_SLUG), ("admin", SLUG)])
async def test_only_the_provinces_supervisor_publishes(come: Come, role: str, slug: str) -> None:
    visitor = await come(role, slug)

    assert (await visitor.get("lich")).status_code == 200
    assert (await visitor.post("lich", DAY | {"ngay": "16/12/2026"})).status_code == 403


async def test_a_closure_lists_the_dossiers_and_moves_them(office: Office, come: Come) -> None:
    dossier = await received(office)
    before = await due(office, dossier)
    visitor = await come()
    form = {
        "ngay": f"{before:%d/%m/%Y}",
        "buoi": "ca-ngay",
        "ly_do": "Mất điện",
        "can_cu": "Thông báo 7/TB",
        "quyet_dinh": "01/12/2026",
    }

    preview, done = await confirmed(visitor, "dong-cua", form, "dong-cua")

    assert dossier["code"] in preview.text
    assert done.status_code == 200
    assert await due(office, dossier) > before
    assert (await desk(office.house, "xa-hai")).calendar.is_working_day(before.date())
    assert "Mất điện" in (await visitor.get("nhat-ky")).text


async def test_a_closure_in_the_past_is_refused(come: Come) -> None:
    answer = await (await come()).post(
        "dong-cua", {"ngay": "30/11/2026", "buoi": "ca-ngay", "ly_do": "x", "can_cu": "y"}
    )

    assert answer.status_code == 422
    assert "đã qua" in answer.text


async def test_a_closure_is_taken_back_as_it_was_shown_and_stays_in_the_history(
    office: Office, come: Come
) -> None:
    dossier = await received(office)
    before = await due(office, dossier)
    visitor = await come()
    form = {"ngay": f"{before:%d/%m/%Y}", "buoi": "ca-ngay", "ly_do": "Sửa trụ sở"}
    form |= {"can_cu": "TB 8", "quyet_dinh": "30/11/2026"}
    await confirmed(visitor, "dong-cua", form, "dong-cua")
    assert await due(office, dossier) > before
    path = f"dong-cua/{before:%Y-%m-%d}"

    preview = await visitor.get(path)
    more = {name: hidden(preview, name) for name in ("thay", "so")}
    sure = more | {"da_xem": "1", "go_lai": form["ngay"], "ly_do": "Sửa xong sớm"}
    unsure = await visitor.post(path, more | {"ly_do": "Sửa xong sớm"})
    done = await visitor.post(path, sure)
    again = await visitor.post(path, sure)

    assert dossier["code"] in preview.text
    assert [unsure.status_code, done.status_code, again.status_code] == [422, 303, 404]
    assert await due(office, dossier) == before
    history = (await visitor.get("nhat-ky")).text
    assert "Đã bỏ" in history
