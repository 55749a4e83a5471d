"""What people and machines get when something went wrong.

Machines get problem details (RFC 9457), people a Vietnamese page with a way
out. Nobody gets a traceback: an unexpected failure is logged under a short code
that the page shows.
"""

import datetime as dt
import re
import secrets
import traceback
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import asyncpg
import msgspec
import structlog
from litestar import Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from motcua.domain.errors import InvalidAnswersError, MotCuaError
from motcua.plugin.texts import fault_text, text, texts
from motcua.services.house import House
from motcua.services.look import look
from motcua.ui.helpdesk import help_at
from motcua.web.pages import AnyRequest, page
from motcua.web.portal.views import Commune

PROBLEM_JSON = "application/problem+json"
API = re.compile(r"^/(t/[^/]+/)?api/")
COMMUNE = re.compile(r"^(/t/[^/]+/)")
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

_HUNG_UP = "client disconnected prematurely"
"""What Litestar says of a request that was cut off in its middle."""

log = structlog.get_logger(__name__)


class Fault(msgspec.Struct, frozen=True):
    """One thing wrong with one field."""

    field: str
    code: str
    detail: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong, in the words of RFC 9457.

    Attributes:
        type: The stable code of the fault.
        detail: What happened and what to do, in Vietnamese.
        errors: All the faults of a form.
        incident: The code under which an unexpected failure was logged.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str = ""
    errors: tuple[Fault, ...] = ()
    incident: str = ""


def handlers(now: Callable[[], dt.datetime]) -> ExceptionHandlersMap:
    """The exception handlers of the whole application.

    Args:
        now: The clock; the page of an unexpected failure says when it happened.
    """

    def handle(request: AnyRequest, error: Exception) -> Response[Any]:
        return answer(request, problem_of(request, error), now())

    return {MotCuaError: handle, HTTPException: handle, Exception: handle}


def problem_of(request: AnyRequest, error: Exception) -> Problem:
    """Describe *error*; an unexpected one is logged."""
    path = request.url.path
    match error:
        case MotCuaError():
            if (
                error.status == HTTPStatus.INTERNAL_SERVER_ERROR
            ):  # a fault of ours, nobody's mistake
                log.error("failure", code=error.code, path=path, **error.fields)
            return _of_mistake(error, path)
        case ValidationException():
            return _of_validation(error, path)
        case HTTPException() if error.detail == _HUNG_UP:  # nobody is there to read the answer
            log.info("hung up", path=path)
            return _of_status(HTTPStatus.BAD_REQUEST, path)
        case HTTPException() if error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return _of_status(error.status_code, path)
        case _:
            incident = _incident()
            log.error("unexpected failure", incident=incident, path=path, **_loggable(error))
            return _of_status(HTTPStatus.INTERNAL_SERVER_ERROR, path, incident)


def _loggable(error: Exception) -> dict[str, Any]:
    """What the log keeps; the database's own words may hold a row, and stay out."""
    refused = next((each for each in _chain(error) if isinstance(each, _DATABASE)), None)
    if refused is None:
        return {"exc_info": error}
    return {
        "error": type(refused).__name__,
        "sqlstate": getattr(refused, "sqlstate", ""),
        "trace": "".join(traceback.format_tb(error.__traceback__)),
    }


_DATABASE = (asyncpg.PostgresError, asyncpg.InterfaceError)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """*error* and what it came of, each once: an error may have come of itself."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or error.__context__


def answer(request: AnyRequest, problem: Problem, now: dt.datetime) -> Response[Any]:
    """The answer that tells *problem* to whoever asked."""
    if wants_json(request):
        return Response(problem, status_code=problem.status, media_type=PROBLEM_JSON)
    commune = COMMUNE.match(problem.instance)
    return page(
        "errors/page.html",
        status=problem.status,
        private=True,
        problem=problem,
        now=now,
        commune=_here(request, now),
        home=commune[1] if commune and problem.type not in UNKNOWN_TENANT else "/",
    )


def _here(request: AnyRequest, now: dt.datetime) -> Commune | None:
    """The unit whose page it is, so that the foot of the page tells how to reach it."""
    house: House | None = getattr(request.app.state, "house", None)
    named = COMMUNE.match(request.url.path)
    found = house.desks.get(named[1].split("/")[2]) if house and named else None
    if found is None:
        return None
    return Commune(
        slug=found.slug,
        name=found.name,
        province=found.above,
        help=help_at(found, request.app.state.help, now),
        look=look(found),
    )


UNKNOWN_TENANT = ("tenant.unknown",)


def wants_json(request: AnyRequest) -> bool:
    """Whether a machine asked: below an API path, or accepting JSON and no page."""
    if API.match(request.url.path):
        return True
    accepted = request.headers.get("accept", "")
    return "json" in accepted and "text/html" not in accepted


def _of_mistake(error: MotCuaError, path: str) -> Problem:
    faults: tuple[Fault, ...] = ()
    if isinstance(error, InvalidAnswersError):
        faults = tuple(Fault(each.field, each.fault, fault_text(each)) for each in error.faults)
    return Problem(
        type=error.code,
        title=_title(error.status),
        status=error.status,
        detail=text(error.code, **error.fields),
        instance=path,
        errors=faults,
    )


def _of_validation(error: ValidationException, path: str) -> Problem:
    """A request whose parameters or body do not fit; the names come from Litestar."""
    extra = error.extra if isinstance(error.extra, list) else []
    faults = tuple(
        Fault(str(each.get("key", "")), "request.invalid-field", str(each.get("message", "")))
        for each in extra
        if isinstance(each, dict)
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return Problem(
        type="request.invalid",
        title=_title(status),
        status=status,
        detail=text("ui.error.422.words"),
        instance=path,
        errors=faults,
    )


def _of_status(status: int, path: str, incident: str = "") -> Problem:
    key = f"ui.error.{status}.words"
    return Problem(
        type=f"http.{status}",
        title=_title(status),
        status=status,
        detail=text(key if key in texts("vi") else "ui.error.other.words"),
        instance=path,
        incident=incident,
    )


def _title(status: int) -> str:
    key = f"ui.error.{status}.title"
    return text(key if key in texts("vi") else "ui.error.other.title")


def _incident() -> str:
    """A code that can be read out on the telephone: ``7K4-M2Q``."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(6))
    return f"{drawn[:3]}-{drawn[3:]}"
