"""Publishing new versions of procedures: what they change, and for whom, before it happens.

A running dossier finishes under the version it was received under, so publishing moves no due
time. What it does change: what is received from then on, and limits of communes' own that the
new version would make longer than the law's; the communes have to settle those anew.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
import msgspec

from motcua.domain.definition_diff import Change, compare
from motcua.domain.dossier import IN_PROCESS
from motcua.domain.errors import MotCuaError
from motcua.domain.procedure import ProcedureDefinition
from motcua.services.calendar import units
from motcua.services.change import Asked, change
from motcua.services.house import Desk, House, desk
from motcua.services.publish import NoOwnerForProcedureError
from motcua.storage.work import Work, work


class NotYourCatalogueError(MotCuaError):
    """The catalogue belongs to the nation, or to another province as well."""

    code = "config.not-your-catalogue"
    status = 403


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """What one unit has to do with a procedure that changes.

    Attributes:
        count: Running dossiers, which finish under the version they were received under.
        too_long: It has a limit of its own that the new version makes longer than the law's.
    """

    name: str
    count: int
    too_long: bool


class Consequence(msgspec.Struct, frozen=True, kw_only=True):
    """What publishing one definition does.

    Attributes:
        changes: Every value that differs from the version in force; none for a new procedure.
        known: Whether this very text is published already.
        units: Where it matters.
    """

    definition: ProcedureDefinition
    owner: str
    changes: tuple[Change, ...]
    known: bool
    units: tuple[Running, ...]

    @property
    def running(self) -> int:
        """Dossiers that finish under the version before."""
        return sum(each.count for each in self.units)


async def consequences(
    house: House, publisher: Desk, definitions: Sequence[ProcedureDefinition]
) -> list[Consequence]:
    """What publishing *definitions* would do in the units below *publisher*; nothing changes.

    Raises:
        NoOwnerForProcedureError: no installed plugin owns one of them.
    """
    return [await _consequence(house, publisher, each) for each in definitions]


async def publish(
    house: House, publisher: Desk, definitions: Sequence[ProcedureDefinition], asked: Asked
) -> None:
    """Publish *definitions*: they hold for what is received from now on.

    Raises:
        NoOwnerForProcedureError: no installed plugin owns one of them.
        NotYourCatalogueError: it is not the publisher's to change.
    """
    rows = [
        {"id": each.version_id, "owner": _owner(house, each), "definition": each}
        for each in definitions
    ]
    codes = sorted({each.code for each in definitions})

    async def read(reading: Work) -> Any:
        found = await reading.fetch(_VERSIONS, codes)
        return {row["code"]: row["ids"] for row in found}

    async def write(writing: Work) -> None:
        try:
            await writing.execute(_PUBLISH, msgspec.json.encode(rows).decode(), house.now())
        except asyncpg.InsufficientPrivilegeError as error:
            raise NotYourCatalogueError(name=publisher.name) from error

    await change(house, publisher, asked, read, write)


def _owner(house: House, definition: ProcedureDefinition) -> str:
    if definition.code not in house.registry.catalogue.codes():
        raise NoOwnerForProcedureError(procedure=definition.code)
    return house.registry.catalogue.owner(definition.code)


async def _consequence(
    house: House, publisher: Desk, definition: ProcedureDefinition
) -> Consequence:
    owner = _owner(house, definition)
    before = house.catalogue.find(definition.code, house.today())
    bare = [msgspec.structs.replace(definition, valid_from=None, valid_to=None)]
    old = (
        [msgspec.structs.replace(before.definition, valid_from=None, valid_to=None)]
        if before
        else []
    )
    changes = [each for found in compare(old, bare) for each in found.changes]
    return Consequence(
        definition=definition,
        owner=owner,
        changes=tuple(changes),
        known=definition.version_id in house.catalogue.by_id,
        units=tuple([each async for each in _running(house, publisher, definition)]),
    )


async def _running(
    house: House, publisher: Desk, definition: ProcedureDefinition
) -> AsyncIterator[Running]:
    states = [state.value for state in IN_PROCESS]
    for unit in await units(house, publisher):
        where = await desk(house, unit.slug)
        async with work(house.engine, where.id) as reading:
            row = await reading.fetchrow(_RUNNING, where.id, definition.code, states)
        override, law = where.overrides.get(definition.code), definition.limit.time_limit
        own = None if override is None else override.time_limit
        too_long = (
            own is not None
            and law is not None
            and (own.unit is not law.unit or own.amount > law.amount)
        )
        if row["n"] or too_long:
            yield Running(name=unit.name, count=row["n"], too_long=too_long)


_RUNNING = """
select count(*) as n from dossier
where tenant_id = $1 and procedure_code = $2 and state = any($3)
"""
_VERSIONS = """
select code, json_agg(left(id, 12) order by published_at, id)::text as ids
from procedure_version where code = any($1) group by code order by code
"""
_PUBLISH = "select publish_procedure_versions($1::jsonb, $2)"
