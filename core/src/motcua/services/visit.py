"""What a visit leaves: dossiers with codes, one receipt, events, fees, figures.

Every way in uses it: papers at the counter, a submission that is accepted, the
correction of an own error.
"""

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.dossier import Role, State
from motcua.domain.fee import total
from motcua.domain.life import Act, Actor, open_dossier
from motcua.plugin.facts import Problem
from motcua.plugin.texts import text
from motcua.services.assess import Assessed
from motcua.services.hooks import let_act
from motcua.services.house import Desk, House, applicant_key
from motcua.services.ledger import event_row, fee_rows, figures, merged, with_life
from motcua.services.messages import tell
from motcua.services.rules import rules_for
from motcua.storage import dossiers as store
from motcua.storage.rows import DocumentRow, DossierRow, EventRow, FeeRow, FigureRow, VisitRow
from motcua.storage.work import Work


class Warned(msgspec.Struct, frozen=True, kw_only=True):
    """Something doubtful about a paper that was received all the same."""

    field: str
    code: str
    detail: str


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """One dossier of a visit; *secret* opens its look-up and is shown once."""

    id: UUID
    code: str
    state: str
    due_at: dt.datetime | None
    version: int
    secret: str
    warnings: tuple[Warned, ...] = ()


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One sitting: several papers, one receipt, one total in whole VND."""

    visit: UUID
    receipt: str
    fee_total: int
    dossiers: tuple[Received, ...]


class PaperFile(msgspec.Struct, frozen=True, kw_only=True):
    """A paper sent as a file.

    Attributes:
        document: The question of the form it answers.
        sha256: The content, as hexadecimal digits.
    """

    document: str
    name: str
    file_id: UUID
    sha256: str


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A paper on its way in.

    Attributes:
        row: The dossier, still without a code.
        before: What it was, if it was submitted online.
        act: Its reception.
        assessed: What was settled about the paper.
        secret: Opens its look-up; empty where it was told before.
        also: What its first event tells besides.
    """

    row: DossierRow
    before: DossierRow | None
    act: Act
    assessed: Assessed
    secret: str
    also: dict[str, Any] = {}


