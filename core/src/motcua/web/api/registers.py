"""Books: what stands in them, where they begin, blocks for a day on paper, closing."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from motcua.services import blocks, books, closing
from motcua.services.blocks import LaterEntry, UnknownBlockError
from motcua.web.api.admission import TheActor, TheDesk, TheHouse
from motcua.web.api.described import BEARER, STAFF, WRITE, IdempotencyKey, failures
from motcua.web.api.writes import answer_once

AnyRequest = Request[Any, Any, Any]
Year = Annotated[int | None, QueryParameter(ge=2000, le=2200)]
OfYear = Annotated[int, msgspec.Meta(ge=2000, le=2200)]


class BookList(msgspec.Struct, frozen=True):
    """Books, the latest year first."""

    books: tuple[books.Book, ...]


class LineList(msgspec.Struct, frozen=True):
    """Lines of a book, in the order of their numbers."""

    lines: tuple[books.Line, ...]


class Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """A book to begin, *after* the last number given on paper, and what that rests on."""

    book: str
    after: int = 0
    volume: int = 1
    title: str = ""
    basis: str = ""
    year: OfYear | None = None


class BookOfYear(msgspec.Struct, frozen=True, kw_only=True):
    """A book of one year."""

    book: str
    year: OfYear


class NewBlock(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the next numbers of a book to reserve for use on paper, and why."""

    book: str
    count: int
    reason: str
    year: OfYear | None = None


class VoidNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A number that is void for a reason of its own."""

    number: int
    reason: str


class BlockEnd(msgspec.Struct, frozen=True, kw_only=True):
    """Why the unused numbers of a block are void, and those that have a reason of their own."""

    reason: str
    reasons: tuple[VoidNumber, ...] = ()


@get("/registers", summary="Các sổ", security=BEARER, responses=failures(*STAFF))
async def all_books(
    house: TheHouse,
    desk: TheDesk,
    actor: TheActor,
    year: Year = None,
) -> BookList:
    """The books with totals, numbers waiting for a signature, and blocks."""
    return BookList(await books.books(house, desk, actor, year=year))


@get(
    "/registers/lines",
    summary="Các dòng của một sổ",
    security=BEARER,
    responses=failures(*STAFF, 422),
)
async def lines(
    house: TheHouse,
    desk: TheDesk,
    actor: TheActor,
    book: FromQuery[str],
    year: Year = None,
    month: Annotated[int | None, QueryParameter(ge=1, le=12)] = None,
) -> LineList:
    """The lines of a book of one year, this one if nobody says, or of a month of it."""
    asked = year or house.today().year
    return LineList(await books.lines(house, desk, actor, book, asked, month=month))


@post(
    "/registers",
    status_code=HTTP_201_CREATED,
    summary="Mở sổ, tiếp theo sổ giấy",
    security=BEARER,
    responses=failures(*WRITE, *STAFF, 409),
)
async def begin(
    request: AnyRequest,
    house: TheHouse,
    desk: TheDesk,
    actor: TheActor,
    data: JSONBody[Beginning],
    key: IdempotencyKey = "",
) -> Response[books.Book]:
    """Begin a book after the last number that was given on paper."""
    said = msgspec.structs.asdict(data)

    async def do() -> books.Book:
        return await books.start(house, desk, actor, said.pop("book"), **said)

    return await answer_once(request, house, desk, actor, key, HTTP_201_CREATED, do)


@post(
    "/registers/volumes",
    status_code=HTTP_201_CREATED,
    summary="Mở quyển mới của sổ",
    security=BEARER,
    responses=failures(*WRITE, *STAFF, 409),
)
async def new_volume(
    request: AnyRequest,
    house: TheHouse,
    desk: TheDesk,
    actor: TheActor,
    data: JSONBody[BookOfYear],
    key: IdempotencyKey = "",
) -> Response[books.Book]:
    """Go on in a new volume; the series continues."""

    async def do() -> books.Book:
        return await books.add_volume(house, desk, actor, data.book, data.year)

    return await answer_once(request, house, desk, actor, key, HTTP_201_CREATED, do)


@post(
    "/registers/blocks",
    status_code=HTTP_201_CREATED,
    summary="Giữ trước một dãy số",
    security=BEARER,
    responses=failures(*WRITE, *STAFF, 409),
)
async def reserve_block(
    request: AnyRequest,
    house: TheHouse,
    desk: TheDesk,
    actor: TheActor,
    data: JSONBody[NewBlock],
    key: IdempotencyKey = "",
) -> Response[books.Block]:
    """Reserve the next numbers of a book for a day on paper."""

    async def do() -> books.Block:
        return await blocks.reserve_block(
            house, desk, actor, data.book, data.count, data.reason, year=data.year
        )

    return await answer_once(request, house, desk, actor, key, HTTP_201_CREATED, do)


@post(
    "/registers/blocks/{block:str}/entries",
    status_code=HTTP_201_CREATED,
    summary="Nhập sau việc đã làm trên giấy",
    security=BEARER,
    responses=failures(*WRITE, *STAFF, 409),
)
async def enter(
    request: AnyRequest,
    house: TheHouse,
    desk: TheDesk,
    actor: TheActor,
    block: FromPath[str],
    data: JSONBody[LaterEntry],
    key: IdempotencyKey = "",
) -> Response[blocks.Entered]:
    """Enter what was done on paper with its true times and the block's numbers."""
    found = _block_id(block)

    async def do() -> blocks.Entered:
        return await blocks.enter(house, desk, actor, found, data)

    return await answer_once(request, house, desk, actor, key, HTTP_201_CREATED, do)


@post(
    "/registers/blocks/{block:str}/close",
    status_code=HTTP_200_OK,
    summary="Đóng dãy số giữ trước",
    security=BEARER,
    responses=failures(*WRITE, *STAFF, 409),
)
async def close_block(
    request: AnyRequest,
    house: TheHouse,
    desk: TheDesk,
    actor: TheActor,
    block: FromPath[str],
    data: JSONBody[BlockEnd],
    key: IdempotencyKey = "",
) -> Response[books.Block]:
    """Make the unused numbers of a block void."""
    found = _block_id(block)
    own = {each.number: each.reason for each in data.reasons}

    async def do() -> books.Block:
        return await blocks.close_block(house, desk, actor, found, data.reason, own)

    return await answer_once(request, house, desk, actor, key, HTTP_200_OK, do)


@post(
    "/registers/close",
    status_code=HTTP_200_OK,
    summary="Khóa sổ cuối năm",
    security=BEARER,
    responses=failures(*WRITE, *STAFF, 409),
)
async def close(
    request: AnyRequest,
    house: TheHouse,
    desk: TheDesk,
    actor: TheActor,
    data: JSONBody[BookOfYear],
    key: IdempotencyKey = "",
) -> Response[closing.Closing]:
    """Close a book at the end of its year, with its totals."""

    async def do() -> closing.Closing:
        return await closing.close(house, desk, actor, data.book, data.year)

    return await answer_once(request, house, desk, actor, key, HTTP_200_OK, do)


def _block_id(text: str) -> UUID:
    """The id a path names; what is no id answers like an id that does not exist.

    Raises:
        UnknownBlockError: it is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise UnknownBlockError(block=text[:40]) from None


def routes() -> Router:
    """All of them."""
    handlers = [
        all_books,
        lines,
        begin,
        new_volume,
        reserve_block,
        enter,
        close_block,
        close,
    ]
    return Router("/", route_handlers=handlers, tags=["Sổ"])
