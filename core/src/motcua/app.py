"""The composition root: settings, clock, database, plugins and routes become one application."""

import asyncio
import contextlib
import datetime as dt
import logging
import os
import secrets
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import structlog
import uuid_utils.compat
from granian.utils.proxies import wrap_asgi_with_proxy_headers
from litestar import Litestar, Request, Router
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler
from litestar.types import ControllerRouterHandler, Guard

from motcua.console.gate import Door
from motcua.console.routes import console_routes
from motcua.documents.files import FileStore
from motcua.domain.calendar import VN
from motcua.registry.loading import load_registry
from motcua.registry.registry import Registry
from motcua.services import chores, delivery
from motcua.services.board import Boards
from motcua.services.hooks import AskedSession
from motcua.services.hosts import hosts
from motcua.services.house import Desk, House, desk
from motcua.services.idempotency import refuse_repeat
from motcua.services.receive import CITIZEN
from motcua.storage.dsn import Dsn
from motcua.storage.engine import ENGINE, check_role
from motcua.storage.work import work
from motcua.ui.site import HelpDesk, Site
from motcua.web import api, health, hints
from motcua.web.api.admission import admit
from motcua.web.api.body import WRITES, require_plain
from motcua.web.api.writes import repeatable
from motcua.web.board import board_routes
from motcua.web.counter import counter_routes, session
from motcua.web.counter.signing import lost_session
from motcua.web.hosts import HostNames
from motcua.web.language import Languages
from motcua.web.plain import PlainAddress
from motcua.web.portal.apply.routes import routes as apply_routes
from motcua.web.portal.follow.routes import routes as follow_routes
from motcua.web.portal.look import look_routes
from motcua.web.portal.reads import ServiceReads
from motcua.web.portal.routes import portal
from motcua.web.portal.visits import routes as visit_routes
from motcua.web.practice import PracticeMark
from motcua.web.requestlog import RequestLog
from motcua.web.setup import WebPages
from motcua.web.stopping import when_asked_to_end
from motcua.web.supervision import supervision_routes

