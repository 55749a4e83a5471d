"""Blocks of reserved official numbers: taken, used up one by one, closed.

Where the Ministry's software cannot be reached, an entry gets a number out of a
block that was set aside before. Every number of a block is accounted for: taken by
a record, void for a reason, or given back unused when the block is closed.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from motcua.plugin import AskedSession, MotCuaError
from motcua_civil_status import search
from motcua_civil_status.records import KIND_BOOKS, number_key
from motcua_civil_status.rules import BOOKS
from motcua_civil_status.tables import NumberBlock, ReservedNumber

MOST = 500
"""Numbers in one block; an offline day needs a few."""

FIRST_YEAR, LAST_YEAR = 1990, 2200
"""Years whose books may have a block."""


class BlockYearError(MotCuaError):
    """No book is of that year."""

    code = "civil_status.block-year"


class BlockRangeError(MotCuaError):
    """The first number is after the last, or there are too many."""

    code = "civil_status.block-range"


class BlockOverlapError(MotCuaError):
    """A number of the block is in another one, or in the book already."""

    code = "civil_status.block-overlap"
    status = 409


class UnknownBlockError(MotCuaError):
    """This tenant has no such open block."""

    code = "civil_status.no-block"
    status = 404


class NotReservedError(MotCuaError):
    """The number is in no open block of this book, or is used already."""

    code = "civil_status.not-reserved"
    status = 409


def book_of(kind: str) -> str:
    """The book that records of *kind* stand in."""
    return BOOKS[KIND_BOOKS[kind]]


async def take_block(
    session: AskedSession, *, kind: str, year: int, first: int, last: int, ground: str
) -> uuid.UUID:
    """Set the numbers *first* to *last* of a book and year aside.

    Raises:
        BlockYearError: no book is of that year.
        BlockRangeError: that is no range, or a very long one.
        BlockOverlapError: one of them is set aside or in the book already.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BlockYearError(year=year, first=FIRST_YEAR, last=LAST_YEAR)
    if not first <= last < first + MOST:
        raise BlockRangeError(first=first, last=last, most=MOST)
    await hold_book(session, kind)
    book, block = book_of(kind), uuid.uuid4()
    numbers = range(first, last + 1)
    used = await session.run(search.by_own_numbers(book, [f"{n}/{year}" for n in numbers]))
    if used:
        raise BlockOverlapError(number=used[0]["official_number"] or used[0]["reserved_number"])
    row = NumberBlock(
        tenant_id=session.tenant_id,
        id=block,
        book=book,
        year=year,
        first=first,
        last=last,
        ground=ground.strip(),
        taken_at=session.now,
        taken_by=session.actor.name,
        closed_at=None,
        closed_by="",
        close_reason="",
    )
    await session.run(NumberBlock.insert(row))
    ids = [uuid.uuid5(block, str(number)) for number in numbers]
    told = (session.tenant_id, block, book, year, session.actor.name, session.now)
    kept = await session.run(ReservedNumber.raw(_RESERVE, *told, ids, list(numbers)))
    _require_all(numbers, kept, year)
    return block


_RESERVE = """
insert into civil_status_reserved_number
  (tenant_id, block_id, book, year, state, reason, "by", at, id, number)
select {}::int, {}::uuid, {}::text, {}::int, 'free', '', {}::text, {}::timestamptz, each.*
from unnest({}::uuid[], {}::int[]) as each
on conflict do nothing returning number
"""


async def hold_book(session: AskedSession, kind: str) -> None:
    """Let nobody else give a number in the book of *kind* until this transaction ends."""
    await session.run(ReservedNumber.raw(_HOLD, session.tenant_id, f"civil_status {kind}"))


_HOLD = "select pg_advisory_xact_lock({}::int, hashtext({}))::text"


async def next_number(session: AskedSession, record: dict[str, Any]) -> str:
    """The next number of an open block that the book does not hold yet, for a record.

    Raises:
        NotReservedError: there is none.
    """
    number = await next_free(session, record["book"], record["year"])
    if number is None:
        raise NotReservedError(number="–")
    return f"{number:02d}/{record['year']}"


async def next_free(session: AskedSession, book: str, year: int) -> int | None:
    """The next number of an open block that the *book* of a year does not hold yet."""
    return next(iter(await free_numbers(session, book, year)), None)


async def free_numbers(session: AskedSession, book: str, year: int) -> list[int]:
    """The numbers of open blocks that the *book* of a year does not hold yet, in order."""
    lines = await session.run(
        ReservedNumber.select(ReservedNumber.number)
        .where(
            ReservedNumber.book == book,
            ReservedNumber.year == year,
            ReservedNumber.state == "free",
        )
        .order_by(ReservedNumber.number)
    )
    free = {f"{line['number']}/{year}": int(line["number"]) for line in lines}
    held = set()
    for row in await session.run(search.by_own_numbers(book, list(free))):
        held |= {row["official_key"], row["reserved_key"]}
    return [number for key, number in free.items() if key not in held]


