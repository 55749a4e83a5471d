"""The language of the citizen's pages: chosen by a link, kept in a cookie of the tenant's path.

Only the portal is spoken in another language. What officers read and what is stored
stays Vietnamese, whoever asked.
"""

import re
from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import parse_qsl, quote, urlencode

from litestar.datastructures import URL, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from motcua.plugin.texts import LANGUAGES, speaking, spoken
from motcua.web.hosts import OWN_HOST

SWITCH = "ngon-ngu"
"""What a link or a button that changes the language sends."""
COOKIE = "motcua_tieng"
PORTAL = re.compile(r"^(/t/[^/]+)(?:/(?!(?:quay|admin|api|p)(?:/|$)).*)?$")
_YEAR = 365 * 24 * 3600


class Languages:
    """Lets every request to a portal be answered in the language its browser chose."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        """Stand before *app*; *secure* cookies travel over HTTPS only."""
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on; a link that chooses is answered at once, with the same page."""
        place = PORTAL.match(scope["path"]) if scope["type"] == ScopeType.HTTP else None
        if place is None:
            await self._app(scope, receive, send)
            return
        scope = cast("HTTPScope", scope)
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        chosen = _known(value for name, value in asked if name == SWITCH)
        if chosen and scope["method"] in {"GET", "HEAD"}:
            rest = [(name, value) for name, value in asked if name != SWITCH]
            await _lead_back(scope, self._keeping(scope, place[1], chosen, send), rest)
            return
        if chosen:
            send = self._keeping(scope, place[1], chosen, send)
        with speaking(chosen or _known(_cookies(scope)) or LANGUAGES[0]):
            await self._app(scope, receive, send)

    def _keeping(self, scope: HTTPScope, base: str, chosen: str, send: Send) -> Send:
        """Send that also gives the browser its cookie."""
        path = "/" if scope["state"].get(OWN_HOST) else f"{base}/"
        words = f"{COOKIE}={chosen}; Path={path}; Max-Age={_YEAR}; HttpOnly; SameSite=lax"

        async def keeping(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                headers.add("set-cookie", words + "; Secure" * self._secure)
            await send(message)

        return keeping


def other_language(url: URL) -> dict[str, str]:
    """What the switch of the page at *url* says, and where it leads."""
    other = LANGUAGES[1 - LANGUAGES.index(spoken())]
    rest = [each for each in parse_qsl(url.query, keep_blank_values=True) if each[0] != SWITCH]
    return {"lang": other, "href": "?" + urlencode([*rest, (SWITCH, other)])}


async def _lead_back(scope: HTTPScope, send: Send, rest: list[tuple[str, str]]) -> None:
    """Show the same page again, now in the language just chosen."""
    path = scope["path"] + "/" * (scope["path"].count("/") == len(("t", "slug")))
    address = quote(path) + ("?" + urlencode(rest) if rest else "")
    headers = [(b"location", address.encode()), (b"cache-control", b"no-store")]
    start: dict[str, Any] = {"type": "http.response.start", "status": 303, "headers": headers}
    await send(cast("Message", start))
    end: dict[str, Any] = {"type": "http.response.body", "body": b"", "more_body": False}
    await send(cast("Message", end))


def _known(said: Iterable[str]) -> str:
    return next((each for each in said if each in LANGUAGES), "")


def _cookies(scope: HTTPScope) -> list[str]:
    """What the browser keeps as its choice."""
    found: list[str] = []
    for name, value in scope["headers"]:
        if name == b"cookie":
            for part in value.decode("latin-1").split(";"):
                key, _, kept = part.strip().partition("=")
                found += [kept] if key == COOKIE else []
    return found
