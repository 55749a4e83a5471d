"""A citizen's journey in a real browser, with and without scripts.

``MOTCUA_SCREENS=folder`` keeps a picture of every page, for a telephone and a desk.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from browser.conftest import SIGNER
from browser.test_counter import Come, come
from browser.watch import Watch
from fakes.office import OTHER, PASSWORD, SLUG, paper
from fakes.papers import PDF, PNG

pytestmark = pytest.mark.browser
__all__ = ["come"]

NAME = "Nguyễn Thị Ánh Tuyết"
Visit = Callable[..., Page]
SMALL = """() => ["button:not([aria-hidden])", ".btn", ".row", "summary", ".input", ".pick"]
    .flatMap((each) => [...document.querySelectorAll(each)])
    .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
    .filter(([, box]) => box.height > 1 && box.height < 44)
    .map(([html, box]) => `${html} ${box.height}`)"""


@pytest.fixture
def visit(browser: Browser, counter: str) -> Iterator[Visit]:
    """Puts a telephone, or a wide screen, before the portal."""
    contexts: list[BrowserContext] = []

    def arrive(*, scripts: bool = True, width: int = 390) -> Page:
        context = browser.new_context(
            base_url=counter,
            java_script_enabled=scripts,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": width, "height": 844 if width < 800 else 768},
        )
        contexts.append(context)
        return context.new_page()

    yield arrive
    for context in contexts:
        context.close()


def picture(page: Page, name: str) -> None:
    """Keep how a page looks on a telephone and on a desk, if pictures are wanted."""
    folder = os.environ.get("MOTCUA_SCREENS")
    if not folder:
        return
    kept = page.viewport_size
    for width, height in ((390, 844), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    if kept:
        page.set_viewport_size(kept)


def go_on(page: Page) -> None:
    """Press the page's main button."""
    page.locator(".btns .btn--go").click()


def look_at_a_copy(page: Page, look: Callable[[str], None]) -> None:
    """Everyday words find what is done at the counter only, and back again."""
    page.get_by_label("Tìm thủ tục").fill("sao y")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name="Chứng thực bản sao").first.click()
    expect(page.get_by_role("button", name="Nộp trực tuyến")).to_have_count(0)
    look("copy")
    page.get_by_role("link", name="Trang chủ").first.click()


def answer_everything(page: Page, look: Callable[[str], None]) -> None:
    """Write an application for a certificate of marital status, up to the check."""
    look("tasks")
    page.locator("a.row").first.click()
    go_on(page)
    expect(page.locator(".errors")).to_be_visible()
    look("who-faults")
    page.get_by_label("Cho chính tôi").check()
    page.locator("#nguoi-name").fill(NAME)
    page.locator("#nguoi-phone").fill("0912000123")
    look("who")
    go_on(page)
    page.get_by_label("Bản thân").check()
    look("choice")
    go_on(page)
    page.locator("#a-subject-name").fill(NAME)
    page.locator("#a-subject-birth-year").fill("1994")
    look("person")
    go_on(page)
    page.get_by_label("Quá trình cư trú").fill("Từ 2015 đến nay tại phường")
    page.get_by_label("Chưa đăng ký kết hôn với ai").check()
    page.get_by_label("Vay vốn").check()
    look("questions")
    go_on(page)
    go_on(page)
    papers(page, look)
    page.get_by_role("radio", name="Qua bưu điện").check()
    page.get_by_label("Địa chỉ nhận").fill("Khu 5, Phường Một")
    look("result")
    go_on(page)


def papers(page: Page, look: Callable[[str], None]) -> None:
    """Send two files; a program by the name of a paper is refused."""
    box = page.get_by_label("Chọn ảnh hoặc tệp")
    look("papers")
    box.set_input_files({"name": "la-giay.pdf", "mimeType": "application/pdf", "buffer": b"MZ" * 9})
    send_up(page)
    expect(page.locator(".err").last).to_contain_text("không phải ảnh")
    look("papers-refused")
    for name, content, kind in (("cu.pdf", PDF, "application/pdf"), ("anh.png", PNG, "image/png")):
        page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": kind, "buffer": content}
        )
        send_up(page)
        expect(page.locator(".files")).to_contain_text(name)
    look("papers-sent")
    go_on(page)


