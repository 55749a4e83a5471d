"""Files of units: the ones that travel with the core, and how they reach the database."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from motcua.cli.tenants import command
from motcua.domain.tenant import Tenant, tenant_at
from motcua.storage.engine import TenantEngine, reference_scope, tenant_scope
from motcua.storage.errors import NotMigratedError
from motcua.storage.migrate import migrate
from motcua.storage.owner import connected
from motcua.storage.tenants import (
    TenantFilesError,
    apply_tenants,
    list_tenants,
    read_tenants,
    sample_folder,
)
from motcua.testing.database import ScratchDatabase, ScratchServer

pytestmark = pytest.mark.anyio

SAMPLE = read_tenants(sample_folder())
BY_SLUG = {tenant.slug: tenant for tenant in SAMPLE}
WARD = """
name = "Phường Thử"
kind = "ward"
type_vi = "Phường"
"""


@pytest.fixture
def empty(server: ScratchServer) -> Iterator[ScratchDatabase]:
    """A database no unit was brought into yet."""
    made = server.create()
    yield made
    server.drop(made)


@pytest.fixture
async def migrated(empty: ScratchDatabase) -> ScratchDatabase:
    await migrate(empty.owner_dsn, empty.app_dsn.user)
    return empty


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small country: a nation, a province, a ward."""
    (tmp_path / "nuoc.toml").write_text('name = "Nước"\nkind = "nation"\ntype_vi = ""\n')
    (tmp_path / "tinh").mkdir()
    (tmp_path / "tinh" / "province.toml").write_text(
        'name = "Tỉnh Thử"\nkind = "province"\ntype_vi = "Tỉnh"\nplugins = ["certification"]\n'
    )
    (tmp_path / "tinh" / "phuong-thu.toml").write_text(WARD)
    return tmp_path


def test_the_province_of_today_has_66_communes_and_33_wards() -> None:
    """Nghị quyết 1658/NQ-UBTVQH15 of 16 June 2025."""
    today = [tenant for tenant in SAMPLE if tenant.parent == "bac-ninh"]
    kinds = [tenant.kind for tenant in today]

    assert (kinds.count("commune"), kinds.count("ward"), len(kinds)) == (66, 33, 99)
    assert {"vo-cuong", "kinh-bac", "vu-ninh"} <= {tenant.slug for tenant in today}
    assert all(tenant.opened_on == dt.date(2025, 7, 1) and tenant.codes for tenant in today)


def test_the_city_of_2018_has_16_wards_and_3_communes_that_are_closed() -> None:
    old = [tenant for tenant in SAMPLE if tenant.parent == "tp-bac-ninh-2018"]
    kinds = [tenant.kind for tenant in old]

    assert (kinds.count("ward"), kinds.count("commune")) == (16, 3)
    assert all(tenant.slug.endswith("-2018") and tenant.archived for tenant in old)
    assert all(tenant.closed_on and tenant.successors for tenant in old)


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("09187", "suoi-hoa-2018", "kinh-bac"),
        ("09169", "thi-cau-2018", "vu-ninh"),
        ("09325", "khac-niem-2018", "hap-linh"),
        ("09190", "vo-cuong-2018", "vo-cuong"),
        ("09286", "nam-son-2018", "nam-son"),
        ("09172", "kinh-bac-2018", None),
        ("09163", "vu-ninh-2018", None),
        ("09331", "hap-linh-2018", None),
        ("09184", "ninh-xa-2018", None),
        ("09445", None, "ninh-xa"),
    ],
)
def test_a_code_means_another_unit_after_the_merger(
    code: str, before: str | None, after: str | None
) -> None:
    def slug(day: dt.date) -> str | None:
        found = tenant_at(SAMPLE, code, day)
        return found.slug if found else None

    assert slug(dt.date(2018, 3, 1)) == before
    assert slug(dt.date(2025, 7, 1)) == after


