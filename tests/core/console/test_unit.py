"""The unit itself, and the first page of the console."""

import datetime as dt

import pytest

from core.console.conftest import PROVINCE_SLUG, Come
from fakes.console import hidden
from fakes.office import SLUG, Office
from motcua.services.hosts import hosts
from motcua.services.house import desk
from motcua.storage.owner import connected
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

CONTACT = {"phone": "0222 3800 000", "address": "Số 1 đường Thử", "hours": "07:30–17:00"}
WEEK = {
    f"{edge}{weekday}": hour
    for weekday in range(5)
    for edge, hour in (
        ("s_mo", "07:00"),
        ("s_dong", "11:00"),
        ("c_mo", "13:00"),
        ("c_dong", "16:00"),
    )
}


async def test_a_contact_stands_at_the_foot_of_the_portal(office: Office, come: Come) -> None:
    visitor = await come()

    kept = await visitor.post("don-vi", CONTACT | {"hosts": "mot.vidu.gov.vn", "idle": "30"})

    portal = await office.client.get(f"/t/{SLUG}/", headers={"accept": "text/html"})
    assert kept.status_code == 303
    assert CONTACT["phone"] in portal.text
    assert (await hosts(office.house))["mot.vidu.gov.vn"] == SLUG
    assert (await desk(office.house, SLUG)).settings["session_idle_minutes"] == 30


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"hosts": "http://mot.vn/"}, "không phải tên miền"),
        ({"hosts": "test.local"}, "có nơi khác dùng"),
        ({"hosts": "hai.vidu.gov.vn"}, "có nơi khác dùng"),
        ({"phone": "0" * 50}, "Dài quá"),
        ({"idle": "0"}, "Hãy chọn"),
    ],
)
async def test_a_unit_that_cannot_be_is_refused(
    office: Office, come: Come, wrong: dict[str, str], words: str
) -> None:
    await (await come("admin", "xa-hai")).post("don-vi", {"hosts": "hai.vidu.gov.vn"})
    before = (await desk(office.house, SLUG)).settings

    answer = await (await come()).post("don-vi", CONTACT | {"hosts": ""} | wrong)

    assert answer.status_code == 422
    assert words in answer.text
    assert (await desk(office.house, SLUG)).settings == before


async def test_other_hours_hold_from_their_day(office: Office, come: Come) -> None:
    visitor = await come()
    form = WEEK | {"tu_ngay": "14/12/2026", "can_cu": "QĐ 9/QĐ-UBND"}
    preview = await visitor.post("gio-lam-viec", form | {"lam": "xem"})
    more = {name: hidden(preview, name) for name in ("thay", "so")}

    unconfirmed = await visitor.post("gio-lam-viec", form | more | {"lam": "ghi"})
    kept = await visitor.post(
        "gio-lam-viec", form | more | {"lam": "ghi", "da_xem": "1", "go_lai": "14/12/2026"}
    )

    assert (unconfirmed.status_code, kept.status_code) == (422, 303)
    calendar = (await desk(office.house, SLUG)).calendar
    opens = [calendar.facts(dt.date(2026, 12, day)).sessions[0].opens for day in (11, 14)]
    assert opens == [dt.time(7, 30), dt.time(7)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"tu_ngay": "01/12/2026"},
        {"tu_ngay": ""},
        {"can_cu": ""},
        {"s_mo0": "11:30"},
        {"s_mo0": "bảy giờ"},
        {"s_dong0": ""},
        {"s_mo0": "12:30", "s_dong0": "12:45"},
        dict.fromkeys(WEEK, ""),
    ],
)
async def test_hours_that_cannot_be_are_refused(come: Come, wrong: dict[str, str]) -> None:
    form = WEEK | {"tu_ngay": "21/12/2026", "can_cu": "QĐ 9"} | wrong

    assert (await (await come()).post("gio-lam-viec", form)).status_code == 422


async def test_the_first_page_leads_to_what_is_missing(come: Come) -> None:
    page = (await (await come()).get("")).text

    assert "Hôm nay không có ai được phân công ký" in page
    assert f'href="/t/{SLUG}/admin/nguoi-ky"' in page


async def test_the_province_sees_numbers_and_no_dossier(office: Office, come: Come) -> None:
    dossier = await office.received()

    page = await (await come("supervisor", PROVINCE_SLUG)).get("")

    assert page.status_code == 200
    assert "Đang giải quyết" in page.text
    assert dossier["code"] not in page.text


async def test_a_province_sees_its_own_units_only(
    office: Office, come: Come, database: ScratchDatabase
) -> None:
    other = (
        "insert into tenant (id, slug, name, kind, type_vi, parent_id, codes, predecessors,"
        " successors, hosts, settings, archived, config_version) values"
        " (200, 'tinh-khac', 'Tỉnh Khác', 'province', 'Tỉnh', NULL, '[]', '[]', '[]', '{}', '{}',"
        " false, 1), (201, 'xa-khac', 'Xã Khác', 'commune', 'Xã', 200, '[]', '[]', '[]', '{}',"
        " '{}', false, 1)"
    )
    async with connected(database.owner_dsn) as owner:
        await owner.execute(other)
    visitor = await come("supervisor", PROVINCE_SLUG)
    day = {
        "ngay": "15/12/2026",
        "loai": "holiday",
        "ten": "Nghỉ",
        "can_cu": "CĐ",
        "quyet_dinh": "30/11/2026",
    }

    page = await visitor.get("")
    preview = await visitor.post("lich", day | {"lam": "xem"})
    more = {name: hidden(preview, name) for name in ("thay", "so")}
    sure = {"lam": "cong-bo", "da_xem": "1", "go_lai": day["ngay"]}
    refused = await visitor.post("lich", day | more | sure)

    assert "Xã Khác" not in page.text + preview.text
    assert refused.status_code == 403
    assert "lịch do cấp quốc gia quyết định" in refused.text
    assert (await desk(office.house, SLUG)).calendar.is_working_day(dt.date(2026, 12, 15))
