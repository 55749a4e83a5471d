"""Databases for tests: one server a run, one fresh copy of the schema a module.

Without further ado an ephemeral embedded server is started. With
``MOTCUA_TEST_DATABASE_URL`` (a superuser of any PostgreSQL ≥ 15) the same tests
run there. Each worker of pytest-xdist has a server, or roles and databases, of its own.
"""

import asyncio
import dataclasses
import itertools
import os
import secrets
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
from piccolo.conf.apps import AppConfig

from motcua.registry.loading import load_registry
from motcua.storage.dsn import Dsn
from motcua.storage.launcher import Embedded
from motcua.storage.migrate import migrate

TEST_URL_VARIABLE = "MOTCUA_TEST_DATABASE_URL"
PROVINCE, TENANT_A, TENANT_B = 100, 101, 102
"""The tenants of every test database: ``tinh-thu``, ``phuong-mot``, ``xa-hai``."""

_TENANTS = """
INSERT INTO tenant (id, slug, name, kind, type_vi, parent_id, codes, predecessors, successors,
                    hosts, settings, opened_on, closed_on, archived, config_version)
VALUES (100, 'tinh-thu', 'Tỉnh Thử', 'province', 'Tỉnh', NULL,
        '[{"code": "99", "valid_from": "2025-07-01", "valid_to": null}]',
        '[]', '[]', '{}', '{}', '2025-07-01', NULL, false, 1),
       (101, 'phuong-mot', 'Phường Một', 'ward', 'Phường', 100,
        '[{"code": "99001", "valid_from": "2025-07-01", "valid_to": null}]',
        '[]', '[]', '{}', '{}', '2025-07-01', NULL, false, 1),
       (102, 'xa-hai', 'Xã Hai', 'commune', 'Xã', 100,
        '[{"code": "99002", "valid_from": "2025-07-01", "valid_to": null}]',
        '[]', '[]', '{}', '{}', '2025-07-01', NULL, false, 1)
"""


def apart(work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """Do *work* in a loop of its own; the caller may be inside another one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(work())).result()


@dataclasses.dataclass(frozen=True)
class ScratchDatabase:
    """A database of one test module."""

    owner_dsn: Dsn
    app_dsn: Dsn


class ScratchServer:
    """A server on which tests make databases; removes what it made."""

    def __init__(self, admin: Dsn, owner: Dsn, app: Dsn) -> None:
        """Work as *admin*; databases belong to *owner* and serve *app*."""
        self.admin = admin
        self._owner = owner
        self._app = app
        self._names = (f"motcua_test_{os.getpid()}_{n}" for n in itertools.count())
        self._made: list[str] = []

    def create(self, template: str = "template1") -> ScratchDatabase:
        """A new database of the owner's, copied from *template*."""
        name = next(self._names)
        self.run(f'CREATE DATABASE {name} OWNER "{self._owner.user}" TEMPLATE {template}')
        self._made.append(name)
        return ScratchDatabase(self._owner.with_database(name), self._app.with_database(name))

    def drop(self, database: ScratchDatabase) -> None:
        """Remove *database*, also when a test left a connection open."""
        name = database.app_dsn.database
        self.run(f"DROP DATABASE {name} WITH (FORCE)")
        self._made.remove(name)

    def run(self, *commands: str, dsn: Dsn | None = None) -> None:
        """Run each of *commands* as the superuser, or as whom *dsn* names."""

        async def go() -> None:
            connection = await asyncpg.connect((dsn or self.admin).url)
            try:
                for command in commands:
                    await connection.execute(command)
            finally:
                await connection.close()

        apart(go)

    def close(self) -> None:
        """Remove every database that is left."""
        for name in self._made:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


def open_server(folder: Path) -> Iterator[ScratchServer]:
    """The server of one run: the one named in the environment, or our own in *folder*."""
    if url := os.environ.get(TEST_URL_VARIABLE):
        yield from _outside(Dsn(url))
    else:
        yield from _embedded(folder)


def new_template(server: ScratchServer) -> ScratchDatabase:
    """A migrated database with a province and two tenants; copied, never connected to."""
    made = server.create()
    migrated(made, [tables.app_config for _, tables in load_registry().tables()])
    server.run(_TENANTS, dsn=made.owner_dsn)
    return made


def migrated(database: ScratchDatabase, plugins: list[AppConfig]) -> None:
    """Bring *database* to what the core and *plugins* expect."""
    apart(lambda: migrate(database.owner_dsn, database.app_dsn.user, plugins))


def _embedded(folder: Path) -> Iterator[ScratchServer]:
    with Embedded(folder, ephemeral=True) as running:
        yield ScratchServer(running.admin, running.owner, running.app)


def _outside(admin: Dsn) -> Iterator[ScratchServer]:
    mark, password = os.getpid(), secrets.token_hex()
    owner = admin.with_user(f"motcua_owner_{mark}", password)
    app = admin.with_user(f"motcua_app_{mark}", password)
    found = ScratchServer(admin, owner, app)
    for one in (owner, app):
        found.run(f"CREATE ROLE {one.user} LOGIN PASSWORD '{password}'")
    yield found
    found.close()
    for one in (owner, app):
        found.run(f"DROP ROLE {one.user}")
