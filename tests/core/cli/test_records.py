"""``motcua import``, ``report``, ``verify``, ``doctor`` and ``demo`` as people run them."""

import asyncio
import datetime as dt
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner, Result

from core.services import forty
from core.services.archive import lines
from motcua.cli import demo, demo_import, doctor, import_, report, verify
from motcua.cli.demo_import import HelperFailedError, import_all, parts, processes_for
from motcua.cli.session import opened
from motcua.domain.errors import MotCuaError
from motcua.domain.report import PeriodError
from motcua.services import demo as services_demo
from motcua.services.demo_plan import Activity, load_activity
from motcua.storage.dsn import Dsn
from motcua.testing.database import ScratchDatabase, ScratchServer

MARCH = ("--from", "2018-03-01", "--to", "2018-03-31")


@pytest.fixture(scope="module")
def city(
    server: ScratchServer, database: ScratchDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ScratchDatabase]:
    """A database in which a small demonstration has been prepared."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTCUA_HOME", str(home))
        patch.setattr(demo, "load_activity", small)
        addressed(patch, database)
        made = CliRunner().invoke(demo.command, ["--no-serve"])
    assert made.exit_code == 0, made.output
    assert "reception.vo-cuong" in made.stdout
    assert "motcua-demo" in made.stdout
    assert (home / "demo-data").exists(), "the server must go on saying that all is invented"
    yield database
    server.run("select 1")


def small() -> Activity:
    """A hundredth of the six months."""
    whole = load_activity()
    shares = tuple(
        msgspec.structs.replace(share, dossiers=max(1, share.dossiers // 100))
        for share in whole.procedure
    )
    published = msgspec.structs.replace(
        whole.published, dossiers=sum(share.dossiers for share in shares)
    )
    return msgspec.structs.replace(whole, procedure=shares, published=published)


def addressed(patch: pytest.MonkeyPatch, database: ScratchDatabase) -> None:
    patch.setenv("DATABASE_URL", database.app_dsn.url)
    patch.setenv("MOTCUA_OWNER_URL", database.owner_dsn.url)


@pytest.fixture(autouse=True)
def at_home(city: ScratchDatabase, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    addressed(monkeypatch, city)
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path))


def run(command: click.Command, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "histories.jsonl"
    path.write_bytes(b"\n".join(lines(forty.histories("kim-chan-2018"))))
    return path


def test_a_second_demo_finds_everything_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "load_activity", small)

    again = run(demo.command, "--no-serve")

    assert again.exit_code == 0
    assert "replaying" not in again.output
    assert "258.7" not in again.output


def test_the_demo_empties_only_its_own_database() -> None:
    refused = run(demo.command, "--no-serve", "--reset")

    assert isinstance(refused.exception, demo.ResetOutsideError)


def test_an_incomplete_demo_is_not_shown_as_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> list[bytes]:
        return []

    monkeypatch.setattr(services_demo, "archive_lines", nothing)

    refused = run(demo.command, "--no-serve")

    assert isinstance(refused.exception, demo.DemoCountError)


def test_import_checks_then_writes_then_knows(file: Path) -> None:
    dry = run(import_.command, file, "--dry-run")
    first = run(import_.command, file, "--json")
    second = run(import_.command, file)

    assert "40 dossiers" in dry.stdout
    assert "would be imported" in dry.stdout
    assert json.loads(first.stdout)["dossiers"] == 40
    assert "40 dossiers had been imported before" in second.stdout


def test_import_names_every_wrong_line(file: Path) -> None:
    wrong = forty.history(41, forty.CASES[13])
    wrong.events[2].reason = ""
    with file.open("ab") as more:
        more.write(b"\n{\n" + lines([wrong])[0])

    told = run(import_.command, file)
    as_json = run(import_.command, file, "--json")

    assert told.exit_code == as_json.exit_code == 1
    assert f"{file}: line 41: the line cannot be read" in told.stderr
    assert "line 42 (forty-41), event 3, reason:" in told.stderr
    assert "2 lines are wrong; nothing was imported." in told.stderr
    assert [fault["line"] for fault in json.loads(as_json.stdout)["faults"]] == [41, 42]
    assert all(fault["detail"] for fault in json.loads(as_json.stdout)["faults"])


def test_report_has_the_shape_of_the_contract() -> None:
    told = run(
        report.command, "--province", "tp-bac-ninh-2018", "--from", "2018-02-01",
        "--to", "2018-07-31", "--json",
    )  # fmt: skip

    made = json.loads(told.stdout)
    assert told.exit_code == 0
    assert made["received"] >= small().published.dossiers
    rows = [row for unit in made["units"] for row in unit["rows"]]
    assert made["received"] == sum(row["c4"] + row["c5"] for row in rows)
    assert made["procedures"]["all"] == 75
    assert made["procedures"]["active"] >= 14
    assert {"field", "received", "percent"} == set(made["fields"][0])
    assert {"early", "on_time", "late", "percent_in_time"} <= set(made["processed"])
    assert made["per_month_and_unit"] == round(made["received"] / 19 / 6, 1)
    assert len(made["units"]) == 19
    assert all({"field", *(f"c{n}" for n in range(3, 14))} <= set(row) for row in rows)


def test_report_is_read_in_vietnamese_with_a_note_on_the_article() -> None:
    told = run(
        report.command, "--province", "tp-bac-ninh-2018", "--from", "2018-02-01",
        "--to", "2018-07-31",
    )  # fmt: skip

    assert "Chứng thực" in told.stdout
    assert "Tổng cộng" in told.stdout
    assert "255" in told.stdout


def test_report_says_what_has_no_limit(file: Path) -> None:
    run(import_.command, file)

    told = run(report.command, "--tenant", "kim-chan-2018", *MARCH)

    assert "chưa được đặt thời hạn" in told.stdout
    assert "255" not in told.stdout


def test_the_workbook_has_a_sheet_for_each_unit(tmp_path: Path, file: Path) -> None:
    run(import_.command, file)
    path = tmp_path / "ii06a.xlsx"

    told = run(report.command, "--province", "tp-bac-ninh-2018", *MARCH, "--xlsx", path)

    assert told.exit_code == 0
    assert str(path) in told.stdout.replace("\n", "")
    with zipfile.ZipFile(path) as book:
        names = book.read("xl/workbook.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
    assert names.count("<sheet ") == 20
    assert 'name="kim-chan-2018"' in names
    assert "II.06a" in words
    assert "Chưa đặt thời hạn" in words


def test_a_workbook_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    told = run(
        report.command, "--tenant", "vo-cuong-2018", *MARCH, "--xlsx", tmp_path / "no" / "x.xlsx"
    )

    assert isinstance(told.exception, MotCuaError)
    assert told.exception.code == "report.not-written"


@pytest.mark.parametrize("names", [(), ("--tenant", "a", "--province", "b")])
def test_report_is_about_a_unit_or_a_province(names: tuple[str, ...]) -> None:
    told = run(report.command, *names, *MARCH)

    assert told.exit_code == 2
    assert "either --province or --tenant" in told.stderr


def test_a_reversed_period_is_refused() -> None:
    told = run(
        report.command, "--tenant", "vo-cuong-2018", "--from", "2018-04-01", "--to", "2018-03-01"
    )

    assert isinstance(told.exception, PeriodError)


def test_verify_accepts_what_was_imported(file: Path) -> None:
    run(import_.command, file)

    told = run(verify.command)
    as_json = run(verify.command, "--tenant", "kim-chan-2018", "--json")

    assert told.exit_code == 0
    assert "everything fits" in told.stdout
    found = json.loads(as_json.stdout)
    assert (found["ok"], found["tenants"], found["faults"]) == (True, 1, [])
    assert found["dossiers"] >= 40
    assert found["events"] > 150


def test_verify_lists_the_digests_of_the_anchors(file: Path) -> None:
    run(import_.command, file)

    listed = run(verify.command, "--digests").stdout.splitlines()[:-1]
    (first, *_) = json.loads(run(verify.command, "--json").stdout)["anchors"]

    assert f"{first['tenant']} {first['day']} {first['digest']}" == listed[0]
    assert len(first["digest"]) == 64


def test_verify_names_a_fault_and_ends_with_one(
    server: ScratchServer, city: ScratchDatabase
) -> None:
    change = "update counter set n = n {} 1 where kind = 'temporary' and period like '26%'"
    server.run(change.format("+"), dsn=city.owner_dsn)

    told = run(verify.command, "--tenant", "vo-cuong")
    as_json = run(verify.command, "--tenant", "vo-cuong", "--json")

    server.run(change.format("-"), dsn=city.owner_dsn)
    assert told.exit_code == as_json.exit_code == 1
    assert "vo-cuong: code: temporary 26" in told.stdout
    fault = json.loads(as_json.stdout)["faults"][0]
    assert set(fault) == {"tenant", "kind", "where", "detail"}
    assert "missing" in fault["detail"]


def test_doctor_tells_versions_and_findings() -> None:
    told = run(doctor.command)
    as_json = run(doctor.command, "--json")

    assert told.exit_code == 0, told.output
    assert "PostgreSQL" in told.stdout
    assert "motcua " in told.stdout
    found = json.loads(as_json.stdout)
    assert found["ok"]
    assert {each["check"] for each in found["findings"]} >= {"database", "role", "disk"}
    assert all(each["detail"] for each in found["findings"])


def test_doctor_ends_with_one_when_not_fit(server: ScratchServer, city: ScratchDatabase) -> None:
    server.run("alter table migration rename to hidden", dsn=city.owner_dsn)

    told = run(doctor.command)

    server.run("alter table hidden rename to migration", dsn=city.owner_dsn)
    assert told.exit_code == 1
    assert "FAULT    migrations" in told.stdout
    assert "motcua migrate" in told.stdout


def import_by_two(city: ScratchDatabase, app: Dsn, *units: str) -> dict[str, int]:
    """Import the forty for each of *units*, half of them by a process of its own."""
    told: dict[str, int] = {}

    def progress(stage: str, done: int) -> None:
        told[stage] = told.get(stage, 0) + done

    file = [line for unit in units for line in lines(forty.histories(unit))]
    asyncio.run(opened(city.app_dsn, lambda house: import_all(house, app, file, progress)))
    return told


def test_units_are_imported_by_several_processes(
    city: ScratchDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_import, "processes_for", lambda _: 2)

    told = import_by_two(city, city.app_dsn, "hap-linh-2018", "nam-son-2018")

    assert told == {"read": 80, "replay": 80, "write": 80}
    for unit in ("hap-linh-2018", "nam-son-2018"):
        made = json.loads(run(report.command, "--tenant", unit, *MARCH, "--json").stdout)
        assert made["received"] >= 30


def test_a_helping_process_that_fails_is_told(
    city: ScratchDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_import, "processes_for", lambda _: 2)
    nowhere = Dsn("postgresql://nobody@127.0.0.1:1/none")

    with pytest.raises(HelperFailedError):
        import_by_two(city, nowhere, "phong-khe-2018", "van-an-2018")


def test_the_lines_of_a_unit_stay_together_in_parts_of_one_size() -> None:
    names = {"a": 5, "b": 3, "c": 2, "d": 1}
    written = [b'{"tenant": "%s"}' % name.encode() for name, n in names.items() for _ in range(n)]

    made = parts(written, 2)

    assert sorted(len(part) for part in made) == [5, 6]
    assert all(made[0].count(line) in (0, written.count(line)) for line in set(written))


def test_a_small_import_needs_no_other_process() -> None:
    assert processes_for(100) == 1
    assert 1 <= processes_for(10**6) <= 4


def test_the_period_of_the_article_is_that_of_the_demo() -> None:
    published = load_activity().published

    assert (published.first, published.last) == (dt.date(2018, 2, 1), dt.date(2018, 7, 31))
