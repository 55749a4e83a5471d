"""Bring a database to the state the installed core and plugins expect.

One process at a time: the others wait at an advisory lock and then find nothing
left to do. The core comes first, then each plugin after those it depends on.
Each migration is one transaction together with the line that remembers it.
"""

import asyncio
import contextlib
import importlib.util
import io
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
import msgspec
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import AppConfig

from motcua.storage import piccolo_conf
from motcua.storage.dsn import Dsn
from motcua.storage.errors import MigrationError
from motcua.storage.owner import OWNER, connected
from motcua.storage.piccolo_app import APP_CONFIG
from motcua.storage.protect import TABLES_SQL, classify, grants_sql, infrastructure

_LOCK = 0x6D6F7463
_CONF_VARIABLE = "PICCOLO_CONF"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One migration of one application.

    Attributes:
        app: The core (``motcua``) or a plugin.
        id: Its name; the order of names is the order of running.
        description: What it is for.
    """

    app: str
    id: str
    description: str = ""


async def migrate(owner: Dsn, app_role: str, plugins: Sequence[AppConfig] = ()) -> list[Step]:
    """Run what has not run yet and give *app_role* its rights.

    Args:
        owner: The database, as the role that owns the tables.
        app_role: The role the application serves with.
        plugins: The Piccolo apps of the plugins; ``migration_dependencies``
            holds the ``app_name`` of those that come before.

    Returns:
        The migrations that ran now.

    Raises:
        MigrationError: One failed, and was undone; those before it stay.
        UnavailableError: The database does not answer.
    """
    apps = in_order(plugins)
    OWNER.use(owner)
    done: list[Step] = []
    with _found_by_piccolo():
        async with _alone(owner) as connection:
            await _prepare()
            for app in apps:
                known = set(await Migration.get_migrations_which_ran(app_name=app.app_name))
                waiting = [one for one in _modules(app) if one.ID not in known]
                done += [await _run(app.app_name, module) for module in waiting]
            await connection.execute(
                grants_sql(classify(await connection.fetch(TABLES_SQL)), app_role)
            )
    return done


async def undo(owner: Dsn, app: AppConfig) -> Step:
    """Undo the last migration of *app* that ran; what only it made is gone with its rows.

    Raises:
        MigrationError: None ran, it cannot be undone, or undoing it failed.
    """
    OWNER.use(owner)
    with _found_by_piccolo():
        async with _alone(owner):
            known = set(await Migration.get_migrations_which_ran(app_name=app.app_name))
            done = [one for one in _modules(app) if one.ID in known]
            if not done:
                raise MigrationError(app=app.app_name, migration="-", reason="none has run")
            return await _run_back(app.app_name, done[-1])


def expected(plugins: Sequence[AppConfig] = ()) -> list[Step]:
    """Every migration of core and *plugins*, in the order they run."""
    return [
        Step(app=app.app_name, id=module.ID, description=getattr(module, "DESCRIPTION", ""))
        for app in in_order(plugins)
        for module in _modules(app)
    ]


def ways_back(app: AppConfig) -> dict[str, bool]:
    """Every migration of *app* by its ``ID``, and whether it can be undone."""

    async def look() -> dict[str, bool]:
        return {module.ID: _goes_back(await module.forwards()) for module in _modules(app)}

    with ThreadPoolExecutor(1) as thread:  # whoever asks may be inside a loop
        return thread.submit(lambda: asyncio.run(look())).result()


def _goes_back(manager: Any) -> bool:
    return isinstance(manager, MigrationManager) and bool(manager.raw_backwards)


async def pending(engine: Any, plugins: Sequence[AppConfig] = ()) -> list[Step]:
    """The migrations that *engine*'s database still lacks; run it in ``reference_scope()``."""
    try:
        rows = await engine.fetch("SELECT app_name, name FROM migration")
    except asyncpg.UndefinedTableError:
        rows = []
    known = {(row["app_name"], row["name"]) for row in rows}
    return [step for step in expected(plugins) if (step.app, step.id) not in known]


