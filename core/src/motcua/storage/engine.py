"""The only way to the database while serving: every statement runs under one tenant.

A :class:`TenantEngine` refuses to send anything before somebody said for which
tenant. Each transaction names it to PostgreSQL, whose row-level security then
hides the rows of all others. Nothing is ever set for longer than a transaction.

``json`` and ``jsonb`` travel as text in both directions, as Piccolo expects:
write ``msgspec.json.encode(value).decode()``, read with ``msgspec.json.decode(text, type=…)``.
"""

import contextlib
import contextvars
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, NoReturn

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.querystring import QueryString

from motcua.domain.errors import MotCuaError
from motcua.storage.dsn import Dsn
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

NOBODY = 0
"""Stands for "no tenant yet": reference tables can be read, tenant tables are empty."""

LIMITS = {
    "statement_timeout": "2min",
    "lock_timeout": "20s",
    "idle_in_transaction_session_timeout": "5min",
}
"""How long PostgreSQL bears with a statement, a wait for a lock, a silent transaction."""
PATIENCE = 30.0
"""Seconds to wait for a free connection."""

_TENANT: contextvars.ContextVar[int | None] = contextvars.ContextVar("tenant", default=None)
_GONE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
_LOST = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)
_GIVEN_UP = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
)


def current_tenant() -> int:
    """The tenant this task works for.

    Raises:
        NoTenantError: Nobody said.
    """
    tenant = _TENANT.get()
    if tenant is None:
        raise NoTenantError
    return tenant


@contextlib.contextmanager
def tenant_scope(tenant_id: int) -> Iterator[int]:
    """Work for *tenant_id* inside the ``with`` block."""
    token = _TENANT.set(int(tenant_id))
    try:
        yield tenant_id
    finally:
        _TENANT.reset(token)


@contextlib.contextmanager
def reference_scope() -> Iterator[None]:
    """Read reference tables while the tenant is not known yet, e.g. to look up its slug."""
    with tenant_scope(NOBODY):
        yield


class TenantTransaction(PostgresTransaction):
    """A transaction that belongs to one tenant from its first statement on.

    Attributes:
        tenant_id: The tenant named to PostgreSQL.
        connection: The asyncpg connection, for statements written by hand.
    """

    __slots__ = ("tenant_id",)

    _parent: "TenantTransaction | None"
    engine: "TenantEngine"

    async def __aenter__(self) -> "TenantTransaction":  # noqa: PYI034 - may be the open one
        """Begin, or join the one that is open.

        Raises:
            NoTenantError: Nobody said for which tenant.
            TenantSwitchError: The open one belongs to another tenant.
            UnavailableError: The database does not answer.
        """
        tenant = current_tenant()
        if self._parent is not None:
            self._parent.check()
            return self._parent
        self.tenant_id = tenant
        self.connection = await self.get_connection()
        try:
            await self.begin()
        except BaseException as error:
            await self._release()
            if isinstance(error, _GONE):
                raise UnavailableError(reason=str(error)) from error
            raise
        self.engine.current_transaction.set(self)
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> Literal[False]:
        """Commit, or roll back after an error; the connection is given back in any case."""
        if self._parent is not None:
            return False
        try:
            if self._committed or self._rolled_back:
                return False
            if exception is None:
                await self.commit()
                return False
            with contextlib.suppress(*_GONE):
                await self.rollback()
            if self._failed(exception) or self._failed(exception.__cause__):
                raise UnavailableError(reason=str(exception)) from exception
        finally:
            self.engine.current_transaction.set(None)
            await self._release()
        return False

    def check(self) -> None:
        """Refuse to work when the task has moved on to another tenant."""
        asked = current_tenant()
        if asked != self.tenant_id:
            raise TenantSwitchError(tenant=self.tenant_id, asked=asked)

    async def get_connection(self) -> Any:
        """A connection of the pool."""
        if self.engine.pool is None:
            raise NotStartedError
        try:
            return await self.engine.pool.acquire(timeout=self.engine.patience)
        except _GONE as error:
            raise UnavailableError(reason=str(error) or type(error).__name__) from error

    async def begin(self) -> None:
        """Begin and name the tenant in one round trip."""
        await self.connection.execute(f"BEGIN; SET LOCAL app.tenant = '{self.tenant_id:d}'")

    async def commit(self) -> None:
        """Commit now.

        Raises:
            OutcomeUnknownError: The connection was lost before the answer came.
            RolledBackError: A statement had failed and nobody said so.
        """
        try:
            tag = await self.connection.execute("COMMIT")
        except _GONE as error:
            if self._lost(error):
                raise OutcomeUnknownError(reason=str(error)) from error
            raise
        if tag != "COMMIT":
            self._rolled_back = True
            raise RolledBackError(tag=tag)
        self._committed = True

    async def rollback(self) -> None:
        """Roll back now."""
        await self.connection.execute("ROLLBACK")
        self._rolled_back = True

    def _failed(self, error: BaseException | None) -> bool:
        """Whether the database, and nobody's mistake, ended the transaction."""
        return error is not None and (isinstance(error, _GIVEN_UP) or self._lost(error))

    def _lost(self, error: BaseException) -> bool:
        """Whether *error* means that the connection is gone, not that a statement was wrong."""
        return isinstance(error, _LOST) or (
            isinstance(error, _GONE) and bool(self.connection.is_closed())
        )

    async def _release(self) -> None:
        if self.engine.pool is not None:
            await self.engine.pool.release(self.connection)


