"""An office with its console."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from fakes.console import Visitor
from fakes.office import SLUG, Office, hire, opened
from motcua.testing.database import ScratchDatabase

PROVINCE_SLUG = "tinh-thu"
Come = Callable[..., Awaitable[Visitor]]


@pytest.fixture(scope="module")
async def office(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    home: Path = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home) as office:
        await hire(office.house, PROVINCE_SLUG)
        yield office


@pytest.fixture
def come(office: Office) -> Come:
    """Brings somebody of a role to the console of a tenant."""

    async def arrive(role: str = "admin", slug: str = SLUG) -> Visitor:
        return Visitor(office, await office.token(role, slug), slug)

    return arrive
