"""The pages of a whole site over the fakes."""

from collections.abc import Callable, Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from fakes.html import Element, parse
from fakes.portal import FakeReads
from fakes.site import create_app

Visit = Callable[..., Element]


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
