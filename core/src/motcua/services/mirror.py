"""Following a dossier that another system decides.

The part of a birth group that the Ministry's software decides has its state there.
Here nobody decides about it: what that system says is entered with its code and the
time, and the dossier takes the steps that lead there, in the name of the system.
"""

import datetime as dt
from typing import Any, Literal
from uuid import UUID

import msgspec

from motcua.domain.dossier import Role, RoleNotAllowedError, State, transition
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.group import way
from motcua.domain.life import Act, Actor
from motcua.services.act import take
from motcua.services.hooks import watched
from motcua.services.house import Desk, House
from motcua.services.receive import UnknownDossierError
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow
from motcua.storage.work import work

FOLLOWERS = (Role.RECEPTION, Role.FIELD, Role.CLERK)
"""Who may enter what the other system says; machines sign in as one of them."""


class DecidedHereError(MotCuaError):
    """The dossier is decided here; there is nothing to follow."""

    code = "mirror.decided-here"
    status = 409


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the other system says of a dossier.

    Attributes:
        external_code: Its code there.
        state: Where it stands there.
        at: Since when; left out, since now.
        outcome: What was decided there.
        reason: Why, where a step asks for a reason: what is missing, why it ended.
    """

    external_code: str
    state: Literal[
        "appraising",
        "supplement_requested",
        "for_approval",
        "approved",
        "result_ready",
        "withdrawn",
        "stopped",
    ]
    at: dt.datetime | None = None
    outcome: Literal["positive", "negative"] = "positive"
    reason: str = ""


_KEEP = """
insert into dossier_mirror (tenant_id, dossier_id, system, external_code, synced_at)
values ($1, $2, $3, $4, $5)
on conflict (tenant_id, dossier_id)
do update set system = $3, external_code = $4, synced_at = $5
"""


async def mirror(
    house: House, desk: Desk, actor: Actor, dossier_id: UUID, told: Told
) -> DossierRow:
    """Bring a dossier to where the other system says it is; said again, only the time changes.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
        DecidedHereError: no other system decides it.
        RoleNotAllowedError: the actor does not work with dossiers.
        NoWayError: no steps lead there.
        InvalidAnswersError: something is missing or wrong.
    """
    if not set(FOLLOWERS) & set(actor.roles):
        raise RoleNotAllowedError(transition="", roles=FOLLOWERS)
    now = house.now()
    _require_plain(told, now)
    async with watched(house, desk), work(house.engine, desk.id) as writing:
        row = (await store.lock(writing, [dossier_id])).get(dossier_id)
        if row is None:
            raise UnknownDossierError(dossier=str(dossier_id))
        system = house.catalogue.version(row.version_id).definition.decided_in
        if not system:
            raise DecidedHereError(dossier=row.code or "")
        synced = {"system": system, "external_code": told.external_code, "synced_at": now}
        also = {"mirror": {**synced, "by": actor.name}}
        for step_id in way(State(row.state), State(told.state), told.outcome):
            asked = _act(step_id, told, max(told.at or now, row.last_at), system)
            row = await take(house, desk, writing, row, asked, also=also)
        await writing.execute(_KEEP, desk.id, dossier_id, system, told.external_code, now)
    return row


def _require_plain(told: Told, now: dt.datetime) -> None:
    """A code is no blank, and nothing has happened yet that is to come."""
    faults = []
    if not told.external_code.strip():
        faults.append(FieldFault("external_code", "field.missing", label="external_code"))
    if told.at is not None and (told.at.tzinfo is None or told.at > now):
        faults.append(FieldFault("at", "field.future", label="at"))
    if faults:
        raise InvalidAnswersError(faults)


def _act(step_id: str, told: Told, at: dt.datetime, system: str) -> Act:
    """The step as the other system took it."""
    row = transition(step_id)
    reason = told.reason.strip()
    given: dict[str, Any] = {"items": [reason] if reason else [], "ground": reason}
    return Act(
        transition=step_id,
        at=at,
        by=Actor(None, system, (*row.roles, Role.SYSTEM)),
        reason=reason if row.needs_reason else "",
        data={need.name: given[need.name] for need in row.needs if need.name in given},
    )
