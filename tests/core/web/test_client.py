"""Where a request comes from: the peer, or what a trusted proxy says of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from motcua.app import Settings, create_app
from motcua.registry.loading import load_registry
from motcua.storage.work import work
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

PROXY, SLUG = "10.0.0.5", "phuong-mot"


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
