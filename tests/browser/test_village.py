"""A village day in a real browser, by keyboard: made, entered as a table, closed."""

import pytest
from playwright.sync_api import Page, expect

from browser.test_counter import Come, come
from browser.test_queue import picture
from browser.watch import Watch
from fakes.office import SLUG

pytestmark = pytest.mark.browser
__all__ = ["come"]
HERE = f"/t/{SLUG}/quay/luu-dong"


def line(page: Page, *cells: str) -> None:
    """Type one line from its first field on, Enter after each; the payment stays as it is."""
    for cell in cells:
        page.keyboard.type(cell)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")


def close(page: Page, watch: Watch) -> None:
    """Close the day, after a look at what becomes void."""
    page.get_by_role("button", name="Xem 20 số sẽ hủy").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("20 số dưới đây sẽ bị hủy")
    assert watch.faults() == []
    picture(page, "village-confirm")
    page.get_by_role("button", name="Đóng ngày, hủy 20 số").press("Enter")


def first_number(sheet: Page) -> int:
    """The number of the first line: others have taken some of the book before."""
    return int("".join(filter(str.isdigit, sheet.locator("tbody th").first.inner_text())))


def test_a_village_day_by_keyboard(come: Come, counter: str) -> None:
    page = come("clerk")
    watch = Watch(page, counter)
    watch.open(HERE)
    assert watch.faults() == []
    page.get_by_label("Ngày", exact=True).fill("01/12/2026")
    page.get_by_label("Địa điểm").fill("Nhà văn hóa thôn Đông")
    page.get_by_label("Chứng thực bản sao từ bản chính").fill("20")
    page.get_by_label("Chứng thực chữ ký").fill("3")
    picture(page, "village-new")
    page.keyboard.press("F9")
    expect(page.locator("h1")).to_have_text("Ngày lưu động 01/12/2026, Nhà văn hóa thôn Đông")
    assert watch.faults() == []
    picture(page, "village-day")
    day = page.url

    officer = come("reception")
    seen = Watch(officer, counter)
    seen.open(f"{day.removeprefix(counter)}/to/1")
    assert seen.over(Document=20, Stylesheet=16, Script=30, Font=60, total=150) == {}
    assert seen.faults() == []
    expect(officer.locator("tbody input").first).to_be_focused()
    first = first_number(officer)
    line(officer, "0900", "027190001234", "Trần Thị An", "2", "", "2", "3")
    line(officer, "0900", '"', '"', "3", "Bằng lái xe", "1", "x")
    line(officer, "0900", "", "Lê Văn Hai", '"', '"', "1", "1")
    officer.keyboard.press("F9")
    expect(officer.get_by_role("alert")).to_contain_text(f"Số {first + 1}: Số bản sao")
    assert seen.faults() == []
    picture(officer, "village-sheet")
    officer.get_by_label(f"Số {first + 1}, Số bản sao").fill("1")
    officer.keyboard.press("F7")
    expect(officer.get_by_role("status")).to_contain_text("3 dòng đều đúng, chưa ghi")
    officer.get_by_label(f"Số {first + 3}, Giờ").press("Tab")
    with officer.expect_event("dialog") as leaving:
        officer.close(run_before_unload=True)
    leaving.value.dismiss()  # what was checked is not saved: one stays
    officer.keyboard.press("F9")
    expect(officer.get_by_role("status")).to_contain_text("Đã ghi 3 dòng")
    expect(officer.get_by_role("row", name=f"{first + 2} 09:00 Lê Văn Hai")).to_contain_text(
        "2.000 đ"
    )
    assert seen.faults() == []
    picture(officer, "village-entered")
    officer.set_viewport_size({"width": 390, "height": 844})
    picture(officer, "village-sheet-390")

    page.reload()
    picture(page, "village-close")
    close(page, watch)
    expect(page.get_by_role("main")).to_contain_text("16.000 đ")
    assert watch.faults() == []
    page.set_viewport_size({"width": 390, "height": 844})
    picture(page, "village-closed-390")
    assert watch.complaints == []


def test_official_numbers_by_keyboard(come: Come, counter: str) -> None:
    page = come("field")
    watch = Watch(page, counter)
    watch.open(f"/t/{SLUG}/quay/so")
    page.get_by_role("link", name="Số chính thức hộ tịch").press("Enter")
    page.get_by_label("Sổ", exact=True).select_option("death")
    for label, said in (("Từ số", "31"), ("Đến số", "38"), ("Căn cứ", "Công văn 12/STP-HCTP")):
        page.get_by_label(label, exact=True).fill(said)
    page.get_by_role("button", name="Nhận khối số").press("Enter")
    expect(page.get_by_role("status")).to_have_text("Đã nhận khối số.Đóng")
    expect(page.get_by_role("main")).to_contain_text("Chỉ còn 8 số. Hãy xin cấp thêm khối số.")
    page.get_by_text("Đóng khối 31–38").press("Enter")
    assert watch.faults() == []
    picture(page, "official-numbers")
    page.get_by_role("button", name="Đóng khối, trả lại 8 số").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Lý do: chưa ghi.")
    assert watch.faults() == []
    page.set_viewport_size({"width": 390, "height": 844})
    picture(page, "official-numbers-390")
