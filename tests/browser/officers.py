"""How an officer gets before a screen."""

from playwright.sync_api import Page

from fakes.office import PASSWORD, SLUG


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Fill in the form that *page* shows, and send it by the key."""
    page.get_by_label("Tài khoản").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_label("Mật khẩu").press("Enter")


def at_counter(page: Page, role: str, username: str = "") -> None:
    """Open the counter as the officer of *role*, or as somebody else, at the work list."""
    page.goto(f"/t/{SLUG}/quay/")
    sign_in(page, username or f"{role}.{SLUG}")
    page.wait_for_url("**/quay/")
