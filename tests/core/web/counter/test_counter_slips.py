"""Slips as PDF, from the page of a reception, of somebody turned away, of a dossier."""

import io

import pytest
from pypdf import PdfReader

from core.web.counter.conftest import Hire
from fakes.officer import COPY_TYPED, Officer, fields_of

pytestmark = pytest.mark.anyio


async def printed(officer: Officer, path: str) -> PdfReader:
    answer = await officer.client.get(officer.base + path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert "no-store" in answer.headers["cache-control"]
    return PdfReader(io.BytesIO(answer.content))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def width(reader: PdfReader) -> int:
    return int(reader.pages[0].mediabox.width * 25.4 / 72 + 0.5)


async def test_a_reception_offers_its_slip_on_a5_and_a4(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="luu")
    code = officer.page.one("tbody").one("a").text

    small = await printed(officer, officer.link("/phieu.pdf"))
    large = await printed(officer, officer.link("/phieu.pdf?kho=a4"))

    assert (width(small), width(large)) == (148, 210)
    assert f"Mã hồ sơ: {code}" in words(small)
    assert "(Bản in lại" not in words(small)
    assert "(Bản in lại" not in words(large), "it is the same copy"


async def test_whoever_is_turned_away_takes_the_slip_along(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/khong-nhan/2.000815")
    await officer.send_all(
        {"nguoi.name": "Nguyễn Thị Ánh", "refusal_ground": "secret"}, press="luu"
    )

    found = words(await printed(officer, officer.link("/phieu.pdf?mau=F03")))

    assert "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ" in found
    assert "Bản chính đóng dấu mật" in found


async def test_a_dossier_offers_the_slips_it_has(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="luu")
    await officer.open(officer.link("/ho-so/"))

    found = words(await printed(officer, officer.link("/phieu.pdf?mau=F01")))

    assert "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in found
    assert [each["href"] for each in officer.page.all("a") if "mau=F02" in each["href"]] == []
    await officer.open(f"{officer.path}/phieu.pdf?mau=F02", 404)


async def test_a_slip_of_somebody_elses_visit_is_not_there(at_desk: Hire) -> None:
    officer = await at_desk("reception")

    await officer.open("/phieu/khong-co/phieu.pdf", 404)

    assert officer.heading == "Không còn biên nhận này"


async def test_an_administrator_gets_no_slip(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="luu")
    await officer.open(officer.link("/ho-so/"))
    path = officer.link("/phieu.pdf?mau=F01")
    other = await at_desk("admin")

    answer = await other.client.get(other.base + path)

    assert answer.status_code == 403


async def test_a_scanned_copy_that_was_printed_again_says_it_is_not_valid(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="luu")
    row = officer.page.one("tbody").all("tr")[0]
    code, secret = row.one("a").text, row.all("td")[-1].text
    address = f"/t/phuong-mot/q/{code}/{secret}"
    slip = officer.link("/phieu.pdf")
    await printed(officer, slip)
    assert "không còn giá trị" not in (await officer.client.get(address)).text

    await printed(officer, f"{slip}?kho=a4")
    other = await at_desk("field")
    dossier = officer.link("/ho-so/")
    await printed(other, f"{dossier}/phieu.pdf?mau=F01")
    assert "không còn giá trị" not in (await officer.client.get(address)).text
    await officer.open(dossier)
    sent = fields_of(officer.form("/in-lai")) | {"mau": "F01"}
    for _ in range(2):
        path = officer.form("/in-lai")["action"]
        anew = (await officer.client.post(path, data=sent)).content
        assert "(Bản in lại; bản thứ 2" in words(PdfReader(io.BytesIO(anew)))

    assert "không còn giá trị" in (await officer.client.get(address)).text
    assert "không còn giá trị" not in (await officer.client.get(f"{address}?ban=0")).text
    assert "không còn giá trị" not in (await officer.client.get(f"{address}?ban=1-2")).text
