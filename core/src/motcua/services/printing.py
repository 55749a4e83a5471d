"""Printing the papers of results: all texts of a visit, their numbers on them, as one PDF."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.documents.papers import Sheet, printed
from motcua.domain.answers import Answers
from motcua.domain.calendar import VN
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Actor
from motcua.plugin.facts import BookNumber, Issue
from motcua.plugin.texts import text
from motcua.services.hooks import watched
from motcua.services.house import Desk, House
from motcua.services.reading import require_reader
from motcua.services.readlog import log_read, log_view
from motcua.services.receive import UnknownDossierError
from motcua.services.registers import reserve, reserved
from motcua.services.signers import PAPERS, Signer, of_dossier, papers, refused, signers
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow, RegisterRow
from motcua.storage.work import Work, work


class UnknownVisitError(MotCuaError):
    """This tenant has no such visit."""

    code = "visit.unknown"
    status = 404


class NoPapersError(MotCuaError):
    """Nothing of these dossiers is printed: no plugin has a text for them."""

    code = "paper.none"
    status = 409


class UnknownPastSignerError(MotCuaError):
    """A text was signed by somebody who was not assigned to sign then; it cannot be reprinted."""

    code = "paper.signer-unknown"
    status = 409


class _Past(msgspec.Struct, frozen=True, kw_only=True):
    """Who received a dossier, and who signed its result when.

    Attributes:
        signed_by: The signer's id or name, as the approval tells it.
        signer: Who that is; ``None`` of a signed text: nobody assigned then fits.
    """

    receiver: str = ""
    signed_at: dt.datetime | None = None
    signed_by: str = ""
    signer: Signer | None = None


async def print_texts(
    house: House,
    desk: Desk,
    actor: Actor,
    *,
    visit: UUID | None = None,
    dossiers: Sequence[UUID] = (),
    signer: str = "",
) -> bytes:
    """The texts of a *visit*, or of some *dossiers*, as one PDF.

    Their numbers are reserved by it; printed again, they have the same numbers. What was
    signed already is printed in the name of who signed it and of that day, or not at all.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who prints.
        visit: The visit; withdrawn and stopped dossiers of it are left out.
        dossiers: The dossiers, where it is no whole visit.
        signer: Who is to sign, by id or name; needed only where several may.

    Raises:
        UnknownVisitError: this tenant has no such visit.
        UnknownDossierError: this tenant has not all of the dossiers.
        RoleNotAllowedError: the actor may not read dossiers, or not reserve numbers.
        InvalidAnswersError: no signer, several without a choice, or one who may not sign it.
        UnknownPastSignerError: it is not known in what capacity a signed text was signed.
        NoPapersError: nothing of it is printed.
        StepNotAllowedError: a dossier is not where its text is printed.
    """
    sheets = await texts_of(house, desk, actor, visit=visit, dossiers=dossiers, signer=signer)
    templates: dict[str, str] = {}
    for owner in {each.template.partition("/")[0] for each in sheets}:
        templates |= house.registry.templates(owner)
    title = text("paper.title", unit=desk.name)
    return await printed(templates, sheets, title, house.now(), test=house.invented(desk))


async def texts_of(
    house: House,
    desk: Desk,
    actor: Actor,
    *,
    visit: UUID | None = None,
    dossiers: Sequence[UUID] = (),
    signer: str = "",
    taking: bool = True,
) -> list[Sheet]:
    """What :func:`print_texts` draws, in the order of the dossiers and of their numbers.

    Unless it is *taking* numbers, a text that lacks one is left out.
    """
    require_reader(actor)
    async with watched(house, desk), work(house.engine, desk.id) as writing:
        ids = list(dossiers) if visit is None else await _of_visit(writing, visit)
        rows = await store.load(writing, ids)
        wanted = [row for row in (_known(rows, each) for each in ids) if _prints(house, row)]
        if taking:
            lines = await reserve(house, desk, actor, [row.id for row in wanted])
        else:
            lines = await reserved(house, desk, writing, wanted)
        pasts = await _pasts(writing, rows)
        assigned = await signers(writing, house.now())
        sheets = []
        for row in [each for each in wanted if each.id in lines]:
            past = pasts.get(row.id, _Past())
            issue = _issue(house, desk, row, lines[row.id], past, assigned, signer)
            sheets += _sheets(house, desk, row, issue)
            await _log(house, writing, actor, row.id, past, taking=taking)
        if not sheets:
            raise NoPapersError
    return sheets


async def _log(
    house: House, writing: Work, actor: Actor, dossier: UUID, past: _Past, *, taking: bool
) -> None:
    """A print is kept each time; a text that is looked at once a view, signed or not."""
    if taking:
        await log_read(house, writing, actor, dossier, "papers")
    else:
        what = "draft" if past.signed_at is None else "reprint"
        await log_view(house, writing, actor, dossier, what)


async def printable(
    house: House,
    desk: Desk,
    actor: Actor,
    *,
    visit: UUID | None = None,
    dossiers: Sequence[UUID] = (),
) -> tuple[list[DossierRow], list[Signer]]:
    """The dossiers whose texts :func:`print_texts` would print, and who may sign all of them now.

    Raises:
        UnknownVisitError: this tenant has no such visit.
        UnknownDossierError: this tenant has not all of the dossiers.
        RoleNotAllowedError: the actor may not read dossiers.
    """
    require_reader(actor)
    async with work(house.engine, desk.id) as reading:
        ids = list(dossiers) if visit is None else await _of_visit(reading, visit)
        rows = await store.load(reading, ids)
    wanted = [row for row in (_known(rows, each) for each in ids) if _prints(house, row)]
    return wanted, await signers_for(house, desk, [row.id for row in wanted])


async def signers_for(house: House, desk: Desk, dossiers: Sequence[UUID]) -> list[Signer]:
    """Who may sign all of *dossiers* now."""
    async with work(house.engine, desk.id) as reading:
        rows = await store.load(reading, dossiers)
        assigned = await signers(reading, house.now())
    able = [of_dossier(house, desk, assigned, row, house.now()) for row in rows.values()]
    return [each for each in assigned if all(each in one for one in able)]


def prints(house: House, procedures: Iterable[str]) -> bool:
    """Whether the result of any of *procedures* consists of papers of ours."""
    registry = house.registry
    owners = {registry.catalogue.owner(code) for code in procedures}
    return any(
        PAPERS in registry.plugins[name].hooks for name in owners if name in registry.plugins
    )


def _prints(house: House, row: DossierRow) -> bool:
    owner = house.registry.plugins.get(row.plugin)
    return owner is not None and PAPERS in owner.hooks and row.outcome != "negative"


def _known(rows: Mapping[UUID, DossierRow], dossier_id: UUID) -> DossierRow:
    if dossier_id not in rows:
        raise UnknownDossierError(dossier=str(dossier_id))
    return rows[dossier_id]


_OF_VISIT = """
select d.id, d.state from visit v
  join dossier d on d.tenant_id = v.tenant_id and d.visit_id = v.id
