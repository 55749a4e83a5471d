"""Taking in dossiers: a citizen's submission, and a visit at the counter."""

import base64
import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.dossier import Role, State
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.fee import total
from motcua.domain.life import Act, Actor, open_dossier, step
from motcua.services.assess import Assessed, Paper, assess
from motcua.services.hooks import let_act, watched
from motcua.services.house import Desk, House, applicant_key
from motcua.services.ledger import event_row, fee_rows, figures, life_of, merged, with_life
from motcua.services.rules import rules_for
from motcua.storage import dossiers as store
from motcua.storage.rows import DocumentRow, DossierRow, EventRow, FeeRow, FigureRow, VisitRow
from motcua.storage.work import Work, work

CITIZEN = Actor(None, "citizen", (Role.CITIZEN,))


class ReceptionClosedError(MotCuaError):
    """The unit has ended; its successor receives now."""

    code = "reception.unit-ended"
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


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """One dossier of a visit; *secret* opens its look-up and is shown once."""

    id: UUID
    code: str
    state: str
    due_at: dt.datetime | None
    version: int
    secret: str


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One sitting: several papers, one receipt, one total in whole VND."""

    visit: UUID
    receipt: str
    fee_total: int
    dossiers: tuple[Received, ...]


class _Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A paper on its way in: its row without code, what was done, what it costs."""

    row: DossierRow
    before: DossierRow | None
    act: Act
    assessed: Assessed
    secret: str


async def submit(house: House, desk: Desk, paper: Paper, by: Actor = CITIZEN) -> Submitted:
    """Take a citizen's dossier in online; it waits for the desk under a temporary code (T01).

    Raises:
        InvalidAnswersError: the form has faults; holds all of them.
        ReceptionClosedError: the unit has ended.
    """
    now = house.now()
    require_open(desk, now)
    async with watched(house, desk) as faults:
        assessed = assess(house, desk, paper, now, "online", decide=False)
        faults.extend(assessed.faults)
    act = Act(transition="T01", at=now, by=by)
    draft = _draft(house, desk, assessed, act, "online")
    day = now.astimezone(VN).strftime("%y%m%d")
    async with work(house.engine, desk.id) as writing:
        numbers = await store.take_numbers(writing, {("temporary", day): 1})
        code = f"T-{day}-{numbers['temporary', day][0]:04d}"
        row = msgspec.structs.replace(draft.row, temporary_code=code)
        row, event = event_row(row, None, act, Role.CITIZEN, _declared(row), house.entropy(16))
        documents = _documents(row, assessed)
        new = store.Reception(dossiers=(row,), events=(event,), documents=documents)
        await store.write(writing, new)
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
        drafts: list[_Draft] = []
        for family in _assess_all(house, desk, papers, now, channel):
            drafts += _group(house, desk, family, act, channel)
        faults.extend(fault for draft in drafts for fault in draft.assessed.faults)
        async with work(house.engine, desk.id) as writing:
            return await _write_visit(house, desk, actor, writing, drafts, payer)


