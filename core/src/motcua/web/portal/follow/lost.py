"""Somebody whose pass is none, or too old: what was typed goes along to the proof and back."""

import json
from collections.abc import Mapping
from typing import Any

from litestar import Response
from litestar.types import ExceptionHandlersMap

from motcua.services.passes import NoPassError
from motcua.ui.site import HelpDesk
from motcua.web.language import SWITCH
from motcua.web.pages import Page
from motcua.web.portal.apply.desk import Applying
from motcua.web.portal.apply.lost import KEPT, kept
from motcua.web.portal.apply.pages import PRESSED

NEXT = "tiep"
"""The page that was being sent when the pass was over."""
_WRITTEN = ("nhan-ket-qua", "rut", "danh-gia")


def handlers(help_desk: HelpDesk) -> ExceptionHandlersMap:
    """The exception handlers of dossiers' holders."""

    def no_pass(request: Any, error: NoPassError) -> Response[Any]:
        holding = Applying(request, help_desk)
        typed = {
            name: value
            for name, value in (request.state.get("sent") or {}).items()
            if name != PRESSED and value.strip()
        }
        page = request.url.path.rpartition("/")[2]
        return holding.page(
            "follow/no_pass.html",
            status=error.status,
            kept={
                KEPT: json.dumps(typed, ensure_ascii=False),
                NEXT: page,
                PRESSED: SWITCH,
            }
            if typed and page in _WRITTEN
            else {},
        )

    return {NoPassError: no_pass}


def resumed(holding: Applying, sent: Mapping[str, str]) -> Page | None:
    """The form that was being sent, to be shown again as it was; ``None``: there was none."""
    fields, page = kept(dict(sent)), sent.get(NEXT, "")
    if not fields or page not in _WRITTEN:
        return None
    address = f"{holding.base}/ho-so/{page}"
    return holding.page("follow/resume.html", fields=fields | {PRESSED: SWITCH}, address=address)
