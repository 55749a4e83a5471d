"""One step with many dossiers: each its own act, and one answer for each."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.dossier import State, StepNotAllowedError, transition
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Actor, may_take
from motcua.services.act import (
    DecidedElsewhereError,
    StaleVersionError,
    able_signers,
    act,
    decided_elsewhere,
)
from motcua.services.house import Desk, House
from motcua.services.idempotency import Repeatable, once
from motcua.services.ledger import life_of
from motcua.services.reading import require_reader
from motcua.services.rules import rules_for
from motcua.services.signers import Signer
from motcua.services.words import called
from motcua.storage import dossiers as store
from motcua.storage.errors import UnavailableError
from motcua.storage.rows import DossierRow
from motcua.storage.work import work

BATCHED = ("T08", "T16", "T17", "T18", "T19", "T21", "T37", "T38", "T39")
"""Steps of which several are taken from one page."""
MOST = 50
"""As many as stand on one page of a list."""

Chosen = Mapping[UUID, int]
"""Dossiers by id, with the version somebody saw."""


class TooManyError(MotCuaError):
    """Nothing was chosen, or more than a page of a list."""

    code = "batch.count"


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier that was chosen, before anything is done.

    Attributes:
        refused: The code of the reason why the step cannot be taken; empty: it can.
    """

    id: UUID
    version: int
    code: str
    procedure_name: str
    applicant: str
    state: State
    refused: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one dossier: done, and its *version* since, or *why* not."""

    id: UUID
    done: bool
    version: int = 0
    why: tuple[FieldFault, ...] = ()


async def proposed(
    house: House, desk: Desk, actor: Actor, step_id: str, chosen: Chosen
) -> list[Proposed]:
    """The dossiers *chosen* as they stand, in the order they were chosen; none is changed.

    Raises:
        RoleNotAllowedError: the actor may not read dossiers.
        StepNotAllowedError: the step asks something of each dossier.
        TooManyError: nothing is chosen, or too much.
    """
    require_reader(actor)
    _require_batched(step_id, chosen)
    async with work(house.engine, desk.id) as reading:
        rows = await store.load(reading, chosen)
    return [
        _proposed(house, desk, actor, step_id, rows[each], version)
        for each, version in chosen.items()
        if each in rows
    ]


async def signers_of_all(house: House, desk: Desk, actor: Actor, chosen: Chosen) -> list[Signer]:
    """Who may sign all of the dossiers *chosen*, as far as *actor* may enter it."""
    async with work(house.engine, desk.id) as reading:
        rows = await store.load(reading, chosen)
        able = [
            await able_signers(house, desk, reading, actor, row, house.now())
            for row in rows.values()
        ]
    return [each for each in able[0] if all(each in other for other in able)] if able else []


async def take_all(
    house: House,
    desk: Desk,
    actor: Actor,
    step_id: str,
    chosen: Chosen,
    *,
    key: str,
    reasons: Mapping[UUID, str] | None = None,
    data: dict[str, Any] | None = None,
    own: Mapping[UUID, dict[str, Any]] | None = None,
) -> list[Outcome]:
    """Take a step with every dossier *chosen*, each in a transaction of its own.

    What is refused leaves the others alone. *data* is for all of them, *own* for one; *reasons*
    are each one's. Sent again under the same *key*, what was
    done is not done again.

    Raises:
        StepNotAllowedError: the step asks something of each dossier.
        TooManyError: nothing is chosen, or too much.
    """
    _require_batched(step_id, chosen)
    said, why, more = data or {}, reasons or {}, own or {}
    return [
        await _taken(
            house,
            desk,
            actor,
            step_id,
            (each, version),
            key,
            why.get(each, ""),
            said | more.get(each, {}),
        )
        for each, version in chosen.items()
    ]


async def _taken(
    house: House,
    desk: Desk,
    actor: Actor,
    step_id: str,
    seen: tuple[UUID, int],
    key: str,
    reason: str,
    data: dict[str, Any],
) -> Outcome:
    dossier, version = seen
    asked = Repeatable(
        actor=str(actor.id),
        key=f"{key}-{dossier.hex}",
        request=msgspec.json.encode([step_id, version, reason, data], order="deterministic"),
    )

    async def do() -> int:
        row = await act(house, desk, actor, dossier, step_id, version, reason=reason, data=data)
        return row.version

    try:
        answered = await once(house, desk, asked, 200, do)
    except UnavailableError:
        raise
    except MotCuaError as error:
        return Outcome(id=dossier, done=False, why=_why(error))
    return Outcome(id=dossier, done=True, version=answered.answer)


def _why(error: MotCuaError) -> tuple[FieldFault, ...]:
    if isinstance(error, InvalidAnswersError):
        return tuple(error.faults)
    told = {name: value for name, value in error.fields.items() if name not in ("field", "code")}
    return (FieldFault("", error.code, **told),)


def _require_batched(step_id: str, chosen: Chosen) -> None:
    if step_id not in BATCHED:
        raise StepNotAllowedError(transition=step_id, state="", allowed=BATCHED, dossier="")
    if not 0 < len(chosen) <= MOST:
        raise TooManyError(count=len(chosen), most=MOST)


def _proposed(
    house: House, desk: Desk, actor: Actor, step_id: str, row: DossierRow, version: int
) -> Proposed:
    return Proposed(
        id=row.id,
        version=version,
        code=row.code or row.temporary_code or "",
        procedure_name=called(house.catalogue.version(row.version_id).definition),
        applicant=str(row.applicant.get("name", "")),
        state=State(row.state),
        refused=_refused(house, desk, actor, step_id, row, version),
    )


def _refused(
    house: House, desk: Desk, actor: Actor, step_id: str, row: DossierRow, version: int
) -> str:
    published = house.catalogue.version(row.version_id)
    if row.version != version:
        return StaleVersionError.code
    if decided_elsewhere(published.definition, step_id):
        return DecidedElsewhereError.code
    rules = rules_for(desk, published, here=True)
    return may_take(transition(step_id), life_of(row), actor, rules, house.now()) or ""
