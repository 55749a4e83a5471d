"""Keys of other programs: what they open, what they do not, and for how long."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from fakes.office import APPLICANT, OTHER, SLUG, Office
from motcua.domain.calendar import VN
from motcua.domain.life import Actor
from motcua.services import api_keys
from motcua.services.api_keys import Scope
from motcua.services.change import Asked
from motcua.services.house import Limit, desk
from motcua.services.limits import LIMITS
from motcua.storage.work import work
from tenancy.examples import API
from tenancy.routes import targets

pytestmark = pytest.mark.anyio

ADMIN = Actor(1, "Quản trị", ())
Ask = Callable[..., Any]


async def made(office: Office, *scopes: str, slug: str = SLUG, **more: Any) -> str:
    where = await desk(office.house, slug)
    asked = Asked(by=ADMIN, place="api_key", subject="Thử")
    said = {"name": "Thử", "expires_on": None} | more
    return await api_keys.create(office.house, where, scopes=scopes, asked=asked, **said)


async def withdraw(office: Office, key: str) -> None:
    where = await desk(office.house, SLUG)
    async with work(office.house.engine, where.id) as reading:
        found = next(each for each in await api_keys.keys(reading) if key.startswith(each.prefix))
    asked = Asked(by=ADMIN, place="api_key", subject="Thử")
    await api_keys.revoke(office.house, where, found.id, asked)


async def ask(office: Office, key: str, path: str, *, slug: str = SLUG) -> httpx.Response:
    return await office.ask("GET", path, slug=slug, headers={"Authorization": f"Bearer {key}"})


async def test_a_key_opens_what_it_was_made_for_and_nothing_else(office: Office) -> None:
    dossier = await office.received()
    key = await made(office, Scope.STATES)

    states = await ask(office, key, f"/states?code={dossier['code']}")
    refused = await ask(office, key, "/figures")

    (found,) = states.json()["dossiers"]
    assert (found["code"], found["state"]) == (dossier["code"], "received")
    assert APPLICANT["name"] not in states.text
    assert (refused.status_code, refused.json()["type"]) == (403, "api-key.scope")


async def test_no_route_opens_for_a_key_that_no_scope_names(office: Office) -> None:
    key = await made(office, *Scope)
    headers = {"Authorization": f"Bearer {key}"}
    opened = set()
    for target in targets(office.app):
        if target.handler is None or not target.path.startswith(API) or target.public:
            continue
        path = target.path.replace("{slug}", SLUG).replace("{dossier}", "x")
        answer = await office.client.request(target.method, path, headers=headers, json={})
        opened |= {target.path.removeprefix(API)} if answer.status_code != 403 else set()

    assert opened == {"/figures", "/calendar", "/states"}


async def test_states_are_read_page_by_page(office: Office) -> None:
    key = await made(office, Scope.STATES)
    codes = [(await office.received())["code"] for _ in range(3)]
    found: list[str] = []
    after = ""
    while True:
        page = (await ask(office, key, f"/states?limit=2&after={after}")).json()
        found += [each["code"] for each in page["dossiers"]]
        after = page["after"]
        if after is None:
            break

    assert [code for code in found if code in codes] == codes
    assert len(found) == len(set(found))
    assert (await ask(office, key, "/states?after=x")).status_code == 422


@pytest.mark.parametrize("guessed", ["mck_", "mck_" + "A" * 43, "mck_x); drop table api_key; --"])
async def test_a_guessed_key_is_no_key(office: Office, guessed: str) -> None:
    headers = {"Authorization": f"Bearer {guessed}".encode()}
    answer = await office.ask("GET", "/figures", headers=headers)
    nobody = await office.ask("GET", "/figures")

    assert answer.status_code == nobody.status_code == 401
    assert answer.json() == nobody.json()


async def test_a_key_of_one_unit_is_none_in_another(office: Office) -> None:
    key = await made(office, *Scope)
    for path in ("/figures", "/states", "/procedures", "/dossiers"):
        theirs = await ask(office, key, path, slug=OTHER)
        nobody = await office.ask("GET", path, slug=OTHER)

        assert (theirs.status_code, theirs.json()) == (nobody.status_code, nobody.json())


async def test_a_withdrawn_key_is_worth_nothing_from_the_next_request(office: Office) -> None:
    key = await made(office, Scope.FIGURES)
    before = await ask(office, key, "/figures")

    await withdraw(office, key)

    assert before.status_code == 200
    assert (await ask(office, key, "/figures")).status_code == 401
    with pytest.raises(api_keys.UnknownKeyError):
        await withdraw(office, key)


async def test_a_key_ends_after_its_last_day(office: Office) -> None:
    key = await made(office, Scope.FIGURES, expires_on=office.clock.moment.date())
    answers = [await ask(office, key, "/figures")]
    now, office.clock.moment = office.clock.moment, dt.datetime(2026, 12, 2, 0, 1, tzinfo=VN)

    answers.append(await ask(office, key, "/figures"))

    office.clock.moment = now
    assert [answer.status_code for answer in answers] == [200, 401]


async def test_what_is_kept_of_a_key_opens_nothing(office: Office) -> None:
    key = await made(office, Scope.FIGURES)
    await ask(office, key, "/figures")
    where = await desk(office.house, SLUG)
    async with work(office.house.engine, where.id) as reading:
        row = await reading.fetchrow(
            "select k::text as told, last_used_on from api_key k where prefix = $1", key[:10]
        )
        changes = await reading.fetch("select to_jsonb(c)::text as told from config_change c")

    assert key not in row["told"]
    assert row["last_used_on"] == office.clock.moment.date()
    assert not any(key in each["told"] for each in changes)


async def test_a_key_that_asks_too_often_waits(office: Office) -> None:
    key = await made(office, Scope.FIGURES)
    office.house.limits["api-key"] = Limit(2, LIMITS["api-key"].within)

    answers = [await ask(office, key, "/figures") for _ in range(3)]

    office.house.limits["api-key"] = LIMITS["api-key"]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["retry-after"]) > 0
