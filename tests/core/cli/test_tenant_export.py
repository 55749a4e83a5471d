"""``motcua tenant export`` writes one unit's data whole, and nobody else's."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core.services.shop import AN, Shop, copy, open_shop
from motcua.storage.engine import TenantEngine
from motcua.storage.leftovers import left_behind
from motcua.testing.database import TENANT_A, ScratchDatabase

pytestmark = pytest.mark.anyio
MOTCUA = str(Path(sys.executable).parent / "motcua")
OTHER = {"name": "Bùi Thị Kín", "id_number": "027190009999"}

GONE = """
create table gone_note (tenant_id int not null, id int, said text, primary key (tenant_id, id));
alter table gone_note enable row level security;
create policy gone_note_tenant on gone_note
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::int);
comment on table gone_note is 'motcua:tenant';
create table gone_by_note (tenant_id int not null, id int, primary key (tenant_id, id));
comment on table gone_by_note is 'motcua:tenant';
insert into gone_note values (101, 1, 'ghi chú cũ'), (102, 1, 'của xã khác');
insert into tenant_plugin (tenant_id, plugin, state, settings, failures, note)
values (101, 'gone', 'offered', '{}', 0, ''),
       (101, 'gone_by', 'offered', '{}', 0, '');
"""
"""What two removed plugins left, whose names begin alike."""


@pytest.fixture(scope="module")
async def shop(engine: TenantEngine, database: ScratchDatabase) -> Shop:
    made = await open_shop(engine, database.owner_dsn)
    await made.received(copy(applicant=AN))
    await made.received(copy(applicant=OTHER), slug="xa-hai")
    connection = await asyncpg.connect(database.owner_dsn.url)
    await connection.execute(GONE)
    await connection.execute(
        f'grant select on gone_note, gone_by_note to "{database.app_dsn.user}"'
    )
    await connection.close()
    return made


def run(database: ScratchDatabase, *arguments: str) -> subprocess.CompletedProcess[str]:
    ours = {"DATABASE_URL": database.app_dsn.url, "MOTCUA_OWNER_URL": database.owner_dsn.url}
    return subprocess.run(
        [MOTCUA, *arguments],
        env={**os.environ, **ours},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_everything_of_the_unit_and_nothing_of_another_is_written(
    shop: Shop, database: ScratchDatabase, tmp_path: Path
) -> None:
    file = tmp_path / "phuong-mot.json"

    done = run(database, "tenant", "export", "phuong-mot", "--out", str(file))

    assert done.returncode == 0, done.stderr
    whole: dict[str, Any] = json.loads(file.read_text("utf-8"))
    assert (whole["format"], whole["tenant"]) == (1, "phuong-mot")
    tables = whole["tables"]
    assert [row["slug"] for row in tables["tenant"]] == ["phuong-mot"]
    assert tables["gone_note"] == [{"tenant_id": TENANT_A, "id": 1, "said": "ghi chú cũ"}]
    for name in ("dossier", "dossier_event", "fee_line", "visit", "staff", "daily_figure"):
        assert len(tables[name]) == await shop.count(name), name
    assert OTHER["name"] not in file.read_text("utf-8")
    assert not {"password_hash", "secret_hash"} & {*tables["staff"][0], *tables["dossier"][0]}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert AN["name"] not in done.stderr


async def test_a_file_that_is_there_is_not_overwritten(
    shop: Shop, database: ScratchDatabase, tmp_path: Path
) -> None:
    del shop
    file = tmp_path / "kept.json"
    file.write_text("kept")

    done = run(database, "tenant", "export", "phuong-mot", "--out", str(file))
    unknown = run(database, "tenant", "export", "xa-la", "--out", str(tmp_path / "new.json"))

    assert (done.returncode, file.read_text()) == (2, "kept")
    assert str(file) in done.stderr
    assert unknown.returncode == 2
    assert not (tmp_path / "new.json").exists()


async def test_the_list_counts_what_removed_plugins_left(
    shop: Shop, database: ScratchDatabase
) -> None:
    del shop

    listed = json.loads(run(database, "plugins", "list", "--json").stdout)

    gone = {each["plugin"]: each for each in listed["left_behind"]}
    assert gone["gone"]["rows"] == {"gone_note": 2}
    assert gone["gone_by"]["rows"] == {"gone_by_note": 0}
    assert "certification" not in gone
    told = run(database, "plugins", "list").stdout
    assert "gone: not installed; left behind: 0 dossiers, 0 of them running" in told


async def test_dossiers_of_a_removed_plugin_are_counted(
    shop: Shop, database: ScratchDatabase
) -> None:
    await shop.walk(await shop.received(), "T08", "T16", "T18", "T19")

    left = await left_behind(database.owner_dsn, ["civil_status", "general_procedures", "sample"])

    found = next(each for each in left if each.plugin == "certification")
    assert (found.dossiers, found.running) == (3, 2)


def test_without_a_database_the_list_starts_none(tmp_path: Path) -> None:
    clean = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}

    done = subprocess.run(
        [MOTCUA, "plugins", "list", "--home", str(tmp_path), "--json"],
        env=clean, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert json.loads(done.stdout)["left_behind"] == []
    assert list(tmp_path.iterdir()) == []
