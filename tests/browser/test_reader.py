"""Papers of a dossier read beside its answers, in a real browser."""

import io

import httpx
import pytest
from playwright.sync_api import Route, expect
from pypdf import PdfWriter

from browser.test_counter import Come, come, find
from browser.watch import Watch
from fakes.application import STATUS, TYPED, begin, fill
from fakes.citizen import Citizen
from fakes.office import SLUG
from fakes.papers import CREST
from motcua.testing.database import apart

pytestmark = pytest.mark.browser
__all__ = ["come"]

BOX = "tep.a.old_certificate"


class Outside(Citizen):
    """A citizen who asks a server over the network, and applies with a PDF and a picture."""

    code = ""

    def __init__(self, address: str) -> None:
        self.base = f"/t/{SLUG}"
        self.client = httpx.AsyncClient(base_url=address, follow_redirects=True, timeout=60)

    async def apply(self) -> None:
        """Send an application; its code is kept."""
        await begin(self, STATUS)
        while self.step != "giay-to":
            await self.send({name: TYPED[name] for name in self.names() if name in TYPED})
        for name, content in (("trích lục.pdf", _pdf()), ("ảnh.png", CREST)):
            await self.send(press="tai", files={BOX: (name, content)})
        await fill(self, TYPED)
        await self.send({"cam_doan": "1"})
        self.code = self.page.all("p", "sheet__code")[0].text
        await self.client.aclose()


def _pdf() -> bytes:
    """An empty page that a browser can draw."""
    drawn, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(drawn)
    return drawn.getvalue()


def _slow(route: Route) -> None:
    """Answer as over a bad line."""
    route.request.frame.page.wait_for_timeout(900)
    route.continue_()


def test_digits_open_papers_beside_the_answers(come: Come, counter: str) -> None:
    citizen = Outside(counter)
    apart(citizen.apply)
    page = come("reception")
    watch = Watch(page, counter)
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url) if "/tep/" in each.url else None)
    find(page, citizen.code)
    open_paper, frame = page.locator("#xem-giay"), page.locator("#xem-giay iframe")
    expect(open_paper).to_be_hidden()
    page.keyboard.type("99001")  # as a scanner types
    page.get_by_label("Ghi cho cán bộ khác").press_sequentially("12")
    page.get_by_label("Ghi cho cán bộ khác").blur()

    page.route("**/*tai_lieu=2*", _slow)
    page.keyboard.press("2")
    page.wait_for_timeout(300)
    page.keyboard.press("2")  # before the first press is answered
    expect(open_paper.get_by_role("img")).to_have_js_property("naturalWidth", 40)
    expect(open_paper.get_by_role("heading", name="ảnh.png")).to_be_focused()
    assert watch.faults() == []
    with page.expect_response("**/tep/*"):
        page.keyboard.press("1")
    expect(frame).to_have_attribute("title", "trích lục.pdf")
    expect(page.locator("[data-paper][aria-current=true]")).to_contain_text("trích lục.pdf")
    page.keyboard.press("1")

    assert watch.faults() == []
    assert len(set(asked)) == 2
    expect(page.get_by_label("Ghi cho cán bộ khác")).to_have_value("12")
    page.reload()
    expect(frame).to_have_attribute("title", "trích lục.pdf")
    open_paper.get_by_role("link", name="Đóng").click()
    expect(open_paper).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert watch.complaints == []
    page.goto(f"/t/{SLUG}/quay/tai-khoan")
    page.get_by_role("button", name="Tắt phím chữ, phím số").click()
    page.goto(f"/t/{SLUG}/quay/")
    find(page, citizen.code)
    page.keyboard.press("2")
    page.wait_for_timeout(300)  # nothing happens that could be waited for
    expect(open_paper).to_be_hidden()
