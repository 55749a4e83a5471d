"""The papers of an application: files sent, looked at and taken out again."""

from typing import Any

from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK

from motcua.domain.errors import MotCuaError
from motcua.plugin.texts import text
from motcua.services import files
from motcua.services.drafts import Draft
from motcua.services.limits import count
from motcua.ui.format import megabytes
from motcua.web.client import address
from motcua.web.portal.apply import pages
from motcua.web.portal.apply.application import ANSWER
from motcua.web.portal.apply.desk import Applying, TheApplying, to, uuid
from motcua.web.portal.apply.pages import LATER, PRESSED
from motcua.web.portal.apply.plan import PAPERS
from motcua.web.shown import shown_file

MOST_REQUEST = 64 * 1024 * 1024
"""What one request may carry. More than a file may have, so that a photo that is too large
is refused in words and not by a broken connection."""
FILE, SEND, REMOVE = "tep", "tai", "bo-tep"


@get(f"/nop/{{draft_id:str}}/{PAPERS}")
async def ask(
    applying: TheApplying, draft_id: FromPath[str], sua: FromQuery[str] = ""
) -> Response[Any]:
    """The papers sent so far, and room for more."""
    return await pages.asked(applying, draft_id, PAPERS, sua)


@post(
    f"/nop/{{draft_id:str}}/{PAPERS}",
    status_code=HTTP_200_OK,
    request_max_body_size=MOST_REQUEST,
)
async def upload(
    applying: TheApplying, draft_id: FromPath[str], sua: FromQuery[str] = ""
) -> Response[Any]:
    """Take in the files of the page, or take one out; then stay, or go on."""
    await count(applying.house, applying.desk, "upload", address(applying.request))
    sent = await applying.form()
    draft = await applying.draft(draft_id)
    if draft.dossier_id is not None:
        return to(applying.address(draft, "xong"))
    pressed = sent.get(PRESSED, "")
    step = pages.step_of(applying.application(draft), PAPERS)
    if pressed.startswith(f"{REMOVE}:"):
        file_id = uuid(pressed.partition(":")[2])
        await files.remove(applying.house, applying.desk, draft.id, applying.token, file_id)
    draft = await pages.keep(applying, draft, step, sent, PAPERS if not pressed else "")
    refused = await _take_in(
        applying, draft, {f"{ANSWER}.{each.id}": each.id for each in step.fields}
    )
    draft = await applying.draft(draft_id)
    application = applying.application(draft)
    if refused:
        return pages.shown(applying, draft, application, step, refused, back=sua)
    if pressed == LATER:
        return to(applying.address(draft, "luu"))
    if pressed:
        return to(applying.address(draft, PAPERS) + ("?sua=1" if sua else ""))
    if errors := application.errors(step):
        return pages.shown(applying, draft, application, step, errors, back=sua)
    return to(pages.next_page(applying, draft, application, PAPERS, back=sua))


@get("/nop/{draft_id:str}/tep/{file_id:str}")
async def view(
    applying: TheApplying, draft_id: FromPath[str], file_id: FromPath[str]
) -> Response[bytes]:
    """A file of one's own application."""
    asked = (uuid(draft_id), applying.token, uuid(file_id))
    return shown_file(await files.for_owner(applying.house, applying.desk, *asked))


async def _take_in(applying: Applying, draft: Draft, fields: dict[str, str]) -> dict[str, str]:
    """Store every file of the request; answers what is wrong, by the field's name."""
    refused: dict[str, str] = {}
    most = files.most_bytes(applying.desk)
    form = await applying.request.form()
    for name, value in form.multi_items():
        field = fields.get(name.removeprefix(f"{FILE}."), "")
        if not isinstance(value, UploadFile) or not value.filename or not field:
            continue
        content = await value.read(most + 1)
        asked = (draft.id, applying.token, field, value.filename, content)
        try:
            await files.add(applying.house, applying.desk, *asked)
        except MotCuaError as error:
            if not error.code.startswith("file."):
                raise
            told = error.fields | {"name": value.filename[:80], "limit": megabytes(most)}
            refused[f"{ANSWER}.{field}"] = text(error.code, **told)
    return refused
