"""A draft that is not there any more: what was typed on the page is kept all the same."""

import json
from typing import Any

from litestar import Response
from litestar.types import ExceptionHandlersMap

from motcua.services.drafts import UnknownDraftError
from motcua.ui.site import HelpDesk
from motcua.web.portal.apply.desk import Applying

KEPT = "giu"
_MOST = 200


def handlers(help_desk: HelpDesk) -> ExceptionHandlersMap:
    """The exception handlers of applications."""

    def lost(request: Any, error: UnknownDraftError) -> Response[Any]:
        applying = Applying(request, help_desk)
        sent = request.state.get("sent") or {}
        kept = {name: value for name, value in sent.items() if "." in name}
        return applying.page(
            "apply/lost.html",
            status=error.status,
            procedure=sent.get("thu_tuc", ""),
            kept=json.dumps(kept, ensure_ascii=False) if kept else "",
            answers=[value for value in kept.values() if value.strip()],
        )

    return {UnknownDraftError: lost}


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