def in_order(plugins: Sequence[AppConfig]) -> list[AppConfig]:
    """The core, then *plugins*, each after those it depends on.

    Raises:
        MigrationError: One depends on an app that is not there, or on itself.
    """
    apps = {app.app_name: app for app in (APP_CONFIG, *sorted(plugins, key=_app_name))}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name, app in apps.items():
        needed = [one for one in app.migration_dependencies if one != APP_CONFIG.app_name]
        for one in needed:
            if one not in apps:
                raise MigrationError(app=name, migration="-", reason=f"needs {one}")
        first = [] if app is APP_CONFIG else [APP_CONFIG.app_name]
        sorter.add(name, *first, *needed)
    try:
        return [apps[name] for name in sorter.static_order()]
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise MigrationError(app=circle, migration="-", reason="depend on each other") from error


def _app_name(app: AppConfig) -> str:
    return app.app_name


@contextlib.contextmanager
def _found_by_piccolo() -> Iterator[None]:
    """Let Piccolo's machinery find the owner's engine, and keep it quiet."""
    before = os.environ.get(_CONF_VARIABLE)
    os.environ[_CONF_VARIABLE] = piccolo_conf.__name__
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        if before is None:
            del os.environ[_CONF_VARIABLE]
        else:
            os.environ[_CONF_VARIABLE] = before


@contextlib.asynccontextmanager
async def _alone(owner: Dsn) -> AsyncIterator[Any]:
    """Hold the lock of migrations on a connection of its own."""
    async with connected(owner) as connection:
        await connection.execute(f"SELECT pg_advisory_lock({_LOCK})")
        yield connection


async def _prepare() -> None:
    """Make the table in which Piccolo remembers what ran."""
    async with OWNER.transaction():
        await Migration.create_table(if_not_exists=True).run()  # type: ignore[no-untyped-call]  # Piccolo leaves it untyped
        await OWNER.run_ddl(infrastructure("migration", readable=True))


async def _run(app: str, module: ModuleType) -> Step:
    try:
        async with OWNER.transaction():
            manager = await module.forwards()
            if isinstance(manager, MigrationManager):
                await manager.run()
            await Migration.insert(Migration(name=module.ID, app_name=app)).run()
    except Exception as error:  # whatever a plugin's migration raises is told, not shown as ours
        raise MigrationError(app=app, migration=module.ID, reason=str(error)) from error
    return Step(app=app, id=module.ID, description=getattr(module, "DESCRIPTION", ""))


async def _run_back(app: str, module: ModuleType) -> Step:
    try:
        async with OWNER.transaction():
            await (await _way_back(module)).run(backwards=True)
            ran = (Migration.name == module.ID) & (Migration.app_name == app)
            await Migration.delete().where(ran).run()
    except Exception as error:
        raise MigrationError(app=app, migration=module.ID, reason=str(error)) from error
    return Step(app=app, id=module.ID, description=getattr(module, "DESCRIPTION", ""))


async def _way_back(module: ModuleType) -> MigrationManager:
    manager = await module.forwards()
    if _goes_back(manager):
        found: MigrationManager = manager
        return found
    raise LookupError("it has no way back")


def _modules(app: AppConfig) -> list[ModuleType]:
    """The migrations in the folder of *app*, by their ``ID``.

    Raises:
        MigrationError: Two have the same: what one did would be taken for the other's work.
    """
    folder = Path(app.resolved_migrations_folder_path)
    found = [_load(app.app_name, path) for path in sorted(folder.glob("*.py"))]
    ordered = sorted((one for one in found if hasattr(one, "ID")), key=_module_id)
    for one, other in pairwise(ordered):
        if one.ID == other.ID:
            files = " and ".join(Path(str(each.__file__)).name for each in (one, other))
            raise MigrationError(app=app.app_name, migration=one.ID, reason=f"is in {files}")
    return ordered


def _module_id(module: ModuleType) -> str:
    identity: str = module.ID
    return identity


def _load(app: str, path: Path) -> ModuleType:
    """Import the file at *path* without letting its folder onto the search path."""
    spec = importlib.util.spec_from_file_location(f"_migration_{app}_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise MigrationError(app=app, migration=path.stem, reason="cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
