"""Static files, security headers and the API's description."""

import gzip
import re

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from core.web.conftest import Visit
from fakes.portal import CODE
from motcua.web.security import HEADERS
from motcua.web.static import Assets

PAGES = [
    "/",
    "/t/vo-cuong/",
    "/t/vo-cuong/?q=khai",
    "/t/vo-cuong/thu-tuc/2.000815",
    "/t/vo-cuong/tra-cuu",
    f"/t/vo-cuong/tra-cuu?ma={CODE}",
    "/khong-co",
    "/api/schema/",
    "/api/schema/openapi.json",
]


@pytest.fixture(scope="module")
def assets() -> Assets:
    """All static files."""
    return Assets()


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_security_headers(client: TestClient[Litestar], path: str) -> None:
    answer = client.get(path)

    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_static_files_and_errors_carry_them_too(
    client: TestClient[Litestar], assets: Assets
) -> None:
    for path in (assets.url("portal.css"), "/static/khong-co.css", "/hong"):
        assert "default-src 'none'" in client.get(path).headers["content-security-policy"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_names_another_host(client: TestClient[Litestar], path: str) -> None:
    text = client.get(path).text

    assert [each for each in re.findall(r"https?://[^\s\"'<]+", text) if "w3.org" not in each] == []


@pytest.mark.parametrize("name", ["portal.css", "counter.css", "portal.js", "htmx.min.js"])
def test_a_static_file_is_kept_for_ever_under_its_own_content(
    client: TestClient[Litestar], assets: Assets, name: str
) -> None:
    answer = client.get(assets.url(name))

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert re.search(r"\.[0-9a-f]{12}\.(css|js)$", assets.url(name))
    assert answer.headers["content-encoding"] == "gzip"


def test_a_browser_that_takes_no_gzip_gets_the_plain_file(
    client: TestClient[Litestar], assets: Assets
) -> None:
    answer = client.get(assets.url("portal.css"), headers={"accept-encoding": "identity"})

    assert "content-encoding" not in answer.headers
    assert "@layer tokens, base, components" in answer.text


def test_a_font_is_never_compressed_twice(client: TestClient[Litestar], assets: Assets) -> None:
    answer = client.get(assets.url("be-vietnam-pro-400.woff2"))

    assert answer.headers["content-type"] == "font/woff2"
    assert "content-encoding" not in answer.headers
    assert answer.content.startswith(b"wOF2")


def test_style_sheets_name_the_fonts_by_their_hashed_address(assets: Assets) -> None:
    sheet = next(file for file in assets.files.values() if file.name == "portal.css")

    assert assets.url("be-vietnam-pro-700.woff2") in sheet.content.decode()
    assert sheet.compressed is not None
    assert gzip.decompress(sheet.compressed) == sheet.content


def test_the_same_content_has_the_same_address_in_every_process(assets: Assets) -> None:
    assert Assets().url("counter.css") == assets.url("counter.css")


def test_an_unknown_static_file_is_a_404(client: TestClient[Litestar]) -> None:
    assert client.get("/static/portal.000000000000.css").status_code == 404


def test_html_is_compressed(client: TestClient[Litestar]) -> None:
    assert client.get("/").headers["content-encoding"] == "gzip"


def test_the_description_is_openapi_3_1_and_leaves_pages_out(client: TestClient[Litestar]) -> None:
    schema = client.get("/api/schema/openapi.json").json()

    assert schema["openapi"].startswith("3.1")
    assert set(schema["paths"]) == {"/t/{slug}/api/v1/ping", "/t/{slug}/api/v1/dossiers"}


def test_the_description_has_a_page(visit: Visit) -> None:
    page = visit("/api/schema/")

    assert page.with_id("api")["data-schema"] == "/api/schema/openapi.json"
    assert all(each["src"].startswith("/static/") for each in page.all("script"))


@pytest.mark.parametrize("path", [each for each in PAGES if not each.endswith("json")])
def test_every_page_has_one_h1_a_main_and_a_title(client: TestClient[Litestar], path: str) -> None:
    text = client.get(path).text

    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert text.count('<main id="main"') == 1
    assert re.search(r"<title>[^<]+</title>", text)
    assert '<html lang="vi">' in text
