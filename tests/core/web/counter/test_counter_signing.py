"""Who gets in at the counter, and what happens to those who fall out."""

import pytest

from core.web.counter.conftest import Hire
from fakes.office import OTHER, PASSWORD, SLUG, Office
from fakes.officer import COPY_TYPED, Officer
from motcua.web.counter.session import COOKIE

pytestmark = pytest.mark.anyio


async def test_a_wrong_password_is_told_at_the_field_and_keeps_the_name(office: Office) -> None:
    officer = Officer(office, "clerk")

    await officer.sign_in("sai", status=401)

    assert officer.faults == ["Tên đăng nhập, mật khẩu hoặc mã không đúng."]
    assert officer.page.with_id("username")["value"] == f"clerk.{SLUG}"
    assert officer.page.with_id("password")["value"] == ""


async def test_empty_fields_are_told_both_at_once(office: Office) -> None:
    officer = Officer(office, "clerk")
    await officer.open("/dang-nhap")

    await officer.send(422)

    assert officer.faults == ["Tài khoản: chưa nhập.", "Mật khẩu: chưa nhập."]


async def test_after_five_failures_the_name_waits_and_the_page_says_how_long(
    office: Office,
) -> None:
    officer = Officer(office, "cashier", OTHER)
    for _ in range(5):
        await officer.sign_in("sai", status=401)

    await officer.sign_in(status=429)

    assert "giây" in officer.faults[0]
    assert int(officer.answer.headers["retry-after"]) > 0


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_of_other_tenants(
    office: Office,
) -> None:
    officer = Officer(office, "field")
    await officer.open("/dang-nhap")
    fields = {"username": officer.name, "password": PASSWORD}
    token = officer.client.cookies["motcua_csrf"]

    answer = await officer.client.post(
        f"{officer.base}/dang-nhap",
        data=fields | {"_csrf_token": token},
        follow_redirects=False,
    )

    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "SameSite=lax", f"Path=/t/{SLUG}/"):
        assert part in cookie


async def test_whoever_is_not_signed_in_comes_back_to_where_they_were(office: Office) -> None:
    officer = Officer(office, "field")
    await officer.open("/?nhom=open&q=an")
    assert officer.heading == "Đăng nhập cán bộ"

    await officer.sign_in()

    assert officer.heading == "Việc theo hạn trả"
    assert officer.answer.url.query == b"nhom=open&q=an"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.com/",
        "//example.com/",
        f"/t/{OTHER}/quay/",
        "/\\example.com",
        f"/t/{SLUG}/quay/../../x",
        "",
    ],
)
async def test_the_sign_in_leads_nowhere_but_to_this_counter(
    office: Office, elsewhere: str
) -> None:
    officer = Officer(office, "field")
    await officer.open("/dang-nhap")

    await officer.send(tiep=elsewhere, username=officer.name, password=PASSWORD)

    assert officer.path == "/"


async def test_the_sign_in_leads_to_the_first_page_as_it_is_addressed(office: Office) -> None:
    officer = Officer(office, "field")
    await officer.open("/")

    await officer.sign_in()

    assert officer.path == "/"


async def test_a_form_sent_after_the_session_was_lost_is_not_lost(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    officer.client.cookies.delete(COOKIE)

    await officer.send_all(COPY_TYPED, 401, press="luu")
    assert "Phiên làm việc đã hết" in officer.faults[0]
    await officer.sign_in()
    assert officer.heading == "Làm tiếp việc vừa dở"
    await officer.send()

    assert officer.heading.startswith("Biên nhận")
    assert "Nguyễn Thị Ánh" in officer.page.text


async def test_a_lost_session_survives_a_mistyped_password(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    officer.client.cookies.delete(COOKIE)
    await officer.send_all(COPY_TYPED, 401, press="luu")

    await officer.sign_in("sai", status=401)
    await officer.sign_in()
    await officer.send()

    assert officer.heading.startswith("Biên nhận")


async def test_what_somebody_else_put_into_the_kept_form_is_no_form(office: Office) -> None:
    officer = Officer(office, "field")
    await officer.open("/dang-nhap")

    await officer.send(giu="[1, 2", username=officer.name, password=PASSWORD)

    assert officer.heading == "Việc theo hạn trả"


@pytest.mark.parametrize("role", ["admin", "supervisor"])
async def test_those_who_do_not_read_dossiers_are_told_so_politely(
    at_desk: Hire, role: str
) -> None:
    """Rules §6: they configure and see numbers, not what dossiers say."""
    officer = await at_desk(role)

    assert officer.heading == "Quầy không có việc cho tài khoản này"
    await officer.open("/tai-khoan")
    assert officer.heading == "Tài khoản"


async def test_signing_out_ends_the_session_on_the_server(at_desk: Hire) -> None:
    officer = await at_desk("leader")
    token = officer.client.cookies[COOKIE]
    await officer.open("/tai-khoan")
    assert "Lãnh đạo" in officer.page.text

    await officer.send()
    officer.client.cookies.set(COOKIE, token, domain="test.local", path=f"/t/{SLUG}/")
    await officer.open("/")

    assert officer.heading == "Đăng nhập cán bộ"


async def test_a_session_of_one_tenant_opens_nothing_of_another(
    office: Office, at_desk: Hire
) -> None:
    officer = await at_desk("leader")
    token = officer.client.cookies[COOKIE]
    stranger = Officer(office, "leader", OTHER)
    stranger.client.cookies.set(COOKIE, token)

    await stranger.open("/")

    assert stranger.heading == "Đăng nhập cán bộ"


async def test_a_form_without_its_token_is_refused(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")

    await officer.send_all(COPY_TYPED | {"_csrf_token": "x" * 40}, 403, press="luu")

    assert officer.heading == "Chưa làm được việc này"


async def test_an_unknown_tenant_has_no_counter(office: Office) -> None:
    officer = Officer(office, "field", "khong-co")

    await officer.open("/", 404)

    assert "khong-co" in officer.page.text
