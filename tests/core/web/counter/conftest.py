"""The whole application over a database of the module's own, and officers who visit it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from fakes.office import SLUG, Office, opened
from fakes.officer import Officer
from motcua.testing.database import ScratchDatabase

Hire = Callable[..., Awaitable[Officer]]


@pytest.fixture(scope="module")
async def office(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    """The application, open, with everything published and everybody hired."""
    home: Path = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home) as office:
        yield office


@pytest.fixture
async def at_desk(office: Office) -> AsyncIterator[Hire]:
    """Makes an officer of a role, signed in."""
    hired: list[Officer] = []

    async def come(role: str, slug: str = SLUG) -> Officer:
        officer = Officer(office, role, slug)
        hired.append(officer)
        await officer.sign_in(status=403 if role in ("admin", "supervisor") else 200)
        return officer

    yield come
    for officer in hired:
        await officer.client.aclose()
