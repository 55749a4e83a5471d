"""The books of a unit in numbers: where they begin, blocks for a day on paper, closing a year.

Nothing that was entered in a book is shown here: administrators set books up and do not
read them.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console import typed
from motcua.console.frame import Console, Faults, Sent, TheConsole
from motcua.domain.errors import InvalidAnswersError
from motcua.plugin.texts import text
from motcua.services import blocks, books, closing
from motcua.services.book_changes import as_seen
from motcua.services.books import Book, UnknownBookError
from motcua.services.change import digest
from motcua.storage.books import BookClosedError
from motcua.storage.work import work
from motcua.ui.pages import Page

OPT = {"page": "registers"}
NEW = ("so", "nam", "ten", "sau", "quyen", "can_cu")
FIELDS = {"book": "so", "after": "sau", "volume": "quyen", "basis": "can_cu"}
BLOCK = {"count": "so_luong", "reason": "ly_do"}
TOLD = (
    books.BookBegunError,
    books.EmptyVolumeError,
    blocks.BlockClosedError,
    closing.YearNotOverError,
    closing.BookOpenError,
    BookClosedError,
)
"""Refusals that are said on the form they concern."""
Act = Callable[[Console, Sent, str, int], Awaitable[str]]


@get("/so-sach", opt=OPT)
async def show(console: TheConsole, nam: FromQuery[str] = "") -> Page:
    """The books of a year, this one if nobody says, and the form that begins one."""
    return await _page(console, _year(console, nam), {}, [])


@post("/so-sach", opt=OPT, status_code=HTTP_200_OK)
async def begin(console: TheConsole) -> Response[Any]:
    """Begin a book after its last number on paper, or ask again with every fault."""
    sent = await console.sent()
    given = {name: sent.one(name) for name in NEW}
    year = _year(console, given["nam"])
    after, volume = typed.whole(given["sau"] or "0"), typed.whole(given["quyen"] or "1")
    faults = [
        (name, text("console.fault.number"))
        for name, value in (("sau", after), ("quyen", volume))
        if value is None
    ]
    if given["nam"] and typed.whole(given["nam"]) != year:
        faults.append(("nam", text("console.books.year", first=YEARS[0], last=YEARS[-1])))
    if after is None or volume is None or faults:
        return await _page(console, year, given, faults)
    try:
        await books.start(
            console.house,
            console.desk,
            console.actor,
            given["so"],
            after=after,
            volume=volume,
            title=given["ten"],
            basis=given["can_cu"],
            year=year,
            seen=sent.one("thay"),
        )
    except InvalidAnswersError as error:
        faults = _told(error, FIELDS)
    except TOLD as error:
        faults = [("so", text(error.code, **error.fields))]
    if faults:
        return await _page(console, year, given, faults)
    return _to(console, given["so"], year, "book-begun")


@get("/so-sach/{year:int}", opt=OPT)
async def form(console: TheConsole, year: FromPath[int], so: FromQuery[str] = "") -> Page:
    """One book of one year, and what may be done with it."""
    return await _form(console, so, year, {}, [])


@post("/so-sach/{year:int}", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole, year: FromPath[int]) -> Response[Any]:
    """Reserve or close a block, begin a volume, close the book; or ask again."""
    sent = await console.sent()
    book, faults = sent.one("so"), []
    await _one(console, book, year)
    act = ACTS.get(sent.one("lam"))
    given = {name: sent.one(name) for name in ("so_luong", "ly_do", "ly_do_dong")}
    if act is None:
        return await _form(console, book, year, given, [("giu", text("console.books.no_act"))])
    try:
        return _to(console, book, year, await act(console, sent, book, year))
    except InvalidAnswersError as error:
        ending = {"reason": f"dong-{sent.one('day')}"}
        faults = _told(error, ending if sent.has("day") else BLOCK)
    except TOLD as error:
        faults = [(sent.one("lam") or "giu", text(error.code, **error.fields))]
    return await _form(console, book, year, given, faults)


async def _reserve(console: Console, sent: Sent, book: str, year: int) -> str:
    count = typed.whole(sent.one("so_luong")) or 0
    reason, seen = sent.one("ly_do"), sent.one("thay")
    where = (console.house, console.desk, console.actor)
    await blocks.reserve_block(*where, book, count, reason, year=year, seen=seen)
    return "block-reserved"


async def _close_block(console: Console, sent: Sent, book: str, year: int) -> str:
    del book, year  # the block knows them
    where = (console.house, console.desk, console.actor)
    await blocks.close_block(*where, _block(sent.one("day")), sent.one("ly_do_dong"))
    return "block-closed"


async def _add_volume(console: Console, sent: Sent, book: str, year: int) -> str:
    where = (console.house, console.desk, console.actor)
    await books.add_volume(*where, book, year, seen=sent.one("thay"))
    return "volume-begun"


async def _close(console: Console, sent: Sent, book: str, year: int) -> str:
    where = (console.house, console.desk, console.actor)
    await closing.close(*where, book, year, seen=sent.one("thay"))
    return "book-closed"


ACTS: dict[str, Act] = {
    "giu": _reserve,
    "dong-day": _close_block,
    "quyen-moi": _add_volume,
    "khoa": _close,
}


def _told(error: InvalidAnswersError, fields: dict[str, str]) -> Faults:
    """The faults in the words of this page, at its fields."""
    return [
        (fields.get(each.field, "so"), text(_WORDS[each.fault], **each.fields))
        for each in error.faults
    ]


_WORDS = {
    "field.missing": "console.fault.empty",
    "field.type": "console.fault.number",
    "field.too-long": "console.fault.long",
    "field.too-many": "console.books.most",
}


def _block(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError:
        raise blocks.UnknownBlockError(block=words[:40]) from None


def _year(console: Console, words: str) -> int:
    """The year somebody named, or this one."""
    found = typed.whole(words) or 0
    return found if found in YEARS else console.house.today().year


YEARS = range(2000, 2200)


def _to(console: Console, book: str, year: int, what: str) -> Redirect:
    query = urlencode({"so": book, "xong": what})
    return Redirect(f"{console.here}/{year}?{query}", status_code=HTTP_303_SEE_OTHER)


async def _page(console: Console, year: int, given: dict[str, str], faults: Faults) -> Page:
    found = await books.books(console.house, console.desk, console.actor, year=year)
    return console.page(
        "registers.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        year=year,
        this_year=console.house.today().year,
        books=[(each, f"{console.here}/{year}?{urlencode({'so': each.book})}") for each in found],
        given=dict.fromkeys(NEW, "") | {"nam": str(year)} | given,
        nobody_began_it=digest(None),
        faults=faults,
    )


async def _form(
    console: Console, book: str, year: int, given: dict[str, str], faults: Faults
) -> Page:
    found, seen = await _one(console, book, year)
    return console.page(
        "register.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        book=found,
        there=f"{console.here}/{year}",
        over=_is_over(console, year),
        given=given,
        most=blocks.MOST,
        seen=seen,
        faults=faults,
    )


async def _one(console: Console, book: str, year: int) -> tuple[Book, str]:
    """A book that there is, and the digest of how it is set up.

    Raises:
        UnknownBookError: there is none.
    """
    if year not in YEARS:
        raise UnknownBookError(book=book, year=year)
    async with work(console.house.engine, console.desk.id) as reading:
        found = await books.one(reading, (book, year))
        return found, digest(await as_seen(reading, (book, year)))


def _is_over(console: Console, year: int) -> bool:
    today = console.house.today()
    return (today.year, today.month, today.day) >= (year, 12, 31)
