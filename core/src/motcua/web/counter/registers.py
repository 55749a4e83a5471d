"""Books at the counter: which there are, and a month of one as it is printed."""

import datetime as dt
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from litestar import get
from litestar.params import FromQuery, QueryParameter
from litestar.response import Response

from motcua.domain.calendar import VN
from motcua.domain.dossier import Role
from motcua.services import book_page, books, village_days
from motcua.services.book_rights import KEEP
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.plugin_pages import links

Year = Annotated[int | None, QueryParameter(name="nam", ge=2000, le=2200)]
Month = Annotated[int | None, QueryParameter(name="thang", ge=1, le=12)]


class BookShown(msgspec.Struct, frozen=True, kw_only=True):
    """A book in the list, and where its months are."""

    book: books.Book
    open_blocks: tuple[books.Block, ...]
    months: tuple[tuple[int, str], ...]


@get("/so")
async def all_books(counter: TheCounter, year: Year = None) -> Response[Any]:
    """The books of a year, this one if nobody says."""
    today = _today(counter)
    asked = year or today.year
    found = await books.books(counter.house, counter.desk, counter.actor, year=asked)
    return await counter.page(
        "books.html",
        current="books",
        year=asked,
        before=_address(counter, nam=asked - 1),
        after=_address(counter, nam=asked + 1) if asked < today.year else "",
        books=[_shown(counter, each) for each in found],
        enters=counter.has(Role.RECEPTION),
        closes=bool(KEEP & set(counter.actor.roles)),
        days=await village_days.of_blocks(counter.house, counter.desk),
        pages=links(counter),
    )


@get("/so/trang")
async def page(
    counter: TheCounter, so: FromQuery[str] = "", year: Year = None, month: Month = None
) -> Response[Any]:
    """A month of a book, or all of it, as it is printed; reading it is logged."""
    asked = year or _today(counter).year
    sheet = await book_page.sheet(counter.house, counter.desk, counter.actor, so, asked, month)
    return await counter.page(
        "book_page.html",
        current="books",
        book=sheet.book,
        month=month,
        lines=sheet.lines,
        issued=sum(line.status == "issued" for line in sheet.lines),
        void=sum(line.status == "void" for line in sheet.lines),
        copies=sum(line.quantity or 0 for line in sheet.lines if line.status == "issued"),
        fees=sum(line.fee or 0 for line in sheet.lines),
        back=_address(counter, nam=asked),
    )


def _today(counter: Counter) -> dt.date:
    return counter.now().astimezone(VN).date()


def _last_month(counter: Counter, year: int) -> int:
    """The last month of a book that has begun."""
    today = _today(counter)
    return 12 if year < today.year else today.month if year == today.year else 0


def _shown(counter: Counter, book: books.Book) -> BookShown:
    said = {"so": book.book, "nam": book.year}
    months = tuple(
        (month, f"{counter.base}/so/trang?{urlencode(said | {'thang': month})}")
        for month in range(1, _last_month(counter, book.year) + 1)
    )
    blocks = tuple(each for each in book.blocks if each.closed_at is None)
    return BookShown(book=book, open_blocks=blocks, months=months)


def _address(counter: Counter, **said: object) -> str:
    return f"{counter.base}/so?{urlencode(said)}"
