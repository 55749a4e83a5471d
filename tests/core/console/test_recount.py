"""Counting anew: seen first, put right as it was seen, left in the history."""

import datetime as dt

import pytest

from core.console.conftest import Come
from fakes.console import hidden
from fakes.office import SLUG, Office
from motcua.services.figures import figures
from motcua.services.house import desk
from motcua.services.rebuild import differences
from motcua.storage.owner import connected
from motcua.storage.work import work
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

MARITAL = "1.004873"
ANSWERS = {
    "relationship": "bản thân",
    "subject": {"name": "Nguyễn Thị Ánh", "id_number": "027190001234"},
    "residence_periods": "Từ 2010 đến nay tại Phường Một",
    "marital_status": "chưa đăng ký kết hôn với ai",
    "purpose": "vay vốn",
}


async def test_figures_are_counted_anew_after_what_differs_was_seen(
    office: Office, come: Come
) -> None:
    for _ in range(3):
        await office.received()
    where, day = await desk(office.house, SLUG), office.clock.moment.date()
    right = await figures(office.house, where, day, day)
    async with work(office.house.engine, where.id) as writing:
        await writing.execute(
            "update daily_figure set received = 40, late = 7 where tenant_id = $1", where.id
        )
    visitor = await come()
    page = await visitor.get("tinh-lai")
    sent = {"lam": "so-lieu", "thay": hidden(page, "thay", after="Thứ tự các số")}
    await office.received()

    stale = await visitor.post("tinh-lai", sent)
    sent["thay"] = hidden(await visitor.get("tinh-lai"), "thay", after="Thứ tự các số")
    kept = await visitor.post("tinh-lai", sent)

    after = await figures(office.house, where, day, day)
    assert "40 0 0 7 0" in page.text
    assert (stale.status_code, kept.status_code) == (409, 303)
    assert (after.received, after.late) == (right.received + 1, right.late)
    assert await differences(office.house, where) == []
    assert "Số liệu khớp với hồ sơ" in (await visitor.get("tinh-lai")).text
    assert "Khác với hồ sơ" in (await visitor.get("nhat-ky")).text


async def test_figures_of_ratings_are_put_right_with_them(office: Office, come: Come) -> None:
    where, day = await desk(office.house, SLUG), office.clock.moment.date()
    async with work(office.house.engine, where.id) as writing:
        await writing.execute(RATED, where.id, day)
        await writing.execute(WRONG, where.id, where.province_id, day)
    visitor = await come()
    page = await visitor.get("tinh-lai")

    kept = await visitor.post("tinh-lai", {"lam": "so-lieu", "thay": hidden(page, "thay")})

    async with work(office.house.engine, where.id) as reading:
        figures = await reading.fetch("select procedure_code, answer, n from rating_figure")
    assert "· Hài lòng chung, Rất hài lòng" in page.text
    assert kept.status_code == 303
    assert {tuple(row) for row in figures} == {
        (MARITAL, "hai-long", 0),
        ("2.000815", "rat-hai-long", 1),
    }
    assert await differences(office.house, where) == []
    told = f"{MARITAL} · Hài lòng chung, Hài lòng: 9 → 0"
    assert told in (await visitor.get("nhat-ky")).text


async def test_due_times_follow_a_day_that_came_past_the_console(
    office: Office, come: Come, database: ScratchDatabase
) -> None:
    dossier = await office.received(procedure=MARITAL, answers=ANSWERS)
    before = dt.datetime.fromisoformat(dossier["due_at"])
    async with connected(database.owner_dsn) as owner:
        await owner.execute(CLOSED, before.date(), office.clock.moment.date())
        await owner.execute("update tenant set config_version = config_version + 1")
    visitor = await come()
    page = await visitor.get("tinh-lai")
    sent = {"lam": "han-tra", "so": hidden(page, "so"), "da_xem": "1", "go_lai": "01/12/2026"}

    unconfirmed = await visitor.post(
        "tinh-lai", sent | {"da_xem": "", "can_cu": "CĐ 12"} | {"so": "9"}
    )
    kept = await visitor.post("tinh-lai", sent | {"can_cu": "Công điện 12"})

    assert dossier["code"] in page.text
    assert (unconfirmed.status_code, kept.status_code) == (422, 303)
    now = (await office.ask("GET", f"/dossiers/{dossier['id']}", by="field")).json()
    assert dt.datetime.fromisoformat(now["due_at"]) > before
    events = (await office.ask("GET", f"/dossiers/{dossier['id']}/events", by="field")).json()
    assert events["events"][-1]["data"]["basis"] == "Công điện 12"
    assert "đều đúng lịch" in (await visitor.get("tinh-lai")).text
    assert "Tính lại hạn trả" in (await visitor.get("nhat-ky")).text


RATED = """
insert into rating (tenant_id, mark, procedure_code, day, answers, note)
values ($1, '\\x01', '2.000815', $2, '{"overall": "rat-hai-long"}', '')
"""
WRONG = "insert into rating_figure values ($1, $2, $3, '1.004873', 'overall', 'hai-long', 9)"

CLOSED = """
insert into closure (tenant_id, date, sessions, reason, basis, decided_on)
select id, $1, null, 'Bão', 'CĐ', $2 from tenant where slug = 'phuong-mot'
"""
