"""The pass of a dossier's holder in the browser."""

from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

from motcua.services.passes import GOOD_FOR
from motcua.web.hosts import OWN_HOST

COOKIE = "motcua_hs"
"""Holds the pass; no script may read it."""


def pass_cookie(request: Request[Any, Any, Any], slug: str, ticket: str) -> Cookie:
    """What lets a browser act on one dossier; an empty *ticket* ends that."""
    config = request.app.csrf_config
    return Cookie(
        key=COOKIE,
        value=ticket,
        path="/" if request.state.get(OWN_HOST) else f"/t/{slug}/",
        max_age=int(GOOD_FOR.total_seconds()) if ticket else 0,
        httponly=True,
        samesite="lax",
        secure=config is not None and config.cookie_secure,
    )
