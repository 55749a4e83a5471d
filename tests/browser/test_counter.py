"""The counter in a real browser: two dossiers through four officers, look, weight, keys."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.officers import at_counter
from browser.watch import Watch
from fakes.office import PASSWORD, SLUG

pytestmark = pytest.mark.browser

COPY, BIRTH = "2.000815", "1.001193"
Come = Callable[..., Page]
STEPS = (
    ("reception", "Chuyển thẩm định"),
    ("field", "Trình lãnh đạo"),
    ("leader", "Phê duyệt"),
    ("clerk", "Vào sổ, đóng dấu"),
)
"""T08 → T16 → T18 → T19, each by the officer whose it is; T20 is the return desk's."""


@pytest.fixture
def come(browser: Browser, counter: str) -> Iterator[Come]:
    """Puts an officer of a role before a screen, signed in."""
    contexts: list[BrowserContext] = []

    def arrive(
        role: str = "", *, username: str = "", scripts: bool = True, width: int = 1366
    ) -> Page:
        context = browser.new_context(
            base_url=counter,
            java_script_enabled=scripts,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": width, "height": 768 if width > 800 else 844},
        )
        contexts.append(context)
        page = context.new_page()
        at_counter(page, role, username)
        return page

    yield arrive
    for context in contexts:
        context.close()


@pytest.fixture
def watch(come: Come, counter: str) -> Watch:
    """A watched screen of the reception, at the work list."""
    return Watch(come("reception"), counter)


def press(page: Page, name: str) -> None:
    """Press a button or follow a link with the keyboard."""
    found = page.get_by_role("main").get_by_role("button", name=name, exact=True)
    if not found.count():
        found = page.get_by_role("main").get_by_role("link", name=name, exact=True)
    found.first.press("Enter")


def receive(page: Page, code: str, child: str = "LÊ NGUYỄN MINH ANH") -> str:
    """Receive a copy, or the birth of a *child*; answers the dossier's code."""
    page.goto(f"/t/{SLUG}/quay/tiep-nhan")
    page.get_by_label("Thủ tục", exact=True).fill(code)
    page.get_by_label("Thủ tục", exact=True).press("Enter")
    page.get_by_label("Họ, chữ đệm và tên").first.fill("Nguyễn Thị Ánh Tuyết")
    page.get_by_label("Số định danh").first.fill("027194001812")
    if code == COPY:
        page.get_by_label("Loại giấy tờ").select_option("giấy khai sinh")
        page.get_by_label("Tên giấy tờ").fill("Giấy khai sinh")
        page.get_by_label("Số trang của bản chính").fill("2")
        page.get_by_label("Số bản sao").fill("3")
    else:
        page.get_by_label("Quan hệ với người được khai sinh").select_option("mẹ")
        page.get_by_label("Họ, chữ đệm, tên người được khai sinh").fill(child)
        page.get_by_label("Ngày, tháng, năm sinh").fill("20/11/2026")
        page.locator("#g0-child_sex").select_option("Nữ")
        page.locator("#g0-child_ethnicity").fill("Kinh")
        page.locator("#g0-child_nationality").fill("Việt Nam")
        page.get_by_label("Nơi sinh").fill("Bệnh viện Sản Nhi Bắc Ninh")
        page.get_by_label("Quê quán").fill("Phường Một, Tỉnh Thử")
        page.get_by_label("Đã xem: Giấy chứng sinh").check()
    page.get_by_role("button", name="Tiếp nhận, in giấy hẹn").press("Enter")
    expect(page.locator("h1")).to_contain_text("Biên nhận")
    expect(page.locator(".leaf")).to_contain_text("17:00")
    return page.locator("a.code").inner_text()


def find(page: Page, code: str) -> None:
    """Scan a dossier's code."""
    page.get_by_label("Quét, tìm").fill(code)
    page.get_by_label("Quét, tìm").press("Enter")
    expect(page.locator("h1")).to_contain_text(code)


