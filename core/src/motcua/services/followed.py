"""Dossiers that another system decides: which are open here, and when each was last heard of."""

import datetime as dt
from uuid import UUID

import msgspec

from motcua.domain.dossier import NOT_FINISHED, State
from motcua.domain.life import Actor
from motcua.services.house import Desk, House
from motcua.services.reading import require_reader
from motcua.services.words import called
from motcua.storage.work import work

MOST = 100


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """One of them; *heard* is when its state was last entered."""

    id: UUID
    code: str
    procedure: str
    applicant: str
    system: str
    external_code: str
    state: State
    due: dt.datetime | None
    heard: dt.datetime | None


async def followed(house: House, desk: Desk, actor: Actor) -> list[Followed]:
    """What is open and decided elsewhere, the one not heard of for longest first.

    Raises:
        RoleNotAllowedError: the actor may not read dossiers.
    """
    require_reader(actor)
    states = [state.value for state in NOT_FINISHED]
    elsewhere = {
        each.code: each.decided_in
        for each in (one.definition for one in house.registry.definitions())
        if each.decided_in
    }
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_FOLLOWED, desk.id, list(elsewhere), states, MOST)
    return [
        Followed(
            procedure=called(house.catalogue.version(row["version_id"]).definition),
            system=elsewhere[row["procedure_code"]],
            **{name: row[name] for name in _COLUMNS},
        )
        for row in rows
    ]


_COLUMNS = ("id", "code", "applicant", "external_code", "state", "due", "heard")

_FOLLOWED = """
select d.id, coalesce(d.code, d.temporary_code, '') as code, d.procedure_code, d.version_id,
  coalesce(d.applicant->>'name', '') as applicant, d.state, d.due_at as due,
  coalesce(m.external_code, '') as external_code, m.synced_at as heard
from dossier d left join dossier_mirror m on m.tenant_id = d.tenant_id and m.dossier_id = d.id
where d.tenant_id = $1 and d.procedure_code = any($2) and d.state = any($3)
order by m.synced_at nulls first, d.due_at, d.id limit $4
"""
