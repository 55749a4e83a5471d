"""Who holds a dossier: taking it, being given it, and taking back what one has just handed on."""

from typing import Any

import msgspec

from motcua.domain.dossier import TAKES_BACK, WORKED_BY, Role, State
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Act, Actor
from motcua.services.house import Desk, House
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work, work


class HeldError(MotCuaError):
    """Somebody else holds the dossier; only a head may give it to another."""

    code = "dossier.held"
    status = 409


class TooLateToTakeBackError(MotCuaError):
    """What was handed on is no longer taken back: somebody has acted on it since."""

    code = "dossier.too-late-to-take-back"
    status = 409


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff whom a dossier may be given to."""

    id: int
    username: str
    full_name: str
    roles: tuple[Role, ...]


_HANDED_ON = ("T08", "T16", "T24")
_WORKED_ON = ("T09", "T12", "T14", "T15")


async def holder_after(
    writing: Work, before: DossierRow, asked: Act
) -> tuple[int | None, dict[str, str]]:
    """Who holds the dossier after the step, and what its event tells of somebody named.

    Handed on to another desk it is nobody's, until an officer there works on it;
    sent back by the leader it is its appraiser's again, taken back the officer's own.

    Raises:
        InvalidAnswersError: whoever is named does no work at that desk.
        HeldError: somebody else holds it, and the officer is no head.
    """
    if asked.transition == "T37":
        given = await _given(writing, before, asked)
        return given.id, {"holder": given.full_name}
    return _holder(before, asked), {}


def _holder(before: DossierRow, asked: Act) -> int | None:
    if asked.transition in _HANDED_ON:
        return None
    if asked.transition == "T17":
        return before.appraised_by
    if asked.transition in TAKES_BACK:
        return asked.by.id
    if asked.transition in _WORKED_ON and before.holder_id is None:
        return asked.by.id
    return before.holder_id


async def _given(writing: Work, before: DossierRow, asked: Act) -> Person:
    role = WORKED_BY[State(before.state)]
    people = {each.username: each for each in await _people(writing, [role, Role.HEAD])}
    named = people.get(str(asked.data["holder"]))
    if named is None:
        names = ", ".join(each.full_name for each in people.values()) or "–"
        raise InvalidAnswersError([FieldFault("holder", "field.option", options=names)])
    if not can_give(asked.by) and not (named.id == asked.by.id and _free(before, asked)):
        raise HeldError(dossier=before.code or before.temporary_code or "")
    return named


def _free(before: DossierRow, asked: Act) -> bool:
    return before.holder_id in (None, asked.by.id)


async def require_own_hand_over(writing: Work, before: DossierRow, asked: Act) -> None:
    """Let only the officer who handed it on take it back, and only while nobody has acted.

    Raises:
        TooLateToTakeBackError: the last act was another, or another officer's.
    """
    if asked.transition not in TAKES_BACK:
        return
    last = await writing.fetchrow(_LAST, writing.tenant_id, before.id, before.version)
    mine = last["actor_id"] == asked.by.id and asked.by.id is not None
    if not mine or last["transition"] != TAKES_BACK[asked.transition]:
        raise TooLateToTakeBackError(dossier=before.code or "")


async def people(house: House, desk: Desk, roles: list[Role]) -> list[Person]:
    """The active officers with one of *roles*, by name."""
    async with work(house.engine, desk.id) as reading:
        return await _people(reading, roles)


def can_give(actor: Actor) -> bool:
    """Whether *actor* may give dossiers to others."""
    return bool({Role.HEAD, Role.ADMIN} & set(actor.roles))


async def _people(reading: Work, roles: list[Role]) -> list[Person]:
    wanted = [role.value for role in roles]
    rows: list[Any] = await reading.fetch(_PEOPLE, reading.tenant_id, wanted)
    return [msgspec.convert(dict(row), Person) for row in rows]


_LAST = """
select transition, actor_id from dossier_event
where tenant_id = $1 and dossier_id = $2 and seq = $3
"""

_PEOPLE = """
select id, username, full_name, roles from staff
where tenant_id = $1 and active and roles && $2 order by full_name, username
"""
