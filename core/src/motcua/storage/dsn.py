"""The address of a database, in the one form every client of ours reads."""

from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import msgspec

from motcua.storage.errors import DatabaseUrlError

_SCHEMES = ("postgresql", "postgres")


class Dsn(msgspec.Struct, frozen=True):
    """A ``postgresql://`` address; asyncpg, psql and psycopg all take it.

    Its ``repr`` shows no password.
    """

    url: str

    def __post_init__(self) -> None:
        """Refuse what is no address of a PostgreSQL database."""
        parts = urlsplit(self.url)
        if parts.scheme not in _SCHEMES or not parts.path.strip("/"):
            raise DatabaseUrlError(url=self.masked())

    @classmethod
    def at_socket(cls, folder: Path, *, user: str, database: str) -> "Dsn":
        """The address of *database* behind the Unix socket in *folder*."""
        return cls(f"postgresql://{user}@/{database}?host={quote(str(folder))}&port=5432")

    @property
    def user(self) -> str:
        """The role that signs in."""
        return unquote(urlsplit(self.url).username or "")

    @property
    def database(self) -> str:
        """The name of the database."""
        return unquote(urlsplit(self.url).path.strip("/"))

    def with_database(self, name: str) -> "Dsn":
        """The same server and role, another database."""
        return Dsn(urlunsplit(urlsplit(self.url)._replace(path=f"/{quote(name)}")))

    def with_user(self, name: str, password: str | None = None) -> "Dsn":
        """The same server and database, another role."""
        parts = urlsplit(self.url)
        _, at, place = parts.netloc.rpartition("@")
        login = quote(name) if password is None else f"{quote(name)}:{quote(password)}"
        return Dsn(urlunsplit(parts._replace(netloc=f"{login}@{place if at else parts.netloc}")))

    def masked(self) -> str:
        """The address without its password, for people and logs."""
        parts = urlsplit(self.url)
        login, at, place = parts.netloc.rpartition("@")
        if ":" in login:
            parts = parts._replace(netloc=f"{login.partition(':')[0]}:***{at}{place}")
        return urlunsplit(parts)

    def __repr__(self) -> str:
        """The address without its password."""
        return f"Dsn({self.masked()!r})"
