"""Reading and writing books: the row of a book is the lock of its series."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.errors import MotCuaError
from motcua.storage.rows import RegisterRow
from motcua.storage.work import Work

Key = tuple[str, int]
"""A book and its year."""


class BookClosedError(MotCuaError):
    """A number was asked of a book that was closed at the end of its year."""

    code = "register.closed"
    status = 409


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """How many numbers of a book, and what the book is called where it is new."""

    count: int = 0
    title: str = ""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of a book that follow one another, and the volume they stand in."""

    numbers: range
    volume: int


_TAKE = """
insert into register as r
  (tenant_id, book, year, title, first, last, volumes, basis, closed_by)
select $1, w.book, w.year, w.title, 1, w.n, '[{"volume": 1, "first": 1}]', '', ''
from unnest($2::text[], $3::int[], $4::text[], $5::int[]) as w (book, year, title, n)
order by w.book, w.year
on conflict (tenant_id, book, year) do update
  set last = r.last + excluded.last, title = coalesce(nullif(r.title, ''), excluded.title)
  where r.closed_at is null
returning r.book, r.year, r.last, (r.volumes -> -1 ->> 'volume')::int as volume
"""

_LINES = """
select to_jsonb(e)::text from register_entry e
where tenant_id = $1 and dossier_id = any($2) order by line, year, number
"""


async def take(work: Work, wanted: Mapping[Key, Wanted]) -> dict[Key, Taken]:
    """Take the next numbers of several books, gap-free; the books stay locked to the commit.

    Args:
        work: The transaction; its other locks must be taken already.
        wanted: How many numbers of each book.

    Raises:
        BookClosedError: one of the books is closed.
    """
    keys = sorted(key for key, want in wanted.items() if want.count)
    if not keys:
        return {}
    books, years = zip(*keys, strict=True)
    titles = [wanted[key].title for key in keys]
    counts = [wanted[key].count for key in keys]
    rows = await work.fetch(_TAKE, work.tenant_id, books, years, titles, counts)
    found = {(row["book"], row["year"]): row for row in rows}
    for book, year in keys:
        if (book, year) not in found:
            raise BookClosedError(book=book, year=year)
    return {key: _taken(found[key], wanted[key].count) for key in keys}


def _taken(row: Any, count: int) -> Taken:
    last = row["last"]
    return Taken(numbers=range(last - count + 1, last + 1), volume=row["volume"])


async def lines_of(work: Work, ids: Iterable[UUID]) -> dict[UUID, list[RegisterRow]]:
    """The lines of each of the dossiers *ids*, void ones too, in the order asked for."""
    found: dict[UUID, list[RegisterRow]] = {each: [] for each in ids}
    for read in await work.fetch(_LINES, work.tenant_id, sorted(found)):
        row = msgspec.json.decode(read[0], type=RegisterRow)
        assert row.dossier_id is not None, "asked by dossier"  # noqa: S101 - the query says so
        found[row.dossier_id].append(row)
    return found


MOST = 1_000_000
"""No book has so many numbers, and none so many volumes."""

_BEGIN = """
insert into register as r
  (tenant_id, book, year, title, first, last, volumes, basis, closed_by)
values ($1, $2, $3, $4, $5, $5 - 1, $6, $7, '')
on conflict (tenant_id, book, year) do update
  set title = coalesce(nullif(excluded.title, ''), r.title), first = excluded.first,
      last = excluded.last, volumes = excluded.volumes, basis = excluded.basis
  where r.last < r.first and r.closed_at is null
returning 1
"""

_LOCK = """
select title, first, last, volumes::text as volumes, closed_at
from register where tenant_id = $1 and book = $2 and year = $3 for update
"""

_BOOKS = """
select book, year, title, first, last, volumes::text as volumes, basis, closed_at, closed_by,
       totals::text as totals
from register where tenant_id = $1 and ($2::text is null or book = $2)
  and ($3::int is null or year = $3)
order by year desc, book
"""

