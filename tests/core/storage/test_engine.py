"""The engine sends nothing without a tenant and gives every connection back."""

import asyncio
import contextlib
import contextvars

import asyncpg
import pytest
from piccolo.columns import Integer, Text
from piccolo.table import Table

from motcua.plugin.tables import protect
from motcua.storage.engine import (
    ENGINE,
    LIMITS,
    TenantEngine,
    check_role,
    current_tenant,
    reference_scope,
    tenant_scope,
)
from motcua.storage.errors import (
    BatchRefusedError,
    NoTenantError,
    NotStartedError,
    OutcomeUnknownError,
    RolledBackError,
    TenantSwitchError,
    UnavailableError,
    UnsafeRoleError,
)
from motcua.storage.protect import TABLES_SQL, classify, grants_sql
from motcua.testing.database import ScratchDatabase, ScratchServer

pytestmark = pytest.mark.anyio

NOTES = f"""
CREATE TABLE note (
    tenant_id int NOT NULL REFERENCES tenant (id), id int NOT NULL, text text NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE late (
    tenant_id int NOT NULL REFERENCES tenant (id), id int NOT NULL,
    PRIMARY KEY (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);
{protect("note")}
{protect("late")}
INSERT INTO note VALUES (101, 1, 'của Một'), (102, 1, 'của Hai'), (102, 2, 'của Hai nữa');
"""  # noqa: S608 - made of constants


class Note(Table, tablename="note", db=ENGINE):
    """A note of a tenant, as Piccolo sees it."""

    tenant_id = Integer(default=None)
    id = Integer(primary_key=True, default=None)
    text = Text(default=None)


@pytest.fixture(scope="module", autouse=True)
def notes(server: ScratchServer, database: ScratchDatabase) -> None:
    async def grant() -> None:
        connection = await asyncpg.connect(database.owner_dsn.url)
        await connection.execute(NOTES)
        tables = classify(await connection.fetch(TABLES_SQL))
        await connection.execute(grants_sql(tables, database.app_dsn.user))
        await connection.close()

    del server
    asyncio.run(grant())


@pytest.mark.parametrize("sql", ["SELECT 1", "SELECT count(*) FROM note", "DELETE FROM note"])
async def test_without_a_tenant_nothing_is_sent(engine: TenantEngine, sql: str) -> None:
    with pytest.raises(NoTenantError):
        await engine.fetch(sql)
    with pytest.raises(NoTenantError):
        await engine.run_ddl(sql)
    with pytest.raises(NoTenantError):
        await Note.select().run()


async def test_a_tenant_sees_its_own_rows_alone(
    engine: TenantEngine, tenant_a: int, tenant_b: int
) -> None:
    with tenant_scope(tenant_a):
        of_a = await engine.fetch("SELECT text FROM note")
    with tenant_scope(tenant_b):
        of_b = await Note.select(Note.text).order_by(Note.id).run()

    assert [row["text"] for row in of_a] == ["của Một"]
    assert [row["text"] for row in of_b] == ["của Hai", "của Hai nữa"]


async def test_before_the_tenant_is_known_reference_tables_are_readable_and_no_others(
    engine: TenantEngine, tenant_a: int
) -> None:
    with reference_scope():
        found = await engine.fetchval("SELECT id FROM tenant WHERE slug = $1", "phuong-mot")
        notes = await engine.fetchval("SELECT count(*) FROM note")

    assert (found, notes) == (tenant_a, 0)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO note VALUES (102, 9, 'lẻn vào')",
        "UPDATE note SET tenant_id = 102 WHERE id = 1",
    ],
)
async def test_a_tenant_writes_no_row_of_another(
    engine: TenantEngine, tenant_a: int, sql: str
) -> None:
    with (
        tenant_scope(tenant_a),
        pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"),
    ):
        await engine.execute(sql)


async def test_a_tenant_changes_and_deletes_nothing_of_another(
    engine: TenantEngine, tenant_a: int, tenant_b: int
) -> None:
    with tenant_scope(tenant_a):
        changed = await engine.execute("UPDATE note SET text = '' WHERE tenant_id = $1", tenant_b)
        deleted = await engine.execute("DELETE FROM note WHERE tenant_id = $1", tenant_b)

    assert (changed, deleted) == ("UPDATE 0", "DELETE 0")


async def test_a_tenant_marks_its_own_configuration_alone_as_changed(
    engine: TenantEngine, tenant_a: int, tenant_b: int
) -> None:
    change = "UPDATE tenant SET config_version = config_version + 1 WHERE id = $1"
    with tenant_scope(tenant_a):
        own = await engine.execute(change, tenant_a)
        other = await engine.execute(change, tenant_b)
        seen = await engine.fetchval("SELECT count(*) FROM tenant WHERE id = $1", tenant_b)
    with reference_scope():
        nobody = await engine.execute(change, tenant_a)

    assert (own, other, nobody, seen) == ("UPDATE 1", "UPDATE 0", "UPDATE 0", 1)