SETTINGS_VARIABLE = "MOTCUA_SETTINGS"
SECRET_VARIABLE = "MOTCUA_SECRET"  # noqa: S105 - the name of a variable, not a secret
_SECRET_FILE = "secret"  # noqa: S105 - the name of a file
Clock = Callable[[], dt.datetime]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How one installation serves.

    Attributes:
        database: Address of the database, as the application's role.
        home: The folder of data.
        base_url: Where people reach it; ``https`` makes its cookies secure.
        demo: Whether everything in it is invented; every page then says so.
        debug: Whether unexpected failures show their traceback. For development only.
        strict_accounts: Whether first passwords must be changed and administrators need a
            second factor.
        proxies: Addresses of the reverse proxies before it, whose word about where a
            request comes from is taken.
        place: Whose it is, as the pages name it.
        pool: Connections to the database, at most, of one process.
    """

    database: str
    home: str
    base_url: str = ""
    demo: bool = False
    debug: bool = False
    strict_accounts: bool = True
    proxies: tuple[str, ...] = ()
    place: str = "Tỉnh Bắc Ninh"
    pool: int = 10


def now() -> dt.datetime:
    """The one clock."""
    return dt.datetime.now(VN)  # noqa: TID251 - the composition root owns the clock


def build_house(
    registry: Registry | None = None,
    clock: Clock = now,
    key: bytes = b"",
    home: Path | None = None,
    *,
    strict_accounts: bool = True,
    demo: bool = False,
) -> House:
    """The working parts every use case is given; the engine is opened by whoever uses them."""
    return House(
        engine=ENGINE,
        registry=registry or load_registry(),
        now=clock,
        new_id=uuid_utils.compat.uuid7,
        entropy=secrets.token_bytes,
        key=key,
        files=None if home is None else FileStore(home, key),
        strict_accounts=strict_accounts,
        demo=demo,
    )


def create_app(
    settings: Settings, *, registry: Registry | None = None, clock: Clock = now
) -> Litestar:
    """The application.

    Args:
        settings: How it serves.
        registry: The plugins; without one, those installed.
        clock: The time; tests bring their own.
    """
    secret = installation_secret(Path(settings.home))
    house = build_house(
        registry,
        clock,
        secret.encode(),
        Path(settings.home),
        strict_accounts=settings.strict_accounts,
        demo=settings.demo or settings.debug,
    )
    _log_refusals(house.registry)
    boards = Boards(house)
    site = Site(
        place=settings.place,
        help=HelpDesk(name="Trung tâm Phục vụ hành chính công"),
        test_data=settings.demo,
    )
    pages = WebPages(
        site,
        csrf_secret=secret,
        now=clock,
        secure_cookies=settings.base_url.startswith("https:"),
    )

    @contextlib.asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        await ENGINE.open(Dsn(settings.database), max_size=settings.pool)
        try:
            await check_role(ENGINE)
            loops = [asyncio.create_task(each.keep(house)) for each in (chores, delivery)]
            with when_asked_to_end(boards.end):
                yield
            for each in loops:
                each.cancel()
            await asyncio.wait(loops)
        finally:
            await ENGINE.close()

    app = Litestar(
        route_handlers=routes(house, site, boards, pages.assets.url),
        plugins=[pages],
        middleware=[RequestLog(), PlainAddress()],
        exception_handlers=hints.handlers(clock),
        lifespan=[running],
        logging_config=None,
        debug=settings.debug,
    )
    app.state.house = house
    app.state.help = site.help
    app.state.home = Path(settings.home)
    app.asgi_handler = Languages(app.asgi_handler, secure=settings.base_url.startswith("https:"))
    app.asgi_handler = PracticeMark(app.asgi_handler)
    app.asgi_handler = HostNames(app.asgi_handler, lambda: hosts(house))
    if settings.proxies:
        app.asgi_handler = wrap_asgi_with_proxy_headers(app.asgi_handler, list(settings.proxies))
    return app


def routes(
    house: House, site: Site, boards: Boards, asset: Callable[[str], str]
) -> Sequence[ControllerRouterHandler]:
    """Everything that can be asked for, plugins included."""
    door = Door(
        cookie=session.COOKIE,
        lost=lost_session,
        sign_out=lambda slug: f"{session.base(slug)}/dang-xuat",
        due=session.due_address,
    )
    reads = ServiceReads(house, site.help, simulated=site.test_data)
    return [
        health.routes(),
        api.routes(house.now),
        portal(reads, house.now),
        look_routes(),
        apply_routes(site.help),
        follow_routes(site.help),
        board_routes(boards),
        visit_routes(site.help),
        *counter_routes(house.now),
        *supervision_routes(house.now),
        *console_routes(door, house.registry, asset),
        *_plugin_routes(house),
    ]


def served() -> Litestar:
    """The application of a serving process, by the settings its parent left in the environment."""
    log_as_json()
    return create_app(msgspec.json.decode(os.environ[SETTINGS_VARIABLE], type=Settings))


def log_as_json() -> None:
    """Write logs to standard error, one JSON object a line; tracebacks without values."""
    tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(tracebacks),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _log_refusals(registry: Registry) -> None:
    """Say which plugins are left out, and why: one bad wheel must not stop a province."""
    log = structlog.get_logger()
    for each in registry.refusals:
        log.warning("plugin left out", plugin=each.plugin, code=each.code, told=each.told)


def installation_secret(home: Path) -> str:
    """What signs the form tokens: the same in every process of an installation.

    ``MOTCUA_SECRET`` names it where several machines serve together; otherwise it
    is made once and kept in the home folder.
    """
    if named := os.environ.get(SECRET_VARIABLE):
        return named
    file = home / _SECRET_FILE
    home.mkdir(parents=True, exist_ok=True)
    draft = home / f".{_SECRET_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    if not file.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), encoding="ascii")
        with contextlib.suppress(FileExistsError):
            file.hardlink_to(draft)  # the first of several processes wins
        draft.unlink()
    return file.read_text(encoding="ascii")


def _plugin_routes(house: House) -> list[Router]:
    """The plugins' own handlers, each under its name and for those who enabled it."""
    return [
        Router(
            f"/t/{{slug:str}}/p/{name}",
            route_handlers=handlers,
            guards=[_enabled(house, name), admit, require_plain],
            dependencies={"session": Provide(_plugin_session)},
        )
        for name, handlers in house.registry.routes()
    ]


async def _plugin_session(
    request: Request[Any, Any, Any],
) -> AsyncGenerator[AskedSession, None]:
    """What a plugin's handler works on: one transaction under the tenant.

    A write is carried out once under its ``Idempotency-Key``, which is claimed in it.
    """
    house: House = request.app.state.house
    found: Desk = request.state.desk
    actor = getattr(request.state, "actor", None)
    async with work(house.engine, found.id) as writing:
        if request.method in WRITES:
            key = request.headers.get("idempotency-key", "")
            await refuse_repeat(house, writing, await repeatable(request, actor, key))
        yield AskedSession(house, found, actor or CITIZEN)


def _enabled(house: House, plugin: str) -> Guard:
    """A guard: to a tenant that has not enabled *plugin* its routes do not exist."""

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        found = await desk(house, connection.path_params["slug"])
        if not found.plugins.works(plugin):
            raise NotFoundException
        connection.state.desk = found

    return guard
