"""The installed plugins, with their texts among the others."""

import pytest

from motcua.registry import Registry, load_registry


@pytest.fixture(scope="session", autouse=True)
def installed() -> Registry:
    return load_registry()
