"""Whether an installation is fit to serve, and what to do where it is not."""

import datetime as dt
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import asyncpg
import pytest

from core.services.shop import MONDAY, SHIPPED, Shop, open_shop
from motcua.registry.loading import load_registry
from motcua.registry.plugins import Refusal
from motcua.registry.registry import Registry
from motcua.services import doctor
from motcua.services.doctor import Finding, examine
from motcua.storage.engine import TenantEngine
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def clinic(engine: TenantEngine, database: ScratchDatabase) -> Shop:
    return await open_shop(engine, database.owner_dsn)


@pytest.fixture
async def owner(clinic: Shop) -> AsyncIterator[asyncpg.Connection]:
    """The owner's hand; what it changes is put back by each test."""
    connection = await asyncpg.connect(clinic.owner.url)
    yield connection
    await connection.close()


async def found(clinic: Shop, home: Path, check: str) -> list[Finding]:
    clinic.clock.now = MONDAY
    return [each for each in await examine(clinic.house, home) if each.check == check]


async def levels(clinic: Shop, home: Path, check: str) -> list[tuple[str, str]]:
    return [(each.level, each.text) for each in await found(clinic, home, check)]


@pytest.mark.parametrize(
    "check", ["database", "role", "locale", "migrations", "plugins", "settings", "disk"]
)
async def test_a_sound_installation_is_good(clinic: Shop, tmp_path: Path, check: str) -> None:
    assert await levels(clinic, tmp_path, check) == [("good", f"doctor.{check}")]


async def test_an_old_server_is_refused(
    clinic: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "OLDEST_POSTGRESQL", 99)

    assert await levels(clinic, tmp_path, "database") == [("fault", "doctor.database-old")]


async def test_an_owners_role_is_refused(clinic: Shop, tmp_path: Path) -> None:
    engine = TenantEngine(clinic.owner)
    await engine.open()
    before, clinic.house.engine = clinic.house.engine, engine

    (finding,) = await found(clinic, tmp_path, "role")

    clinic.house.engine = before
    await engine.close()
    assert (finding.level, finding.text) == ("fault", "storage.unsafe-role")


async def test_a_migration_that_waits_is_named(
    clinic: Shop, tmp_path: Path, owner: asyncpg.Connection
) -> None:
    row = await owner.fetchrow("delete from migration returning *")
    assert row is not None

    (finding,) = await found(clinic, tmp_path, "migrations")

    await owner.execute(
        "insert into migration (name, app_name, ran_on) values ($1, $2, $3)",
        row["name"],
        row["app_name"],
        row["ran_on"],
    )
    assert (finding.level, finding.text) == ("fault", "doctor.migrations-wait")
    assert row["name"] in finding.told["named"]


async def test_a_plugin_that_was_left_out_is_named(clinic: Shop, tmp_path: Path) -> None:
    before = clinic.house.registry
    refused = [Refusal(plugin="broken", code="registry.import")]
    clinic.house.registry = Registry(load_registry(SHIPPED).plugins, refused)

    (finding,) = await found(clinic, tmp_path, "plugins")

    clinic.house.registry = before
    assert (finding.level, finding.told) == ("warning", {"named": "broken"})


async def test_days_of_the_coming_year_that_are_not_decided_are_named(
    clinic: Shop, tmp_path: Path
) -> None:
    """§13.5: Tết of the coming year is shipped as provisional until decided."""
    (finding,) = await found(clinic, tmp_path, "calendar")

    assert (finding.level, finding.text) == ("warning", "doctor.calendar-provisional")
    assert finding.told["year"] == "2027"
    assert "/02/2027" in finding.told["named"]


async def test_a_year_without_holidays_is_named(clinic: Shop, tmp_path: Path) -> None:
    clinic.clock.now = dt.datetime(2040, 1, 2, 9, 0, tzinfo=MONDAY.tzinfo)

    findings = await examine(clinic.house, tmp_path)

    years = [each.told["year"] for each in findings if each.text == "doctor.calendar-missing"]
    assert years == ["2040", "2041"]


async def test_a_decided_calendar_is_good(
    clinic: Shop, tmp_path: Path, owner: asyncpg.Connection
) -> None:
    await owner.execute("update calendar_day set provisional = false where date > '2026-11-01'")

    findings = await levels(clinic, tmp_path, "calendar")

    await owner.execute(
        "update calendar_day set provisional = true where date > '2026-12-31'"
        " and name like 'Tết Nguyên đán%'"
    )
    assert findings == [("good", "doctor.calendar")]


_SIGNER = """
insert into signer (tenant_id, id, staff_id, full_name, title, act, scope,
                    authorised_certifier, valid_from, valid_to, capacity)
values ($1, gen_random_uuid(), null, 'Lê Văn Ký', 'Chủ tịch', 'QĐ 1', '{}', false, $2, $3, 'own')
"""


async def test_units_where_nobody_may_sign_are_named(
    clinic: Shop, tmp_path: Path, owner: asyncpg.Connection
) -> None:
    unit = await clinic.desk("phuong-mot")
    year = dt.timedelta(days=365)
    await owner.execute(_SIGNER, unit.id, MONDAY - year, MONDAY + dt.timedelta(days=10))

    findings = {each.text: each.told["named"] for each in await found(clinic, tmp_path, "signers")}

    await owner.execute("delete from signer")
    assert findings == {"doctor.signers-none": "xa-hai", "doctor.signers-end": "phuong-mot"}


async def test_units_with_signers_are_good(
    clinic: Shop, tmp_path: Path, owner: asyncpg.Connection
) -> None:
    for slug in ("phuong-mot", "xa-hai"):
        await owner.execute(_SIGNER, (await clinic.desk(slug)).id, MONDAY, None)

    findings = await found(clinic, tmp_path, "signers")

    await owner.execute("delete from signer")
    assert [(each.level, each.told) for each in findings] == [("good", {"count": "2"})]


class Usage(NamedTuple):
    free: int


@pytest.mark.parametrize(
    ("free", "expected"),
    [(10**10, "doctor.disk"), (10**9, "doctor.disk-low"), (10**8, "doctor.disk-full")],
)
async def test_little_room_is_told(
    clinic: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, expected: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free))

    (finding,) = await found(clinic, tmp_path / "not" / "made" / "yet", "disk")

    assert (finding.text, finding.told["path"]) == (expected, str(tmp_path))


async def test_a_database_that_does_not_answer_is_a_finding(clinic: Shop, tmp_path: Path) -> None:
    before, clinic.house.engine = clinic.house.engine, TenantEngine()

    findings = await examine(clinic.house, tmp_path)

    clinic.house.engine = before
    assert findings[-1].text == "storage.not-started"
    assert findings[-1].check == "database"


async def test_settings_a_plugin_does_not_understand_are_all_listed(
    clinic: Shop, tmp_path: Path
) -> None:
    """A new version may have dropped a key; its procedures are blocked until somebody looks."""
    wrong = '{"manny_pages": 50, "complex_pages": "nhiều"}'
    setting = "update tenant_plugin set settings = $1 where plugin = 'certification'"
    await clinic.configure("phuong-mot", f"{setting} and tenant_id = 101", wrong)

    (finding,) = await found(clinic, tmp_path, "settings")

    assert (finding.level, finding.text) == ("fault", "doctor.settings-wrong")
    assert "phuong-mot certification.manny_pages" in finding.told["named"]
    await clinic.configure("phuong-mot", setting, "{}")
