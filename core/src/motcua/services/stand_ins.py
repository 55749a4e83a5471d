"""Who does the work of whom while that person is away.

It gives the roles of the absent person that are named, on the days that are named, from
the next request on. Nobody is made a signer by it, and an administrator's or a
supervisor's role is never stood in for.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.dossier import Role
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.plugin.guards import READERS
from motcua.services.change import Asked, Read, change
from motcua.services.house import Desk, House
from motcua.services.staff import by_administrator
from motcua.storage.work import Work, work

ROLES = tuple(role for role in Role if role in READERS)
"""The roles that can be stood in for."""


class UnknownStandInError(MotCuaError):
    """The tenant has nothing of the kind, or it was withdrawn already."""

    code = "stand-in.unknown"
    status = 404


class StandIn(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who stands in.

    Attributes:
        signer: Whether whoever stands in is assigned to sign on all these days.
    """

    id: UUID
    absent_id: int
    absent: str
    stand_in_id: int
    stand_in: str
    roles: tuple[Role, ...]
    first_day: dt.date
    last_day: dt.date
    basis: str
    set_by: str
    withdrawn_at: dt.datetime | None
    withdrawn_by: str
    signer: bool

    def holds(self, day: dt.date) -> bool:
        """Whether it is in effect on *day*."""
        return self.withdrawn_at is None and self.first_day <= day <= self.last_day


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to stand in for whom, in which roles, on which days, by which paper."""

    absent_id: int
    stand_in_id: int
    roles: Sequence[str]
    first_day: dt.date
    last_day: dt.date
    basis: str = ""


async def appoint(house: House, desk: Desk, absence: Absence, asked: Asked) -> UUID:
    """Let somebody stand in.

    Raises:
        InvalidAnswersError: it cannot be so; holds all faults.
        NotAdministratorError: who asks is none.
        OwnRightsError: who asks would give themselves a colleague's roles.
    """
    by_administrator(asked.by, absence.stand_in_id)
    number = house.new_id()

    async def write(writing: Work) -> None:
        await _require(house, writing, absence)
        await writing.execute(
            _APPOINT,
            desk.id,
            number,
            absence.absent_id,
            absence.stand_in_id,
            sorted(set(absence.roles)),
            absence.first_day,
            absence.last_day,
            absence.basis,
            house.now(),
            asked.by.name,
        )

    await change(house, desk, asked, as_seen(number), write)
    return number


async def withdraw(house: House, desk: Desk, number: UUID, asked: Asked) -> None:
    """Let nobody stand in any more, from the next request on; what was done stays.

    Raises:
        UnknownStandInError: there is nothing of the kind, or it was withdrawn before.
        NotAdministratorError: who asks is none.
    """
    by_administrator(asked.by)

    async def write(writing: Work) -> None:
        tag = await writing.execute(_WITHDRAW, desk.id, number, house.now(), asked.by.name)
        if tag != "UPDATE 1":
            raise UnknownStandInError(stand_in=str(number))

    await change(house, desk, asked, as_seen(number), write)


async def stand_ins(house: House, desk: Desk) -> list[StandIn]:
    """All of the tenant's, the latest day first."""
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_ALL, desk.id)
    return [msgspec.convert(dict(row), StandIn) for row in rows]


def as_seen(number: UUID) -> Read:
    """Reads one of them."""

    async def read(reading: Work) -> Any:
        return (await told(reading, [number])).get(number)

    return read


async def told(reading: Work, numbers: Sequence[UUID]) -> dict[UUID, Any]:
    """What the history tells of each of *numbers*."""
    rows = await reading.fetch(_TOLD, reading.tenant_id, numbers)
    return {row["id"]: msgspec.json.decode(row["told"]) for row in rows}


async def _require(house: House, writing: Work, absence: Absence) -> None:
    rows = await writing.fetch(_PEOPLE, writing.tenant_id, [absence.absent_id, absence.stand_in_id])
    roles = {row["id"]: set(row["roles"]) for row in rows}
    faults = [
        FieldFault(name, "stand-in.nobody")
        for name in ("absent_id", "stand_in_id")
        if getattr(absence, name) not in roles
    ]
    if absence.absent_id == absence.stand_in_id:
        faults.append(FieldFault("stand_in_id", "stand-in.same"))
    theirs = roles.get(absence.absent_id, set()) & set(ROLES)
    if not absence.roles or not set(absence.roles) <= theirs:
        faults.append(FieldFault("roles", "stand-in.roles"))
    if absence.last_day < max(absence.first_day, house.today()):
        faults.append(FieldFault("last_day", "stand-in.days"))
    days = (absence.first_day, absence.last_day)
    if await writing.fetchrow(_AWAY, writing.tenant_id, absence.stand_in_id, *days) is not None:
        faults.append(FieldFault("stand_in_id", "stand-in.away-too"))
    if faults:
        raise InvalidAnswersError(faults)


_PEOPLE = "select id, roles from staff where tenant_id = $1 and id = any($2) and active"

_AWAY = """
select id from stand_in where tenant_id = $1 and absent_id = $2 and withdrawn_at is null
  and first_day <= $4 and last_day >= $3 limit 1
"""

_APPOINT = """
insert into stand_in (tenant_id, id, absent_id, stand_in_id, roles, first_day, last_day, basis,
                      set_at, set_by, withdrawn_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '')
"""

_WITHDRAW = """
update stand_in set withdrawn_at = $3, withdrawn_by = $4
where tenant_id = $1 and id = $2 and withdrawn_at is null
"""

_ALL = """
select i.id, i.absent_id, a.full_name as absent, i.stand_in_id, b.full_name as stand_in, i.roles,
  i.first_day, i.last_day, i.basis, i.set_by, i.withdrawn_at, i.withdrawn_by,
  exists (select from signer g where g.tenant_id = $1 and g.staff_id = i.stand_in_id
    and g.valid_from <= (i.first_day + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh'
    and (g.valid_to is null
         or g.valid_to >= i.last_day::timestamp at time zone 'Asia/Ho_Chi_Minh')) as signer
from stand_in i
  join staff a on a.tenant_id = i.tenant_id and a.id = i.absent_id
  join staff b on b.tenant_id = i.tenant_id and b.id = i.stand_in_id
where i.tenant_id = $1 order by i.withdrawn_at is not null, i.last_day desc, i.id
"""

_TOLD = """
select i.id, json_build_object('absent', a.full_name, 'stand_in', b.full_name, 'roles', i.roles,
  'valid_from', to_char(i.first_day, 'DD/MM/YYYY'), 'valid_to', to_char(i.last_day, 'DD/MM/YYYY'),
  'basis', i.basis, 'withdrawn', i.withdrawn_at is not null)::text as told
from stand_in i
  join staff a on a.tenant_id = i.tenant_id and a.id = i.absent_id
  join staff b on b.tenant_id = i.tenant_id and b.id = i.stand_in_id
where i.tenant_id = $1 and i.id = any($2)
"""
