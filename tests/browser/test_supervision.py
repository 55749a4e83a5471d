"""A supervisor's morning in a real browser: choose, sort, look closer, take the table along."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.officers import sign_in
from browser.watch import Watch
from fakes.office import SLUG
from fakes.walk import PROVINCE

pytestmark = pytest.mark.browser


def picture(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("MOTCUA_SCREENS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def fits_a_phone(page: Page) -> None:
    """Nothing is cut at the edge of a telephone."""
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1366, "height": 768})


def test_supervision(browser: Browser, counter: str) -> None:
    context = browser.new_context(
        base_url=counter, locale="vi-VN", viewport={"width": 1366, "height": 768}
    )
    page = context.new_page()
    watch = Watch(page, counter)
    page.goto("/giam-sat/")
    sign_in(page, f"supervisor.{PROVINCE}")

    expect(page.locator("h1")).to_have_text("Giám sát Tỉnh Thử")
    page.goto("/giam-sat/")
    expect(page.locator("h1")).to_have_text("Giám sát Tỉnh Thử")
    page.get_by_label("Kỳ", exact=True).select_option("year")
    page.get_by_role("button", name="Xem kỳ này").click()
    expect(page).to_have_url(re.compile("ky=year"))
    page.get_by_role("link", name="Xã, phường").click()
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    page.get_by_text("đơn vị không có hồ sơ trong kỳ").click()
    expect(page.get_by_role("link", name="Xã Cũ")).to_be_visible()
    assert watch.faults() == []
    fits_a_phone(page)
    picture(page, "supervision")

    with page.expect_download() as taken:
        page.get_by_role("link", name="Tải bảng tính").click()
    assert taken.value.suggested_filename.endswith(".xlsx")

    page.get_by_role("link", name="Phường Một").click()
    expect(page.locator("h1")).to_have_text("Phường Một")
    expect(page.get_by_role("img", name=re.compile("Trước và đúng hạn từng tháng"))).to_be_visible()
    page.get_by_text("Bảng số").first.click()
    assert watch.faults() == []
    fits_a_phone(page)
    picture(page, "supervision-unit")
    page.get_by_role("link", name="Tỉnh Thử").last.click()
    expect(page).to_have_url(re.compile("ky=year"))
    assert watch.complaints == []
    context.close()


def test_the_boards_lead_to_the_look_up_and_fit_their_screens(
    browser: Browser, counter: str
) -> None:
    """ui.md §7: HTML 5 KB, CSS 8, scripts 4, fonts 30, all 60; six requests."""
    context = browser.new_context(
        base_url=counter, locale="vi-VN", viewport={"width": 1366, "height": 768}
    )
    page = context.new_page()
    watch = Watch(page, counter)

    watch.open(f"/t/{SLUG}/bang-so")
    over = watch.over(Document=5, Stylesheet=8, Script=4, Font=30, total=60)
    requests = watch.requests
    assert page.evaluate("document.documentElement.scrollHeight") <= 768
    expect(page.get_by_role("img", name="Mã QR: trang tra cứu hồ sơ")).to_be_in_viewport(ratio=1)
    assert watch.faults() == []
    fits_a_phone(page)
    watch.open(f"/t/{SLUG}/cong-khai")
    expect(page.get_by_role("img", name="Mã QR: trang tra cứu hồ sơ")).to_be_visible()
    assert watch.faults() == []
    fits_a_phone(page)
    picture(page, "public-board")

    assert (over, requests <= 6) == ({}, True)
    assert watch.complaints == []
    context.close()
