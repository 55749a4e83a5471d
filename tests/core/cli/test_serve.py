"""``motcua serve``, ``worker`` and ``staff`` as processes, the way people start them."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from motcua.cli.options import DEMO_MARK
from motcua.cli.serve import AddressError, NoPortError, free_port, settings_of
from motcua.storage.settings import resolve
from motcua.testing.database import ScratchDatabase

MOTCUA = str(Path(sys.executable).parent / "motcua")
READY = re.compile(r"^ready (http://\S+)$")
SECONDS = 60


@pytest.fixture
def env(database: ScratchDatabase, tmp_path: Path) -> dict[str, str]:
    """The environment of an installation on an outside database."""
    ours = {"DATABASE_URL": database.app_dsn.url, "MOTCUA_HOME": str(tmp_path)}
    return {**os.environ, **ours}


class Serving:
    """A running ``motcua serve`` and what it has said."""

    def __init__(self, env: dict[str, str], *options: str) -> None:
        self.process = subprocess.Popen(
            [MOTCUA, "serve", *options],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []

    def until_ready(self) -> str:
        """The address it says it is ready at."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if found := READY.match(self.lines[-1]):
                return found[1]
        assert self.process.stderr is not None
        pytest.fail(f"ended with {self.process.wait()}: {self.process.stderr.read()}")

    def end(self, how: signal.Signals) -> tuple[int, str]:
        """Its exit status after *how*, and what it still said."""
        self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, rest


@pytest.fixture
def serving(env: dict[str, str]) -> Iterator[Serving]:
    started = Serving(env, "--port", str(_unused()))
    yield started
    if started.process.poll() is None:
        started.process.kill()
    started.process.communicate()


def _unused() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _status(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own server
        found: int = answer.status
        return found


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_says_ready_when_it_answers_and_stops_cleanly(
    serving: Serving, how: signal.Signals
) -> None:
    url = serving.until_ready()

    assert _status(f"{url}/healthz") == 200
    assert _status(f"{url}/readyz") == 200
    status, rest = serving.end(how)
    assert (status, rest) == (0, "")


def test_a_taken_port_is_said_and_the_next_free_one_is_used(env: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        other = Serving(env, "--port", str(port))
        url = other.until_ready()
        other.end(signal.SIGTERM)

    assert int(url.rpartition(":")[2]) > port
    assert str(port) in other.lines[0]


def test_workers_end_when_their_parent_is_killed(serving: Serving) -> None:
    url = serving.until_ready()
    address = ("127.0.0.1", int(url.rpartition(":")[2]))

    serving.end(signal.SIGKILL)

    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(address):
                break
        time.sleep(0.05)
    else:
        pytest.fail("the port is still served")


def _run(env: dict[str, str], *arguments: str, typed: str = "") -> tuple[int, str, str]:
    done = subprocess.run(
        [MOTCUA, *arguments],
        env=env,
        input=typed,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_role_that_owns_the_tables_is_refused(
    env: dict[str, str], database: ScratchDatabase
) -> None:
    status, _, told = _run(env | {"DATABASE_URL": database.owner_dsn.url}, "serve")

    assert status == 2
    assert told.startswith("motcua: ")
    assert told.count("\n") == 1
    assert "owner" in told


def test_a_database_without_tables_asks_for_migrate(env: dict[str, str]) -> None:
    empty = re.sub(r"/motcua_test_\w+", "/postgres", env["DATABASE_URL"])

    status, _, told = _run(env | {"DATABASE_URL": empty}, "serve")

    assert status == 2
    assert "motcua migrate" in told
    assert "Traceback" not in told


def test_an_address_of_another_machine_is_refused(env: dict[str, str]) -> None:
    status, _, told = _run(env, "serve", "--host", "192.0.2.1")

    assert status == 2
    assert "192.0.2.1" in told


def test_the_next_free_port_is_found_past_a_taken_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert free_port("127.0.0.1", port) > port


def test_a_hundred_taken_ports_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motcua.cli.serve._PORTS_TRIED", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(NoPortError):
            free_port("127.0.0.1", taken.getsockname()[1])


def test_only_the_demonstration_is_lenient_with_accounts(env: dict[str, str]) -> None:
    with resolve(None, env) as database:
        real = settings_of(database, "https://motcua.example.vn", ("10.0.0.5",))
        (database.home / DEMO_MARK).touch()
        demo = settings_of(database, "", ())

    assert (real.demo, real.strict_accounts, real.proxies) == (False, True, ("10.0.0.5",))
    assert (demo.demo, demo.strict_accounts) == (True, False)


def test_a_host_that_is_not_ours_cannot_be_listened_on() -> None:
    with pytest.raises(AddressError):
        free_port("192.0.2.1", 8000)


def test_an_account_is_opened_once_with_the_password_of_standard_input(
    env: dict[str, str],
) -> None:
    create = ("staff", "create", "hoa", "--tenant", "phuong-mot", "--role", "reception")

    first = _run(env, *create, typed="mat-khau-dai\n")
    again = _run(env, *create, typed="mat-khau-dai\n")

    assert first[0] == 0
    assert "hoa" in first[1]
    assert again[0] == 2
    assert "hoa" in again[2]


@pytest.mark.parametrize(
    ("typed", "tenant", "told"),
    [
        ("", "phuong-mot", "standard input"),
        ("ngan\n", "phuong-mot", "password"),
        ("mat-khau-dai\n", "khong-co", "khong-co"),
    ],
)
def test_a_mistake_about_an_account_is_told_in_a_line(
    env: dict[str, str], typed: str, tenant: str, told: str
) -> None:
    status, _, said = _run(
        env, "staff", "create", "hue", "--tenant", tenant, "--role", "field", typed=typed
    )

    assert status == 2
    assert told in said
    assert said.count("\n") == 1


def test_the_worker_does_what_is_due(env: dict[str, str]) -> None:
    status, _, said = _run(env, "worker", "--once")

    assert status == 0, said


def test_the_worker_stops_at_a_signal(env: dict[str, str]) -> None:
    with subprocess.Popen(
        [MOTCUA, "worker"], env=env, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        worked = any('"event": "chores"' in line for line in process.stderr)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SECONDS)

    assert worked
    assert process.returncode == 0
