"""Which database a command works on, and how its address is written and hidden."""

import os
from pathlib import Path

import pytest

from motcua.storage.dsn import Dsn
from motcua.storage.errors import DatabaseUrlError, NoOwnerError
from motcua.storage.settings import home_folder, resolve

URL = "postgresql://app:bi%20mat@may:5433/motcua?sslmode=require"


def test_an_outside_database_is_taken_as_named(tmp_path: Path) -> None:
    with resolve(tmp_path, {"DATABASE_URL": URL, "MOTCUA_OWNER_URL": URL}) as database:
        assert (database.app, database.owner) == (Dsn(URL), Dsn(URL))
        assert not database.embedded


def test_a_command_of_the_owner_asks_for_the_owners_address(tmp_path: Path) -> None:
    with resolve(tmp_path, {"DATABASE_URL": URL}) as database, pytest.raises(NoOwnerError):
        _ = database.owner


def test_without_an_address_the_embedded_server_of_the_home_is_used(tmp_path: Path) -> None:
    with resolve(None, {"MOTCUA_HOME": str(tmp_path)}) as database:
        assert database.embedded
        assert (database.app.user, database.owner.user) == ("motcua_app", "motcua_owner")
        assert (tmp_path / "postgres" / "data").is_dir()


@pytest.mark.parametrize(
    ("root", "env", "expected"),
    [
        (True, {}, "/var/lib/motcua"),
        (False, {"XDG_DATA_HOME": "/d", "HOME": "/h"}, "/d/motcua"),
        (False, {"HOME": "/h"}, "/h/.local/share/motcua"),
        (True, {"MOTCUA_HOME": "/m", "XDG_DATA_HOME": "/d"}, "/m"),
    ],
)
def test_the_home_is_named_or_the_accounts_own(
    monkeypatch: pytest.MonkeyPatch, root: bool, env: dict[str, str], expected: str
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)

    assert home_folder(None, env) == Path(expected)
    assert home_folder(Path("/o"), env) == Path("/o")


def test_no_address_shows_its_password() -> None:
    dsn = Dsn(URL)

    assert "mat" not in repr(dsn).replace("motcua", "")
    assert dsn.masked() == "postgresql://app:***@may:5433/motcua?sslmode=require"
    assert Dsn("postgresql://app@/motcua?host=/run").masked().startswith("postgresql://app@")


def test_an_address_is_changed_part_by_part() -> None:
    dsn = Dsn(URL).with_database("khác").with_user("chủ", "m@t")

    assert (dsn.user, dsn.database) == ("chủ", "khác")
    assert dsn.url.endswith("@may:5433/kh%C3%A1c?sslmode=require")


@pytest.mark.parametrize("url", ["mysql://a@b/c", "postgresql://may", "motcua", ""])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(DatabaseUrlError):
        Dsn(url)
