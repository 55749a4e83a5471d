"""``motcua serve``: the server, alive as long as this process."""

import asyncio
import ctypes
import errno
import http.client
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

import click
import msgspec
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from litestar import Litestar

from motcua import app
from motcua.cli.options import DEMO_MARK, home_option
from motcua.domain.errors import MotCuaError
from motcua.plugin.texts import text
from motcua.storage.engine import TenantEngine, check_role
from motcua.storage.errors import NotMigratedError
from motcua.storage.settings import Database, resolve
from motcua.storage.work import reference_work

TARGET = f"{__name__}:worker_app"
_PORTS_TRIED = 100
_READY_SECONDS = 60.0
_PR_SET_PDEATHSIG = 1
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - compared, not bound

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "[%(levelname)s] %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "stream": "ext://sys.stderr",
        }
    },
    "loggers": {"_granian": {"handlers": ["console"], "propagate": False}},
}
"""Granian's log, away from standard output: that one ends with the line of the address."""


class NoPortError(MotCuaError):
    """Every port tried is taken."""

    code = "serve.no-port"


class AddressError(MotCuaError):
    """The address cannot be listened on by this account or machine."""

    code = "serve.address"


class StartFailedError(MotCuaError):
    """The server does not answer."""

    code = "serve.failed"


@click.command("serve")
@home_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port to listen on; the next free one if it is taken.",
)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that answer requests.",
)
@click.option("--url", default="", help="Address people use, such as https://motcua.example.vn.")
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="Address or network of a reverse proxy, whose X-Forwarded-For is believed.",
)
def command(
    home: Path | None, host: str, port: int, workers: int, url: str, proxies: tuple[str, ...]
) -> None:
    """Serve portal, counter and API until Ctrl-C or SIGTERM.

    The last line printed is "ready" with the address, as soon as it answers.
    """
    with resolve(home, os.environ) as database:
        serve(database, host=host, port=port, workers=workers, base_url=url, proxies=proxies)


def serve(
    database: Database,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
    base_url: str = "",
    proxies: tuple[str, ...] = (),
) -> None:
    """Serve on the first free port from *port* on, until a signal ends it.

    Args:
        database: Where the data is; stays the caller's to close.
        host: The address to listen on.
        port: The first port to try.
        workers: Processes that answer requests.
        base_url: Where people reach it; ``https`` makes its cookies secure.
        proxies: Reverse proxies whose word about where a request comes from is taken.

    Raises:
        UnsafeRoleError: the application's role could see past the wall between tenants.
        NotMigratedError: tables are missing.
        NoPortError: every port tried is taken.
        StartFailedError: the server does not answer.
    """
    asyncio.run(check(database))
    free = free_port(host, port)
    if free != port:
        click.echo(text("serve.port-taken", lang="en", taken=port, port=free))
    settings = settings_of(database, base_url, proxies)
    os.environ[app.SETTINGS_VARIABLE] = msgspec.json.encode(settings).decode()
    server = Granian(
        TARGET,
        address=host,
        port=free,
        interface=Interfaces.ASGI,
        workers=workers,
        factory=True,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    herald = Herald(server, host, free)
    server.on_startup(herald.start)
    server.on_shutdown(herald.stop)
    server.serve()
    if herald.failed:
        raise StartFailedError


class Herald:
    """Says that the server is ready when it answers, and ends it when it never does."""

    def __init__(self, server: Any, host: str, port: int) -> None:
        """Watch *server* at its address."""
        self._server = server
        self._host = _EVERYWHERE.get(host, host)
        self._port = port
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="motcua-herald", daemon=True)
        self.failed = False

    @property
    def url(self) -> str:
        """Where the server answers."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """The server ends; nothing is to be said any more."""
        self._ended.set()

    def _watch(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while not self._ended.wait(0.05):
            if answers(self._host, self._port):
                click.echo(text("serve.ready", lang="en", url=self.url))
                sys.stdout.flush()
                return
            if time.monotonic() > deadline:
                self.failed = True
                self._server.signal_handler_interrupt()
                return


def answers(host: str, port: int) -> bool:
    """Whether a server at the address says that it is ready."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def settings_of(database: Database, base_url: str, proxies: tuple[str, ...]) -> app.Settings:
    """How an installation serves; only the demonstration is lenient with its accounts."""
    demo = (database.home / DEMO_MARK).exists()
    return app.Settings(
        database=database.app.url,
        home=str(database.home),
        base_url=base_url,
        demo=demo,
        strict_accounts=not demo,
        proxies=proxies,
    )


def free_port(host: str, first: int) -> int:
    """The first port from *first* on that nobody listens on.

    Raises:
        NoPortError: a hundred in a row are taken.
        AddressError: the host is not this machine's, or the port is reserved.
    """
    last = min(first + _PORTS_TRIED, 65536)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first, last):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    reason = error.strerror or str(error)
                    raise AddressError(host=host, port=port, reason=reason) from error
            else:
                return port
    raise NoPortError(first=first, last=last - 1)


async def check(database: Database) -> None:
    """Refuse to serve on a database without our tables or through a role that sees too much.

    Raises:
        UnsafeRoleError: the role is not held back by row-level security.
        NotMigratedError: tables are missing.
        UnavailableError: the database does not answer.
    """
    engine = TenantEngine(database.app)
    await engine.open(max_size=1)
    try:
        await check_role(engine)
        if not await _has_tables(engine):
            raise NotMigratedError(reason="tenant")
    finally:
        await engine.close()


async def _has_tables(engine: TenantEngine) -> bool:
    async with reference_work(engine) as reading:
        row = await reading.fetchrow("select to_regclass('public.tenant') is not null as found")
    return bool(row["found"])


def worker_app() -> Litestar:
    """The application of one worker; made by granian in the worker's process."""
    die_with_parent()
    return app.served()


def die_with_parent() -> None:
    """End this process when the one that started it is killed (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
