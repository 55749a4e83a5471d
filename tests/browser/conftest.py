"""A real browser for the page tests: Debian's chromium, nothing downloaded."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from browser.server import served

HINT = "no chromium: apt-get install chromium"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start Debian's chromium; root must give up its sandbox.

    Without one the tests are skipped on a developer's machine and fail in CI.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        stop = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        stop(HINT)
    arguments = ["--disable-dev-shm-usage", "--disable-gpu"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": chromium, "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A telephone in Vietnam."""
    return {
        **browser_context_args,
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "viewport": {"width": 390, "height": 844},
    }


@pytest.fixture(scope="session")
def base_url() -> str:
    """None by default; takes the place of a plugin's fixture that pytest warns about."""
    return ""


@pytest.fixture(scope="session")
def site(browser_type_launch_args: dict[str, Any]) -> Iterator[str]:
    """The address of the portal over the fakes; asked for only where there is a browser."""
    del browser_type_launch_args
    with served("fakes.site:create_app") as address:
        yield address
