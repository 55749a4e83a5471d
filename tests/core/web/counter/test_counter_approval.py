"""The approval inbox: a list, a preview beside it, a folder to sign on paper."""

import io

import pytest
from pypdf import PdfReader

from core.web.counter.conftest import Hire
from core.web.counter.test_counter_batch import chosen, posted
from fakes.office import Office
from fakes.officer import Officer
from motcua.services import worklist

pytestmark = pytest.mark.anyio


async def test_the_inbox_shows_what_is_proposed_and_by_whom(office: Office, at_desk: Hire) -> None:
    dossier = await office.received()
    taken = (await office.step(dossier, "T08", "reception")).json()
    said = {"opinion": "Đủ điều kiện, đã đối chiếu bản chính"}
    await office.step(taken, "T16", "field", data=said)
    leader = await at_desk("leader")

    await leader.open(f"/duyet?ho_so={dossier['id']}")

    assert leader.heading.startswith("Chờ duyệt")
    assert "Đề xuất của Cán bộ field" in leader.page.text
    assert "đã đối chiếu bản chính" in leader.page.text
    await leader.open(leader.link("/buoc/T18"))
    await leader.send()
    assert leader.path == "/duyet"
    assert "Đã xong: Phê duyệt." in leader.page.text


async def test_the_inbox_shows_whole_numbers_only_when_asked(office: Office, at_desk: Hire) -> None:
    await chosen(office, 1, T08="reception", T16="field")
    leader = await at_desk("leader")

    await leader.open("/duyet")
    assert "027190001234" not in leader.page.text
    await leader.open(leader.link("hien=du"))

    assert "027190001234" in leader.page.text


async def test_who_does_not_sign_reads_why_not(office: Office, at_desk: Hire) -> None:
    await chosen(office, 1, T08="reception", T16="field")
    field = await at_desk("field")

    await field.open("/duyet")

    assert "Việc của: Lãnh đạo." in field.page.text


async def test_what_comes_back_unsigned_is_sent_back_each_with_its_own_reason(
    office: Office, at_desk: Hire
) -> None:
    boxes = await chosen(office, 2, T08="reception", T16="field")
    ids = [name.removeprefix("chon.") for name in boxes]
    leader = await at_desk("leader")
    await posted(leader, "T17", boxes)

    await leader.send_all({f"ly_do.{ids[0]}": "Sai số quyết định"}, 422, form="/viec")
    assert leader.faults == ["Chưa ghi vì sao hồ sơ này chưa ký."]
    await leader.send_all({f"ly_do.{ids[1]}": "Thiếu chữ ký nháy"}, form="/viec")

    assert leader.heading == "Trả lại cán bộ: xong 2 hồ sơ"
    events = (await office.ask("GET", f"/dossiers/{ids[0]}/events", by="leader")).json()["events"]
    assert events[-1]["reason"] == "Sai số quyết định"


async def folder(officer: Officer, boxes: dict[str, str]) -> str:
    """The words of the folder to be signed on paper."""
    await officer.open("/duyet")
    fields = {"_csrf_token": officer.client.cookies["motcua_csrf"]}
    answer = await officer.client.post(f"{officer.base}/duyet/tap.pdf", data=fields | boxes)
    assert answer.headers["content-type"] == "application/pdf", answer.text
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


async def test_the_signing_folder_is_one_pdf_with_a_list_in_front(
    office: Office, at_desk: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes = await chosen(office, 3, T08="reception", T16="field")
    codes = [await code(office, name) for name in boxes]
    last = dict([list(boxes.items())[-1]])
    leader = await at_desk("leader")
    monkeypatch.setattr(worklist, "PAGE", 1)

    one, everything = await folder(leader, last), await folder(leader, {})

    assert [each in one for each in codes] == [False, False, True]
    assert all(each in everything for each in codes)


async def test_looking_at_drafts_takes_no_number_of_a_book(office: Office, at_desk: Hire) -> None:
    boxes = await chosen(office, 1, T08="reception", T16="field")
    dossier = next(iter(boxes)).removeprefix("chon.")
    officer = await at_desk("reception")

    await folder(officer, boxes)
    await officer.open(f"/ho-so/{dossier}/du-thao.png", 409)

    seen = (await office.ask("GET", f"/dossiers/{dossier}", by="reception")).json()
    assert seen["register"] == []


async def code(office: Office, box: str) -> str:
    path = f"/dossiers/{box.removeprefix('chon.')}"
    return str((await office.ask("GET", path, by="leader")).json()["code"])
