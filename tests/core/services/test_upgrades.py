"""Plugins change under running dossiers: new versions, failed migrations, removal."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import msgspec
import pytest
from piccolo.conf.apps import AppConfig

import motcua_sample.plugin
from core.services.shop import AN, SHIPPED, Shop, copy, open_shop
from motcua.domain.form import TextField
from motcua.domain.limit import Unit
from motcua.domain.procedure_limit import Limit
from motcua.registry import PluginRemovedError, Registry, load_registry
from motcua.services.assess import Paper
from motcua.services.publish import publish_shipped
from motcua.storage.engine import TenantEngine
from motcua.storage.errors import MigrationError
from motcua.storage.leftovers import left_behind
from motcua.storage.migrate import migrate
from motcua.testing.database import ScratchDatabase
from motcua.testing.procedures import SMALL, plugin_module, small_procedure

pytestmark = pytest.mark.anyio

PAPER = Paper(procedure=SMALL.code, applicant=AN, answers={"copy_count": 2})
CHANGED = small_procedure(
    name="Thủ tục thử (mới)",
    limit=Limit(amount=9, unit=Unit.WORKING_DAY),
    form_fields=(*SMALL.form_fields, TextField(id="purpose", label="Mục đích", required=True)),
)
OLD = plugin_module("growing", SMALL, version="1.0.0")
NEW = plugin_module("growing", CHANGED, version="2.0.0")
SAMPLE = Paper(
    procedure="9.999001",
    applicant=AN,
    answers={"things": [{"what": "Đồ vật"}], "copy_count": 1, "way": "tại quầy"},
)
HALF = """
from motcua.plugin.tables import sql_migration

ID = "2099-01-01T00:00:00:000000"

async def forwards():
    first = "ALTER TABLE sample_note ADD COLUMN half_way text"
    return sql_migration(ID, "sample", "", first, "SELECT nonsense")
"""


@pytest.fixture(scope="module")
async def opened(engine: TenantEngine, database: ScratchDatabase) -> Shop:
    modules = {**SHIPPED, "growing": OLD, "sample": motcua_sample.plugin}
    return await open_shop(engine, database.owner_dsn, modules=modules)


@pytest.fixture
def shop(opened: Shop) -> Iterator[Shop]:
    """The shop on a new day; whatever is installed in a test is put back."""
    before = opened.house.registry
    opened.next_day()
    yield opened
    opened.house.registry = before


def without(shop: Shop, name: str) -> Registry:
    """What is installed, less one plugin."""
    modules = {n: p.module for n, p in shop.house.registry.plugins.items() if n != name}
    return load_registry(modules)


async def test_a_running_dossier_finishes_under_the_version_it_began_with(shop: Shop) -> None:
    """The file changed without a new date: another version, named by what it says."""
    running = await shop.received(PAPER)
    (before,) = await kept(shop, running.id)
    shop.house.registry = load_registry({**SHIPPED, "growing": NEW})
    await publish_shipped(shop.owner, shop.house.registry, shop.clock.tick())

    finished = await shop.walk(running, "T08", "T16", "T18", "T19")

    (after,) = await kept(shop, running.id)
    assert finished.state == "result_ready"
    assert after == before
    assert after["version_id"] == SMALL.version_id != CHANGED.version_id
    assert after["answers"] == before["answers"]
    stored = await shop.rows(
        "select definition from procedure_version where id = $2 and $1 > 0", SMALL.version_id
    )
    assert msgspec.json.decode(stored[0]["definition"])["name"] == SMALL.name


async def test_a_new_dossier_comes_under_the_new_version(shop: Shop) -> None:
    shop.house.registry = load_registry({**SHIPPED, "growing": NEW})
    await publish_shipped(shop.owner, shop.house.registry, shop.clock.tick())
    answers = {**PAPER.answers, "purpose": "Đi học"}

    received = await shop.received(msgspec.structs.replace(PAPER, answers=answers))

    (row,) = await kept(shop, received.id)
    assert (row["version_id"], row["plugin_version"]) == (CHANGED.version_id, "2.0.0")
    assert received.due_at is not None
    assert received.due_at - shop.clock.now > dt.timedelta(days=9)


async def kept(shop: Shop, dossier: object) -> list[dict[str, object]]:
    """What must not change with a plugin."""
    return await shop.rows(
        "select version_id, plugin_version, answers, legal_due_at, promise_at"
        " from dossier where tenant_id = $1 and id = $2",
        dossier,
    )


async def test_a_migration_that_fails_half_way_is_undone_and_the_old_code_works_on(
    shop: Shop, database: ScratchDatabase, tmp_path: Path
) -> None:
    own = motcua_sample.plugin.tables().app_config
    folder = tmp_path / "migrations"
    shutil.copytree(own.resolved_migrations_folder_path, folder)
    (folder / "half.py").write_text(HALF)

    with pytest.raises(MigrationError, match="2099"):
        await migrate(database.owner_dsn, database.app_dsn.user, [AppConfig("sample", folder)])

    connection = await asyncpg.connect(database.owner_dsn.url)
    columns = await connection.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'sample_note'::regclass AND attnum > 0"
    )
    ran = await connection.fetchval("SELECT count(*) FROM migration WHERE name LIKE '2099%'")
    await connection.close()
    assert "half_way" not in {row["attname"] for row in columns}
    assert ran == 0
    before = await shop.count("sample_note")
    assert (await shop.received(SAMPLE)).state == "received"
    assert await shop.count("sample_note") == before + 1


async def test_a_removed_plugins_dossiers_wait_and_everything_else_goes_on(
    shop: Shop, database: ScratchDatabase
) -> None:
    running = await shop.received(SAMPLE)
    notes = await shop.count("sample_note")
    shop.house.registry = without(shop, "sample")

    with pytest.raises(PluginRemovedError):
        await shop.take(running, "T08")
    with pytest.raises(PluginRemovedError):
        await shop.receive(SAMPLE)

    assert (await shop.received(copy())).state == "received"
    assert await shop.count("sample_note") == notes
    left = await left_behind(database.owner_dsn, shop.house.registry.plugins)
    assert [(each.plugin, each.rows) for each in left] == [("sample", {"sample_note": notes})]


async def test_installed_again_it_goes_on_where_it_stopped(shop: Shop) -> None:
    running = await shop.received(SAMPLE)
    installed = shop.house.registry
    shop.house.registry = without(shop, "sample")
    with pytest.raises(PluginRemovedError):
        await shop.take(running, "T08")

    shop.house.registry = installed
    ready = await shop.walk(running, "T08", "T16", "T18", "T19")

    (note,) = await shop.rows(
        "select ready_at from sample_note where tenant_id = $1 and code = $2", ready.code
    )
    assert note["ready_at"] == shop.clock.now