def hand_over(page: Page, code: str) -> None:
    """Hand a result to its holder: the dossier leads to the return desk."""
    find(page, code)
    press(page, "Trả kết quả")
    expect(page.locator("h1")).to_have_text("Trả kết quả")
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Trả và in").press("Enter")
    expect(page.locator("h1")).to_have_text("Đã trả 1 kết quả")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_copy_and_a_birth_go_from_reception_to_return_through_four_officers(
    come: Come, scripts: bool
) -> None:
    """Rules §2.3, the main flow, with the keyboard alone."""
    pages = {
        role: come(role, scripts=scripts) for role in ("reception", "field", "leader", "clerk")
    }
    child = "LÊ NGUYỄN MINH ANH" if scripts else "LÊ NGUYỄN BẢO CHÂU"  # no likely duplicate
    codes = [receive(pages["reception"], procedure, child) for procedure in (COPY, BIRTH)]

    for role, step in STEPS:
        for code in codes:
            page = pages[role]
            find(page, code)
            expect(page.locator(".acts .btn--go")).to_have_text(step)
            press(page, step)
            if page.locator(".toast").count() == 0:
                if (signer := page.get_by_label("Người ký")).count():
                    signer.select_option(index=1)
                press(page, step)
            expect(page.get_by_role("status").first).to_contain_text(f"Đã xong: {step}.")

    for code in codes:
        hand_over(pages["reception"], code)

    for code, receipts in zip(codes, (1, 0), strict=True):  # a birth costs nothing
        find(pages["reception"], code)
        expect(pages["reception"].locator(".ctop .due")).to_have_text("Đã trả kết quả")
        expect(pages["reception"].locator(".hist > li")).to_have_count(len(STEPS) + 2 + receipts)


def test_every_page_of_the_reception_is_sound(watch: Watch) -> None:
    """WCAG 2.2 AA on each page and in each error state; no complaint of the browser."""
    page, base = watch.page, f"/t/{SLUG}/quay"
    found = {"list": watch.faults()}
    for name, path in (
        ("choose", "/tiep-nhan"),
        ("nothing chosen", "/tiep-nhan?q=xyz"),
        ("reception", f"/tiep-nhan/{BIRTH}"),
        ("without a limit", "/tiep-nhan/2.002516"),
        ("rows", "/tiep-nhan/2.000913"),
        ("conditions", "/tiep-nhan/9.999001"),
        ("nothing found", "/?q=xyz"),
        ("unknown", "/ho-so/x"),
        ("no slip", "/phieu/x"),
        ("account", "/tai-khoan"),
        ("turned away", f"/khong-nhan/{COPY}"),
        ("texts", "/loi-chung"),
        ("exemption", "/tiep-nhan/2.001035"),
    ):
        watch.open(base + path)
        found[name] = watch.faults()
    watch.open(f"{base}/khong-nhan/{COPY}")
    page.get_by_role("button", name="Ghi và in phiếu").click()
    expect(page.locator(".errors")).to_be_focused()
    found["turned away with faults"] = watch.faults()
    page.get_by_label("Họ, chữ đệm và tên").fill("Nguyễn Thị Ánh")
    page.get_by_label("Căn cứ từ chối").select_option("erased")
    page.get_by_role("button", name="Ghi và in phiếu").click()
    page.get_by_role("link", name="In phiếu").wait_for()
    found["refusal slip"] = watch.faults()
    watch.open(f"{base}/tiep-nhan/{COPY}")
    page.get_by_role("button", name="Thêm giấy như giấy trước").click()
    found["several papers"] = watch.faults()
    watch.open(f"{base}/tiep-nhan/{BIRTH}")
    page.get_by_role("button", name="Tiếp nhận, in giấy hẹn").click()
    expect(page.locator(".errors")).to_be_focused()
    found["reception with faults"] = watch.faults()
    code = receive(page, COPY)
    found["slip"] = watch.faults()
    find(page, code)
    for details in page.locator("details.more summary").all():
        details.click()
    found["dossier"] = watch.faults()
    page.get_by_role("link", name="Rút hồ sơ").click()
    found["step"] = watch.faults()
    page.get_by_role("button", name="Xem lại rồi xác nhận").click()
    found["step with faults"] = watch.faults()
    page.get_by_label("Lý do").fill("Người nộp đổi ý")
    page.get_by_role("button", name="Xem lại rồi xác nhận").click()
    found["confirm"] = watch.faults()

    assert {name: faults for name, faults in found.items() if faults} == {}
    assert watch.complaints == []
    assert watch.foreign == []


def test_the_sign_in_and_what_is_not_for_an_account_are_sound(
    browser: Browser, counter: str
) -> None:
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    watch = Watch(page, counter)
    assert watch.open(f"/t/{SLUG}/quay/") == 200
    found = watch.faults()
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator(".errors")).to_be_focused()
    found += watch.faults()
    page.get_by_label("Tài khoản").fill(f"admin.{SLUG}")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("h1")).to_have_text("Quầy không có việc cho tài khoản này")
    found += watch.faults()
    page.context.close()

    assert found == []
    assert watch.complaints == []