async def accept(
    house: House,
    desk: Desk,
    actor: Actor,
    dossier_id: UUID,
    paper: Paper | None = None,
) -> Visit:
    """Receive a dossier that was submitted online (T03).

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
        faults.extend(draft.assessed.faults)
        return await _write_visit(house, desk, actor, writing, [draft], "")


def require_open(desk: Desk, now: dt.datetime) -> None:
    """Refuse a unit that has ended, naming who receives now."""
    day = now.astimezone(VN).date()
    ended = desk.closed_on is not None and day >= desk.closed_on
    if ended or desk.archived:
        raise ReceptionClosedError(
            tenant=desk.name,
            closed_on="" if desk.closed_on is None else desk.closed_on.isoformat(),
            successors=", ".join(desk.successors),
        )


def _assess_all(
    house: House, desk: Desk, papers: Sequence[Paper], now: dt.datetime, channel: str
) -> list[list[Assessed]]:
    """Each paper, followed by its parts; the faults of all of them are told at once."""
    faults: list[FieldFault] = []

    def tried(paper: Paper, lead: str) -> list[Assessed]:
        try:
            return [assess(house, desk, paper, now, channel)]
        except InvalidAnswersError as error:
            faults.extend(fault.under(lead) for fault in error.faults)
            return []

    families = []
    for n, paper in enumerate(papers):
        lead = f"papers[{n}]." if len(papers) > 1 else ""
        family = tried(paper, lead)
        for m, part in enumerate(paper.parts):
            family += tried(part, f"{lead}parts[{m}].")
            if part.parts:
                where = f"{lead}parts[{m}].parts"
                faults.append(FieldFault(where, "field.surplus", label=where))
        families.append(family)
    if faults:
        raise InvalidAnswersError(faults)
    return families


def _group(
    house: House, desk: Desk, family: Sequence[Assessed], act: Act, channel: str
) -> list[_Draft]:
    """The dossier of a paper and, for interlinked procedures, those of its parts."""
    parent = _draft(house, desk, family[0], act, channel)
    children = [_draft(house, desk, part, act, channel, parent.row.id) for part in family[1:]]
    return [parent, *children]


def _draft(
    house: House,
    desk: Desk,
    assessed: Assessed,
    act: Act,
    channel: str,
    parent_id: UUID | None = None,
) -> _Draft:
    rules = rules_for(desk, assessed.published)
    life = open_dossier(act, rules, assessed.opening)
    definition = assessed.published.definition
    secret = _secret(house)
    row = DossierRow(
        tenant_id=desk.id,
        id=house.new_id(),
        secret_hash=hashed(secret),
        procedure_code=definition.code,
        version_id=assessed.published.id,
        field=definition.field,
        plugin=assessed.published.owner,
        plugin_version=assessed.plugin_version,
        channel=channel,
        state=life.state,
        version=life.version,
        last_at=life.last_at,
        head=b"",
        applicant=assessed.applicant,
        applicant_key=applicant_key(assessed.applicant),
        answers=dict(assessed.answers),
        chosen=assessed.chosen,
        clock=[],
        receiving_id=desk.id,
        competent_id=desk.id,
        returning_id=desk.id,
        parent_id=parent_id,
    )
    row = with_life(row, life, desk.calendar)
    return _Draft(row=row, before=None, act=act, assessed=assessed, secret=secret)


def _accepted(
    house: House,
    desk: Desk,
    actor: Actor,
    before: DossierRow,
    picked: Paper | None,
    now: dt.datetime,
) -> _Draft:
    base = picked or Paper(procedure=before.procedure_code, applicant={})
    paper = msgspec.structs.replace(
        base,
        procedure=before.procedure_code,
        applicant=before.applicant,
        answers=before.answers,
    )
    assessed = assess(house, desk, paper, now, "online", submitted_at=before.submitted_at)
    act = Act(transition="T03", at=now, by=actor)
    life = step(life_of(before), act, rules_for(desk, assessed.published), assessed.opening)
    row = msgspec.structs.replace(before, version_id=assessed.published.id, chosen=assessed.chosen)
    row = with_life(row, life, desk.calendar)
    return _Draft(row=row, before=before, act=act, assessed=assessed, secret="")


async def _write_visit(
    house: House,
    desk: Desk,
    actor: Actor,
    writing: Work,
    drafts: Sequence[_Draft],
    payer: str,
) -> Visit:
    at = drafts[0].act.at
    local = at.astimezone(VN)
    day, year = local.strftime("%y%m%d"), local.strftime("%Y")
    wanted = {("dossier", day): len(drafts), ("receipt", year): 1}
    numbers = await store.take_numbers(writing, wanted)
    unit = desk.unit_code(local.date())
    visit = VisitRow(
        tenant_id=desk.id,
        id=house.new_id(),
        receipt=f"{year}-{numbers['receipt', year][0]:06d}",
        channel=drafts[0].row.channel,
        payer=payer or drafts[0].row.applicant.get("name", ""),
        fee_total=sum(total(draft.assessed.fees) for draft in drafts),
        at=at,
        staff_id=actor.id,
    )
    codes = [f"{unit}-{day}-{number:04d}" for number in numbers["dossier", day]]
    written = [
        _numbered(house, draft, code, visit.id) for draft, code in zip(drafts, codes, strict=True)
    ]
    await _store_visit(desk, writing, visit, drafts, written)
    for draft, (row, _) in zip(drafts, written, strict=True):
        await let_act(house, desk, "on_received", draft.assessed.published, row)
    return Visit(
        visit=visit.id,
        receipt=visit.receipt,
        fee_total=visit.fee_total,
        dossiers=tuple(
            _told(row, draft.secret) for (row, _), draft in zip(written, drafts, strict=True)
        ),
    )


def _numbered(
    house: House, draft: _Draft, code: str, visit_id: UUID
) -> tuple[DossierRow, EventRow]:
    row = msgspec.structs.replace(
        draft.row,
        code=code,
        visit_id=visit_id,
        applicant_key=applicant_key(draft.row.applicant, code),
    )
    told = _declared(row) | {
        "code": code,
        "fees": msgspec.to_builtins(draft.assessed.fees),
        "opening": msgspec.to_builtins(draft.assessed.opening),
        "plugin": f"{row.plugin} {row.plugin_version}",
        "warnings": msgspec.to_builtins(draft.assessed.warnings),
    }
    return event_row(row, draft.before, draft.act, Role.RECEPTION, told, house.entropy(16))


async def _store_visit(
    desk: Desk,
    writing: Work,
    visit: VisitRow,
    drafts: Sequence[_Draft],
    written: Sequence[tuple[DossierRow, EventRow]],
) -> None:
    rows = [row for row, _ in written]
    fees: list[FeeRow] = []
    counts: list[FigureRow] = []
    for draft, row in zip(drafts, rows, strict=True):
        fees += fee_rows(desk.id, row.id, draft.assessed.fees)
        counts += figures(desk.province_id, draft.before, row)
    if drafts[0].before is not None:
        await store.write(writing, store.Reception(visits=(visit,)))
        events = [event for _, event in written]
        await store.save(writing, rows, events, fees=fees, figures=merged(counts))
        return
    documents = [
        document
        for draft, row in zip(drafts, rows, strict=True)
        for document in _documents(row, draft.assessed)
    ]
    new = store.Reception(
        visits=(visit,),
        dossiers=rows,
        events=[event for _, event in written],
        fees=fees,
        documents=documents,
        figures=merged(counts),
    )
    await store.write(writing, new)


def hashed(secret: str) -> bytes:
    """What is kept of a secret: enough to recognise it, not to know it."""
    return hashlib.sha256(secret.encode()).digest()


def _secret(house: House) -> str:
    """Sixteen letters and digits that are easy to read aloud."""
    return base64.b32encode(house.entropy(10)).decode().lower()


def _declared(row: DossierRow) -> dict[str, Any]:
    return {"applicant": row.applicant, "answers": row.answers, "chosen": row.chosen}


def _documents(row: DossierRow, assessed: Assessed) -> list[DocumentRow]:
    """The required papers, taken as handed in; the officer saw them."""
    required = [item for item in assessed.published.definition.documents if item.required]
    return [
        DocumentRow(
            tenant_id=row.tenant_id,
            dossier_id=row.id,
            n=n,
            document=item.id,
            name=item.name,
            originals=item.original,
            copies=item.copies,
        )
        for n, item in enumerate(required, start=1)
    ]


def _told(row: DossierRow, secret: str) -> Received:
    return Received(
        id=row.id,
        code=row.code or "",
        state=State(row.state),
        due_at=row.due_at,
        version=row.version,
        secret=secret,
    )