async def take_number(
    session: AskedSession, record: dict[str, Any], kind: str, number: str
) -> bool:
    """Take *number* out of an open block for a record; answers whether it was free in one."""
    key = number_key(number)
    if not key:
        return False
    line, year = map(int, key.split("/"))
    taken: dict[Any, Any] = {
        ReservedNumber.state: "taken",
        ReservedNumber.record_kind: kind,
        ReservedNumber.record_id: record["id"],
        ReservedNumber.by: session.actor.name,
        ReservedNumber.at: session.now,
    }
    changed = await session.run(
        ReservedNumber.update(taken)
        .where(
            ReservedNumber.book == record["book"],
            ReservedNumber.year == year,
            ReservedNumber.number == line,
            ReservedNumber.state == "free",
        )
        .returning(ReservedNumber.number)
    )
    return bool(changed)


async def give_up(session: AskedSession, record: dict[str, Any], number: str, reason: str) -> None:
    """Make the *number* void that a record gives up for another one; it is never free again."""
    line, _, year = number_key(number).partition("/")
    if not line:
        return
    await session.run(
        ReservedNumber.update(_void(session, reason)).where(
            ReservedNumber.record_id == record["id"],
            ReservedNumber.state == "taken",
            ReservedNumber.year == int(year),
            ReservedNumber.number == int(line),
        )
    )


async def void_number(session: AskedSession, block: uuid.UUID, number: int, reason: str) -> None:
    """Make a free number of an open block void, such as one that was spoilt on paper.

    Raises:
        NotReservedError: it is not free there.
    """
    changed = await session.run(
        ReservedNumber.update(_void(session, reason))
        .where(
            ReservedNumber.block_id == block,
            ReservedNumber.number == number,
            ReservedNumber.state == "free",
        )
        .returning(ReservedNumber.number)
    )
    if not changed:
        raise NotReservedError(number=str(number))


async def close_block(session: AskedSession, block: uuid.UUID, reason: str) -> None:
    """Close an open block; what is still free in it is unused from now on.

    Raises:
        UnknownBlockError: there is no such open block.
    """
    closed = await session.run(
        NumberBlock.update(
            {
                NumberBlock.closed_at: session.now,
                NumberBlock.closed_by: session.actor.name,
                NumberBlock.close_reason: reason,
            }
        )
        .where(NumberBlock.id == block, NumberBlock.closed_at.is_null())
        .returning(NumberBlock.id)
    )
    if not closed:
        raise UnknownBlockError
    unused: dict[Any, Any] = {**_void(session, reason), ReservedNumber.state: "unused"}
    await session.run(
        ReservedNumber.update(unused).where(
            ReservedNumber.block_id == block, ReservedNumber.state == "free"
        )
    )


async def blocks(
    session: AskedSession, *, closed: bool, latest: int | None = None
) -> list[dict[str, Any]]:
    """The open blocks, or the *closed* ones, the oldest first, each with its numbers.

    Args:
        session: The transaction.
        closed: Whether those are wanted that were closed.
        latest: How many of them, those taken in last; all if nobody says.
    """
    wanted = NumberBlock.closed_at.is_not_null() if closed else NumberBlock.closed_at.is_null()
    found = NumberBlock.select().where(wanted)
    found = found.order_by(NumberBlock.taken_at, NumberBlock.id, ascending=False)
    rows = (await session.run(found.limit(latest) if latest else found))[::-1]
    lines = (
        await session.run(
            ReservedNumber.select()
            .where(ReservedNumber.block_id.is_in([row["id"] for row in rows]))
            .order_by(ReservedNumber.number)
        )
        if rows
        else []
    )
    numbers: dict[Any, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    for line in lines:
        numbers[line["block_id"]].append(line)
    return [{**row, "numbers": numbers[row["id"]]} for row in rows]


def _require_all(numbers: range, kept: Iterable[dict[str, Any]], year: int) -> None:
    missing = sorted(set(numbers) - {row["number"] for row in kept})
    if missing:
        raise BlockOverlapError(number=f"{missing[0]}/{year}")


def _void(session: AskedSession, reason: str) -> dict[Any, Any]:
    return {
        ReservedNumber.state: "void",
        ReservedNumber.reason: reason,
        ReservedNumber.by: session.actor.name,
        ReservedNumber.at: session.now,
    }
