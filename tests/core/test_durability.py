"""Whatever is killed under load: what was acknowledged is there, and everything fits together.

A real ``motcua serve`` on its own embedded server, waiting for the disk. In each round
the database is killed, then the serving processes, while citizens and officers work.
"""

import asyncio
import contextlib
import itertools
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from fakes.office import PASSWORD, paper
from motcua.app import build_house
from motcua.app import now as the_clock
from motcua.registry.loading import load_registry
from motcua.services import staff
from motcua.services.house import House, desk
from motcua.services.publish import publish_shipped
from motcua.services.verify import verify
from motcua.storage.migrate import migrate
from motcua.storage.settings import Database, resolve
from motcua.storage.tenants import apply_tenants, read_tenants
from motcua.storage.work import work

pytestmark = pytest.mark.anyio

MOTCUA = str(Path(sys.executable).parent / "motcua")
SLUG = "phuong-mot"
API = f"/t/{SLUG}/api/v1"
CLIENTS = 6
BEFORE, AFTER = 25, 25
"""Acknowledged receptions before and after the database is killed."""
PATIENCE = 90.0

PROVINCE = """
name = "Tỉnh Thử"
kind = "province"
type_vi = "Tỉnh"
plugins = ["certification"]
codes = [{ code = "99", valid_from = 2025-07-01 }]
"""
WARD = """
name = "Phường Một"
kind = "ward"
type_vi = "Phường"
codes = [{ code = "99001", valid_from = 2025-07-01 }]
"""


class Ledger:
    """What the server has acknowledged, as its clients wrote it down.

    Attributes:
        versions: The last version acknowledged of each dossier.
        codes: The code of each.
        keys: How many different receptions were asked for.
    """

    def __init__(self) -> None:
        self.versions: dict[UUID, int] = {}
        self.codes: dict[UUID, str] = {}
        self.keys = 0
        self.troubles = 0
        self._more = asyncio.Condition()

    async def until(self, count: int) -> None:
        """Wait for so many acknowledged receptions."""
        async with asyncio.timeout(PATIENCE), self._more:
            await self._more.wait_for(lambda: len(self.codes) >= count)

    async def acknowledge(self, dossier: UUID, code: str, version: int) -> None:
        """A dossier was answered for."""
        self.codes[dossier], self.versions[dossier] = code, version
        async with self._more:
            self._more.notify_all()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one ward and one officer."""
    folder = tmp_path_factory.mktemp("durable")
    units = folder / "units" / "tinh-thu"
    units.mkdir(parents=True)
    (units / "province.toml").write_text(PROVINCE, encoding="utf-8")
    (units / f"{SLUG}.toml").write_text(WARD, encoding="utf-8")
    with resolve(folder / "home", {}) as database:
        asyncio.run(_furnish(database, folder / "units"))
    return folder / "home"


async def _furnish(database: Database, units: Path) -> None:
    registry = load_registry()
    plugins = [tables.app_config for _, tables in registry.tables()]
    await migrate(database.owner, database.app.user, plugins)
    await publish_shipped(database.owner, registry, the_clock())
    await apply_tenants(database.owner, read_tenants(units))
    async with _house(database) as house:
        where = await desk(house, SLUG)
        await staff.create(
            house,
            where,
            username="an",
            password=PASSWORD,
            roles=["reception", "field"],
            permanent=True,
        )


@contextlib.asynccontextmanager
async def _house(database: Database) -> AsyncIterator[House]:
    house = build_house()
    await house.engine.open(database.app)
    yield house
    await house.engine.close()


@contextlib.contextmanager
def serving(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """``motcua serve`` and its address; every process of it is killed at the end."""
    process = subprocess.Popen(
        [MOTCUA, "serve", "--port", "18431"],
        env={**os.environ, "MOTCUA_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = next(filter(None, (re.match(r"ready (\S+)", line) for line in process.stdout)))
        yield process, found[1]
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def kill_database(home: Path) -> None:
    """``kill -9`` of the postmaster; all of its processes go with it."""
    lines = (home / "postgres" / "data" / "postmaster.pid").read_text(encoding="utf-8").split()
    os.kill(int(lines[0]), signal.SIGKILL)


async def client(url: str, token: str, ledger: Ledger, keys: Iterator[str]) -> None:
    """Receive dossiers and begin to work on them until the server is gone for good."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=url + API, headers=headers, timeout=20) as http:
        while True:
            received = await _insist(http, ledger, "/receptions", {"papers": [paper()]}, keys)
            one = received["dossiers"][0]
            found = UUID(one["id"])
            await ledger.acknowledge(found, one["code"], one["version"])
            body = {"transition": "T08", "version": 1}
            step = await _insist(http, ledger, f"/dossiers/{found}/transitions", body, keys)
            ledger.versions[found] = step["version"]


