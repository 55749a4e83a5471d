"""Closing the day at the counter: what was done, what is in the till, what is still open.

A closing takes in everything since the one before: of money, every entry whose number in
its series comes after those closed already. Numbers have no gap and are given one after
the other, so no entry can fall between two closings or into both; money taken after a
closing belongs to the next day's.
"""

import datetime as dt
from typing import Any

import asyncpg
import msgspec

from motcua.domain.calendar import VN
from motcua.domain.dossier import IN_PROCESS, Role, State
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Actor
from motcua.domain.money import label, spoken
from motcua.domain.queue import ticket_code
from motcua.services.house import Desk, House
from motcua.storage import books
from motcua.storage.work import Work, work

CLOSERS = frozenset({Role.RECEPTION, Role.CASHIER, Role.HEAD})
"""Who may close the day."""


class NotClosingError(MotCuaError):
    """Somebody signed in who does not close the day."""

    code = "day.not-allowed"
    status = 403


class MustFirstError(MotCuaError):
    """Something must be done before the day can be closed."""

    code = "day.must-first"
    status = 409


class MovedOnError(MotCuaError):
    """Money was taken, or given back, since the officer counted."""

    code = "day.moved-on"
    status = 409


class ClosedError(MotCuaError):
    """The day is closed already."""

    code = "day.closed"
    status = 409


class UnknownClosingError(MotCuaError):
    """No closing of that day was kept."""

    code = "day.unknown"
    status = 404


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """Entries of one kind in one series: from which number to which, how many, how much."""

    kind: str
    series: str
    year: int
    first: int
    last: int
    count: int
    cash: int
    transfer: int

    @property
    def span(self) -> tuple[str, str]:
        """The first and the last number as receipts say them."""
        return (
            label(self.series, self.year, self.first),
            label(self.series, self.year, self.last),
        )

    @property
    def sign(self) -> int:
        """Whether it came in or went out."""
        return 1 if self.kind == "payment" else -1


class TakenBack(msgspec.Struct, frozen=True, kw_only=True):
    """Money given back, or a payment undone, and why."""

    kind: str
    receipt: str
    of: str
    amount: int
    way: str
    reason: str
    staff: str


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """A day at the counter, up to a moment.

    Attributes:
        since: When the closing before was; none: there was none.
        received: Dossiers received since then.
        returned: Results returned since then.
        money: Entries of the ledger, by kind and series.
        back: Money given back and payments undone, one by one.
        reserved: Numbers of books that wait for their texts to be signed, by book and year.
        at_windows: Numbers of the queue still at a window.
        unserved: Numbers of the queue nobody has called.
        absent: Numbers called without anybody coming.
        due: Dossiers due by today that are still in process.
        transfers: Transfers somebody told of that no officer has answered.
    """

    day: dt.date
    since: dt.datetime | None
    received: int
    returned: int
    money: tuple[Series, ...] = ()
    back: tuple[TakenBack, ...] = ()
    reserved: tuple[tuple[str, int, tuple[int, ...]], ...] = ()
    at_windows: tuple[str, ...] = ()
    unserved: tuple[str, ...] = ()
    absent: int = 0
    due: int = 0
    transfers: int = 0

    @property
    def expected(self) -> int:
        """The cash that must be in the till."""
        return sum(each.sign * each.cash for each in self.money)

    @property
    def transferred(self) -> int:
        """What came by transfer, less what went back so."""
        return sum(each.sign * each.transfer for each in self.money)

    @property
    def marks(self) -> dict[str, int]:
        """Up to which number each series is closed by this."""
        return {f"{each.kind}|{each.series}|{each.year}": each.last for each in self.money}


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """A closing that was kept."""

    day: dt.date
    closed_at: dt.datetime
    closed_name: str
    expected: int
    counted: int
    reason: str
    summary: Day

    @property
    def difference(self) -> int:
        """Counted less expected."""
        return self.counted - self.expected


async def today(house: House, desk: Desk, actor: Actor) -> Day:
    """The day as it stands now.

    Raises:
        NotClosingError: the actor does not close the day.
    """
    _require_closer(actor)
    async with work(house.engine, desk.id) as reading:
        return await _day(house, reading)


