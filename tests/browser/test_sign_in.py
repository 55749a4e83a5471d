"""The first sign-in of an administrator in a real browser: password, telephone, recovery codes."""

import base64
import datetime as dt

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import NEW_ADMIN
from browser.watch import Watch
from fakes.clock import FixedClock
from fakes.office import PASSWORD, SLUG
from motcua.domain import totp

pytestmark = pytest.mark.browser

OWN = "câu chỉ mình tôi biết"
NOW: dt.datetime = FixedClock()()


def opened(browser: Browser, address: str, *, scripts: bool, width: int) -> Page:
    return browser.new_context(
        base_url=address,
        java_script_enabled=scripts,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": width, "height": 844},
    ).new_page()


def code(page: Page, steps: int = 0) -> str:
    """What an app shows that was given the key by hand."""
    written = page.locator("code.secret").text_content() or ""
    return totp.code_at(base64.b32decode(written), totp.step_at(NOW) + steps)


def sign_in(page: Page, name: str, password: str, given: str = "") -> None:
    page.goto(f"/t/{SLUG}/quay/dang-nhap")
    page.get_by_label("Tài khoản").fill(name)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_label("Mã 6 số").fill(given)
    page.get_by_label("Mã 6 số").press("Enter")


def change_password(page: Page) -> None:
    page.get_by_label("Mật khẩu đang dùng").fill(PASSWORD)
    page.get_by_label("Mật khẩu mới", exact=True).fill(OWN)
    page.get_by_label("Nhập lại mật khẩu mới").fill(OWN)
    page.get_by_label("Nhập lại mật khẩu mới").press("Enter")


@pytest.mark.parametrize(
    ("name", "scripts", "width"),
    [("moi-1", True, 1366), ("moi-2", False, 390)],
    ids=["a desk with scripts", "a telephone without"],
)
def test_a_new_administrator_comes_in_for_the_first_time(
    browser: Browser, strict: str, name: str, scripts: bool, width: int
) -> None:
    page = opened(browser, strict, scripts=scripts, width=width)
    sign_in(page, name, PASSWORD)
    expect(page.locator("h1")).to_have_text("Đổi mật khẩu")
    change_password(page)
    expect(page.locator("h1")).to_have_text("Xác thực hai bước")
    expect(page.get_by_alt_text("Mã QR để ứng dụng xác thực quét")).to_be_visible()

    later = code(page, 1)
    page.get_by_label("Mã 6 số").fill(code(page))
    page.get_by_label("Mật khẩu").fill(OWN)
    page.get_by_label("Mật khẩu").press("Enter")
    expect(page.locator("h1")).to_have_text("Mã dự phòng")
    recovery = page.locator(".codes code").all_inner_texts()
    page.get_by_role("link", name="Đã cất, làm việc tiếp").click()
    expect(page.locator("h1")).to_have_text("Việc theo hạn trả")
    page.goto(f"/t/{SLUG}/quay/tai-khoan")
    page.get_by_role("button", name="Đăng xuất", exact=True).click()

    sign_in(page, name, OWN)
    expect(page.locator(".errors")).to_contain_text("nhập thêm mã 6 số")
    sign_in(page, name, OWN, later)
    expect(page.locator("h1")).to_have_text("Việc theo hạn trả")
    page.context.clear_cookies()
    sign_in(page, name, OWN, recovery[0])
    expect(page.locator("h1")).to_have_text("Việc theo hạn trả")
    page.context.close()


def test_an_administrator_who_comes_to_the_console_first_ends_up_there(
    browser: Browser, strict: str
) -> None:
    page = opened(browser, strict, scripts=True, width=1366)
    watch = Watch(page, strict)
    console = f"/t/{SLUG}/admin/"
    page.goto(console)
    page.get_by_label("Tài khoản").fill(NEW_ADMIN)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_label("Mật khẩu").press("Enter")
    change_password(page)
    expect(page.locator("h1")).to_have_text("Xác thực hai bước")
    page.goto(console)
    expect(page.locator("h1")).to_have_text("Xác thực hai bước")

    page.get_by_label("Mã 6 số").fill(code(page))
    page.get_by_label("Mật khẩu").fill(OWN)
    page.get_by_label("Mật khẩu").press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    found = watch.faults()
    page.get_by_role("link", name="Đã cất, làm việc tiếp").click()

    page.wait_for_url(f"**{console}")
    expect(page.locator("h1")).to_have_text("Việc cần làm")
    assert found + watch.faults() == []
    assert (watch.complaints, watch.foreign) == ([], [])
    page.context.close()


