"""Who is at the counter: the session cookie, who is let in, and what a lost session keeps."""

import dataclasses
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers import BaseRouteHandler
from litestar.response import Response

from motcua.domain.errors import MotCuaError
from motcua.domain.written import pasted
from motcua.plugin.guards import READERS
from motcua.services.console_roles import ABOVE
from motcua.services.house import Desk, House, desk
from motcua.services.sessions import (
    SESSION_LENGTH,
    Holder,
    PasswordDueError,
    SignInRequiredError,
    holder,
    refuse_due,
)
from motcua.web.hosts import OWN_HOST

COOKIE = "motcua_quay"
"""Holds the token of a session; no script may read it."""
ANONYMOUS = {"anonymous": True}
"""The ``opt`` of a page that needs no session."""
ANY_ROLE = {"any_role": True}
"""The ``opt`` of a page for everybody who can sign in, also those without work here."""
DESPITE_DUE = {"any_role": True, "despite_due": True}
"""The ``opt`` of a page for those too who have something to do before they may work."""
CSRF_FIELD = "_csrf_token"
_SECRET = ("password", "code", "current", "new", "again")
_SECRET_ENDS = ("_mk", "_ma")
"""What the names of passwords and codes are, or end in: no page writes them again."""


class NoWorkHereError(MotCuaError):
    """Somebody signed in whose roles have nothing to do at the counter."""

    code = "counter.no-work-here"
    status = 403


HOME = "motcua_giam_sat"
"""Names the province whose supervision its officer comes from; it lets nobody in."""
_HOME_PATH = "/giam-sat"


def base(slug: str) -> str:
    """Where a tenant's counter begins, without the last stroke."""
    return f"/t/{slug}/quay"


def cookie_path(request: Request[Any, Any, Any], slug: str) -> str:
    """The addresses a tenant's session is for: the whole of its own host, or below its prefix."""
    return "/" if request.state.get(OWN_HOST) else f"/t/{slug}/"


def session_cookie(path: str, token: str, *, secure: bool) -> Cookie:
    """The cookie of a session that has just begun, for the addresses below *path*."""
    length = int(SESSION_LENGTH.total_seconds())
    return Cookie(
        key=COOKIE,
        value=token,
        path=path,
        max_age=length,
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def let_in(answer: Response[Any], request: Request[Any, Any, Any], slug: str, token: str) -> None:
    """Put the *token* of a session that has just begun into the browser."""
    config = request.app.csrf_config
    secure = config is not None and config.cookie_secure
    made = session_cookie(cookie_path(request, slug), token, secure=secure)
    answer.cookies.append(made)
    if request.state.desk.kind in ABOVE:
        home = dataclasses.replace(made, key=HOME, value=slug, path=_HOME_PATH)
        answer.cookies.append(home)


def let_out(answer: Response[Any], request: Request[Any, Any, Any], slug: str) -> None:
    """End the session in the browser, and forget where its officer is at home."""
    ended = Cookie(key=COOKIE, value="", path=cookie_path(request, slug), max_age=0, httponly=True)
    answer.cookies.append(ended)
    if request.state.desk.kind in ABOVE:
        answer.cookies.append(dataclasses.replace(ended, key=HOME, path=_HOME_PATH))


async def admit(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Find the tenant and who asks; remember a form whose sender's session was lost.

    Raises:
        UnknownTenantError: there is no such tenant.
        SignInRequiredError: nobody is signed in here.
        PasswordDueError: whoever is has to change their password first.
        SecondFactorDueError: whoever is has to set up a second factor first.
        NoWorkHereError: whoever is has no work at the counter.
    """
    house: House = connection.app.state.house
    found = await desk(house, connection.path_params["slug"])
    connection.state.desk = found
    if handler.opt.get("anonymous"):
        return
    try:
        who: Holder = await holder(house, found, connection.cookies.get(COOKIE, ""))
    except SignInRequiredError:
        if isinstance(connection, Request) and connection.method == "POST":
            await typed(connection)
        raise
    connection.state.holder, connection.state.actor = who, who.actor
    if not handler.opt.get("despite_due"):
        refuse_due(who)
    if not handler.opt.get("any_role") and not READERS & set(who.actor.roles):
        raise NoWorkHereError(name=who.actor.name)


async def typed(request: Request[Any, Any, Any]) -> dict[str, str]:
    """What a form sent, as it is stored and without its token.

    An error page gives it back, but for what is secret; that is taken as it was typed.
    """
    form = await request.form()
    sent = {
        name: value.replace("\x00", "") if _secret(name) else pasted(value)
        for name, value in form.multi_items()
        if name != CSRF_FIELD and isinstance(value, str)
    }
    request.state.sent = {name: value for name, value in sent.items() if not _secret(name)}
    return sent


def _secret(name: str) -> bool:
    return name in _SECRET or name.endswith(_SECRET_ENDS)


def sign_in_address(found: Desk, path: str, query: Mapping[str, str]) -> str:
    """The sign-in page that leads back to where the officer was."""
    back = f"{path}?{urlencode(query)}" if query else path
    return f"{base(found.slug)}/dang-nhap?{urlencode({'tiep': back})}"


def due_address(slug: str, error: MotCuaError) -> str:
    """Where somebody goes who has something to do before they may work."""
    place = "mat-khau" if isinstance(error, PasswordDueError) else "xac-thuc"
    return f"{base(slug)}/{place}"


def safe_next(slug: str, path: str) -> str:
    """*path* if it lies where people are signed in, else the counter's first page."""
    places = (base(slug), f"/t/{slug}/admin", f"/t/{slug}/giam-sat")
    if path in places:
        return f"{path}/"
    inside = path.startswith(tuple(f"{place}{end}" for place in places for end in "/?"))
    plain = path.isprintable() and "\\" not in path and "/.." not in path
    return path if inside and plain else f"{base(slug)}/"
