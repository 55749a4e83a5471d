"""Setting up the second factor, changing it, and its recovery codes."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.plugin.guards import READERS
from motcua.services import own_account
from motcua.services.console_roles import console_roles
from motcua.services.own_account import Draft
from motcua.services.second_factor import codes_left
from motcua.services.sessions import Begun
from motcua.storage.work import work
from motcua.ui.client import client_of
from motcua.web.counter.account import (
    REFUSALS,
    AnyRequest,
    Fault,
    missing,
    own_page,
    refused,
    to,
    told,
    who_asks,
)
from motcua.web.counter.session import DESPITE_DUE, base, let_in, typed
from motcua.web.pages import Page

_OFF = "tat"


@get("/xac-thuc", opt=DESPITE_DUE)
async def second_factor_form(request: AnyRequest) -> Page:
    """Set up a second factor, or change the one there is."""
    house, desk, who = who_asks(request)
    draft = None if who.second_factor else own_account.new_draft(house, desk, who)
    return await _form(request, draft, [])


@post("/xac-thuc", opt=DESPITE_DUE, status_code=HTTP_200_OK)
async def change_second_factor(request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
    """Turn the second factor on or off, or make new recovery codes."""
    house, desk, who = who_asks(request)
    form = await typed(request)
    draft = None
    if not who.second_factor:
        draft = own_account.same_draft(house, desk, who, form.get("giu", ""))
    faults = missing(form, "password", "code")
    if faults:
        shown = await _form(request, draft, faults)
        shown.status_code = HTTP_422_UNPROCESSABLE_ENTITY
        return shown
    try:
        begun, codes = await _change(request, draft, form)
    except REFUSALS as error:
        return refused(await _form(request, draft, told(error, "password")), error)
    answer: Response[Any] = to(f"{base(slug)}/tai-khoan")
    if codes:
        answer = own_page(request, "recovery", codes=codes, onward=_onward(request))
    let_in(answer, request, slug, begun.token)
    return answer


def _onward(request: AnyRequest) -> str:
    """Where whoever has set it up goes to work: the counter, or else the console."""
    _, desk, who = who_asks(request)
    at_counter = READERS & set(who.actor.roles)
    if at_counter or not console_roles(desk, who.actor):
        return f"{base(desk.slug)}/"
    return f"/t/{desk.slug}/admin/"


async def _change(
    request: AnyRequest, draft: Draft | None, form: dict[str, str]
) -> tuple[Begun, list[str]]:
    house, desk, who = who_asks(request)
    password, code, client = form["password"], form["code"], client_of(request)
    if draft is not None:
        return await own_account.set_up_second_factor(
            house, desk, who, draft.sealed, password, code, client
        )
    change = own_account.new_recovery_codes
    if form.get("lam") == _OFF:
        change = own_account.remove_second_factor
    return await change(house, desk, who, password, code, client)


async def _form(request: AnyRequest, draft: Draft | None, faults: list[Fault]) -> Page:
    house, desk, who = who_asks(request)
    async with work(house.engine, desk.id) as reading:
        left = await codes_left(reading, who.id)
    return own_page(request, "second_factor", draft=draft, left=left, faults=faults)
