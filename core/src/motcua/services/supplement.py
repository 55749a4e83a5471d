"""A citizen completes what was sent online and sends it again (T05)."""

import hmac
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.dossier import Role, State
from motcua.domain.life import Act, Actor, step
from motcua.services.assess import Paper, assess, filing_of
from motcua.services.hooks import watched
from motcua.services.house import Desk, House
from motcua.services.ledger import event_row, life_of, with_life
from motcua.services.receive import CITIZEN, UnknownDossierError, require_open
from motcua.services.rules import rules_for
from motcua.services.visit import (
    PaperFile,
    decided,
    declared,
    files_told,
    hashed,
    replace_files,
    replace_papers,
)
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work, work


class Supplemented(msgspec.Struct, frozen=True, kw_only=True):
    """A submission that waits for the desk again."""

    id: UUID
    temporary_code: str
    state: State
    version: int


async def supplement(
    house: House,
    desk: Desk,
    dossier_id: UUID,
    secret: str,
    answers: dict[str, Any],
    by: Actor = CITIZEN,
    files: Sequence[PaperFile] | None = None,
) -> Supplemented:
    """Put *answers* in the place of those sent before; applicant and procedure stay.

    Args:
        house: The application's parts.
        desk: The tenant.
        dossier_id: The submission.
        secret: What its sender was told.
        answers: The whole form again.
        by: Who completes it.
        files: All files it has from now on; without them those sent before stay.

    Raises:
        UnknownDossierError: this tenant has no such dossier, or the secret is another's.
        StepNotAllowedError: nobody asked for a supplement.
        InvalidAnswersError: the form has faults; holds all of them.
        ReceptionClosedError: the unit has ended.
    """
    now = house.now()
    require_open(desk, now)
    act = Act(transition="T05", at=now, by=by)
    async with watched(house, desk) as faults, work(house.engine, desk.id) as writing:
        before = await _proven(writing, dossier_id, secret)
        rules = rules_for(desk, house.catalogue.version(before.version_id))
        life = step(life_of(before), act, rules)
        paper = Paper(
            procedure=before.procedure_code,
            applicant=before.applicant,
            answers=answers,
            filing=filing_of(before.chosen),
        )
        assessed = assess(house, desk, paper, now, before.channel, decide=False)
        faults.extend(assessed.faults)
        row = with_life(decided(before, assessed), life, desk.calendar)
        told = declared(row) | ({} if files is None else files_told(files))
        row, event = event_row(row, before, act, Role.CITIZEN, told, house.entropy(16))
        await store.save(writing, [row], [event])
        await replace_papers(writing, row, assessed)
        if files is not None:
            await replace_files(writing, row, files)
    return Supplemented(
        id=row.id,
        temporary_code=row.temporary_code or "",
        state=State(row.state),
        version=row.version,
    )


async def _proven(writing: Work, dossier_id: UUID, secret: str) -> DossierRow:
    """The dossier, locked, of whoever has its secret."""
    before = (await store.lock(writing, [dossier_id])).get(dossier_id)
    if before is None or not hmac.compare_digest(before.secret_hash or b"", hashed(secret)):
        raise UnknownDossierError(dossier=str(dossier_id))
    return before
