"""Problem details of the API: every 422 names its fields, the framework's own faults too."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Response
from litestar.exceptions import ValidationException
from litestar.types import ExceptionHandlersMap

from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.web.errors import Fault, answer, problem_of
from motcua.web.pages import AnyRequest

FIELDS = {
    "procedure.unknown": "procedure",
    "dossier.limit-missing": "no_limit",
    "dossier.unknown-transition": "transition",
    "dossier.act-too-early": "transition",
    "idempotency.key-reused": "Idempotency-Key",
}
"""The field a fault is about whose error names none."""
_UNPROCESSABLE = 422


def handlers(now: Callable[[], dt.datetime]) -> ExceptionHandlersMap:
    """The exception handlers of the API."""

    def mistake(request: AnyRequest, error: MotCuaError) -> Response[Any]:
        problem = problem_of(request, error)
        if problem.status == _UNPROCESSABLE and not problem.errors:
            fault = Fault(FIELDS.get(error.code, ""), error.code, problem.detail)
            problem = msgspec.structs.replace(problem, errors=(fault,))
        return answer(request, problem, now())

    def misfit(request: AnyRequest, error: ValidationException) -> Response[Any]:
        extra = error.extra if isinstance(error.extra, list) else []
        names = [str(each.get("key", "")) for each in extra if isinstance(each, dict)]
        faults = [FieldFault(name, "field.type", label=name) for name in names]
        return mistake(request, InvalidAnswersError(faults))

    return {MotCuaError: mistake, ValidationException: misfit}
