"""One unit of work: a transaction under one tenant."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

from motcua.storage.engine import TenantEngine, tenant_scope


class Work(Protocol):
    """What hand-written statements run on, inside one tenant's transaction."""

    tenant_id: int

    async def fetch(self, sql: str, *args: Any) -> list[Any]:
        """All rows of *sql*, which names its arguments ``$1`` and on."""

    async def fetchrow(self, sql: str, *args: Any) -> Any:
        """The first row of *sql*, or ``None``."""

    async def execute(self, sql: str, *args: Any) -> str:
        """Run *sql*; answers the command's tag."""


class _Work:
    def __init__(self, tenant_id: int, connection: Any) -> None:
        self.tenant_id = tenant_id
        self.fetch = connection.fetch
        self.fetchrow = connection.fetchrow
        self.execute = connection.execute


@asynccontextmanager
async def work(engine: TenantEngine, tenant_id: int) -> AsyncIterator[Work]:
    """A transaction under *tenant_id*: committed at the end, rolled back on an error."""
    with tenant_scope(tenant_id):
        async with engine.transaction() as transaction:
            yield _Work(tenant_id, transaction.connection)
