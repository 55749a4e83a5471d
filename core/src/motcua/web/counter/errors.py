"""What an officer sees when something went wrong: what happened, and the way on."""

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from motcua.domain.errors import MotCuaError
from motcua.services.console_roles import ABOVE, console_roles
from motcua.services.house import UnknownTenantError
from motcua.services.sessions import PasswordDueError, SecondFactorDueError, SignInRequiredError
from motcua.storage.errors import UnavailableError
from motcua.web import hints
from motcua.web.counter.account import something_due
from motcua.web.counter.frame import Counter, frame, rail
from motcua.web.counter.session import NoWorkHereError, base
from motcua.web.counter.signing import lost_session
from motcua.web.errors import Problem, answer, problem_of
from motcua.web.pages import AnyRequest, page


def handlers(now: Callable[[], dt.datetime]) -> ExceptionHandlersMap:
    """The exception handlers of the counter."""

    def mistake(request: AnyRequest, error: Exception) -> Response[Any]:
        problem = problem_of(request, error)
        if request.state.get("actor") is None:
            return answer(request, problem, now())
        return told(request, problem, now())

    def outage(request: AnyRequest, error: Exception) -> Response[Any]:
        known = error if isinstance(error, UnavailableError) else UnavailableError(reason="")
        response = mistake(request, known)
        response.headers["Retry-After"] = str(hints.RETRY_SECONDS)
        return response

    handled: dict[int | type[Exception], Any] = {
        SignInRequiredError: lost_session,
        PasswordDueError: something_due,
        SecondFactorDueError: something_due,
        NoWorkHereError: no_work,
        UnknownTenantError: lambda request, error: answer(
            request, problem_of(request, error), now()
        ),
        MotCuaError: mistake,
        HTTPException: mistake,
        Exception: mistake,
    }
    return handled | dict.fromkeys((UnavailableError, *hints.GONE), outage)


def told(request: AnyRequest, problem: Problem, now: dt.datetime) -> Response[Any]:
    """A page of the counter that tells *problem*."""
    desk, actor = request.state.desk, request.state.actor
    return page(
        "counter/error.html",
        status=problem.status,
        private=True,
        problem=problem,
        now=now,
        sent=request.state.get("sent") or {},
        dossier=request.path_params.get("dossier", ""),
        again=_again(request, problem),
        **frame(desk, actor, rail(Counter(request), (), "")),
    )


def _again(request: AnyRequest, problem: Problem) -> str:
    """The address to ask for once more, where that may help."""
    failed = problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    asked = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{asked}" if failed and request.method == "GET" else ""


def no_work(request: AnyRequest, error: NoWorkHereError) -> Response[Any]:
    """Say politely that this account's work is not here."""
    desk = request.state.desk
    console = console_roles(desk, request.state.actor)
    return page(
        "counter/no_work.html",
        status=error.status,
        private=True,
        desk=desk,
        officer=request.state.actor,
        console=console,
        supervises=console and desk.kind in ABOVE,
        base=base(request.state.desk.slug),
    )
