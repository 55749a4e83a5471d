"""Four steps in one sitting (4 tại chỗ): a paper goes from reception to return at the counter.

Every step is a step of its own, with its person and its moment; only the people sit
together. Who is not signed in at this counter has proved who they are before.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from motcua.domain.dossier import Role, State, transition
from motcua.domain.errors import MotCuaError
from motcua.domain.life import Act, Actor
from motcua.domain.limit import Unit
from motcua.domain.money import spoken
from motcua.domain.procedure import ProcedureDefinition
from motcua.services import payments
from motcua.services.act import take
from motcua.services.hooks import watched
from motcua.services.house import Desk, House
from motcua.services.registers import reserve
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work, work

NEXT: dict[str, str] = {
    State.RECEIVED: "T08",
    State.APPRAISING: "T16",
    State.FOR_APPROVAL: "T18",
    State.APPROVED: "T19",
    State.RESULT_READY: "T20",
}
"""The step from each state on the straight way to the hand-over."""
SEATS = (Role.FIELD, Role.LEADER)
"""Whom it needs besides the reception: who appraises and keeps the book, and who signs."""
_SEAT = {"T16": Role.FIELD, "T18": Role.LEADER, "T19": Role.FIELD}
"""Whose seat a step is taken from, where it is not the reception's."""


class UnfinishedError(MotCuaError):
    """The steps that were left did not lead to the hand-over."""

    code = "sitting.unfinished"
    status = 409


class UnpaidError(MotCuaError):
    """A result is not handed over before its fees are paid."""

    code = "sitting.unpaid"
    status = 409


class NobodyThereError(MotCuaError):
    """Nobody of the people who sit together may take a step."""

    code = "sitting.nobody"
    status = 403


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """Who sits together: the reception, and whoever else is there in a role."""

    reception: Actor
    others: dict[Role, Actor] = {}

    def person(self, step_id: str) -> Actor:
        """Who takes a step: the reception where it may, else who sits in its seat.

        Raises:
            NobodyThereError: nobody there may.
        """
        seat = _SEAT.get(step_id)
        there = (self.reception, None if seat is None else self.others.get(seat))
        for actor in there:
            if actor is not None and set(transition(step_id).roles) & set(actor.roles):
                return actor
        raise NobodyThereError(step=step_id)


class Candidate(msgspec.Struct, frozen=True):
    """Somebody who may come to the counter in a role."""

    id: int
    username: str
    full_name: str


def fits(definition: ProcedureDefinition) -> bool:
    """Whether a procedure is done the same day, and decided here."""
    unit = definition.limit.time_limit.unit if definition.limit.time_limit else None
    return unit is Unit.SAME_DAY and not definition.decided_in


def missing(actor: Actor) -> tuple[Role, ...]:
    """The roles of the sitting that *actor* does not hold."""
    return tuple(role for role in SEATS if role not in actor.roles)


async def candidates(house: House, desk: Desk, role: Role) -> list[Candidate]:
    """Who works here in *role*, or stands in for somebody who does."""
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_CANDIDATES, desk.id, role.value, house.today())
    return [Candidate(row["id"], row["username"], row["full_name"]) for row in rows]


async def finish(
    house: House,
    desk: Desk,
    team: Team,
    dossiers: Sequence[UUID],
    *,
    received_by: str,
    signer: str = "",
) -> list[DossierRow]:
    """Take every step that is left until the results of *dossiers* are handed over, all or none.

    Args:
        house: The application's parts.
        desk: The tenant.
        team: Who sits together.
        dossiers: Dossiers of one visit.
        received_by: Who takes the results.
        signer: Who signs, by id or name; needed only where several may.

    Raises:
        UnpaidError: fees are still due.
        NobodyThereError: nobody there may take a step.
        UnfinishedError: one of them would not be handed over at the end.
        MotCuaError: as :func:`motcua.services.act.act`.
    """
    async with watched(house, desk), work(house.engine, desk.id) as writing:
        await _require_paid(writing, dossiers)
        await reserve(house, desk, team.reception, dossiers)
        locked = await store.lock(writing, dossiers)
        return [
            await _finished(house, desk, writing, team, locked[each], received_by, signer)
            for each in dossiers
        ]


async def _finished(
    house: House,
    desk: Desk,
    writing: Work,
    team: Team,
    row: DossierRow,
    received_by: str,
    signer: str,
) -> DossierRow:
    while step_id := NEXT.get(row.state):
        data = {"received_by": received_by, "way": "counter"} if step_id == "T20" else {}
        if step_id == "T18" and signer:
            data = {"signer": signer}
        asked = Act(transition=step_id, at=house.now(), by=team.person(step_id), data=data)
        row = await take(house, desk, writing, row, asked)
    if row.state != State.RETURNED:
        raise UnfinishedError(dossier=row.code or "")
    return row


async def _require_paid(reading: Work, dossiers: Sequence[UUID]) -> None:
    found = await payments.balances(reading, dossiers)
    due = sum(each.due for each in found.values())
    if due:
        raise UnpaidError(due=spoken(due))


_CANDIDATES = """
select s.id, s.username, s.full_name from staff s
where s.tenant_id = $1 and s.active and ($2 = any(s.roles) or exists (
  select from stand_in i join staff a on a.tenant_id = i.tenant_id and a.id = i.absent_id
  where i.tenant_id = $1 and i.stand_in_id = s.id and $3 between i.first_day and i.last_day
    and i.withdrawn_at is null and a.active and $2 = any(i.roles) and $2 = any(a.roles)))
order by s.full_name, s.id
"""