async def close(
    house: House, desk: Desk, actor: Actor, *, counted: int, reason: str, seen: int
) -> Closing:
    """Close today and keep what was found.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who closes.
        counted: The cash in the till.
        reason: Why it is not what is expected, if it is not.
        seen: The cash the officer was told to expect.

    Raises:
        NotClosingError: the actor does not close the day.
        MustFirstError: somebody is still at a window.
        MovedOnError: what is expected is no longer what was seen.
        ClosedError: the day is closed already.
        InvalidAnswersError: the difference has no reason.
    """
    _require_closer(actor)
    now = house.now()
    async with work(house.engine, desk.id) as writing:
        found, before = await _day(house, writing), await _before(writing)
        if before.day >= found.day:
            raise ClosedError(day=before.day)
        if found.at_windows:
            raise MustFirstError(tickets=", ".join(found.at_windows))
        if found.expected != seen:
            raise MovedOnError(seen=seen, expected=found.expected)
        if counted != found.expected and not reason.strip():
            difference = spoken(counted - found.expected)
            fault = FieldFault("ly_do", "day.reason", difference=difference)
            raise InvalidAnswersError([fault])
        args = (
            *(house.new_id(), found.day, now, actor.id, actor.name),
            *(found.expected, counted, reason.strip() if counted != found.expected else ""),
            msgspec.json.encode(before.marks | found.marks).decode(),
            msgspec.json.encode(found).decode(),
        )
        try:
            await writing.execute(_KEEP, desk.id, *args)
        except asyncpg.UniqueViolationError as error:
            raise ClosedError(day=found.day) from error
    return await closing(house, desk, actor, found.day)


async def closing(house: House, desk: Desk, actor: Actor, day: dt.date) -> Closing:
    """The closing of a day.

    Raises:
        NotClosingError: the actor does not close days.
        UnknownClosingError: that day was not closed.
    """
    _require_closer(actor)
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_CLOSING, desk.id, day)
    if row is None:
        raise UnknownClosingError(day=day)
    return msgspec.json.decode(row[0], type=Closing)


async def closed_days(house: House, desk: Desk, actor: Actor) -> list[tuple[dt.date, str, int]]:
    """The latest closings: the day, who closed it, by how much the till was off.

    Raises:
        NotClosingError: the actor does not close days.
    """
    _require_closer(actor)
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_CLOSED, desk.id)
    return [(row["day"], row["closed_name"], row["difference"]) for row in rows]


class _Before(msgspec.Struct, frozen=True):
    """The closing before."""

    day: dt.date = dt.date.min
    closed_at: dt.datetime | None = None
    marks: dict[str, int] = {}


class _Counts(msgspec.Struct, frozen=True, kw_only=True):
    received: int
    returned: int
    due: int
    transfers: int
    tickets: list[tuple[str, int, str]]


async def _day(house: House, reading: Work) -> Day:
    now, today = house.now(), house.today()
    before = await _before(reading)
    day = await _day_to_close(reading, before, today)
    since = before.closed_at or _midnight(day)
    tenant = reading.tenant_id
    states = [each.value for each in (*IN_PROCESS, State.RESULT_READY)]
    tomorrow = _midnight(today + dt.timedelta(days=1))
    row = await reading.fetchrow(_COUNTS, tenant, since, now, day, states, tomorrow)
    counts = msgspec.json.decode(row[0], type=_Counts)
    marks = msgspec.json.encode(before.marks).decode()
    money = await reading.fetch(_MONEY, tenant, marks)
    back = await reading.fetch(_BACK, tenant, marks)
    reserved = await books.read_waiting(reading, None, None)
    return Day(
        day=day,
        since=before.closed_at,
        received=counts.received,
        returned=counts.returned,
        due=counts.due,
        transfers=counts.transfers,
        money=tuple(msgspec.convert(dict(each), Series) for each in money),
        back=tuple(_taken_back(each) for each in back),
        reserved=tuple((book, year, tuple(found)) for (book, year), found in reserved.items()),
        at_windows=_codes(counts, "called") if day == today else (),
        unserved=_codes(counts, "waiting"),
        absent=sum(state == "absent" for _, _, state in counts.tickets),
    )


async def _day_to_close(reading: Work, before: _Before, today: dt.date) -> dt.date:
    """The day that was forgotten, as long as no money of today would fall into it; else today."""
    marks = msgspec.json.encode(before.marks).decode()
    row = await reading.fetchrow(
        _LATEST, reading.tenant_id, marks, before.closed_at, _midnight(today)
    )
    latest = row["latest"]
    day = today if latest is None else latest.astimezone(VN).date()
    return day if before.day < day < today else today


