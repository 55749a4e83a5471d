"""The console in a real browser: what is settled there holds at once, in every process."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.officers import sign_in
from browser.server import served
from browser.watch import Watch
from fakes.office import OTHER, PASSWORD, SLUG, hire, opened
from motcua.app import SETTINGS_VARIABLE, Settings
from motcua.registry.dispatch import PluginFault
from motcua.services.attempts import MOST_FAILURES
from motcua.services.configure import disable
from motcua.services.hooks import QUARANTINE_AFTER, record_fault
from motcua.services.house import desk
from motcua.storage.dsn import Dsn
from motcua.testing.database import ScratchDatabase, ScratchServer, apart

pytestmark = pytest.mark.browser

PROVINCE = "tinh-thu"
BIRTH, MARITAL = "1.001193", "1.004873"
MARITAL_ANSWERS = {
    "relationship": "bản thân",
    "subject": {"name": "Nguyễn Thị Ánh", "id_number": "027190001234"},
    "residence_periods": "Từ 2010 đến nay tại Phường Một",
    "marital_status": "chưa đăng ký kết hôn với ai",
    "purpose": "vay vốn",
}
Come = Callable[..., Page]


@pytest.fixture(scope="module")
def pair(
    browser_type_launch_args: dict[str, Any],
    server: ScratchServer,
    template: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, str]]:
    """Two processes that serve one database."""
    del browser_type_launch_args
    made = server.create(template=template.app_dsn.database)
    home = tmp_path_factory.mktemp("console")
    apart(lambda: _prepare(made.owner_dsn, made.app_dsn, home))
    settings = Settings(database=made.app_dsn.url, home=str(home), demo=True, strict_accounts=False)
    variables = {SETTINGS_VARIABLE: msgspec.json.encode(settings).decode()}
    with (
        served("fakes.counter:create", **variables) as first,
        served("fakes.counter:create", **variables) as second,
    ):
        yield first, second
    server.drop(made)


async def _prepare(owner: Dsn, app: Dsn, home: Path) -> None:
    """One commune without civil status, the other one with a quarantined plugin."""
    async with opened(owner, app, home) as office:
        await hire(office.house, PROVINCE)
        await disable(office.house, await desk(office.house, SLUG), "civil_status")
        other = await desk(office.house, OTHER)
        for _ in range(QUARANTINE_AFTER):
            fault = PluginFault(plugin="sample", hook="fee_lines", detail="ZeroDivisionError")
            await record_fault(office.house, other, fault)


@pytest.fixture
def come(browser: Browser, pair: tuple[str, str]) -> Iterator[Come]:
    """Puts somebody of a role before the console of a tenant, signed in through the counter.

    Whatever the browser complains about on the way fails the test at its end.
    """
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def arrive(role: str = "admin", slug: str = SLUG) -> Page:
        context = browser.new_context(
            base_url=pair[0],
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": 1366, "height": 768},
        )
        contexts.append(context)
        page = context.new_page()
        watches.append(Watch(page, pair[0]))
        page.goto(f"/t/{slug}/admin/")
        sign_in(page, f"{role}.{slug}")
        page.wait_for_url(re.compile(r"/admin/?$"))
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert [each.complaints + each.foreign for each in watches] == [[] for _ in watches]


def api(address: str, slug: str, path: str, *, by: str = "", **sent: Any) -> Any:
    """What the API of one process answers, to nobody or to somebody of a role."""
    base = f"{address}/t/{slug}/api/v1"
    headers = {}
    if by:
        who = {"username": f"{by}.{slug}", "password": PASSWORD}
        token = httpx.post(f"{base}/sessions", json=who).json()["token"]
        headers["Authorization"] = f"Bearer {token}"
    answer = httpx.request("POST" if sent else "GET", base + path, headers=headers, **sent)
    assert answer.is_success, answer.text
    return answer.json()


def received(address: str) -> dict[str, Any]:
    """A dossier that takes some working days."""
    paper = {
        "procedure": MARITAL,
        "applicant": {"name": "Nguyễn Thị Ánh", "id_number": "027190001234"},
        "answers": MARITAL_ANSWERS,
    }
    visit = api(address, OTHER, "/receptions", by="reception", json={"papers": [paper]})
    found: dict[str, Any] = visit["dossiers"][0] | {"fee_total": visit["fee_total"]}
    return found


def due(address: str, dossier: dict[str, Any]) -> dt.datetime:
    found = api(address, OTHER, f"/dossiers/{dossier['id']}", by="field")
    return dt.datetime.fromisoformat(found["due_at"])


def test_civil_status_is_enabled_and_seen_in_every_process(
    come: Come, pair: tuple[str, str]
) -> None:
    def codes(address: str) -> set[str]:
        return {each["code"] for each in api(address, SLUG, "/procedures")["procedures"]}

    before = [BIRTH in codes(address) for address in pair]
    page = come()
    page.get_by_role("link", name="Phân hệ", exact=True).first.click()

    page.get_by_role("row", name="Hộ tịch").get_by_role("button", name="Bật").click()

    expect(page.get_by_role("status")).to_contain_text("Đã bật")
    assert before == [False, False]
    assert [BIRTH in codes(address) for address in pair] == [True, True]


def test_a_holiday_is_previewed_published_and_moves_the_dossier(
    come: Come, pair: tuple[str, str]
) -> None:
    dossier = received(pair[0])
    before = due(pair[1], dossier)
    day = f"{before:%d/%m/%Y}"
    page = come("supervisor", PROVINCE)
    page.get_by_role("link", name="Lịch làm việc").first.click()
    page.get_by_label("Ngày", exact=True).fill(day)
    page.get_by_label("Tên ngày").fill("Nghỉ phòng bão")
    page.get_by_label("Căn cứ").fill("Công điện 12/CĐ-UBND")
    page.get_by_label("Văn bản ngày").fill("30/11/2026")

    page.get_by_role("button", name="Xem trước hồ sơ đổi ngày trả").click()
    expect(page.get_by_role("row", name="Xã Hai")).to_contain_text("1")
    assert due(pair[1], dossier) == before
    page.get_by_text("Tôi đã xem danh sách").click()
    page.get_by_label("Gõ lại ngày để xác nhận").fill(day)
    page.get_by_role("button", name="Công bố và đổi 1 hạn").click()

    expect(page.get_by_role("status")).to_contain_text("đổi 1 hạn")
    assert due(pair[1], dossier) > before
    expect(page.get_by_role("row", name="Nghỉ phòng bão")).to_contain_text("Đã quyết định")


def test_a_fee_of_the_province_is_charged_from_its_day(come: Come, pair: tuple[str, str]) -> None:
    free = received(pair[1])["fee_total"]
    page = come("supervisor", PROVINCE)
    page.get_by_role("link", name="Phí, lệ phí").first.click()
    row = page.get_by_role("row", name="Lệ phí cấp Giấy xác nhận tình trạng hôn nhân")
    expect(row).to_contain_text("Chưa nhập")
    row.get_by_role("link", name="Nhập mức").click()

    page.get_by_label("Mức thu (đồng)").fill("8.000")
    page.get_by_label("Áp dụng từ ngày").fill("01/12/2026")
    page.get_by_label("Căn cứ").fill("Nghị quyết 10/2026/NQ-HĐND")
    page.get_by_role("button", name="Ghi mức thu").click()

    expect(page.get_by_role("row", name="Lệ phí cấp Giấy xác nhận")).to_contain_text("8.000")
    assert received(pair[1])["fee_total"] == free + 8000


def test_a_quarantined_plugin_tells_why_and_is_retried(come: Come, pair: tuple[str, str]) -> None:
    page = come("admin", OTHER)
    expect(page.get_by_role("row", name="Phân hệ bị tạm khóa")).to_contain_text("Phân hệ mẫu")
    page.get_by_role("row", name="Phân hệ bị tạm khóa").get_by_role("link").click()
    expect(page.get_by_text("lỗi ZeroDivisionError ở bước fee_lines").first).to_be_visible()

    page.get_by_role("button", name="Cho chạy lại").click()

    row = page.get_by_role("row", name="Phân hệ mẫu")
    expect(row).to_contain_text("Đang nhận")
    codes = {each["code"] for each in api(pair[1], OTHER, "/procedures")["procedures"]}
    assert "9.999001" in codes


def test_a_colleague_who_is_locked_out_is_let_in_again(
    come: Come, pair: tuple[str, str], browser: Browser
) -> None:
    colleague = browser.new_context(base_url=pair[1], locale="vi-VN").new_page()

    def tries(password: str) -> None:
        colleague.goto(f"/t/{SLUG}/quay/dang-nhap")
        sign_in(colleague, f"clerk.{SLUG}", password)

    for _ in range(MOST_FAILURES):
        tries("không phải câu này")
        expect(colleague.locator(".errors")).to_be_visible()
    tries(PASSWORD)
    expect(colleague.locator(".errors")).to_contain_text("Đã thử sai nhiều lần")

    page = come()
    page.get_by_role("link", name="Cán bộ", exact=True).first.click()
    row = page.get_by_role("row", name=f"clerk.{SLUG}")
    expect(row).to_contain_text("Đang bị khóa")
    row.get_by_role("link").click()
    assert Watch(page, pair[0]).faults() == []
    page.get_by_role("button", name="Cho vào ngay").click()
    expect(page.get_by_role("button", name="Cho vào ngay")).to_have_count(0)

    tries(PASSWORD)
    expect(colleague.locator("h1")).to_have_text("Việc theo hạn trả")
    colleague.context.close()


def test_a_province_opens_a_commune_and_its_administrator_comes_in(
    come: Come, pair: tuple[str, str], browser: Browser
) -> None:
    page = come("supervisor", PROVINCE)
    page.get_by_role("link", name="Mở đơn vị mới").click()
    page.get_by_label("Theo mẫu").select_option(OTHER)
    page.get_by_label("Tên đơn vị").fill("Xã Mở")
    page.get_by_label("Tên trong địa chỉ").fill("xa-mo")
    page.get_by_label("Mã đơn vị hành chính").fill("99021")
    page.get_by_label("Hoạt động từ ngày").fill("01/12/2026")
    page.get_by_label("Họ tên").fill("Nguyễn Văn Quản")
    page.get_by_label("Tên đăng nhập").fill("quan-tri")
    page.get_by_role("button", name="Mở đơn vị").click()
    password = page.locator("#mat-khau-dau").inner_text()
    assert Watch(page, pair[0]).faults() == []

    first = browser.new_context(base_url=pair[1], locale="vi-VN").new_page()
    first.goto("/t/xa-mo/admin/")
    sign_in(first, "quan-tri", password)
    expect(first.locator("h1")).to_have_text("Việc cần làm")
    expect(first.get_by_role("row", name="Cán bộ theo vai trò")).to_contain_text("Tiếp nhận")
    first.context.close()


def test_the_tables_are_shown_in_vietnamese_and_ask_nobody_outside(come: Come) -> None:
    page = come()
    page.get_by_role("link", name="Xem bảng dữ liệu").click()

    page.get_by_role("link", name="Cán bộ", exact=True).first.click()

    expect(page.get_by_role("columnheader", name="Tên đăng nhập")).to_be_visible()
    expect(page.get_by_role("cell", name="Quản trị", exact=True)).to_be_visible()
    expect(page.get_by_text("Thêm dòng")).not_to_be_visible()


@pytest.mark.parametrize(
    ("role", "slug", "paths"),
    [
        (
            "admin",
            SLUG,
            ("", "nhat-ky", "don-vi", "gio-lam-viec", "can-bo", "can-bo/3", "nguoi-ky"),
        ),
        (
            "admin",
            SLUG,
            ("phan-mo-rong", "phan-mo-rong/certification", "thu-tuc", "dong-cua"),
        ),
        (
            "admin",
            SLUG,
            ("so-sach", "khoa-api", "thay-the", "chuyen-ho-so", "tinh-lai"),
        ),
        ("supervisor", PROVINCE, ("mo-don-vi", "", "lich", "le-phi", "nhat-ky")),
    ],
)
def test_the_pages_are_sound(
    come: Come, pair: tuple[str, str], role: str, slug: str, paths: tuple[str, ...]
) -> None:
    watch = Watch(come(role, slug), pair[0])
    found = {}
    for path in paths:
        assert watch.open(f"/t/{slug}/admin/{path}") == 200, path
        found[path] = watch.faults()

    assert found == {path: [] for path in paths}


def test_signing_out_of_the_tables_ends_the_session(come: Come) -> None:
    page = come()
    page.goto(f"/t/{SLUG}/admin/bang/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_text("Cán bộ admin").click()

    page.get_by_text("Đăng xuất").click()

    page.wait_for_url("**/quay/dang-nhap?**")
    assert page.goto(f"/t/{SLUG}/admin/can-bo")
    expect(page.get_by_label("Mật khẩu")).to_be_visible()
