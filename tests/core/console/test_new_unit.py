"""Opening a commune from the province's console, set up like another one."""

import asyncio
import re

import msgspec
import pytest

from core.console.conftest import PROVINCE_SLUG, Come
from fakes.office import COPY, OTHER, SLUG, Office
from motcua.services.configure import set_override
from motcua.services.house import desk
from motcua.services.staff import account_id
from motcua.storage.owner import connected
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

FORM = {
    "mau": SLUG,
    "loai": "ward",
    "ten": "Phường Bốn",
    "dia_chi": "phuong-bon",
    "ma": "99014",
    "tu_ngay": "01/12/2026",
    "ho_ten": "Nguyễn Văn Quản",
    "ten_dang_nhap": "quan-tri",
}
PEOPLE = ("dossier", "signer", "api_key", "register", "staff")


async def test_a_commune_is_opened_like_another_one(
    office: Office, come: Come, database: ScratchDatabase
) -> None:
    model = await desk(office.house, SLUG)
    await set_override(office.house, model, COPY, offered=False, time_limit=None, basis="QĐ 5")
    await office.received(procedure="9.999001", answers=LISTING)
    visitor = await come("supervisor", PROVINCE_SLUG)

    made = await visitor.post("mo-don-vi", FORM)

    (password,) = re.findall(r'id="mat-khau-dau">([a-z2-7]+)<', made.text)
    model, new = await desk(office.house, SLUG), await desk(office.house, FORM["dia_chi"])
    assert (new.name, new.above, new.unit_code(office.house.today())) == (
        "Phường Bốn",
        "Tỉnh Thử",
        "99014",
    )
    assert (new.plugins, new.overrides) == (model.plugins, model.overrides)
    assert new.calendar.hours == model.calendar.hours
    assert "contact" not in new.settled[-1]
    async with connected(database.owner_dsn) as owner:
        sql = "select count(*) from {} where tenant_id = $1"
        counts = {table: await owner.fetchval(sql.format(table), new.id) for table in PEOPLE}
    assert counts == dict.fromkeys(PEOPLE, 0) | {"staff": 1}
    who = {"username": "quan-tri", "password": password}
    entered = await office.client.post(f"/t/{new.slug}/api/v1/sessions", json=who)
    assert (entered.status_code, entered.json()["roles"]) == (201, ["admin"])
    assert "Phường Bốn" in (await visitor.get("nhat-ky")).text
    assert (
        password not in (await visitor.get("mo-don-vi")).text + (await visitor.get("nhat-ky")).text
    )


OWN = {
    "contact": {"phone": "0241234567"},
    "slip_texts": {"contact": "Hỏi phường Một"},
    "messages": {"received": "Phường Một đã nhận {code}"},
    "campaigns": {},
    "bank_account": {"bank": "A", "bin": "970499", "number": "1", "holder": "UBND PHUONG MOT"},
}
MAILBOX = {"host": "mail.phuong-mot.vn", "sender": "mot@phuong-mot.vn", "username": "mot"}


async def test_it_has_neither_the_words_nor_the_mailbox_of_the_other_one(
    office: Office, come: Come, database: ScratchDatabase
) -> None:
    async with connected(database.owner_dsn) as owner:
        own = msgspec.json.encode(OWN).decode()
        mine = "update tenant set settings = settings || $1, config_version = config_version + 1"
        await owner.execute(f"{mine} where slug = $2", own, SLUG)
        (model,) = await owner.fetch("select id from tenant where slug = $1", SLUG)
        await owner.execute(_SETTINGS, model["id"], "email", msgspec.json.encode(MAILBOX).decode())
        await owner.execute(_SETTINGS, model["id"], "sample", '{"greeting": "x"}')
    visitor = await come("supervisor", PROVINCE_SLUG)

    form = FORM | {"dia_chi": "phuong-bay", "ma": "99017"}
    assert (await visitor.post("mo-don-vi", form)).status_code == 200

    new = await desk(office.house, "phuong-bay")
    assert set(OWN) & set(new.settled[-1]) == set()
    async with connected(database.owner_dsn) as owner:
        rows = await owner.fetch(_PLUGINS, new.id)
    copied = {row["plugin"]: row["settings"] for row in rows}
    assert (copied["email"], copied["sample"]) == ("{}", '{"greeting": "x"}')


_SETTINGS = "update tenant_plugin set settings = $3 where tenant_id = $1 and plugin = $2"
_PLUGINS = "select plugin, settings::text as settings from tenant_plugin where tenant_id = $1"

LISTING = {"things": [{"what": "Đồ vật"}], "copy_count": 1, "way": "tại quầy"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"mau": "tinh-thu"}, "Hãy chọn một trong"),
        ({"mau": "xa-cua-tinh-khac"}, "Hãy chọn một trong"),
        ({"loai": "province"}, "Hãy chọn một trong"),
        ({"ten": "Xã Bốn"}, "Phường"),
        ({"ten": ""}, "Ghi tên đơn vị"),
        ({"dia_chi": OTHER}, "đã có đơn vị dùng"),
        ({"dia_chi": "../admin"}, "chỉ chữ thường"),
        ({"dia_chi": ""}, "chỉ chữ thường"),
        ({"ma": "9901"}, "năm chữ số"),
        ({"ma": "99001"}, "đang là của"),
        ({"tu_ngay": "mai"}, "Ngày chưa đúng"),
        ({"ten_dang_nhap": "Quản Trị"}, "tên đăng nhập"),
        ({"ho_ten": ""}, "200"),
    ],
)
async def test_a_unit_that_cannot_be_is_asked_again(
    come: Come, wrong: dict[str, str], words: str
) -> None:
    form = FORM | {"dia_chi": "phuong-nam", "ma": "99015"} | wrong

    answer = await (await come("supervisor", PROVINCE_SLUG)).post("mo-don-vi", form)

    assert answer.status_code == 422
    assert words.lower() in answer.text.lower()


async def test_of_two_who_open_the_same_unit_at_once_one_is_told(
    office: Office, come: Come
) -> None:
    visitor = await come("supervisor", PROVINCE_SLUG)
    form = FORM | {"dia_chi": "phuong-sau", "ma": "99016"}

    answers = await asyncio.gather(*(visitor.post("mo-don-vi", form) for _ in range(2)))

    assert sorted(answer.status_code for answer in answers) == [200, 422]
    await account_id(office.house, await desk(office.house, "phuong-sau"), "quan-tri")


async def test_a_commune_opens_no_other(come: Come) -> None:
    visitor = await come()

    assert (await visitor.get("mo-don-vi")).status_code == 403
    assert (await visitor.post("mo-don-vi", FORM)).status_code == 403