def test_every_old_unit_went_into_one_that_counts_it_among_its_predecessors() -> None:
    names = {one.name: one for one in SAMPLE if one.parent == "bac-ninh"}
    renamed = {"Phường Vệ An", "Phường Tiền An", "Phường Ninh Xá"}  # first Tiền Ninh Vệ
    promoted = {"Xã Hòa Long", "Xã Kim Chân", "Xã Nam Sơn"}  # phường since 1 December 2019

    for old in (one for one in SAMPLE if one.parent == "tp-bac-ninh-2018"):
        heir = names[old.successors[0]]
        name = "Phường Tiền Ninh Vệ" if old.name in renamed else old.name
        name = name.replace("Xã", "Phường") if old.name in promoted else name
        assert name in heir.predecessors, old.name


async def test_applying_twice_changes_nothing_the_second_time(migrated: ScratchDatabase) -> None:
    first = await apply_tenants(migrated.owner_dsn, SAMPLE)
    second = await apply_tenants(migrated.owner_dsn, SAMPLE)
    rows = await list_tenants(migrated.owner_dsn)

    assert (len(first), second) == (len(SAMPLE), [])
    assert all(change.new for change in first)
    assert [row["slug"] for row in rows] == [tenant.slug for tenant in SAMPLE]
    assert {row["slug"]: row["parent"] for row in rows} == {
        tenant.slug: tenant.parent for tenant in SAMPLE
    }


async def test_the_diff_of_a_dry_run_is_what_happens_then(migrated: ScratchDatabase) -> None:
    planned = await apply_tenants(migrated.owner_dsn, SAMPLE, dry_run=True)

    assert await list_tenants(migrated.owner_dsn) == []
    assert await apply_tenants(migrated.owner_dsn, SAMPLE) == planned


async def test_a_changed_file_changes_its_unit_and_tells_every_process(
    migrated: ScratchDatabase, folder: Path
) -> None:
    await apply_tenants(migrated.owner_dsn, read_tenants(folder))
    (folder / "tinh" / "phuong-thu.toml").write_text(WARD + "archived = true\n")
    before = await _versions(migrated)
    changes = await apply_tenants(migrated.owner_dsn, read_tenants(folder))

    assert [(one.slug, one.new, one.fields) for one in changes] == [
        ("phuong-thu", False, {"archived": (False, True)})
    ]
    assert await _versions(migrated) == [version + 1 for version in before]


async def test_a_unit_without_a_file_stays(migrated: ScratchDatabase, folder: Path) -> None:
    await apply_tenants(migrated.owner_dsn, read_tenants(folder))
    (folder / "tinh" / "phuong-thu.toml").unlink()
    changes = await apply_tenants(migrated.owner_dsn, read_tenants(folder))

    assert changes == []
    assert "phuong-thu" in {row["slug"] for row in await list_tenants(migrated.owner_dsn)}


async def test_a_unit_is_offered_the_plugins_of_its_province_and_keeps_one_switched_off(
    migrated: ScratchDatabase, folder: Path
) -> None:
    first = await apply_tenants(migrated.owner_dsn, read_tenants(folder))
    engine = TenantEngine(migrated.app_dsn)
    await engine.open()
    with reference_scope():
        ward = await engine.fetchval("SELECT id FROM tenant WHERE slug = 'phuong-thu'")
    with tenant_scope(ward):
        await engine.execute("UPDATE tenant_plugin SET state = 'finish_only'")
        await apply_tenants(migrated.owner_dsn, read_tenants(folder))
        states = await engine.fetch("SELECT plugin, state FROM tenant_plugin")
    await engine.close()

    assert {one.slug: one.plugins for one in first} == {
        "nuoc": (),
        "tinh": (),
        "phuong-thu": ("certification",),
    }
    assert [tuple(row) for row in states] == [("certification", "finish_only")]


async def test_a_failure_half_way_leaves_nothing(migrated: ScratchDatabase) -> None:
    broken = [*SAMPLE[:5], _like(SAMPLE[5], kind=None)]

    with pytest.raises(asyncpg.NotNullViolationError):
        await apply_tenants(migrated.owner_dsn, broken)

    assert await list_tenants(migrated.owner_dsn) == []


