"""What the counter's pages read besides the dossiers themselves."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.dossier import FINAL, IN_PROCESS, RUNNING, State
from motcua.domain.life import Actor
from motcua.domain.limit import TimeLimit
from motcua.domain.odd_clocks import open_stages
from motcua.domain.procedure import ProcedureDefinition
from motcua.services import payments
from motcua.services.act import able_signers
from motcua.services.house import Desk, House
from motcua.services.idempotency import with_secrets
from motcua.services.ledger import life_of
from motcua.services.reading import require_reader
from motcua.services.receive import UnknownDossierError
from motcua.services.signers import Signer
from motcua.services.worklist import EVERYTHING, Filter
from motcua.storage import dossiers as store
from motcua.storage.work import work

MOST_ENDED = 1000
"""Beyond it nobody asks how many exactly have ended, and after some years they are many."""


PICKED = ("variants", "exemptions", "optional_fees")
"""What an officer picks for a dossier, by the kinds under which it is kept."""


class Load(msgspec.Struct, frozen=True):
    """How many dossiers stand in one state, and how many of them are past their due time.

    Of those that have ended no more than one over :data:`MOST_ENDED` are counted.
    """

    state: str
    count: int
    late: int


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What lies under a dossier: the version it was received under, and its limit there.

    Attributes:
        limit: None: the officer set a date.
        ground: The ground of that date.
        stages: The stages at work, by id, with what they are called.
    """

    definition: ProcedureDefinition
    limit: TimeLimit | None
    ground: str
    holder: str
    stages: tuple[tuple[str, str], ...] = ()


_ONLY = """
  and ($3 = '' or procedure_code = $3)
  and ($4::bigint is null or coalesce(holder_id, 0) = $4)
  and ($5::timestamptz is null or due_at >= $5)
  and ($6::timestamptz is null or due_at < $6)
"""

_LOADS = f"""
select state, count(*)::int as count, (count(*) filter (where due_at < $2))::int as late
from dossier where tenant_id = $1 and state = any($9) {_ONLY} group by state
union all
select ended.state, (select count(*) from (
  select from dossier where tenant_id = $1 and state = ended.state {_ONLY} limit $8) few)::int, 0
from unnest($7::text[]) as ended (state)
"""  # noqa: S608 - words of the program's own


async def loads(
    house: House, desk: Desk, actor: Actor, only: Filter = EVERYTHING
) -> tuple[Load, ...]:
    """The tenant's dossiers by state, or *only* some of them; what has ended up to a bound.

    Raises:
        RoleNotAllowedError: the actor may not read dossiers.
    """
    require_reader(actor)
    running = [state.value for state in State if state not in FINAL]
    ended = [state.value for state in FINAL]
    args = (desk.id, house.now(), *only.args, ended, MOST_ENDED + 1, running)
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_LOADS, *args)
    return tuple(Load(row["state"], row["count"], row["late"]) for row in rows if row["count"])


def in_process(found: Iterable[Load]) -> int:
    """How many are *đang giải quyết*."""
    return sum(each.count for each in found if each.state in IN_PROCESS)


def overdue(found: Iterable[Load]) -> int:
    """How many are *đang quá hạn*: their time has passed while their clock runs."""
    return sum(each.late for each in found if each.state in RUNNING)


_HOLDER = "select full_name from staff where tenant_id = $1 and id = $2"


async def sheet(house: House, desk: Desk, dossier_id: UUID) -> Sheet:
    """What lies under a dossier.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
    """
    async with work(house.engine, desk.id) as reading:
        row = (await store.load(reading, [dossier_id])).get(dossier_id)
        if row is None:
            raise UnknownDossierError(dossier=str(dossier_id))
        holder = await reading.fetchrow(_HOLDER, desk.id, row.holder_id)
    started = row.clock[0] if row.clock else {}
    limit = started.get("limit")
    return Sheet(
        stages=tuple(open_stages(life_of(row).clock).items()),
        definition=house.catalogue.version(row.version_id).definition,
        limit=None if limit is None else msgspec.convert(limit, TimeLimit),
        ground=started.get("ground", "") if limit is None else "",
        holder=holder["full_name"] if holder else "",
    )


async def signers_of(house: House, desk: Desk, actor: Actor, dossier_id: UUID) -> list[Signer]:
    """The signers of a dossier whose signature *actor* may enter now."""
    async with work(house.engine, desk.id) as reading:
        row = (await store.load(reading, [dossier_id])).get(dossier_id)
        return (
            [] if row is None else await able_signers(house, desk, reading, actor, row, house.now())
        )


_OWN = """
select seq from dossier_event
where tenant_id = $1 and dossier_id = $2 and actor_id = $3 and transition = $4 and seq > $5
order by seq desc limit 1
"""


async def own_act(
    house: House, desk: Desk, actor: Actor, dossier_id: UUID, step: str, after: int
) -> int | None:
    """The number of the latest event with which *actor* took *step* after *after*, if any."""
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_OWN, desk.id, dossier_id, actor.id, step, after)
    return row["seq"] if row else None


_PAYER = "select payer from visit where tenant_id = $1 and id = $2"


async def payer_of(house: House, desk: Desk, visit: UUID) -> str:
    """Who pays for a visit."""
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_PAYER, desk.id, visit)
    return row["payer"] if row else ""


class HandedIn(msgspec.Struct, frozen=True, kw_only=True):
    """How a dossier was handed in, besides what it says.

    Attributes:
        picked: The special cases, exemptions and optional fees that were picked, by their kind.
        payer: Who pays for the visit.
        way: How it was paid at first; empty: it was not.
        tendered: What was handed over then.
    """

    channel: str
    picked: dict[str, tuple[str, ...]]
    payer: str = ""
    way: str = ""
    tendered: int | None = None


async def handed_in(house: House, desk: Desk, dossiers: Sequence[UUID]) -> list[HandedIn]:
    """How each of *dossiers* was handed in, in their order."""
    async with work(house.engine, desk.id) as reading:
        rows = await store.load(reading, dossiers)
        visits = {row.visit_id for row in rows.values() if row.visit_id}
        payers = {each: await payer_of(house, desk, each) for each in visits}
        entries = await payments.payments(reading, dossiers)
    paid = next((each for each in entries if each.kind == "payment"), None)
    return [
        HandedIn(
            channel=row.channel,
            picked={kind: tuple(row.chosen.get(kind) or ()) for kind in PICKED},
            payer=payers.get(row.visit_id, "") if row.visit_id else "",
            way=paid.way.value if paid else "",
            tendered=paid.tendered if paid else None,
        )
        for row in (rows[each] for each in dossiers)
    ]


class Kept(msgspec.Struct, frozen=True):
    """An answer that is kept for repeats, and when its request came."""

    answer: Any
    at: dt.datetime


_KEPT = """
select answer::text as answer, created_at from idempotency_key
where tenant_id = $1 and actor = $2 and key = $3 and status <> 0
"""


async def kept(house: House, desk: Desk, actor: Actor, key: str) -> Kept | None:
    """What the actor's own request under *key* was answered, while it is kept."""
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_KEPT, desk.id, str(actor.id), key)
    if row is None:
        return None
    return Kept(with_secrets(house, msgspec.json.decode(row["answer"])), row["created_at"])
