"""What officers tell each other about a dossier.

It stands apart from the dossier's events: citizens never see it, and nothing is decided by it.
"""

import datetime as dt
from uuid import UUID

import msgspec

from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.domain.life import Actor
from motcua.services.house import Desk, House
from motcua.services.reading import require_reader
from motcua.services.receive import UnknownDossierError
from motcua.storage import dossiers as store
from motcua.storage.work import work

LONGEST = 2000


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One note, and who wrote it."""

    at: dt.datetime
    who: str
    body: str


async def notes(house: House, desk: Desk, actor: Actor, dossier: UUID) -> list[Note]:
    """The notes about a dossier, the oldest first.

    Raises:
        RoleNotAllowedError: the actor may not read dossiers.
    """
    require_reader(actor)
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_NOTES, desk.id, dossier)
    return [Note(at=row["at"], who=row["who"], body=row["body"]) for row in rows]


async def leave_note(house: House, desk: Desk, actor: Actor, dossier: UUID, body: str) -> None:
    """Tell the other officers something about a dossier.

    Raises:
        RoleNotAllowedError: the actor may not read dossiers.
        UnknownDossierError: this tenant has no such dossier.
        InvalidAnswersError: nothing is said, or too much.
    """
    require_reader(actor)
    said = body.strip()
    if not said:
        raise InvalidAnswersError([FieldFault("body", "field.missing")])
    if len(said) > LONGEST:
        raise InvalidAnswersError([FieldFault("body", "field.too-long", most=LONGEST)])
    async with work(house.engine, desk.id) as writing:
        if not await store.load(writing, [dossier]):
            raise UnknownDossierError(dossier=str(dossier))
        args = (house.new_id(), dossier, actor.id, said, house.now())
        await writing.execute(_LEAVE, desk.id, *args)


_NOTES = """
select n.at, s.full_name as who, n.body
from dossier_note n join staff s on s.tenant_id = n.tenant_id and s.id = n.staff_id
where n.tenant_id = $1 and n.dossier_id = $2 order by n.at, n.id
"""

_LEAVE = """
insert into dossier_note (tenant_id, id, dossier_id, staff_id, body, at)
values ($1, $2, $3, $4, $5, $6)
"""
