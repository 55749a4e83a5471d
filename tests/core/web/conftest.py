"""The pages of a whole site over the fakes, and the application over a database."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from fakes.html import Element, parse
from fakes.office import Office, opened
from fakes.portal import FakeReads
from fakes.site import create_app
from motcua.registry import dispatch
from motcua.testing.database import ScratchDatabase

Visit = Callable[..., Element]


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
def reads() -> FakeReads:
    """What the site is told."""
    return FakeReads()


@pytest.fixture
def client(reads: FakeReads) -> Iterator[TestClient[Litestar]]:
    """Somebody who visits the site."""
    with TestClient(create_app(reads), raise_server_exceptions=False) as visitor:
        yield visitor


@pytest.fixture
def visit(client: TestClient[Litestar]) -> Visit:
    """Opens a page and reads it; the status must be the one expected."""

    def visited(path: str, status: int = 200) -> Element:
        answer = client.get(path, follow_redirects=False)
        assert answer.status_code == status, answer.text[:500]
        return parse(answer.text)

    return visited


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The hooks in which every plugin fails now."""
    hooks: set[str] = set()
    ask = dispatch.Asking.__call__

    def stumble(asking: dispatch.Asking, told: dict[str, Any]) -> Any:
        if asking._hook in hooks:
            fault = dispatch.PluginFault(
                plugin=asking.plugin.name, hook=asking._hook, detail="RuntimeError"
            )
            raise dispatch.PluginFailedError(fault)
        return ask(asking, told)

    monkeypatch.setattr(dispatch.Asking, "__call__", stumble)
    return hooks
