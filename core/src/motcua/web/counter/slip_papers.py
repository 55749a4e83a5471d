"""The slips F01–F04 as PDF, to be printed and handed over."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_404_NOT_FOUND

from motcua.services.counter import kept
from motcua.services.idempotency import once
from motcua.services.slips import print_slips, replace_copies
from motcua.web.api.dossiers import dossier_id
from motcua.web.counter.frame import Counter, TheCounter, pressed
from motcua.web.counter.reception import slip_key
from motcua.web.counter.session import typed
from motcua.web.counter.slip import visit_of
from motcua.web.shown import shown_pdf

AnyRequest = Request[Any, Any, Any]


@get("/phieu/{key:str}/phieu.pdf")
async def of_visit(
    counter: TheCounter, key: FromPath[str], kho: FromQuery[str] = ""
) -> Response[Any]:
    """The receipts of a visit this officer has just received, each on its page."""
    found = await kept(counter.house, counter.desk, counter.actor, slip_key(key))
    visit = visit_of(found.answer) if found else None
    if visit is None:
        return await counter.page("no_slip.html", current="receive", status=HTTP_404_NOT_FOUND)
    return await _pdf(counter, [each.id for each in visit.dossiers], "F01", kho)


@get("/ho-so/{dossier:str}/phieu.pdf")
async def of_dossier(
    counter: TheCounter, dossier: FromPath[str], mau: FromQuery[str] = "", kho: FromQuery[str] = ""
) -> Response[Any]:
    """The slip of a dossier that was issued last, or its last one of a form."""
    return await _pdf(counter, [dossier_id(dossier)], mau, kho)


@post("/ho-so/{dossier:str}/in-lai", status_code=HTTP_303_SEE_OTHER)
async def anew(request: AnyRequest, counter: TheCounter, dossier: FromPath[str]) -> Redirect:
    """Make another copy of a slip, once however often it is pressed, and show it."""
    sent = await typed(request)
    found, form = dossier_id(dossier), sent.get("mau", "")
    asked = pressed(counter, "in-lai", sent, [str(found), form])

    async def do() -> Any:
        await replace_copies(counter.house, counter.desk, counter.actor, [found], form)

    await once(counter.house, counter.desk, asked, HTTP_303_SEE_OTHER, do)
    query = urlencode({"mau": form})
    return Redirect(
        f"{counter.base}/ho-so/{found}/phieu.pdf?{query}", status_code=HTTP_303_SEE_OTHER
    )


async def _pdf(counter: Counter, dossiers: Sequence[UUID], form: str, size: str) -> Response[bytes]:
    url = counter.request.url
    pdf = await print_slips(
        counter.house,
        counter.desk,
        counter.actor,
        dossiers,
        origin=f"{url.scheme}://{url.netloc}",
        form=form,
        size=size,
    )
    return shown_pdf(pdf)
