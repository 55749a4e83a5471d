"""A citizen completes what was sent (T05), or adds to it while it is worked on (T36)."""

import hmac
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.dossier import Role, State
from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.domain.life import Act, Actor, step
from motcua.services.assess import Filing, Paper, assess, filing_of
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


async def supply(
    house: House, desk: Desk, dossier_id: UUID, files: Sequence[PaperFile]
) -> DossierRow:
    """Add what was asked for in process; the desk then accepts it (T36, before T10).

    Args:
        house: The application's parts.
        desk: The tenant.
        dossier_id: Whose holder sends.
        files: All files it has from now on.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
        StepNotAllowedError: it is over.
    """
    async with work(house.engine, desk.id) as writing:
        told = {"documents": sorted({each.document for each in files})} | files_told(files)
        row = await _told(house, desk, writing, dossier_id, told)
        await replace_files(writing, row, files)
    return row


async def choose_result(
    house: House, desk: Desk, dossier_id: UUID, way: str, where: str
) -> DossierRow:
    """Change how the result comes back, at its holder's wish (T36).

    Raises:
        UnknownDossierError: this tenant has no such dossier.
        StepNotAllowedError: it is over.
        InvalidAnswersError: there is no such way, or no address for the post.
    """
    if way == "post" and not where.strip():
        raise InvalidAnswersError([FieldFault("result_address", "field.missing")])
    told = {"result_way": way} | ({"result_address": where.strip()} if way == "post" else {})
    async with work(house.engine, desk.id) as writing:
        return await _told(house, desk, writing, dossier_id, told)


_ACTED = ("result_way", "result_address", "documents")


async def _told(
    house: House, desk: Desk, writing: Work, dossier_id: UUID, told: dict[str, Any]
) -> DossierRow:
    """The dossier after its holder told something (T36)."""
    before = (await store.lock(writing, [dossier_id])).get(dossier_id)
    if before is None:
        raise UnknownDossierError(dossier=str(dossier_id))
    said: dict[str, Any] = {name: told[name] for name in _ACTED if told.get(name)}
    act = Act(transition="T36", at=house.now(), by=CITIZEN, data=said)
    rules = rules_for(desk, house.catalogue.version(before.version_id))
    row = with_life(before, step(life_of(before), act, rules), desk.calendar)
    if "result_way" in said:
        filing = filing_of(before.chosen) or Filing()
        wanted = msgspec.structs.replace(
            filing, result_way=said["result_way"], result_address=said.get("result_address", "")
        )
        row = msgspec.structs.replace(
            row, chosen=before.chosen | {"filing": msgspec.to_builtins(wanted)}
        )
        told = told | {"chosen": row.chosen}
    row, event = event_row(row, before, act, Role.CITIZEN, told, house.entropy(16))
    await store.save(writing, [row], [event])
    return row


async def _proven(writing: Work, dossier_id: UUID, secret: str) -> DossierRow:
    """The dossier, locked, of whoever has its secret."""
    before = (await store.lock(writing, [dossier_id])).get(dossier_id)
    if before is None or not hmac.compare_digest(before.secret_hash or b"", hashed(secret)):
        raise UnknownDossierError(dossier=str(dossier_id))
    return before