_TOTALS = """
select register, year, volume, min(number) as first, max(number) as last,
  count(*)::int as numbers,
  (count(*) filter (where status = 'issued'))::int as issued,
  (count(*) filter (where status = 'void'))::int as void,
  (count(*) filter (where status = 'reserved'))::int as reserved,
  coalesce(sum(quantity) filter (where status = 'issued'), 0)::int as quantity
from register_entry where tenant_id = $1 and ($2::text is null or register = $2)
  and ($3::int is null or year = $3)
group by register, year, volume order by register, year, volume
"""

_WAITING = """
select register, year, number from register_entry
where tenant_id = $1 and status = 'reserved' and dossier_id is not null
  and ($2::text is null or register = $2) and ($3::int is null or year = $3)
order by number
"""

_BLOCKS = """
select id, book, year, first, last, reason, reserved_at, reserved_by, closed_at, closed_by,
  array(select number from register_entry e
        where e.tenant_id = b.tenant_id and e.block_id = b.id and e.status = 'reserved'
        order by number) as unused
from register_block b where tenant_id = $1 and ($2::text is null or book = $2)
  and ($3::int is null or year = $3) and ($4::uuid is null or id = $4)
order by book, year, first
"""

_MONTH = """
select e.number, e.volume, e.status, e.reason, e.summary, e.quantity, e.at, e.block_id,
       e.dossier_id, d.code
from register_entry e left join dossier d on d.tenant_id = e.tenant_id and d.id = e.dossier_id
where e.tenant_id = $1 and e.register = $2 and e.year = $3
  and ($4::int is null
       or extract(month from e.taken_at at time zone 'Asia/Ho_Chi_Minh')::int = $4)
order by e.number
"""


async def begin(
    work: Work, key: Key, title: str, first: int, volumes: Sequence[Any], basis: str
) -> bool:
    """Begin a book at *first*; whether it was new, or had no number yet."""
    args = (*key, title, first, msgspec.json.encode(volumes).decode(), basis)
    return await work.fetchrow(_BEGIN, work.tenant_id, *args) is not None


async def lock(work: Work, key: Key) -> Any:
    """The row of a book, locked; ``None``: there is none."""
    return await work.fetchrow(_LOCK, work.tenant_id, *key)


async def set_volumes(work: Work, key: Key, volumes: Sequence[Any]) -> None:
    """Store the volumes of a locked book."""
    await work.execute(
        "update register set volumes = $4 where tenant_id = $1 and book = $2 and year = $3",
        work.tenant_id,
        *key,
        msgspec.json.encode(volumes).decode(),
    )


async def read_books(work: Work, book: str | None, year: int | None) -> list[Any]:
    """The rows of books, the latest year first."""
    return await work.fetch(_BOOKS, work.tenant_id, book, year)


async def read_totals(work: Work, book: str | None, year: int | None) -> list[Any]:
    """What stands in books, a row for each volume."""
    return await work.fetch(_TOTALS, work.tenant_id, book, year)


async def read_waiting(work: Work, book: str | None, year: int | None) -> dict[Key, list[int]]:
    """Numbers reserved for texts that are not signed yet, by book."""
    found: dict[Key, list[int]] = {}
    for row in await work.fetch(_WAITING, work.tenant_id, book, year):
        found.setdefault((row["register"], row["year"]), []).append(row["number"])
    return found


async def read_blocks(
    work: Work, book: str | None = None, year: int | None = None, block_id: UUID | None = None
) -> list[Any]:
    """Blocks of numbers, and which of them are unused."""
    return await work.fetch(_BLOCKS, work.tenant_id, book, year, block_id)


async def read_lines(work: Work, key: Key, month: int | None) -> list[Any]:
    """The lines of a book with the codes of their dossiers."""
    return await work.fetch(_MONTH, work.tenant_id, *key, month)