async def test_the_tenant_cannot_change_inside_a_transaction(
    engine: TenantEngine, tenant_a: int, tenant_b: int
) -> None:
    with tenant_scope(tenant_a):
        async with engine.transaction():
            with tenant_scope(tenant_b):
                with pytest.raises(TenantSwitchError):
                    await engine.fetch("SELECT 1")
                with pytest.raises(TenantSwitchError):
                    await Note.select().run()


async def test_an_inner_transaction_joins_the_open_one(engine: TenantEngine, tenant_a: int) -> None:
    with tenant_scope(tenant_a):
        async with engine.transaction() as outer:
            async with engine.transaction() as inner:
                pass
            assert engine.transaction_exists()

    assert inner is outer


async def test_an_error_rolls_everything_back(engine: TenantEngine, tenant_a: int) -> None:
    async def fail() -> None:
        async with engine.transaction():
            await engine.execute("INSERT INTO note VALUES ($1, 50, 'dở dang')", tenant_a)
            raise LookupError

    with tenant_scope(tenant_a):
        with pytest.raises(LookupError):
            await fail()
        left = await engine.fetchval("SELECT count(*) FROM note WHERE id = 50")

    assert left == 0


async def test_a_failed_commit_gives_the_connection_back(
    engine: TenantEngine, tenant_a: int
) -> None:
    async def fail() -> None:
        async with engine.transaction():
            for _ in range(2):
                await engine.execute("INSERT INTO late VALUES ($1, 1)", tenant_a)

    with tenant_scope(tenant_a), pytest.raises(asyncpg.UniqueViolationError):
        await fail()

    assert engine.pool is not None
    assert engine.pool.get_idle_size() == engine.pool.get_size()
    assert not engine.transaction_exists()


async def test_a_commit_the_database_turned_into_a_rollback_is_no_success(
    engine: TenantEngine, tenant_a: int
) -> None:
    """COMMIT after a statement that failed answers ROLLBACK and raises nothing."""

    async def swallow() -> None:
        async with engine.transaction():
            with contextlib.suppress(asyncpg.DivisionByZeroError):
                await engine.execute("SELECT 1 / 0")

    with tenant_scope(tenant_a), pytest.raises(RolledBackError):
        await swallow()

    assert not engine.transaction_exists()


async def test_a_part_of_a_transaction_may_not_hide_its_failure(
    engine: TenantEngine, tenant_a: int
) -> None:
    async def swallow() -> None:
        async with engine.transaction(), engine.part():
            with contextlib.suppress(asyncpg.DivisionByZeroError):
                await engine.execute("SELECT 1 / 0")

    with tenant_scope(tenant_a), pytest.raises(asyncpg.InFailedSQLTransactionError):
        await swallow()


async def test_a_connection_lost_in_a_transaction_is_told_from_a_fault(
    server: ScratchServer, database: ScratchDatabase, tenant_a: int
) -> None:
    engine = TenantEngine(database.app_dsn)
    await engine.open()
    with tenant_scope(tenant_a):
        with pytest.raises(UnavailableError):
            await _lose_connection(server, engine, then="SELECT 1")
        with pytest.raises(OutcomeUnknownError):
            await _lose_connection(server, engine, then=None)
        assert await engine.fetchval("SELECT 1") == 1
    await engine.close()


async def test_a_connection_lost_while_idle_is_told_and_replaced(
    server: ScratchServer, database: ScratchDatabase, tenant_a: int
) -> None:
    engine = TenantEngine(database.app_dsn)
    await engine.open()
    with tenant_scope(tenant_a):
        pid = await engine.fetchval("SELECT pg_backend_pid()")
        server.run(f"SELECT pg_terminate_backend({pid}, 5000)")
        with contextlib.suppress(UnavailableError):  # or replaced before anybody noticed
            await engine.fetch("SELECT 1")
        assert await engine.fetchval("SELECT 1") == 1
    await engine.close()


async def _lose_connection(server: ScratchServer, engine: TenantEngine, then: str | None) -> None:
    async with engine.transaction():
        pid = await engine.fetchval("SELECT pg_backend_pid()")
        server.run(f"SELECT pg_terminate_backend({pid}, 5000)")
        if then:
            await engine.fetch(then)


@pytest.mark.parametrize("code", ["40P01", "40001", "55P03", "57014"])
async def test_a_statement_the_database_gave_up_may_be_tried_again(
    engine: TenantEngine, tenant_a: int, code: str
) -> None:
    """A deadlock, a conflict, a lock and a statement that took too long."""
    with tenant_scope(tenant_a), pytest.raises(UnavailableError):
        await engine.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$")


