"""One line of log for each request: what was asked, how it ended, how long it took.

It names the route, not the address: no code, name or secret gets into a log.
"""

import time

import structlog
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)


class RequestLog(ASGIMiddleware):
    """Logs requests after they were answered."""

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = "quiet"

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Let the request through and log it."""
        begun = time.perf_counter()
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await next_app(scope, receive, watch)
        finally:
            log.info(
                "request",
                method=scope.get("method"),
                route=scope.get("path_template"),
                tenant=scope.get("path_params", {}).get("slug"),
                status=status,
                ms=round((time.perf_counter() - begun) * 1000, 1),
            )
