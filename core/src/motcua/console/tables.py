"""The tables as they stand, at ``/t/<slug>/admin/bang/``: the wall around piccolo-admin.

Every request passes the console's guard first, and is then let through by a list: what is
not on it does not exist. Piccolo-admin works under the tenant and sees no other row.
"""

import asyncio
import html
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

import asyncpg
import msgspec
from litestar import HttpMethod, Response, route
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect
from litestar.status_codes import (
    HTTP_400_BAD_REQUEST,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_500_INTERNAL_SERVER_ERROR,
)
from piccolo.columns import Timestamptz

from motcua.console import spoken, typed
from motcua.console.gate import SAFE, AnyRequest, base
from motcua.console.grants import PAGES, TableGrant, table_name, tables_of
from motcua.domain.errors import MotCuaError
from motcua.domain.life import Actor
from motcua.plugin.texts import text
from motcua.registry.registry import Registry
from motcua.services.house import Desk
from motcua.services.look import look
from motcua.services.sessions import sign_out
from motcua.storage.engine import tenant_scope
from motcua.storage.tables import CORE_TABLES
from motcua.ui.client import client_of
from motcua.ui.helpdesk import help_at

CSRF_COOKIE = "csrftoken"
METHODS = [HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE]
_HANDED_ON = frozenset(
    {"type", "asgi", "http_version", "method", "scheme", "query_string", "headers", "client"}
    | {"server", "extensions"}
)
"""What of a request piccolo-admin is told."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'"
)
"""As everywhere, but for the inline styles that piccolo-admin sets."""
STRIP = "<!-- strip -->"
"""Where the page says that everything is invented, if it is."""
FOOT = "<!-- foot -->"
"""Where the page says how to get help, as every page does."""
LOOK = "<!-- look -->"
"""Where the page takes the unit's own colour, if there is one."""
_OPEN = re.compile(
    r"api/user/|api/tables/(grouped/)?|api/tables/[^/]+/(.*)|api/forms/(grouped/)?"
    r"|public/(meta|translations|translations/vi)/"
)
_TABLE = re.compile(r"api/tables/([^/]+)/(.*)")
_MISTAKES = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.SyntaxOrAccessError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    OverflowError,
)
"""How a bad address, filter or form shows inside piccolo-admin."""


class Answer(msgspec.Struct):
    """A whole answer, before it is sent."""

    status: int
    body: bytes = b""
    media: str = "application/json"

    @property
    def is_json(self) -> bool:
        """Whether it carries JSON."""
        return self.media.startswith("application/json")


