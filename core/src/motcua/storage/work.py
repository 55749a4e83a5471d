"""One unit of work: a transaction under one tenant."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from motcua.storage.engine import NOBODY, TenantEngine, tenant_scope


class Work:
    """What hand-written statements run on, inside one tenant's transaction.

    Attributes:
        tenant_id: The tenant everything happens under.
    """

    def __init__(self, tenant_id: int, connection: Any) -> None:
        """Work for *tenant_id* on the connection of an open transaction."""
        self.tenant_id = tenant_id
        self._connection = connection

    async def fetch(self, sql: str, *args: Any) -> list[Any]:
        """All rows of *sql*, which names its arguments ``$1`` and on."""
        rows: list[Any] = await self._connection.fetch(sql, *args)
        return rows

    async def each(self, sql: str, *args: Any) -> AsyncIterator[Any]:
        """The rows of *sql* one by one, however many there are."""
        async for row in self._connection.cursor(sql, *args):
            yield row

    async def fetchrow(self, sql: str, *args: Any) -> Any:
        """The first row of *sql*, or ``None``."""
        return await self._connection.fetchrow(sql, *args)

    async def execute(self, sql: str, *args: Any) -> str:
        """Run *sql*; answers the command's tag, such as ``UPDATE 1``."""
        tag: str = await self._connection.execute(sql, *args)
        return tag

    async def copy_in(
        self, table: str, columns: Sequence[str], records: Iterable[Sequence[Any]]
    ) -> None:
        """COPY *records* into a table without row-level security (a temporary one)."""
        await self._connection.copy_records_to_table(table, columns=list(columns), records=records)


@asynccontextmanager
async def work(engine: TenantEngine, tenant_id: int) -> AsyncIterator[Work]:
    """A transaction under *tenant_id*: committed at the end, rolled back on an error.

    Inside an open transaction of the same tenant it joins that one.
    """
    with tenant_scope(tenant_id):
        async with engine.transaction() as transaction:
            yield Work(tenant_id, transaction.connection)


@asynccontextmanager
async def reference_work(engine: TenantEngine) -> AsyncIterator[Work]:
    """A transaction that reads reference tables before the tenant is known."""
    async with work(engine, NOBODY) as reading:
        yield reading
