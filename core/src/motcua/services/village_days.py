"""Village days (ngày lưu động): certification away from the office, on paper, entered afterwards.

Before it, a block of numbers is reserved for each kind of paper
(:mod:`motcua.services.village_plan`) and printed on sheets
(:mod:`motcua.services.village_packet`). Afterwards the sheets are entered line by line
(:mod:`motcua.services.village_sheets`), each line as a later entry of its block. Closing
the day makes void what was not used.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.errors import MotCuaError
from motcua.domain.life import Actor
from motcua.services import blocks
from motcua.services.book_rights import KEEP, require
from motcua.services.house import Desk, House
from motcua.services.reading import require_reader
from motcua.storage.work import Work, work

LINES = 15
"""Lines of one printed sheet."""


class DayLine(msgspec.Struct, frozen=True, kw_only=True):
    """A village day in a list.

    Attributes:
        spans: The numbers of each book that were taken along.
    """

    id: UUID
    day: dt.date
    place: str
    closed_at: dt.datetime | None
    spans: tuple[str, ...]
    used: int
    left: int


class UnknownVillageDayError(MotCuaError):
    """The tenant has no such village day."""

    code = "village.unknown"
    status = 404


class VillageDayClosedError(MotCuaError):
    """The village day was closed."""

    code = "village.closed"
    status = 409


class Number(msgspec.Struct, frozen=True, kw_only=True):
    """A number that was taken along and what became of it.

    Attributes:
        status: As in the book: ``reserved`` is unused, ``issued`` or ``void``.
        fee: What the dossier costs, in VND.
    """

    number: int
    status: str
    reason: str = ""
    dossier: UUID | None = None
    code: str = ""
    name: str = ""
    at: dt.datetime | None = None
    fee: int = 0
    cash: int = 0
    transfer: int = 0


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of paper with its block of numbers."""

    procedure: str
    block: UUID
    book: str
    year: int
    reserved_at: dt.datetime
    closed: bool
    numbers: tuple[Number, ...]

    def count(self, status: str) -> int:
        """How many of its numbers have a *status*."""
        return sum(each.status == status for each in self.numbers)


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """One printed sheet of the packet: some numbers of one kind, in their order."""

    at: int
    sheet: Sheet
    numbers: tuple[Number, ...]


