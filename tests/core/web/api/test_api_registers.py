"""Books through the API: roles, problem details, and each write once."""

import datetime as dt
from typing import Any

import httpx
import pytest

from fakes.office import APPLICANT, COPY, COPY_ANSWERS, Office

pytestmark = pytest.mark.anyio

BOOK = "SCT/BS"


async def post(office: Office, path: str, by: str = "clerk", **how: Any) -> httpx.Response:
    return await office.ask("POST", f"/registers{path}", by=by, **how)


async def books(office: Office, by: str = "field") -> list[dict[str, Any]]:
    answer = await office.ask("GET", "/registers?year=2026", by=by)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["books"]
    return found


async def lines(office: Office, book: str) -> list[dict[str, Any]]:
    answer = await office.ask("GET", f"/registers/lines?book={book}&year=2026", by="leader")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["lines"]
    return found


async def test_a_book_is_begun_once_for_its_key(office: Office) -> None:
    said = {"book": "SCT/HĐ,GD", "after": 57, "basis": "Trang 12", "title": "Sổ giao dịch"}

    first = await post(office, "", key="mo-so", json=said)
    again = await post(office, "", key="mo-so", json=said)

    assert first.status_code == again.status_code == 201, first.text
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert (first.json()["first"], first.json()["last"]) == (58, 57)
    assert first.json()["volumes"] == [{"volume": 1, "first": 58}]


async def test_a_printed_text_waits_in_its_book_until_it_is_signed_or_void(office: Office) -> None:
    dossier = await office.received()
    office.clock.advance(minutes=1)

    printed = await office.step(dossier, "T30", "reception")

    assert printed.status_code == 200, printed.text
    (line,) = printed.json()["register"]
    assert (line["status"], line["volume"], line["quantity"]) == ("reserved", 1, 3)
    (book,) = [each for each in await books(office) if each["book"] == BOOK]
    assert line["number"] in book["waiting"]
    office.clock.advance(minutes=1)
    spoilt = await office.step(
        printed.json(), "T31", "field", reason="In hỏng", data={"number": str(line["number"])}
    )
    assert spoilt.status_code == 200, spoilt.text
    (shown,) = [each for each in await lines(office, BOOK) if each["number"] == line["number"]]
    assert (shown["status"], shown["reason"]) == ("void", "In hỏng")
    assert shown["printed"] == f"{line['number']:02d}, quyển số 01/2026-SCT/BS"
    assert shown["dossier"] == dossier["code"]
    nothing = await office.step(
        spoilt.json(), "T31", "field", reason="In hỏng", data={"number": "99999"}
    )
    assert nothing.status_code == 422
    assert [each["field"] for each in nothing.json()["errors"]] == ["number"]


async def test_a_day_on_paper_goes_through_the_api(office: Office) -> None:
    reserved = await post(office, "/blocks", json={"book": BOOK, "count": 3, "reason": "Cắt điện"})
    assert reserved.status_code == 201, reserved.text
    block = reserved.json()
    first = block["first"]
    at = office.clock() - dt.timedelta(hours=2)
    steps = ("T02", "T08", "T16", "T18", "T19")
    events = [
        {"transition": step, "at": (at + dt.timedelta(minutes=n)).isoformat(), "by": "Lê Văn Ghi"}
        for n, step in enumerate(steps)
    ]
    said = {
        "procedure": COPY,
        "applicant": APPLICANT,
        "answers": COPY_ANSWERS,
        "events": events,
        "numbers": [first + 1],
    }
    where = f"/blocks/{block['id']}"

    entered = await post(office, f"{where}/entries", by="reception", json=said)
    closed = await post(
        office,
        f"{where}/close",
        json={"reason": "Không dùng", "reasons": [{"number": first, "reason": "In hỏng"}]},
    )

    assert entered.status_code == 201, entered.text
    assert (entered.json()["state"], entered.json()["numbers"]) == ("result_ready", [first + 1])
    assert closed.status_code == 200, closed.text
    assert closed.json()["unused"] == []
    told = {each["number"]: (each["status"], each["reason"]) for each in await lines(office, BOOK)}
    assert [told[first + n] for n in range(3)] == [
        ("void", "In hỏng"),
        ("issued", ""),
        ("void", "Không dùng"),
    ]
    late = await post(office, f"{where}/entries", by="reception", json=said)
    assert (late.status_code, late.json()["type"]) == (409, "register.block-closed")


async def test_what_cannot_be_is_told_as_a_problem(office: Office) -> None:
    async def told(path: str, **said: Any) -> tuple[int, str]:
        answer = await post(office, path, json=said)
        return answer.status_code, answer.json()["type"]

    await post(office, "/blocks", json={"book": BOOK, "count": 1, "reason": "Cắt điện"})
    nowhere = "/blocks/00000000-0000-7000-8000-000000000000/close"

    assert await told("/close", book=BOOK, year=2026) == (409, "register.year-not-over")
    assert await told("/volumes", book="SCT/KHÁC", year=2026) == (404, "register.unknown")
    assert await told(nowhere, reason="Không dùng") == (404, "register.unknown-block")
    assert await told("/blocks/khong/close", reason="x") == (404, "register.unknown-block")
    assert await told("", book=BOOK, after=3, basis="Trang 1") == (409, "register.begun")
    missing = await post(office, "/blocks", json={"book": "", "count": 0, "reason": ""})
    assert missing.status_code == 422
    assert [each["field"] for each in missing.json()["errors"]] == ["book", "count", "reason"]


@pytest.mark.parametrize("year", [10**12, 9999, 0, -5])
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", {}),
        ("/volumes", {}),
        ("/blocks", {"count": 1, "reason": "Cắt điện"}),
        ("/close", {}),
    ],
)
async def test_a_year_that_no_book_has_is_refused(
    office: Office, path: str, said: dict[str, Any], year: int
) -> None:
    answer = await post(office, path, json={"book": BOOK, "year": year, **said})

    assert answer.status_code == 422, answer.text


async def test_a_block_begins_no_book_with_an_endless_name(office: Office) -> None:
    said = {"book": "S" * 61, "count": 1, "reason": "Cắt điện"}

    answer = await post(office, "/blocks", json=said)

    assert answer.status_code == 422, answer.text
    assert [each["field"] for each in answer.json()["errors"]] == ["book"]


async def test_books_are_kept_and_read_by_those_whose_they_are(office: Office) -> None:
    body = {"book": BOOK, "count": 1, "reason": "Cắt điện"}

    assert (await post(office, "/blocks", by="reception", json=body)).status_code == 403
    assert (
        await post(office, "/close", by="field", json={"book": BOOK, "year": 2026})
    ).status_code == 403
    assert (await office.ask("GET", "/registers", by="admin")).status_code == 200
    assert (await office.ask("GET", "/registers/lines?book=x", by="admin")).status_code == 403
    assert (await office.ask("GET", "/registers")).status_code == 401
