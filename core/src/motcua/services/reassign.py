"""Giving what one officer holds to another: somebody left, or is away for long.

Whoever does it sees codes, steps and dates, not what the dossiers say. Each dossier is an
act of its own (T37) in its own chain; one that is refused leaves the others alone.
"""

import datetime as dt
from uuid import UUID

import msgspec

from motcua.domain.dossier import State
from motcua.domain.life import Actor
from motcua.services.batch import MOST, Outcome, take_all
from motcua.services.change import Asked, remember
from motcua.services.house import Desk, House
from motcua.storage.work import Work, work


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier somebody holds, as far as it is told to whoever gives it on."""

    id: UUID
    version: int
    code: str
    procedure: str
    state: State
    due_at: dt.datetime | None


async def held(house: House, desk: Desk, staff_id: int) -> list[Held]:
    """What an officer holds and has not finished, nearest deadline first."""
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_HELD, desk.id, staff_id)
    return [msgspec.convert(dict(row), Held) for row in rows]


async def holders(house: House, desk: Desk) -> dict[int, int]:
    """How many unfinished dossiers each officer holds."""
    async with work(house.engine, desk.id) as reading:
        return {row["holder_id"]: row["n"] for row in await reading.fetch(_HOLDERS, desk.id)}


async def reassign(
    house: House,
    desk: Desk,
    actor: Actor,
    chosen: dict[UUID, int],
    *,
    holder: int,
    to: str,
    key: str,
    asked: Asked,
) -> list[Outcome]:
    """Give the dossiers *chosen*, as they were seen, to the officer called *to*.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who gives.
        chosen: Dossiers by id, with the version somebody saw.
        holder: Who holds them.
        to: The user name of who is to hold them.
        key: Names the request: sent again, nothing is given twice.
        asked: Who asked for it, for the history.

    Raises:
        RoleNotAllowedError: the actor gives no dossiers.
    """
    before = (await holders(house, desk)).get(holder, 0)
    outcomes: list[Outcome] = []
    ids = list(chosen)
    for at in range(0, len(ids), MOST):
        some = {each: chosen[each] for each in ids[at : at + MOST]}
        data = {"holder": to}
        outcomes += await take_all(house, desk, actor, "T37", some, key=f"{key}-{at}", data=data)
    after = (await holders(house, desk)).get(holder, 0)
    if after != before:
        async with work(house.engine, desk.id) as writing:
            await _remember(house, writing, asked, before, after)
    return outcomes


async def _remember(house: House, writing: Work, asked: Asked, before: int, after: int) -> None:
    await remember(house, writing, asked, {"held": before}, {"held": after})


_HELD = """
select id, version, coalesce(code, temporary_code, '') as code, procedure_code as procedure, state,
  due_at
from dossier where tenant_id = $1 and holder_id = $2 and finished_at is null and not mistake
order by due_at nulls last, id
"""

_HOLDERS = """
select holder_id, count(*)::int as n from dossier
where tenant_id = $1 and holder_id is not null and finished_at is null and not mistake
group by holder_id
"""
