"""Whatever is typed into any procedure's form stays text: on pages, on paper, in the search.

And whatever fails behind a form – a plugin, the printing – loses nothing of it.
"""

import io
import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import pytest
from pypdf import PdfReader

from core.web.counter.conftest import Hire
from fakes.office import SLUG, Office
from fakes.officer import COPY_TYPED, received
from motcua.documents import papers
from motcua.documents.papers import UNDRAWN, PaperNotDrawnError
from motcua.domain.form import (
    AddressField,
    BooleanField,
    DateField,
    EnumField,
    Field,
    FileField,
    GroupField,
    PersonField,
    TextField,
)
from motcua.services.configure import enable
from motcua.services.house import desk
from motcua.testing.forms import typed

pytestmark = pytest.mark.anyio

HOSTILE = """<script>alert(1)</script> #eval("1") *b* $x$ =cmd|'/C calc'!A0 😀李 {{ 7*7 }}"""
LINK = re.compile(r'href="(/t/phuong-mot/quay/ho-so/[0-9a-f-]{36})"')
PERSON = {"name": HOSTILE, "address": HOSTILE, "birth": "1990"}


def answers(fields: Iterable[Field]) -> dict[str, Any]:
    """Something hostile in every field that takes a text."""
    found: dict[str, Any] = {}
    for field in fields:
        asked = field.when is None or field.when.holds(found.get(field.when.field))
        if asked and not field.computed:
            one = answer(field)
            found[field.id] = [one] * max(1, field.repeat.min) if field.repeat else one
    return found


def answer(field: Field) -> Any:  # noqa: PLR0911 - one per kind of field
    match field:
        case TextField():
            return HOSTILE[: field.max_length]
        case AddressField():
            return HOSTILE
        case PersonField():
            return PERSON
        case EnumField():
            return field.options[0]
        case BooleanField():
            return True
        case DateField():
            return "2026-11-20"
        case FileField():
            return field.label
        case GroupField():
            return answers(field.fields)
        case _:
            return max(field.min, 1)


async def test_every_procedure_keeps_it_text_on_pages_and_slips(
    office: Office, at_desk: Hire
) -> None:
    officer = await at_desk("reception")
    who = {f"nguoi.{part}": value for part, value in PERSON.items()}
    dated = {"g0_due-day": "30/12/2026", "g0_due-ground": HOSTILE}
    live, drawn, by_law = [], [], []
    for each in office.house.catalogue.current(office.house.today()):
        code = each.definition.code
        fields = [field for field in each.definition.form if field.id != "requester"]
        sent = who | typed(fields, answers(fields), "g0") | dated | {"lam": "luu", "khoa": code}
        sent["_csrf_token"] = officer.client.cookies["motcua_csrf"]
        answered = await officer.client.post(f"{officer.base}/tiep-nhan/{code}", data=sent)
        pages = [answered.text]
        if answered.status_code == 200:
            dossier = LINK.findall(answered.text)[0]
            pages.append((await officer.client.get(dossier)).text)
            slip = await officer.client.get(f"{dossier}/phieu.pdf?mau=F01")
            drawn.append(slip.content)
        else:
            officer.read(answered, 422)
            by_law += [fault for fault in officer.faults if not fault.startswith("Tên phải bằng")]
        live += [code for page in pages if "<script>alert" in page or "{{ 7*7 }}" not in page]

    assert live == []
    assert by_law == []
    assert len(drawn) > 70
    assert all(each.startswith(b"%PDF") for each in drawn)
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(drawn[0])).pages)
    assert "#eval" in words
    assert UNDRAWN in words


async def test_a_name_is_stored_as_it_is_seen_and_found_however_it_is_typed(
    office: Office, at_desk: Hire
) -> None:
    officer = await at_desk("reception")
    parts = unicodedata.normalize("NFD", "Đặng Thị Ửng")
    odd = f"\u202e{parts[:4]}\u200b{parts[4:]}\ufeff"
    dossier = await received(officer, **{"nguoi.name": odd})

    told = (await office.ask("GET", f"/dossiers/{dossier[7:]}", by="reception")).json()
    assert told["applicant"]["name"] == "Đặng Thị Ửng"
    for said in (odd, "dang thi ung", "ĐẶNG THỊ ỬNG"):
        await officer.open(f"/?q={quote(said)}")
        assert "Đặng Thị Ửng" in officer.page.one("main").text
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED | {"nguoi.name": "\u200b\u202e"}, 422, press="luu")
    assert officer.faults[0] == "Người nộp – Họ, chữ đệm và tên: chưa nhập."


async def test_what_is_too_long_is_told_at_its_field_and_many_rows_are_no_burden(
    at_desk: Hire,
) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED | {"g0.document_title": "x" * 1_000_000}, 422, press="luu")
    assert officer.faults == ["Tên giấy tờ: dài quá 2000 ký tự."]

    rows = {f"g{n}.copy_count": "1" for n in range(10_000)} | {"so": "10000"}
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED | rows, 422, press="tinh")
    assert len(officer.page.all("input", "")) < 1000

    dossier = await received(officer)
    await officer.open(f"{dossier}/buoc/T22")
    await officer.send(422, reason="x" * 1_000_000)
    assert officer.faults == ["Lý do: dài quá 2000 ký tự."]
    assert officer.page.with_id("reason").text == "x" * 1_000_000


@pytest.mark.parametrize("hook", ["problems", "time_limit", "fee_lines"])
async def test_a_plugin_that_fails_while_a_paper_is_checked_loses_nothing_typed(
    office: Office, at_desk: Hire, failing: set[str], hook: str
) -> None:
    officer = await at_desk("reception")
    before = (await office.ask("GET", "/figures", by="head")).json()
    failing.add(hook)
    for press in ("tinh", "luu"):
        await officer.open("/tiep-nhan/2.000815")
        await officer.send_all(COPY_TYPED, 503, press=press)
        assert "Phân hệ" in officer.page.one("main").text
    assert (await office.ask("GET", "/figures", by="head")).json() == before

    failing.clear()
    await officer.send()
    assert officer.heading.startswith("Biên nhận")
    assert "Nguyễn Thị Ánh" in officer.page.text
    here = await desk(office.house, SLUG)
    await enable(office.house, here, "certification")


async def test_a_slip_that_cannot_be_drawn_is_printed_again_from_what_was_stored(
    at_desk: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = await at_desk("reception")
    dossier = await received(officer)
    slip = officer.link("phieu.pdf")

    def broken(*_: Any, **__: Any) -> bytes:
        raise PaperNotDrawnError(template="slips/f01.typ")

    with monkeypatch.context() as patched:
        patched.setattr(papers, "_compiled", broken)
        await officer.open(slip, 500)
    assert "Những gì đã lưu vẫn còn nguyên" in officer.page.text
    again = officer.link("phieu.pdf")
    assert (await officer.client.get(officer.base + again)).content.startswith(b"%PDF")
    await officer.open(dossier)
    assert officer.link("phieu.pdf")