def test_two_officers_at_once_get_a_sound_page_and_a_way_on(come: Come, counter: str) -> None:
    reception = come("reception")
    code = receive(reception, COPY)
    find(reception, code)
    press(reception, "Chuyển thẩm định")
    first, second = come("field"), come(username="moi-3")
    for page in (first, second):
        find(page, code)
        page.get_by_role("link", name="Trình lãnh đạo").click()
    press(second, "Trình lãnh đạo")
    expect(second.locator(".toast")).to_be_visible()
    watch = Watch(first, counter)

    press(first, "Trình lãnh đạo")

    expect(first.locator("h1")).to_have_text("Hồ sơ vừa thay đổi")
    expect(first.locator(".hist")).to_contain_text("Trình lãnh đạo")
    assert watch.faults() == []
    press(first, "Xem hồ sơ bản mới")
    expect(first.locator("h1")).to_contain_text(code)
    assert watch.complaints == []


@pytest.mark.parametrize("path", ["/", f"/tiep-nhan/{BIRTH}", "/tiep-nhan"])
def test_a_first_visit_is_light(come: Come, counter: str, path: str) -> None:
    """ui.md §7: HTML 20 KB, CSS 16, scripts 30, fonts 60, all 150; twelve requests."""
    page = come("reception")
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    watch = Watch(page, counter)

    assert watch.open(f"/t/{SLUG}/quay{path}") == 200

    assert watch.over(Document=20, Stylesheet=16, Script=30, Font=60, total=150) == {}
    assert watch.bytes["Stylesheet"] > 0
    assert watch.requests <= 12


def test_keys_lead_to_reception_search_and_the_main_button(watch: Watch) -> None:
    page = watch.page
    page.keyboard.press("F4")
    expect(page.locator("#scan")).to_be_focused()

    page.keyboard.press("F2")
    expect(page.locator("h1")).to_have_text("Tiếp nhận")
    page.goto(f"/t/{SLUG}/quay/tiep-nhan/{COPY}")
    expect(page.locator("#nguoi-id_number")).to_be_focused()
    page.keyboard.press("F9")
    expect(page.locator(".errors")).to_be_focused()
    page.keyboard.press("Control+k")

    expect(page.locator("#scan")).to_be_focused()


def test_enter_in_a_field_only_shows_the_fee(watch: Watch) -> None:
    """The big form is received by its own button alone (ui.md §5, rule 17)."""
    page = watch.page
    page.goto(f"/t/{SLUG}/quay/tiep-nhan/{COPY}")
    page.get_by_label("Họ, chữ đệm và tên").first.fill("Nguyễn Thị Ánh")
    page.get_by_label("Loại giấy tờ").select_option("giấy tờ khác")
    page.get_by_label("Tên giấy tờ").fill("Sổ")
    page.get_by_label("Số trang của bản chính").fill("1")
    page.get_by_label("Số bản sao").fill("1")

    page.get_by_label("Số bản sao").press("Enter")

    expect(page.locator("#tong .total")).to_contain_text("2.000")
    expect(page.locator("h1")).not_to_contain_text("Biên nhận")


def test_a_field_that_is_not_asked_is_not_shown(watch: Watch) -> None:
    page = watch.page
    page.goto(f"/t/{SLUG}/quay/tiep-nhan/9.999001")
    expect(page.locator("#g0-place")).to_be_hidden()

    page.locator("#g0-way").select_option("bưu chính")

    expect(page.locator("#g0-place")).to_be_visible()


@pytest.mark.parametrize("path", ["/", f"/tiep-nhan/{BIRTH}", "/?nhom=open"])
def test_a_page_fits_a_telephone(come: Come, counter: str, path: str) -> None:
    page = come("reception", width=390)
    watch = Watch(page, counter)
    watch.open(f"/t/{SLUG}/quay{path}")

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert watch.faults() == []


def test_a_slip_prints_without_the_counter_around_it(watch: Watch) -> None:
    receive(watch.page, COPY)

    watch.page.emulate_media(media="print")

    expect(watch.page.locator(".cbar__in")).not_to_be_visible()
    expect(watch.page.get_by_text("DỮ LIỆU THỬ")).to_be_visible()
    expect(watch.page.locator(".rail")).not_to_be_visible()
    expect(watch.page.locator(".leaf")).to_be_visible()
    assert len(watch.page.pdf()) > 1024
