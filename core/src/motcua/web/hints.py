"""Errors after which a header tells the client how to go on."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import asyncpg
from litestar import Response
from litestar.types import ExceptionHandlersMap

from motcua.domain.errors import MotCuaError
from motcua.services.attempts import TooManyAttemptsError
from motcua.services.limits import TooOftenError
from motcua.services.proof import SecondFactorNeededError, SignInFailedError
from motcua.services.sessions import SignInRequiredError
from motcua.storage.errors import UnavailableError
from motcua.web.errors import answer, problem_of
from motcua.web.pages import AnyRequest

GONE: tuple[type[Exception], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    ConnectionError,
    TimeoutError,
)
"""How the loss of the database shows in the middle of a request; nothing was committed."""
RETRY_SECONDS = 5
_UNKNOWN = (SignInRequiredError, SignInFailedError, SecondFactorNeededError)


def handlers(now: Callable[[], dt.datetime]) -> ExceptionHandlersMap:
    """Handlers for the loss of the database and for everything about signing in."""

    def handle(request: AnyRequest, error: Exception) -> Response[Any]:
        told = error if isinstance(error, MotCuaError) else _outage(error)
        response = answer(request, problem_of(request, told), now())
        response.headers.update(_headers(told))
        return response

    often = (TooManyAttemptsError, TooOftenError)
    return dict.fromkeys((UnavailableError, *_UNKNOWN, *often, *GONE), handle)


def _outage(error: Exception) -> UnavailableError:
    return UnavailableError(reason=type(error).__name__)


def _headers(error: MotCuaError) -> dict[str, str]:
    match error:
        case SignInRequiredError() | SignInFailedError() | SecondFactorNeededError():
            return {"WWW-Authenticate": "Bearer"}
        case TooManyAttemptsError() | TooOftenError():
            return {"Retry-After": str(error.fields["retry_after"])}
        case _:
            return {"Retry-After": str(RETRY_SECONDS)}
