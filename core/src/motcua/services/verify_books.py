"""Whether books fit together: series, volumes, blocks, and what was closed.

What the lines of a dossier say is held against its events elsewhere; here stands
what no dossier tells: numbers of a block, and books as wholes.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from motcua.services.closing import Closed, closed_totals
from motcua.storage.books import read_books
from motcua.storage.work import Work

Found = tuple[str, str, dict[str, object]]
"""Where something does not fit, the key of the text, and what the text names."""

SHOWN = 10
"""How many numbers are named."""

_SERIES = """
with lines as (
  select register as book, year, count(*)::int as lines, min(number) as lowest,
         max(number) as highest, array_agg(number) as numbers
  from register_entry where tenant_id = $1 group by 1, 2)
select book, year, coalesce(r.last, 0) as n, coalesce(l.lines, 0) as lines,
  array(select g from (select generate_series(r.first, greatest(r.last, l.highest)) as g) as every
        where g <> all (coalesce(l.numbers, '{}')) limit $2) as missing
from (select * from register where tenant_id = $1) r full join lines l using (book, year)
where coalesce(l.lines, 0) is distinct from r.last - r.first + 1
   or coalesce(l.lowest, r.first) <> r.first or coalesce(l.highest, r.last) <> r.last
order by 1, 2
"""
"""Books whose lines are not a series from the first number to the last."""

_VOLUMES = """
select e.register as book, e.year, array_agg(e.number order by e.number) as numbers
from register_entry e join register r
  on r.tenant_id = e.tenant_id and r.book = e.register and r.year = e.year
where e.tenant_id = $1 and e.volume is distinct from (
  select max((v ->> 'volume')::int) from jsonb_array_elements(r.volumes) v
  where (v ->> 'first')::int <= e.number)
group by 1, 2 order by 1, 2
"""
"""Lines that stand in another volume than their number belongs to."""

_STRAY = """
select e.register as book, e.year, array_agg(e.number order by e.number) as numbers
from register_entry e left join register_block b
  on b.tenant_id = e.tenant_id and b.id = e.block_id
where e.tenant_id = $1 and (e.dossier_id is null or e.block_id is not null) and not coalesce(
  b.book = e.register and b.year = e.year and e.number between b.first and b.last
  and case e.status
    when 'reserved' then e.dossier_id is not null or b.closed_at is null
    when 'void' then e.reason <> '' and (e.dossier_id is not null or e.at = b.closed_at)
    else e.dossier_id is not null end, false)
group by 1, 2 order by 1, 2
"""
"""Lines of no dossier or of a block that no block explains."""

_BLOCKS = """
select b.book, b.year, b.first, b.last, count(e.number)::int as lines
from register_block b left join register_entry e
  on e.tenant_id = b.tenant_id and e.block_id = b.id
where b.tenant_id = $1 group by b.id, b.book, b.year, b.first, b.last
having count(e.number) <> b.last - b.first + 1 order by 1, 2, 3
"""
"""Blocks that have lost a line, or got one that is not theirs."""


async def verify_books(reading: Work) -> list[Found]:
    """Everything that does not fit in the books of one tenant."""
    found = [
        (_where(row), "verify.series", _series(row))
        for row in await reading.fetch(_SERIES, reading.tenant_id, SHOWN + 1)
    ]
    for query, detail in ((_VOLUMES, "verify.volume"), (_STRAY, "verify.stray-line")):
        found += [
            (_where(row), detail, {"numbers": shown(row["numbers"])})
            for row in await reading.fetch(query, reading.tenant_id)
        ]
    for row in await reading.fetch(_BLOCKS, reading.tenant_id):
        told = {"first": row["first"], "last": row["last"], "lines": row["lines"]}
        found.append((_where(row), "verify.block", told))
    for row in await read_books(reading, None, None):
        if row["closed_at"] is not None:
            found += await _closed(reading, row)
    return found


async def _closed(reading: Work, row: Any) -> list[Found]:
    """A book that was closed has stayed as it was."""
    stood = _stored(row["totals"])
    stands = await closed_totals(reading, (row["book"], row["year"]))
    if stood == stands:
        return []
    told: dict[str, object] = {"numbers": stood.numbers if stood else "–", "found": stands.numbers}
    return [(_where(row), "verify.closed-book", told)]


def _stored(totals: str | None) -> Closed | None:
    """The totals of a closed book, if they are such as the desk writes."""
    try:
        return msgspec.json.decode(totals or "null", type=Closed)
    except msgspec.ValidationError:
        return None


def _series(row: Any) -> dict[str, object]:
    return {"lines": row["lines"], "counter": row["n"], "missing": shown(row["missing"])}


def _where(row: Any) -> str:
    return f"{row['book']} {row['year']}"


def shown(numbers: Sequence[int]) -> str:
    """The first of *numbers*."""
    told = ", ".join(map(str, numbers[:SHOWN]))
    return f"{told}, …" if len(numbers) > SHOWN else told or "–"
