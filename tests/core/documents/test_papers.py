"""Papers: typst templates, data that is never markup, PDF/A-2b with fonts of our own."""

import datetime as dt
import io
import re
import subprocess
import sys
import zlib

import pytest
from pypdf import PdfReader

from motcua.documents.papers import UNDRAWN, PaperNotDrawnError, Sheet, draw, printed

AT = dt.datetime(2026, 11, 26, 9, 0, tzinfo=dt.UTC)
TEMPLATES = {
    "a/name.typ": '#import "line.typ": line\n#let paper(d) = line(d.name)',
    "a/line.typ": "#let line(it) = [Họ tên: *#it*]",
}


def of(name: str) -> Sheet:
    return Sheet(template="a/name.typ", data={"name": name})


def unpacked(pdf: bytes) -> bytes:
    """The PDF with its packed parts laid open."""
    parts = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:  # an image or a font that is packed otherwise
            parts.append(found[1])
    return b"\n".join(parts)


def test_a_paper_is_pdf_a_2b_and_carries_its_font() -> None:
    opened = unpacked(draw(TEMPLATES, [of("Đặng Thị Ửng")], "Lời chứng", AT))

    assert b"<pdfaid:part>2</pdfaid:part>" in opened
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in opened
    fonts = set(re.findall(rb"/BaseFont ?/\w+\+([\w-]+)", opened))
    assert fonts
    assert all(font.startswith(b"LibertinusSerif") for font in fonts)


def test_each_sheet_begins_a_page() -> None:
    drawn = draw(TEMPLATES, [of("Một"), of("Hai"), of("Ba")], "Ba", AT)

    assert b"/Count 3" in unpacked(drawn)


def test_what_people_declared_is_never_markup() -> None:
    hostile = '#panic("no") *đậm* $x$ #read("/etc/passwd") \\ "'

    assert draw(TEMPLATES, [of(hostile)], hostile, AT).startswith(b"%PDF")


@pytest.mark.parametrize("odd", ["😀", "李小龍", "한글", "ไทย", "\x07", "\ua74a", "\u0378"])
def test_a_letter_that_no_font_has_leaves_its_place_to_the_pen(odd: str) -> None:
    drawn = draw(TEMPLATES, [of(f"Nguyễn {odd} Ánh")], f"Phiếu {odd}", AT)

    (page,) = PdfReader(io.BytesIO(drawn)).pages
    assert f"Nguyễn {UNDRAWN * len(odd)} Ánh" in page.extract_text()


def test_names_in_letters_that_a_font_has_are_drawn_in_them() -> None:
    drawn = draw(TEMPLATES, [of("Đỗ نجم Иван Ωμέγα")], "Phiếu", AT)

    (page,) = PdfReader(io.BytesIO(drawn)).pages
    assert UNDRAWN not in page.extract_text()
    assert "Иван" in page.extract_text()


def test_a_moment_of_a_running_clock_is_no_obstacle() -> None:
    """Typst takes whole seconds only."""
    running = AT.replace(microsecond=123_456)

    assert draw(TEMPLATES, [of("An")], "An", running) == draw(TEMPLATES, [of("An")], "An", AT)


@pytest.mark.parametrize("test", [True, False])
def test_what_is_printed_from_invented_data_says_so(test: bool) -> None:
    drawn = draw(TEMPLATES, [of("An"), of("Ba")], "Lời chứng", AT, test=test)

    pages = [page.extract_text() for page in PdfReader(io.BytesIO(drawn)).pages]
    assert ["DỮ LIỆU THỬ – KHÔNG CÓ GIÁ TRỊ" in page for page in pages] == [test, test]


def test_the_same_paper_is_drawn_the_same_again() -> None:
    assert draw(TEMPLATES, [of("An")], "An", AT) == draw(TEMPLATES, [of("An")], "An", AT)


@pytest.mark.parametrize(
    ("templates", "data"),
    [({}, {}), ({"a/name.typ": "#let paper(d) = [#d.nothing"}, {}), (TEMPLATES, {"other": "x"})],
)
def test_a_faulty_template_is_named(templates: dict[str, str], data: dict[str, str]) -> None:
    with pytest.raises(PaperNotDrawnError) as raised:
        draw(templates, [Sheet(template="a/name.typ", data=data)], "x", AT)

    assert raised.value.fields == {"template": "a/name.typ"}


@pytest.mark.anyio
async def test_drawing_leaves_the_loop_free() -> None:
    assert (await printed(TEMPLATES, [of("An")], "An", AT)).startswith(b"%PDF")


def test_typst_is_loaded_only_by_who_prints() -> None:
    seen = "import sys, motcua.documents.papers; print('typst' in sys.modules)"

    answer = subprocess.run(
        [sys.executable, "-c", seen], capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "False"
