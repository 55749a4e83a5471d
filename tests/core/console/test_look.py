"""The crest and the colour of a unit: checked, kept, shown, told."""

import base64
import re

import pytest

from core.console.conftest import Come
from fakes.console import Visitor, hidden
from fakes.office import SLUG, Office
from fakes.papers import CREST, JPEG, PNG, wide
from motcua.documents.files import file_path
from motcua.services.files import forget_orphans
from motcua.services.house import desk

pytestmark = pytest.mark.anyio

FORM = {"mau": "#0b57a4", "lam": "ghi"}


async def sent(
    visitor: Visitor, form: dict[str, str], picture: bytes = b"", name: str = "huy-hieu.png"
) -> str:
    """The page, or where it leads, after sending the form with a picture."""
    await visitor.office.client.get("/")
    csrf = visitor.office.client.cookies["motcua_csrf"]
    files = {"tep": (name, picture, "application/octet-stream")}
    answer = await visitor.send(
        "POST", "hinh-thuc", data={**form, "_csrf_token": csrf}, files=files
    )
    return str(answer.headers.get("location", answer.text))


async def test_crest_and_colour_stand_on_every_surface(office: Office, come: Come) -> None:
    visitor = await come()

    place = await sent(visitor, FORM, CREST)

    assert place.endswith("?xong=look")
    settings = (await desk(office.house, SLUG)).settings
    crest = f"/t/{SLUG}/bieu-trung/{settings['crest']['sha256'][:16]}.png"
    pages = [
        (await office.client.get(f"/t/{SLUG}/", headers={"accept": "text/html"})).text,
        (await visitor.get("hinh-thuc")).text,
        (await visitor.send("GET", "../quay/")).text,
    ]
    for page in pages:
        assert f'src="{crest}"' in page
        assert f'href="/t/{SLUG}/mau.css?v=' in page
    sheet = pages[0].split('href="')
    address = next(each.split('"')[0] for each in sheet if "mau.css" in each)
    colours = await office.client.get(address)
    assert "--brand:#0b57a4" in colours.text
    assert "immutable" in colours.headers["cache-control"]
    picture = await office.client.get(crest)
    assert (picture.content, picture.headers["content-type"]) == (CREST, "image/png")
    assert "immutable" in picture.headers["cache-control"]


async def test_the_crest_is_on_the_slip_and_is_no_orphan(office: Office, come: Come) -> None:
    await sent(await come(), FORM, CREST)
    dossier = await office.received()
    office.clock.advance(days=2)
    office.tokens.clear()
    await forget_orphans(office.house, (await desk(office.house, SLUG)).id)

    officer = Visitor(office, await office.token("reception"))
    slip = await officer.send("GET", f"../quay/ho-so/{dossier['id']}/phieu.pdf")

    assert slip.headers["content-type"] == "application/pdf", slip.text
    assert b"/Subtype/Image" in slip.content.replace(b" ", b"")


async def test_slips_are_printed_without_a_crest_that_is_broken(office: Office, come: Come) -> None:
    await sent(await come(), FORM, CREST)
    where = await desk(office.house, SLUG)
    sha256 = bytes.fromhex(where.settings["crest"]["sha256"])
    dossier = await office.received()
    file_path(office.home, where.id, sha256).write_bytes(b"broken")

    officer = Visitor(office, await office.token("reception"))
    slip = await officer.send("GET", f"../quay/ho-so/{dossier['id']}/phieu.pdf")

    assert slip.headers["content-type"] == "application/pdf", slip.text


@pytest.mark.parametrize(
    ("form", "picture", "words"),
    [
        ({"mau": "#ffbf00"}, b"", "tương phản chỉ 1,5:1"),
        ({"mau": "đỏ"}, b"", "Mã màu chưa đúng"),
        ({}, b"<svg onload='alert(1)'/>", "không phải ảnh PNG, JPEG hay WebP"),
        ({}, JPEG, "ảnh hỏng"),
        ({}, PNG, "ảnh hỏng"),
        ({}, PNG[:-12], "tệp bị hỏng"),
        ({}, wide(30_000), "30000 × 2 điểm, lớn quá"),
        ({"da_xem": "é"}, JPEG, "ảnh hỏng"),
        ({"da_xem": "é", "mau": "đỏ"}, b"", "Mã màu chưa đúng"),
    ],
)
async def test_what_cannot_be_shown_is_refused(
    office: Office, come: Come, form: dict[str, str], picture: bytes, words: str
) -> None:
    before = (await desk(office.house, SLUG)).settings

    page = await sent(await come(), FORM | form, picture)

    assert words in page
    assert (await desk(office.house, SLUG)).settings == before


async def test_a_preview_keeps_nothing_and_is_kept_afterwards(office: Office, come: Come) -> None:
    visitor = await come("admin", "xa-hai")

    page = await sent(visitor, {"mau": "#8a1010", "lam": "xem"}, CREST)
    untouched = (await desk(office.house, "xa-hai")).settings
    seen = page.split('name="da_xem" value="')[1].split('"')[0]
    await sent(visitor, {"mau": "#8a1010", "lam": "ghi", "da_xem": seen})

    assert 'fill="#8a1010"' in page
    assert "brand" not in untouched
    settings = (await desk(office.house, "xa-hai")).settings
    assert (settings["brand"], settings["crest"]["media_type"]) == ("#8a1010", "image/png")


async def test_the_second_of_two_administrators_is_refused(come: Come) -> None:
    visitor = await come()
    seen = hidden(await visitor.get("hinh-thuc"), "thay")
    await sent(visitor, {"mau": "#123456", "lam": "ghi"})

    second = await sent(visitor, {"mau": "#654321", "lam": "ghi", "thay": seen}, CREST)
    history = (await visitor.get("nhat-ky")).text

    assert "Người khác vừa thay đổi" in second
    assert "#123456" in history
    assert "#654321" not in history
    (kept,) = re.findall(r'name="da_xem" value="([^"]+)"', second)
    over = await sent(visitor, {"mau": "#654321", "lam": "ghi", "da_xem": kept})
    assert over.endswith("?xong=look")
    assert "bieu-trung" in (await visitor.get("hinh-thuc")).text
    assert base64.b64decode(kept) == CREST
