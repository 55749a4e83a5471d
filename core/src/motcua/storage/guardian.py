"""The small process that keeps the embedded PostgreSQL server, and ends it.

Whoever uses the server holds a *shared* lock on the file ``lease``; the kernel
drops it when that process ends, however it ends. The guardian asks for the
*exclusive* lock a few times a second: getting it means that nobody is left,
and it stops the server. It starts a server that died again, and the server is
told by the kernel to stop when the guardian itself dies. So the server
outlives the process that happened to start it and never the last one that uses
it. Run by :mod:`motcua.storage.launcher` only; needs nothing but the standard
library, so that it starts fast.
"""

import contextlib
import ctypes
import dataclasses
import fcntl
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

LEASE = "lease"
GUARD = "guardian.lock"
STATE = "guardian.json"
LOG = "server.log"
DATABASE = "motcua"
OWNER_ROLE = "motcua_owner"
APP_ROLE = "motcua_app"
SUPERUSER = "postgres"
SOCKET_PATH_LIMIT = 107
"""Bytes a Unix socket's path may have; a longer one is refused by the kernel."""

_POLL_SECONDS = 0.1
_START_SECONDS = 60.0
_STOP_SECONDS = 60.0
_RESTARTS = 10
_START_TRIES = 40
_LOG_LIMIT = 10_000_000
_PR_SET_PDEATHSIG = 1
_BUILTIN_LOCALE_SINCE = 17

_PROVISION = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER_ROLE}') THEN
    CREATE ROLE {OWNER_ROLE} LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
    CREATE ROLE {APP_ROLE} LOGIN;
  END IF;
