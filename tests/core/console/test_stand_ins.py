"""Standing in: the absent person's work, under one's own name, and no signature by it."""

import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from core.console.conftest import Come
from fakes.console import hidden
from fakes.office import OTHER, SLUG, Office, paper
from motcua.services import staff
from motcua.services.configure import assign_signer
from motcua.services.house import desk
from motcua.storage.work import Work, work

pytestmark = pytest.mark.anyio

WEEK = {"tu_ngay": "01/12/2026", "den_ngay": "04/12/2026"}
RECEPTION = {"papers": [paper()]}


async def account(office: Office, role: str, slug: str = SLUG) -> int:
    return await staff.account_id(office.house, await desk(office.house, slug), f"{role}.{slug}")


async def form(office: Office, absent: str, other: str, *roles: str, **more: str) -> dict[str, Any]:
    people = {"vang": await account(office, absent), "thay": await account(office, other)}
    return {name: str(who) for name, who in people.items()} | WEEK | {"vai": [*roles]} | more


@pytest.fixture(autouse=True)
async def nobody_stands_in(office: Office) -> AsyncIterator[None]:
    begun = office.clock.moment
    yield
    office.clock.moment = begun
    where = await desk(office.house, SLUG)
    async with work(office.house.engine, where.id) as writing:
        await writing.execute("delete from stand_in where tenant_id = $1", where.id)


async def test_a_stand_in_sees_and_does_the_work_under_their_own_name(
    office: Office, come: Come
) -> None:
    before = await office.ask("POST", "/receptions", by="clerk", json=RECEPTION)
    visitor = await come()
    kept = await visitor.post("thay-the", await form(office, "reception", "clerk", "reception"))
    answer = await office.ask("POST", "/receptions", by="clerk", json=RECEPTION)
    dossier = answer.json()["dossiers"][0]
    events = await office.ask("GET", f"/dossiers/{dossier['id']}/events", by="head")
    cookies = {"cookie": f"motcua_quay={await office.token('clerk')}", "accept": "text/html"}
    mine = await office.client.get(f"/t/{SLUG}/quay/?nhom=mine", headers=cookies)
    shown = await office.client.get(f"/t/{SLUG}/quay/ho-so/{dossier['id']}", headers=cookies)

    assert (before.status_code, kept.status_code, answer.status_code) == (403, 303, 201)
    (event,) = events.json()["events"]
    assert (event["actor"], event["data"]["in_place_of"]) == ("Cán bộ clerk", "Cán bộ reception")
    assert dossier["code"] in mine.text
    assert "Làm thay" in shown.text

    page = await visitor.get("thay-the")
    (number,) = re.findall(r'action="[^"]*/thay-the/([0-9a-f-]{36})"', page.text)
    sent = {"ten": "x", "da_thay": hidden(page, "da_thay")}
    assert (await visitor.post(f"thay-the/{number}", sent)).status_code == 303
    assert (await visitor.post(f"thay-the/{number}", sent)).status_code == 409
    after = await office.ask("POST", "/receptions", by="clerk", json=RECEPTION)
    assert after.status_code == 403
    assert "Cán bộ reception" in (await visitor.get("nhat-ky")).text


@pytest.mark.parametrize(("days", "status"), [(-1, 403), (0, 201), (3, 201), (4, 403)])
async def test_it_holds_on_its_days_only(
    office: Office, come: Come, days: int, status: int
) -> None:
    sent = await form(office, "reception", "clerk", "reception")
    assert (await (await come()).post("thay-the", sent)).status_code == 303
    office.tokens.pop("clerk." + SLUG, None)
    office.clock.advance(days=days)
    answer = await office.ask("POST", "/receptions", by="clerk", json=RECEPTION)
    office.tokens.clear()

    assert answer.status_code == status


