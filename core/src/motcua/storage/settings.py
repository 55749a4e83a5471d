"""Which database a command works on: the embedded one of a home folder, or one named by address."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from motcua.storage.binaries import BIN_DIR_VARIABLE
from motcua.storage.dsn import Dsn
from motcua.storage.errors import NoOwnerError
from motcua.storage.launcher import Embedded, has_cluster

HOME_VARIABLE = "MOTCUA_HOME"
APP_URL_VARIABLE = "DATABASE_URL"
OWNER_URL_VARIABLE = "MOTCUA_OWNER_URL"
_ROOT_HOME = Path("/var/lib/motcua")


class Database:
    """The addresses of the database in use; closes what was started for it.

    Attributes:
        app: The role behind row-level security; all that serves people uses it.
        home: The folder of data, also of an outside database.
        embedded: Whether the server is our own.
    """

    def __init__(
        self, home: Path, app: Dsn, owner: Dsn | None, *, share: Embedded | None = None
    ) -> None:
        """Hold the addresses and the *share* in an embedded server, if there is one."""
        self.home = home
        self.app = app
        self._owner = owner
        self._share = share

    @property
    def embedded(self) -> bool:
        """Whether the server is our own."""
        return self._share is not None

    @property
    def owner(self) -> Dsn:
        """The role that owns the tables; for migrations, publishing and backup.

        Raises:
            NoOwnerError: An outside database, and nobody gave the address.
        """
        if self._owner is None:
            raise NoOwnerError
        return self._owner

    def close(self) -> None:
        """Give back the share in the embedded server."""
        if self._share is not None:
            self._share.close()

    def __enter__(self) -> Self:
        """The database itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


def home_folder(option: Path | None, env: Mapping[str, str]) -> Path:
    """Where data is kept: *option* (``--home``), ``MOTCUA_HOME``, or the account's own place."""
    if option is not None:
        return option
    if named := env.get(HOME_VARIABLE):
        return Path(named)
    if os.geteuid() == 0:
        return _ROOT_HOME
    if data := env.get("XDG_DATA_HOME"):
        return Path(data) / "motcua"
    return Path(env.get("HOME") or Path.home()) / ".local" / "share" / "motcua"


def has_database(home: Path | None, env: Mapping[str, str]) -> bool:
    """Whether there is a database already that :func:`resolve` would find, with its owner."""
    if env.get(APP_URL_VARIABLE):
        return bool(env.get(OWNER_URL_VARIABLE))
    return has_cluster(home_folder(home, env))


def resolve(home: Path | None, env: Mapping[str, str]) -> Database:
    """The database a command works on, started if it is the embedded one.

    Args:
        home: What ``--home`` said, if it was given.
        env: The environment; ``DATABASE_URL`` names an outside database.
    """
    folder = home_folder(home, env)
    if url := env.get(APP_URL_VARIABLE):
        owner = env.get(OWNER_URL_VARIABLE)
        return Database(folder, Dsn(url), Dsn(owner) if owner else None)
    bin_dir = env.get(BIN_DIR_VARIABLE)
    share = Embedded(folder, bin_dir=Path(bin_dir) if bin_dir else None)
    server = share.start()
    return Database(folder, server.app, server.owner, share=share)
