"""Books (sổ): where a series begins, its volumes, and what stands in it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Actor
from motcua.plugin.texts import text
from motcua.services.book_changes import changing
from motcua.services.book_rights import KEEP, READ, SEE, require
from motcua.services.house import Desk, House
from motcua.storage import books as store
from motcua.storage.rows import RegisterRow
from motcua.storage.work import Work, work

LONGEST = 60
"""Letters of a book's key."""


class UnknownBookError(MotCuaError):
    """The tenant has no such book of that year."""

    code = "register.unknown"
    status = 404


class BookBegunError(MotCuaError):
    """A book that has numbers already cannot begin elsewhere."""

    code = "register.begun"
    status = 409


class EmptyVolumeError(MotCuaError):
    """A new volume was begun while the present one has no number yet."""

    code = "register.empty-volume"
    status = 409


class Volume(msgspec.Struct, frozen=True, kw_only=True):
    """A volume (quyển số) and the first number in it."""

    volume: int
    first: int


class VolumeTotals(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in one volume; *quantity* counts the copies or signatures issued."""

    volume: int
    first: int
    last: int
    numbers: int
    issued: int
    void: int
    reserved: int
    quantity: int


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a book of one year, all together and by volume."""

    numbers: int = 0
    issued: int = 0
    void: int = 0
    reserved: int = 0
    quantity: int = 0
    volumes: tuple[VolumeTotals, ...] = ()


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers reserved for a day on paper; *unused* are those nothing was entered for."""

    id: UUID
    book: str
    year: int
    first: int
    last: int
    reason: str
    reserved_at: dt.datetime
    reserved_by: str
    closed_at: dt.datetime | None
    closed_by: str
    unused: tuple[int, ...]


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """A book of one year.

    Attributes:
        book: Its key and symbol, such as ``SCT/BS``.
        first: The first number of ours; a book carried on from paper begins later than 1.
        last: The last number taken.
        basis: What a beginning later than 1 rests on.
        totals: What stands in it; once closed, what stood in it then.
        waiting: Numbers reserved for texts that are not signed yet.
        blocks: Its blocks, open and closed.
    """

    book: str
    year: int
    title: str
    first: int
    last: int
    volumes: tuple[Volume, ...]
    basis: str
    closed_at: dt.datetime | None
    closed_by: str
    totals: Totals
    waiting: tuple[int, ...] = ()
    blocks: tuple[Block, ...] = ()


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a book; *printed* is the number as papers say it."""

    number: int
    volume: int
    printed: str
    status: str
    reason: str
    summary: str
    quantity: int | None
    at: dt.datetime
    dossier: str
    block_id: UUID | None


def printed(line: RegisterRow) -> str:
    """A number as papers say it: ``125, quyển số 01/2025-SCT/BS``."""
    return printed_number(line.number, line.volume, line.year, line.register)


def printed_number(number: int, volume: int, year: int, book: str) -> str:
    """The same, by its parts."""
    return text(
        "register.printed",
        lang="vi",
        number=f"{number:02d}",
        volume=f"{volume:02d}",
        year=year,
        book=book,
    )


async def start(
    house: House,
    desk: Desk,
    actor: Actor,
    book: str,
    *,
    after: int = 0,
    volume: int = 1,
    title: str = "",
    basis: str = "",
    year: int | None = None,
    seen: str = "",
) -> Book:
    """Begin a book *after* the last number that was given on paper.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who begins it.
        book: Its key, such as ``SCT/BS``.
        after: The last number of the paper book; 0 begins at 1.
        volume: The volume the series goes on in.
        title: What the book is called.
        basis: What *after* rests on, such as the paper book's last entry.
        year: The book's year; this one without.
        seen: The digest of how the book stood where it was asked for.

    Raises:
        ChangedMeanwhileError: it is no longer as *seen*.
        RoleNotAllowedError: the actor does not keep books.
        InvalidAnswersError: something is missing or wrong.
        BookBegunError: the book has numbers already.
        BookClosedError: it is closed.
    """
    require(actor, KEEP)
    _require_start(book, after, volume, basis)
    key = (book.strip(), year or house.today().year)
    async with work(house.engine, desk.id) as reading:  # says more than that it changed
        await _require_empty(reading, key)
    async with changing(house, desk, actor, key, seen) as writing:
        first = {"volume": volume, "first": after + 1}
        if not await store.begin(writing, key, title.strip(), after + 1, [first], basis.strip()):
            await _require_empty(writing, key)
        return await one(writing, key)


async def _require_empty(reading: Work, key: store.Key) -> None:
    """Refuse a book that has numbers, or is closed."""
    for found in await store.read_books(reading, *key):
        if found["closed_at"]:
            raise store.BookClosedError(book=key[0], year=key[1])
        if found["last"] >= found["first"]:
            raise BookBegunError(book=key[0], year=key[1], last=found["last"])


def key_faults(book: str) -> list[FieldFault]:
    """What is wrong with *book* as the key of a book."""
    if not book.strip():
        return [FieldFault("book", "field.missing", label="book")]
    if len(book.strip()) > LONGEST:
        return [FieldFault("book", "field.too-long", label="book", most=LONGEST)]
    return []


def _require_start(book: str, after: int, volume: int, basis: str) -> None:
    faults = key_faults(book)
    if not 0 <= after < store.MOST:
        faults.append(FieldFault("after", "field.type", label="after"))
    if not 0 < volume < store.MOST:
        faults.append(FieldFault("volume", "field.type", label="volume"))
    if after > 0 and not basis.strip():
        faults.append(FieldFault("basis", "field.missing", label="basis"))
    if faults:
        raise InvalidAnswersError(faults)


async def add_volume(
    house: House, desk: Desk, actor: Actor, book: str, year: int, *, seen: str = ""
) -> Book:
    """Go on in a new volume: the next number is its first; the series continues.

    Raises:
        ChangedMeanwhileError: the book is no longer as *seen*.
        RoleNotAllowedError: the actor does not keep books.
        UnknownBookError: there is no such book.
        BookClosedError: it is closed.
        EmptyVolumeError: its present volume has no number yet.
    """
    require(actor, KEEP)
    async with changing(house, desk, actor, (book, year), seen) as writing:
        found = await locked(writing, (book, year))
        volumes = msgspec.json.decode(found["volumes"])
        if volumes[-1]["first"] > found["last"]:
            raise EmptyVolumeError(book=book, year=year, volume=volumes[-1]["volume"])
        new = {"volume": volumes[-1]["volume"] + 1, "first": found["last"] + 1}
        await store.set_volumes(writing, (book, year), [*volumes, new])
        return await one(writing, (book, year))


async def locked(writing: Work, key: store.Key) -> Any:
    """The row of an open book, locked.

    Raises:
        UnknownBookError: there is no such book.
        BookClosedError: it is closed.
    """
    found = await store.lock(writing, key)
    if found is None:
        raise UnknownBookError(book=key[0], year=key[1])
    if found["closed_at"]:
        raise store.BookClosedError(book=key[0], year=key[1])
    return found


async def books(
    house: House, desk: Desk, actor: Actor, *, year: int | None = None
) -> tuple[Book, ...]:
    """The books of a year, or of all years, with what stands in them, in numbers.

    Raises:
        RoleNotAllowedError: the actor neither reads dossiers nor sets books up.
    """
    require(actor, SEE)
    async with work(house.engine, desk.id) as reading:
        return await _books(reading, None, year)


async def lines(
    house: House, desk: Desk, actor: Actor, book: str, year: int, *, month: int | None = None
) -> tuple[Line, ...]:
    """The lines of a book in the order of their numbers, or those taken in one month.

    Raises:
        RoleNotAllowedError: the actor may not read dossiers.
        UnknownBookError: there is no such book.
    """
    require(actor, READ)
    async with work(house.engine, desk.id) as reading:
        await one(reading, (book, year))
        rows = await store.read_lines(reading, (book, year), month)
    return tuple(
        Line(
            number=row["number"],
            volume=row["volume"],
            printed=printed_number(row["number"], row["volume"], year, book),
            status=row["status"],
            reason=row["reason"],
            summary=row["summary"],
            quantity=row["quantity"],
            at=row["at"],
            dossier=row["code"] or "",
            block_id=row["block_id"],
        )
        for row in rows
    )


async def totals(reading: Work, key: store.Key) -> Totals:
    """What stands in a book now."""
    return _totals(await store.read_totals(reading, *key))


async def one(reading: Work, key: store.Key) -> Book:
    """A book as it stands.

    Raises:
        UnknownBookError: there is no such book.
    """
    found = await _books(reading, *key)
    if not found:
        raise UnknownBookError(book=key[0], year=key[1])
    return found[0]


async def _books(reading: Work, book: str | None, year: int | None) -> tuple[Book, ...]:
    counted: dict[store.Key, list[Any]] = {}
    for row in await store.read_totals(reading, book, year):
        counted.setdefault((row["register"], row["year"]), []).append(row)
    waiting = await store.read_waiting(reading, book, year)
    blocks: dict[store.Key, list[Block]] = {}
    for row in await store.read_blocks(reading, book, year):
        one = msgspec.convert(dict(row), Block)
        blocks.setdefault((one.book, one.year), []).append(one)
    return tuple(
        Book(
            book=row["book"],
            year=row["year"],
            title=row["title"],
            first=row["first"],
            last=row["last"],
            volumes=msgspec.json.decode(row["volumes"], type=tuple[Volume, ...]),
            basis=row["basis"],
            closed_at=row["closed_at"],
            closed_by=row["closed_by"],
            totals=_totals(counted.get((row["book"], row["year"]), ())),
            waiting=tuple(waiting.get((row["book"], row["year"]), ())),
            blocks=tuple(blocks.get((row["book"], row["year"]), ())),
        )
        for row in await store.read_books(reading, book, year)
    )


def _totals(rows: Sequence[Any]) -> Totals:
    volumes = tuple(
        VolumeTotals(**{name: row[name] for name in VolumeTotals.__struct_fields__}) for row in rows
    )
    names = ("numbers", "issued", "void", "reserved", "quantity")
    sums = {name: sum(getattr(each, name) for each in volumes) for name in names}
    return Totals(**sums, volumes=volumes)