where v.tenant_id = $1 and v.id = $2 order by d.code
"""
_LEFT_OUT = ("withdrawn", "stopped")


async def _of_visit(reading: Work, visit: UUID) -> list[UUID]:
    found = await reading.fetch(_OF_VISIT, reading.tenant_id, visit)
    if not found:
        raise UnknownVisitError(visit=str(visit))
    return [row["id"] for row in found if row["state"] not in _LEFT_OUT]


_PASTS = """
select dossier_id, transition, at, actor, (data->'signer')::text as signer
from dossier_event
where tenant_id = $1 and dossier_id = any($2) and transition in ('T02', 'T03', 'T18')
order by dossier_id, seq
"""


async def _pasts(reading: Work, rows: Mapping[UUID, DossierRow]) -> dict[UUID, _Past]:
    pasts: dict[UUID, _Past] = {}
    for event in await reading.fetch(_PASTS, reading.tenant_id, list(rows)):
        past = pasts.get(event["dossier_id"], _Past())
        if event["transition"] == "T18":
            past = await _signed(reading, rows[event["dossier_id"]], past, event)
        else:
            past = msgspec.structs.replace(past, receiver=event["actor"])
        pasts[event["dossier_id"]] = past
    return pasts


async def _signed(reading: Work, row: DossierRow, past: _Past, event: Any) -> _Past:
    """*past* with the signer an approval tells of: in full, or as one of those assigned then.

    What was entered after a day on paper or imported tells a name at most, and what was
    approved before capacities were kept tells no capacity.
    """
    told = msgspec.json.decode(event["signer"] or "null")
    try:
        signer: Signer | None = msgspec.convert(told, Signer)
    except msgspec.ValidationError:
        signer = None
    match told:
        case {"id": str(name)} | str(name) if name.strip():
            pass
        case _:
            name = event["actor"]
    if signer is None:
        then = await signers(reading, event["at"])
        own = [each for each in then if each.signs(row.field, row.procedure_code)]
        signer = next((each for each in own if each.called(name)), None)
    return msgspec.structs.replace(past, signed_at=event["at"], signed_by=name, signer=signer)


def _issue(
    house: House,
    desk: Desk,
    row: DossierRow,
    lines: Sequence[RegisterRow],
    past: _Past,
    assigned: Sequence[Signer],
    named: str,
) -> Issue:
    signer = past.signer
    if signer is None and past.signed_at is not None:
        day = f"{past.signed_at.astimezone(VN):%d/%m/%Y}"
        raise UnknownPastSignerError(dossier=row.code or "", signer=past.signed_by, day=day)
    if signer is None and named:
        fit = [each for each in assigned if each.signs(row.field, row.procedure_code)]
        signer = _chosen(fit, named)
    elif signer is None:
        signer = _chosen(of_dossier(house, desk, assigned, row, house.now()), named)
    return Issue(
        at=(past.signed_at or house.now()).astimezone(VN),
        unit=desk.name,
        above=desk.above,
        signer=signer.as_printed,
        receiver=past.receiver,
        requester=row.applicant,
        numbers=tuple(
            BookNumber(
                book=line.register,
                year=line.year,
                number=line.number,
                volume=line.volume,
                subject=line.summary,
                quantity=line.quantity or 1,
            )
            for line in lines
        ),
    )


def _chosen(able: Sequence[Signer], named: str) -> Signer:
    """The signer *named* among the *able*, or the only one there is.

    Raises:
        InvalidAnswersError: there is none, or several and nobody chose.
    """
    fits = [each for each in able if not named or named in (str(each.id), each.full_name)]
    if len(fits) == 1:
        return fits[0]
    names = ", ".join(each.full_name for each in able) or "–"
    code = "field.signer" if named or not able else "field.signer-choose"
    raise InvalidAnswersError([FieldFault("signer", code, options=names)])


def _sheets(house: House, desk: Desk, row: DossierRow, issue: Issue) -> list[Sheet]:
    definition = house.catalogue.version(row.version_id).definition
    answers = Answers(row.answers)
    given = papers(house, desk, definition, answers, issue)
    faults = refused(given)
    if faults:
        raise InvalidAnswersError(faults)
    return [
        Sheet(template=f"{row.plugin}/{each.template}", data=each.data) for each in given.papers
    ]