class Tables:
    """Piccolo-admin behind its wall, put together on the first visit."""

    def __init__(self, registry: Registry, asset: Callable[[str], str]) -> None:
        """Prepare.

        Args:
            registry: The plugins, which may show tables of their own.
            asset: Answers the address of one of our own static files.
        """
        self._registry = registry
        self._grants = tables_of(registry)
        self._named = {spoken.table_name(each): each for each in self._grants.values()}
        self._asset = asset
        self._admin: Any = None
        self._assets: dict[str, tuple[bytes, str]] = {}
        self._page = ""
        self._moments: dict[str, frozenset[str]] = {}
        self._building = asyncio.Lock()

    def handler(self) -> HTTPRouteHandler:
        """The route of everything below the tables' address."""
        path = PAGES["tables"].path
        opt = {"page": "tables", "exclude_from_csrf": True}

        @route([f"/{path}", f"/{path}/{{rest:path}}"], http_method=METHODS, opt=opt)
        async def tables(request: AnyRequest) -> Response[Any]:
            """Answer, or hand on to piccolo-admin."""
            root = f"{base(request.state.desk.slug)}/{path}"
            # Litestar takes the last stroke off the path; here it makes a difference.
            rest = unquote(request.scope["raw_path"].decode()).removeprefix(root)
            if not rest.startswith("/"):
                return Redirect(f"{root}/")
            return _sent(request, root, await self._answer(request, root, rest.removeprefix("/")))

        return tables

    async def _answer(self, request: AnyRequest, root: str, rest: str) -> Answer:
        state = request.state
        if request.method not in SAFE and not _same_origin(request):
            return refused(403)
        async with self._building:
            if self._admin is None:
                await asyncio.to_thread(self._build)
        if rest == "":
            strip = _strip() if request.app.state.house.demo else ""
            page = self._page.replace(STRIP, strip).replace(LOOK, _colours(state.desk))
            page = page.replace(FOOT, _foot(request, state.desk))
            return Answer(200, page.encode(), "text/html; charset=utf-8")
        if rest.startswith("assets/"):
            found = self._assets.get(rest.removeprefix("assets/"))
            return Answer(200, *found) if found else refused(404)
        if rest == "public/logout/":
            token = request.cookies.get(state.door.cookie, "")
            await sign_out(request.app.state.house, state.desk, token, client_of(request))
            return Answer(200, b"{}")
        if rest == "api/links/":
            return _json(200, _links(state.desk, state.actor))
        return await self._asked(request, root, rest)

    async def _asked(self, request: AnyRequest, root: str, rest: str) -> Answer:
        """What piccolo-admin answers, in Vietnamese."""
        desk, actor = request.state.desk, request.state.actor
        grant = None
        if not _OPEN.fullmatch(rest):
            return refused(404)
        if (found := _TABLE.fullmatch(rest)) and found[1] != "grouped":
            grant = self._named.get(found[1])
            if grant is None or not grant.reads(desk, actor):
                return refused(404)
            rest = f"api/tables/{grant.name}/{found[2]}"
        answer = await self._let_in(
            request, root, rest, self._moments.get(grant.name) if grant else None
        )
        if answer.status >= HTTP_400_BAD_REQUEST:
            return refused(answer.status)
        if not answer.is_json or not rest.startswith("api/tables/"):
            return answer
        told = json.loads(answer.body or b"null")
        if grant is None:
            told = self._visible(told, desk, actor)
        else:
            told = _translated(grant, rest.removeprefix(f"api/tables/{grant.name}/"), told)
        body = json.dumps(told, ensure_ascii=False).encode()
        return msgspec.structs.replace(answer, body=body)

    def _visible(self, found: Any, desk: Desk, actor: Actor) -> Any:
        """The names of those tables only that *actor* may look at."""
        if isinstance(found, list):
            grants = (self._grants[name] for name in found)
            return [spoken.table_name(each) for each in grants if each.reads(desk, actor)]
        groups = {
            group: self._visible(each, desk, actor) for group, each in found["grouped"].items()
        }
        kept = {group: names for group, names in groups.items() if names}
        return {"grouped": kept, "ungrouped": []}

    async def _let_in(
        self, request: AnyRequest, root: str, rest: str, moments: frozenset[str] | None
    ) -> Answer:
        from motcua.console.browser import VISITOR, Visitor  # noqa: PLC0415 - slow, see there

        desk, actor = request.state.desk, request.state.actor
        inner: Any = {key: value for key, value in request.scope.items() if key in _HANDED_ON} | {
            "root_path": root,
            "path": f"{root}/{rest}",
            "raw_path": f"{root}/{rest}".encode(),
            "query_string": _asked_for(request.scope["query_string"], moments or frozenset()),
            "state": {},
            VISITOR: Visitor(desk, actor),
        }
        answer = Answer(HTTP_500_INTERNAL_SERVER_ERROR)

        async def collect(message: Any) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                media = dict(message["headers"]).get(b"content-type", b"")
                answer.media = media.decode("latin-1")
            elif message["type"] == "http.response.body":
                answer.body += message.get("body", b"")

        try:
            with tenant_scope(desk.id):
                await self._admin(inner, request.receive, collect)
        except MotCuaError:
            raise
        except _MISTAKES:
            answer.status = HTTP_422_UNPROCESSABLE_ENTITY
        return answer

    def _build(self) -> None:
        from motcua.console import browser  # noqa: PLC0415 - slow: only when somebody comes

        for file in browser.ASSETS.iterdir():
            media = {".js": "text/javascript", ".css": "text/css"}.get(file.suffix, "image/svg+xml")
            content = file.read_text(encoding="utf-8")
            if file.suffix == ".js":
                content = spoken.program(content)
            self._assets[file.name] = (content.encode(), f"{media}; charset=utf-8")
        self._page = _page(sorted(self._assets), self._asset)
        own = [each.table for _, tables in self._registry.tables() for each in tables.shown]
        by_name = {table_name(table): table for table in (*CORE_TABLES, *own)}
        self._moments = {name: _moments(table) for name, table in by_name.items()}
        self._admin = browser.build(by_name, self._grants)


