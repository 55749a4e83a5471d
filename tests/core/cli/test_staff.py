"""``motcua staff``: accounts kept from the command line."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from motcua.storage.dsn import Dsn
from motcua.testing.database import ScratchDatabase

PASSWORD = "câu chỉ mình tôi biết"  # noqa: S105 - of accounts that live as long as a test


@pytest.fixture
def staff(database: ScratchDatabase, tmp_path: Path) -> Any:
    """Runs ``motcua staff`` against the module's database."""

    def run(*words: str, password: str = "", tenant: str = "phuong-mot") -> Any:
        program = str(Path(sys.executable).with_name("motcua"))
        command = [program, "staff", *words, "--tenant", tenant]
        environment = {"DATABASE_URL": database.app_dsn.url, "PATH": "", "LANG": "C.UTF-8"}
        return subprocess.run(
            [*command, "--home", str(tmp_path)],
            input=f"{password}\n",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def row(owner: Dsn, sql: str, *args: Any) -> Any:
    async def read() -> Any:
        connection = await asyncpg.connect(owner.url)
        try:
            return await connection.fetchval(sql, *args)
        finally:
            await connection.close()

    return asyncio.run(read())


GIVEN = "select password_given_at is not null from staff where username = $1"


def test_administrators_change_their_first_password_and_whoever_is_told_to(
    staff: Any, database: ScratchDatabase
) -> None:
    made = staff("create", "an", "--role", "admin", password=PASSWORD)
    kept = staff("create", "binh", "--role", "field", password=PASSWORD)
    told = staff("create", "cuc", "--role", "field", "--to-change", password=PASSWORD)

    assert (made.returncode, made.stdout) == (
        0,
        "Created account an at phuong-mot with roles: admin.\n",
    )
    assert (kept.returncode, told.returncode) == (0, 0)
    assert row(database.owner_dsn, GIVEN, "an") is True
    assert row(database.owner_dsn, GIVEN, "binh") is False
    assert row(database.owner_dsn, GIVEN, "cuc") is True


@pytest.mark.parametrize(
    ("words", "password", "told"),
    [
        (("create", "chi", "--role", "field"), "mật khẩu 123", "password: This password is easy"),
        (("create", "chi", "--role", "field"), "ngắn", "password: A password has 8 to 256"),
        (("create", "chi", "--role", "field"), "", "No password"),
        (("unlock", "khong-ai"), "", "Phường Một has no account khong-ai."),
        (("password", "khong-ai"), PASSWORD, "Phường Một has no account khong-ai."),
        (("reset-second-factor", "khong-ai"), "", "Phường Một has no account khong-ai."),
    ],
)
def test_a_mistake_is_told_in_one_line(
    staff: Any, words: tuple[str, ...], password: str, told: str
) -> None:
    answer = staff(*words, password=password)

    assert answer.returncode == 2
    assert told in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_the_only_administrator_is_helped_from_the_command_line(
    staff: Any, database: ScratchDatabase
) -> None:
    staff("create", "dung", "--role", "admin", "--permanent", password=PASSWORD)

    answers = [
        staff("unlock", "dung"),
        staff("password", "dung", password="một câu khác hẳn"),  # noqa: S106 - of a test's account
        staff("reset-second-factor", "dung"),
    ]

    assert [answer.returncode for answer in answers] == [0, 0, 0], answers
    assert row(database.owner_dsn, GIVEN, "dung") is True
    happened = row(
        database.owner_dsn,
        "select string_agg(e.kind, ' ' order by e.at, e.id) from sign_in_event e join staff s"
        " on s.tenant_id = e.tenant_id and s.id = e.staff_id where s.username = 'dung'",
    )
    assert happened == "created unlocked password_set second_factor_reset"
