"""One's own account at the counter: password, second factor, sessions; what comes first."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fakes.office import PASSWORD, SLUG, Office, opened
from fakes.officer import Officer
from motcua.domain import totp
from motcua.services import staff
from motcua.services.house import desk
from motcua.testing.database import ScratchDatabase
from motcua.web.counter.session import COOKIE

pytestmark = pytest.mark.anyio

OWN = "câu chỉ mình tôi biết"


@pytest.fixture(scope="module")
async def office(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    """The application as it is outside the demonstration."""
    home: Path = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home, strict_accounts=True) as office:
        yield office


async def hire(office: Office, name: str, role: str, *, permanent: bool = True) -> Officer:
    """Somebody new, who has not come yet."""
    await staff.create(
        office.house,
        await desk(office.house, SLUG),
        username=f"{name}.{SLUG}",
        password=PASSWORD,
        roles=[role],
        permanent=permanent,
    )
    return Officer(office, name)


def code(office: Office, officer: Officer, steps: int = 0) -> str:
    """What an authenticator app shows that scanned the page."""
    secret = base64.b32decode(officer.page.one("code", "secret").text)
    return totp.code_at(secret, totp.step_at(office.clock()) + steps)


async def enrol(office: Office, officer: Officer) -> str:
    """Set up a second factor on the page that is shown; answers the next code."""
    now, later = code(office, officer), code(office, officer, 1)
    await officer.send(form="/xac-thuc", code=now, password=PASSWORD)
    assert officer.heading == "Mã dự phòng"
    return later


async def test_a_given_password_is_changed_before_anything_else(office: Office) -> None:
    officer = await hire(office, "moi", "reception", permanent=False)

    await officer.sign_in()
    assert officer.heading == "Đổi mật khẩu"
    for path in ("/", "/tiep-nhan", "/tai-khoan", "/ho-so/x"):
        await officer.open(path)
        assert officer.path == "/mat-khau"
    await officer.send(form="/mat-khau", current=PASSWORD, new=OWN, again=OWN)

    assert officer.heading == "Việc theo hạn trả"


async def test_what_is_wrong_with_a_new_password_is_told_at_its_field(office: Office) -> None:
    officer = await hire(office, "sai", "reception")
    await officer.sign_in()
    await officer.open("/mat-khau")

    await officer.send(422, form="/mat-khau")
    assert [each.partition(":")[0] for each in officer.faults] == [
        "Mật khẩu đang dùng",
        "Mật khẩu mới",
        "Nhập lại mật khẩu mới",
    ]
    await officer.send(422, form="/mat-khau", current=PASSWORD, new=OWN, again="khác")
    assert officer.faults == ["Hai lần nhập mật khẩu mới không giống nhau."]
    await officer.send(422, form="/mat-khau", current=PASSWORD, new="ngắn", again="ngắn")
    assert officer.faults == ["Mật khẩu cần từ 8 đến 256 ký tự."]
    await officer.send(422, form="/mat-khau", current="không phải", new=OWN, again=OWN)
    assert officer.faults == ["Mật khẩu hoặc mã không đúng; chưa có gì thay đổi."]
    assert [
        each["value"] for each in officer.page.all("input") if each.get("type") == "password"
    ] == ["", "", ""]


async def test_guessing_the_password_in_ones_account_waits_too(office: Office) -> None:
    officer = await hire(office, "doan", "reception")
    await officer.sign_in()
    await officer.open("/mat-khau")
    for _ in range(5):
        await officer.send(422, form="/mat-khau", current="không phải", new=OWN, again=OWN)

    await officer.send(429, form="/mat-khau", current=PASSWORD, new=OWN, again=OWN)

    assert int(officer.answer.headers["retry-after"]) > 0


async def test_an_administrator_sets_up_a_second_factor_and_signs_in_with_it(
    office: Office,
) -> None:
    officer = await hire(office, "quan-tri", "admin")
    await officer.sign_in()
    assert officer.heading == "Xác thực hai bước"
    assert officer.page.one("img", "qr")["src"].startswith("data:image/svg+xml")
    before = officer.client.cookies[COOKIE]

    later = await enrol(office, officer)
    assert officer.client.cookies[COOKIE] != before
    recovery = [each.text for each in officer.page.one("ul", "codes").all("code")]
    await officer.open("/tai-khoan")
    assert "Đang bật" in officer.page.text
    await officer.send(form="/dang-xuat")

    await officer.sign_in(status=401)
    assert officer.faults == ["Tài khoản này dùng xác thực hai bước: nhập thêm mã 6 số."]
    assert officer.page.with_id("code").get("aria-invalid") == "true"
    name = officer.name
    await officer.send(401, username=name, password=PASSWORD, code="000000")
    assert officer.faults == ["Tên đăng nhập, mật khẩu hoặc mã không đúng."]
    await officer.send(403, username=name, password=PASSWORD, code=later)
    assert officer.heading == "Quầy không có việc cho tài khoản này"
    await officer.open("/tai-khoan")
    await officer.send(form="/dang-xuat")
    await officer.send(403, username=name, password=PASSWORD, code=recovery[3])
    await officer.open("/xac-thuc")
    assert "Còn 9 mã dự phòng" in officer.page.text


async def test_a_mistyped_code_keeps_the_secret_that_was_scanned(office: Office) -> None:
    officer = await hire(office, "go-sai", "field")
    await officer.sign_in()
    await officer.open("/xac-thuc")
    scanned = officer.page.one("code", "secret").text

    await officer.send(422, form="/xac-thuc", code="000000", password=PASSWORD)

    assert officer.faults[0].startswith("Mã không khớp với ứng dụng.")
    assert officer.page.one("code", "secret").text == scanned
    await officer.send(422, form="/xac-thuc", code=code(office, officer), password="sai")  # noqa: S106 - a wrong one
    assert officer.page.one("code", "secret").text == scanned
    await enrol(office, officer)


async def test_new_recovery_codes_and_turning_it_off(office: Office) -> None:
    officer = await hire(office, "doi-may", "field")
    await officer.sign_in()
    await officer.open("/xac-thuc")
    later = await enrol(office, officer)
    recovery = [each.text for each in officer.page.one("ul", "codes").all("code")]
    await officer.open("/xac-thuc")

    await officer.send(422, form="/xac-thuc", press="ma", code="000000", password=PASSWORD)
    await officer.send(form="/xac-thuc", press="ma", code=later, password=PASSWORD)
    fresh = [each.text for each in officer.page.one("ul", "codes").all("code")]
    assert len(fresh) == 10
    assert not set(fresh) & set(recovery)
    await officer.open("/xac-thuc")
    await officer.send(form="/xac-thuc", press="tat", code=fresh[0], password=PASSWORD)

    assert officer.path == "/tai-khoan"
    assert "Chưa bật" in officer.page.text


async def test_people_see_where_they_are_signed_in_and_end_it(office: Office) -> None:
    here = await hire(office, "hai-noi", "reception")
    there = Officer(office, "hai-noi")
    there.client.headers["user-agent"] = "Mozilla/5.0 (Linux; Android 15) Chrome/140 Safari/537"
    await there.sign_in()
    await here.sign_in()
    await here.open("/tai-khoan")
    assert "Chrome, Android" in here.page.text
    assert "Phiên này" in here.page.text
    assert "Đăng nhập" in here.page.one("details", "more").text

    await here.send(form="/phien/")
    await there.open("/")
    assert there.heading == "Đăng nhập cán bộ"
    await here.open("/")
    assert here.heading == "Việc theo hạn trả"

    await there.sign_in()
    await there.open("/tai-khoan")
    everywhere = [each for each in there.page.all("form") if each["action"].endswith("/phien")]
    await there.client.post(
        everywhere[0]["action"], data={"_csrf_token": there.client.cookies["motcua_csrf"]}
    )
    for officer in (here, there):
        await officer.open("/")
        assert officer.heading == "Đăng nhập cán bộ"


async def test_signing_in_begins_at_the_first_empty_field(office: Office) -> None:
    officer = await hire(office, "go-ngay", "reception")
    await officer.open("/dang-nhap")

    (begun,) = [each for each in officer.page.all("input") if "autofocus" in each.attributes]

    assert begun["id"] == "username"


async def test_signing_in_again_ends_the_session_before(office: Office) -> None:
    officer = await hire(office, "lai-vao", "reception")
    await officer.sign_in()
    before = officer.client.cookies[COOKIE]
    await officer.open("/dang-nhap")
    await officer.sign_in()

    officer.client.cookies.clear()
    officer.client.cookies.set(COOKIE, before, domain="test.local", path=f"/t/{SLUG}/")
    await officer.open("/")

    assert officer.heading == "Đăng nhập cán bộ"


async def test_an_idle_session_gives_the_form_back(office: Office) -> None:
    officer = await hire(office, "nghi-trua", "reception")
    await officer.sign_in()
    await officer.open("/tiep-nhan/2.000815")
    office.clock.advance(minutes=61)

    await officer.send(401, press="luu")
    await officer.sign_in()

    assert officer.heading == "Làm tiếp việc vừa dở"


async def test_the_api_says_what_is_due_and_changes_a_password(office: Office) -> None:
    await hire(office, "qua-api", "reception", permanent=False)
    body = {"username": f"qua-api.{SLUG}", "password": PASSWORD}
    session = (await office.ask("POST", "/sessions", json=body)).json()
    assert session["due"] == ["password"]
    headers = {"Authorization": f"Bearer {session['token']}"}
    refused = await office.ask("GET", "/dossiers", headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (403, "session.change-password")

    changed = await office.ask(
        "POST", "/password", headers=headers, json={"current": PASSWORD, "new": OWN}
    )

    assert changed.status_code == 200
    headers = {"Authorization": f"Bearer {changed.json()['token']}"}
    assert (await office.ask("GET", "/dossiers", headers=headers)).status_code == 200


async def test_the_api_asks_for_the_code_of_a_second_factor(office: Office) -> None:
    officer = await hire(office, "ma-api", "admin")
    await officer.sign_in()
    later = await enrol(office, officer)
    body = {"username": officer.name, "password": PASSWORD}

    asked = await office.ask("POST", "/sessions", json=body)
    wrong = await office.ask("POST", "/sessions", json=body | {"code": "000000"})
    right = await office.ask("POST", "/sessions", json=body | {"code": later})

    assert (asked.status_code, asked.json()["type"]) == (401, "session.second-factor")
    assert (wrong.status_code, wrong.json()["type"]) == (401, "staff.sign-in-failed")
    assert right.status_code == 201
    headers = {"Authorization": f"Bearer {right.json()['token']}"}
    events = await office.ask("GET", "/sign-in-events", headers=headers)
    assert events.json()["events"][0]["kind"] == "signed_in"
    assert events.json()["events"][0]["username"] == officer.name


async def test_the_log_of_sign_ins_is_the_administrators(office: Office) -> None:
    refused = await office.ask("GET", "/sign-in-events", by="reception")

    assert (refused.status_code, refused.json()["type"]) == (403, "staff.not-administrator")


async def test_the_console_leads_to_what_is_due_too(office: Office) -> None:
    officer = await hire(office, "vao-quan-tri", "admin")
    await officer.sign_in()

    page = await officer.client.get(f"/t/{SLUG}/admin/", headers={"accept": "text/html"})
    data = await officer.client.get(
        f"/t/{SLUG}/admin/bang/api/links/", headers={"accept": "application/json"}
    )

    assert page.url.path == f"/t/{SLUG}/quay/xac-thuc"
    assert data.status_code == 403


@pytest.mark.parametrize(("role", "onward"), [("admin", "admin"), ("field", "quay")])
async def test_after_the_second_factor_everybody_goes_where_their_work_is(
    office: Office, role: str, onward: str
) -> None:
    officer = await hire(office, f"tiep-{role}", role)
    await officer.sign_in()
    await officer.open("/xac-thuc")

    await enrol(office, officer)

    links = [each["href"] for each in officer.page.all("a")]
    assert f"/t/{SLUG}/{onward}/" in links
