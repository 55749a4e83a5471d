"""``motcua registers`` as people run it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from core.services.shop import open_shop
from motcua.cli import registers
from motcua.domain.dossier import RoleNotAllowedError
from motcua.domain.errors import MotCuaError
from motcua.services.books import UnknownBookError
from motcua.services.closing import BookOpenError
from motcua.services.house import UnknownTenantError
from motcua.services.staff import UnknownStaffError
from motcua.storage.engine import ENGINE
from motcua.testing.database import ScratchDatabase

AT = ("--tenant", "phuong-mot")
BY = (*AT, "--by", "clerk")
BOOK = "SCT/BS"


@pytest.fixture(scope="module", autouse=True)
def ward(database: ScratchDatabase) -> None:
    """A ward with one person in each role."""

    async def furnish() -> None:
        await ENGINE.open(database.app_dsn)
        try:
            await open_shop(ENGINE, database.owner_dsn, slugs=("phuong-mot",))
        finally:
            await ENGINE.close()

    asyncio.run(furnish())


@pytest.fixture(autouse=True)
def at_home(database: ScratchDatabase, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", database.app_dsn.url)
    monkeypatch.setenv("MOTCUA_OWNER_URL", database.owner_dsn.url)
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(registers.command, [str(each) for each in arguments])


def told(*arguments: object) -> dict[str, Any]:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_book_is_begun_reserved_from_and_listed() -> None:
    assert run("list", *AT).stdout == "Chưa có sổ nào.\n"

    begun = told("start", BOOK, *BY, "--after", 57, "--volume", 2, "--basis", "Trang 12")
    block = told("block", BOOK, 3, *BY, "--reason", "Cắt điện")

    assert (begun["first"], begun["volumes"]) == (58, [{"volume": 2, "first": 58}])
    assert (block["first"], block["last"], block["unused"]) == (58, 60, [58, 59, 60])
    (book,) = told("list", *AT)["books"]
    assert (book["book"], book["totals"]["reserved"], book["waiting"]) == (BOOK, 3, [])
    shown = run("list", *AT).stdout
    assert "58–60" in shown
    said = run("block", BOOK, 2, *BY, "--reason", "Cắt điện").stdout
    assert said.startswith("Đã giữ các số 61–62 của sổ SCT/BS")
    year = begun["year"]
    assert run("start", "SCT/CKND", *BY).stdout == f"Sổ SCT/CKND năm {year} sẽ ghi từ số 1.\n"


def test_a_book_of_a_past_year_is_closed() -> None:
    told("block", BOOK, 1, *BY, "--reason", "Thử", "--year", 2025)
    open_book = run("close", BOOK, 2025, *BY)

    assert isinstance(open_book.exception, BookOpenError)
    told("start", "SCT/CKND", *BY, "--year", 2025)
    assert told("close", "SCT/CKND", 2025, *BY)["totals"]["numbers"] == 0
    assert told("start", "SCT/HĐ,GD", *BY, "--year", 2024)["last"] == 0
    assert run("close", "SCT/HĐ,GD", 2024, *BY).stdout == (
        "Đã khóa sổ SCT/HĐ,GD năm 2024: 0 số, 0 đã ký, 0 hủy, 0 bản.\n"
    )
    assert "2024" in run("list", *AT).stdout


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("list", "--tenant", "khong-co"), UnknownTenantError),
        (("start", BOOK, *AT, "--by", "ai-do"), UnknownStaffError),
        (("start", BOOK, *AT, "--by", "reception"), RoleNotAllowedError),
        (("close", "KHÔNG", 2020, *BY), UnknownBookError),
    ],
)
def test_what_cannot_be_is_an_error_with_its_own_name(
    arguments: tuple[object, ...], error: type[MotCuaError]
) -> None:
    assert type(run(*arguments).exception) is error


def test_what_is_wrong_is_told_all_at_once() -> None:
    done = run("block", BOOK, 0, *BY, "--reason", " ")

    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize("year", [0, -5, 10**12])
def test_a_year_that_no_book_has_is_the_users_mistake(year: int) -> None:
    done = run("close", BOOK, "--tenant", "phuong-mot", "--by", "clerk", "--", year)

    assert done.exit_code == 2
