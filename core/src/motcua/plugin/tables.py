"""How the core and its plugins declare, protect and change their tables.

Every table says what it is: *reference* (read by all tenants, written by the
owner), *tenant* (rows of one tenant, behind row-level security), *derived*
(figures that a province reads too) or *infrastructure*. The word stands in the
table's comment, so that a test, and the grants, read it from the database.

A migration is a Piccolo migration made of plain SQL::

    ID = "2026-11-23T10:00:00:000000"

    async def forwards() -> MigrationManager:
        return sql_migration(ID, "sample", "An officer's notes", CREATE, protect("sample_note"))
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column, ForeignKey
from piccolo.constraints import Unique
from piccolo.engine import Engine, engine_finder
from piccolo.querystring import QueryString
from piccolo.table import Table

MARK = "motcua"
"""First word of the comment of every table of ours: ``motcua:<kind> [options]``."""

TENANT_SETTING = "nullif(current_setting('app.tenant', true), '')::int"
"""The tenant of the running transaction, as a policy reads it. No sub-select: Citus refuses one."""

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def protect(table: str, *, append_only: bool = False) -> str:
    """SQL that makes *table* a tenant table: only rows of the running tenant exist for the app.

    Args:
        table: Has a column ``tenant_id``, first in each of its keys.
        append_only: The app may add and read rows, never change or delete one.
    """
    return _walled(table, f"tenant_id = {TENANT_SETTING}") + _comment(
        table, "tenant", "append-only" if append_only else ""
    )


def derived(table: str) -> str:
    """SQL that makes *table* hold figures: written by its tenant, read by its province too.

    Args:
        table: Has the columns ``tenant_id`` and ``province_id``.
    """
    own = f"tenant_id = {TENANT_SETTING}"
    return (
        _walled(table, own)
        + f"CREATE POLICY {table}_province ON {_name(table)} FOR SELECT"
        + f" USING (province_id = {TENANT_SETTING});\n"
        + _comment(table, "derived")
    )


def reference(table: str, *, updatable: tuple[str, ...] = ()) -> str:
    """SQL that makes *table* a reference table: the app reads it whoever the tenant is.

    Args:
        table: Its rows belong to nobody.
        updatable: Columns the app may nevertheless change.
    """
    columns = ",".join(_name(column) for column in updatable)
    return _comment(table, "reference", f"update={columns}" if columns else "")


def infrastructure(table: str, *, readable: bool = False) -> str:
    """SQL that marks *table* as the program's own; the app has no right on it, or may read it."""
    return _comment(table, "infrastructure", "readable" if readable else "")


class TenantForeignKey(ForeignKey[Any]):
    """A Piccolo foreign key within one tenant.

    Piccolo reads it for joins and forms, but would create a key of one column.
    The key in the database leads with ``tenant_id``: :func:`tenant_foreign_key_sql`.
    """

    @property
    def ddl(self) -> str:
        """The column alone, without a reference and without a default."""
        return _column_sql(self)


def tenant_foreign_key_sql(table: str, column: str, target: str, target_column: str = "id") -> str:
    """SQL of the foreign key from *table* to a row of the same tenant in *target*."""
    return (
        f"ALTER TABLE {_name(table)} ADD CONSTRAINT {_name(f'{table}_{column}_fkey')}"
        f" FOREIGN KEY (tenant_id, {_name(column)})"
        f" REFERENCES {_name(target)} (tenant_id, {_name(target_column)});\n"
    )


def create_tenant_table(table: type[Table], *, append_only: bool = False) -> str:
    """SQL that creates and protects the tenant table *table* describes.

    The keys lead with ``tenant_id``: the primary key, each ``Unique`` that
    names it, and each :class:`TenantForeignKey`. No column gets a default.
    Declare the class in the migration itself: what has run never changes.

    Args:
        table: A Piccolo table with a column ``tenant_id`` and a primary key.
        append_only: See :func:`protect`.
    """
    meta = table._meta  # noqa: SLF001 - Piccolo's documented way to a table's columns
    name = _name(meta.tablename)
    key = meta.primary_key._meta.db_column_name  # noqa: SLF001 - the same
    parts = [_column_sql(column) for column in meta.columns]
    parts.append(f'PRIMARY KEY (tenant_id, "{key}")')
    parts.append("FOREIGN KEY (tenant_id) REFERENCES tenant (id)")
    parts += [one.ddl for one in meta.constraints if isinstance(one, Unique)]
    created = f"CREATE TABLE {name} (\n  " + ",\n  ".join(parts) + "\n);\n"
    keys = [_key_sql(name, column) for column in meta.foreign_key_columns]
    return created + "".join(keys) + protect(name, append_only=append_only)


def sql_migration(
    migration_id: str,
    app_name: str,
    description: str,
    *statements: str,
    backwards: Sequence[str] = (),
) -> MigrationManager:
    """A Piccolo migration that runs *statements*, each of one or many commands, in order.

    Args:
        migration_id: The migration's ``ID``.
        app_name: The plugin's name.
        description: What it is for.
        statements: What it does.
        backwards: What undoes it; a migration without any cannot be undone.
    """
    manager = MigrationManager(
        migration_id=migration_id, app_name=app_name, description=description
    )
    manager.add_raw(_running(statements))
    if backwards:
        manager.add_raw_backwards(_running(backwards))
    return manager


def _running(statements: Sequence[str]) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        engine = _engine()
        for statement in statements:
            await engine.run_ddl(statement)

    return run


async def backfill(sql: str) -> int:
    """Inside a migration, run *sql* once for each tenant; answers how many there are.

    Args:
        sql: Names the tenant as ``{}``: ``UPDATE note SET kind = '' WHERE tenant_id = {}``.
            The owner sees all rows, so the condition is what keeps tenants apart.
    """
    engine = _engine()
    tenants = await engine.run_querystring(QueryString("SELECT id FROM tenant ORDER BY id"))
    for tenant in tenants:
        await engine.run_querystring(QueryString(sql, tenant["id"]))
    return len(tenants)


def _engine() -> Engine[Any]:
    engine = engine_finder()
    if engine is None:
        raise LookupError("a migration is run by `motcua migrate`")
    return engine


def _walled(table: str, own: str) -> str:
    name = _name(table)
    return (
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;\n"
        f"CREATE POLICY {name}_tenant ON {name} USING ({own}) WITH CHECK ({own});\n"
    )


def _comment(table: str, kind: str, options: str = "") -> str:
    return f"COMMENT ON TABLE {_name(table)} IS '{f'{MARK}:{kind} {options}'.rstrip()}';\n"


def _column_sql(column: Column) -> str:
    meta = column._meta  # noqa: SLF001 - Piccolo's documented way to a column's facts
    needed = "" if meta.null else " NOT NULL"
    return f'"{meta.db_column_name}" {column.column_type}{needed}'


def _key_sql(table: str, column: ForeignKey[Any]) -> str:
    meta = column._foreign_key_meta  # noqa: SLF001 - Piccolo offers no other way
    target = meta.resolved_references._meta.tablename  # noqa: SLF001 - the same
    key = meta.resolved_target_column._meta.db_column_name  # noqa: SLF001 - the same
    own = column._meta.db_column_name  # noqa: SLF001 - the same
    return tenant_foreign_key_sql(table, own, target, key)


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a plain lower-case SQL name")
    return name
