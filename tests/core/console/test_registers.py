"""Books in the console: set up by the administrator, in numbers only."""

import asyncio
import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from core.console.conftest import Come
from fakes.clock import FixedClock
from fakes.console import Visitor, hidden
from fakes.office import APPLICANT, Office
from motcua.domain.calendar import VN

pytestmark = pytest.mark.anyio

BOOK = "SCT/BS"
AT = f"so-sach/2026?so={quote(BOOK)}"


@pytest.fixture(autouse=True)
def morning(office: Office) -> Iterator[None]:
    """Every test begins on the same day, with sessions of that day."""
    yield
    office.clock.moment = FixedClock().moment
    office.tokens.clear()


async def on_the_last_day(office: Office, come: Come) -> Visitor:
    office.clock.moment = dt.datetime(2026, 12, 31, 16, tzinfo=VN)
    office.tokens.clear()
    return await come("admin", "xa-hai")


async def test_a_book_goes_from_paper_to_its_closing(office: Office, come: Come) -> None:
    visitor = await come("admin", "xa-hai")
    begun = await visitor.post(
        "so-sach", {"so": BOOK, "sau": "57", "quyen": "2", "can_cu": "Trang 12"}
    )
    page = await visitor.get(AT)
    seen = hidden(page, "thay")
    block = {"lam": "giu", "so": BOOK, "so_luong": "30", "ly_do": "Cắt điện 3/12", "thay": seen}
    reserved = await visitor.post("so-sach/2026", block)
    twice = await visitor.post("so-sach/2026", block)
    held = await visitor.get(AT)

    assert (begun.status_code, reserved.status_code, twice.status_code) == (303, 303, 409)
    assert "58–87" in held.text
    assert "Cắt điện 3/12" in held.text
    assert "Khóa sổ năm 2026" not in held.text

    (number,) = re.findall(r'name="day" value="([^"]+)"', held.text)
    end = {"lam": "dong-day", "so": BOOK, "day": number, "ly_do_dong": "Có điện lại"}
    visitor = await on_the_last_day(office, come)
    assert (await visitor.post("so-sach/2026", {"lam": "khoa", "so": BOOK})).status_code == 422
    assert (await visitor.post("so-sach/2026", end)).status_code == 303
    assert (await visitor.post("so-sach/2026", {"lam": "khoa", "so": BOOK})).status_code == 303
    assert "Đã khóa" in (await visitor.get(AT)).text
    history = (await visitor.get("nhat-ky")).text
    assert f"{BOOK} (2026)" in history
    assert "58–87" in history


async def test_the_page_tells_numbers_and_nothing_of_what_was_entered(
    office: Office, come: Come
) -> None:
    dossier = await office.received()
    for step, by in (("T08", "reception"), ("T16", "field"), ("T18", "leader")):
        await office.step(dossier, step, by)

    visitor = await come()
    pages = (await visitor.get("so-sach")).text + (await visitor.get(AT)).text

    assert APPLICANT["name"] not in pages
    assert (await office.ask("GET", "/registers", by="admin")).status_code == 200
    lines = await office.ask("GET", f"/registers/lines?book={BOOK}", by="admin")
    assert lines.status_code == 403


@pytest.mark.parametrize(
    ("path", "sent", "words"),
    [
        ("so-sach", {"so": ""}, "Chưa nhập"),
        ("so-sach", {"so": "X", "sau": "năm mươi"}, "Ghi một số nguyên"),
        ("so-sach", {"so": "X", "sau": "5"}, "Chưa nhập"),
        ("so-sach", {"so": "X", "sau": "999999999"}, "Ghi một số nguyên"),
        ("so-sach/2026", {"lam": "giu", "so": "SỔ", "so_luong": "0", "ly_do": "x"}, "từ 1 đến 500"),
        ("so-sach", {"so": "X", "nam": "20226"}, "Ghi năm từ 2000"),
        ("so-sach/2026", {"lam": "giu", "so": "SỔ", "so_luong": "5"}, "Chưa nhập"),
        ("so-sach/2026", {"so": "SỔ", "so_luong": "5", "ly_do": "x"}, "Chưa rõ bạn muốn"),
        ("so-sach/2026", {"lam": "x", "so": "SỔ", "so_luong": "5", "ly_do": "x"}, "Chưa rõ"),
        ("so-sach/2026", {"lam": "quyen-moi", "so": "SỔ"}, "chưa có số nào"),
        ("so-sach/2026", {"lam": "khoa", "so": "SỔ"}, "từ ngày 31/12/2026"),
    ],
)
async def test_what_cannot_be_is_asked_again(
    come: Come, path: str, sent: dict[str, str], words: str
) -> None:
    visitor = await come()
    await visitor.post("so-sach", {"so": "SỔ"})

    answer = await visitor.post(path, sent)

    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize("block", ["x", "00000000-0000-7000-8000-000000000001"])
async def test_a_block_of_nobody_is_unknown(come: Come, block: str) -> None:
    sent = {"lam": "dong-day", "so": "SỔ", "day": block, "ly_do_dong": "x"}

    assert (await (await come()).post("so-sach/2026", sent)).status_code == 404


@pytest.mark.parametrize("year", ["2099", "1999", "99999999999"])
async def test_a_year_without_the_book_has_no_page_and_gets_none(come: Come, year: str) -> None:
    visitor = await come()
    await visitor.post("so-sach", {"so": "SỔ"})
    block = {"lam": "giu", "so": "SỔ", "so_luong": "5", "ly_do": "x"}

    shown = await visitor.get(f"so-sach/{year}?so={quote('SỔ')}")
    asked = await visitor.post(f"so-sach/{year}", block)

    assert (shown.status_code, asked.status_code) == (404, 404)


async def test_the_second_who_begins_a_book_is_told_of_the_first(come: Come) -> None:
    visitor = await come("admin", "xa-hai")
    form = {"so": "BTP", "quyen": "1", "can_cu": "Sổ giấy"}
    form["thay"] = hidden(await visitor.get("so-sach"), "thay")

    first = await visitor.post("so-sach", form | {"sau": "40"})
    second = await visitor.post("so-sach", form | {"sau": "4"})
    kept = (await visitor.get("so-sach")).text
    over = await visitor.post("so-sach", {**form, "sau": "4", "thay": ""})

    assert (first.status_code, second.status_code, over.status_code) == (303, 409, 303)
    assert "Vẫn lưu nội dung của tôi" in second.text
    assert 'name="sau" value="4"' in second.text
    assert "sẽ ghi từ số 41" in kept
    assert "sẽ ghi từ số 5" in (await visitor.get("so-sach")).text


async def test_a_zero_character_in_a_form_is_left_out(come: Come) -> None:
    visitor = await come()

    begun = await visitor.post("so-sach", {"so": "KH\x00ONG", "ten": "Sổ\x00"})

    assert begun.status_code == 303
    assert "KHONG" in (await visitor.get("so-sach")).text


async def test_of_two_who_begin_a_book_at_once_one_is_told(come: Come) -> None:
    visitor = await come("admin", "xa-hai")
    seen = hidden(await visitor.get("so-sach"), "thay")
    form = {"so": "CTCK", "can_cu": "Sổ giấy", "thay": seen}

    answers = await asyncio.gather(
        *(visitor.post("so-sach", form | {"sau": after}) for after in ("4", "40"))
    )

    assert sorted(answer.status_code for answer in answers) == [303, 409]
