"""The queue at the counter: taking a number, calling it, and what became of it."""

import datetime as dt
from typing import Any, Literal
from uuid import UUID

import asyncpg
import msgspec

from motcua.domain.calendar import VN
from motcua.domain.dossier import Role
from motcua.domain.errors import MotCuaError
from motcua.domain.life import Actor
from motcua.domain.queue import Queue, queue_of, ticket_code
from motcua.services.house import Desk, House
from motcua.services.receive import ended
from motcua.storage.work import Work, work

SERVING = frozenset({Role.RECEPTION, Role.FIELD, Role.CASHIER, Role.HEAD})
"""Who may sit at a window."""
State = Literal["waiting", "called", "done", "absent"]
What = Literal["again", "absent", "done", "move", "priority"]


class NoQueueError(MotCuaError):
    """The unit has no queue with numbers, no such line, or no such window."""

    code = "queue.none"
    status = 404


class NotServingError(MotCuaError):
    """Somebody signed in who does not sit at a window."""

    code = "queue.not-serving"
    status = 403


class TicketGoneError(MotCuaError):
    """A ticket is no longer as the officer saw it: a colleague was faster."""

    code = "queue.ticket-gone"
    status = 409


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """A number somebody has taken.

    Attributes:
        letter: Of the line it was taken for.
        line: The letter of the line it waits in now.
        place: The window it was last called to.
        ahead: How many wait before it.
    """

    id: UUID
    letter: str
    number: int
    line: str
    priority: bool
    state: State
    taken_at: dt.datetime
    place: str = ""
    called_at: dt.datetime | None = None
    calls: int = 0
    visit_id: UUID | None = None
    ahead: int = 0

    @property
    def code(self) -> str:
        """``A012``."""
        return ticket_code(self.letter, self.number)


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A window: whom it serves now, and how many wait for it."""

    name: str
    ticket: Ticket | None
    waiting: int


def queue(house: House, desk: Desk) -> Queue:
    """The queue of a unit that is at work.

    Raises:
        NoQueueError: it has none.
    """
    found = queue_of(desk.settings)
    if found is None or ended(desk, house.now()):
        raise NoQueueError
    return found


async def take(house: House, desk: Desk, letter: str, *, priority: bool = False) -> Ticket:
    """Take the next number of a line; numbers of a letter and a day have no gap.

    Raises:
        NoQueueError: there is no such line.
    """
    if queue(house, desk).line(letter) is None:
        raise NoQueueError
    now = house.now()
    args = (_series(letter), _day(now), house.new_id(), letter, priority, now)
    async with work(house.engine, desk.id) as writing:
        return _ticket(await writing.fetchrow(_TAKE, desk.id, *args))


async def ticket(house: House, desk: Desk, ticket_id: UUID) -> Ticket:
    """A ticket of today, and how many wait before it.

    Raises:
        NoQueueError: there is none.
    """
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_TICKET, desk.id, ticket_id, _day(house.now()))
    if row is None:
        raise NoQueueError
    return _ticket(row)


async def call(
    house: House, desk: Desk, actor: Actor, place: str, seen: UUID | None
) -> Ticket | None:
    """End what the window serves and call whoever is next; ``None``: nobody waits.

    People with priority come first, then who has waited longest. Two windows that call
    at once never call the same ticket. Whoever presses twice calls once.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: The officer.
        place: The window.
        seen: The ticket the window served when the officer decided to call.

    Raises:
        NotServingError: the officer sits at no window.
        NoQueueError: there is no such window.
    """
    found = require_serving(house, desk, actor)
    if found.window(place) is None:
        raise NoQueueError
    try:
        return await _called(house, desk, actor, place, seen, found.served_at(place))
    except asyncpg.UniqueViolationError:  # the same window called in the same instant
        return await _called(house, desk, actor, place, seen, found.served_at(place))


async def _called(
    house: House, desk: Desk, actor: Actor, place: str, seen: UUID | None, lines: tuple[str, ...]
) -> Ticket | None:
    now = house.now()
    async with work(house.engine, desk.id) as writing:
        serves = await writing.fetchrow(_SERVES, desk.id, _day(now), place)
        if serves and serves["id"] != seen:
            return _ticket(serves)
        await writing.execute(_END, desk.id, seen, now)
        args = (_day(now), list(lines), place, actor.id, now)
        row = await writing.fetchrow(_CALL, desk.id, *args)
    return _ticket(row) if row else None


async def change(
    house: House,
    desk: Desk,
    actor: Actor,
    ticket_id: UUID,
    what: What,
    *,
    place: str = "",
    line: str = "",
) -> Ticket:
    """Call a ticket again, end it, note that nobody came, move it to a line, let it go first.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: The officer.
        ticket_id: The ticket.
        what: What becomes of it.
        place: The officer's window; what a colleague has called since is left alone.
        line: Where it is moved to.

    Raises:
        NotServingError: the officer sits at no window.
        NoQueueError: there is no such window or line.
        TicketGoneError: it is not in a state for that any more.
    """
    found = require_serving(house, desk, actor)
    if what == "again" and found.window(place) is None:
        raise NoQueueError
    if what == "move" and found.line(line) is None:
        raise NoQueueError
    try:
        return await _changed(house, desk, actor, ticket_id, what, place, line)
    except asyncpg.UniqueViolationError:  # the window called another one in the same instant
        return await _changed(house, desk, actor, ticket_id, what, place, line)


async def _changed(
    house: House, desk: Desk, actor: Actor, ticket_id: UUID, what: What, place: str, line: str
) -> Ticket:
    now = house.now()
    args: dict[What, tuple[Any, ...]] = {
        "again": (place, actor.id, now),
        "absent": (now, place),
        "done": (now, place),
        "move": (line, place),
        "priority": (),
    }
    async with work(house.engine, desk.id) as writing:
        if what == "again":
            await _leave(writing, place, ticket_id, now)
        sql = _CHANGE[what]
        row = await writing.fetchrow(sql, desk.id, ticket_id, _day(now), *args[what])
    if row is None:
        raise TicketGoneError
    return _ticket(row)


async def window(house: House, desk: Desk, place: str) -> Window | None:
    """How one window stands; ``None``: the unit has none of that name."""
    found = queue_of(desk.settings)
    if found is None or found.window(place) is None:
        return None
    args = (_day(house.now()), place, list(found.served_at(place)))
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_WINDOW, desk.id, *args)
    ticket = msgspec.json.decode(row["ticket"], type=Ticket) if row["ticket"] else None
    return Window(name=place, ticket=ticket, waiting=row["waiting"])


async def today(house: House, desk: Desk, actor: Actor) -> list[Ticket]:
    """Today's tickets that wait, are called or whose people did not come; as they come next.

    Raises:
        NotServingError: the officer sits at no window.
    """
    require_serving(house, desk, actor)
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_TODAY, desk.id, _day(house.now()))
    return [_ticket(row) for row in rows]


def require_serving(house: House, desk: Desk, actor: Actor) -> Queue:
    """The queue, for somebody who may sit at a window.

    Raises:
        NoQueueError: the unit has none.
        NotServingError: the officer sits at no window.
    """
    found = queue(house, desk)
    if not SERVING & set(actor.roles):
        raise NotServingError(name=actor.name)
    return found


async def _leave(writing: Work, place: str, ticket_id: UUID, now: dt.datetime) -> None:
    """End whatever else the window serves: it serves one ticket at a time."""
    await writing.execute(_LEAVE, writing.tenant_id, _day(now), place, ticket_id, now)


def _series(letter: str) -> str:
    return f"queue {letter}"


def _day(now: dt.datetime) -> dt.date:
    return now.astimezone(VN).date()


def _ticket(row: Any) -> Ticket:
    return msgspec.convert({k: v for k, v in row.items() if v is not None}, Ticket)


_COLUMNS = """
id, letter, number, line, priority, state, taken_at, place, called_at, calls, visit_id
"""

_TAKE = f"""
with numbered as (
  insert into counter as c (tenant_id, kind, period, n) values ($1, $2, $3::date::text, 1)
  on conflict (tenant_id, kind, period) do update set n = c.n + 1 returning n)
