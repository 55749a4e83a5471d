"""The whole suite runs on the published fixtures, on every core the machine has."""

import os

import pytest

pytest_plugins = ["motcua.testing.fixtures"]

LONG = ("outside", "tenancy", "browser")
"""What takes longest begins first, so that no worker waits for another in the end."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share out the whole suite only: starting workers costs more than a few files do."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return len(os.sched_getaffinity(0)) if whole else 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; the tests of a file stay together, in one worker."""
    items.sort(key=lambda item: LONG.index(folder) if (folder := folder_of(item)) in LONG else 9)


def folder_of(item: pytest.Item) -> str:
    """The folder of a test below ``tests``."""
    return item.nodeid.split("/")[1]
