"""A real browser for the page tests: Debian's chromium, nothing downloaded."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, BrowserType, Playwright, sync_playwright

from browser.server import served
from fakes.office import PASSWORD, SLUG, hire, opened
from motcua.app import SETTINGS_VARIABLE, Settings
from motcua.services import staff, unit
from motcua.services.change import Asked
from motcua.services.configure import assign_signer
from motcua.services.demo import QUEUE
from motcua.services.house import desk
from motcua.services.unit import settle
from motcua.storage.dsn import Dsn
from motcua.testing.database import ScratchDatabase, ScratchServer, apart

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


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright for one module: while it runs, nothing else can wait in this thread."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser_type(playwright: Playwright) -> BrowserType:
    """Chromium, whatever the command line says."""
    return playwright.chromium


@pytest.fixture(scope="module")
def browser(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    """A browser for one module."""
    with browser_type.launch(**browser_type_launch_args) as opened:
        yield opened


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """A telephone in Vietnam."""
    return {
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


@pytest.fixture(scope="session")
def counter(
    browser_type_launch_args: dict[str, Any],
    server: ScratchServer,
    template: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address of the whole application, over a database with everybody hired."""
    del browser_type_launch_args
    home = tmp_path_factory.mktemp("counter")
    yield from _whole(server, template, home, demo=True)


@pytest.fixture(scope="session")
def strict(
    browser_type_launch_args: dict[str, Any],
    server: ScratchServer,
    template: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The same as it is outside the demonstration, with accounts nobody has used yet."""
    del browser_type_launch_args
    home = tmp_path_factory.mktemp("strict")
    yield from _whole(server, template, home, demo=False)


def _whole(
    server: ScratchServer, template: ScratchDatabase, home: Path, *, demo: bool
) -> Iterator[str]:
    made = server.create(template=template.app_dsn.database)
    apart(lambda: _furnish(made.owner_dsn, made.app_dsn, home))
    settings = Settings(
        database=made.app_dsn.url, home=str(home), demo=demo, strict_accounts=not demo
    )
    variables = {SETTINGS_VARIABLE: msgspec.json.encode(settings).decode()}
    with served("fakes.counter:create", **variables) as address:
        yield address
    server.drop(made)


SIGNER = "Lê Văn Ký"
"""Who signs at the first test tenant."""
NEW = ("moi-1", "moi-2", "moi-3")
"""Administrators with a password that somebody gave them."""
NEW_ADMIN = "moi-quan-tri"
"""One that has no work at the counter."""


async def _furnish(owner: Dsn, app: Dsn, home: Path) -> None:
    """Publish everything and hire everybody."""
    async with opened(owner, app, home) as office:
        await hire(office.house, "tinh-thu")
        here = await desk(office.house, SLUG)
        await assign_signer(office.house, here, full_name=SIGNER, title="Chủ tịch", act="QĐ 1")
        asked = Asked(place="unit", subject=here.name)
        await settle(office.house, here, {"queue": msgspec.to_builtins(QUEUE)}, (), asked=asked)
        asked = Asked(place="bounds", subject=here.name)
        await unit.set_settings(office.house, here, {"booking_per_slot": 3}, asked)
        for name in NEW:
            await staff.create(
                office.house, here, username=name, password=PASSWORD, roles=["admin", "field"]
            )
        await staff.create(
            office.house, here, username=NEW_ADMIN, password=PASSWORD, roles=["admin"]
        )
