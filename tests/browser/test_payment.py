"""A fee paid from a telephone without scripts, up to the officer who saw the money come."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from browser.officers import sign_in
from browser.test_apply import SMALL, Desk, Visit, picture, visit
from browser.test_counter import Come, come
from browser.watch import Watch
from fakes.office import PASSWORD, SLUG

pytestmark = pytest.mark.browser
__all__ = ["come", "visit"]

ACCOUNT = {
    "Ngân hàng": "Ngân hàng Thử",
    "Mã BIN của ngân hàng": "970499",
    "Số tài khoản": "1234 5678 90",
    "Tên chủ tài khoản": "UBND PHUONG MOT",
}
PAGE = f"/t/{SLUG}/ho-so/thanh-toan"


@pytest.fixture
def console(visit: Visit) -> Iterator[Page]:
    """The console's page of the account, which takes transfers while the test runs."""
    page = visit(width=1366)
    page.goto(f"/t/{SLUG}/admin/tai-khoan")
    sign_in(page, f"admin.{SLUG}")
    page.goto(f"/t/{SLUG}/admin/tai-khoan")
    fill(page, ACCOUNT)
    yield page
    fill(page, dict.fromkeys(ACCOUNT, ""))


def fill(page: Page, account: dict[str, str]) -> None:
    for label, value in account.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Mật khẩu của bạn").fill(PASSWORD)
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("main")).to_contain_text("Đã lưu")


def test_a_fee_is_paid_without_coming(
    visit: Visit, come: Come, counter: str, console: Page
) -> None:
    watched: list[str] = [*Watch(console, counter).faults()]
    picture(console, "pay-console")
    code, secret = Desk(counter).received()

    phone = visit(scripts=False)
    phone.goto(f"/t/{SLUG}/q/{code}/{secret}")
    phone.get_by_role("link", name="Thanh toán").click()
    main = phone.get_by_role("main")
    expect(main).to_contain_text(code.replace("-", " "))
    expect(main).to_contain_text("12.000")
    expect(main.get_by_role("img", name="Mã VietQR để chuyển khoản")).to_be_visible()

    beside = visit()
    watch = Watch(beside, counter)
    beside.goto(f"/t/{SLUG}/q/{code}/{secret}")
    picture(beside, "pay-follow")
    for name in ("pay-open", "pay-told"):
        beside.goto(PAGE)
        watched += watch.faults() + beside.evaluate(SMALL)
        beside.set_viewport_size({"width": 320, "height": 700})
        assert beside.evaluate("document.documentElement.scrollWidth") == 320
        picture(beside, name)
        if name == "pay-open":
            phone.get_by_role("button", name="Tôi đã chuyển khoản").click()
            expect(phone.get_by_role("status")).to_contain_text("Bạn báo đã chuyển khoản lúc")

    cashier = come("cashier")
    cashier.get_by_role("link", name=re.compile("^Chuyển khoản")).click()
    watched += Watch(cashier, counter).faults()
    picture(cashier, "pay-list")
    cashier.get_by_role("link", name=code, exact=True).press("Enter")
    watched += Watch(cashier, counter).faults()
    picture(cashier, "pay-money")
    cashier.get_by_label("Mã giao dịch của ngân hàng").fill("FT26330123")
    cashier.get_by_role("button", name="Tiền đã về").press("Enter")
    expect(cashier.get_by_role("status")).to_have_count(2)
    done, none = cashier.get_by_role("status").all()
    expect(done).to_contain_text("Đã ghi, biên lai 2026-")
    expect(none).to_contain_text("Không có khoản nào chờ xác nhận")

    phone.goto(PAGE)
    expect(phone.get_by_role("status")).to_contain_text("Đã trả đủ. Biên lai số")
    beside.goto(PAGE)
    picture(beside, "pay-paid")
    assert watched == []
    assert watch.complaints == []
    assert watch.foreign == []
