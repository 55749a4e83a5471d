"""Signing in and out at the counter."""

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_303_SEE_OTHER,
    HTTP_401_UNAUTHORIZED,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_429_TOO_MANY_REQUESTS,
)

from motcua.plugin.texts import text
from motcua.services import sessions
from motcua.services.attempts import TooManyAttemptsError
from motcua.services.house import Desk, House
from motcua.services.proof import SecondFactorNeededError, SignInFailedError
from motcua.services.sessions import SignInRequiredError
from motcua.services.signin import sign_in as begin_session
from motcua.ui.client import client_of
from motcua.web.counter.session import (
    ANONYMOUS,
    COOKIE,
    base,
    let_in,
    let_out,
    safe_next,
    sign_in_address,
    typed,
)
from motcua.web.pages import Page, page

AnyRequest = Request[Any, Any, Any]
Fault = tuple[str, str]


@get("/dang-nhap", opt=ANONYMOUS)
async def sign_in_form(request: AnyRequest, slug: FromPath[str], tiep: FromQuery[str] = "") -> Page:
    """Ask for user name and password."""
    return gate(request.state.desk, back=safe_next(slug, tiep))


@post("/dang-nhap", opt=ANONYMOUS, status_code=HTTP_200_OK)
async def sign_in(request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
    """Begin a session and go back to where the officer was, with what was typed there."""
    form = await typed(request)
    house: House = request.app.state.house
    desk: Desk = request.state.desk
    back, name = safe_next(slug, form.get("tiep", "")), form.get("username", "")
    kept = form.get("giu", "")
    faults = _empty(name, form.get("password", ""))
    if faults:
        status = HTTP_422_UNPROCESSABLE_ENTITY
        return gate(desk, back=back, kept=kept, name=name, faults=faults, status=status)
    try:
        made = await begin_session(
            house, desk, name, form["password"], client_of(request), code=form.get("code", "")
        )
    except (SignInFailedError, SecondFactorNeededError) as error:
        field = "code" if isinstance(error, SecondFactorNeededError) else "password"
        faults = [(field, text(error.code))]
        status = HTTP_401_UNAUTHORIZED
        return gate(desk, back=back, kept=kept, name=name, faults=faults, status=status)
    except TooManyAttemptsError as error:
        faults = [("username", text(error.code, **error.fields))]
        status = HTTP_429_TOO_MANY_REQUESTS
        refused = gate(desk, back=back, kept=kept, name=name, faults=faults, status=status)
        refused.headers["Retry-After"] = str(error.fields["retry_after"])
        return refused
    await sessions.sign_out(house, desk, request.cookies.get(COOKIE, ""), client_of(request))
    fields = _fields(kept)
    answer = resumed(desk, back, fields) if fields else _to(back)
    let_in(answer, request, slug, made.token)
    return answer


@post("/dang-xuat", opt=ANONYMOUS, status_code=HTTP_303_SEE_OTHER)
async def sign_out(request: AnyRequest, slug: FromPath[str]) -> Redirect:
    """End the session."""
    house: House = request.app.state.house
    token = request.cookies.get(COOKIE, "")
    await sessions.sign_out(house, request.state.desk, token, client_of(request))
    answer = _to(f"{base(slug)}/dang-nhap")
    let_out(answer, request, slug)
    return answer


def lost_session(request: AnyRequest, error: SignInRequiredError) -> Response[Any]:
    """Lead to the sign-in; a form that was being sent goes along."""
    del error
    desk: Desk = request.state.desk
    path = request.url.path
    kept = request.state.get("sent")
    if kept is None:
        query = {name: value for name, value in request.query_params.items() if value}
        return Redirect(sign_in_address(desk, path, query), status_code=HTTP_303_SEE_OTHER)
    faults = [("username", text("counter.sign_in.lost"))]
    encoded = msgspec.json.encode(kept).decode()
    status = HTTP_401_UNAUTHORIZED
    return gate(desk, back=path, kept=encoded, faults=faults, status=status)


def gate(
    desk: Desk,
    *,
    back: str,
    kept: str = "",
    name: str = "",
    faults: list[Fault] | None = None,
    status: int = HTTP_200_OK,
) -> Page:
    """The sign-in page; *kept* is the form that was being sent when the session was lost."""
    return page(
        "counter/sign_in.html",
        status=status,
        private=True,
        desk=desk,
        base=base(desk.slug),
        back=back,
        kept=kept,
        name=name,
        faults=faults or [],
    )


def resumed(desk: Desk, back: str, fields: dict[str, str | list[str]]) -> Page:
    """Give the officer the interrupted form back, ready to be sent."""
    return page(
        "counter/resume.html",
        private=True,
        desk=desk,
        base=base(desk.slug),
        back=back,
        fields=fields,
    )


def _empty(name: str, password: str) -> list[Fault]:
    faults = []
    if not name.strip():
        faults.append(("username", text("counter.sign_in.no_name")))
    if not password:
        faults.append(("password", text("counter.sign_in.no_password")))
    return faults


def _fields(kept: str) -> dict[str, str | list[str]]:
    """The interrupted form out of the hidden field; what cannot be read is no form."""
    try:
        return msgspec.json.decode(kept, type=dict[str, str | list[str]]) if kept else {}
    except msgspec.DecodeError:
        return {}


def _to(path: str) -> Redirect:
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)