async def test_a_plugin_is_not_blamed_for_a_statement_the_database_gave_up(
    engine: TenantEngine, tenant_a: int
) -> None:
    async def act() -> None:
        async with engine.transaction():
            raise LookupError from asyncpg.DeadlockDetectedError("deadlock detected")

    with tenant_scope(tenant_a), pytest.raises(UnavailableError):
        await act()


async def test_nobody_waits_for_a_lock_for_ever(database: ScratchDatabase, tenant_a: int) -> None:
    engine = TenantEngine(database.app_dsn)
    await engine.open(limits={"lock_timeout": "100ms"})
    other = await asyncpg.connect(database.owner_dsn.url)
    await other.execute("BEGIN; LOCK TABLE note")
    with tenant_scope(tenant_a), pytest.raises(UnavailableError):
        await engine.fetch("SELECT text FROM note")
    await other.close()
    await engine.close()


async def test_nobody_waits_for_a_connection_for_ever(
    database: ScratchDatabase, tenant_a: int
) -> None:
    engine = TenantEngine(database.app_dsn)
    await engine.open(max_size=1, patience=0.1)

    async def another() -> None:
        with tenant_scope(tenant_a):
            await engine.fetch("SELECT 1")

    with tenant_scope(tenant_a):
        async with engine.transaction():
            with pytest.raises(UnavailableError):
                await asyncio.create_task(another(), context=contextvars.Context())
    await engine.close()


async def test_every_connection_carries_the_limits(engine: TenantEngine, tenant_a: int) -> None:
    with tenant_scope(tenant_a):
        found = {name: await engine.fetchval(f"SHOW {name}") for name in LIMITS}

    assert found == LIMITS


async def test_no_setting_outlives_its_transaction(engine: TenantEngine, tenant_a: int) -> None:
    with tenant_scope(tenant_a):
        await engine.fetch("SELECT 1")

    assert engine.pool is not None
    async with engine.pool.acquire() as connection:
        left = await connection.fetchval("SELECT current_setting('app.tenant', true)")

    assert not left


async def test_reading_in_batches_is_refused(engine: TenantEngine, tenant_a: int) -> None:
    with tenant_scope(tenant_a), pytest.raises(BatchRefusedError):
        await engine.batch(Note.select())


async def test_tasks_of_two_tenants_never_mix(
    engine: TenantEngine, tenant_a: int, tenant_b: int
) -> None:
    async def count(tenant: int) -> tuple[int, int]:
        with tenant_scope(tenant):
            async with engine.transaction():
                await asyncio.sleep(0)
                seen = await engine.fetchval("SELECT count(*) FROM note")
                return current_tenant(), seen

    asked = [tenant_a, tenant_b] * 20
    seen = await asyncio.gather(*(count(tenant) for tenant in asked))

    assert seen == [(tenant, 1 if tenant == tenant_a else 2) for tenant in asked]


async def test_the_application_may_only_add_to_the_history(
    engine: TenantEngine, tenant_a: int
) -> None:
    for sql in ("UPDATE dossier_event SET reason = ''", "DELETE FROM dossier_event"):
        with tenant_scope(tenant_a), pytest.raises(asyncpg.InsufficientPrivilegeError):
            await engine.execute(sql)


async def test_the_applications_role_is_accepted(engine: TenantEngine) -> None:
    await check_role(engine)

    with reference_scope():
        assert await engine.fetchval("SELECT NOT rolsuper FROM pg_roles WHERE rolname=current_user")


@pytest.mark.parametrize("who", ["owner", "superuser"])
async def test_a_role_that_sees_past_the_wall_is_refused(
    server: ScratchServer, database: ScratchDatabase, who: str
) -> None:
    admin = server.admin.with_database(database.app_dsn.database)
    unsafe = TenantEngine(database.owner_dsn if who == "owner" else admin)
    await unsafe.open()

    with pytest.raises(UnsafeRoleError, match=who):
        await check_role(unsafe)
    await unsafe.close()


async def test_an_engine_that_is_not_open_says_so(tenant_a: int) -> None:
    with tenant_scope(tenant_a), pytest.raises(NotStartedError):
        await TenantEngine().fetch("SELECT 1")
    with pytest.raises(NotStartedError):
        await TenantEngine().open()


async def test_a_database_that_is_away_is_told_from_a_fault(database: ScratchDatabase) -> None:
    with pytest.raises(UnavailableError):
        await TenantEngine(database.app_dsn.with_database("khong_co")).open()


async def test_a_reading_part_changes_nothing_and_the_rest_goes_on(engine: TenantEngine) -> None:
    with tenant_scope(101):
        async with engine.transaction():
            async with engine.reading():
                assert await engine.fetchval("SELECT count(*) FROM note") == 1
            await engine.execute("UPDATE note SET text = 'của Một' WHERE id = 1")
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            async with engine.transaction(), engine.reading():
                await engine.execute("UPDATE note SET text = 'khác' WHERE id = 1")
        assert await engine.fetchval("SELECT text FROM note") == "của Một"