END $$;
SELECT 'CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
"""  # noqa: S608 - made of this module's constants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Order:
    """What the launcher asks the guardian to keep.

    Attributes:
        folder: Where cluster, locks and log stand.
        bin_dir: The PostgreSQL programs, readable by the server's account.
        major: Their major version.
        reachable: Whether the server's account can walk to ``folder``.
        uid: The account the server runs as; ``None`` is the caller's own.
        gid: Its group.
        ephemeral: Trade safety for speed; for tests only.
    """

    folder: str
    bin_dir: str
    major: int
    reachable: bool = True
    uid: int | None = None
    gid: int | None = None
    ephemeral: bool = False


class ServerDiedError(Exception):
    """A program of PostgreSQL ended instead of doing its work."""


class Guardian:
    """Starts, watches and stops one server."""

    def __init__(self, order: Order) -> None:
        """Prepare to carry out *order*; nothing is started yet."""
        self._order = order
        self._folder = Path(order.folder)
        self._data = self._folder / "data"
        self._server: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] = _open_log(self._folder / LOG)
        self._sockets = self._folder / "run"
        self._restarts = 0
        self._stopping = False

    def run(self, report: Callable[[str], None]) -> None:
        """Keep the server until nobody holds the lease; tell *report* when it is ready."""
        with (self._folder / GUARD).open("a") as guard, (self._folder / LEASE).open("a") as lease:
            fcntl.flock(guard, fcntl.LOCK_EX)
            signal.signal(signal.SIGTERM, self._ask_to_stop)
            try:
                self._prepare()
                self._start()
                self._psql(_PROVISION)
                self._write_state()
                report("ready")
                self._watch(lease)
            finally:
                self._stop()
                self._clean()

    def _ask_to_stop(self, number: int, frame: Any) -> None:
        del number, frame
        self._stopping = True

    def _prepare(self) -> None:
        self._stop_orphan()
        self._make_socket_folder()
        if not (self._data / "PG_VERSION").exists():
            self._make_cluster()
        self._write_access_rules()

    def _stop_orphan(self) -> None:
        """End a server whose guardian was killed where the kernel tells it nothing."""
        pid = _server_pid(self._data)
        if pid is None or not _is_postgres(pid):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + _STOP_SECONDS
        while _server_pid(self._data) == pid and _is_postgres(pid) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)

    def _make_socket_folder(self) -> None:
        longest = os.fsencode(self._sockets / ".s.PGSQL.5432.lock")
        if len(longest) > SOCKET_PATH_LIMIT or not self._order.reachable:
            # A guardian that was killed left its choice: living users still look there.
            self._sockets = self._left_sockets() or Path(tempfile.mkdtemp(prefix="motcua-"))
        self._sockets.mkdir(mode=0o700, exist_ok=True)
        self._give(self._sockets)

    def _left_sockets(self) -> Path | None:
        try:
            state = json.loads((self._folder / STATE).read_text(encoding="utf-8"))
            left = Path(state["sockets"])
            seen = left.lstat()
        except (OSError, ValueError):
            return None
        ours = (seen.st_mode, seen.st_uid) == (stat.S_IFDIR | 0o700, self._server_uid())
        return left if ours else None

    def _make_cluster(self) -> None:
        """Make the cluster beside its place and move it there whole."""
        fresh = Path(tempfile.mkdtemp(prefix="data-", dir=self._folder))
        self._give(fresh)
        locale = ["--locale=C.UTF-8"]
        if self._order.major >= _BUILTIN_LOCALE_SINCE:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._call(
            *("initdb", "-D", self._seen_by_server(fresh), "-U", SUPERUSER, "-A", "peer"),
            *("-E", "UTF8", "--no-instructions", *locale),
            *(["--no-sync"] if self._order.ephemeral else []),
            folder=fresh,
        )
        fresh.rename(self._data)

    def _write_access_rules(self) -> None:
        """Let in, over the socket alone, the account that runs the core."""
        names = {_account_name(os.geteuid()), _account_name(self._server_uid())}
        self._write(self._data / "pg_hba.conf", "local all all peer map=motcua\n")
        rules = [f'motcua "{name}" "{role}"\n' for name in sorted(names) for role in _ROLES]
        self._write(self._data / "pg_ident.conf", "".join(rules))

    def _start(self) -> None:
        """Start the server and wait until it answers.

        A server that ends at once is tried again for a while: the children of
        a killed one may hold its memory for a moment longer.
        """
        deadline = time.monotonic() + _START_SECONDS
        tries = _START_TRIES
        self._server = self._spawn()
        while not self._answers():
            if self._server.poll() is not None:
                tries -= 1
                if not tries:
                    raise ServerDiedError("the server ended as soon as it was started")
                time.sleep(2 * _POLL_SECONDS)
                self._server = self._spawn()
            if time.monotonic() > deadline:
                raise ServerDiedError("the server did not answer in time")
            time.sleep(_POLL_SECONDS / 4)

    def _spawn(self) -> "subprocess.Popen[bytes]":
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._sockets),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # Neither statements nor key values may reach the log: they hold personal data.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        if self._order.ephemeral:
            settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return self._popen("postgres", "-D", self._seen_by_server(self._data), *options)

    def _answers(self) -> bool:
        return answers(Path(self._order.bin_dir), self._sockets)

    def _watch(self, lease: IO[str]) -> None:
        while not self._stopping and not _nobody_holds(lease):
            if self._server is not None and self._server.poll() is not None:
                self._restarts += 1
                if self._restarts > _RESTARTS:
                    raise ServerDiedError("the server died again and again")
                self._start()
            time.sleep(_POLL_SECONDS)

    def _stop(self) -> None:
        if self._server is None or self._server.poll() is not None:
            return
        self._server.send_signal(signal.SIGINT)
        try:
            self._server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait()

    def _clean(self) -> None:
        (self._folder / STATE).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._sockets.rmdir()

    def _write_state(self) -> None:
        state = {"pid": os.getpid(), "sockets": str(self._sockets)}
        fresh = self._folder / f"{STATE}.new"
        fresh.write_text(json.dumps(state), encoding="utf-8")
        fresh.rename(self._folder / STATE)

    def _psql(self, script: str) -> None:
        program = [self._program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"]
        done = subprocess.run(  # noqa: S603 - our own program
            [*program, "-h", str(self._sockets), "-U", SUPERUSER, "-d", "postgres"],
            input=script.encode(),
            env=_environment(),
            stdout=self._log,
            stderr=self._log,
            check=False,
        )
        if done.returncode != 0:
            raise ServerDiedError("the server's roles and database could not be made")

    def _call(self, program: str, *arguments: str, folder: Path) -> None:
        if self._popen(program, *arguments, folder=folder).wait() != 0:
            raise ServerDiedError(f"{program} failed")

    def _popen(
        self, program: str, *arguments: str, folder: Path | None = None
    ) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603 - our own program
            [self._program(program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env=_environment(),
            cwd=folder or self._data,
            user=self._order.uid,
            group=self._order.gid,
            extra_groups=None if self._order.uid is None else [],
            preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509 - this process has one thread
        )

    def _program(self, name: str) -> str:
        return str(Path(self._order.bin_dir) / name)

    def _seen_by_server(self, folder: Path) -> str:
        """The path of *folder* for a server that may be unable to walk to it.

        A dropped account cannot pass a parent of mode 0700, but it may work in
        the folder it was started in; Linux has a fixed name for that one.
        """
        return str(folder) if self._order.reachable else "/proc/self/cwd"

    def _server_uid(self) -> int:
        return os.geteuid() if self._order.uid is None else self._order.uid

    def _give(self, path: Path) -> None:
        if self._order.uid is not None and self._order.gid is not None:
            os.chown(path, self._order.uid, self._order.gid)

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        self._give(path)


_ROLES = (SUPERUSER, OWNER_ROLE, APP_ROLE)


def answers(bin_dir: Path, sockets: Path) -> bool:
    """Whether a server takes connections at the socket in *sockets*."""
    ready = [str(bin_dir / "pg_isready"), "-q", "-h", str(sockets), "-t", "5"]
    return subprocess.run(ready, check=False, env=_environment()).returncode == 0  # noqa: S603 - our own program


def _open_log(path: Path) -> IO[bytes]:
    if path.exists() and path.stat().st_size > _LOG_LIMIT:
        path.rename(path.with_suffix(".log.1"))
    return path.open("ab")


def _nobody_holds(lease: IO[str]) -> bool:
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _server_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _is_postgres(pid: int) -> bool:
    """Whether *pid* is a PostgreSQL server and not a number used a second time."""
    if Path("/proc/self/comm").exists():
        try:
            return "postgres" in Path(f"/proc/{pid}/comm").read_text(encoding="utf-8")
        except OSError:
            return False
    seen = subprocess.run(  # noqa: S603 - fixed program
        ["/bin/ps", "-o", "comm=", "-p", str(pid)], capture_output=True, check=False
    )
    return b"postgres" in seen.stdout


def _account_name(uid: int) -> str:
    import pwd  # noqa: PLC0415 - not on every system the module is imported on

    return pwd.getpwuid(uid).pw_name


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _die_with(parent: int) -> Callable[[], None]:
    """What a child does first: ask the kernel to be stopped when *parent* dies."""
    libc = ctypes.CDLL(None)

    def arrange() -> None:
        if sys.platform == "linux":
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


@contextlib.contextmanager
def _reporting() -> Iterator[Callable[[str], None]]:
    """Tell the launcher one line over standard output, then let go of it."""
    told = False

    def report(line: str) -> None:
        nonlocal told
        if told:
            return
        told = True
        os.write(1, line.encode())
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, not a path
            os.dup2(nowhere.fileno(), 1)

    try:
        yield report
    except (ServerDiedError, OSError) as error:
        report(f"failed: {error}")


def main() -> None:
    """Leave the launcher's family and keep its server."""
    order = Order(**json.loads(sys.argv[1]))
    os.umask(0o077)
    if os.fork():
        os._exit(0)
    with _reporting() as report:
        Guardian(order).run(report)


if __name__ == "__main__":
    main()
