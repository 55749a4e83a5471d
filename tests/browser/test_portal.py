"""The portal in a real browser: look, weight, keyboard, no scripts, a narrow screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.watch import KILOBYTE, Watch
from fakes.portal import CODE, SECRET

pytestmark = pytest.mark.browser

PAGES = [
    ("/", 200, "Thủ tục hành chính của xã, phường, ngay trên điện thoại"),
    ("/?from=1/2/2018&to=x", 422, "Thủ tục hành chính của xã, phường, ngay trên điện thoại"),
    ("/t/vo-cuong/", 200, "Bạn cần làm thủ tục gì?"),
    ("/t/vo-cuong/?q=chung+thuc", 200, "Bạn cần làm thủ tục gì?"),
    ("/t/vo-cuong-2018/", 200, "Bạn cần làm thủ tục gì?"),
    ("/t/vo-cuong/thu-tuc/2.000884", 200, "Chứng thực chữ ký trong các giấy tờ, văn bản"),
    ("/t/vo-cuong/cong-khai", 200, "Công khai kết quả giải quyết"),
    ("/t/vo-cuong/tra-cuu", 200, "Tra cứu hồ sơ"),
    ("/t/vo-cuong/tra-cuu?ma=x", 422, "Tra cứu hồ sơ"),
    (f"/t/vo-cuong/tra-cuu?ma={CODE}", 200, "Cấp Giấy xác nhận tình trạng hôn nhân"),
    ("/t/vo-cuong/tra-cuu?ma=09190-261112-0003", 200, "Đăng ký nhận cha, mẹ, con"),
    ("/t/vo-cuong/tra-cuu?ma=09190-261116-0044", 200, "Thay đổi, cải chính hộ tịch"),
    ("/khong-co", 404, "Không có trang này"),
]
PATHS = [path for path, _, _ in PAGES]
SMALL_TARGETS = """() => ["button", ".btn", ".row", "summary", ".fields a", ".input"]
    .flatMap((each) => [...document.querySelectorAll(each)])
    .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
    .filter(([, box]) => box.height && box.height < 44)
    .map(([html, box]) => `${html} ${box.height}`)"""
"""What stands alone and is less than 44 pixels high (ui.md §6)."""


@pytest.fixture
def watch(page: Page, site: str) -> Watch:
    """A watched telephone."""
    return Watch(page, site)


@pytest.fixture
def bare(browser: Browser, site: str) -> Iterator[Page]:
    """A telephone that runs no scripts."""
    context = browser.new_context(
        java_script_enabled=False,
        base_url=site,
        locale="vi-VN",
        viewport={"width": 390, "height": 844},
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("path", "status", "heading"), PAGES, ids=PATHS)
def test_a_page_is_sound_and_light(watch: Watch, path: str, status: int, heading: str) -> None:
    """ui.md §7, first visit: HTML 15 KB, CSS 12, scripts 6, fonts 60, all 100; ten requests."""
    assert watch.open(path) == status

    expect(watch.page.locator("h1")).to_have_text(heading)
    assert watch.faults() == []
    assert watch.complaints == []
    assert watch.foreign == []
    assert watch.over(Document=15, Stylesheet=12, Script=6, Font=60, total=100) == {}
    assert watch.requests <= 10


@pytest.mark.parametrize("path", ["/", "/t/vo-cuong/"])
def test_what_is_typed_into_the_search_can_be_read(watch: Watch, path: str) -> None:
    """The box stands on the brand's colour and is itself white; axe reads no values."""
    watch.open(path)

    ink, ground = watch.page.locator(".find .input").first.evaluate(
        "(it) => [getComputedStyle(it).color, getComputedStyle(it).backgroundColor]"
    )

    assert ink != ground


@pytest.mark.parametrize("path", PATHS)
def test_a_page_fits_every_screen(watch: Watch, path: str) -> None:
    """WCAG 2.2: no sideways scroll at 320 pixels (1.4.10), targets for a thumb (2.5.8)."""
    watch.open(path)
    small = watch.page.evaluate(SMALL_TARGETS)
    watch.page.set_viewport_size({"width": 320, "height": 700})
    width = watch.page.evaluate("document.documentElement.scrollWidth")
    watch.page.set_viewport_size({"width": 1366, "height": 768})

    assert small == []
    assert width <= 320
    assert watch.faults() == []


