"""A book's page as it is printed each month, bound, and stamped (rules §15.4)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.life import Actor
from motcua.services.books import Book, one, printed_number
from motcua.services.house import Desk, House
from motcua.services.reading import require_reader
from motcua.services.readlog import log_all
from motcua.storage.work import work


class PageLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the page.

    Attributes:
        on: When it came into its status: for an issued one, the moment of the signature,
            also where its number was taken after it.
        requester: Who asked; whoever reads it is logged.
        fee: What the whole dossier cost, on the first of its lines; ``None`` elsewhere.
    """

    number: int
    printed: str
    status: str
    reason: str
    on: dt.datetime
    requester: str
    subject: str
    quantity: int | None
    signer: str
    title: str
    fee: int | None
    code: str
    block: bool


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A month of a book, or all of it."""

    book: Book
    lines: tuple[PageLine, ...]


_LINES = """
select e.number, e.volume, e.status, e.reason, coalesce(s.at, e.at) as at, e.summary,
  e.quantity, e.block_id, e.dossier_id, d.code, d.applicant ->> 'name' as requester,
  s.name, s.title,
  case when e.status = 'issued' and e.line = 1 then
    (select sum(f.amount)::bigint from fee_line f
     where f.tenant_id = e.tenant_id and f.dossier_id = e.dossier_id) end as fee
from register_entry e
left join dossier d on d.tenant_id = e.tenant_id and d.id = e.dossier_id
left join lateral (
  select v.at, v.data -> 'signer' ->> 'title' as title,
         case jsonb_typeof(v.data -> 'signer')
           when 'object' then v.data -> 'signer' ->> 'full_name'
           when 'string' then v.data ->> 'signer'
           else v.actor end as name
  from dossier_event v where v.tenant_id = e.tenant_id and v.dossier_id = e.dossier_id
    and v.transition = 'T18' order by v.seq desc limit 1) s on e.status = 'issued'
where e.tenant_id = $1 and e.register = $2 and e.year = $3
  and ($4::int is null
       or extract(month from e.taken_at at time zone 'Asia/Ho_Chi_Minh')::int = $4)
order by e.number
"""


async def sheet(
    house: House, desk: Desk, actor: Actor, book: str, year: int, month: int | None
) -> Sheet:
    """A page of a book with the people in it; that it was read is logged for each dossier.

    Raises:
        RoleNotAllowedError: the actor may not read dossiers.
        UnknownBookError: there is no such book.
    """
    require_reader(actor)
    async with work(house.engine, desk.id) as reading:
        found = await one(reading, (book, year))
        rows = await reading.fetch(_LINES, desk.id, book, year, month)
        await log_all(house, reading, actor, _dossiers(rows), "register")
    return Sheet(book=found, lines=tuple(_line(row, book, year) for row in rows))


def _dossiers(rows: Iterable[Any]) -> list[UUID]:
    return list(dict.fromkeys(row["dossier_id"] for row in rows if row["dossier_id"] is not None))


def _line(row: Any, book: str, year: int) -> PageLine:
    return PageLine(
        number=row["number"],
        printed=printed_number(row["number"], row["volume"], year, book),
        status=row["status"],
        reason=row["reason"],
        on=row["at"],
        requester=row["requester"] or "",
        subject=row["summary"],
        quantity=row["quantity"],
        signer=row["name"] or "",
        title=row["title"] or "",
        fee=row["fee"],
        code=row["code"] or "",
        block=row["block_id"] is not None,
    )
