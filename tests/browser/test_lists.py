"""Lists, inbox and return desk with the keyboard alone, each state looked through by axe."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.officers import at_counter
from browser.test_counter import BIRTH, Come, press, receive
from browser.watch import Watch
from fakes.office import PASSWORD, SLUG, paper

pytestmark = pytest.mark.browser

DESK = f"/t/{SLUG}/quay"


@pytest.fixture
def come(browser: Browser, counter: str) -> Iterator[Come]:
    """Puts an officer of a role before a screen, signed in with the keyboard."""
    contexts: list[BrowserContext] = []

    def arrive(role: str, *, width: int = 1366) -> Page:
        context = browser.new_context(
            base_url=counter, locale="vi-VN", viewport={"width": width, "height": 768}
        )
        contexts.append(context)
        page = context.new_page()
        at_counter(page, role)
        return page

    yield arrive
    for context in contexts:
        context.close()


def submitted(counter: str, count: int) -> list[str]:
    """Copies that wait for a signature, by the API; answers their codes."""
    tokens = {}
    with httpx.Client(base_url=f"{counter}/t/{SLUG}/api/v1") as client:
        for role in ("reception", "field"):
            signed = {"username": f"{role}.{SLUG}", "password": PASSWORD}
            tokens[role] = client.post("/sessions", json=signed).json()["token"]

        def ask(role: str, path: str, **body: object) -> dict[str, object]:
            headers = {"Authorization": f"Bearer {tokens[role]}"}
            answer = client.post(path, json=body, headers=headers)
            assert answer.is_success, answer.text
            found: dict[str, object] = answer.json()
            return found

        visit = ask("reception", "/receptions", papers=[paper() for _ in range(count)])
        codes = []
        for dossier in visit["dossiers"]:  # type: ignore[attr-defined]  # JSON
            for role, step in (("reception", "T08"), ("field", "T16")):
                said = {"transition": step, "version": dossier["version"]}
                dossier = ask(role, f"/dossiers/{dossier['id']}/transitions", **said)  # noqa: PLW2901 - the next version of the same
            codes.append(str(dossier["code"]))
    return codes


def choose(page: Page, code: str) -> None:
    """Choose a dossier of the list that is open by ``x``, with the focus on its link."""
    page.get_by_role("link", name=code).first.focus()
    page.keyboard.press("x")
    expect(page.get_by_label(f"Chọn hồ sơ {code}")).to_be_checked()


def act(page: Page, watch: Watch, button: str) -> None:
    """Press a button of the bar, confirm with F9."""
    press(page, button)
    expect(page.locator("h1")).to_contain_text(": 1 hồ sơ")
    assert watch.faults() == []
    page.keyboard.press("F9")
    expect(page.locator("h1")).to_contain_text("xong 1 hồ sơ")
    assert watch.faults() == []


def test_a_birth_goes_through_four_people_to_a_proxy_with_keys_alone(
    come: Come, counter: str
) -> None:
    """Reception, field officer, leader, clerk; the grandmother fetches the certificate."""
    reception = come("reception")
    watch = Watch(reception, counter)
    code = receive(reception, BIRTH, "TRẦN GIA BẢO")
    reception.goto(f"{DESK}/?nhom=received")
    choose(reception, code)
    assert watch.faults() == []
    act(reception, watch, "Chuyển thẩm định")

    field = come("field")
    field.goto(f"{DESK}/?nhom=appraising")
    field.get_by_role("link", name=code).focus()
    field.keyboard.press("n")
    expect(field.get_by_role("status").first).to_contain_text("Bạn đã nhận 1 hồ sơ")
    choose(field, code)
    act(field, Watch(field, counter), "Trình lãnh đạo")

    leader = come("leader")
    leader.goto(f"{DESK}/duyet")
    leader.get_by_role("link", name=code).press("Enter")
    expect(leader.locator("#xem")).to_contain_text("khai sinh")
    assert Watch(leader, counter).faults() == []
    leader.get_by_role("link", name=code).focus()
    leader.keyboard.press("a")
    expect(leader.locator("h1")).to_have_text("Phê duyệt")
    leader.get_by_label("Người ký").press("ArrowDown")
    leader.keyboard.press("F9")
    expect(leader.get_by_role("status").first).to_contain_text("Đã xong: Phê duyệt.")

    clerk = come("clerk")
    clerk.goto(f"{DESK}/?nhom=approved")
    choose(clerk, code)
    act(clerk, Watch(clerk, counter), "Vào sổ, đóng dấu")

    reception.goto(f"{DESK}/tra")
    assert watch.faults() == []
    reception.keyboard.type(code)
    reception.keyboard.press("Enter")
    expect(reception.locator(".panel__h").first).to_contain_text("Trả được")
    assert watch.faults() == []
    reception.get_by_label("Người được ủy quyền").press("Space")
    reception.keyboard.press("F9")
    expect(reception.locator(".errors")).to_be_focused()
    assert watch.faults() == []
    reception.get_by_label("Người nhận kết quả").fill("Nguyễn Thị Bà")
    reception.get_by_label("Số định danh người nhận").fill("027155000123")
    reception.get_by_role("textbox", name="Giấy ủy quyền").fill("Giấy ủy quyền 01/12/2026")
    reception.keyboard.press("F9")
    expect(reception.locator("h1")).to_have_text("Đã trả 1 kết quả")
    expect(reception.locator("#main")).to_contain_text("Giấy ủy quyền 01/12/2026")
    assert watch.faults() == []
    assert watch.complaints == []


def test_a_leader_approves_several_at_once_with_keys_alone(come: Come, counter: str) -> None:
    codes = submitted(counter, 3)
    leader = come("leader")
    watch = Watch(leader, counter)
    watch.open(f"{DESK}/duyet")
    expect(leader.locator("[aria-current=true]")).to_be_focused()
    leader.keyboard.press("x")
    boxes = leader.locator("input[name^='chon.']")
    expect(boxes.first).to_be_checked()
    leader.keyboard.press("x")
    leader.get_by_label(f"Chọn hồ sơ {codes[0]}").focus()
    leader.keyboard.press("x")
    leader.get_by_label(f"Chọn hồ sơ {codes[2]}").focus()
    leader.keyboard.press("Shift+X")
    expect(leader.get_by_role("group").get_by_role("status")).to_have_text("3 hồ sơ đã chọn")
    assert watch.faults() == []
    leader.keyboard.press("Escape")
    expect(leader.locator("input[name^='chon.']:checked")).to_have_count(0)
    leader.get_by_label(f"Chọn hồ sơ {codes[0]}").focus()
    leader.keyboard.press("x")
    leader.keyboard.press("j")
    expect(leader.get_by_role("link", name=codes[1])).to_be_focused()
    leader.keyboard.press("x")
    assert boxes.count() >= 3

    leader.get_by_role("button", name="Phê duyệt").press("Enter")
    expect(leader.locator("h1")).to_have_text("Phê duyệt: 2 hồ sơ")
    assert watch.faults() == []
    leader.keyboard.press("F9")

    expect(leader.locator("h1")).to_have_text("Phê duyệt: xong 2 hồ sơ")
    assert watch.faults() == []
    watch.open(f"{DESK}/sang")
    assert watch.faults() == []
    assert watch.complaints == []


def test_the_pages_after_a_day_on_paper_are_sound(come: Come, counter: str) -> None:
    with httpx.Client(base_url=f"{counter}/t/{SLUG}/api/v1") as client:
        signed = {"username": f"clerk.{SLUG}", "password": PASSWORD}
        token = client.post("/sessions", json=signed).json()["token"]
        asked = {"book": "SCT/BS", "count": 2, "reason": "Cắt điện"}
        headers = {"Authorization": f"Bearer {token}"}
        assert client.post("/registers/blocks", json=asked, headers=headers).is_success
    reception = come("reception")
    watch = Watch(reception, counter)
    watch.open(f"{DESK}/so")
    press(reception, "Nhập việc đã làm trên giấy")
    assert watch.faults() == []
    press(reception, "Chứng thực bản sao từ bản chính")
    assert watch.faults() == []

    reception.keyboard.press("F9")

    expect(reception.locator(".errors")).to_be_focused()
    assert watch.faults() == []
    assert watch.complaints == []


@pytest.mark.parametrize("path", ["/?nhom=open", "/duyet", "/tra", "/sang", "/lien-thong"])
def test_a_list_turns_into_cards_on_a_telephone(come: Come, counter: str, path: str) -> None:
    page = come("leader", width=390)
    watch = Watch(page, counter)
    watch.open(DESK + path)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert watch.faults() == []
