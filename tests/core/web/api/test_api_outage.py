"""A database that stops in the middle: nothing half written, and a clear answer."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from fakes.office import SLUG, Office, opened, paper
from motcua.storage.dsn import Dsn
from motcua.storage.launcher import Embedded, Server
from motcua.storage.migrate import migrate

pytestmark = pytest.mark.anyio


class Stoppable:
    """An embedded server that a test may stop and start again."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._share: Embedded | None = None

    def start(self) -> Server:
        self._share = Embedded(self._home, ephemeral=True)
        return self._share.start()

    def stop(self) -> None:
        if self._share is not None:
            self._share.close()
            self._share = None


def _short_home() -> Path:
    home = Path(tempfile.mkdtemp(prefix="mc-"))
    home.chmod(0o755)
    return home


@pytest.fixture
async def stoppable(tmp_path: Path) -> AsyncIterator[tuple[Stoppable, Office, Dsn]]:
    """An office over a server of its own, and that server.

    Its home has a short name: a socket must be found at the same place again.
    """
    home = _short_home()
    ours = Stoppable(home)
    server = await asyncio.to_thread(ours.start)
    try:
        await asyncio.to_thread(asyncio.run, migrate(server.owner, server.app.user))
        connection = await asyncpg.connect(server.owner.url)
        await connection.execute(_TENANTS)
        await connection.close()
        async with opened(server.owner, server.app, tmp_path / "home") as office:
            yield ours, office, server.admin.with_database(server.app.database)
    finally:
        await asyncio.to_thread(ours.stop)
        await asyncio.to_thread(shutil.rmtree, home)


async def test_a_stopped_database_is_told_and_work_goes_on_when_it_is_back(
    stoppable: tuple[Stoppable, Office, Dsn],
) -> None:
    server, office, _ = stoppable
    await office.received()
    await office.token("field")

    await asyncio.to_thread(server.stop)
    answers = [
        await office.ask("POST", "/receptions", by="reception", json={"papers": [paper()]}),
        await office.ask("GET", "/procedures"),
        await office.client.get("/readyz", headers={"Accept": "application/json"}),
    ]
    await asyncio.to_thread(server.start)

    for answer in answers:
        assert answer.status_code == 503, answer.text
        assert answer.headers["retry-after"] == "5"
        assert answer.json()["type"] == "storage.unavailable"
    found = await office.ask("GET", "/dossiers", by="field")
    assert found.status_code == 200, found.text
    assert len(found.json()["dossiers"]) == 1
    dossier = await office.received()
    assert dossier["code"].endswith("0002"), "the failed reception took no number"


async def test_a_connection_cut_in_the_middle_of_a_step_leaves_the_dossier_as_it_was(
    stoppable: tuple[Stoppable, Office, Dsn],
) -> None:
    _, office, admin = stoppable
    dossier = await office.received()
    blocking, killing = await asyncpg.connect(admin.url), await asyncpg.connect(admin.url)
    lock = blocking.transaction()
    await lock.start()
    await blocking.execute("select 1 from dossier where id = $1 for update", dossier["id"])

    step = asyncio.create_task(office.step(dossier, "T08", "reception"))
    while not await killing.fetchval(_CUT):  # noqa: ASYNC110 - it happens in the database
        await asyncio.sleep(0.01)
    answer = await step
    await lock.rollback()
    for connection in (blocking, killing):
        with contextlib.suppress(asyncpg.PostgresError):
            await connection.close()

    assert answer.status_code == 503
    after = await office.ask("GET", f"/dossiers/{dossier['id']}", by="field")
    assert after.json()["version"] == dossier["version"]
    assert (await office.step(dossier, "T08", "reception")).status_code == 200


_CUT = """
select bool_or(pg_terminate_backend(pid)) from pg_stat_activity
where wait_event_type = 'Lock' and usename <> current_user
"""

_TENANTS = f"""
insert into tenant (id, slug, name, kind, type_vi, parent_id, codes, predecessors, successors,
                    hosts, settings, opened_on, closed_on, archived, config_version)
select id, slug, slug, kind, '', parent, '[{{"code": "99001", "valid_from": "2025-07-01",
       "valid_to": null}}]', '[]', '[]', '{{}}', '{{}}', '2025-07-01', null, false, 1
from (values (100, 'tinh-thu', 'province', null::int), (101, '{SLUG}', 'ward', 100),
             (102, 'xa-hai', 'commune', 100)) as t (id, slug, kind, parent)
"""  # noqa: S608 - constants of this file
