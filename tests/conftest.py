"""The whole suite runs on the published fixtures, on every core the machine has."""

import os

import pytest

pytest_plugins = ["motcua.testing.fixtures"]

LONG = ("outside", "browser")
"""What takes longest begins first, so that no worker waits for another in the end."""
TOGETHER = ("outside",)
"""Folders whose files share what is dear to make; one worker does them all."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share out the whole suite only: starting workers costs more than a few files do."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return len(os.sched_getaffinity(0)) if whole else 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a module in one worker: its tests share a database."""
    items.sort(key=lambda item: LONG.index(folder) if (folder := folder_of(item)) in LONG else 9)
    for item in items:
        folder = folder_of(item)
        group = folder if folder in TOGETHER else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))


def folder_of(item: pytest.Item) -> str:
    """The folder of a test below ``tests``."""
    return item.nodeid.split("/")[1]
