"""Papers beside the answers: shown in place, a view logged once, odd files only saved."""

from typing import Any
from uuid import UUID

import pytest

from core.web.counter.conftest import Hire
from fakes.application import STATUS
from fakes.office import OTHER, SLUG, Office
from fakes.officer import Officer
from fakes.papers import CREST, JPEG, PDF, PROGRAM
from motcua.domain.filetypes import PDF as PDF_TYPE
from motcua.domain.filetypes import PNG as PNG_TYPE
from motcua.domain.filetypes import FileType
from motcua.services import files
from motcua.services.assess import Paper
from motcua.services.configure import assign_signer
from motcua.services.house import desk
from motcua.services.receive import submit
from motcua.services.visit import PaperFile
from motcua.storage.work import work

pytestmark = pytest.mark.anyio
ANSWERS = {
    "relationship": "bản thân",
    "subject": {"name": "Nguyễn Thị Ánh Tuyết"},
    "residence_periods": "Từ 2015 đến nay",
    "marital_status": "chưa đăng ký kết hôn với ai",
    "purpose": "vay vốn",
}
JPEG_TYPE = FileType("image/jpeg", ".jpg")
Sent = tuple[str, bytes, FileType]


async def applied(office: Office, *sent: Sent) -> str:
    """An application with files, stored as whatever they are said to be; answers its id."""
    here = await desk(office.house, SLUG)
    async with work(office.house.engine, here.id) as writing:
        kept = [await files.keep(office.house, writing, *_kept(each)) for each in sent]
    named = [
        PaperFile(document="old_certificate", name=each.name, file_id=each.id, sha256=each.sha256)
        for each in kept
    ]
    applicant = {"name": "Nguyễn Thị Ánh Tuyết", "id_number": "027194001812"}
    asked = Paper(procedure=STATUS, applicant=applicant, answers=ANSWERS)
    return str((await submit(office.house, here, asked, files=named)).id)


def _kept(each: Sent) -> tuple[bytes, str, FileType]:
    name, content, kind = each
    return content, name, kind


PAPERS = ("file", "draft", "reprint")


async def views(office: Office, dossier: str, *of: str) -> list[str]:
    """What the read log says of a dossier: of its papers, unless something else is named."""
    async with work(office.house.engine, 101) as reading:
        rows = await reading.fetch(
            "select what from read_log where tenant_id = 101 and dossier_id = $1 order by at, what",
            UUID(dossier),
        )
    return [row["what"] for row in rows if row["what"].startswith(of or PAPERS)]


def shown(officer: Officer) -> Any:
    """The part of the page with the open paper."""
    return officer.page.with_id("xem-giay")


async def test_a_pdf_opens_in_a_frame_of_its_page_and_is_logged_once_a_view(
    office: Office, at_desk: Hire
) -> None:
    dossier = await applied(office, ("trích lục.pdf", PDF, PDF_TYPE))
    officer = await at_desk("reception")
    await officer.open(f"/ho-so/{dossier}")
    assert "frame-src 'self'" in officer.answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in officer.answer.headers["content-security-policy"]
    assert officer.page.all("iframe") == []
    assert await views(office, dossier) == []

    await officer.open(officer.link("tai_lieu=1"))
    source = officer.page.one("iframe")["src"].partition("#")[0]
    assert await views(office, dossier) == []
    first = await officer.client.get(source)
    await officer.client.get(source)

    assert first.content == PDF
    assert first.headers["content-type"] == "application/pdf"
    assert first.headers["content-disposition"].startswith("inline")
    assert first.headers["x-content-type-options"] == "nosniff"
    policy = first.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert policy.endswith("frame-ancestors 'self'")
    assert await views(office, dossier) == [f"file {source.rpartition('/')[2]}"]
    office.clock.advance(minutes=11)
    await officer.client.get(source)
    assert len(await views(office, dossier)) == 2


async def test_pictures_need_no_frame_and_a_script_takes_the_open_paper_alone(
    office: Office, at_desk: Hire
) -> None:
    dossier = await applied(office, ("ảnh.png", CREST, PNG_TYPE), ("thẻ.jpg", JPEG, JPEG_TYPE))
    officer = await at_desk("reception")
    await officer.open(f"/ho-so/{dossier}")
    assert "frame-src" not in officer.answer.headers["content-security-policy"]
    link = officer.base + officer.link("tai_lieu=2")

    part = await officer.client.get(link, headers={"HX-Request": "true"})
    nothing = await officer.client.get(
        link.replace("tai_lieu=2", "tai_lieu=9"), headers={"HX-Request": "true"}
    )

    assert "<h1" not in part.text
    assert 'alt="thẻ.jpg"' in part.text
    assert (part.status_code, nothing.status_code) == (200, 404)
    await officer.open(officer.link("tai_lieu=1"))
    assert shown(officer).one("img")["alt"] == "ảnh.png"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<script>alert(1)</script>", FileType("image/png", ".png")),
        (PROGRAM, PDF_TYPE),
        (PDF[:-8], PDF_TYPE),
    ],
)
async def test_what_is_no_whole_picture_or_pdf_is_only_saved(
    office: Office, at_desk: Hire, content: bytes, kind: FileType
) -> None:
    dossier = await applied(office, ("lạ.pdf", content, kind))
    officer = await at_desk("reception")

    await officer.open(f"/ho-so/{dossier}?tai_lieu=1")

    assert "Không xem được tệp này" in shown(officer).text
    assert shown(officer).all("img") + officer.page.all("iframe") == []
    answer = await officer.client.get(officer.base + officer.link("?tai=1"))
    bare = await officer.client.get(officer.base + officer.link("?tai=1").removesuffix("?tai=1"))
    for each in (answer, bare):
        assert each.headers["content-type"] == "application/octet-stream"
        assert each.headers["content-disposition"].startswith("attachment")
        assert each.content == content