async def _insist(
    http: httpx.AsyncClient, ledger: Ledger, path: str, body: Any, keys: Iterator[str]
) -> dict[str, Any]:
    """Repeat one request under one key until it is answered, as a careful client does."""
    key = next(keys)
    ledger.keys += path == "/receptions"
    while True:
        try:
            answer = await http.post(path, json=body, headers={"Idempotency-Key": key})
        except httpx.HTTPError:
            ledger.troubles += 1
        else:
            if answer.is_success:
                found: dict[str, Any] = answer.json()
                return found
            assert answer.status_code >= 500, answer.text
            ledger.troubles += 1
        await asyncio.sleep(0.05)


async def round_of(home: Path, ledger: Ledger, keys: Iterator[str]) -> None:
    """Serve, work, kill the database, go on working, kill the server."""
    with serving(home) as (process, url):
        async with httpx.AsyncClient(base_url=url + API) as http:
            signed = await http.post("/sessions", json={"username": "an", "password": PASSWORD})
        token = signed.json()["token"]
        have = len(ledger.codes)
        clients = [asyncio.create_task(client(url, token, ledger, keys)) for _ in range(CLIENTS)]
        await ledger.until(have + BEFORE)
        kill_database(home)
        await ledger.until(len(ledger.codes) + AFTER)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for each in clients:
            each.cancel()
        ended = await asyncio.gather(*clients, return_exceptions=True)
        assert {type(each) for each in ended} == {asyncio.CancelledError}


_WAITS = """
select name, setting from pg_settings
where name in ('fsync', 'full_page_writes', 'synchronous_commit')
"""


async def look(home: Path, ledger: Ledger) -> None:
    """Everything acknowledged is there, nothing was done twice, and it fits together."""
    with resolve(home, {}) as database:
        async with _house(database) as house:
            where = await desk(house, SLUG)
            async with work(house.engine, where.id) as reading:
                waits = await reading.fetch(_WAITS)
                rows = await reading.fetch("select id, code, version from dossier")
            found = await verify(house, database.home)
    stored = {row["id"]: (row["code"], row["version"]) for row in rows}
    assert {row["name"]: row["setting"] for row in waits} == {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
    }
    assert set(ledger.codes) <= set(stored)
    for dossier, code in ledger.codes.items():
        assert stored[dossier][0] == code
        assert stored[dossier][1] >= ledger.versions[dossier]
    assert len(stored) <= ledger.keys
    assert found.faults == ()
    assert (found.ok, found.dossiers) == (True, len(stored))


async def outlive(home: Path, rounds: int, capsys: pytest.CaptureFixture[str]) -> None:
    ledger, keys, began = Ledger(), map("key-{}".format, itertools.count()), time.monotonic()
    for _ in range(rounds):
        await round_of(home, ledger, keys)
        await look(home, ledger)

    assert len(ledger.codes) >= rounds * (BEFORE + AFTER)
    assert ledger.troubles > 0
    with capsys.disabled():
        seconds = time.monotonic() - began
        print(  # noqa: T201 - for the log of the run
            f"\n{rounds} rounds in {seconds:.0f} s: {len(ledger.codes)} acknowledged dossiers,"
            f" {ledger.troubles} failed requests, none lost"
        )


async def test_nothing_acknowledged_is_lost_when_database_and_server_are_killed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await outlive(home, 5, capsys)


@pytest.mark.slow
async def test_nothing_acknowledged_is_lost_in_twenty_rounds(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await outlive(home, 20, capsys)
