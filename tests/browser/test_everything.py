"""Every page of the application, as everybody who comes to it, in a real browser.

The pages are those of the application's own routes. ``MOTCUA_SCREENS=folder`` keeps a
picture of each, for a telephone and a desk.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from browser.watch import Watch
from fakes.office import PASSWORD, SLUG, paper
from fakes.walk import PROVINCE, Place, places
from motcua.app import Settings, create_app

pytestmark = pytest.mark.browser
WIDTHS = {"desk": (1366, 768), "telephone": (390, 844), "small telephone": (320, 640)}
HTML = {"portal": 15, "counter": 20}
"""Kilobytes of HTML at most (ui.md §7)."""
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
WALL = "/t/{slug}/bang-so"
"""Hangs on a wall, so it need not fit a telephone."""
HELP = "footer#help"
"""The way to help; what it tells: ``tests/core/web/test_every_page.py``."""


@pytest.fixture(scope="module")
def things(counter: str) -> dict[str, str]:
    """A dossier of each kind of page, received over the API."""
    who = {"username": f"reception.{SLUG}", "password": PASSWORD}
    api = f"{counter}/t/{SLUG}/api/v1"
    token = httpx.post(f"{api}/sessions", json=who, timeout=60).json()["token"]
    answer = httpx.post(
        f"{api}/receptions",
        json={"papers": [paper()]},
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    ).json()
    return {"dossier": answer["dossiers"][0]["id"], "key": answer["visit"]}


@pytest.fixture
def walker(browser: Browser, counter: str) -> Iterator["Walker"]:
    """Somebody who opens pages and notes what is wrong with them."""
    made = Walker(browser, counter)
    yield made
    made.close()


class Walker:
    """One browser, one context for each role."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser = browser
        self.site = site
        self.contexts: dict[tuple[str, str], BrowserContext] = {}
        self.found: list[str] = []
        self.seen = 0

    def context(self, role: str, slug: str) -> BrowserContext:
        """The context of somebody who is signed in, or of a citizen."""
        if (role, slug) not in self.contexts:
            made = self.browser.new_context(
                base_url=self.site, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
            )
            if role:
                who = {"username": f"{role}.{slug}", "password": PASSWORD}
                answer = httpx.post(f"{self.site}/t/{slug}/api/v1/sessions", json=who, timeout=60)
                cookie: Any = {
                    "name": "motcua_quay",
                    "value": answer.json()["token"],
                    "url": f"{self.site}/t/{slug}/",
                }
                made.add_cookies([cookie])
            self.contexts[role, slug] = made
        return self.contexts[role, slug]

    def is_page(self, context: BrowserContext, place: Place) -> bool:
        """Whether there is a page for whoever asks; files and errors are tested elsewhere."""
        answer = context.request.get(place.address, max_redirects=0)
        kind = answer.headers.get("content-type", "")
        attached = "content-disposition" in answer.headers
        return answer.status == 200 and kind.startswith("text/html") and not attached

    def visit(self, place: Place) -> None:
        """Open a page and note what is wrong with it."""
        slug = PROVINCE if f"/{PROVINCE}/" in f"{place.address}/" else SLUG
        context = self.context(place.role, slug)
        if not self.is_page(context, place):
            return
        page = context.new_page()
        watch = Watch(page, self.site)
        portal = not place.role
        narrow = portal and place.route != WALL
        page.set_viewport_size(_size("telephone" if portal else "desk"))
        watch.open(place.address)
        said = [*watch.faults(), *watch.complaints, *watch.foreign, *self._shape(page)]
        said += [f"sideways at {w}" for w in self._sideways(page, narrow=narrow)]
        said += map(str, watch.over(Document=HTML["portal" if portal else "counter"]).items())
        self.found += [f"{place.address} by {place.role or 'citizen'}: {each}" for each in said]
        self.seen += 1
        _picture(page, place)
        page.close()

    def close(self) -> None:
        """Close every window."""
        for context in self.contexts.values():
            context.close()

    def _shape(self, page: Page) -> list[str]:
        """What every page has once."""
        headings = page.locator("h1").count()
        said = [] if headings == 1 else [f"{headings} h1"]
        if page.locator("html").get_attribute("lang") not in ("vi", "en"):
            said.append("no language")
        if not page.locator(HELP).count():
            said.append("no help")
        return said

    def _sideways(self, page: Page, *, narrow: bool) -> Iterator[str]:
        """The widths at which a page of the portal scrolls sideways."""
        for name in ("telephone", "small telephone") if narrow else ():
            page.set_viewport_size(_size(name))
            if page.evaluate(SIDEWAYS):
                yield name


def _size(name: str) -> Any:
    width, height = WIDTHS[name]
    return {"width": width, "height": height}


def _picture(page: Page, place: Place) -> None:
    """Keep how a page looks, if pictures are wanted."""
    folder = os.environ.get("MOTCUA_SCREENS")
    if not folder:
        return
    name = place.route.strip("/").replace("/", "_").replace("{", "").replace("}", "") or "home"
    for width in ("desk", "telephone"):
        page.set_viewport_size(_size(width))
        file = f"{place.role or 'citizen'}-{name}-{WIDTHS[width][0]}.png"
        page.screenshot(path=Path(folder) / file, full_page=True)


ROLES = ("", "head", "reception", "admin", "supervisor")


@pytest.mark.parametrize("role", ROLES, ids=[role or "citizen" for role in ROLES])
def test_every_page_is_sound(
    walker: Walker, things: dict[str, str], tmp_path: Path, role: str
) -> None:
    """No fault axe finds, no message, one heading, help in its place, nothing sideways."""
    app = create_app(Settings(database="postgresql:///none", home=str(tmp_path)))

    for place in places(app, SLUG, things):
        if place.role == role:
            walker.visit(place)

    print(f"\n{walker.seen} pages by {role or 'a citizen'}")  # noqa: T201 - for the log of the run
    assert walker.found == []
    assert walker.seen >= 3
