"""A supervisor's morning in a real browser: choose, sort, look closer, take the table along."""

import re

import pytest
from playwright.sync_api import Browser, expect

from browser.officers import sign_in
from browser.watch import Watch
from fakes.walk import PROVINCE

pytestmark = pytest.mark.browser


def test_supervision(browser: Browser, counter: str) -> None:
    context = browser.new_context(
        base_url=counter, locale="vi-VN", viewport={"width": 1366, "height": 768}
    )
    page = context.new_page()
    watch = Watch(page, counter)
    page.goto("/giam-sat/")
    sign_in(page, f"supervisor.{PROVINCE}")

    expect(page.locator("h1")).to_have_text("Giám sát Tỉnh Thử")
    page.get_by_label("Kỳ", exact=True).select_option("year")
    page.get_by_role("button", name="Xem kỳ này").click()
    expect(page).to_have_url(re.compile("ky=year"))
    page.get_by_role("link", name="Xã, phường").click()
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    assert watch.faults() == []

    with page.expect_download() as taken:
        page.get_by_role("link", name="Tải bảng tính").click()
    assert taken.value.suggested_filename.endswith(".xlsx")

    page.get_by_role("link", name="Phường Một").click()
    expect(page.locator("h1")).to_have_text("Phường Một")
    page.get_by_text("Bảng số").first.click()
    assert watch.faults() == []
    page.get_by_role("link", name="Tỉnh Thử").last.click()
    expect(page).to_have_url(re.compile("ky=year"))
    assert watch.complaints == []
    context.close()
