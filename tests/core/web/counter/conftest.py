"""Officers who visit the application."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from fakes.office import SLUG, Office
from fakes.officer import Officer

Hire = Callable[..., Awaitable[Officer]]


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