def test_an_open_menu_and_open_details_are_accessible(watch: Watch) -> None:
    watch.open("/t/vo-cuong/thu-tuc/2.000815")
    for summary in watch.page.locator("summary").all():
        summary.click()

    watch.page.locator("details.menu summary").click()

    assert watch.faults() == []


def test_the_font_is_ours_and_holds_every_vietnamese_letter(watch: Watch) -> None:
    watch.open("/t/vo-cuong/")

    assert watch.page.evaluate("document.fonts.check('16px \"Be Vietnam Pro\"', 'ẫỗữằ₫đ')")
    assert watch.bytes["Font"] > 10 * KILOBYTE


def test_without_scripts_a_citizen_finds_a_dossier_from_the_first_page(bare: Page) -> None:
    bare.goto("/")
    bare.get_by_label("Tên xã, phường hoặc mã hồ sơ").fill(CODE)
    bare.get_by_role("button", name="Tìm").click()

    expect(bare.locator(".leaf")).to_contain_text("25")
    expect(bare.locator(".day--due")).to_contain_text("Hạn trả, trước 17:00")


def test_without_scripts_the_secret_shows_who_applied(bare: Page) -> None:
    bare.goto("/t/vo-cuong/tra-cuu")
    bare.get_by_label("Mã hồ sơ").fill(CODE)
    bare.get_by_label("Mã bí mật, nếu có").fill(SECRET)
    bare.get_by_role("button", name="Xem hồ sơ").click()

    expect(bare.locator(".facts")).to_contain_text("Nguyễn Thị Ánh Tuyết")
    assert SECRET not in bare.url


def test_without_scripts_the_way_leads_from_commune_to_procedure(bare: Page) -> None:
    bare.goto("/")
    bare.get_by_role("link", name="Phường Võ Cường").first.click()
    bare.get_by_label("Tìm thủ tục").fill("khai sinh")
    bare.get_by_role("button", name="Tìm").click()
    bare.get_by_role("link", name="Đăng ký khai sinh").click()

    expect(bare.locator("h1")).to_have_text("Đăng ký khai sinh")


def test_the_list_of_faults_has_the_focus_and_leads_to_the_field(watch: Watch) -> None:
    watch.open("/t/vo-cuong/tra-cuu?ma=x")

    expect(watch.page.locator(".errors")).to_be_focused()
    watch.page.locator(".errors a").click()
    expect(watch.page.locator("#ma")).to_be_focused()


def test_a_menu_closes_on_escape_and_gives_the_focus_back(watch: Watch) -> None:
    watch.open("/")
    summary = watch.page.locator("details.menu summary")
    summary.click()

    watch.page.keyboard.press("Escape")

    expect(watch.page.locator("details.menu[open]")).to_have_count(0)
    expect(summary).to_be_focused()


def test_the_keyboard_skips_to_the_content_first(watch: Watch) -> None:
    watch.open("/")

    watch.page.keyboard.press("Tab")

    expect(watch.page.locator(".skip")).to_be_focused()
    expect(watch.page.locator(".skip")).to_be_in_viewport()


def test_the_api_can_be_read_without_any_other_host(watch: Watch) -> None:
    assert watch.open("/api/schema/") == 200

    expect(watch.page.get_by_text("/t/{slug}/api/v1/ping")).to_be_visible()
    assert watch.complaints == []
    assert watch.foreign == []


def test_a_dossier_prints_without_navigation(watch: Watch) -> None:
    watch.open(f"/t/vo-cuong/tra-cuu?ma={CODE}")

    watch.page.emulate_media(media="print")

    expect(watch.page.locator(".mast__in")).not_to_be_visible()
    expect(watch.page.get_by_text("DỮ LIỆU THỬ")).to_be_visible()
    expect(watch.page.locator(".leaf")).to_be_visible()
    assert len(watch.page.pdf()) > KILOBYTE
