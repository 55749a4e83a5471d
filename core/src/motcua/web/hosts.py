"""A tenant that has a host name of its own: there the path has no ``/t/<slug>``."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from motcua.domain.errors import MotCuaError

SHARED = ("/static/", "/api/schema", "/healthz", "/readyz")
"""Paths that mean the same on every host."""
OWN_HOST = "own_host"
"""In a request's state: it came to the tenant's own host."""
_FRESH_SECONDS = 5.0

FindHosts = Callable[[], Awaitable[Mapping[str, str]]]


class HostNames:
    """Puts the tenant's prefix before the path of a request to its own host.

    There no other tenant is served: cookies belong to a host.
    """

    def __init__(self, app: ASGIApp, find: FindHosts) -> None:
        """Stand before *app*; *find* answers the slugs by host name."""
        self._app = app
        self._find = find
        self._slugs: Mapping[str, str] = {}
        self._read_at = float("-inf")

    def forget(self) -> None:
        """Read the host names again at the next request."""
        self._read_at = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, under the path all routes are written for."""
        if scope["type"] == ScopeType.HTTP:
            scope = await self._placed(scope)
        await self._app(scope, receive, send)

    async def _placed(self, scope: HTTPScope) -> HTTPScope:
        path = scope["path"]
        if path.startswith(SHARED):
            return scope
        slug = (await self._hosts()).get(_host(scope))
        if slug is None:
            return scope
        state = {**scope["state"], OWN_HOST: True}
        prefix = f"/t/{slug}"
        if path == prefix or path.startswith(f"{prefix}/"):
            return cast("HTTPScope", {**scope, "state": state})
        placed = prefix + path
        changed = {**scope, "path": placed, "raw_path": placed.encode(), "state": state}
        return cast("HTTPScope", changed)

    async def _hosts(self) -> Mapping[str, str]:
        """The slugs by host name, read again when they are some seconds old."""
        if time.monotonic() - self._read_at > _FRESH_SECONDS:
            try:
                self._slugs = await self._find()
                self._read_at = time.monotonic()
            except MotCuaError:
                # The request itself will meet the same trouble and tell it properly.
                return self._slugs
        return self._slugs


def lookup_address(request: Request[Any, Any, Any], slug: str) -> str:
    """The whole address of a unit's look-up, for a code that is scanned elsewhere."""
    prefix = "" if request.state.get(OWN_HOST) else f"/t/{slug}"
    return f"{request.url.scheme}://{request.url.netloc}{prefix}/tra-cuu"


def _host(scope: HTTPScope) -> str:
    """The host a request names, without its port, in lower case."""
    for name, value in scope["headers"]:
        if name == b"host":
            return value.decode("latin-1").partition(":")[0].lower()
    return ""
