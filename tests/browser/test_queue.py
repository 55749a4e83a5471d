"""The queue in real browsers: take a number, call it, see and hear it on the board."""

import http.client
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.officers import at_counter
from browser.watch import Watch
from fakes.office import SLUG

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


@pytest.fixture
def room(browser: Browser, counter: str) -> Iterator[Open]:
    """Opens a page on a screen of its own; an officer's computer with a *role*."""
    contexts: list[BrowserContext] = []

    def come(path: str, role: str = "", *, scripts: bool = True, wide: int = 1366) -> Page:
        context = browser.new_context(
            base_url=counter,
            java_script_enabled=scripts,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": wide, "height": 768 if wide < 1900 else 1080},
        )
        contexts.append(context)
        page = context.new_page()
        if role:
            at_counter(page, role)
        if path:
            page.goto(f"/t/{SLUG}{path}")
        return page

    yield come
    for context in contexts:
        context.close()


def sit(page: Page, window: str) -> None:
    """Say at which window the computer stands."""
    page.get_by_label("Máy này ở").select_option(window)
    page.get_by_role("button", name="Ngồi quầy này").press("Enter")
    expect(page.get_by_role("heading", name=window, exact=True)).to_be_visible()


def picture(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("MOTCUA_SCREENS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


SIX = """
const lines = document.querySelector('.bnext tbody'), help = document.querySelector('.foot__in')
while (lines.children.length < 5) lines.append(lines.children[0].cloneNode(true))
help.append(help.querySelector('p').cloneNode(true))
"""
"""Fills the board: as many numbers as are shown at once, a telephone beside the hours."""


def _fits(page: Page, name: str) -> None:
    """Nothing is cut on a small screen on a wall, nor at the edge of a telephone."""
    page.set_viewport_size({"width": 1366, "height": 768})
    assert page.evaluate("document.documentElement.scrollHeight") <= 768
    picture(page, f"small-{name}")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, f"phone-{name}")
    page.set_viewport_size({"width": 1920, "height": 1080})


def test_a_number_is_taken_called_to_a_window_and_shown_and_said_on_the_board(
    room: Open, counter: str
) -> None:
    kiosk = room("/lay-so", scripts=False)
    for name in ("Chứng thực", "Hộ tịch", "Chứng thực"):
        kiosk.get_by_role("button", name=name).click()
        expect(kiosk.locator("h1")).to_have_text("Số của bạn")
        kiosk.get_by_role("link", name="Lấy số khác").click()
    screen = room("/bang-so", wide=1920)
    picture(screen, "board-empty")
    screen.get_by_role("button", name="Bật chuông báo").click()
    expect(screen.get_by_text("Chuông báo đã bật.")).to_be_visible()
    one = room("/quay/hang-cho", "reception")
    two = room("/quay/hang-cho", "field")
    sit(one, "Quầy 1")
    sit(two, "Quầy 2")
    picture(one, "queue")

    for _ in range(4):  # a key that is held down calls once
        one.keyboard.down("F8")
    one.keyboard.up("F8")
    expect(screen.locator(".tk")).to_have_text("A001")
    expect(screen.locator(".to")).to_have_text("Quầy 1")
    expect(screen.get_by_role("status")).to_have_text("Mời số A001 đến Quầy 1")
    two.keyboard.press("F8")
    expect(screen.locator(".tk")).to_have_text("B001")
    expect(screen.get_by_role("status")).to_have_text("Mời số B001 đến Quầy 2")
    expect(screen.locator(".bnext")).to_contain_text("A001")
    picture(screen, "board")
    screen.evaluate(SIX)
    _fits(screen, "board")
    picture(two, "queue-serving")
    assert [*Watch(screen, counter).faults(), *Watch(two, counter).faults()] == []

    two.get_by_role("button", name="Vắng").press("Enter")
    expect(two.get_by_role("heading", name="Gọi mà vắng")).to_be_visible()
    expect(screen.locator(".tk")).to_have_text("A001")
    one.goto(f"/t/{SLUG}/quay/tiep-nhan/2.000815")
    one.get_by_label("Họ, chữ đệm và tên").first.fill("Nguyễn Thị Ánh Tuyết")
    one.keyboard.press("F8")
    expect(one.locator(".strip")).to_contain_text("A002")
    expect(one.get_by_label("Họ, chữ đệm và tên").first).to_have_value("Nguyễn Thị Ánh Tuyết")
    expect(screen.get_by_role("status")).to_have_text("Mời số A002 đến Quầy 1")
    picture(one, "strip")
    two.get_by_role("button", name="Gọi vào quầy của tôi").press("Enter")
    expect(screen.get_by_role("status")).to_have_text("Mời số B001 đến Quầy 2")

    one.goto(f"/t/{SLUG}/quay/hang-cho")
    for page in (one, two):
        page.get_by_role("button", name="Xong").press("Enter")
        expect(page.get_by_text("Chưa gọi số nào").first).to_be_visible()
    expect(screen.locator(".to")).to_have_text("Chưa gọi số nào")


@pytest.mark.parametrize(
    ("path", "role", "press"),
    [
        ("/bang-so", "", ""),
        ("/lay-so", "", ""),
        ("/lay-so", "", "Hộ tịch"),
        ("/quay/hang-cho", "reception", ""),
    ],
    ids=["board", "machine", "ticket", "officer"],
)
def test_the_pages_of_the_queue_are_accessible_quiet_and_light(
    room: Open, counter: str, path: str, role: str, press: str
) -> None:
    page = room("", role, wide=1366 if role else 1920)
    watch = Watch(page, counter)
    watch.open(f"/t/{SLUG}{path}")
    if press:
        watch.forget()
        page.get_by_role("button", name=press).click()
        expect(page.locator("h1")).to_have_text("Số của bạn")
    picture(page, f"look-{path.strip('/').replace('/', '-')}{'-ticket' if press else ''}")

    assert watch.faults() == []
    assert watch.complaints == []
    assert watch.foreign == []
    if not role:
        _fits(page, f"{path.strip('/')}{'-ticket' if press else ''}")
        assert watch.over(Document=5, Stylesheet=8, Script=4, Font=30, total=60) == {}
        assert watch.requests <= 6


def test_the_stream_is_sent_at_once_and_never_compressed(counter: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(counter).netloc, timeout=10)
    try:
        path = f"/t/{SLUG}/bang-so/luong"
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()

        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["content-encoding"] is None
        assert answer.readline().startswith(b"id:")
        assert answer.readline() == b"event: board\r\n"
    finally:
        connection.close()
