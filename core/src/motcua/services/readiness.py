"""What a unit still lacks before it can receive people, and where that is put right."""

import datetime as dt
from collections.abc import Iterator
from typing import Literal

import msgspec

from motcua.domain.dossier import Role
from motcua.domain.procedure import FeeKind
from motcua.domain.tenant import code_at
from motcua.plugin.enabled import PluginState
from motcua.services.house import Desk, House
from motcua.services.offers import limit_of, offered
from motcua.storage.work import work

SOON = dt.timedelta(days=30)
NEEDED = (Role.RECEPTION, Role.FIELD, Role.LEADER, Role.CLERK)
"""The roles without which a dossier cannot go through."""
FEWEST_ADMINS = 2
"""An entry by mistake is taken back by two persons."""

Level = Literal["good", "warning", "fault"]


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at.

    Attributes:
        check: What; ``readiness.<check>.<level>`` is what to say about it.
        level: Good; to be seen to; or nobody can be received.
        page: The console's page where it is put right.
        told: What the text names.
    """

    check: str
    level: Level
    page: str
    told: dict[str, str | int] = {}


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What the database tells of a unit's people: accounts by role, and whether anybody signs."""

    roles: dict[str, int]
    signer: bool
    signer_soon: bool


_COUNTS = """
select (select coalesce(json_object_agg(r, n), '{}')::text
        from (select unnest(roles) as r, count(*) as n from staff
              where tenant_id = $1 and active group by 1) found) as roles,
  exists (select from signer where tenant_id = $1 and valid_from <= $2
          and (valid_to is null or valid_to > $2)) as signer,
  exists (select from signer where tenant_id = $1 and valid_from <= $3
          and (valid_to is null or valid_to > $3)) as signer_soon
"""


async def readiness(house: House, desk: Desk) -> list[Point]:
    """Everything about one unit, good or not, in the order in which it is set up."""
    now = house.now()
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_COUNTS, desk.id, now, now + SOON)
    roles: dict[str, int] = msgspec.json.decode(row["roles"])
    return points(house, desk, Counts(roles=roles, signer=row[1], signer_soon=row[2]))


def points(house: House, desk: Desk, counts: Counts) -> list[Point]:
    """The same, where the database was asked before."""
    return [
        _code(house, desk),
        *_staff(counts.roles),
        _signer(counts),
        *_plugins(house, desk),
        *_procedures(house, desk),
        _calendar(house, desk),
    ]


def _code(house: House, desk: Desk) -> Point:
    code = code_at(desk.codes, house.today())
    if code is None:
        return Point(check="code", level="fault", page="unit")
    return Point(check="code", level="good", page="unit", told={"code": code})


def _staff(roles: dict[str, int]) -> Iterator[Point]:
    missing = [role for role in NEEDED if not roles.get(role)]
    if missing:
        told: dict[str, str | int] = {"roles": ",".join(missing)}
        yield Point(check="staff", level="fault", page="people", told=told)
    else:
        yield Point(check="staff", level="good", page="people")
    if roles.get(Role.ADMIN, 0) < FEWEST_ADMINS:
        yield Point(check="admins", level="warning", page="people")


def _signer(counts: Counts) -> Point:
    level: Level = "good" if counts.signer_soon else "warning"
    return Point(check="signer", level=level if counts.signer else "fault", page="signers")


def _plugins(house: House, desk: Desk) -> Iterator[Point]:
    labels = {name: plugin.manifest.label_vi for name, plugin in house.registry.plugins.items()}
    held = [
        labels.get(name, name)
        for name, state in desk.plugins.states.items()
        if state is PluginState.QUARANTINED
    ]
    open_ = [name for name in labels if desk.plugins.state(name) is PluginState.OFFERED]
    if held:
        told: dict[str, str | int] = {"named": ", ".join(held)}
        yield Point(check="held", level="fault", page="plugins", told=told)
    level: Level = "good" if open_ else "fault"
    told = {"named": ", ".join(labels[name] for name in open_)}
    yield Point(check="plugins", level=level, page="plugins", told=told)


def _procedures(house: House, desk: Desk) -> Iterator[Point]:
    taken = [
        each.definition
        for each in house.catalogue.current(house.today())
        if offered(house, desk, each)
    ]
    level: Level = "good" if taken else "fault"
    yield Point(check="procedures", level=level, page="procedures", told={"count": len(taken)})
    no_limit = sum(limit_of(desk, each) is None and not each.limit.stages for each in taken)
    if no_limit:
        yield Point(check="limits", level="warning", page="procedures", told={"count": no_limit})
    amounts = desk.amounts_on(house.today())
    unset = {
        fee.id
        for each in taken
        for fee in each.fees
        if fee.kind is not FeeKind.NONE and fee.amount_vnd is None and fee.id not in amounts
    }
    if unset:
        yield Point(check="fees", level="warning", page="fees", told={"count": len(unset)})


def _calendar(house: House, desk: Desk) -> Point:
    year = house.today().year + 1
    count = sum(
        day.provisional and day.date.year == year and day.withdrawn_on is None
        for day in desk.calendar.days
    )
    told: dict[str, str | int] = {"year": year, "count": count}
    return Point(check="calendar", level="warning" if count else "good", page="calendar", told=told)
