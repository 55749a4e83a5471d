"""Files of an application: sent, refused, looked at, taken out, handed over."""

import gc
import io
import os
import re
import tracemalloc
from typing import Any

import pytest

from fakes.application import WHO, begin
from fakes.citizen import Citizen, chosen
from fakes.office import SLUG, Office
from fakes.officer import Officer
from fakes.papers import JPEG, PDF, PNG, PROGRAM
from motcua.services import files
from motcua.services.house import desk
from motcua.services.verify import verify
from motcua.storage.work import work

pytestmark = pytest.mark.anyio

CERTIFICATE = "1.004873"
BOX = "tep.a.old_certificate"
REST = {
    "a.relationship": "bản thân",
    "a.subject.name": "Nguyễn Thị Ánh Tuyết",
    "a.residence_periods": "Từ 2015 đến nay",
    "a.marital_status": "chưa đăng ký kết hôn với ai",
    "a.purpose": "vay vốn",
    "tra.cach": "counter",
}


async def at_papers(citizen: Citizen) -> str:
    """A draft with its page of papers open."""
    address = await begin(citizen, CERTIFICATE)
    await citizen.open(f"{address}/giay-to")
    return address


def listed(citizen: Citizen) -> list[str]:
    """Names of the files the page lists."""
    return [each.text for box in citizen.page.all("ul", "files") for each in box.all("a")]


async def count(office: Office, table: str) -> int:
    async with work(office.house.engine, 101) as reading:
        row = await reading.fetchrow(f"select count(*) as n from {table} where tenant_id = 101")  # noqa: S608 - a test's own names
    found: int = row["n"]
    return found


async def send(citizen: Citizen, name: str, content: bytes, status: int = 200) -> None:
    await citizen.send(status=status, press="tai", files={BOX: (name, content)})


async def test_a_file_is_sent_listed_looked_at_and_taken_out(citizen: Citizen) -> None:
    address = await at_papers(citizen)
    await send(citizen, "C:\\fakepath\\giấy cũ.JPG", JPEG)
    await send(citizen, "ảnh.png", PNG)
    assert listed(citizen) == ["giấy cũ.jpg", "ảnh.png"]
    assert "1 KB" in citizen.page.one("main").text.replace("\xa0", " ")

    link = citizen.page.one("ul", "files").all("a")[0]["href"]
    shown = await citizen.client.get(link)
    remove = citizen.page.one("ul", "files").all("button")[0]["value"]
    await citizen.send(press=remove)

    assert shown.content == JPEG
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["cache-control"] == "no-store"
    assert listed(citizen) == ["ảnh.png"]
    assert (await citizen.client.get(link)).status_code == 404
    assert citizen.path == f"{address}/giay-to"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bao-cao.pdf", PROGRAM, "không phải ảnh JPEG, PNG hay tệp PDF"),
        ("giay.pdf", PDF[:-8], "bị hỏng hoặc chưa tải hết"),
        ("anh.jpg", JPEG[:-2] + bytes(30 * 1024 * 1024) + JPEG[-2:], "lớn quá 10 MB"),
        ("trong.pdf", b"", "tệp trống"),
    ],
)
async def test_what_cannot_be_taken_is_refused_in_words_and_nothing_is_lost(
    citizen: Citizen, office: Office, name: str, content: bytes, words: str
) -> None:
    await at_papers(citizen)
    await send(citizen, "giay.pdf", PDF)
    before = await count(office, "stored_file")

    await send(citizen, name, content, 422)

    assert words in citizen.faults[0].replace("\xa0", " ")
    assert citizen.faults[0].startswith(name)
    assert listed(citizen) == ["giay.pdf"]
    assert await count(office, "stored_file") == before


async def test_a_file_travels_with_the_application_to_the_desk(
    citizen: Citizen, office: Office
) -> None:
    address = await begin(citizen, CERTIFICATE)
    for _ in range(12):
        if citizen.step == "kiem-tra":
            break
        typed = {name: value for name, value in (WHO | REST).items() if name in citizen.names()}
        sent = {BOX: ("cũ.pdf", PDF)} if citizen.step == "giay-to" else None
        await citizen.send(typed, files=sent)
    assert "cũ.pdf" in citizen.page.one("main").text
    await citizen.send({"cam_doan": "1"})
    code = citizen.page.all("p", "sheet__code")[0].text
    found = await dossier(office, code)
    paper = found["documents"][-1]
    officer = Officer(office, "reception")
    await officer.sign_in()
    await officer.open(f"/ho-so/{found['id']}?tai_lieu=1")

    shown = await officer.client.get(officer.base + officer.link("/tep/"))

    assert shown.content == PDF
    assert (paper["document"], paper["name"], paper["copies"]) == ("old_certificate", "cũ.pdf", 1)
    assert found["answers"]["old_certificate"] == {"name": "cũ.pdf", "id": paper["file_id"]}
    async with work(office.house.engine, 101) as reading:
        rows = await reading.fetch(
            "select what from read_log where tenant_id = 101 and dossier_id = $1", found["id"]
        )
    assert f"file {paper['file_id']}" in {row["what"] for row in rows}
    again = await citizen.client.get(f"{address}/tep/{paper['file_id']}")
    assert again.content == PDF
    await officer.client.aclose()


async def dossier(office: Office, code: str) -> Any:
    async with work(office.house.engine, 101) as reading:
        row = await reading.fetchrow(
            "select id from dossier where tenant_id = 101 and temporary_code = $1", code
        )
    answer = await office.ask("GET", f"/dossiers/{row['id']}", by="reception")
    return answer.json()


