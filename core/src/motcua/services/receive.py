"""Taking in dossiers: a citizen's submission, and a visit at the counter."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.dossier import Role
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Act, Actor, step
from motcua.services.assess import (
    Assessed,
    NotOnlineError,
    Paper,
    assess,
    filing_of,
    with_duplicates,
)
from motcua.services.hooks import watched
from motcua.services.house import Desk, House
from motcua.services.ledger import event_row, life_of, with_life
from motcua.services.messages import tell
from motcua.services.rules import rules_for
from motcua.services.served import note_visit
from motcua.services.visit import (
    Draft,
    PaperFile,
    Visit,
    decided,
    declared,
    drafted,
    files_told,
    required_papers,
    uploaded_papers,
    write_visit,
)
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow
from motcua.storage.work import work

CITIZEN = Actor(None, "citizen", (Role.CITIZEN,))


class ReceptionClosedError(MotCuaError):
    """The unit has ended; its successor receives now."""

    code = "reception.unit-ended"
    status = 409


class ReceptionNotBegunError(MotCuaError):
    """The unit has not begun to work yet."""

    code = "reception.unit-not-begun"
    status = 409


class UnknownDossierError(MotCuaError):
    """This tenant has no such dossier."""

    code = "dossier.unknown"
    status = 404


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """A submission's answer; *secret* is shown once and kept as a hash only."""

    id: UUID
    temporary_code: str
    secret: str
    version: int


async def submit(
    house: House,
    desk: Desk,
    paper: Paper,
    by: Actor = CITIZEN,
    files: Sequence[PaperFile] = (),
) -> Submitted:
    """Take a citizen's dossier in online; it waits for the desk under a temporary code (T01).

    Args:
        house: The application's parts.
        desk: The tenant.
        paper: What was declared.
        by: Who submits.
        files: What was sent along; stored already.

    Raises:
        InvalidAnswersError: the form has faults; holds all of them.
        NotOnlineError: the tenant takes the procedure at its desk only.
        ReceptionClosedError: the unit has ended.
    """
    now = house.now()
    require_open(desk, now)
    async with watched(house, desk) as faults:
        assessed = assess(house, desk, paper, now, "online", decide=False)
        faults.extend(assessed.faults)
    definition = assessed.published.definition
    if desk.desk_only(definition.code):
        raise NotOnlineError(procedure=definition.name, tenant=desk.name)
    if missing := group_faults(assessed):
        raise InvalidAnswersError(missing)
    act = Act(transition="T01", at=now, by=by)
    draft = drafted(house, desk, assessed, act, "online")
    day = now.astimezone(VN).strftime("%y%m%d")
    async with work(house.engine, desk.id) as writing:
        numbers = await store.take_numbers(writing, {("temporary", day): 1})
        code = f"T-{day}-{numbers['temporary', day][0]:04d}"
        row = msgspec.structs.replace(draft.row, temporary_code=code)
        told = declared(row) | (files_told(files) if files else {})
        row, event = event_row(row, None, act, Role.CITIZEN, told, house.entropy(16))
        documents = [*required_papers(row, assessed), *uploaded_papers(row, files)]
        new = store.Reception(dossiers=(row,), events=(event,), documents=documents)
        await store.write(writing, new)
        await tell(house, desk, writing, definition, row, "T01")
    return Submitted(id=row.id, temporary_code=code, secret=draft.secret, version=row.version)


async def receive(
    house: House,
    desk: Desk,
    actor: Actor,
    channel: str,
    papers: Sequence[Paper],
    payer: str = "",
) -> Visit:
    """Receive a visit: several papers at once, one receipt and one fee total (T02).

    Raises:
        InvalidAnswersError: a form has faults; holds those of all papers, each
            field led by ``papers[n].`` where there are several.
        RoleNotAllowedError: the actor is not at the reception desk.
        ReceptionClosedError: the unit has ended.
    """
    now = house.now()
    require_open(desk, now)
    act = Act(transition="T02", at=now, by=actor)
    async with watched(house, desk) as faults:
        families = _assess_all(house, desk, papers, now, channel)
        faults.extend(fault for family in families for each in family for fault in each.faults)
        async with work(house.engine, desk.id) as writing:
            drafts: list[Draft] = []
            for family in families:
                known = [await with_duplicates(house, desk, actor, each) for each in family]
                drafts += _group(house, desk, known, act, channel)
            visit = await write_visit(house, desk, actor, writing, drafts, payer)
            await note_visit(desk, writing, actor, visit.visit, now)
            return visit


async def accept(
    house: House,
    desk: Desk,
    actor: Actor,
    dossier_id: UUID,
    paper: Paper | None = None,
) -> Visit:
    """Receive a dossier that was submitted online, or sent away to be completed (T03).

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: The reception officer.
        dossier_id: The submission.
        paper: What the officer picks (variants, exemptions, a date); its
            procedure, applicant and answers are those submitted.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
        StepNotAllowedError: it is not waiting for reception.
    """
    now = house.now()
    require_open(desk, now)
    async with watched(house, desk) as faults, work(house.engine, desk.id) as writing:
        before = (await store.lock(writing, [dossier_id])).get(dossier_id)
        if before is None:
            raise UnknownDossierError(dossier=str(dossier_id))
        draft = _accepted(house, desk, actor, before, paper, now)
        known = await with_duplicates(house, desk, actor, draft.assessed)
        draft = msgspec.structs.replace(draft, assessed=known)
        faults.extend(draft.assessed.faults)
        return await write_visit(house, desk, actor, writing, [draft], "")