def ask_for_more(counter: str, code: str) -> None:
    """The desk asks for a supplement (T04)."""
    officer = Desk(counter)
    officer.step(code, "T04", reason="Ảnh mờ", data={"items": ["Ảnh rõ hơn của giấy cũ"]})


def finish(counter: str, code: str) -> None:
    """The desk accepts it (T03), and everybody does their part until it is returned."""
    dossier = Desk(counter).accept(code)
    for role, transition, data in (
        ("reception", "T08", {}),
        ("field", "T16", {}),
        ("leader", "T18", {"signer": SIGNER}),
        ("clerk", "T19", {}),
        ("reception", "T20", {"received_by": NAME, "way": "counter"}),
    ):
        dossier = Desk(counter, role).take(dossier, transition, data=data)


class Desk:
    """Somebody at a desk, by the API."""

    def __init__(self, counter: str, role: str = "reception", slug: str = SLUG) -> None:
        self.http = httpx.Client(base_url=f"{counter}/t/{slug}/api/v1")
        answer = self.http.post(
            "/sessions", json={"username": f"{role}.{slug}", "password": PASSWORD}
        )
        self.http.headers["authorization"] = f"Bearer {answer.json()['token']}"

    def received(self) -> tuple[str, str]:
        """A certified copy received at the counter; answers its code and secret."""
        answer = self.http.post("/receptions", json={"channel": "counter", "papers": [paper()]})
        assert answer.status_code == 201, answer.text
        (made,) = answer.json()["dossiers"]
        self.http.close()
        return made["code"], made["secret"]

    def submitted(self) -> tuple[str, str]:
        """A certified copy somebody sends in online; answers its temporary code and secret."""
        answer = self.http.post("/dossiers", json=paper())
        assert answer.status_code == 201, answer.text
        self.http.close()
        return answer.json()["temporary_code"], answer.json()["secret"]

    def accept(self, code: str) -> dict[str, Any]:
        """Receive the application of a temporary code."""
        answer = self.http.post("/receptions", json={"submitted": self._submitted(code)["id"]})
        assert answer.status_code == 201, answer.text
        (made,) = answer.json()["dossiers"]
        self.http.close()
        return dict(made)

    def step(self, code: str, transition: str, **said: Any) -> None:
        """Take a step with the application of a temporary code."""
        self.take(self._submitted(code), transition, **said)

    def take(self, dossier: dict[str, Any], transition: str, **said: Any) -> dict[str, Any]:
        """Take a step; answers the dossier after it."""
        answer = self.http.post(
            f"/dossiers/{dossier['id']}/transitions",
            json={"transition": transition, "version": dossier["version"], **said},
        )
        assert answer.status_code == 200, answer.text
        self.http.close()
        return dossier | {"version": answer.json()["version"]}

    def _submitted(self, code: str) -> dict[str, Any]:
        lines = self.http.get("/dossiers", params={"state": "submitted"}).json()["dossiers"]
        (found,) = [each for each in lines if each["code"] == code]
        return dict(found)


def complete(page: Page, look: Callable[[str], None]) -> None:
    """Answer the desk: another file, sent again."""
    page.goto(f"/t/{SLUG}/ho-so")
    expect(page.locator(".note")).to_contain_text("Ảnh rõ hơn của giấy cũ")
    look("wanted")
    page.get_by_role("button", name="Bổ sung hồ sơ").click()
    page.get_by_role("link", name="Giấy tờ kèm theo").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "ro-hon.png", "mimeType": "image/png", "buffer": PNG}
    )
    send_up(page)
    expect(page.locator(".files")).to_contain_text("ro-hon.png")
    look("supplement")
    while not page.url.endswith("/kiem-tra"):
        go_on(page)
    page.get_by_label("Tôi cam đoan").check()
    go_on(page)
    expect(page.locator("h1")).to_have_text("Đã gửi phần bổ sung")
    look("supplemented")


