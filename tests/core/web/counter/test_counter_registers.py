"""Books at the counter: the list, and a month as it is printed."""

import pytest

from core.web.counter.conftest import Hire
from fakes.office import SLUG, Office
from motcua.services.house import desk
from motcua.storage.work import work

pytestmark = pytest.mark.anyio


async def book(office: Office) -> tuple[dict[str, object], dict[str, object]]:
    """One text signed, one spoilt, in the book of the day."""
    signed = await office.received()
    for step, by in (
        ("T30", "reception"),
        ("T08", "reception"),
        ("T16", "field"),
        ("T18", "leader"),
    ):
        office.clock.advance(minutes=1)
        signed = (await office.step(signed, step, by)).json()
    spoilt = await office.received()
    office.clock.advance(minutes=1)
    spoilt = (await office.step(spoilt, "T30", "reception")).json()
    number = {"number": str(spoilt["register"][0]["number"])}
    office.clock.advance(minutes=1)
    said = await office.step(spoilt, "T31", "field", reason="In hỏng", data=number)
    return signed, said.json()


async def test_a_month_of_a_book_is_printed_with_people_signers_and_void_lines(
    office: Office, at_desk: Hire
) -> None:
    signed, spoilt = await book(office)
    officer = await at_desk("clerk")
    await officer.open("/so")
    assert officer.heading == "Các sổ năm 2026"

    await officer.open(officer.link("thang=12"))

    rows = [
        [cell.text for cell in (*row.all("th"), *row.all("td"))] for row in officer.page.all("tr")
    ]
    assert rows[0] == [
        "Số", "Ngày", "Người yêu cầu", "Giấy tờ, việc", "Người ký, chức danh", "Số bản", "Phí",
        "Ghi chú",
    ]  # fmt: skip
    number = signed["register"][0]["number"]  # type: ignore[index] # JSON
    (one,) = [row for row in rows if row[0].startswith(f"{number:02d},")]
    assert one[0] == f"{number:02d}, quyển số 01/2026-SCT/BS"
    assert one[1:4] == ["01/12/2026", "Nguyễn Thị Ánh", "Bằng tốt nghiệp đại học"]
    assert one[5:] == ["3", "12.000 đ", ""]
    (void,) = [row for row in rows if row[-1] == "Hủy: In hỏng"]
    assert void[4:7] == ["–", "–", "–"]
    assert "Cộng: 2 số; 1 đã ký, 1 hủy; 3 bản" in officer.page.text
    assert await _read(office) == {signed["id"], spoilt["id"]}


async def _read(office: Office) -> set[object]:
    """Whose dossiers were read in a book."""
    tenant = await desk(office.house, SLUG)
    async with work(office.house.engine, tenant.id) as reading:
        rows = await reading.fetch("select dossier_id from read_log where what = 'register'")
    return {str(row["dossier_id"]) for row in rows}


async def test_a_book_nobody_began_and_a_wrong_month_have_pages_of_their_own(
    at_desk: Hire,
) -> None:
    officer = await at_desk("leader")

    await officer.open("/so?nam=2031")
    assert "Năm 2031 chưa có sổ nào." in officer.page.text
    await officer.open("/so/trang?so=KHÔNG", 404)
    await officer.open("/so/trang?so=SCT/BS&thang=13", 422)
    assert officer.heading == "Còn chỗ cần sửa"
