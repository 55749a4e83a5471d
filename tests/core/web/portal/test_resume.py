"""A draft is opened elsewhere by its code and a proof; guessing is slow and tells nothing."""

import re
from collections.abc import AsyncIterator

import pytest

from fakes.application import WHO, begin
from fakes.citizen import Citizen
from fakes.office import SLUG, Office
from fakes.officer import Officer
from motcua.services import chores
from motcua.services.limits import LIMITS
from motcua.storage.work import work

pytestmark = pytest.mark.anyio


@pytest.fixture
async def other(office: Office) -> AsyncIterator[Citizen]:
    """The same person at another telephone."""
    visitor = Citizen(office)
    yield visitor
    await visitor.client.aclose()


async def saved(citizen: Citizen, **typed: str) -> tuple[str, str]:
    """A draft saved for later; answers its code and its paper code."""
    await begin(citizen)
    await citizen.send(WHO | typed, press="luu")
    code, paper = [each.text for each in citizen.page.all("p", "sheet__code")]
    return code, paper


async def message(office: Office) -> str:
    """The digits in the latest message."""
    async with work(office.house.engine, 101) as reading:
        row = await reading.fetchrow(
            "select body from message where tenant_id = 101 order by id desc limit 1"
        )
    return re.findall(r"\d{6}", row["body"])[-1] if row else ""


async def messages(office: Office) -> int:
    async with work(office.house.engine, 101) as reading:
        row = await reading.fetchrow("select count(*) as n from message where tenant_id = 101")
    found: int = row["n"]
    return found


async def test_a_code_sent_to_the_telephone_opens_the_draft(
    citizen: Citizen, other: Citizen, office: Office
) -> None:
    code, _ = await saved(citizen, **{"nguoi.phone": "0912 000 123"})
    await other.open("/nop")
    await other.send({"ma": code.lower()}, press="gui")
    assert "đã được gửi" in other.page.one("main").text

    await other.send({"ma": code, "so": await message(office)})

    await other.open(other.page.all("a", "row")[0]["href"])
    assert other.value("nguoi.name") == WHO["nguoi.name"]
    await citizen.open(other.path, 404)


async def test_the_paper_code_opens_it_without_a_telephone(
    citizen: Citizen, other: Citizen
) -> None:
    code, paper = await saved(citizen)
    await other.open("/nop")

    await other.send({"ma": code, "so": paper.lower().replace("-", " ")})

    assert other.heading == "Các phần của hồ sơ"


async def test_a_code_is_good_once_and_not_for_long(
    citizen: Citizen, other: Citizen, office: Office
) -> None:
    code, _ = await saved(citizen, **{"nguoi.phone": "0912000123"})
    await other.open("/nop")
    await other.send({"ma": code}, press="gui")
    sent = await message(office)
    await other.send({"ma": code, "so": sent})
    await other.open("/nop")
    await other.send({"ma": code, "so": sent}, 422)
    await other.send({"ma": code}, press="gui")
    fresh = await message(office)
    office.clock.advance(minutes=11)

    await other.send({"ma": code, "so": fresh}, 422)

    office.clock.advance(minutes=-11)
    assert other.faults == ["Mã chưa đúng, hoặc đã hết hạn. Hãy xem lại, hoặc xin mã mới."]


async def test_an_unknown_draft_is_answered_like_one_without_a_telephone(
    citizen: Citizen, other: Citizen, office: Office
) -> None:
    code, _ = await saved(citizen)
    before = await messages(office)
    told = []
    for each in (code, "AAAA-2222"):
        await other.open("/nop")
        await other.send({"ma": each}, press="gui")
        told.append(other.page.one("main").text.replace(each, ""))
        await other.send({"ma": each, "so": "123456"}, 422)
        told.append(other.page.one("main").text.replace(each, ""))

    assert told[:2] == told[2:]
    assert await messages(office) == before


async def test_guessing_a_hundred_times_is_stopped_alike_for_known_and_unknown(
    citizen: Citizen, other: Citizen, office: Office
) -> None:
    code, paper = await saved(citizen)
    office.house.limits.pop("code-tried")
    stopped = {}
    await other.open("/nop")
    form = other.form()
    try:
        for each in (code, "BBBB-3333"):
            statuses = []
            for n in range(100):
                sent = {"ma": each, "so": f"{n:06d}", "_csrf_token": other.value("_csrf_token")}
                answer = await other.client.post(form["action"], data=sent)
                statuses.append(answer.status_code)
            stopped[each] = statuses
        sent = {"ma": code, "so": paper, "_csrf_token": other.value("_csrf_token")}
        refused = await other.client.post(form["action"], data=sent)
        office.clock.advance(minutes=11)
        opened = await other.client.post(form["action"], data=sent)
    finally:
        office.clock.advance(minutes=-11)
        office.house.limits["code-tried"] = office.house.limits["codes"]

    most = LIMITS["code-tried"].most
    assert stopped[code] == stopped["BBBB-3333"] == [422] * most + [429] * (100 - most)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) <= 600
    assert "Hãy đợi 10 phút" in refused.text
    assert opened.url.path.startswith(f"/t/{SLUG}/nop/")


async def test_messages_are_shown_at_the_counter_of_a_demonstration_only(
    citizen: Citizen, other: Citizen, office: Office
) -> None:
    code, _ = await saved(citizen, **{"nguoi.phone": "0912000123"})
    await other.open("/nop")
    await other.send({"ma": code}, press="gui")
    officer = Officer(office, "reception")
    await officer.sign_in()

    await officer.open("/tin-nhan")
    shown = officer.page.one("main").text
    office.house.demo = False
    await officer.open("/tin-nhan", 404)
    await other.open("/nop")
    offered = other.page.one("main").text
    office.house.demo = True

    assert await message(office) in shown
    assert "Gửi mã tới điện thoại" not in offered
    await officer.client.aclose()


async def test_old_codes_messages_and_counts_are_forgotten(office: Office) -> None:
    office.clock.advance(days=2)
    await chores.once(office.house)
    office.clock.advance(days=-2)
    office.tokens.clear()

    async with work(office.house.engine, 101) as reading:
        for table in ("message", "one_time_code", "rate_limit"):
            row = await reading.fetchrow(f"select count(*) as n from {table}")  # noqa: S608 - a test's own names
            assert row["n"] == 0, table
