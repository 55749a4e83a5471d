"""What there is to read of a dossier beside its answers, and the one paper that is open.

Nothing is opened by itself: each paper that is opened is kept as a reading.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_404_NOT_FOUND

from motcua.documents.files import FileChangedError
from motcua.domain.errors import InvalidAnswersError, MotCuaError
from motcua.domain.filetypes import PDF
from motcua.plugin.texts import text
from motcua.services import drafts_to_sign, files, reading
from motcua.services.files import UnknownFileError
from motcua.services.printing import NoPapersError, UnknownPastSignerError
from motcua.services.views import DocumentView, DossierView
from motcua.ui.format import file_size
from motcua.web.counter.frame import Counter
from motcua.web.forms.told import words
from motcua.web.pages import Page, page
from motcua.web.security import FRAMING

SHOWN = "#xem-giay"
"""Where on a page the open paper stands."""


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """One paper of a dossier.

    Attributes:
        n: Its place among those that can be opened; 0: it was handed in on paper.
        href: The page with it open.
        address: Where its content is.
        file_id: None: it is a text of the result.
        framed: Whether it needs a frame.
    """

    name: str
    note: str
    n: int = 0
    href: str = ""
    address: str = ""
    file_id: UUID | None = None
    framed: bool = False


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """The paper that is open.

    Attributes:
        close: The page without it.
        look: ``picture`` or ``pdf``; empty: it cannot be shown.
        why: Why it cannot be shown.
        save: Where it can be saved; empty: there is nothing to save.
    """

    paper: Paper
    close: str
    look: str = ""
    why: str = ""
    save: str = ""


def papers(counter: Counter, view: DossierView, here: str) -> list[Paper]:
    """Everything that belongs to a dossier: first what can be opened, with its numbers.

    Args:
        counter: The request.
        view: The dossier.
        here: The address of the page they are opened on.
    """
    base, opener = f"{counter.base}/ho-so/{view.id}", f"{here}{'&' if '?' in here else '?'}"
    sent = [each for each in view.documents if each.file_id]
    found = [_document(each, n, base, opener) for n, each in enumerate(sent, start=1)]
    if drafts_to_sign.is_numbered(counter.house, view):
        found.append(_text(view, len(found) + 1, base, opener))
    return found + [_on_paper(each) for each in view.documents if not each.file_id]


def _document(each: DocumentView, n: int, base: str, opener: str) -> Paper:
    kind = (each.media_type or "").rpartition("/")[2].upper()
    return Paper(
        name=each.name,
        note=text("reader.note", kind=kind, size=file_size(each.size or 0)),
        n=n,
        href=f"{opener}tai_lieu={n}{SHOWN}",
        address=f"{base}/tep/{each.file_id}",
        file_id=each.file_id,
        framed=each.media_type == PDF.media_type,
    )


def _text(view: DossierView, n: int, base: str, opener: str) -> Paper:
    what = "result" if view.state in drafts_to_sign.SIGNED else "draft"
    return Paper(
        name=text(f"reader.{what}"),
        note=text(f"reader.{what}_note"),
        n=n,
        href=f"{opener}tai_lieu={n}{SHOWN}",
        address=f"{base}/ban-in.pdf",
        framed=True,
    )


def _on_paper(each: DocumentView) -> Paper:
    note = text("counter.dossier.copies", originals=each.originals, copies=each.copies)
    return Paper(name=each.name, note=note)


async def opened(
    counter: Counter, view: DossierView, listed: Sequence[Paper], asked: str, here: str
) -> Opened | None:
    """The paper whose number was *asked* for, looked at before it is shown."""
    paper = next((each for each in listed if each.n and str(each.n) == asked), None)
    if paper is None:
        return None
    if paper.file_id is None:
        return await _drawn(counter, view, paper, here)
    return await _file(counter, view, paper, paper.file_id, here)


async def _file(
    counter: Counter, view: DossierView, paper: Paper, file_id: UUID, here: str
) -> Opened:
    try:
        kind = await files.look(counter.house, counter.desk, counter.actor, view.id, file_id)
    except UnknownFileError:
        return Opened(paper=paper, close=here, why=text("reader.gone"))
    except FileChangedError as error:
        return Opened(paper=paper, close=here, why=text(error.code))
    save = f"{paper.address}?tai=1"
    if kind is None:
        return Opened(paper=paper, close=here, why=text("reader.odd"), save=save)
    return Opened(paper=paper, close=here, look="pdf" if kind == PDF else "picture", save=save)


async def _drawn(counter: Counter, view: DossierView, paper: Paper, here: str) -> Opened:
    try:
        await drafts_to_sign.sheets_of(counter.house, counter.desk, counter.actor, view.id)
    except _NOT_DRAWN as error:
        return Opened(paper=paper, close=here, why=_against(error))
    return Opened(paper=paper, close=here, look="pdf", save=paper.address)


_NOT_DRAWN: tuple[type[MotCuaError], ...] = (
    InvalidAnswersError,
    NoPapersError,
    UnknownPastSignerError,
)


def _against(error: MotCuaError) -> str:
    if isinstance(error, InvalidAnswersError):
        return " ".join(words(each, "") for each in error.faults)
    return text(error.code, **error.fields)


async def part(counter: Counter, dossier: UUID, asked: str, here: str) -> Page:
    """The open paper alone, for a script that puts it into the page."""
    house, desk, actor = counter.house, counter.desk, counter.actor
    view = await reading.dossier(house, desk, actor, dossier, opened=True)
    found = await opened(counter, view, papers(counter, view, here), asked, here)
    status = HTTP_404_NOT_FOUND if found is None else HTTP_200_OK
    return page("counter/reader.html", status=status, private=True, opened=found)


def framing(answer: Response[Any], listed: Sequence[Paper]) -> Response[Any]:
    """*answer* with leave to frame our own files, if any of those *listed* needs a frame."""
    if any(each.framed for each in listed):
        answer.headers["Content-Security-Policy"] = FRAMING
    return answer
