"""The reception in a real browser, keyboard only: budgets of keys and time, states, looks."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.officers import at_counter
from browser.watch import Watch
from fakes.office import PASSWORD, SLUG

pytestmark = pytest.mark.browser

KEY = 1 / 5
"""Seconds a key takes somebody who types at a usual speed."""
CARD = "027194001812|272123456|Nguyen Thi Anh Tuyet|03091994|Nữ|P. Mot|01012021"
Come = Callable[..., Page]


class Hands:
    """Somebody at the keyboard, whose keys and time are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = self.scans = 0
        self.begun = time.monotonic()

    def press(self, *keys: str) -> None:
        """Press one key after the other, as fast as people do."""
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1
            time.sleep(KEY)

    def scan(self, code: str) -> None:
        """A scanner types in no time, and ends with Enter."""
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Enter")
        self.scans += 1

    @property
    def seconds(self) -> float:
        """Since they began."""
        return time.monotonic() - self.begun


@pytest.fixture
def come(browser: Browser, counter: str) -> Iterator[Come]:
    """Puts an officer of the reception before a screen, signed in."""
    contexts: list[BrowserContext] = []

    def arrive(width: int = 1366) -> Page:
        height = 768 if width > 800 else 844
        context = browser.new_context(
            base_url=counter, locale="vi-VN", viewport={"width": width, "height": height}
        )
        contexts.append(context)
        page = context.new_page()
        at_counter(page, "reception")
        return page

    yield arrive
    for context in contexts:
        context.close()


@pytest.fixture
def page(come: Come) -> Page:
    """A screen of the reception where the person of the card has been before."""
    page = come()
    page.goto(f"/t/{SLUG}/quay/tiep-nhan/2.000815")
    page.locator("#nguoi-id_number").fill("027194001812")
    page.locator("#nguoi-name").fill("Nguyễn Thị Ánh Tuyết")
    page.locator("#g0-document_type").select_option("giấy khai sinh")
    page.locator("#g0-page_count").fill("1")
    page.locator("#g0-copy_count").fill("1")
    page.keyboard.press("F9")
    expect(page.locator("h1")).to_contain_text("Biên nhận")
    page.goto(f"/t/{SLUG}/quay/")
    return page


def shot(page: Page, where: Path, name: str) -> None:
    page.screenshot(path=where / f"{name}.png")