def send_up(page: Page) -> None:
    """Without scripts a button sends what was chosen."""
    button = page.get_by_role("button", name="Tải lên")
    if button.is_visible():
        button.click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_citizen_finds_applies_and_follows(  # noqa: PLR0915 - one journey, page by page
    visit: Visit, counter: str, scripts: bool
) -> None:
    page = visit(scripts=scripts)
    watch = Watch(page, counter)
    found: dict[str, list[str]] = {}
    small: dict[str, list[str]] = {}
    wide: list[str] = []

    def look(name: str) -> None:
        if not scripts:
            return
        found[name] = watch.faults()
        small[name] = page.evaluate(SMALL)
        page.set_viewport_size({"width": 320, "height": 700})
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(name)
        page.set_viewport_size({"width": 390, "height": 844})
        picture(page, name)

    page.goto(f"/t/{SLUG}/")
    look("home")
    look_at_a_copy(page, look)
    page.get_by_label("Tìm thủ tục").fill("giấy độc thân")
    page.get_by_role("button", name="Tìm").click()
    look("found")
    page.get_by_role("link", name="Cấp Giấy xác nhận tình trạng hôn nhân").click()
    look("procedure")
    page.get_by_role("button", name="Nộp trực tuyến").click()
    answer_everything(page, look)
    expect(page.locator("h1")).to_have_text("Kiểm tra lại trước khi nộp")
    look("check")
    go_on(page)
    expect(page.locator(".errors")).to_contain_text("cam đoan")
    look("check-faults")
    page.get_by_label("Tôi cam đoan").check()
    go_on(page)
    expect(page.locator("h1")).to_have_text("Đã gửi hồ sơ của bạn")
    code = page.locator(".sheet__code").first.inner_text()
    look("sent")
    page.get_by_role("link", name="Xem tiến độ").click()
    expect(page.locator(".code").first).to_have_text(code)
    expect(page.locator(".facts")).to_contain_text(NAME)
    look("mine")
    ask_for_more(counter, code)
    complete(page, look)
    finish(counter, code)
    page.goto(f"/t/{SLUG}/ho-so")
    expect(page.locator(".tl")).to_contain_text("Đã trả kết quả")
    page.get_by_role("link", name="Đánh giá việc giải quyết").click()
    look("rating")
    page.get_by_label("Rất hài lòng").first.check()
    page.get_by_label("Góp ý thêm").fill("Nhanh, dễ hiểu")
    go_on(page)
    expect(page.get_by_role("status").first).to_have_text("Cảm ơn bạn đã đánh giá.")
    expect(page.get_by_role("link", name="Đánh giá việc giải quyết")).to_have_count(0)
    look("rated")
    page.get_by_role("button", name="Thoát khỏi hồ sơ").click()
    expect(page.locator("h1")).to_have_text("Tra cứu hồ sơ")
    page.goto(f"/t/{SLUG}/ho-so")
    look("no-pass")
    page.goto(f"/t/{SLUG}/ho-so/mo?ma={code}")
    go_on(page)
    expect(page.locator(".errors")).to_be_visible()
    look("proof-faults")

    assert {name: faults for name, faults in found.items() if faults} == {}
    assert {name: each for name, each in small.items() if each} == {}
    assert wide == []
    assert watch.complaints == []
    assert watch.foreign == []
    assert NAME not in page.url


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_two_communes_in_one_browser_know_nothing_of_each_other(
    visit: Visit, counter: str, scripts: bool
) -> None:
    """Side by side: a pass and a draft here, a pass and a draft there."""
    page = visit(scripts=scripts)
    beside = page.context.new_page()
    here, there = (Desk(counter, slug=slug).received() for slug in (SLUG, OTHER))
    for where, slug, (code, secret) in ((page, SLUG, here), (beside, OTHER, there)):
        where.goto(f"/t/{slug}/q/{code}/{secret}")
        where.goto(f"/t/{slug}/thu-tuc/1.004873")
        where.get_by_role("button", name="Nộp trực tuyến").click()
        where.locator("a.row").first.click()
        where.locator("#nguoi-name").fill(f"{NAME} của {slug}")
        where.get_by_role("button", name="Lưu, làm sau").click()

    for where, slug, other, (code, _), (foreign, secret) in (
        (page, SLUG, OTHER, here, there),
        (beside, OTHER, SLUG, there, here),
    ):
        draft = where.url.split("/nop/")[1].split("/")[0]
        where.goto(f"/t/{other}/nop/{draft}")
        expect(where.locator("h1")).to_have_text("Không mở được bản nháp")
        where.goto(f"/t/{other}/q/{code}/{secret}")
        expect(where.locator("h1")).to_have_text("Tra cứu hồ sơ")
        where.goto(f"/t/{slug}/tra-cuu?ma={foreign}")
        expect(where.locator(".errors")).to_be_visible()
        where.goto(f"/t/{slug}/ho-so")
        expect(where.locator(".code").first).to_have_text(code)
        shown = where.content()
        assert foreign not in shown
        assert f"/t/{other}/" not in shown
        assert f"của {other}" not in shown
    kept = page.context.cookies()
    assert {
        each["path"] for each in kept if each["name"].startswith("motcua_") and each["httpOnly"]
    } == {
        f"/t/{SLUG}/",
        f"/t/{OTHER}/",
    }