@pytest.mark.parametrize("width", [1366, 390, 320])
def test_every_page_of_the_account_is_sound(browser: Browser, strict: str, width: int) -> None:
    """WCAG 2.2 AA on each page and in each error state; nothing is wider than the screen."""
    page = opened(browser, strict, scripts=True, width=width)
    watch, base = Watch(page, strict), f"/t/{SLUG}/quay"
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = watch.faults()
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[name].append("wider than the screen")

    sign_in(page, "moi-3", PASSWORD)
    expect(page.locator("h1")).to_have_text("Đổi mật khẩu")
    look("password due")
    page.get_by_role("button", name="Đổi mật khẩu").click()
    expect(page.locator(".errors")).to_be_focused()
    look("password with faults")
    sign_in(page, f"field.{SLUG}", PASSWORD)
    page.goto(f"{base}/tai-khoan")
    page.get_by_text("Hoạt động gần đây").click()
    look("account")
    page.goto(f"{base}/xac-thuc")
    page.get_by_text("Nhập khóa bằng tay").click()
    look("second factor")
    page.get_by_role("button", name="Bật xác thực hai bước").click()
    expect(page.locator(".errors")).to_be_focused()
    look("second factor with faults")
    page.context.close()

    assert {name: faults for name, faults in found.items() if faults} == {}
    assert watch.complaints == []
    assert watch.foreign == []


def test_the_recovery_codes_and_what_is_on_are_sound(browser: Browser, strict: str) -> None:
    page = opened(browser, strict, scripts=True, width=390)
    watch = Watch(page, strict)
    sign_in(page, f"clerk.{SLUG}", PASSWORD)
    page.goto(f"/t/{SLUG}/quay/xac-thuc")
    page.get_by_label("Mã 6 số").fill(code(page))
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Bật xác thực hai bước").click()
    expect(page.locator(".codes li")).to_have_count(10)

    found = watch.faults()
    page.goto(f"/t/{SLUG}/quay/xac-thuc")
    found += watch.faults()
    page.context.close()

    assert found == []
    assert watch.complaints == []


def test_the_demonstration_says_that_it_is_lenient(
    browser: Browser, counter: str, strict: str
) -> None:
    words = "tài khoản trình diễn không cần mã"
    for address, told in ((counter, True), (strict, False)):
        page = opened(browser, address, scripts=False, width=390)
        page.goto(f"/t/{SLUG}/quay/dang-nhap")
        assert (words in page.locator("main").inner_text()) is told
        page.context.close()


def test_a_code_can_be_pasted_and_the_browser_knows_what_it_is(
    browser: Browser, strict: str
) -> None:
    page = opened(browser, strict, scripts=True, width=390)
    page.goto(f"/t/{SLUG}/quay/dang-nhap")
    asked = {
        field: page.locator(f"#{field}").get_attribute("autocomplete")
        for field in ("username", "password", "code")
    }

    for field in ("password", "code"):
        page.locator(f"#{field}").focus()
        page.keyboard.insert_text("123 456")

    assert asked == {
        "username": "username",
        "password": "current-password",
        "code": "one-time-code",
    }
    assert page.locator("#code").input_value() == "123 456"
    assert page.locator("#password").input_value() == "123 456"
    page.context.close()


def test_whoever_does_nothing_is_told_in_time_and_may_stay(browser: Browser, strict: str) -> None:
    """WCAG 2.2.1: two minutes before the hour is over, by one press."""
    page = opened(browser, strict, scripts=True, width=1366)
    page.clock.install()
    sign_in(page, f"reception.{SLUG}", PASSWORD)
    page.goto(f"/t/{SLUG}/quay/tiep-nhan/2.000815")
    page.get_by_label("Tên giấy tờ").fill("Giấy khai sinh")
    told = page.get_by_role("alert")
    page.clock.run_for((58 * 60 - 1) * 1000)
    expect(told).to_be_hidden()

    page.clock.run_for(2000)
    expect(told).to_contain_text("Hai phút nữa phiên làm việc kết thúc")
    watch = Watch(page, strict)
    found = watch.faults()
    told.get_by_role("link", name="Làm việc tiếp").click()

    expect(told).to_be_hidden()
    assert page.get_by_label("Tên giấy tờ").input_value() == "Giấy khai sinh"
    assert found == []
    page.context.close()
