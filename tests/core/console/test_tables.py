"""The tables as they stand: in Vietnamese, read only, behind the guard."""

import re
import subprocess
import sys

import pytest

from core.console.conftest import PROVINCE_SLUG, Come
from fakes.office import SLUG, Office
from motcua.console import browser, spoken
from motcua.console.grants import TABLES, tables_of
from motcua.plugin.texts import texts
from motcua.registry.loading import load_registry
from motcua.services.change import lock
from motcua.services.house import desk
from motcua.storage.work import work

pytestmark = pytest.mark.anyio


async def test_without_a_session_the_console_leads_to_the_sign_in_and_back(office: Office) -> None:
    office.client.cookies.clear()

    answer = await office.client.get(
        f"/t/{SLUG}/admin/phan-mo-rong", headers={"accept": "text/html"}
    )

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(
        f"/t/{SLUG}/quay/dang-nhap?tiep=%2Ft%2F{SLUG}%2Fadmin"
    )


async def test_days_are_read_and_asked_for_as_people_write_them(office: Office, come: Come) -> None:
    visitor = await come()
    today = f"{office.house.today():%d/%m/%Y}"
    found = await visitor.rows(
        "GET", f"api/tables/Cán_bộ/?created_at={today}&created_at__operator=gte"
    )
    none = await visitor.rows(
        "GET", "api/tables/Cán_bộ/?created_at=01/01/2000&created_at__operator=lt"
    )
    row = found.json()["rows"][0]
    one = await visitor.rows("GET", f"api/tables/Cán_bộ/{row['id']}/")
    schema = (await visitor.rows("GET", "api/tables/Cán_bộ/schema/")).json()

    assert none.json()["rows"] == []
    assert row["created_at"].startswith(today)
    assert one.json()["created_at"] == row["created_at"]
    assert "format" not in str(schema["properties"])


async def test_the_tables_say_that_everything_is_invented(office: Office, come: Come) -> None:
    visitor = await come()
    plain = (await visitor.get("bang/")).text
    office.house.demo = True

    shown = (await visitor.get("bang/")).text
    office.house.demo = False

    assert "DỮ LIỆU THỬ" in shown
    assert "DỮ LIỆU THỬ" not in plain


@pytest.mark.parametrize(
    "role", ["reception", "field", "leader", "clerk", "cashier", "head", "supervisor"]
)
async def test_only_an_administrator_comes_into_a_communes_console(come: Come, role: str) -> None:
    visitor = await come(role)

    assert (await visitor.get("")).status_code == 403
    assert (await visitor.rows("GET", "api/tables/")).status_code == 403


async def test_the_tables_say_at_their_foot_where_to_get_help(come: Come) -> None:
    page = (await (await come()).get("bang/")).text

    foot = page.partition('<div id="app"></div>')[2]
    assert foot.startswith('<footer class="foot" id="help">')
    assert "Bộ phận tiếp nhận hồ sơ của Phường Một" in foot
    assert f"/t/{SLUG}/huong-dan" in foot


async def test_the_page_asks_nobody_outside(come: Come) -> None:
    page = await (await come()).get("bang/")

    assert page.status_code == 200
    assert re.findall(r"https?://", page.text) == []
    assert "script-src 'self';" in page.headers["content-security-policy"]


async def test_the_menu_of_tables_is_the_visitors(come: Come) -> None:
    admin = (await (await come()).rows("GET", "api/tables/grouped/")).json()
    above = (
        await (await come("supervisor", PROVINCE_SLUG)).rows("GET", "api/tables/grouped/")
    ).json()

    assert "Cán_bộ" in admin["grouped"]["Đơn vị"]
    assert above["grouped"]["Đơn vị"] == ["Đơn_vị"]


@pytest.mark.parametrize("table", TABLES)
async def test_a_table_speaks_vietnamese(come: Come, table: str) -> None:
    visitor = await come()
    name = spoken.table_name(TABLES[table])

    answer = await visitor.rows("GET", f"api/tables/{name}/schema/")
    listed = await visitor.rows("GET", f"api/tables/{name}/?__page_size=5")

    assert answer.status_code == listed.status_code == 200, answer.text + listed.text
    assert set(answer.json()["properties"]) <= set(TABLES[table].columns)
    titles = [told["title"] for told in answer.json()["properties"].values()]
    assert all(title in set(texts("vi").values()) for title in titles)


