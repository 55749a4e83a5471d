"""Closing a book at the end of its year, with its totals."""

import datetime as dt

import msgspec

from motcua.domain.errors import MotCuaError
from motcua.domain.life import Actor
from motcua.services.book_changes import changing
from motcua.services.book_rights import CLOSE, require
from motcua.services.books import Totals, locked, totals
from motcua.services.house import Desk, House
from motcua.storage.books import Key
from motcua.storage.work import Work

_SHOWN = 20


class YearNotOverError(MotCuaError):
    """A book was to be closed before the last day of its year."""

    code = "register.year-not-over"
    status = 409


class BookOpenError(MotCuaError):
    """A book was to be closed while something in it is not settled."""

    code = "register.still-open"
    status = 409


class Closed(Totals, frozen=True, kw_only=True):
    """What stood in a book when it was closed.

    Attributes:
        digest: Of all its lines, so that a later change of one is seen.
    """

    digest: str


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """A book that was closed."""

    book: str
    year: int
    closed_at: dt.datetime
    closed_by: str
    totals: Closed


_UNSETTLED = """
select number from register_entry e
left join dossier d on d.tenant_id = e.tenant_id and d.id = e.dossier_id
where e.tenant_id = $1 and e.register = $2 and e.year = $3 and e.dossier_id is not null
  and (e.status = 'reserved' or e.status = 'issued' and d.finished_at is null)
order by number
"""

_OPEN_BLOCKS = """
select first || '–' || last as span from register_block
where tenant_id = $1 and book = $2 and year = $3 and closed_at is null order by first
"""

_CLOSE = """
update register set closed_at = $4, closed_by = $5, totals = $6
where tenant_id = $1 and book = $2 and year = $3
"""

_DIGEST = """
select coalesce(encode(sha256(convert_to(string_agg(concat_ws(' ', number, volume, status,
  quantity, dossier_id, extract(epoch from at),
  case when dossier_id is null then reason end), E'\\n' order by number), 'UTF8')), 'hex'), '')
from register_entry where tenant_id = $1 and register = $2 and year = $3
"""


async def close(
    house: House, desk: Desk, actor: Actor, book: str, year: int, *, seen: str = ""
) -> Closing:
    """Close a book: nothing is numbered in it any more, and its totals stand.

    Raises:
        ChangedMeanwhileError: the book is no longer as *seen*.
        RoleNotAllowedError: the actor may not close books.
        UnknownBookError: there is no such book.
        BookClosedError: it is closed already.
        YearNotOverError: it is before the last day of its year.
        BookOpenError: a reserved number, a text not handed over or an open block remains.
    """
    require(actor, CLOSE)
    now, today = house.now(), house.today()
    if (today.year, today.month, today.day) < (year, 12, 31):
        raise YearNotOverError(book=book, year=year)
    async with changing(house, desk, actor, (book, year), seen) as writing:
        # Whoever takes a number holds the book's row until it has committed.
        await locked(writing, (book, year))
        await _require_settled(writing, (book, year))
        counted = await closed_totals(writing, (book, year))
        told = msgspec.json.encode(counted).decode()
        await writing.execute(_CLOSE, desk.id, book, year, now, actor.name, told)
    return Closing(book=book, year=year, closed_at=now, closed_by=actor.name, totals=counted)


async def closed_totals(reading: Work, key: Key) -> Closed:
    """What stands in a book, with the digest of its lines."""
    found = await totals(reading, key)
    row = await reading.fetchrow(_DIGEST, reading.tenant_id, *key)
    return Closed(**msgspec.structs.asdict(found), digest=row[0])


async def _require_settled(writing: Work, key: Key) -> None:
    numbers = [str(row[0]) for row in await writing.fetch(_UNSETTLED, writing.tenant_id, *key)]
    blocks = [row[0] for row in await writing.fetch(_OPEN_BLOCKS, writing.tenant_id, *key)]
    if numbers or blocks:
        shown = [*numbers[:_SHOWN], "…"] if len(numbers) > _SHOWN else numbers
        raise BookOpenError(
            book=key[0],
            year=key[1],
            numbers=", ".join(shown) or "–",
            blocks=", ".join(blocks) or "–",
        )
