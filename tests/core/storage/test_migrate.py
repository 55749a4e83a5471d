"""Migrations: one process at a time, in order, each whole or not at all."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from piccolo.columns import UUID
from piccolo.conf.apps import AppConfig
from piccolo.table import Table

from motcua.plugin.tables import TenantForeignKey
from motcua.storage.dsn import Dsn
from motcua.storage.engine import TenantEngine, reference_scope
from motcua.storage.errors import MigrationError, UnavailableError
from motcua.storage.migrate import expected, in_order, migrate, pending, undo
from motcua.testing.database import ScratchDatabase, ScratchServer

pytestmark = pytest.mark.anyio

MODULE = """
from motcua.plugin.tables import protect, sql_migration

ID = "{id}"
DESCRIPTION = "{description}"

async def forwards():
    return sql_migration(ID, "{app}", DESCRIPTION, *{statements!r})
"""

BOTH_WAYS = """
from motcua.plugin.tables import sql_migration

ID = "m1"

async def forwards():
    back = ("DROP TABLE both_b", "DROP TABLE both_a")
    there = ("CREATE TABLE both_a (n int)", "CREATE TABLE both_b (n int)")
    return sql_migration(ID, "both", "", *there, backwards=back)
"""

TABLE_MODULE = """
from piccolo.columns import UUID, Date, Integer, Text
from piccolo.constraints import Unique
from piccolo.table import Table

from motcua.plugin.tables import (
    TenantForeignKey, backfill, create_tenant_table, infrastructure, sql_migration,
)

ID = "1"


class Dossier(Table, tablename="dossier"):
    id = UUID(primary_key=True, default=None)


class Note(Table, tablename="probe_note"):
    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    number = Integer(default=None)
    day = Date(null=True, default=None)
    about = TenantForeignKey(references=Dossier, null=True, default=None)
    once = Unique([tenant_id, number])


async def forwards():
    manager = sql_migration(
        ID, "probe", "", create_tenant_table(Note),
        "CREATE TABLE probe_seen (tenant_id int NOT NULL);" + infrastructure("probe_seen"),
    )

    async def fill():
        assert await backfill("INSERT INTO probe_seen VALUES ({})") == 3

    manager.add_raw(fill)
    return manager
"""


TWIN = """
import asyncio, sys
from pathlib import Path
from piccolo.conf.apps import AppConfig
from motcua.storage.dsn import Dsn
from motcua.storage.migrate import migrate
owner, role, folder = sys.argv[1:]
print(len(asyncio.run(migrate(Dsn(owner), role, [AppConfig("twin", Path(folder))]))))
"""


def app(folder: Path, name: str, *needs: str, **migrations: list[str]) -> AppConfig:
    """A plugin's Piccolo app with one migration per keyword: its id and statements."""
    place = folder / name
    place.mkdir()
    for identity, statements in migrations.items():
        text = MODULE.format(id=identity, app=name, description="thử", statements=statements)
        (place / f"{name}_{identity}.py").write_text(text)
    return AppConfig(name, place, migration_dependencies=list(needs))