async def _before(reading: Work) -> _Before:
    row = await reading.fetchrow(_LAST, reading.tenant_id)
    return _Before() if row is None else msgspec.json.decode(row[0], type=_Before)


def _codes(counts: _Counts, wanted: str) -> tuple[str, ...]:
    return tuple(
        ticket_code(letter, number) for letter, number, state in counts.tickets if state == wanted
    )


def _taken_back(row: Any) -> TakenBack:
    return TakenBack(
        kind=row["kind"],
        receipt=label(row["series"], row["year"], row["number"]),
        of=label(row["of_series"], row["of_year"], row["of_number"]),
        amount=row["amount"],
        way=row["way"],
        reason=row["reason"],
        staff=row["staff"],
    )


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), VN)


def _require_closer(actor: Actor) -> None:
    if not CLOSERS & set(actor.roles):
        raise NotClosingError(name=actor.name)


_LAST = """
select json_build_object('day', day, 'closed_at', closed_at, 'marks', marks)::text
from day_closing where tenant_id = $1 order by closed_at desc limit 1
"""

_COUNTS = """
with late as (
  select d.received_at, d.returned_at from dossier d
    join dossier_event e on e.tenant_id = d.tenant_id and e.dossier_id = d.id and e.seq = 1
  where d.tenant_id = $1 and not d.mistake
    and d.id in (select r.dossier_id from register_entry r
                 join register_block b on b.tenant_id = r.tenant_id and b.id = r.block_id
                 where b.tenant_id = $1 and (b.closed_at is null or b.closed_at > $2))
    and (e.data #>> '{entered,at}')::timestamptz > $2
    and (e.data #>> '{entered,at}')::timestamptz <= $3)
select json_build_object(
  'received', (select count(*) from dossier where tenant_id = $1 and not mistake
               and received_at > $2 and received_at <= $3)
              + (select count(*) from late where received_at <= $2),
  'returned', (select count(*) from dossier where tenant_id = $1 and not mistake
               and returned_at > $2 and returned_at <= $3)
              + (select count(*) from late where returned_at <= $2),
  'due', (select count(*) from dossier
          where tenant_id = $1 and state = any($5) and due_at < $6),
  'transfers', (select count(*) from transfer where tenant_id = $1 and state = 'told'),
  'tickets', coalesce((select json_agg(json_build_array(letter, number, state)
                                       order by letter, number)
                       from queue_ticket
                       where tenant_id = $1 and day = $4 and state <> 'done'), '[]'))::text
"""

_NEW = "p.number > coalesce(($2::jsonb ->> (p.kind || '|' || p.series || '|' || p.year))::int, 0)"

_MONEY = f"""
select p.kind, p.series, p.year, min(p.number) as first, max(p.number) as last,
  count(*)::int as count,
  coalesce(sum(p.amount) filter (where p.way = 'cash'), 0)::bigint as cash,
  coalesce(sum(p.amount) filter (where p.way = 'transfer'), 0)::bigint as transfer
from payment p where p.tenant_id = $1 and {_NEW}
group by p.kind, p.series, p.year order by p.kind, p.series, p.year
"""  # noqa: S608 - words of our own

_LATEST = f"""
select greatest(
  (select max(p.at) from payment p where p.tenant_id = $1 and {_NEW}),
  (select max(received_at) from dossier where tenant_id = $1 and not mistake
   and received_at > $3 and received_at < $4)) as latest
"""  # noqa: S608 - words of our own

_BACK = f"""
select p.kind, p.series, p.year, p.number, p.amount, p.way, p.reason, p.staff,
  o.series as of_series, o.year as of_year, o.number as of_number
from payment p join payment o on o.tenant_id = p.tenant_id and o.id = p.of_id
where p.tenant_id = $1 and {_NEW} order by p.at, p.id
"""  # noqa: S608 - words of our own

_KEEP = """
insert into day_closing (tenant_id, id, day, closed_at, closed_by, closed_name,
                         expected, counted, reason, marks, summary)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11::jsonb)
"""

_CLOSING = """
select json_build_object('day', day, 'closed_at', closed_at, 'closed_name', closed_name,
  'expected', expected, 'counted', counted, 'reason', reason, 'summary', summary)::text
from day_closing where tenant_id = $1 and day = $2
"""

_CLOSED = """
select day, closed_name, counted - expected as difference
from day_closing where tenant_id = $1 order by day desc limit 31
"""