class VillageDay(msgspec.Struct, frozen=True, kw_only=True):
    """A village day as it stands."""

    id: UUID
    day: dt.date
    place: str
    officer: str
    signers: tuple[str, ...]
    made_at: dt.datetime
    made_by: str
    closed_at: dt.datetime | None
    closed_by: str
    sheets: tuple[Sheet, ...]

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The printed sheets, numbered through."""
        parts = [
            (sheet, sheet.numbers[first : first + LINES])
            for sheet in self.sheets
            for first in range(0, len(sheet.numbers), LINES)
        ]
        return tuple(Leaf(at=n + 1, sheet=s, numbers=part) for n, (s, part) in enumerate(parts))

    def count(self, status: str) -> int:
        """How many of its numbers have a *status*."""
        return sum(sheet.count(status) for sheet in self.sheets)

    @property
    def owed(self) -> int:
        """What is still to be paid for what was entered."""
        entered = [each for sheet in self.sheets for each in sheet.numbers]
        return sum(max(0, each.fee - each.cash - each.transfer) for each in entered)

    def money(self, way: str) -> int:
        """What was taken by ``cash`` or ``transfer``, less what was given back."""
        return sum(getattr(each, way) for sheet in self.sheets for each in sheet.numbers)


async def days(house: House, desk: Desk, actor: Actor) -> list[DayLine]:
    """The latest village days, the open ones first.

    Raises:
        RoleNotAllowedError: the actor does not read dossiers.
    """
    require_reader(actor)
    async with work(house.engine, desk.id) as reading:
        rows: list[Any] = await reading.fetch(_LINES, desk.id)
    return [msgspec.json.decode(row[0], type=DayLine) for row in rows]


async def of_blocks(house: House, desk: Desk) -> dict[UUID, UUID]:
    """The open village day that each block belongs to."""
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_OF_BLOCKS, desk.id)
    return {row["block_id"]: row["day_id"] for row in rows}


async def day(house: House, desk: Desk, actor: Actor, id_: UUID) -> VillageDay:
    """One village day.

    Raises:
        RoleNotAllowedError: the actor does not read dossiers.
        UnknownVillageDayError: the tenant has none such.
    """
    require_reader(actor)
    async with work(house.engine, desk.id) as reading:
        return await one(reading, id_)


async def one(reading: Work, id_: UUID) -> VillageDay:
    """The same, in an open transaction."""
    row = await reading.fetchrow(_READ, reading.tenant_id, id_)
    if row is None:
        raise UnknownVillageDayError(day=str(id_))
    return msgspec.json.decode(row[0], type=VillageDay)


async def locked(writing: Work, id_: UUID) -> VillageDay:
    """An open village day that nobody else enters into or closes until the end.

    Raises:
        UnknownVillageDayError: the tenant has none such.
        VillageDayClosedError: it is closed.
    """
    await writing.execute(_LOCK, writing.tenant_id, id_)
    found = await one(writing, id_)
    if found.closed_at is not None:
        raise VillageDayClosedError(day=f"{found.day:%d/%m/%Y}", who=found.closed_by)
    return found


async def close(
    house: House,
    desk: Desk,
    actor: Actor,
    id_: UUID,
    reason: str,
    reasons: Mapping[tuple[UUID, int], str] | None = None,
) -> VillageDay:
    """Close a village day: numbers nothing was entered for become void.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who closes it.
        id_: The day.
        reason: Why the unused numbers are void.
        reasons: Other reasons, by block and number: spoilt sheets and the like.

    Raises:
        RoleNotAllowedError: the actor does not keep books.
        UnknownVillageDayError: the tenant has none such.
        VillageDayClosedError: it is closed already.
        InvalidAnswersError: there is no reason.
    """
    require(actor, KEEP)
    async with work(house.engine, desk.id) as writing:
        found = await locked(writing, id_)
        open_now = [each for each in found.sheets if not each.closed]
        for sheet in sorted(open_now, key=lambda each: (each.book, each.year)):
            own = {n: told for (block, n), told in (reasons or {}).items() if block == sheet.block}
            await blocks.close_block(house, desk, actor, sheet.block, reason, own)
        await writing.execute(_CLOSE, desk.id, id_, house.now(), actor.name)
        return await one(writing, id_)


_LOCK = "select 1 from village_day where tenant_id = $1 and id = $2 for update"

_OF_BLOCKS = """
select s.block_id, s.day_id from village_day v
join village_sheet s on s.tenant_id = v.tenant_id and s.day_id = v.id
where v.tenant_id = $1 and v.closed_at is null
"""

_CLOSE = "update village_day set closed_at = $3, closed_by = $4 where tenant_id = $1 and id = $2"

_READ = """
with lines as (
  select e.block_id, e.number, json_build_object(
    'number', e.number, 'status', e.status, 'reason', e.reason, 'dossier', d.id,
    'code', coalesce(d.code, ''), 'name', coalesce(d.applicant ->> 'name', ''),
    'at', d.received_at,
    'fee', coalesce((select sum(f.amount) from fee_line f
                     where f.tenant_id = d.tenant_id and f.dossier_id = d.id), 0)::bigint,
    'cash', coalesce(m.cash, 0), 'transfer', coalesce(m.transfer, 0)) as line
  from village_sheet s
  join register_entry e on e.tenant_id = s.tenant_id and e.block_id = s.block_id
  left join dossier d on d.tenant_id = e.tenant_id and d.id = e.dossier_id
  left join lateral (
    select (sum(t.signed) filter (where t.way = 'cash'))::bigint as cash,
      (sum(t.signed) filter (where t.way = 'transfer'))::bigint as transfer
    from (select p.way, case p.kind when 'payment' then x.amount else -x.amount end as signed
          from payment_part x join payment p on p.tenant_id = x.tenant_id and p.id = x.payment_id
          where x.tenant_id = d.tenant_id and x.dossier_id = d.id) t) m on true
  where s.tenant_id = $1 and s.day_id = $2)
select json_build_object(
  'id', v.id, 'day', v.day, 'place', v.place, 'officer', v.officer, 'signers', v.signers,
  'made_at', v.made_at, 'made_by', v.made_by, 'closed_at', v.closed_at, 'closed_by', v.closed_by,
  'sheets', coalesce((
    select json_agg(json_build_object(
      'procedure', s.procedure_code, 'block', b.id, 'book', b.book, 'year', b.year,
      'reserved_at', b.reserved_at,
      'closed', b.closed_at is not null,
      'numbers', coalesce((select json_agg(l.line order by l.number) from lines l
                           where l.block_id = b.id), '[]')) order by s.place)
    from village_sheet s
    join register_block b on b.tenant_id = s.tenant_id and b.id = s.block_id
    where s.tenant_id = v.tenant_id and s.day_id = v.id), '[]'))::text
from village_day v where v.tenant_id = $1 and v.id = $2
"""

_LINES = """
select json_build_object('id', v.id, 'day', v.day, 'place', v.place, 'closed_at', v.closed_at,
  'spans', coalesce(n.spans, '[]'), 'used', coalesce(n.used, 0), 'left', coalesce(n.open, 0))::text
from village_day v left join lateral (
  select json_agg(b.book || ': ' || b.first || '–' || b.last order by s.place) as spans,
    sum(e.used)::int as used, sum(e.open)::int as open
  from village_sheet s
  join register_block b on b.tenant_id = s.tenant_id and b.id = s.block_id
  cross join lateral (
    select count(*) filter (where status = 'issued') as used,
      count(*) filter (where status = 'reserved') as open
    from register_entry where tenant_id = s.tenant_id and block_id = s.block_id) e
  where s.tenant_id = v.tenant_id and s.day_id = v.id) n on true
where v.tenant_id = $1
order by v.closed_at is not null, v.day desc, v.id desc limit 30
"""
