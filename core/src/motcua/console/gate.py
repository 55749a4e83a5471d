"""Who comes into the console: the officer's session and the grants."""

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import FormMultiDict
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_303_SEE_OTHER
from litestar.types import Guard

from motcua.console.grants import PAGES
from motcua.domain.errors import MotCuaError
from motcua.plugin.texts import text
from motcua.services.house import House, desk
from motcua.services.sessions import (
    PasswordDueError,
    SecondFactorDueError,
    SignInRequiredError,
    authenticate,
)

AnyRequest = Request[Any, Any, Any]
LEFT_OUT = frozenset({"_csrf_token", "mat_khau"})
"""Fields a lost session does not keep: they are secrets, or new on every page."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """How the sign-in, which stands at the counter, is found.

    Attributes:
        cookie: The name of the cookie that holds a session's token.
        lost: Answers somebody who is not signed in: the sign-in that leads back, with the form
            that was being sent, which ``state.sent`` holds.
        sign_out: Answers where a form is sent to end the session.
        due: Answers where somebody goes who has something to do before they may work.
    """

    cookie: str
    lost: Callable[[AnyRequest, SignInRequiredError], Response[Any]]
    sign_out: Callable[[str], str]
    due: Callable[[str, MotCuaError], str]


class NotYoursError(MotCuaError):
    """Somebody signed in whose roles give them no right to this page of the console."""

    code = "console.not-yours"
    status = 403


def base(slug: str) -> str:
    """Where the console of a tenant begins, without the last stroke."""
    return f"/t/{slug}/admin"


def admit(door: Door) -> Guard:
    """The guard of every page: finds the tenant, who asks, and whether they may."""

    async def guard(
        connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        house: House = connection.app.state.house
        found = await desk(house, connection.path_params["slug"])
        connection.state.desk = found
        connection.state.door = door
        try:
            actor = await authenticate(house, found, connection.cookies.get(door.cookie, ""))
        except SignInRequiredError:
            if isinstance(connection, Request) and connection.method == "POST":
                connection.state.sent = kept(await connection.form())
            raise
        connection.state.actor = actor
        grant = PAGES[handler.opt["page"]]
        connection.state.grant = grant
        may = grant.reads if connection.scope.get("method") in SAFE else grant.writes
        if not may(found, actor):
            raise NotYoursError(name=actor.name, page=text(f"console.page.{grant.name}"))

    return guard


def lost_session(request: AnyRequest, error: SignInRequiredError) -> Response[Any]:
    """Lead to the sign-in and back; a form that was being sent goes along."""
    if "text/html" not in request.headers.get("accept", "text/html"):
        told = {"detail": text(error.code)}
        return Response(told, status_code=error.status)
    answer: Response[Any] = request.state.door.lost(request, error)
    return answer


def kept(form: FormMultiDict) -> dict[str, str | list[str]]:
    """What a form sent but for its token, files and passwords; a box ticked twice is a list."""
    sent = {
        name: [each for each in form.getall(name) if isinstance(each, str)]
        for name in form
        if name not in LEFT_OUT
    }
    return {name: each[0] if len(each) == 1 else each for name, each in sent.items() if each}


def something_due(
    request: AnyRequest, error: PasswordDueError | SecondFactorDueError
) -> Response[Any]:
    """Lead to the password or the second factor that has to come first."""
    if "text/html" not in request.headers.get("accept", "text/html"):
        return Response({"detail": text(error.code)}, status_code=error.status)
    where = request.state.door.due(request.state.desk.slug, error)
    return Redirect(where, status_code=HTTP_303_SEE_OTHER)
