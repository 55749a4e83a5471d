"""Whole pages and fragments."""

import pytest
from litestar import Litestar, get
from litestar.testing import TestClient

from motcua.web.pages import AnyRequest, wants_fragment


@get("/")
async def asked(request: AnyRequest) -> bool:
    """Whether only a part was asked for."""
    return wants_fragment(request)


@pytest.mark.parametrize(
    ("headers", "fragment"),
    [
        ({}, False),
        ({"hx-request": "true"}, True),
        ({"hx-request": "true", "hx-boosted": "true"}, False),
        ({"hx-request": "true", "hx-history-restore-request": "true"}, False),
    ],
)
def test_only_htmx_asking_for_a_part_gets_one(headers: dict[str, str], fragment: bool) -> None:
    with TestClient(Litestar([asked], openapi_config=None)) as client:
        assert client.get("/", headers=headers).json() is fragment
