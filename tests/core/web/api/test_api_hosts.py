"""A tenant with a host name of its own (architecture §7: then the prefix disappears)."""

import asyncpg
import httpx
import pytest

from fakes.office import COPY, OTHER, SLUG, Office
from fakes.officer import Officer, fields_of
from motcua.testing.database import ScratchDatabase
from motcua.web.counter.session import COOKIE
from motcua.web.hosts import HostNames

pytestmark = pytest.mark.anyio
HOST = "motcua.phuong-mot.example.vn"


@pytest.fixture(scope="module")
async def named(office: Office, database: ScratchDatabase) -> Office:
    """The office, one tenant of which has a host name."""
    connection = await asyncpg.connect(database.owner_dsn.url)
    await connection.execute("update tenant set hosts = $1 where slug = $2", [HOST], SLUG)
    await connection.close()
    assert isinstance(office.app.asgi_handler, HostNames)
    office.app.asgi_handler.forget()
    return office


async def get(office: Office, path: str, host: str) -> httpx.Response:
    return await office.client.get(path, headers={"Host": host})


@pytest.mark.parametrize("host", [HOST, HOST.upper(), f"{HOST}:8000"])
async def test_on_its_own_host_a_tenant_needs_no_prefix(named: Office, host: str) -> None:
    answer = await get(named, f"/api/v1/procedures/{COPY}", host)

    assert answer.status_code == 200
    assert answer.json()["definition"]["code"] == COPY


async def test_with_the_prefix_it_is_the_same(named: Office) -> None:
    answer = await get(named, f"/t/{SLUG}/api/v1/procedures/{COPY}", HOST)

    assert answer.status_code == 200


@pytest.mark.parametrize("path", [f"/t/{OTHER}/", f"/t/{OTHER}/api/v1/procedures", f"/t/{OTHER}"])
async def test_on_its_own_host_no_other_tenant_is_served(named: Office, path: str) -> None:
    """Cookies belong to a host: no other tenant's pages may read or set them there."""
    answer = await get(named, path, HOST)

    assert answer.status_code == 404


async def test_at_the_counter_on_its_own_host_the_session_lasts(named: Office) -> None:
    officer = Officer(named, "field")
    officer.client.headers["Host"] = HOST
    officer.base = "/quay"
    await officer.sign_in()
    signed_in = officer.heading

    await officer.open("/")
    assert officer.heading == signed_in == "Việc theo hạn trả"

    officer.client.headers["Host"] = "test.local"
    officer.base = f"/t/{SLUG}/quay"
    await officer.open("/tai-khoan")
    await officer.client.post(
        "/quay/dang-xuat", data=fields_of(officer.form("dang-xuat")), headers={"Host": HOST}
    )
    assert COOKIE not in officer.client.cookies


async def test_on_another_host_the_prefix_is_needed(named: Office) -> None:
    answer = await get(named, f"/api/v1/procedures/{COPY}", "khac.example.vn")

    assert answer.status_code == 404


async def test_a_token_of_another_tenant_opens_nothing_on_this_host(named: Office) -> None:
    token = await named.token("reception", OTHER)

    answer = await named.client.get(
        "/api/v1/dossiers", headers={"Host": HOST, "Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/schema/openapi.json"])
async def test_what_belongs_to_the_whole_installation_stays(named: Office, path: str) -> None:
    answer = await get(named, path, HOST)

    assert answer.status_code == 200


async def test_the_description_holds_every_route_of_the_api(named: Office) -> None:
    answer = await get(named, "/api/schema/openapi.json", "localhost")

    described = answer.json()
    paths = {path.removeprefix("/t/{slug}/api/v1") for path in described["paths"]}
    assert described["openapi"].startswith("3.1")
    assert {
        "/sessions",
        "/dossiers",
        "/dossiers/{dossier}",
        "/dossiers/{dossier}/transitions",
        "/dossiers/{dossier}/events",
        "/dossiers/{dossier}/explanation",
        "/receptions",
        "/procedures",
        "/procedures/{code}",
        "/calendar",
        "/figures",
        "/lookup",
    } <= paths


async def test_the_description_says_who_may_ask_and_what_may_go_wrong(named: Office) -> None:
    described = (await get(named, "/api/schema/openapi.json", "localhost")).json()
    receptions = described["paths"]["/t/{slug}/api/v1/receptions"]["post"]

    assert receptions["security"] == [{"bearer": []}]
    assert described["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert {"201", "400", "401", "403", "404", "409", "415", "422", "503"} <= set(
        receptions["responses"]
    )
    problem = receptions["responses"]["422"]["content"]["application/problem+json"]
    assert problem["schema"]["$ref"].endswith("Problem")
    assert "Idempotency-Key" in {each["name"] for each in receptions["parameters"]}
