"""``motcua plugins``: what is installed and what speaks against it."""

import importlib.metadata
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from motcua.cli.plugin_check import UnknownPluginError
from motcua.cli.plugins import PluginNameError, PluginThereError, command
from motcua.plugin.texts import texts
from motcua.testing.procedures import plugin_module

PLUGINS = Path(__file__).parents[3] / "plugins"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


class Point:
    """Stands for an installed entry point."""

    def __init__(self, name: str, **card: Any) -> None:
        self.name, self.card = name, card

    def load(self) -> object:
        return plugin_module(self.name, **self.card)


@pytest.fixture
def unfit(monkeypatch: pytest.MonkeyPatch) -> None:
    """One fit and one unfit plugin are installed."""
    points = [Point("fit"), Point("unfit", core_api=">=9.0", label_vi="")]
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: points)


def test_the_list_names_every_installed_plugin() -> None:
    told = json.loads(run("list", "--json").output)

    counts = {row["name"]: row["procedures"] for row in told["plugins"]}
    assert counts["certification"] == 12
    assert counts["civil_status"] == 18
    assert counts["general_procedures"] == 45
    assert "Hộ tịch" in run("list").output


def test_the_installed_plugins_have_no_fault() -> None:
    result = run("check")

    assert result.exit_code == 0
    assert "certification: no fault" in result.output


@pytest.mark.usefixtures("unfit")
def test_all_reasons_against_a_plugin_are_told() -> None:
    result = run("check", "--json")

    told = json.loads(result.output)
    assert result.exit_code == 1
    assert [(each["plugin"], each["code"]) for each in told["faults"]] == [
        ("unfit", "registry.label"),
        ("unfit", "registry.core-api"),
    ]
    assert [each["name"] for each in told["plugins"]] == ["fit"]


@pytest.mark.usefixtures("unfit")
def test_one_plugin_can_be_checked_alone() -> None:
    assert run("check", "fit").exit_code == 0
    assert run("check", "unfit").exit_code == 1
    assert "unfit: wants core_api >=9.0" in run("check", "unfit").output


def test_a_folder_can_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))

    result = run("check", str(PLUGINS / "sample"))

    assert result.exit_code == 0
    assert "hooks: fee_lines, on_received" in result.output
    assert "migrations     exempt  forwards only" in result.output
    assert result.output.endswith("sample: no fault\n")


@pytest.mark.parametrize("name", ["certification", "civil_status", "general_procedures"])
def test_the_shipped_plugins_name_a_test_that_is_there_for_each_rule(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))

    told = json.loads(run("check", str(PLUGINS / name), "--json").output)

    assert (told["ok"], told["faults"]) == (True, [])
    assert told["plugins"][0]["readiness"]["legal_rules"]["rules"]


def test_what_is_no_plugin_is_the_users_mistake(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")

    assert isinstance(run("check", "nope").exception, UnknownPluginError)
    assert isinstance(run("check", str(tmp_path)).exception, UnknownPluginError)


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a check imports and adds is forgotten afterwards."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr("motcua.plugin.texts._packages", ["motcua"])
    known = set(sys.modules)
    yield
    for name in {each for each in sys.modules if each.startswith("motcua_")} - known:
        del sys.modules[name]
    texts.cache_clear()


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize("options", [[], ["--with-table"]])
def test_a_new_plugin_passes_every_check(tmp_path: Path, options: list[str]) -> None:
    name = "mine_tabled" if options else "mine_plain"

    made = run("new", name, "--in", str(tmp_path), *options)

    assert made.exit_code == 0
    checked = run("check", str(tmp_path / name))
    assert checked.output.endswith(f"{name}: no fault\n")
    assert ("tables" in checked.output) is bool(options)
    again = subprocess.run(
        ["ruff", "format", "--check", "--config", str(PLUGINS.parent / "pyproject.toml"), "."],
        cwd=tmp_path / name,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 0, again.stdout


@pytest.mark.usefixtures("apart")
def test_what_is_claimed_and_is_not_so_is_told(tmp_path: Path) -> None:
    run("new", "boastful", "--in", str(tmp_path), "--with-table")
    package = tmp_path / "boastful/src/motcua_boastful"
    ready = package / "readiness.toml"
    text = ready.read_text("utf-8").replace("one_word_is_pointed_out", "two_words_are_seen")
    text = text.replace("[isolation]\ndone", "[isolation]\nexempt")
    ready.write_text(text.replace("[permissions]\ndone", "[permision]\ndone"), "utf-8")
    migration = package / "migrations/first_table.py"
    migration.write_text(migration.read_text("utf-8").replace("backwards=[back]", "backwards=[]"))
    (package / "more.py").write_text('CODE = "boastful.unsaid"\n')

    told = json.loads(run("check", str(tmp_path / "boastful"), "--json").output)

    assert sorted(each["code"] for each in told["faults"]) == [
        "readiness.no-test",
        "readiness.no-text",
        "readiness.not-exempt-isolation",
        "readiness.one-way",
        "readiness.unknown",
        "readiness.unstated",
    ]
    details = " ".join(each["detail"] for each in told["faults"])
    assert "boastful.unsaid" in details
    assert "permision" in details


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (None, ["readiness.no-file"]),
        ("isolation = {", ["readiness.unreadable"]),
        ("isolation = { don = 'x' }", ["readiness.unreadable"]),
        ("isolation = { done = 'x', exempt = 'y' }", ["readiness.one-of"]),
        ("legal_rules = { done = 'x' }", ["readiness.no-rules"]),
    ],
)
def test_a_list_that_cannot_be_read_or_says_nothing_is_told(
    tmp_path: Path, text: str | None, codes: list[str]
) -> None:
    run("new", "terse", "--in", str(tmp_path))
    ready = tmp_path / "terse/src/motcua_terse/readiness.toml"
    ready.unlink() if text is None else ready.write_text(text)

    told = json.loads(run("check", str(tmp_path / "terse"), "--json").output)

    found = {each["code"] for each in told["faults"]}
    assert found - {"readiness.unstated"} == set(codes)


def test_a_new_plugin_goes_among_the_others_or_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    run("new", "alone")
    Path("plugins").mkdir()
    run("new", "beside")

    assert (tmp_path / "alone/pyproject.toml").is_file()
    assert (tmp_path / "plugins/beside/pyproject.toml").is_file()


def test_a_new_plugin_needs_a_name_and_a_free_place(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()

    assert isinstance(run("new", "My-Plugin").exception, PluginNameError)
    assert isinstance(run("new", "mine", "--in", str(tmp_path)).exception, PluginThereError)