async def value(dsn: Dsn, sql: str) -> object:
    connection = await asyncpg.connect(dsn.url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


@pytest.fixture
def fresh(server: ScratchServer, template: ScratchDatabase) -> Iterator[ScratchDatabase]:
    made = server.create(template=template.app_dsn.database)
    yield made
    server.drop(made)


async def test_a_migrated_database_has_nothing_left_to_do(fresh: ScratchDatabase) -> None:
    assert await migrate(fresh.owner_dsn, fresh.app_dsn.user) == []


async def test_a_plugin_comes_after_the_one_it_depends_on(
    fresh: ScratchDatabase, tmp_path: Path
) -> None:
    later = app(tmp_path, "alpha", "omega", m1=["INSERT INTO omega_t VALUES (1)"])
    first = app(tmp_path, "omega", m1=["CREATE TABLE omega_t (n int)"])

    steps = await migrate(fresh.owner_dsn, fresh.app_dsn.user, [later, first])

    assert [(step.app, step.id) for step in steps] == [("omega", "m1"), ("alpha", "m1")]
    assert await value(fresh.owner_dsn, "SELECT n FROM omega_t") == 1


async def test_a_failed_migration_is_undone_and_those_before_it_stay(
    fresh: ScratchDatabase, tmp_path: Path
) -> None:
    plugin = app(
        tmp_path,
        "half",
        m1=["CREATE TABLE half_a (n int)"],
        m2=["CREATE TABLE half_b (n int)", "SELECT nonsense"],
    )

    with pytest.raises(MigrationError, match="m2"):
        await migrate(fresh.owner_dsn, fresh.app_dsn.user, [plugin])

    assert await value(fresh.owner_dsn, "SELECT to_regclass('half_a') IS NOT NULL")
    assert await value(fresh.owner_dsn, "SELECT to_regclass('half_b') IS NULL")
    assert await value(fresh.owner_dsn, "SELECT count(*) FROM migration WHERE app_name='half'") == 1


async def test_two_migrations_of_one_name_are_refused_before_either_runs(
    fresh: ScratchDatabase, tmp_path: Path
) -> None:
    plugin = app(tmp_path, "pair", m1=["CREATE TABLE pair_a (n int)"])
    (tmp_path / "pair" / "pair_again.py").write_text((tmp_path / "pair" / "pair_m1.py").read_text())

    with pytest.raises(MigrationError, match=r"m1.*pair_again\.py and pair_m1\.py"):
        await migrate(fresh.owner_dsn, fresh.app_dsn.user, [plugin])

    assert await value(fresh.owner_dsn, "SELECT to_regclass('pair_a') IS NULL")


async def test_two_processes_at_once_run_each_migration_once(
    fresh: ScratchDatabase, tmp_path: Path
) -> None:
    app(tmp_path, "twin", m1=["SELECT pg_sleep(0.2)", "CREATE TABLE twin_t (n int)"])
    arguments = [fresh.owner_dsn.url, fresh.app_dsn.user, str(tmp_path / "twin")]
    runs = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", TWIN, *arguments, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    told = [(await run.communicate())[0] for run in runs]

    assert sorted(told) == [b"0\n", b"1\n"]


async def test_missing_and_circular_dependencies_are_named(tmp_path: Path) -> None:
    lonely = AppConfig("lonely", tmp_path, migration_dependencies=["absent"])
    one = AppConfig("one", tmp_path, migration_dependencies=["two"])
    two = AppConfig("two", tmp_path, migration_dependencies=["one"])

    with pytest.raises(MigrationError, match="needs absent"):
        in_order([lonely])
    with pytest.raises(MigrationError, match="depend on each other"):
        in_order([one, two])


async def test_what_waits_is_told_to_the_application(
    fresh: ScratchDatabase, tmp_path: Path
) -> None:
    plugin = app(tmp_path, "waiting", m1=["SELECT 1"])
    engine = TenantEngine(fresh.app_dsn)
    await engine.open()
    with reference_scope():
        waits = await pending(engine, [plugin])
        core = await pending(engine)
    await engine.close()

    assert [(step.app, step.id) for step in waits] == [("waiting", "m1")]
    assert core == []
    assert list(dict.fromkeys(step.app for step in expected([plugin]))) == ["motcua", "waiting"]


async def test_a_database_without_any_migration_lacks_them_all(server: ScratchServer) -> None:
    bare = server.create()
    engine = TenantEngine(bare.app_dsn)
    await engine.open()
    with reference_scope():
        waits = await pending(engine)
    await engine.close()

    assert waits == expected()


async def test_a_plugins_table_is_made_with_keys_that_lead_with_the_tenant(
    fresh: ScratchDatabase, tmp_path: Path
) -> None:
    plugin = AppConfig("probe", tmp_path)
    (tmp_path / "probe_1.py").write_text(TABLE_MODULE)
    await migrate(fresh.owner_dsn, fresh.app_dsn.user, [plugin])

    connection = await asyncpg.connect(fresh.owner_dsn.url)
    keys = await connection.fetch(
        "SELECT pg_get_constraintdef(oid) AS key FROM pg_constraint"
        " WHERE conrelid = 'probe_note'::regclass AND contype IN ('p', 'u', 'f')"
    )
    defaults = await connection.fetchval(
        "SELECT count(*) FROM pg_attrdef WHERE adrelid = 'probe_note'::regclass"
    )
    walled = await connection.fetchval(
        "SELECT relrowsecurity FROM pg_class WHERE oid = 'probe_note'::regclass"
    )
    filled = await connection.fetchval("SELECT array_agg(tenant_id ORDER BY 1) FROM probe_seen")
    allowed = await connection.fetch(
        "SELECT has_table_privilege($1, t, 'INSERT') AS yes"
        " FROM unnest(ARRAY['probe_note', 'probe_seen']) t",
        fresh.app_dsn.user,
    )
    await connection.close()

    assert sorted(row["key"] for row in keys) == [
        "FOREIGN KEY (tenant_id) REFERENCES tenant(id)",
        "FOREIGN KEY (tenant_id, about) REFERENCES dossier(tenant_id, id)",
        "PRIMARY KEY (tenant_id, id)",
        "UNIQUE (tenant_id, number)",
    ]
    assert defaults == 0
    assert walled
    assert filled == [100, 101, 102]
    assert [row["yes"] for row in allowed] == [True, False]


def test_piccolo_would_create_a_tenant_foreign_key_as_a_plain_column() -> None:
    class Owner(Table, tablename="owner"):
        id = UUID(primary_key=True, default=None)

    class Pet(Table, tablename="pet"):
        owner = TenantForeignKey(references=Owner, null=False, default=None)

    assert Pet.owner.ddl == '"owner" UUID NOT NULL'


async def test_a_database_that_is_away_is_told_from_a_fault(fresh: ScratchDatabase) -> None:
    with pytest.raises(UnavailableError):
        await migrate(fresh.owner_dsn.with_database("khong_co"), "motcua_app")


async def test_a_migration_with_a_way_back_is_undone_and_can_run_again(
    fresh: ScratchDatabase, tmp_path: Path
) -> None:
    (tmp_path / "both_m1.py").write_text(BOTH_WAYS)
    plugin = AppConfig("both", tmp_path)
    await migrate(fresh.owner_dsn, fresh.app_dsn.user, [plugin])

    undone = await undo(fresh.owner_dsn, plugin)

    assert (undone.app, undone.id) == ("both", "m1")
    assert await value(fresh.owner_dsn, "SELECT to_regclass('both_a') IS NULL")
    again = await migrate(fresh.owner_dsn, fresh.app_dsn.user, [plugin])
    assert [step.id for step in again] == ["m1"]


async def test_what_has_no_way_back_stays(fresh: ScratchDatabase, tmp_path: Path) -> None:
    plugin = app(tmp_path, "oneway", m1=["CREATE TABLE oneway_a (n int)"])
    with pytest.raises(MigrationError, match="none has run"):
        await undo(fresh.owner_dsn, plugin)
    await migrate(fresh.owner_dsn, fresh.app_dsn.user, [plugin])

    with pytest.raises(MigrationError, match="no way back"):
        await undo(fresh.owner_dsn, plugin)

    assert await value(fresh.owner_dsn, "SELECT to_regclass('oneway_a') IS NOT NULL")
