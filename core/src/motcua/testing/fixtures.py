"""pytest's fixtures for the core and for plugins anywhere.

A plugin's ``tests/conftest.py`` needs one line::

    pytest_plugins = ["motcua.testing.fixtures"]
"""

from collections.abc import AsyncIterator, Iterator

import pytest

from motcua.storage.engine import ENGINE, TenantEngine
from motcua.testing.clock import FixedClock
from motcua.testing.database import (
    PROVINCE,
    TENANT_A,
    TENANT_B,
    ScratchDatabase,
    ScratchServer,
    new_template,
    open_server,
)

pytest.register_assert_rewrite(
    *(
        f"motcua.testing.contract_{part}"
        for part in ("database", "definitions", "forms", "hooks", "papers")
    )
)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Tests run on asyncio; mark those that wait with ``pytest.mark.anyio``."""
    return "asyncio"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScratchServer]:
    """The server of this run."""
    yield from open_server(tmp_path_factory.mktemp("postgres"))


@pytest.fixture(scope="session")
def template(server: ScratchServer) -> ScratchDatabase:
    """A migrated database with a province and two tenants; copied, never connected to."""
    return new_template(server)


@pytest.fixture(scope="module")
def database(server: ScratchServer, template: ScratchDatabase) -> Iterator[ScratchDatabase]:
    """A migrated database of the module's own."""
    made = server.create(template=template.app_dsn.database)
    yield made
    server.drop(made)


@pytest.fixture(scope="module")
async def engine(
    database: ScratchDatabase,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[TenantEngine]:
    """The core's engine, open on the module's database as the application's role."""
    await ENGINE.open(database.app_dsn)
    yield ENGINE
    await ENGINE.close()


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at nine on a working Monday until a test moves it."""
    return FixedClock()


@pytest.fixture(scope="session")
def province() -> int:
    """The id of the province that both tenants belong to."""
    return PROVINCE


@pytest.fixture(scope="session")
def tenant_a() -> int:
    """The id of the ward ``phuong-mot``."""
    return TENANT_A


@pytest.fixture(scope="session")
def tenant_b() -> int:
    """The id of the commune ``xa-hai``."""
    return TENANT_B
