"""Booking a visit: offered where it is settled, one place for one person, cancelled by code."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from fakes.citizen import Citizen
from fakes.office import OTHER, SLUG, Office
from fakes.officer import Officer
from motcua.domain.calendar import VN
from motcua.services import booking, unit
from motcua.services.booking import SlotTakenError
from motcua.services.change import Asked
from motcua.services.house import Desk, desk
from motcua.storage.work import work

pytestmark = pytest.mark.anyio


async def settled(office: Office, most: int | None) -> Desk:
    here = await desk(office.house, SLUG)
    asked = Asked(place="bounds", subject=here.name)
    await unit.set_settings(office.house, here, {"booking_per_slot": most}, asked)
    return await desk(office.house, SLUG)


@pytest.fixture
async def here(office: Office) -> AsyncIterator[Desk]:
    yield await settled(office, 2)
    async with work(office.house.engine, 101) as writing:
        await writing.execute("delete from booking where tenant_id = 101")


def tomorrow(office: Office) -> dt.date:
    return office.house.today() + dt.timedelta(days=1)


async def test_a_visit_is_booked_shown_to_the_desk_and_cancelled(
    citizen: Citizen, office: Office, here: Desk
) -> None:
    await citizen.open("/thu-tuc/2.000815")
    link = next(each["href"] for each in citizen.page.all("a") if "dat-lich" in each.get("href"))
    await citizen.open(f"{link}&ngay={tomorrow(office)}")
    await citizen.send({"ten": "Bùi An"}, 422)
    assert citizen.faults == ["Hãy chọn một giờ."]
    first = next(each["value"] for each in citizen.page.all("input") if each.get("name") == "gio")
    form = citizen.form()
    sent = {
        each["name"]: each.get("value")
        for each in form.all("input")
        if each.get("type") == "hidden"
    }
    typed = sent | {"gio": first, "ten": "Bùi An", "dien_thoai": "0912000123"}
    await citizen.send(typed)
    code, secret = [each.text for each in citizen.page.all("p", "sheet__code")]
    again = await citizen.client.post(f"/t/{SLUG}/dat-lich", data=typed)
    officer = Officer(office, "reception")
    await officer.sign_in()
    listed = await officer.open(f"/lich-hen?ngay={tomorrow(office)}")
    rows = [each.text for each in listed.all("tr")][1:]

    await citizen.open("/dat-lich/huy")
    await citizen.send({"ma": code, "bi_mat": "x" * 10}, 404)
    await citizen.send({"ma": code, "bi_mat": secret})

    assert code in again.text, "sent twice it is booked once"
    assert len(rows) == 1
    assert "Bùi An" in rows[0]
    assert "Chứng thực bản sao" in rows[0]
    assert "Đã hủy lịch" in citizen.page.text
    assert await booking.coming(office.house, here, tomorrow(office)) == []


async def test_who_comes_is_shown_to_the_reception_alone(office: Office, here: Desk) -> None:
    assert here.settings["booking_per_slot"] == 2
    for role, status in (("reception", 200), ("head", 200), ("field", 403), ("clerk", 403)):
        officer = Officer(office, role)
        await officer.sign_in()
        await officer.open("/lich-hen", status)


async def test_no_place_is_given_twice_however_many_ask_at_once(office: Office, here: Desk) -> None:
    at = (await booking.slots(office.house, here, tomorrow(office)))[0].at

    async def one() -> Any:
        try:
            return await booking.book(office.house, here, uuid.uuid4(), at, "An", "", "")
        except SlotTakenError as error:
            return error

    answers = await asyncio.gather(*(one() for _ in range(8)))

    assert sum(isinstance(each, SlotTakenError) for each in answers) == 6
    assert len(await booking.coming(office.house, here, tomorrow(office))) == 2
    (slot, *_) = await booking.slots(office.house, here, tomorrow(office))
    assert slot.free == 0


async def test_the_same_booking_sent_twice_at_once_is_one(office: Office, here: Desk) -> None:
    at = (await booking.slots(office.house, here, tomorrow(office)))[0].at
    key = uuid.uuid4()

    answers = await asyncio.gather(
        *(booking.book(office.house, here, key, at, "An", "", "") for _ in range(4))
    )

    assert len(set(answers)) == 1
    assert len(await booking.coming(office.house, here, tomorrow(office))) == 1


@pytest.mark.parametrize(
    "hour", ["9999-12-31T23:00:00-12:00", "2026-12-02T08:00", "0001-01-01T00:00+14:00", "\x00"]
)
@pytest.mark.usefixtures("here")
async def test_an_hour_of_no_half_hour_is_asked_for_again(
    citizen: Citizen, office: Office, hour: str
) -> None:
    await citizen.open(f"/dat-lich?ngay={tomorrow(office)}")
    sent = {each["name"]: each.get("value") for each in citizen.form().all("input")}
    typed = sent | {"gio": hour, "ten": "An\x00", "thu_tuc": "\x00"}

    answer = await citizen.client.post(f"/t/{SLUG}/dat-lich", data=typed)
    gone = await citizen.client.post(
        f"/t/{SLUG}/dat-lich/huy", data=sent | {"ma": "L\x00", "bi_mat": "ừ"}
    )

    assert answer.status_code in (200, 422), answer.text
    assert gone.status_code == 404, gone.text


async def test_what_is_over_closed_or_outside_the_hours_is_not_offered(
    office: Office, here: Desk
) -> None:
    today = await booking.slots(office.house, here, office.house.today())
    days = booking.days(office.house, here)
    night = dt.datetime.combine(tomorrow(office), dt.time(3), VN)

    assert all(each.at > office.house.now() for each in today)
    assert all(day.weekday() < 5 for day in days)
    with pytest.raises(SlotTakenError):
        await booking.book(office.house, here, uuid.uuid4(), night, "An", "", "")


async def test_where_nothing_is_settled_nothing_is_offered(
    citizen: Citizen, office: Office
) -> None:
    await settled(office, None)

    await citizen.open("/thu-tuc/2.000815")
    links = [each for each in citizen.page.all("a") if "dat-lich" in each.get("href")]
    await citizen.open("/dat-lich", 404)
    await citizen.open(f"/t/{OTHER}/dat-lich", 404)

    assert links == []