def drafted(
    house: House,
    desk: Desk,
    assessed: Assessed,
    act: Act,
    channel: str,
    parent_id: UUID | None = None,
) -> Draft:
    """The dossier of a paper that was assessed, opened by *act*.

    Raises:
        RoleNotAllowedError: the actor may not open it.
        MissingLimitError: no limit is known and the officer gave no date.
    """
    rules = rules_for(desk, assessed.published)
    life = open_dossier(act, rules, assessed.opening)
    definition = assessed.published.definition
    dossier_id = house.new_id()
    secret = secret_of(house, dossier_id)
    row = DossierRow(
        tenant_id=desk.id,
        id=dossier_id,
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
    return Draft(row=row, before=None, act=act, assessed=assessed, secret=secret)


async def write_visit(
    house: House,
    desk: Desk,
    actor: Actor,
    writing: Work,
    drafts: Sequence[Draft],
    payer: str,
) -> Visit:
    """Number and write *drafts* as one visit; the dossiers they change are locked already."""
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
        definition = draft.assessed.published.definition
        await tell(house, desk, writing, definition, row, draft.act.transition)
    return Visit(
        visit=visit.id,
        receipt=visit.receipt,
        fee_total=visit.fee_total,
        dossiers=tuple(_told(row, draft) for (row, _), draft in zip(written, drafts, strict=True)),
    )


def _numbered(house: House, draft: Draft, code: str, visit_id: UUID) -> tuple[DossierRow, EventRow]:
    row = msgspec.structs.replace(
        draft.row,
        code=code,
        visit_id=visit_id,
        applicant_key=applicant_key(draft.row.applicant, code),
    )
    told = declared(row) | {
        "code": code,
        "fees": msgspec.to_builtins(draft.assessed.fees),
        "opening": msgspec.to_builtins(draft.assessed.opening),
        "plugin": f"{row.plugin} {row.plugin_version}",
        "warnings": msgspec.to_builtins(draft.assessed.doubts),
        **draft.also,
    }
    return event_row(row, draft.before, draft.act, Role.RECEPTION, told, house.entropy(16))


async def _store_visit(
    desk: Desk,
    writing: Work,
    visit: VisitRow,
    drafts: Sequence[Draft],
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
        for draft, row in zip(drafts, rows, strict=True):
            await replace_papers(writing, row, draft.assessed)
        return
    documents = [
        document
        for draft, row in zip(drafts, rows, strict=True)
        for document in required_papers(row, draft.assessed)
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


def secret_of(house: House, dossier_id: UUID) -> str:
    """The secret of a dossier: sixteen letters and digits that are easy to read aloud.

    Derived from the installation's key, so that it can be told again to whoever
    repeats a request, and need not be kept for that.
    """
    drawn = hmac.digest(house.key, b"look-up secret " + dossier_id.bytes, "sha256")
    return base64.b32encode(drawn[:10]).decode().lower()


def declared(row: DossierRow) -> dict[str, Any]:
    """What was declared, as the first event of a dossier keeps it."""
    return {
        "applicant": row.applicant,
        "answers": row.answers,
        "chosen": row.chosen,
        "procedure_code": row.procedure_code,
        "version_id": row.version_id,
        "channel": row.channel,
    }


def decided(row: DossierRow, assessed: Assessed) -> DossierRow:
    """*row* with what was settled about it anew, by the version in force now."""
    published = assessed.published
    return msgspec.structs.replace(
        row,
        version_id=published.id,
        field=published.definition.field,
        plugin=published.owner,
        plugin_version=assessed.plugin_version,
        applicant=assessed.applicant,
        applicant_key=applicant_key(assessed.applicant, row.code),
        answers=dict(assessed.answers),
        chosen=assessed.chosen,
    )


def files_told(files: Sequence[PaperFile]) -> dict[str, Any]:
    """What an event tells of all the files a dossier has from then on."""
    return {
        "files": [
            {"document": each.document, "name": each.name, "sha256": each.sha256} for each in files
        ]
    }


async def replace_files(writing: Work, row: DossierRow, files: Sequence[PaperFile]) -> None:
    """Put *files* in the place of those sent before."""
    await writing.execute(_FORGET_FILES, row.tenant_id, row.id)
    await store.write(writing, store.Reception(documents=uploaded_papers(row, files)))


def uploaded_papers(row: DossierRow, files: Sequence[PaperFile]) -> list[DocumentRow]:
    """The papers sent as files."""
    return [
        DocumentRow(
            tenant_id=row.tenant_id,
            dossier_id=row.id,
            n=n,
            document=each.document,
            name=each.name,
            originals=0,
            copies=1,
            file_id=each.file_id,
        )
        for n, each in enumerate(files, start=_UPLOADED_FROM)
    ]


async def replace_papers(writing: Work, row: DossierRow, assessed: Assessed) -> None:
    """Put the papers the version in force asks for in the place of those asked for before."""
    await writing.execute(_FORGET_PAPERS, row.tenant_id, row.id)
    await store.write(writing, store.Reception(documents=required_papers(row, assessed)))


_FORGET_PAPERS = """
delete from dossier_document where tenant_id = $1 and dossier_id = $2 and file_id is null
"""
_FORGET_FILES = """
delete from dossier_document where tenant_id = $1 and dossier_id = $2 and file_id is not null
"""
_UPLOADED_FROM = 1000
"""Numbers of papers that were sent as files begin here; those asked for have lower ones."""


def required_papers(row: DossierRow, assessed: Assessed) -> list[DocumentRow]:
    """The required papers, taken as handed in; the officer saw them.

    What is sent online comes with its files, and with no paper.
    """
    if row.channel == "online":
        return []
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


def _told(row: DossierRow, draft: Draft) -> Received:
    return Received(
        id=row.id,
        code=row.code or "",
        state=State(row.state),
        due_at=row.due_at,
        version=row.version,
        secret=draft.secret,
        warnings=tuple(_warned(each) for each in draft.assessed.doubts),
    )


def _warned(problem: Problem) -> Warned:
    told: dict[str, Any] = dict(problem.told)
    return Warned(
        field=problem.field, code=problem.code, detail=text(problem.code, lang="vi", **told)
    )
