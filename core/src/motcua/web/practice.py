"""Marks every page of a place to practise as test data, whoever draws it."""

import re

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from motcua.domain.tenant import practises
from motcua.ui.site import marked_as_test

_SLUG = re.compile(r"^/t/([^/]+)")


class PracticeMark:
    """Says, while a request to a place to practise is answered, that all of it is test data."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before *app*."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        place = _SLUG.match(scope["path"]) if scope["type"] == ScopeType.HTTP else None
        if place is None or not practises(place[1]):
            await self._app(scope, receive, send)
            return
        with marked_as_test():
            await self._app(scope, receive, send)
