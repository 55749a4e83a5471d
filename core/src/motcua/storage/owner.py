"""The owner's way to the database: migrations and publishing, never requests of people."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
from piccolo.engine.postgres import PostgresEngine

from motcua.storage.dsn import Dsn
from motcua.storage.errors import NotMigratedError, UnavailableError

_UNREACHABLE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


class OwnerEngine(PostgresEngine):
    """Piccolo's engine for the role that owns the tables, where no row is hidden."""

    def __init__(self) -> None:
        """Prepare; :meth:`use` names the database."""
        super().__init__(config={})

    async def check_version(self) -> None:
        """Nothing: making an engine must not connect."""

    def use(self, dsn: Dsn) -> None:
        """Work on *dsn* from now on."""
        self.config = {"dsn": dsn.url}

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        """Run *ddl*, which may hold several commands, in the open transaction."""
        open_one = self.current_transaction.get()
        if open_one is None:
            return await super().run_ddl(ddl, in_pool=in_pool)
        await open_one.connection.execute(ddl)
        empty: Sequence[Any] = []
        return empty


OWNER = OwnerEngine()
"""The engine of migrations; Piccolo finds it as ``DB`` of ``motcua.storage.piccolo_conf``."""


@contextlib.asynccontextmanager
async def connected(dsn: Dsn) -> AsyncIterator[Any]:
    """One connection of the owner's.

    Raises:
        UnavailableError: The database does not answer or refuses the role.
        NotMigratedError: A table is missing that ``migrate`` would make.
    """
    try:
        connection = await asyncpg.connect(dsn.url)
    except _UNREACHABLE as error:
        raise UnavailableError(reason=str(error)) from error
    try:
        yield connection
    except asyncpg.UndefinedTableError as error:
        raise NotMigratedError(reason=str(error)) from error
    finally:
        await connection.close()
