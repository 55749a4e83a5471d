"""The console in a real browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from fakes.office import PASSWORD, SLUG

pytestmark = pytest.mark.browser
Come = Callable[..., Page]


@pytest.fixture
def come(browser: Browser, counter: str) -> Iterator[Come]:
    """Puts somebody of a role before the console of a tenant, signed in through the counter."""
    contexts: list[BrowserContext] = []

    def arrive(role: str = "admin", slug: str = SLUG) -> Page:
        context = browser.new_context(
            base_url=counter,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": 1366, "height": 768},
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"/t/{slug}/admin/")
        page.get_by_label("Tài khoản").fill(f"{role}.{slug}")
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_label("Mật khẩu").press("Enter")
        page.wait_for_url("**/admin")
        return page

    yield arrive
    for context in contexts:
        context.close()