def see_the_answer(desk: Page, code: str) -> None:
    """The list marks the dossier until it is opened."""
    watch = Watch(desk, "")
    desk.goto(f"/t/{SLUG}/quay/?nhom=received")
    row = desk.get_by_role("row", name=code)
    expect(row).to_contain_text("Công dân vừa trả lời")
    picture(desk, "answered-list")
    assert watch.faults() == []
    row.get_by_role("link", name=code).click()
    expect(desk.locator(".ctop")).to_contain_text("Công dân vừa trả lời")
    expect(desk.get_by_role("main")).to_contain_text("Cách nhận kết quả: Bưu chính")
    picture(desk, "answered-dossier")
    assert watch.faults() == []
    desk.goto(f"/t/{SLUG}/quay/?nhom=received")
    expect(desk.get_by_role("row", name=code)).not_to_contain_text("Công dân vừa trả lời")


def test_what_a_holder_may_do_is_sound_in_every_state(  # noqa: PLR0915 - page by page
    visit: Visit, come: Come, counter: str
) -> None:
    """WCAG 2.2 AA, thumbs and narrow screens on the pages the journey does not meet."""
    code, secret = Desk(counter).received()
    early, early_secret = Desk(counter).submitted()
    page = visit()
    watch = Watch(page, counter)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = watch.faults() + page.evaluate(SMALL)
        page.set_viewport_size({"width": 320, "height": 700})
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            found[name].append("scrolls sideways")
        page.set_viewport_size({"width": 390, "height": 844})
        picture(page, name)

    page.goto(f"/t/{SLUG}/q/{code}/{secret}")
    for summary in page.locator("main summary").all():
        summary.click()
    look("held")
    page.get_by_role("link", name="Đổi cách nhận kết quả").click()
    look("choose-result")
    page.get_by_role("radio", name="Qua bưu điện").check()
    go_on(page)
    expect(page.locator(".errors")).to_be_focused()
    look("choose-result-faults")
    page.get_by_label("Địa chỉ nhận").fill("Khu 5, Phường Một")
    go_on(page)
    expect(page.get_by_role("status").first).to_have_text("Đã đổi cách nhận kết quả.")
    see_the_answer(come("reception"), code)
    page.goto(f"/t/{SLUG}/ho-so/rut")
    look("withdraw")
    page.get_by_role("button", name="Rút hồ sơ này").click()
    expect(page.locator(".errors")).to_be_focused()
    look("withdraw-faults")
    page.get_by_label("Lý do rút").fill("Tôi đổi ý")
    page.get_by_role("button", name="Rút hồ sơ này").click()
    expect(page.get_by_role("status").first).to_have_text("Đã rút hồ sơ.")
    look("withdrawn")
    page.goto(f"/t/{SLUG}/q/{early}/{early_secret}")
    look("waiting")
    page.get_by_role("link", name="Rút hồ sơ").click()
    page.get_by_label("Lý do rút").fill("Tôi nộp nhầm thủ tục")
    page.get_by_role("button", name="Rút hồ sơ này").click()
    expect(page.locator(".tl")).to_contain_text("Rút hồ sơ khi chưa tiếp nhận")
    look("withdrawn-early")
    page.goto(f"/t/{SLUG}/dat-lich")
    page.locator(".fields a").nth(1).click()
    look("book")
    go_on(page)
    expect(page.locator(".errors")).to_be_focused()
    look("book-faults")
    page.locator("#gio").check()
    page.get_by_label("Họ, chữ đệm và tên").fill(NAME)
    go_on(page)
    expect(page.locator("h1")).to_have_text("Đã đặt lịch")
    look("booked")
    page.get_by_role("link", name="Hủy lịch đã đặt").click()
    page.get_by_role("button", name="Hủy lịch này").click()
    expect(page.locator(".errors")).to_be_focused()
    look("cancel-faults")
    page.goto(f"/t/{SLUG}/nop")
    look("resume")
    page.get_by_label("Mã bản nháp").fill("AAAA-2222")
    page.get_by_role("button", name="Gửi mã tới điện thoại").click()
    look("resume-told")
    page.locator(".btns .btn--go").click()
    expect(page.locator(".errors")).to_be_focused()
    look("resume-faults")

    assert {name: faults for name, faults in found.items() if faults} == {}
    assert watch.complaints == []
    assert secret not in page.url


