"""Correcting an error of the office's own in a result that was returned (T25).

The returned dossier stays as it is, but for the event that says what was wrong.
The work is done again in a new dossier of its own, with its own clock, free of
charge and tied to the old one.
"""

from uuid import UUID

import msgspec

from motcua.domain.dossier import Role, transition
from motcua.domain.life import Act, Actor, step
from motcua.services.act import require_version
from motcua.services.assess import Paper, assess
from motcua.services.hooks import watched
from motcua.services.house import Desk, House
from motcua.services.ledger import event_row, life_of, with_life
from motcua.services.receive import require_open
from motcua.services.rules import rules_for
from motcua.services.visit import Draft, Visit, drafted, write_visit
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow
from motcua.storage.work import work

_CORRECTION = "T25"


async def correct(
    house: House,
    desk: Desk,
    actor: Actor,
    dossier_id: UUID,
    version: int,
    *,
    reason: str,
    picked: Paper | None = None,
) -> Visit:
    """Begin the correction of a returned dossier; the new one is received now.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who found the error: reception, field officer or leader.
        dossier_id: The returned dossier.
        version: The version of it they saw.
        reason: What was wrong.
        picked: Variants of the limit, a later time agreed, or the date where no limit
            is known; applicant and answers where those of the old dossier were wrong.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
        StaleVersionError: it has changed since.
        StepNotAllowedError: its result has not been returned.
        RoleNotAllowedError: the actor may not correct it.
        InvalidAnswersError: there is no reason, or the answers no longer fit the
            procedure in force.
        ReceptionClosedError: the unit has ended.
    """
    now = house.now()
    require_open(desk, now)
    act = Act(transition=_CORRECTION, at=now, by=actor, reason=reason.strip())
    async with watched(house, desk) as faults, work(house.engine, desk.id) as writing:
        before = require_version(await store.lock(writing, [dossier_id]), dossier_id, version)
        rules = rules_for(desk, house.catalogue.version(before.version_id))
        life = step(life_of(before), act, rules)
        draft = _draft(house, desk, before, picked, act)
        faults.extend(draft.assessed.faults)
        visit = await write_visit(house, desk, actor, writing, [draft], "")
        made = visit.dossiers[0]
        await store.link(writing, before.id, made.id, "correction")
        row = with_life(before, life, desk.calendar)
        told = {"correction": made.code}
        after, event = event_row(row, before, act, _role(actor), told, house.entropy(16))
        await store.save(writing, [after], [event])
    return visit


def _draft(
    house: House, desk: Desk, before: DossierRow, picked: Paper | None, correcting: Act
) -> Draft:
    """The new dossier: declared as before, but for what is corrected."""
    picked = picked or Paper(procedure="", applicant={})
    answers = picked.answers or before.answers
    if picked.applicant:
        answers = {name: value for name, value in answers.items() if name != "requester"}
    paper = msgspec.structs.replace(
        picked,
        procedure=before.procedure_code,
        applicant=picked.applicant or before.applicant,
        answers=answers,
        parts=(),
    )
    earlier = not picked.answers
    assessed = assess(house, desk, paper, correcting.at, before.channel, earlier=earlier)
    free = msgspec.structs.replace(assessed, fees=())
    # Whoever may correct brings the case back in, at the reception desk or not.
    by = msgspec.structs.replace(correcting.by, roles=(*correcting.by.roles, Role.RECEPTION))
    act = Act(transition="T02", at=correcting.at, by=by, reason=correcting.reason)
    draft = drafted(house, desk, free, act, before.channel)
    return msgspec.structs.replace(draft, also={"corrects": before.code})


def _role(actor: Actor) -> str:
    return actor.acting(transition(_CORRECTION).roles) or ""
