"""Somebody whose pass is none, or too old."""

from typing import Any

from litestar import Response
from litestar.types import ExceptionHandlersMap

from motcua.services.passes import NoPassError
from motcua.ui.site import HelpDesk
from motcua.web.portal.apply.desk import Applying


def handlers(help_desk: HelpDesk) -> ExceptionHandlersMap:
    """The exception handlers of dossiers' holders."""

    def no_pass(request: Any, error: NoPassError) -> Response[Any]:
        holding = Applying(request, help_desk)
        return holding.page("follow/no_pass.html", status=error.status)

    return {NoPassError: no_pass}
