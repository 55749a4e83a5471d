"""Every table that has rows of tenants, found in the catalogue, hides those of another."""

# ruff: noqa: S608 - the names in these statements come out of the catalogue

from typing import Any

import asyncpg
import pytest

from motcua.storage.engine import TenantEngine, tenant_scope
from motcua.storage.protect import TABLES_SQL, Classified, classify
from motcua.testing.database import ScratchDatabase, ScratchServer
from motcua.testing.rows import insert_sql

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def filled(
    server: ScratchServer, database: ScratchDatabase, province: int, tenant_a: int, tenant_b: int
) -> list[Classified]:
    """Every walled table, now with one row of each of two tenants."""
    admin = await asyncpg.connect(server.admin.with_database(database.app_dsn.database).url)
    tables = [
        one for one in classify(await admin.fetch(TABLES_SQL)) if one.kind in {"tenant", "derived"}
    ]
    await admin.execute("SET session_replication_role = replica")  # no foreign keys for now
    for table in tables:
        for tenant in (tenant_a, tenant_b):
            await admin.execute(await insert_sql(admin, table.table, tenant, province))
    await admin.close()
    return tables


async def test_every_table_hides_the_rows_of_another_tenant(
    engine: TenantEngine,
    filled: list[Classified],
    tenant_a: int,
    tenant_b: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tried, leaks = 0, []
    for table in filled:
        for own, other in ((tenant_a, tenant_b), (tenant_b, tenant_a)):
            for what, seen in (await _reach(engine, table, own, other)).items():
                tried += 1
                if seen not in ("0", "refused"):
                    leaks.append((table.table, what, seen))

    assert not leaks
    assert tried == 8 * len(filled) >= 8 * 20
    with capsys.disabled():
        print(f"\n{tried} combinations of table, act and tenant tried")  # noqa: T201 - for the log of the run


async def test_every_tenant_sees_its_own_row_in_every_table(
    engine: TenantEngine, filled: list[Classified], tenant_a: int
) -> None:
    with tenant_scope(tenant_a):
        seen = {
            one.table: await engine.fetchval(f'SELECT array_agg(tenant_id) FROM "{one.table}"')
            for one in filled
        }

    assert seen == {one.table: [tenant_a] for one in filled}


async def test_the_province_reads_the_figures_of_its_units_and_writes_none(
    engine: TenantEngine, filled: list[Classified], province: int, tenant_a: int, tenant_b: int
) -> None:
    derived = [one.table for one in filled if one.kind == "derived"]
    with tenant_scope(province):
        seen = [await engine.fetch(f'SELECT tenant_id FROM "{name}"') for name in derived]
        hidden = [
            await engine.fetchval(f'SELECT count(*) FROM "{one.table}"')
            for one in filled
            if one.kind == "tenant"
        ]
        deleted = [await engine.execute(f'DELETE FROM "{name}"') for name in derived]

    assert derived
    assert [sorted(row["tenant_id"] for row in rows) for rows in seen] == [
        [tenant_a, tenant_b] for _ in derived
    ]
    assert set(hidden) == {0}
    assert set(deleted) == {"DELETE 0"}


async def _reach(engine: TenantEngine, table: Classified, own: int, other: int) -> dict[str, str]:
    """How many rows of *other* each act of *own* touches, or that it is refused."""
    name = f'"{table.table}"'
    acts = {
        "select": f"SELECT FROM {name} WHERE tenant_id = {other}",
        "update": f"UPDATE {name} SET tenant_id = tenant_id WHERE tenant_id = {other}",
        "delete": f"DELETE FROM {name} WHERE tenant_id = {other}",
        "move": f"UPDATE {name} SET tenant_id = {other} WHERE tenant_id = {own}",
    }
    with tenant_scope(own):
        return {what: await _try(engine, sql) for what, sql in acts.items()}


async def _try(engine: TenantEngine, sql: str) -> Any:
    try:
        return (await engine.execute(sql)).split()[-1]
    except asyncpg.InsufficientPrivilegeError:
        return "refused"