class TenantEngine(PostgresEngine):
    """Piccolo's engine with the wall between tenants built in.

    Making one opens nothing; call :meth:`open` in the running event loop.
    """

    current_transaction: contextvars.ContextVar[TenantTransaction | None]  # type: ignore[assignment]  # ours is narrower

    def __init__(self, dsn: Dsn | None = None) -> None:
        """Prepare for *dsn*, which :meth:`open` may name instead."""
        super().__init__(config={"dsn": dsn.url} if dsn else {})
        self.patience = PATIENCE

    async def check_version(self) -> None:
        """Nothing: making an engine must not connect."""

    async def open(
        self,
        dsn: Dsn | None = None,
        *,
        max_size: int = 10,
        limits: Mapping[str, str] = LIMITS,
        patience: float = PATIENCE,
    ) -> None:
        """Connect a pool to *dsn*.

        Args:
            dsn: The database, unless it was named before.
            max_size: The most connections.
            limits: PostgreSQL's settings of each connection.
            patience: Seconds to wait for a free one.

        Raises:
            NotStartedError: No address was given, here or before.
            UnavailableError: The database does not answer.
        """
        if dsn is not None:
            self.config = {"dsn": dsn.url}
        if not self.config:
            raise NotStartedError
        # No lower limit: keeping one, asyncpg prints a traceback while the server restarts.
        self.patience = patience
        await self.start_connection_pool(
            min_size=0,
            max_size=max_size,
            reset=_nothing_to_reset,
            server_settings=dict(limits),
        )
        with reference_scope():
            try:
                await self.fetchval("SELECT 1")
            except UnavailableError:
                await self.close()
                raise

    async def close(self) -> None:
        """Give all connections back."""
        if self.pool is not None:
            await self.close_connection_pool()

    def transaction(self, allow_nested: bool = True) -> TenantTransaction:
        """A transaction under the current tenant; joins the one that is open."""
        return TenantTransaction(engine=self, allow_nested=allow_nested)

    @contextlib.asynccontextmanager
    async def part(self) -> AsyncIterator[None]:
        """A part of a transaction, which ends with an error if a statement in it failed.

        Also if the error was caught inside: PostgreSQL carries on with nothing then.
        """
        async with self.transaction() as transaction:
            savepoint = await transaction.savepoint()
            yield
            await savepoint.release()  # type: ignore[no-untyped-call]  # Piccolo leaves it bare

    @contextlib.asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A part of a transaction that is undone alone when somebody's mistake ends it."""
        async with self.transaction() as transaction:
            savepoint = await transaction.savepoint()
            try:
                yield
            except MotCuaError:
                await savepoint.rollback_to()  # type: ignore[no-untyped-call]  # as below
                raise
            await savepoint.release()  # type: ignore[no-untyped-call]  # Piccolo leaves it bare

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """A part of a transaction that can change nothing, whatever the rest of it does."""
        async with self.part():
            await self.execute("SET LOCAL transaction_read_only = on")
            yield

    async def fetch(self, sql: str, *args: Any) -> Sequence[Mapping[str, Any]]:
        """All rows of *sql*, in the open transaction or one of its own."""
        async with self.transaction() as transaction:
            rows: Sequence[Mapping[str, Any]] = await transaction.connection.fetch(sql, *args)
            return rows

    async def fetchrow(self, sql: str, *args: Any) -> Mapping[str, Any] | None:
        """The first row of *sql*, or ``None``."""
        async with self.transaction() as transaction:
            row: Mapping[str, Any] | None = await transaction.connection.fetchrow(sql, *args)
            return row

    async def fetchval(self, sql: str, *args: Any) -> Any:
        """The first value of the first row of *sql*, or ``None``."""
        async with self.transaction() as transaction:
            return await transaction.connection.fetchval(sql, *args)

    async def execute(self, sql: str, *args: Any) -> str:
        """Run *sql*; answers PostgreSQL's tag, such as ``UPDATE 1``."""
        async with self.transaction() as transaction:
            tag: str = await transaction.connection.execute(sql, *args)
            return tag

    async def batch(self, query: Any, batch_size: int = 100, node: str | None = None) -> NoReturn:
        """Refused: Piccolo reads batches on a connection that knows no tenant."""
        del query, batch_size, node
        raise BatchRefusedError

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        """Run one of Piccolo's queries under the tenant."""
        self._check()
        return await super().run_querystring(querystring, in_pool=in_pool)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        """Run one of Piccolo's definitions under the tenant."""
        self._check()
        return await super().run_ddl(ddl, in_pool=in_pool)

    async def _run_in_pool(self, query: str, args: Sequence[Any] | None = None) -> Any:
        return await self.fetch(query, *(args or ()))

    async def _run_in_new_connection(self, query: str, args: Sequence[Any] | None = None) -> Any:
        return await self.fetch(query, *(args or ()))

    def _check(self) -> None:
        open_one = self.current_transaction.get()
        if open_one is not None:
            open_one.check()


ENGINE = TenantEngine()
"""The engine the core's Piccolo tables use; ``app.py`` opens it."""


async def check_role(engine: TenantEngine) -> None:
    """Refuse a role that row-level security would not hold back.

    Raises:
        UnsafeRoleError: It is a superuser, has BYPASSRLS, or owns tables,
            itself or through a role it is a member of.
    """
    with reference_scope():
        row = await engine.fetchrow(_ROLE_FACTS)
    if row is None:
        raise NotStartedError
    reasons = [name for name in ("superuser", "bypassrls", "owner") if row[name]]
    if reasons:
        raise UnsafeRoleError(role=row["role"], reasons=", ".join(reasons))


_ROLE_FACTS = """
SELECT current_user AS role,
       bool_or(r.rolsuper) AS superuser,
       bool_or(r.rolbypassrls) AS bypassrls,
       EXISTS (SELECT FROM pg_class c
                 JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public'
                  AND pg_has_role(current_user, c.relowner, 'MEMBER')) AS owner
  FROM pg_roles r
 WHERE pg_has_role(current_user, r.oid, 'MEMBER')
"""


async def _nothing_to_reset(connection: Any) -> None:
    """Skip asyncpg's reset: settings are local to transactions, so none can remain."""
    del connection
