"""The whole suite runs on the published fixtures."""

import pytest

pytest_plugins = ["motcua.testing.fixtures"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser's tests last: Playwright leaves its event loop running in the thread."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
