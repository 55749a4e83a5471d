"""The queue's pages without a browser: the machine's limit, and what the counter refuses."""

import datetime as dt

import msgspec
import pytest

from core.web.counter.conftest import Hire
from fakes.html import parse
from fakes.office import SLUG, Office
from fakes.officer import Officer, fields_of
from motcua.services.change import Asked
from motcua.services.demo import QUEUE
from motcua.services.house import Limit, desk
from motcua.services.unit import settle

pytestmark = pytest.mark.anyio


@pytest.fixture
async def officer(office: Office, at_desk: Hire) -> Officer:
    """At the reception of a unit with a queue, at no window yet."""
    here = await desk(office.house, SLUG)
    changes = {"queue": msgspec.to_builtins(QUEUE)}
    await settle(office.house, here, changes, (), asked=Asked(place="unit", subject=here.name))
    return await at_desk("reception")


async def test_a_child_that_presses_on_and_on_is_asked_to_wait(
    office: Office, officer: Officer
) -> None:
    office.house.limits["ticket"] = Limit(3, dt.timedelta(minutes=1))
    machine = officer.client

    async def press() -> tuple[int, str]:
        page = await machine.get(f"/t/{SLUG}/lay-so")
        token = page.text.partition('name="_csrf_token" value="')[2].partition('"')[0]
        body = {"chu": "C", "_csrf_token": token}
        answer = await machine.post(f"/t/{SLUG}/lay-so", data=body)
        return answer.status_code, answer.text

    answers = [await press() for _ in range(4)]

    assert [status for status, _ in answers] == [200, 200, 200, 429]
    assert "C003" in answers[2][1]
    assert "chờ một phút" in answers[3][1]
    office.clock.advance(minutes=2)
    assert (await press())[0] == 200


async def test_an_officer_without_scripts_sits_down_calls_and_moves_people_on(
    officer: Officer,
) -> None:
    await officer.open("/hang-cho")
    await officer.send(form="/so", chu="A", uu_tien="1")
    await officer.send(form="hang-cho/quay", quay="Quầy 3")

    await officer.send(form="/goi")

    assert "A001" in officer.page.text
    await officer.send(form="/chuyen", chu="B")
    assert "B – Hộ tịch 1 Đang chờ: Hộ tịch" in officer.page.text
    assert "Ưu tiên" in officer.page.text
    await officer.open("/tiep-nhan")
    assert "Chưa gọi số nào · Quầy 3 · còn " in officer.page.text


async def test_what_a_colleague_did_meanwhile_is_a_clear_conflict(officer: Officer) -> None:
    await officer.open("/hang-cho")
    await officer.send(form="/so", chu="A")
    await officer.send(form="hang-cho/quay", quay="Quầy 4")
    await officer.send(form="/goi")
    stale = officer.page

    await officer.send(form="/vang")
    officer.page = stale
    await officer.send(409, form="/vang")

    assert "vừa được người khác xử lý" in officer.page.text


async def test_a_unit_without_a_queue_says_so_at_its_door(office: Office) -> None:
    for page in ("lay-so", "bang-so", "bang-so/luong"):
        answer = await office.client.get(f"/t/xa-hai/{page}", headers={"accept": "text/html"})

        assert answer.status_code == 404
        assert "không lấy số" in answer.text


async def test_a_double_press_takes_one_number(officer: Officer) -> None:
    await officer.open("/hang-cho")
    opened = officer.page
    for _ in range(2):
        officer.page = opened
        await officer.send(form="/so", chu="B")
    machine = parse((await officer.client.get(f"/t/{SLUG}/lay-so")).text)
    fields = fields_of(machine.all("form")[0]) | {"chu": "B"}

    tickets = [await officer.client.post(f"/t/{SLUG}/lay-so", data=fields) for _ in range(2)]

    (line,) = [each for each in officer.page.all("section") if each.get("aria-labelledby") == "lB"]
    taken = [each.text for each in line.all("th") if each.text.startswith("B0")]
    assert len(taken) == len(set(taken))
    assert tickets[0].url == tickets[1].url
    assert "B002" in tickets[0].text
