"""Taking a step with a dossier: every transition after its reception."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.answers import Answers, check_answers
from motcua.domain.calendar import VN
from motcua.domain.dossier import Role, StepNotAllowedError, transition
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Act, Actor, step
from motcua.domain.procedure import ProcedureDefinition
from motcua.services.grounds import grounded
from motcua.services.group import require_in_order
from motcua.services.holding import holder_after, require_own_hand_over
from motcua.services.hooks import ACTING, let_act, watched
from motcua.services.house import Desk, House
from motcua.services.ledger import event_row, figures, life_of, with_life
from motcua.services.messages import tell
from motcua.services.numbering import booked
from motcua.services.receive import UnknownDossierError
from motcua.services.rules import rules_for
from motcua.services.signers import Signer, barred, of_dossier, signers
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work, work


class StaleVersionError(MotCuaError):
    """Somebody else changed the dossier since it was read."""

    code = "dossier.stale"
    status = 409


class NothingToNumberError(MotCuaError):
    """Numbers were asked for a dossier that takes none, or has all it takes."""

    code = "register.nothing-to-number"
    status = 409


class DecidedElsewhereError(MotCuaError):
    """Another system decides this dossier; here its state is followed."""

    code = "dossier.decided-elsewhere"
    status = 409


class FormIncompleteError(MotCuaError):
    """A dossier that was sent away for what is missing comes back with its form unfinished."""

    code = "dossier.form-incomplete"
    status = 409


async def act(
    house: House,
    desk: Desk,
    actor: Actor,
    dossier_id: UUID,
    step_id: str,
    version: int,
    *,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> DossierRow:
    """Take the transition *step_id* with a dossier, as *actor* saw it at *version*.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
        StaleVersionError: it has changed since.
        StepNotAllowedError: its state does not permit the step.
        RoleNotAllowedError: the actor's roles do not permit it.
        InvalidAnswersError: something the step needs is missing or wrong.
        HeldError: somebody else holds it (T37).
        TooLateToTakeBackError: somebody has acted since (T38, T39).
        FormIncompleteError: it comes back (T05) with its form unfinished.
        PluginFailedError: a plugin that had to decide or act failed.
    """
    asked = Act(
        transition=step_id, at=house.now(), by=actor, reason=reason.strip(), data=data or {}
    )
    async with watched(house, desk), work(house.engine, desk.id) as writing:
        before = require_version(await store.lock(writing, [dossier_id]), dossier_id, version)
        return await take(house, desk, writing, before, asked)


def require_version(
    locked: Mapping[UUID, DossierRow], dossier_id: UUID, version: int
) -> DossierRow:
    """The dossier among those *locked*, if it is as somebody saw it at *version*.

    Raises:
        UnknownDossierError: it is not among them.
        StaleVersionError: it has changed since.
    """
    found = locked.get(dossier_id)
    if found is None:
        raise UnknownDossierError(dossier=str(dossier_id))
    if found.version != version:
        raise StaleVersionError(dossier=found.code or "", version=version, current=found.version)
    return found


async def take(
    house: House,
    desk: Desk,
    writing: Work,
    before: DossierRow,
    asked: Act,
    *,
    also: dict[str, Any] | None = None,
) -> DossierRow:
    """Take a step with the dossier *before*, which is locked.

    Args:
        house: The application's parts.
        desk: The tenant.
        writing: The open transaction.
        before: The dossier.
        asked: The step.
        also: What its event tells besides, of a step that another system took: it then
            stands in the name of that system, and nobody signs here.

    Raises:
        MotCuaError: as :func:`act`.
    """
    row_of = transition(asked.transition)
    if row_of.id in _ELSEWHERE:
        raise StepNotAllowedError(
            transition=row_of.id, state=before.state, allowed=(), dossier=before.code or ""
        )
    published = house.catalogue.version(before.version_id)
    house.registry.require_owner(desk.plugins, published.definition)
    if also is None and decided_elsewhere(published.definition, row_of.id):
        raise DecidedElsewhereError(system=published.definition.decided_in)
    _require_complete(published.definition, before, asked)
    await require_in_order(house, writing, before, row_of)
    await require_own_hand_over(writing, before, asked)
    if row_of.form == "F03":
        asked = grounded(published.definition, asked)
    able: list[Signer] = []
    if row_of.id == "T18" and also is None:
        able = await able_signers(house, desk, writing, asked.by, before, asked.at)
    signer = _signer(able, asked)
    certifier = (
        signer is not None and signer.authorised_certifier and signer.staff_id == asked.by.id
    )
    rules = rules_for(desk, published, own_approval=certifier, here=also is None)
    life = step(life_of(before), asked, rules)
    if row_of.id == "T18" and signer is None and also is None:
        await _require_no_signer(house, desk, writing, before, able, asked)
    if row_of.id == "T26":
        await _require_second_person(writing, asked)
    after = with_life(before, life, desk.calendar)
    holder, named = await holder_after(writing, before, asked)
    after = msgspec.structs.replace(after, holder_id=holder)
    told = asked.data | (also or {}) | named
    if signer is not None:
        told["signer"] = msgspec.to_builtins(signer)
    (lines,) = await booked(house, desk, writing, [(after, asked)])
    if row_of.id == "T30" and not lines.taken:
        raise NothingToNumberError(dossier=before.code or "")
    told |= lines.told(lines.lines)
    role = Role.SYSTEM if also else asked.by.acting(row_of.roles) or ""
    after, event = event_row(after, before, asked, role, told, house.entropy(16))
    counts = figures(desk.province_id, before, after)
    await store.save(
        writing, [after], [event], entries=lines.new, lines=lines.changed, figures=counts
    )
    if row_of.id in ACTING:
        await let_act(house, desk, ACTING[row_of.id], published, after)
    await tell(house, desk, writing, published.definition, after, row_of.id)
    return after


def _require_complete(definition: ProcedureDefinition, row: DossierRow, asked: Act) -> None:
    """Somebody turned away may have left the form unfinished (T04); back again (T05) it is not.

    Raises:
        FormIncompleteError: something of it is still missing.
    """
    if asked.transition != "T05":
        return
    day = asked.at.astimezone(VN).date()
    _, wrong = check_answers(definition, row.answers, applicant=row.applicant, today=day)
    if wrong:
        labels = dict.fromkeys(str(each.fields.get("label", each.field)) for each in wrong)
        raise FormIncompleteError(dossier=row.temporary_code or "", fields=", ".join(labels))


_ALWAYS_HERE = ("T20", "T26", "T29", "T37", "T41")
"""Handing the result over, taking a mistake out, an outage, who holds it: this office's own
business. So is what was withdrawn before anybody received it."""


def decided_elsewhere(definition: ProcedureDefinition, step_id: str) -> bool:
    """Whether another system takes this step, so that nobody decides in two places."""
    return bool(definition.decided_in) and step_id not in _ALWAYS_HERE


_ELSEWHERE = ("T01", "T02", "T03", "T25", "T40")
"""Transitions that open or receive a dossier, or correct it, have their own use cases."""


async def able_signers(
    house: House, desk: Desk, work: Work, actor: Actor, row: DossierRow, at: dt.datetime
) -> list[Signer]:
    """The signers of the dossier *row* whose signature *actor* may enter.

    A signer with an account signs in person; for one without, any leader enters
    what was signed on paper. Whoever only stands in for a leader signs as the signer they
    are themselves, or not at all.
    """
    stands_in = bool(actor.in_place_of(Role.LEADER))
    may = (actor.id,) if stands_in else (None, actor.id)
    able = of_dossier(house, desk, await signers(work, at), row, at)
    return [signer for signer in able if signer.staff_id in may]


def _signer(able: Sequence[Signer], asked: Act) -> Signer | None:
    """Who of the *able* signs: the one named, or else the actor."""
    named = asked.data.get("signer")
    if named:
        return next((each for each in able if named in (str(each.id), each.full_name)), None)
    return next((each for each in able if each.staff_id == asked.by.id), None)


_ASSIGNED = "select from signer where tenant_id = $1 and valid_from <= $2 limit 1"


async def _require_no_signer(
    house: House, desk: Desk, writing: Work, row: DossierRow, able: Sequence[Signer], asked: Act
) -> None:
    """Leaders approve by themselves only while the tenant has not assigned signers.

    Raises:
        InvalidAnswersError: a signer has to be named, or the one named may not sign this.
    """
    meant = _signer(await signers(writing, asked.at), asked)
    if meant is not None and meant not in able and row.outcome != "negative":
        definition = house.catalogue.version(row.version_id).definition
        answers = Answers(row.answers)
        if against := barred(house, desk, definition, meant, asked.at, answers):
            raise InvalidAnswersError(against)
    named = bool(asked.data.get("signer") or asked.by.in_place_of(Role.LEADER))
    if named or await writing.fetchrow(_ASSIGNED, writing.tenant_id, asked.at) is not None:
        names = ", ".join(each.full_name for each in able) or "–"
        raise InvalidAnswersError([FieldFault("signer", "field.signer", options=names)])


async def _require_second_person(writing: Work, asked: Act) -> None:
    """A dossier entered by mistake is taken out by two people, not by one."""
    found = await writing.fetchrow(
        "select id from staff where tenant_id = $1 and username = $2 and active"
        " and roles && $3 and id <> $4",
        writing.tenant_id,
        asked.data["second_person"],
        [Role.ADMIN.value, Role.HEAD.value, Role.LEADER.value],
        asked.by.id,
    )
    if found is None:
        raise InvalidAnswersError([FieldFault("second_person", "field.second-person")])
