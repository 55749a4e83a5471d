"""Whom attempts are counted by."""

from types import SimpleNamespace
from typing import Any

import pytest

from motcua.web.client import address


@pytest.mark.parametrize(
    ("peer", "found"),
    [
        ("198.51.100.4", "198.51.100.4"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.4", "198.51.100.4"),
        ("testclient", "testclient"),
    ],
)
def test_a_network_of_one_line_is_one_guesser(peer: str, found: str) -> None:
    connection: Any = SimpleNamespace(client=SimpleNamespace(host=peer))

    assert address(connection) == found


def test_nobody_is_nobody() -> None:
    assert address(SimpleNamespace(client=None)) == ""  # type: ignore[arg-type] # all that is read of it