insert into queue_ticket
  (tenant_id, id, day, letter, number, line, priority, state, taken_at, calls)
select $1, $4, $3, $5, n, $5, $6, 'waiting', $7, 0 from numbered
returning {_COLUMNS}
"""  # noqa: S608 - columns of our own

_TICKET = f"""
select {_COLUMNS}, (
  select count(*)::int from queue_ticket b
  where b.tenant_id = t.tenant_id and b.day = t.day and b.line = t.line and b.state = 'waiting'
    and (not b.priority, b.taken_at, b.id) < (not t.priority, t.taken_at, t.id)) as ahead
from queue_ticket t where tenant_id = $1 and id = $2 and day = $3
"""  # noqa: S608 - columns of our own

_SERVES = f"""
select {_COLUMNS} from queue_ticket
where tenant_id = $1 and day = $2 and place = $3 and state = 'called' for update
"""  # noqa: S608 - columns of our own

_END = """
update queue_ticket set state = 'done', ended_at = $3
where tenant_id = $1 and id = $2 and state = 'called'
"""

_CALL = f"""
update queue_ticket t set state = 'called', place = $4, called_by = $5, called_at = $6, calls = 1
where t.tenant_id = $1 and t.id = (
  select id from queue_ticket
  where tenant_id = $1 and day = $2 and line = any($3) and state = 'waiting'
  order by priority desc, taken_at, id limit 1 for update skip locked)
