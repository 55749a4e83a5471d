"""The whole application over a database of the module's own, and citizens who visit it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fakes.citizen import Citizen
from fakes.office import Office, opened
from motcua.testing.database import ScratchDatabase


@pytest.fixture(scope="module")
async def office(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    """The application, open, with everything published and everybody hired."""
    home: Path = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home, demo=True) as office:
        yield office


@pytest.fixture
async def citizen(office: Office) -> AsyncIterator[Citizen]:
    """Somebody with a telephone."""
    visitor = Citizen(office)
    yield visitor
    await visitor.client.aclose()
