"""A draft that is not there any more: what was typed on the page is kept all the same."""

import json
from typing import Any

from litestar import Response
from litestar.exceptions import PermissionDeniedException
from litestar.types import ExceptionHandlersMap
from litestar.utils.scope.state import ScopeState

from motcua.services.drafts import UnknownDraftError
from motcua.services.house import House
from motcua.ui.site import HelpDesk
from motcua.web.errors import answer, problem_of
from motcua.web.portal.apply.desk import CSRF_FIELD, AnyRequest, Applying
from motcua.web.security import new_form_token

KEPT = "giu"
_MOST = 200


def handlers(help_desk: HelpDesk) -> ExceptionHandlersMap:
    """The exception handlers of applications."""

    def told(request: AnyRequest, status: int) -> Response[Any]:
        applying = Applying(request, help_desk)
        sent = request.state.get("sent") or {}
        kept = {name: value for name, value in sent.items() if "." in name}
        return applying.page(
            "apply/lost.html",
            status=status,
            procedure=sent.get("thu_tuc", ""),
            kept=json.dumps(kept, ensure_ascii=False) if kept else "",
            answers=[value for value in kept.values() if value.strip()],
        )

    def lost(request: AnyRequest, error: UnknownDraftError) -> Response[Any]:
        return told(request, error.status)

    def forgotten(request: AnyRequest, error: PermissionDeniedException) -> Response[Any]:
        """All cookies are gone, the form's token too: no guard has run, nobody is known."""
        house: House = request.app.state.house
        known = house.desks.get(request.path_params.get("slug", ""))
        if known is None:
            return answer(request, problem_of(request, error), house.now())
        request.state.desk = known
        token = new_form_token(request)
        form = ScopeState.from_scope(request.scope).form
        request.state.sent = {
            name: value
            for name, value in (form if isinstance(form, dict) else {}).items()
            if isinstance(value, str) and name != CSRF_FIELD
        }
        page = told(request, error.status_code)
        page.cookies.append(token)
        return page

    return {UnknownDraftError: lost, PermissionDeniedException: forgotten}


def kept(sent: dict[str, str]) -> dict[str, str]:
    """What a lost page had kept of its fields."""
    try:
        said = json.loads(sent.get(KEPT, "") or "{}")
    except ValueError:
        return {}
    if not isinstance(said, dict) or len(said) > _MOST:
        return {}
    return {
        name: value
        for name, value in said.items()
        if isinstance(name, str) and isinstance(value, str)
    }
