"""Results that nobody has fetched: where they lie, how long they wait, who was reminded."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import msgspec

from motcua.domain.dossier import Role, RoleNotAllowedError
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Actor
from motcua.services import messages
from motcua.services.house import Desk, House
from motcua.services.reading import require_reader
from motcua.storage.work import work

PAGE = 50
LONGEST = 20
AGAIN_AFTER = dt.timedelta(days=1)
"""Nobody is reminded twice within it."""
_GOOD_FOR = dt.timedelta(days=3)


class NoMessagesError(MotCuaError):
    """Nobody can be reminded: there is no way for messages yet."""

    code = "shelf.no-messages"
    status = 409


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A result that waits, and since when.

    Attributes:
        phone: Whether there is a telephone to remind.
    """

    id: UUID
    version: int
    code: str
    version_id: str
    applicant: str
    phone: bool
    since: dt.datetime
    shelf: str
    reminders: int
    reminded_at: dt.datetime | None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page of results that wait, the longest first; *after* asks for the next one."""

    waiting: tuple[Waiting, ...]
    after: UUID | None


async def waiting(house: House, desk: Desk, actor: Actor, after: UUID | None = None) -> Page:
    """The results that nobody has fetched.

    Raises:
        RoleNotAllowedError: the actor may not read dossiers.
    """
    require_reader(actor)
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_WAITING, desk.id, after, PAGE + 1)
    found = [msgspec.convert(dict(row), Waiting) for row in rows]
    more = len(found) > PAGE
    return Page(waiting=tuple(found[:PAGE]), after=found[PAGE - 1].id if more else None)


async def place(house: House, desk: Desk, actor: Actor, places: dict[UUID, str]) -> None:
    """Write down on which shelf each result lies; an empty one takes it off.

    Raises:
        RoleNotAllowedError: the actor is not at the reception.
        InvalidAnswersError: the name of a shelf is too long.
    """
    _require_reception(actor)
    if any(len(shelf) > LONGEST for shelf in places.values()):
        raise InvalidAnswersError([FieldFault("ke", "field.too-long", most=LONGEST)])
    async with work(house.engine, desk.id) as writing:
        await writing.execute(_PLACE, desk.id, list(places), list(places.values()))


async def remind(house: House, desk: Desk, actor: Actor, dossiers: Sequence[UUID]) -> int:
    """Remind the holders of *dossiers* that their results wait; answers how many were.

    Left out: who gave no telephone, whose result is gone, who was reminded within a day.

    Raises:
        RoleNotAllowedError: the actor is not at the reception.
        NoMessagesError: there is no way for messages.
    """
    _require_reception(actor)
    if not messages.can_deliver(house, desk, messages.PHONE):
        raise NoMessagesError
    now = house.now()
    async with work(house.engine, desk.id) as writing:
        args = (desk.id, list(dossiers), now, now - AGAIN_AFTER)
        rows = await writing.fetch(_REMIND, *args)
        for row in rows:
            words = messages.body_of(desk, "result", code=row["code"])
            where = messages.Reach(messages.PHONE, row["phone"])
            await messages.leave(house, writing, "result", where, words, _GOOD_FOR)
    return len(rows)


def _require_reception(actor: Actor) -> None:
    if Role.RECEPTION not in actor.roles:
        raise RoleNotAllowedError(transition="T20", roles=(Role.RECEPTION,))


_WAITING = """
select d.id, d.version, coalesce(d.code, '') as code, d.version_id,
  coalesce(d.applicant->>'name', '') as applicant,
  coalesce(d.applicant->>'phone', '') <> '' as phone,
  d.finished_at as since, coalesce(s.shelf, '') as shelf, coalesce(s.reminders, 0) as reminders,
  s.reminded_at
from dossier d left join result_shelf s on s.tenant_id = d.tenant_id and s.dossier_id = d.id
where d.tenant_id = $1 and d.state = 'result_ready' and d.finished_at is not null
  and ($2::uuid is null or (d.finished_at, d.id) >
    (select a.finished_at, a.id from dossier a where a.tenant_id = $1 and a.id = $2))
order by d.finished_at, d.id limit $3
"""

_PLACE = """
insert into result_shelf (tenant_id, dossier_id, shelf, reminders)
select d.tenant_id, d.id, given.shelf, 0
from unnest($2::uuid[], $3::text[]) as given (id, shelf)
join dossier d on d.tenant_id = $1 and d.id = given.id and d.state = 'result_ready'
on conflict (tenant_id, dossier_id) do update set shelf = excluded.shelf
"""

_REMIND = """
with due as (
  select d.id, d.code, d.applicant->>'phone' as phone from dossier d
  left join result_shelf s on s.tenant_id = d.tenant_id and s.dossier_id = d.id
  where d.tenant_id = $1 and d.id = any($2) and d.state = 'result_ready'
    and coalesce(d.applicant->>'phone', '') <> ''
    and (s.reminded_at is null or s.reminded_at < $4)
), noted as (
  insert into result_shelf (tenant_id, dossier_id, shelf, reminders, reminded_at)
  select $1, id, '', 1, $3 from due
  on conflict (tenant_id, dossier_id)
    do update set reminders = result_shelf.reminders + 1, reminded_at = excluded.reminded_at
)
select code, phone from due order by code
"""
