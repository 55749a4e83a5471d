"""``motcua plugins``: what is installed and what speaks against it."""

import importlib.metadata
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from motcua.cli.plugins import (
    PluginNameError,
    PluginThereError,
    UnknownPluginError,
    command,
)
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
    assert told["plugins"] == ["fit"]


@pytest.mark.usefixtures("unfit")
def test_one_plugin_can_be_checked_alone() -> None:
    assert run("check", "fit").exit_code == 0
    assert run("check", "unfit").exit_code == 1
    assert "unfit: wants core_api >=9.0" in run("check", "unfit").output


def test_a_folder_can_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))

    result = run("check", str(PLUGINS / "sample"))

    assert result.exit_code == 0
    assert result.output == "sample: no fault\n"


def test_what_is_no_plugin_is_the_users_mistake(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")

    assert isinstance(run("check", "nope").exception, UnknownPluginError)
    assert isinstance(run("check", str(tmp_path)).exception, UnknownPluginError)


def test_a_new_plugin_passes_every_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr("motcua.plugin.texts._packages", ["motcua"])

    made = run("new", "field_of_mine", "--in", str(tmp_path))

    assert made.exit_code == 0
    assert (tmp_path / "field_of_mine/tests/test_plugin.py").is_file()
    checked = run("check", str(tmp_path / "field_of_mine"))
    assert checked.output == "field_of_mine: no fault\n"
    texts.cache_clear()


def test_a_new_plugin_needs_a_name_and_a_free_place(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()

    assert isinstance(run("new", "My-Plugin").exception, PluginNameError)
    assert isinstance(run("new", "mine", "--in", str(tmp_path)).exception, PluginThereError)