returning {_COLUMNS}
"""  # noqa: S608 - columns of our own

_LEAVE = """
update queue_ticket set state = 'done', ended_at = $5
where tenant_id = $1 and day = $2 and place = $3 and state = 'called' and id <> $4
"""


def _changing(sets: str, states: str, place: str = "''") -> str:
    """SQL that changes a ticket of today that is in one of *states*.

    One that was called is changed at the window it was called to, if *place* says which.
    """
    return (
        f"update queue_ticket set {sets} where tenant_id = $1 and id = $2 and day = $3"  # noqa: S608 - words of our own
        f" and state in ({states}) and (state <> 'called' or {place} in ('', place))"
        f" returning {_COLUMNS}"
    )


_RECALL = "state = 'called', place = $4, called_by = $5, called_at = $6, ended_at = null"
_CHANGE: dict[What, str] = {
    "again": _changing(f"{_RECALL}, calls = calls + 1", "'called', 'absent'", "$4::text"),
    "absent": _changing("state = 'absent', ended_at = $4", "'called'", "$5::text"),
    "done": _changing("state = 'done', ended_at = $4", "'called'", "$5::text"),
    "move": _changing(
        "state = 'waiting', line = $4, place = null", "'called', 'waiting', 'absent'", "$5::text"
    ),
    "priority": _changing("priority = not priority", "'waiting'"),
}

_WINDOW = f"""
select (select to_jsonb(t)::text from (
          select {_COLUMNS} from queue_ticket
          where tenant_id = $1 and day = $2 and place = $3 and state = 'called') t) as ticket,
       (select count(*)::int from queue_ticket
        where tenant_id = $1 and day = $2 and line = any($4) and state = 'waiting') as waiting
"""  # noqa: S608 - columns of our own

_TODAY = f"""
select {_COLUMNS} from queue_ticket where tenant_id = $1 and day = $2 and state <> 'done'
order by state, priority desc, taken_at, id
"""  # noqa: S608 - columns of our own
