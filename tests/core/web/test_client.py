"""Where a request comes from, and over what: the peer, or what a trusted proxy says of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from motcua.app import Settings, create_app
from motcua.registry.loading import load_registry
from motcua.services import staff
from motcua.services.house import desk
from motcua.storage.work import work
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

PROXY, SLUG = "10.0.0.5", "phuong-mot"
WORDS = "câu chỉ mình tôi biết"


async def addresses(
    database: ScratchDatabase, home: Path, peer: str, forwarded: str
) -> AsyncIterator[str]:
    settings = Settings(database=database.app_dsn.url, home=str(home), proxies=(PROXY,))
    app = create_app(settings, registry=load_registry({}))
    transport = httpx.ASGITransport(app, client=(peer, 1))  # type: ignore[arg-type] # httpx and Litestar word the same protocol differently
    async with (
        app.lifespan(),
        httpx.AsyncClient(transport=transport, base_url="http://test.local") as client,
    ):
        await client.post(
            f"/t/{SLUG}/api/v1/sessions",
            json={"username": "khong-ai", "password": "sai"},
            headers={"X-Forwarded-For": forwarded},
        )
        async with work(app.state.house.engine, 101) as reading:
            rows = await reading.fetch("select address from sign_in_event order by at desc limit 1")
        yield rows[0]["address"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "kept"),
    [
        (PROXY, "203.0.113.9", "203.0.113.9"),
        (PROXY, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("192.0.2.4", "203.0.113.9", "192.0.2.4"),
    ],
    ids=["through the proxy", "with an invented one before", "not through the proxy"],
)
async def test_only_a_trusted_proxy_says_where_a_request_comes_from(
    database: ScratchDatabase, tmp_path: Path, peer: str, forwarded: str, kept: str
) -> None:
    async for found in addresses(database, tmp_path, peer, forwarded):
        assert found == kept


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_under_https_the_session_travels_over_https_only(
    database: ScratchDatabase, tmp_path: Path, scheme: str
) -> None:
    url = f"{scheme}://test.local"
    settings = Settings(database=database.app_dsn.url, home=str(tmp_path), base_url=url)
    app = create_app(settings, registry=load_registry({}))
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type] # httpx and Litestar word the same protocol differently
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url=url) as client:
        house = app.state.house
        name = f"{scheme}-an"
        here = await desk(house, SLUG)
        await staff.create(house, here, username=name, password=WORDS, roles=["field"])
        await client.get(f"/t/{SLUG}/quay/dang-nhap")
        sent = {"username": name, "password": WORDS, "_csrf_token": client.cookies["motcua_csrf"]}
        answer = await client.post(f"/t/{SLUG}/quay/dang-nhap", data=sent)

    assert answer.status_code == 303
    assert ("Secure" in answer.headers["set-cookie"]) is (scheme == "https")
