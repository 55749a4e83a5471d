"""Turning somebody away at the counter: what is missing (T04), or that it is refused (T07).

The dossier begins there, under a temporary code. It was never received, so it stands in
no figure.
"""

from typing import Any, Literal
from uuid import UUID

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.dossier import Role, State
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.life import Act, Actor
from motcua.services.assess import Assessed, Paper, noted, require_offered
from motcua.services.grounds import grounded
from motcua.services.hooks import watched
from motcua.services.house import Desk, House
from motcua.services.ledger import event_row
from motcua.services.receive import group_faults, require_open
from motcua.services.visit import declared, drafted
from motcua.storage import dossiers as store
from motcua.storage.work import work

Why = Literal["T04", "T07"]


class TurnedAway(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier that was not received; *secret* opens its look-up and is shown once."""

    id: UUID
    temporary_code: str
    secret: str
    state: State
    version: int
    reason: str


async def turn_away(
    house: House,
    desk: Desk,
    actor: Actor,
    channel: str,
    paper: Paper,
    why: Why,
    *,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> TurnedAway:
    """Open a dossier that is refused, or waits for what is missing.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: The reception officer.
        channel: ``counter`` or ``post``.
        paper: What was to be handed in; its form need not be complete. One that waits has to
            be when it comes back (T05).
        why: T04 or T07.
        reason: Why; a ground in *data* may say it alone.
        data: What the transition needs.

    Raises:
        InvalidAnswersError: an answer is of a wrong kind, or what the step needs is missing;
            holds all faults.
        RoleNotAllowedError: the actor is not at the reception desk.
        ReceptionClosedError: the unit has ended.
    """
    now = house.now()
    require_open(desk, now)
    async with watched(house, desk):
        assessed = noted(house, paper, now)
        if why == "T04":
            _require_receivable(house, desk, assessed)
    act = Act(transition=why, at=now, by=actor, reason=reason.strip(), data=data or {})
    act = grounded(assessed.published.definition, act)
    draft = drafted(house, desk, assessed, act, channel)
    day = now.astimezone(VN).strftime("%y%m%d")
    async with work(house.engine, desk.id) as writing:
        numbers = await store.take_numbers(writing, {("temporary", day): 1})
        code = f"T-{day}-{numbers['temporary', day][0]:04d}"
        row = msgspec.structs.replace(draft.row, temporary_code=code)
        told = declared(row) | act.data
        row, event = event_row(row, None, act, Role.RECEPTION, told, house.entropy(16))
        await store.write(writing, store.Reception(dossiers=(row,), events=(event,)))
    return TurnedAway(
        id=row.id,
        temporary_code=code,
        secret=draft.secret,
        state=State(row.state),
        version=row.version,
        reason=act.reason,
    )


def _require_receivable(house: House, desk: Desk, assessed: Assessed) -> None:
    """Whoever is told to come back can be received here then."""
    require_offered(house, desk, assessed.published)
    if missing := group_faults(assessed):
        raise InvalidAnswersError(missing)
