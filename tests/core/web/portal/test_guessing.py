"""Whoever guesses waits, whatever is guessed and whether it exists."""

import httpx
import pytest

from fakes.application import apply
from fakes.citizen import Citizen
from fakes.office import APPLICANT, SLUG, Office, paper
from motcua.services.limits import LIMITS

pytestmark = pytest.mark.anyio

UNKNOWN = "99001-261201-9999"


async def sent(citizen: Citizen) -> tuple[str, str]:
    """Code and secret of an application."""
    await apply(citizen)
    code, secret = [each.text for each in citizen.page.all("p", "sheet__code")]
    return code, secret


async def test_a_wrong_secret_a_hundred_times_is_stopped_alike_for_every_code(
    citizen: Citizen, office: Office
) -> None:
    code, secret = await sent(citizen)
    office.house.limits.pop("secret")
    try:
        statuses = {}
        for each in (code, UNKNOWN):
            asked = [
                await office.ask("POST", "/lookup", json={"code": each, "secret": f"wrong{n}"})
                for n in range(100)
            ]
            statuses[each] = [answer.status_code for answer in asked]
        right = await office.ask("POST", "/lookup", json={"code": code, "secret": secret})
        bare = await office.ask("POST", "/lookup", json={"code": code})
        await citizen.open("/tra-cuu")
        await citizen.send({"ma": code, "bi_mat": secret}, 429)
        office.clock.advance(minutes=11)
        later = await office.ask("POST", "/lookup", json={"code": code, "secret": secret})
    finally:
        office.clock.advance(minutes=-11)
        office.house.limits["secret"] = office.house.limits["lookup"]

    most = LIMITS["secret"].most
    assert statuses[code] == statuses[UNKNOWN] == [404] * most + [429] * (100 - most)
    assert right.status_code == 429
    assert right.json()["type"] == "limit.too-often"
    assert "Hãy đợi 10 phút" in citizen.page.one("main").text
    assert bare.status_code == 200
    assert later.json()["applicant"]["name"]


async def test_the_right_secret_wipes_out_the_attempts_before(
    citizen: Citizen, office: Office
) -> None:
    code, secret = await sent(citizen)
    office.house.limits.pop("secret")
    try:
        statuses = []
        for _ in range(3):
            for said in (*("wrong",) * (LIMITS["secret"].most - 1), secret):
                answer = await office.ask("POST", "/lookup", json={"code": code, "secret": said})
                statuses.append(answer.status_code)
    finally:
        office.house.limits["secret"] = office.house.limits["lookup"]

    assert statuses.count(429) == 0
    assert statuses.count(200) == 3


@pytest.mark.parametrize("kind", ["submit", "lookup"])
async def test_one_address_is_stopped_and_another_is_not(office: Office, kind: str) -> None:
    limit = office.house.limits.pop(kind)
    path = {"submit": "/dossiers", "lookup": "/lookup"}[kind]
    body = {"submit": paper(applicant=APPLICANT), "lookup": {"code": UNKNOWN}}[kind]

    async def ask(address: str) -> int:
        transport = httpx.ASGITransport(office.app, client=(address, 1))  # type: ignore[arg-type] # httpx and Litestar word the same protocol differently
        async with httpx.AsyncClient(transport=transport, base_url="http://test.local") as client:
            answer = await client.post(f"/t/{SLUG}/api/v1{path}", json=body)
        return answer.status_code

    try:
        statuses = [await ask("203.0.113.7") for _ in range(LIMITS[kind].most + 1)]
        other = await ask("203.0.113.8")
    finally:
        office.house.limits[kind] = limit

    assert statuses[-1] == 429
    assert 429 not in statuses[:-1]
    assert other != 429