async def test_standing_in_for_a_leader_makes_nobody_a_signer(office: Office, come: Come) -> None:
    visitor = await come()
    await visitor.post("thay-the", await form(office, "leader", "head", "leader"))
    dossier = await office.received()
    for step, by in (("T08", "reception"), ("T16", "field")):
        dossier |= (await office.step(dossier, step, by)).json()
    where = await desk(office.house, SLUG)

    without = await office.step(dossier, "T18", "head")
    await assign_signer(office.house, where, full_name="Chủ tịch", title="Chủ tịch", act="NQ 1")
    for_another = await office.step(dossier, "T18", "head", data={"signer": "Chủ tịch"})
    told = (await visitor.get("thay-the")).text
    head = await account(office, "head")
    await assign_signer(
        office.house, where, full_name="Cán bộ head", title="Phó", act="NQ 2", staff_id=head
    )
    as_oneself = await office.step(dossier, "T18", "head")

    assert (without.status_code, for_another.status_code) == (422, 422)
    assert "không ký được" in told
    assert (as_oneself.status_code, as_oneself.json()["state"]) == (200, "approved")


@pytest.mark.parametrize(
    ("absent", "other", "roles", "more", "words"),
    [
        ("reception", "reception", ["reception"], {}, "Không ai thay chính mình"),
        ("reception", "clerk", ["leader"], {}, "vai trò của người vắng"),
        ("reception", "clerk", [], {}, "vai trò của người vắng"),
        ("admin", "clerk", ["admin"], {}, "vai trò của người vắng"),
        ("reception", "clerk", ["reception"], {"den_ngay": "30/11/2026"}, "Ngày cuối"),
        ("reception", "clerk", ["reception"], {"den_ngay": "mai"}, "Ngày chưa đúng"),
        ("reception", "clerk", ["reception"], {"thay": "999999"}, "đang làm việc ở đơn vị"),
        ("reception", "clerk", ["reception"], {"thay": "x"}, "Hãy chọn một trong"),
    ],
)
async def test_what_cannot_be_is_asked_again(
    office: Office,
    come: Come,
    absent: str,
    other: str,
    roles: list[str],
    more: dict[str, str],
    words: str,
) -> None:
    answer = await (await come()).post(
        "thay-the", await form(office, absent, other, *roles, **more)
    )

    assert answer.status_code == 422
    assert words in answer.text


async def test_nobody_gives_themselves_a_colleagues_work_and_none_of_another_unit(
    office: Office, come: Come
) -> None:
    visitor = await come()
    own = await visitor.post("thay-the", await form(office, "leader", "admin", "leader"))
    theirs = {"thay": str(await account(office, "clerk", OTHER))}
    foreign = await visitor.post(
        "thay-the", await form(office, "reception", "clerk", "reception", **theirs)
    )
    gone = await visitor.post("thay-the/00000000-0000-7000-8000-000000000001", {"ten": "x"})

    assert (own.status_code, foreign.status_code, gone.status_code) == (403, 422, 404)
    assert "Không ai tự đổi quyền" in own.text


async def test_whoever_is_away_too_stands_in_for_nobody(office: Office, come: Come) -> None:
    visitor = await come()
    await visitor.post("thay-the", await form(office, "clerk", "head", "clerk"))

    answer = await visitor.post("thay-the", await form(office, "reception", "clerk", "reception"))

    assert answer.status_code == 422
    assert "cũng vắng" in answer.text


async def test_the_page_asks_as_often_for_many_as_for_one(
    office: Office, come: Come, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = await come()
    asked: list[str] = []
    for name in ("fetch", "fetchrow"):
        monkeypatch.setattr(Work, name, heard(asked, getattr(Work, name)))
    counts = []

    for other in ("clerk", "field", "cashier"):
        await visitor.post("thay-the", await form(office, "reception", other, "reception"))
        asked.clear()
        await visitor.get("thay-the")
        counts.append(len(asked))

    assert counts[0] == counts[-1], asked


def heard(asked: list[str], asking: Callable[..., Any]) -> Callable[..., Any]:
    async def ask(there: Work, sql: str, *args: Any) -> Any:
        if "from stand_in" in sql:
            asked.append(sql)
        return await asking(there, sql, *args)

    return ask
