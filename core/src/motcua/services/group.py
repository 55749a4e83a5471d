"""A group and its parts: where it stands, and what its parts hold back."""

import datetime as dt
from uuid import UUID

import msgspec

from motcua.domain.dossier import State, Transition
from motcua.domain.group import PartsOpenError, PartWaitsError, least_advanced, reached
from motcua.services.house import House
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work


class PartView(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a group, with its own clock.

    Attributes:
        decided_in: The system that decides it, if it is not this one.
        external_code: The part's code there.
        synced_at: When it was last heard from.
    """

    id: UUID
    code: str
    procedure: str
    procedure_name: str
    agency: str
    state: State
    due_at: dt.datetime | None
    late: bool
    decided_in: str
    external_code: str | None
    synced_at: dt.datetime | None


class GroupView(msgspec.Struct, frozen=True, kw_only=True):
    """Where a group stands: where its least advanced part does; *due_at* is its own."""

    state: State
    due_at: dt.datetime | None
    parts: tuple[PartView, ...]


class Mirror(msgspec.Struct, frozen=True, kw_only=True):
    """What is followed in another system, and since when it was not heard from."""

    system: str
    external_code: str
    synced_at: dt.datetime


_PARTS = """
select d.id, d.code, d.procedure_code, d.version_id, d.state, d.due_at, d.late, d.outcome,
  m.external_code, m.synced_at
from dossier_link l
join dossier d on d.tenant_id = l.tenant_id and d.id = l.other_id
left join dossier_mirror m on m.tenant_id = d.tenant_id and m.dossier_id = d.id
where l.tenant_id = $1 and l.dossier_id = $2 and l.kind = 'child' order by d.code
"""

_MIRROR = """
select system, external_code, synced_at from dossier_mirror
where tenant_id = $1 and dossier_id = $2
"""


async def group(house: House, reading: Work, row: DossierRow) -> GroupView | None:
    """The group that *row* is; ``None`` for a dossier without parts."""
    found = await reading.fetch(_PARTS, row.tenant_id, row.id)
    definition = house.catalogue.version(row.version_id).definition
    agencies = {part.procedure: part.agency for part in definition.parts}
    parts = []
    for each in found:
        under = house.catalogue.version(each["version_id"]).definition
        parts.append(
            PartView(
                id=each["id"],
                code=each["code"],
                procedure=each["procedure_code"],
                procedure_name=under.name,
                agency=agencies.get(each["procedure_code"], ""),
                state=State(each["state"]),
                due_at=each["due_at"],
                late=each["late"],
                decided_in=under.decided_in,
                external_code=each["external_code"],
                synced_at=each["synced_at"],
            )
        )
    state = least_advanced(part.state for part in parts)
    if state is None:
        return None
    return GroupView(state=state, due_at=row.due_at, parts=tuple(parts))


async def mirror_of(reading: Work, row: DossierRow) -> Mirror | None:
    """What *row* follows in another system, once it has been heard from."""
    found = await reading.fetchrow(_MIRROR, row.tenant_id, row.id)
    return None if found is None else Mirror(**found)


async def require_in_order(house: House, writing: Work, row: DossierRow, step: Transition) -> None:
    """Keep a group behind its parts, and a part behind the one whose result it needs.

    Raises:
        PartsOpenError: a part is not as far as the group would be.
        PartWaitsError: the part whose result is needed has none.
    """
    if step.id in ("T19", "T20"):
        await _require_parts(writing, row, step)
    elif step.id == "T16" and row.parent_id is not None:
        await _require_result_before(house, writing, row, row.parent_id)


async def _require_parts(writing: Work, row: DossierRow, step: Transition) -> None:
    found = await writing.fetch(_PARTS, row.tenant_id, row.id)
    wanted = step.target or State(row.state)
    behind = [each["code"] for each in found if not reached(State(each["state"]), wanted)]
    if behind:
        raise PartsOpenError(dossier=row.code or "", parts=", ".join(behind))


_PARENT = "select version_id from dossier where tenant_id = $1 and id = $2"


async def _require_result_before(
    house: House, writing: Work, row: DossierRow, parent_id: UUID
) -> None:
    parent = await writing.fetchrow(_PARENT, row.tenant_id, parent_id)
    definition = house.catalogue.version(parent["version_id"]).definition
    needed = {part.procedure: part.after for part in definition.parts}.get(row.procedure_code)
    for each in await writing.fetch(_PARTS, row.tenant_id, parent_id):
        has_result = reached(State(each["state"]), State.RESULT_READY)
        if each["procedure_code"] == needed and not (has_result and each["outcome"] == "positive"):
            raise PartWaitsError(dossier=row.code or "", part=each["code"])