async def test_a_file_that_is_gone_or_changed_is_told_in_words(
    office: Office, at_desk: Hire
) -> None:
    dossier = await applied(office, ("mất.pdf", PDF + b"%1\n%%EOF", PDF_TYPE))
    officer = await at_desk("reception")
    await officer.open(f"/ho-so/{dossier}")
    async with work(office.house.engine, 101) as reading:
        row = await reading.fetchrow(
            "select s.sha256 from dossier_document c join stored_file s"
            " on s.tenant_id = c.tenant_id and s.id = c.file_id"
            " where c.tenant_id = 101 and c.dossier_id = $1",
            UUID(dossier),
        )
    path = office.home / "files" / "101" / row["sha256"].hex()

    path.write_bytes(b"something else entirely")
    await officer.open(officer.link("tai_lieu=1"))
    assert "không còn đúng như lúc nhận" in shown(officer).text
    path.unlink()
    await officer.open(officer.link("tai_lieu=1"))

    assert "không còn trên máy chủ" in shown(officer).text
    assert await views(office, dossier) == []


async def test_whoever_takes_only_the_open_paper_is_logged_like_a_reader_of_the_page(
    office: Office, at_desk: Hire
) -> None:
    dossier = await applied(office, ("trích lục.pdf", PDF, PDF_TYPE))
    officer = await at_desk("reception")
    link = f"{officer.base}/ho-so/{dossier}?tai_lieu=1"

    for _ in range(2):
        await officer.client.get(link, headers={"HX-Request": "true"})

    assert await views(office, dossier, "dossier") == ["dossier"]
    await officer.open(f"/ho-so/{dossier}")
    await officer.client.get(link, headers={"HX-Request": "true"})
    assert await views(office, dossier, "dossier") == ["dossier"] * 2


async def test_another_tenant_opens_nothing(office: Office, at_desk: Hire) -> None:
    dossier = await applied(office, ("trích lục.pdf", PDF, PDF_TYPE))
    own, other = await at_desk("reception"), await at_desk("reception", OTHER)
    await own.open(f"/ho-so/{dossier}?tai_lieu=1")
    source = own.page.one("iframe")["src"].partition("#")[0].replace(SLUG, OTHER)
    page = f"{other.base}/ho-so/{dossier}"

    answers = [
        await other.client.get(source),
        await other.client.get(f"{page}?tai_lieu=1"),
        await other.client.get(f"{page}?tai_lieu=1", headers={"HX-Request": "true"}),
        await other.client.get(f"{page}/ban-in.pdf"),
    ]

    assert [each.status_code for each in answers] == [404] * 4
    assert await views(office, dossier) == []


async def test_the_inbox_shows_answers_and_papers_before_there_is_a_draft(
    office: Office, at_desk: Hire
) -> None:
    dossier = await applied(office, ("trích lục.pdf", PDF, PDF_TYPE))
    taken = await office.ask("POST", "/receptions", by="reception", json={"submitted": dossier})
    step = (await office.step(taken.json()["dossiers"][0], "T08", "reception")).json()
    await office.step(step, "T16", "field")
    leader = await at_desk("leader")

    await leader.open(f"/duyet?ho_so={dossier}")
    await leader.open(leader.link("tai_lieu=1"))

    assert "vay vốn" in leader.page.text
    assert leader.page.one("iframe")["title"] == "trích lục.pdf"
    assert "frame-src 'self'" in leader.answer.headers["content-security-policy"]


async def test_a_draft_is_read_once_it_has_its_number_and_later_as_it_was_signed(
    office: Office, at_desk: Hire
) -> None:
    dossier = await office.received()
    step = (await office.step(dossier, "T30", "reception")).json()
    here = await desk(office.house, SLUG)
    officer = await at_desk("reception")
    await officer.open(f"/ho-so/{dossier['id']}?tai_lieu=1")
    assert "Người ký phải đang được phân công" in shown(officer).text
    assert officer.page.all("iframe") == []

    await assign_signer(office.house, here, full_name="Lê Văn Ký", title="Chủ tịch", act="QĐ 1")
    await officer.open(officer.link("tai_lieu=1"))
    assert officer.page.one("iframe")["title"] == "Dự thảo kết quả"
    pdf = await officer.client.get(officer.page.one("iframe")["src"].partition("#")[0])
    for taken, by in (("T08", "reception"), ("T16", "field"), ("T18", "leader"), ("T19", "clerk")):
        said = {"data": {"signer": "Lê Văn Ký"}} if taken == "T18" else {}
        step = (await office.step(step, taken, by, **said)).json()
    await officer.open(f"/ho-so/{dossier['id']}?tai_lieu=1")
    again = await officer.client.get(officer.page.one("iframe")["src"].partition("#")[0])

    assert officer.page.one("iframe")["title"] == "Bản in lại của kết quả"
    for each in (pdf, again):
        assert each.content.startswith(b"%PDF")
        assert "frame-ancestors 'self'" in each.headers["content-security-policy"]
    assert await views(office, dossier["id"]) == ["draft", "reprint"]


async def test_only_what_may_be_done_has_a_button_and_the_rest_says_why(
    office: Office, at_desk: Hire
) -> None:
    dossier = await office.received()
    leader = await at_desk("leader")

    await leader.open(f"/ho-so/{dossier['id']}")

    assert leader.page.all(css="btn--no") == []
    assert "Bước tiếp theo: Chuyển thẩm định. Việc của: Tiếp nhận" in leader.page.text
    why = leader.page.one("dl", "why")
    assert why.all("dt")[0].text == "Chuyển thẩm định"
    assert all(each.text for each in why.all("dd"))