def test_every_page_of_an_application_is_light(visit: Visit, counter: str) -> None:
    """ui.md §7, a first visit: HTML 15 KB, CSS 12, scripts 6, fonts 60, all 100; ten requests."""
    page = visit()
    watch = Watch(page, counter)
    wire = page.context.new_cdp_session(page)
    over: dict[str, object] = {}

    def weigh(name: str) -> None:
        wire.send("Network.clearBrowserCache")
        watch.forget()
        page.reload()
        page.evaluate("document.fonts.ready.then(() => true)")
        found = watch.over(Document=15, Stylesheet=12, Script=6, Font=60, total=100)
        if found or watch.requests > 10:
            over[name] = (found, watch.requests)

    def follow(where: Locator) -> None:
        with page.expect_navigation():  # a reload in the middle of it would find no page
            where.click()

    page.goto(f"/t/{SLUG}/thu-tuc/1.001193")
    weigh("procedure")
    follow(page.get_by_role("button", name="Nộp trực tuyến"))
    weigh("tasks")
    for row in range(page.locator("a.row").count()):
        follow(page.locator("a.row").nth(row))
        weigh(page.url.rpartition("/")[2])
        page.goto(page.url.rpartition("/")[0])
    follow(page.get_by_role("link", name="Kiểm tra lại"))
    weigh("check")

    assert over == {}
    assert watch.bytes["Document"] > 0


def test_a_draft_kept_for_later_and_a_lost_one_are_sound(visit: Visit, counter: str) -> None:
    page = visit()
    watch = Watch(page, counter)
    page.goto(f"/t/{SLUG}/thu-tuc/1.004873")
    page.get_by_role("button", name="Nộp trực tuyến").click()
    page.locator("a.row").first.click()
    page.locator("#nguoi-name").fill(NAME)
    page.get_by_role("button", name="Lưu, làm sau").click()
    expect(page.locator("h1")).to_have_text("Đã lưu bản nháp")
    found = {"later": watch.faults()}
    picture(page, "later")
    page.get_by_role("link", name="Làm tiếp").last.click()
    page.locator("a.row").first.click()
    expect(page.locator("#nguoi-name")).to_have_value(NAME)
    page.locator("#nguoi-address").fill("Khu 5")
    page.context.clear_cookies(name="motcua_nop")
    go_on(page)

    expect(page.locator("h1")).to_have_text("Không mở được bản nháp")
    found["lost"] = watch.faults()
    picture(page, "lost")
    page.get_by_role("button", name="Làm tiếp với những gì vừa gõ").click()
    page.locator("a.row").first.click()
    expect(page.locator("#nguoi-address")).to_have_value("Khu 5")
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert watch.complaints == []
