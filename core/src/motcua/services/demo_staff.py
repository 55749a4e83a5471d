"""Who works in the units of the demonstration: the same people in histories and accounts."""

import datetime as dt
import random
from collections.abc import Iterable
from uuid import UUID

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.dossier import Role, State
from motcua.domain.life import Actor
from motcua.domain.signing import Capacity
from motcua.services.act import act
from motcua.services.console_roles import ABOVE
from motcua.services.demo_people import SEED, Inventor, load_words
from motcua.services.house import Desk, House, desk
from motcua.services.passwords import hash_password
from motcua.storage.work import Work, work

PASSWORD = "motcua-demo"  # noqa: S105 - printed for everybody; the demonstration has no secrets

_TITLES = {
    Role.RECEPTION: "Công chức tiếp nhận và trả kết quả",
    Role.FIELD: "Công chức chuyên môn",
    Role.LEADER: "Chủ tịch UBND",
    Role.CLERK: "Văn thư",
    Role.CASHIER: "Thủ quỹ",
    Role.HEAD: "Giám đốc Trung tâm",
    Role.ADMIN: "Quản trị đơn vị",
    Role.SUPERVISOR: "Giám sát cấp tỉnh",
}
_SEATS = {
    Role.RECEPTION: 2,
    Role.FIELD: 3,
    Role.LEADER: 2,
    Role.CLERK: 1,
    Role.CASHIER: 1,
    Role.HEAD: 1,
    Role.ADMIN: 2,
    Role.SUPERVISOR: 1,
}
_SIGNS = (
    (_TITLES[Role.LEADER], Capacity.OWN, "Nghị quyết bầu Chủ tịch UBND"),
    ("Phó Chủ tịch UBND", Capacity.DEPUTY, "Quyết định phân công Phó Chủ tịch UBND"),
)
"""The two leaders of a unit: what they are and by which act they sign."""


class Colleague(msgspec.Struct, frozen=True):
    """Somebody who works in a unit."""

    username: str
    full_name: str
    role: Role


def colleagues(slug: str) -> list[Colleague]:
    """Everybody who works in the unit *slug*, always the same; no two share a name."""
    dice = random.Random(f"{SEED} staff {slug}")  # noqa: S311 - a demonstration
    inventor = Inventor(dice, load_words(), pages=1, copies=1)
    named: dict[str, Colleague] = {}
    for role, seats in _SEATS.items():
        for seat in range(1, seats + 1):
            name = inventor.name(woman=len(named) % 2 == 0)
            while name in named:
                name = inventor.name(woman=len(named) % 2 == 0)
            called = role.value if seat == 1 else f"{role.value}-{seat}"
            named[name] = Colleague(f"{called}.{slug}", name, role)
    return list(named.values())


def officers(slug: str) -> dict[str, list[str]]:
    """The names of those behind the desks of the unit *slug*, by role."""
    names: dict[str, list[str]] = {}
    for each in colleagues(slug):
        names.setdefault(each.role.value, []).append(each.full_name)
    return names


def title(role: Role) -> str:
    """What people call somebody in *role*."""
    return _TITLES[role]


async def accounts(house: House, slugs: Iterable[str]) -> int:
    """Open an account for everybody who works at each tenant; answers how many are new.

    Nobody supervises a commune: that role is only above it. All share one password and
    one hash of it: hashing two hundred times would take longer than anybody waits for a
    demonstration.
    """
    shared = hash_password(PASSWORD)
    made = 0
    for slug in slugs:
        unit = await desk(house, slug)
        people = [
            each
            for each in colleagues(slug)
            if each.role is not Role.SUPERVISOR or unit.kind in ABOVE
        ]
        async with work(house.engine, unit.id) as writing:
            made += await _open(house, writing, people, shared)
            await _let_sign(house, writing, unit, people)
    return made


async def _open(house: House, writing: Work, people: list[Colleague], shared: str) -> int:
    tag = await writing.execute(
        _STAFF,
        writing.tenant_id,
        [each.username for each in people],
        [each.full_name for each in people],
        [each.role.value for each in people],
        shared,
        house.now(),
    )
    return int(tag.split()[-1])


async def _let_sign(house: House, writing: Work, unit: Desk, people: list[Colleague]) -> None:
    begins = unit.opened_on or dt.date(2018, 1, 1)
    leaders = [each for each in people if each.role is Role.LEADER]
    for each, (called, capacity, ground) in zip(leaders, _SIGNS, strict=True):
        await writing.execute(
            _SIGNER,
            unit.id,
            house.new_id(),
            each.username,
            called,
            f"{ground} (dữ liệu giả định)",
            _midnight(begins),
            None if unit.closed_on is None else _midnight(unit.closed_on),
            capacity.value,
        )


async def held(house: House, slug: str) -> int:
    """Let whoever appraised a dossier of the ward *slug* hold it, once; answers how many."""
    ward = await desk(house, slug)
    async with work(house.engine, ward.id) as reading:
        rows = await reading.fetch(_WORKED_ON, ward.id, [State.APPRAISING, *_WAITING])
    for row in rows:
        officer = Actor(row["staff_id"], row["full_name"], (Role.FIELD,))
        data = {"holder": row["username"]}
        await act(house, ward, officer, UUID(str(row["id"])), "T37", row["version"], data=data)
    return len(rows)


_WAITING = (State.SUPPLEMENT_REQUESTED, State.WITH_OTHER_AGENCY)
"""States in which a dossier still lies with whoever appraises it."""

_WORKED_ON = """
select distinct on (d.id) d.id, d.version, s.id as staff_id, s.username, s.full_name
from dossier d
  join dossier_event e on e.tenant_id = d.tenant_id and e.dossier_id = d.id and e.role = 'field'
  join staff s on s.tenant_id = e.tenant_id and s.full_name = e.actor
where d.tenant_id = $1 and d.holder_id is null and d.external_id is not null
  and d.state = any($2)
order by d.id, e.seq desc
"""

_STAFF = """
insert into staff (tenant_id, username, full_name, password_hash, roles, active, created_at)
select $1, w.username, w.full_name, $5, array[w.role], true, $6
from unnest($2::text[], $3::text[], $4::text[]) as w (username, full_name, role)
on conflict (tenant_id, username) do nothing
"""

_SIGNER = """
insert into signer (tenant_id, id, staff_id, full_name, title, act, scope,
                    authorised_certifier, valid_from, valid_to, capacity)
select s.tenant_id, $2, s.id, s.full_name, $4, $5, '{}', false, $6, $7, $8
from staff s
where s.tenant_id = $1 and s.username = $3
  and not exists (select from signer g where g.tenant_id = $1 and g.staff_id = s.id)
"""


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), VN)