async def test_stored_codes_are_told_in_words(come: Come) -> None:
    listed = await (await come()).rows("GET", "api/tables/Cán_bộ/?username=admin")

    assert listed.json()["rows"][0]["roles"] == "Quản trị"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_table_with_consequences_is_only_shown(come: Come, method: str) -> None:
    visitor = await come()
    path = "api/tables/Cán_bộ/" + ("" if method == "POST" else "1/")
    body = None if method == "DELETE" else {"full_name": "Kẻ Gian"}

    answer = await visitor.rows(method, path, json=body)

    assert answer.status_code in (405, 422), answer.text
    assert re.search(r"[ạảãáàăâđêôơư]", answer.json()["detail"])


@pytest.mark.parametrize(
    "path",
    [
        "api/tables/Cán_bộ/abc/",
        "api/tables/Cán_bộ/?id=abc",
        "api/tables/Cán_bộ/?__page_size=-1",
        "api/tables/Cán_bộ/?__order=password_hash",
        "api/tables/Cán_bộ/?password_hash=a",
        "api/tables/Cán_bộ/?__visible_fields=password_hash",
        "api/tables/Cán_bộ/ids/?limit=-1&search=a",
        "api/tables/Cán_bộ/ids/?offset=-1&limit=1",
        "api/tables/staff/",
        "api/tables/dossier/",
        "api/docs/",
        "api/openapi.json",
        "api/change-password/",
        "api/media/",
        "public/login/",
        "public/docs/",
        "openapi.json",
        "api/tables/Cán_bộ/?active=perhaps",
        "api/tables/Người_ký/khong-phai-uuid/",
        "api/tables/Ngày_đóng_cửa/khong-phai-ngay/",
    ],
)
async def test_what_cannot_be_asked_is_refused_in_vietnamese(come: Come, path: str) -> None:
    answer = await (await come()).rows("GET", path)

    assert answer.status_code in (400, 403, 404, 405, 422), f"{answer.status_code} {answer.text}"
    assert re.search(r"[ạảãáàăâđêôơư]", answer.json()["detail"])


async def test_a_write_from_elsewhere_is_refused(come: Come) -> None:
    visitor = await come()

    foreign = await visitor.send(
        "POST", "bang/public/logout/", headers={"origin": "http://evil.test", "x-csrftoken": "abc"}
    )
    unsigned = await visitor.send("POST", "bang/public/logout/", headers={"x-csrftoken": "other"})

    assert foreign.status_code == unsigned.status_code == 403


def test_every_phrase_of_its_program_is_exchanged() -> None:
    [script] = browser.ASSETS.glob("*.js")
    program = script.read_text(encoding="utf-8")

    assert [phrase for phrase in spoken.PHRASES if phrase not in program] == []
    assert {phrase: program.count(phrase) for phrase in spoken.CHANGES} == dict.fromkeys(
        spoken.CHANGES, 1
    )
    ours = spoken.program(program)
    assert [phrase for phrase in (*spoken.PHRASES, *spoken.CHANGES) if phrase in ours] == []


def test_every_table_has_a_name_of_its_own() -> None:
    grants = tables_of(load_registry()).values()

    assert len({spoken.table_name(each) for each in grants}) == len(grants)


async def test_a_plugins_table_shows_where_the_plugin_works(office: Office, come: Come) -> None:
    """The sample plugin shows its notes; read only, like the core's tables."""
    visitor, name = await come(), "Ghi_nhận_của_phân_hệ_mẫu"
    here = await desk(office.house, SLUG)

    shown = await visitor.rows("GET", f"api/tables/{name}/")
    written = await visitor.rows("POST", f"api/tables/{name}/", json={"code": "x"})
    async with work(office.house.engine, here.id) as writing:
        await writing.execute("delete from tenant_plugin where plugin = 'sample'")
        await lock(writing)
    gone = await visitor.rows("GET", f"api/tables/{name}/")

    assert shown.status_code == 200
    assert written.status_code in (405, 422)
    assert gone.status_code == 404


def test_the_application_starts_without_what_only_the_tables_need() -> None:
    """Importing piccolo-admin takes more than a second."""
    asked = "import sys, motcua.app; print({'piccolo_admin', 'fastapi'} & set(sys.modules))"

    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "set()"
