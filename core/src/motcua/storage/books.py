"""Reading and writing books: the row of a book is the lock of its series."""

from collections.abc import Iterable, Mapping
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
