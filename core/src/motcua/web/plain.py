"""Refuses addresses with a zero character, which no text of ours and no database holds."""

from litestar.enums import ScopeType
from litestar.exceptions import ClientException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send


class PlainAddress(ASGIMiddleware):
    """Answers 400 where path or query hold a zero character."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Let everything else through."""
        if "\x00" in scope["path"] or b"%00" in scope.get("query_string", b""):
            raise ClientException
        await next_app(scope, receive, send)
