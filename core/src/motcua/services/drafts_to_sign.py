"""What is to be signed on paper: a draft as a picture, and a whole folder of drafts.

Nothing here takes a number: only texts whose numbers are reserved already are drawn.
"""

import functools
import importlib.resources
from collections.abc import Sequence
from uuid import UUID

from motcua.documents.papers import Sheet, pictured, printed
from motcua.domain.calendar import VN
from motcua.domain.dossier import PRINTING, State
from motcua.domain.life import Actor
from motcua.plugin.texts import text
from motcua.services.house import Desk, House
from motcua.services.printing import NoPapersError, prints, signers_for, texts_of
from motcua.services.reading import require_reader
from motcua.services.signers import Signer
from motcua.services.views import DossierLine, DossierView

SIGNED = (State.APPROVED, State.RESULT_READY, State.RETURNED)
"""Where the texts are no draft any more: drawn again, they name who signed them, and that day."""


def is_numbered(house: House, view: DossierView) -> bool:
    """Whether a dossier has texts of ours, and the numbers that stand on them."""
    if view.state not in (*PRINTING, *SIGNED) or view.outcome == "negative":
        return False
    numbered = any(line.status != "void" for line in view.register)
    return numbered and prints(house, [view.procedure])


async def is_ready(house: House, desk: Desk, view: DossierView) -> bool:
    """Whether the texts of a dossier can be drawn: it has numbers, and somebody may sign."""
    return is_numbered(house, view) and bool(await signers_for(house, desk, [view.id]))


async def picture(house: House, desk: Desk, actor: Actor, dossier: UUID) -> bytes:
    """The first page of what a dossier's result will be, as PNG.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
        RoleNotAllowedError: the actor may not read dossiers.
        NoPapersError: nothing of it is printed, or its numbers are not reserved.
    """
    sheets = await sheets_of(house, desk, actor, dossier)
    return await pictured(_templates(house, sheets), sheets[:1], test=house.invented(desk))


async def whole(house: House, desk: Desk, actor: Actor, dossier: UUID) -> bytes:
    """What a dossier's result will be, every page of it, as PDF; refused like :func:`picture`."""
    sheets = await sheets_of(house, desk, actor, dossier)
    title = text("paper.title", unit=desk.name)
    return await printed(
        _templates(house, sheets), sheets, title, house.now(), test=house.invented(desk)
    )


async def sheets_of(house: House, desk: Desk, actor: Actor, dossier: UUID) -> list[Sheet]:
    """What a draft is drawn of; refused like :func:`picture`."""
    signer = _usual(await signers_for(house, desk, [dossier]), actor)
    return await texts_of(house, desk, actor, dossiers=[dossier], signer=signer, taking=False)


async def folder(
    house: House, desk: Desk, actor: Actor, lines: Sequence[DossierLine], signer: str = ""
) -> bytes:
    """Everything *lines* name that is to be signed on paper, a list in front, as one PDF.

    A result that is no paper of ours stands in the list alone; it is laid in by hand.

    Raises:
        RoleNotAllowedError: the actor may not read dossiers.
        NoPapersError: nothing was named.
        InvalidAnswersError: several may sign, and nobody was chosen.
    """
    require_reader(actor)
    if not lines:
        raise NoPapersError
    texts: dict[UUID, list[Sheet]] = {}
    for line in lines:
        texts[line.id] = await _texts(house, desk, actor, line, signer)
    front = Sheet(template="lists/folder.typ", data=_front(house, desk, lines, texts))
    sheets = [front, *(sheet for each in texts.values() for sheet in each)]
    templates = _templates(house, sheets) | _own_templates()
    title = text("lists.folder.title", unit=desk.name)
    return await printed(templates, sheets, title, house.now(), test=house.invented(desk))


async def _texts(
    house: House, desk: Desk, actor: Actor, line: DossierLine, signer: str
) -> list[Sheet]:
    """The texts of one dossier; none where nothing is printed or no number is reserved."""
    if line.state not in (State.FOR_APPROVAL, State.APPROVED):
        return []
    named = signer or _usual(await signers_for(house, desk, [line.id]), actor)
    try:
        return await texts_of(house, desk, actor, dossiers=[line.id], signer=named, taking=False)
    except NoPapersError:
        return []


def _usual(able: Sequence[Signer], actor: Actor) -> str:
    """Who is likely to sign: whoever looks, or the one assigned last."""
    mine = [each for each in able if each.staff_id == actor.id]
    return str((mine or list(able))[0].id) if able else ""


def _front(
    house: House, desk: Desk, lines: Sequence[DossierLine], texts: dict[UUID, list[Sheet]]
) -> dict[str, object]:
    now = house.now().astimezone(VN)
    return {
        "unit": desk.name,
        "title": text("lists.folder.front"),
        "when": f"{now:%H:%M %d/%m/%Y}",
        "heads": [text(f"lists.folder.col.{name}") for name in ("n", "dossier", "what", "signed")],
        "rows": [
            {
                "code": line.code,
                "procedure": line.procedure_name,
                "applicant": line.applicant,
                "papers": text("lists.folder.papers", count=len(texts[line.id]))
                if texts[line.id]
                else text("lists.folder.by_hand"),
            }
            for line in lines
        ],
        "foot": text("lists.folder.foot"),
    }


def _templates(house: House, sheets: Sequence[Sheet]) -> dict[str, str]:
    found: dict[str, str] = {}
    for owner in {each.template.partition("/")[0] for each in sheets} - {"lists"}:
        found |= house.registry.templates(owner)
    return found


@functools.cache
def _own_templates() -> dict[str, str]:
    folder = importlib.resources.files("motcua.documents") / "typst/lists"
    return {f"lists/{each.name}": each.read_text("utf-8") for each in folder.iterdir()}
