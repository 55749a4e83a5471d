"""The contract of a plugin's tables: walled, undoable, untouched by switching it on and off.

The tests take the fixtures ``server``, ``database`` and ``engine`` of
:mod:`motcua.testing.fixtures`.
"""

# ruff: noqa: S101, S608 - a test kit asserts; the names in its statements come out of the catalogue

from typing import Any

import asyncpg
import pytest

from motcua.plugin.enabled import PluginState
from motcua.services.configure import disable, enable
from motcua.storage.engine import TenantEngine
from motcua.storage.migrate import migrate, undo, ways_back
from motcua.storage.protect import TABLES_SQL, classify
from motcua.testing.contract_base import AboutPlugin
from motcua.testing.database import PROVINCE, TENANT_A, TENANT_B, ScratchDatabase, ScratchServer
from motcua.testing.rows import insert_sql
from motcua.testing.shop import Shop
from motcua.testing.walls import breaches

_SCHEMA = """
SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS line
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT polrelid::regclass || ' ' || polname || ' ' || coalesce(
       pg_get_expr(polqual, polrelid), '') FROM pg_policy
UNION ALL SELECT oid::regclass || ' ' || coalesce(relacl::text, '') FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
ORDER BY 1
"""
_SWITCHES = {"tenant", "tenant_plugin", "config_change", "migration"}
"""Tables that remember being switched on and off, and what ran."""


@pytest.mark.anyio
class DatabaseContract(AboutPlugin):
    """What it keeps belongs to one tenant, and stays."""

    async def test_its_tables_are_walled(self, database: ScratchDatabase) -> None:
        """Row-level security, the tenant first in every key, and no right beyond."""
        await self._migrated(database)
        connection = await asyncpg.connect(database.owner_dsn.url)
        found = await breaches(connection, database.app_dsn.user)
        tables = {row["table"] for row in await connection.fetch(TABLES_SQL)}
        await connection.close()
        assert [each for each in found if each.table.startswith(f"{self.manifest.name}_")] == []
        assert set(self._tables()) <= tables

    async def test_what_can_be_undone_can_be_done_again(
        self, server: ScratchServer, template: ScratchDatabase
    ) -> None:
        """Its migrations, undone as far as they go back and run again, leave the same schema."""
        if self.loaded().tables is None:
            return
        apart = server.create(template=template.app_dsn.database)
        await self._migrated(apart)
        app = self.loaded().tables.app_config  # type: ignore[union-attr]  # looked at above
        before = await _lines(apart)
        for _, back in sorted(ways_back(app).items(), reverse=True):
            if not back:
                break
            await undo(apart.owner_dsn, app)
        await self._migrated(apart)
        assert await _lines(apart) == before
        server.drop(apart)

    async def test_switching_it_off_and_on_changes_nothing(
        self, server: ScratchServer, database: ScratchDatabase, engine: TenantEngine
    ) -> None:
        """Schema and rows are the same after enabling, disabling and enabling again."""
        await self._migrated(database)
        await self._filled(server, database)
        shop = Shop(engine, self.registry(), database.owner_dsn)
        await enable(shop.house, await shop.desk(), self.manifest.name)
        before = await _lines(database), await _rows(database)

        await disable(shop.house, await shop.desk(), self.manifest.name)
        state = (await shop.desk()).plugins.state(self.manifest.name)
        between = await _lines(database), await _rows(database)
        await enable(shop.house, await shop.desk(), self.manifest.name)

        assert state is PluginState.FINISH_ONLY
        assert between == before
        assert (await _lines(database), await _rows(database)) == before

    async def _migrated(self, database: ScratchDatabase) -> None:
        own = self.loaded().tables
        await migrate(database.owner_dsn, database.app_dsn.user, [own.app_config] if own else [])

    async def _filled(self, server: ScratchServer, database: ScratchDatabase) -> None:
        """One row of each of two tenants in each own table."""
        admin = await asyncpg.connect(server.admin.with_database(database.app_dsn.database).url)
        await admin.execute("SET session_replication_role = replica")  # no foreign keys for now
        for table in self._tables():
            if await admin.fetchval(f"SELECT count(*) = 0 FROM {table}"):
                for tenant in (TENANT_A, TENANT_B):
                    await admin.execute(await insert_sql(admin, table, tenant, PROVINCE))
        await admin.close()

    def _tables(self) -> list[str]:
        own = self.loaded().tables
        return [each._meta.tablename for each in own.tables] if own else []  # type: ignore[attr-defined]  # noqa: SLF001 - Piccolo's way to a table's name


async def _lines(database: ScratchDatabase) -> list[str]:
    """The schema, line by line."""
    connection = await asyncpg.connect(database.owner_dsn.url)
    rows = await connection.fetch(_SCHEMA)
    await connection.close()
    return [row["line"] for row in rows]


async def _rows(database: ScratchDatabase) -> dict[str, Any]:
    """What every table holds, but for those that remember the switch."""
    connection = await asyncpg.connect(database.owner_dsn.url)
    found = {}
    for one in classify(await connection.fetch(TABLES_SQL)):
        if one.table not in _SWITCHES:
            rows = await connection.fetch(f'SELECT t::text FROM "{one.table}" t ORDER BY 1')
            found[one.table] = [row[0] for row in rows]
    await connection.close()
    return found