def _moments(table: Any) -> frozenset[str]:
    """The columns of *table* that hold moments."""
    columns = table._meta.columns  # noqa: SLF001 - Piccolo's documented way to a table's columns
    return frozenset(each._meta.name for each in columns if isinstance(each, Timestamptz))  # noqa: SLF001 - the same


def _asked_for(query: bytes, moments: frozenset[str]) -> bytes:
    """A *query* with its days as machines write them; people filter by ``24/11/2026``."""
    said = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    days = [(name, value, typed.date(value)) for name, value in said]
    if not any(day for _, _, day in days):
        return query
    written = [
        (name, (typed.beginning(day) if name in moments else day).isoformat() if day else value)
        for name, value, day in days
    ]
    return urlencode(written).encode()


def _colours(desk: Desk) -> str:
    """The link to the unit's own colour, if it has one."""
    sheet = look(desk).sheet
    return f'<link rel="stylesheet" href="{html.escape(sheet)}">' if sheet else ""


def _foot(request: AnyRequest, desk: Desk) -> str:
    """Whom to call, by the macro of all the other pages."""
    engine: Any = request.app.template_engine
    state = request.app.state
    macros = engine.get_template("macros/frame.html").module
    told = help_at(desk, state.help, state.house.now())
    return str(macros.help_footer(told, f"/t/{desk.slug}/huong-dan"))


def _strip() -> str:
    """What every page says where everything is invented."""
    title, meaning = (html.escape(text(f"ui.test.{key}")) for key in ("title", "meaning"))
    return f'<p class="demo"><b>{title}</b> – {meaning}</p>'


def refused(status: int) -> Answer:
    """An answer that says in Vietnamese why something is refused, whatever was asked."""
    key = f"console.refused.{status}"
    known = status in (401, 403, 404, 405, 422)
    return _json(status, {"detail": text(key if known else "console.refused.422")})


def _json(status: int, value: Any) -> Answer:
    return Answer(status, msgspec.json.encode(value))


def _links(desk: Desk, actor: Actor) -> dict[str, str]:
    """The console's own pages, from the tables' menu."""
    return {
        text(f"console.page.{page.name}"): f"{base(desk.slug)}/{page.path}"
        for page in PAGES.values()
        if page.name != "tables" and page.reads(desk, actor)
    }


def _translated(grant: TableGrant, what: str, found: Any) -> Any:
    """An answer about one table with names, labels and codes in words."""
    if what == "schema/":
        return spoken.schema(grant, found)
    if isinstance(found, dict) and "rows" in found:
        return spoken.rows(found)
    if re.fullmatch(r"[^/]+/", what) and what not in _LISTS:
        return spoken.row(found)
    return found


_LISTS = ("ids/", "count/", "references/", "new/")


def _same_origin(request: AnyRequest) -> bool:
    """Whether a write comes from our own page: its origin is this host, its token the cookie's."""
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.headers.get("host", ""):
        return False
    token = request.cookies.get(CSRF_COOKIE, "")
    return bool(token) and token == request.headers.get("x-csrftoken")


def _page(names: list[str], asset: Callable[[str], str]) -> str:
    """The page that piccolo-admin's program fills."""
    script = next(name for name in names if name.endswith(".js"))
    style = next(name for name in names if name.endswith(".css"))
    title, noscript = (html.escape(text(f"console.tables.{key}")) for key in ("site", "noscript"))
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<link rel="icon" href="{asset("mark.svg")}" type="image/svg+xml">'
        f'<script type="module" src="./assets/{script}"></script>'
        f'<link rel="stylesheet" href="./assets/{style}">'
        f'<link rel="stylesheet" href="{asset("tables.css")}">'
        f'{LOOK}</head><body class="only-shown"><noscript>{noscript}</noscript>'
        f'{STRIP}<div id="app"></div>{FOOT}</body></html>'
    )


def _sent(request: AnyRequest, root: str, answer: Answer) -> Response[Any]:
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY}
    response = Response(
        answer.body, status_code=answer.status, media_type=answer.media, headers=headers
    )
    if request.cookies.get(CSRF_COOKIE) is None:
        token = request.app.state.house.entropy(16).hex()
        config = request.app.csrf_config
        secure = config is not None and config.cookie_secure
        response.set_cookie(
            Cookie(key=CSRF_COOKIE, value=token, path=f"{root}/", samesite="strict", secure=secure)
        )
    return response