async def glanced(
    house: House, desk: Desk, actor: Actor, dossier_id: UUID, paper: Paper
) -> Assessed | None:
    """What :func:`accept` would settle now; nothing where it could not be received so."""
    async with work(house.engine, desk.id) as reading:
        before = (await store.load(reading, [dossier_id])).get(dossier_id)
    if before is None:
        return None
    async with watched(house, desk):
        try:
            return _accepted(house, desk, actor, before, paper, house.now()).assessed
        except MotCuaError:
            return None


def ended(desk: Desk, at: dt.datetime) -> bool:
    """Whether the unit is no more at a moment, or kept only to be read."""
    day = at.astimezone(VN).date()
    return desk.archived or (desk.closed_on is not None and day >= desk.closed_on)


def require_open(desk: Desk, at: dt.datetime, *, archive: bool = False) -> None:
    """Refuse a unit that did not receive at a moment, naming who does if it had ended.

    Args:
        desk: The tenant.
        at: The moment of reception.
        archive: Whether this is an old history; a unit kept to be read takes those.

    Raises:
        ReceptionClosedError: it has ended.
        ReceptionNotBegunError: its first day is still to come.
        NoUnitCodeError: no administrative code of it is valid that day.
    """
    day = at.astimezone(VN).date()
    if desk.opened_on is not None and day < desk.opened_on:
        raise ReceptionNotBegunError(tenant=desk.name, opened_on=desk.opened_on.isoformat())
    ended = desk.closed_on is not None and day >= desk.closed_on
    if ended or (desk.archived and not archive):
        raise ReceptionClosedError(
            tenant=desk.name,
            closed_on="" if desk.closed_on is None else desk.closed_on.isoformat(),
            successors=", ".join(desk.successors),
        )
    desk.unit_code(day)


def _assess_all(
    house: House, desk: Desk, papers: Sequence[Paper], now: dt.datetime, channel: str
) -> list[list[Assessed]]:
    """Each paper, followed by its parts; the faults of all of them are told at once."""
    faults: list[FieldFault] = []

    def tried(paper: Paper, lead: str, *, part: bool = False) -> list[Assessed]:
        try:
            return [assess(house, desk, paper, now, channel, part=part)]
        except InvalidAnswersError as error:
            faults.extend(fault.under(lead) for fault in error.faults)
            return []

    families = []
    for n, paper in enumerate(papers):
        lead = f"papers[{n}]." if len(papers) > 1 else ""
        family = tried(paper, lead)
        faults += [each.under(lead) for head in family for each in group_faults(head)]
        for m, part in enumerate(paper.parts):
            family += tried(part, f"{lead}parts[{m}].", part=True)
            if part.parts:
                where = f"{lead}parts[{m}].parts"
                faults.append(FieldFault(where, "field.surplus", label=where))
        families.append(family)
    if faults:
        raise InvalidAnswersError(faults)
    return families


def group_faults(head: Assessed) -> list[FieldFault]:
    """What is wrong with the parts of the paper *head*, by the definition of its group.

    A definition that names no parts takes any.
    """
    parts = head.published.definition.parts
    if not parts:
        return []
    given = [paper.procedure for paper in head.paper.parts]
    known = {part.procedure for part in parts}
    faults = [
        FieldFault("parts", "group.part-missing", label=part.procedure, agency=part.agency)
        for part in parts
        if part.required and part.procedure not in given
    ]
    faults += [
        FieldFault(f"parts[{m}].procedure", "group.no-part", label=code)
        for m, code in enumerate(given)
        if code not in known or code in given[:m]
    ]
    return faults


def _group(
    house: House, desk: Desk, family: Sequence[Assessed], act: Act, channel: str
) -> list[Draft]:
    """The dossier of a paper and, for interlinked procedures, those of its parts."""
    parent = drafted(house, desk, family[0], act, channel)
    children = [drafted(house, desk, part, act, channel, parent.row.id) for part in family[1:]]
    return [parent, *children]


def _accepted(
    house: House,
    desk: Desk,
    actor: Actor,
    before: DossierRow,
    picked: Paper | None,
    now: dt.datetime,
) -> Draft:
    base = picked or Paper(procedure=before.procedure_code, applicant={})
    paper = msgspec.structs.replace(
        base,
        procedure=before.procedure_code,
        applicant=before.applicant,
        answers=before.answers,
        filing=filing_of(before.chosen),
    )
    assessed = assess(
        house, desk, paper, now, before.channel, submitted_at=before.submitted_at, earlier=True
    )
    act = Act(transition="T03", at=now, by=actor)
    life = step(life_of(before), act, rules_for(desk, assessed.published), assessed.opening)
    row = with_life(decided(before, assessed), life, desk.calendar)
    return Draft(row=row, before=before, act=act, assessed=assessed, secret="")