async def test_a_paper_that_is_a_must_can_be_brought_instead(citizen: Citizen) -> None:
    address = await begin(citizen, "1.000656")
    await citizen.open(f"{address}/giay-to")
    await citizen.send(status=422)
    assert "hoặc đánh dấu là sẽ mang bản giấy" in citizen.faults[0]
    links = [each["href"].removeprefix("#") for each in citizen.page.one(css="errors").all("a")]
    assert citizen.page.with_id(links[0])["type"] == "file"

    await citizen.send({"a.death_evidence": "1"})

    assert citizen.step != "giay-to"


async def test_another_browser_gets_no_file(citizen: Citizen, office: Office) -> None:
    await at_papers(citizen)
    await send(citizen, "giay.pdf", PDF)
    link = citizen.page.one("ul", "files").all("a")[0]["href"]
    other = Citizen(office)

    answer = await other.client.get(link)

    assert answer.status_code == 404
    assert PDF not in answer.content
    await other.client.aclose()


async def test_an_officer_gets_no_file_through_another_dossier(
    citizen: Citizen, office: Office
) -> None:
    await at_papers(citizen)
    await send(citizen, "giay.pdf", PDF)
    link = citizen.page.one("ul", "files").all("a")[0]["href"]
    received = await office.received()
    officer = Officer(office, "reception")
    await officer.sign_in()

    path = f"/ho-so/{received['id']}/tep/{link.rpartition('/')[2]}"
    answer = await officer.client.get(officer.base + path)

    assert answer.status_code == 404
    await officer.client.aclose()


async def test_files_of_forgotten_drafts_are_deleted_and_others_stay(
    citizen: Citizen, office: Office
) -> None:
    await at_papers(citizen)
    await send(citizen, "moi.pdf", PDF + b"\n%only here\n%%EOF")
    await send(citizen, "chung.pdf", PDF)
    home = office.home
    kept = {path.name for path in (home / "files" / "101").iterdir()}
    for each in citizen.page.one("ul", "files").all("button"):
        await citizen.send(press=each["value"])
    office.clock.advance(days=2)

    gone = await files.forget_orphans(office.house, 101)

    left = {path.name for path in (home / "files" / "101").iterdir()}
    office.clock.advance(days=-2)
    assert gone >= 2
    assert len(kept - left) >= 1
    where = await desk(office.house, SLUG)
    found = await verify(office.house, home, slugs=[where.slug])
    assert [each for each in found.faults if each.kind == "file"] == []


async def test_content_whose_row_was_never_committed_is_deleted_and_the_rest_stays(
    citizen: Citizen, office: Office
) -> None:
    await at_papers(citizen)
    await send(citizen, "giay.pdf", PDF)
    stray = await office.house.files.put(101, b"killed between file and row")
    folder = office.home / "files" / "101"
    for path in folder.iterdir():
        os.utime(path, (office.clock().timestamp() - 2 * 86400,) * 2)
    before = {path.name for path in folder.iterdir()}

    await files.forget_orphans(office.house, 101)

    assert before - {path.name for path in folder.iterdir()} == {stray.hex()}
    await citizen.open(citizen.path)
    link = citizen.page.one("ul", "files").all("a")[0]["href"]
    assert (await citizen.client.get(link)).content == PDF


async def test_no_more_than_twenty_files(citizen: Citizen) -> None:
    await at_papers(citizen)
    for n in range(files.MOST_FILES):
        await send(citizen, f"{n}.pdf", PDF)

    await send(citizen, "mot-nua.pdf", PDF, 422)

    assert re.match("Hồ sơ đã có 20 tệp", citizen.faults[0])


async def cut_off(citizen: Citizen, office: Office, body: bytes, declared: int) -> None:
    """Send the beginning of a request, and hang up."""
    form = citizen.form()
    parts = iter([{"type": "http.request", "body": body, "more_body": True}])
    cookies = "; ".join(f"{name}={value}" for name, value in citizen.client.cookies.items())
    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": form["action"],
        "raw_path": form["action"].encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [
            (b"host", b"test.local"),
            (b"cookie", cookies.encode()),
            (b"x-csrftoken", citizen.client.cookies["motcua_csrf"].encode()),
            (b"content-type", b"multipart/form-data; boundary=rand"),
            (b"content-length", str(declared).encode()),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("test.local", 80),
    }

    async def receive() -> Any:
        return next(parts, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        del message

    await office.app(scope, receive, send)
    gc.collect()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Litestar leaves the half file to gc
async def test_an_upload_that_is_cut_off_leaves_neither_file_nor_row(
    citizen: Citizen, office: Office
) -> None:
    await at_papers(citizen)
    await send(citizen, "giay.pdf", PDF)
    before = await count(office, "stored_file"), sorted(office.home.rglob("files/*/*"))
    head = f'--rand\r\nContent-Disposition: form-data; name="{BOX}"; filename="a.pdf"\r\n\r\n'

    await cut_off(citizen, office, head.encode() + PDF + bytes(2_000_000), 9_000_000)

    assert (await count(office, "stored_file"), sorted(office.home.rglob("files/*/*"))) == before
    await citizen.open(citizen.path)
    assert listed(citizen) == ["giay.pdf"]


async def test_a_large_photo_is_not_held_in_memory(citizen: Citizen) -> None:
    await at_papers(citizen)
    photo = JPEG[:-2] + bytes(40 * 1024 * 1024) + JPEG[-2:]
    form = citizen.form()
    request = citizen.client.build_request(
        "POST", form["action"], data=chosen(form), files={BOX: ("anh.jpg", io.BytesIO(photo))}
    )
    tracemalloc.start()
    try:
        answer = await citizen.client.send(request)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert answer.status_code == 422
    assert peak < 25 * 1024 * 1024