async def test_a_database_that_was_not_migrated_is_told_so(empty: ScratchDatabase) -> None:
    with pytest.raises(NotMigratedError):
        await apply_tenants(empty.owner_dsn, SAMPLE)


def test_all_faults_of_all_files_are_listed_with_path_key_and_reason(folder: Path) -> None:
    (folder / "tinh" / "mot.toml").write_text(WARD.replace("ward", "quarter") + "ten = 1\n")
    (folder / "tinh" / "hai.toml").write_text(WARD + 'codes = [{ code = "09x90" }]\n')
    (folder / "tinh" / "ba.toml").write_text("name = \n")
    (folder / "tinh" / "Bốn.toml").write_text(WARD)
    (folder / "tinh" / "nam.toml").write_text(WARD + "[settings]\nhour = 1\n")
    (folder / "huyen").mkdir()

    with pytest.raises(TenantFilesError) as caught:
        read_tenants(folder)

    found = {(Path(one.path).name, one.fault.key) for one in caught.value.faults}
    assert found == {
        ("mot.toml", "kind"),
        ("mot.toml", "ten"),
        ("hai.toml", "codes[0].code"),
        ("ba.toml", ""),
        ("Bốn.toml", ""),
        ("nam.toml", "settings.hour"),
        ("province.toml", ""),
    }


def test_a_session_that_ends_before_it_begins_is_refused(folder: Path) -> None:
    week = "[[{opens = 17:00:00, closes = 13:00:00}],[],[],[],[],[],[]]"
    hours = f"[[settings.hours.weeks]]\nweek = {week}\n"
    (folder / "tinh" / "phuong-thu.toml").write_text(WARD + hours)

    with pytest.raises(TenantFilesError, match=r"phuong-thu\.toml"):
        read_tenants(folder)


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TenantFilesError):
        read_tenants(tmp_path)


def test_the_command_lists_faults_and_applies_nothing(folder: Path, tmp_path: Path) -> None:
    (folder / "tinh" / "phuong-thu.toml").write_text(WARD.replace("ward", "quarter"))
    home = tmp_path / "home"
    told = CliRunner().invoke(command, ["apply", str(folder), "--home", str(home)])
    as_json = CliRunner().invoke(command, ["apply", str(folder), "--home", str(home), "--json"])

    assert told.exit_code == as_json.exit_code == 1
    assert "phuong-thu.toml: kind: " in told.output
    assert [fault["key"] for fault in json.loads(as_json.output)["faults"]] == ["kind"]
    assert not home.exists()


def test_the_command_shows_what_it_does(
    server: ScratchServer, template: ScratchDatabase, folder: Path
) -> None:
    made = server.create(template=template.app_dsn.database)
    env = {"DATABASE_URL": made.app_dsn.url, "MOTCUA_OWNER_URL": made.owner_dsn.url}
    runner = CliRunner(env=env)
    dry = runner.invoke(command, ["apply", str(folder), "--dry-run"])
    done = runner.invoke(command, ["apply", str(folder)])
    (folder / "tinh" / "phuong-thu.toml").write_text(WARD + "archived = true\n")
    again = runner.invoke(command, ["apply", str(folder)])
    listed = runner.invoke(command, ["list"])
    rows = json.loads(runner.invoke(command, ["list", "--json"]).output)
    server.drop(made)

    assert "+ phuong-thu  Phường Thử" in dry.output
    assert "Nothing was applied" in dry.output
    assert done.output.endswith("3 new, 0 changed, 0 as they are.\nApplied.\n")
    assert "archived: false → true" in again.output
    assert "archived  Phường Thử" in listed.output
    assert {row["slug"] for row in rows} >= {"phuong-thu", "phuong-mot"}


async def _versions(database: ScratchDatabase) -> list[int]:
    async with connected(database.owner_dsn) as connection:
        rows = await connection.fetch("SELECT config_version FROM tenant ORDER BY id")
        return [row["config_version"] for row in rows]


def _like(tenant: Tenant, **changes: object) -> Tenant:
    fields = {name: getattr(tenant, name) for name in tenant.__struct_fields__}
    return Tenant(**{**fields, **changes})