def test_one_certified_copy_takes_a_scan_and_twelve_keys(
    page: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    """ui.md §7: at most 1 scan and 12 keys, within 10 seconds."""
    hands = Hands(page)

    hands.press("F2")
    expect(page.locator("#tim")).to_be_focused()
    hands.scan(CARD)
    expect(page.locator("#g0-document_type")).to_be_focused()
    hands.press("g", "Tab", "Tab", "2", "Tab", "3", "F6", "2", "0", "F9")
    expect(page.locator("h1")).to_contain_text("Biên nhận")

    seconds = hands.seconds
    with capsys.disabled():
        print(f"\none copy: {hands.scans} scan, {hands.keys} keys, {seconds:.1f} s")  # noqa: T201 - for the log of the run
    expect(page.locator(".slip")).to_contain_text("12.000")
    expect(page.locator(".money")).to_contain_text("8.000")
    assert (hands.scans, hands.keys <= 12, seconds <= 10) == (1, True, True)


def test_twelve_originals_five_copies_each_take_six_keys_a_paper(
    page: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    """At most 1 scan and 6 keys a paper, within 60 seconds, with cash."""
    hands = Hands(page)

    hands.press("F2")
    expect(page.locator("#tim")).to_be_focused()
    hands.scan(CARD)
    expect(page.locator("#g0-document_type")).to_be_focused()
    hands.press("g", "Tab", "Tab", "1", "Tab", "5")
    for paper in range(1, 12):
        hands.press("F7")
        expect(page.locator(f"#g{paper}-document_type")).to_be_focused()
        hands.press("b", "Tab", "Tab", str(1 + paper % 9))
    hands.press("F6", "5", "0", "0")
    expect(page.locator("#thoi")).to_contain_text("đ")
    hands.press("F9")
    expect(page.locator("h1")).to_contain_text("Biên nhận")

    seconds = hands.seconds
    each = hands.keys / 12
    with capsys.disabled():
        print(  # noqa: T201 - for the log of the run
            f"\n12 originals, 5 copies each, cash: {hands.scans} scan, {hands.keys} keys"
            f" ({each:.1f} a paper), {seconds:.1f} s"
        )
    expect(page.locator("tbody a.code")).to_have_count(12)
    assert (hands.scans, each <= 6, seconds <= 60) == (1, True, True)


def test_every_state_of_the_basket_is_sound_and_a_plain_copy_stands_above_the_fold(
    come: Come, counter: str, tmp_path: Path
) -> None:
    page = come()
    watch = Watch(page, counter)
    watch.open(f"/t/{SLUG}/quay/tiep-nhan/2.000815")
    found = {"empty": watch.faults()}
    page.locator("#nguoi-id_number").fill("027194009999")
    page.locator("#nguoi-id_number").press("Enter")
    expect(page.locator("#nguoi-name")).to_be_focused()
    page.keyboard.type("Trần Văn Đức")
    page.locator("#g0-document_type").select_option("giấy khai sinh")
    page.locator("#g0-page_count").fill("2")
    page.locator("#g0-copy_count").fill("3")
    page.keyboard.press("F6")
    page.keyboard.type("20")
    expect(page.locator("#thoi")).to_have_text("8.000\u00a0đ")
    expect(page.locator(".leaf")).to_be_visible()
    shot(page, tmp_path, "one")
    found["one"] = watch.faults()
    for seen in (".leaf", "[data-key=F9]", "#tien_dua", "#g0-copy_count"):
        box = page.locator(seen).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 768, seen
    page.locator("#tien_dua").fill("5")
    page.keyboard.press("F9")
    expect(page.locator(".errors")).to_be_focused()
    shot(page, tmp_path, "fault")
    found["fault"] = watch.faults()
    for papers in range(2, 13):
        page.keyboard.press("F7")
        expect(page.locator("fieldset.paper")).to_have_count(papers)
    shot(page, tmp_path, "twelve")
    found["twelve"] = watch.faults()
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=tmp_path / "telephone.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found["telephone"] = watch.faults()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.locator("#tien_dua").fill("")
    page.keyboard.press("F9")
    expect(page.locator("h1")).to_contain_text("Biên nhận")
    shot(page, tmp_path, "slip")
    found["slip"] = watch.faults()
    page.locator("a.code").first.click()
    page.get_by_role("link", name="Biên lai, thu và hoàn tiền").press("Enter")
    expect(page.locator("h1")).to_contain_text("Tiền của hồ sơ")
    found["money"] = watch.faults()
    page.get_by_role("button", name="Đã hoàn tiền").press("Enter")
    expect(page.locator(".errors")).to_be_focused()
    shot(page, tmp_path, "money")
    found["money with faults"] = watch.faults()

    assert {name: faults for name, faults in found.items() if faults} == {}
    assert watch.complaints == []


def test_a_certification_goes_from_reception_to_return_in_one_sitting(
    page: Page, counter: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rules §6, "4 tại chỗ": T02 to T20 on one screen, with the keyboard, each step its person."""
    watch = Watch(page, counter)
    hands = Hands(page)
    hands.press("F2")
    expect(page.locator("#tim")).to_be_focused()
    hands.scan(CARD)
    expect(page.locator("#g0-document_type")).to_be_focused()
    hands.press("g", "Tab", "Tab", "2", "Tab", "3", "F9")
    expect(page.locator("h1")).to_contain_text("Biên nhận")
    shot(page, tmp_path, "sitting")
    found = {"sitting": watch.faults()}
    hands.press("F7")
    expect(page.locator(".errors")).to_be_focused()
    found["without passwords"] = watch.faults()
    shot(page, tmp_path, "sitting-faults")

    hands.press("F6", *PASSWORD, "Tab", "Tab", "Tab", *PASSWORD, "Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã ký và trả kết quả tại chỗ")

    with capsys.disabled():
        print(f"\none sitting, T02 to T20: {hands.keys} keys, {hands.seconds:.1f} s")  # noqa: T201 - for the log of the run
    shot(page, tmp_path, "returned")
    found["returned"] = watch.faults()
    page.locator("a.code").press("Enter")
    expect(page.locator(".hist > li")).to_have_count(8)  # seven steps, one receipt
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert watch.complaints == []
