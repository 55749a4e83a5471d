"""The end of the day in a real browser: count, explain a difference, print, money goes on."""

import pytest
from playwright.sync_api import expect

from browser.test_counter import COPY, Come, come, receive
from browser.test_queue import picture
from browser.watch import Watch
from fakes.office import SLUG

pytestmark = pytest.mark.browser
__all__ = ["come"]


def test_the_day_is_closed_with_a_counted_till_and_later_money_is_tomorrows(
    come: Come, counter: str
) -> None:
    page = come("reception")
    watch = Watch(page, counter)
    receive(page, COPY)
    watch.open(f"/t/{SLUG}/quay/chot-ngay")
    expect(page.locator("h1")).to_have_text("Chốt ngày 01/12/2026")
    assert watch.faults() == []
    picture(page, "day")

    page.keyboard.press("F9")
    expect(page.get_by_role("alert")).to_contain_text("Hãy nhập số tiền đếm được")
    page.get_by_label("Tiền mặt đếm được").fill("1.000")
    page.keyboard.press("F9")
    expect(page.get_by_role("alert")).to_contain_text("hãy ghi lý do")
    expect(page.get_by_label("Tiền mặt đếm được")).to_have_value("1.000")
    assert watch.faults() == []
    page.get_by_label("Lý do lệch").fill("Tiền lẻ để sẵn trong ngăn")
    page.keyboard.press("F9")

    expect(page.locator("h1")).to_have_text("Đã chốt ngày 01/12/2026")
    expect(page.get_by_role("main")).to_contain_text("Tiền lẻ để sẵn trong ngăn")
    assert watch.faults() == []
    assert watch.complaints == []
    picture(page, "day-closed")
    watch.forget()
    watch.open(f"/t/{SLUG}/quay/chot-ngay")
    assert watch.over(Document=20, Stylesheet=16, Script=30, Font=60, total=150) == {}
    expect(page.locator("h1")).to_have_text("Đã chốt ngày 01/12/2026")


def test_whoever_leads_sees_the_numbers_as_charts_and_as_tables(come: Come, counter: str) -> None:
    receive(come("reception"), COPY)
    watch = Watch(come("head"), counter)
    watch.forget()

    assert watch.open(f"/t/{SLUG}/quay/so-lieu") == 200
    page = watch.page
    chart = page.get_by_role("img", name="Hồ sơ nhận và xong, tháng 12/2026")
    expect(chart).to_be_visible()
    assert watch.over(Document=20, Stylesheet=16, Script=30, Font=60, total=150) == {}
    for summary in page.locator("summary", has_text="Bảng số").all():
        summary.click()
    expect(page.get_by_role("table", name="Nhận và xong theo ngày")).to_contain_text("01/12")
    picture(page, "dashboard")
    assert watch.faults() == []
    page.get_by_role("link", name="Người dân đánh giá").click()
    expect(page.get_by_role("status").first).to_contain_text("Chưa có đánh giá nào")
    assert watch.faults() == []
    page.go_back()
    page.get_by_role("link", name="Quý báo cáo").click()
    expect(page.locator("h1")).to_contain_text("kỳ báo cáo quý 4/2026 (15/09/2026–14/12/2026)")
    assert watch.complaints == []
