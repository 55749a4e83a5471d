"""Loading plugins: one list of all that speaks against them."""

import importlib.metadata
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from piccolo.columns import Text
from piccolo.table import Table

from motcua.domain.decoding import Fault
from motcua.plugin import PluginTables, hookspecs
from motcua.plugin.definitions import DefinitionFilesError
from motcua.plugin.hookspecs import hookimpl
from motcua.plugin.texts import texts
from motcua.registry import PluginsRefusedError, load_registry
from motcua.testing.procedures import SMALL, plugin_module, small_procedure


def reasons(**modules: ModuleType) -> list[tuple[str, str]]:
    return [(each.plugin, each.code) for each in load_registry(modules).refusals]


def test_the_installed_plugins_are_sound() -> None:
    registry = load_registry()

    registry.require_sound()
    assert {"certification", "civil_status", "general_procedures"} <= registry.plugins.keys()


def test_a_sound_plugin_brings_its_procedures() -> None:
    registry = load_registry({"one": plugin_module("one", SMALL)})

    assert registry.refusals == []
    assert [each.owner for each in registry.definitions()] == ["one"]
    assert registry.definitions()[0].definition == SMALL


def test_all_faults_of_all_plugins_come_in_one_error() -> None:
    def time_limits() -> None: ...

    def fee_lines(procedure: object, price: int) -> None: ...

    bad = plugin_module(
        "bad",
        small_procedure(code="9.000002"),
        hooks={"time_limits": time_limits, "fee_lines": fee_lines},
        label_vi=" ",
        core_api=">=2.0",
    )
    registry = load_registry(
        {"a": plugin_module("a", SMALL), "bad": bad, "c": plugin_module("c", SMALL)}
    )

    with pytest.raises(PluginsRefusedError) as caught:
        registry.require_sound()

    assert [(each.plugin, each.code) for each in caught.value.refusals] == [
        ("bad", "registry.label"),
        ("bad", "registry.core-api"),
        ("bad", "registry.unknown-hook"),
        ("bad", "registry.arguments"),
        ("c", "registry.same-code"),
    ]
    assert registry.plugins.keys() == {"a"}


def test_a_module_without_a_manifest_is_refused() -> None:
    assert reasons(x=ModuleType("x")) == [("x", "registry.manifest")]


def test_a_plugin_goes_by_its_registered_name() -> None:
    assert reasons(x=plugin_module("y")) == [("x", "registry.name")]


@pytest.mark.parametrize("core_api", ["1.0", ">=one", ">="])
def test_a_range_that_cannot_be_read_is_refused(core_api: str) -> None:
    assert reasons(x=plugin_module("x", core_api=core_api)) == [("x", "registry.core-api-form")]


@pytest.mark.parametrize(
    ("core_api", "fits"),
    [
        (">=1.0,<2", True),
        ("==1.0", True),
        (">1,<=1.0", False),
        ("<1", False),
        (">=1.1", False),
        (">=0.9", True),
    ],
)
def test_a_range_includes_the_core_or_not(core_api: str, fits: bool) -> None:
    assert (reasons(x=plugin_module("x", core_api=core_api)) == []) is fits


def test_settings_need_a_default_each() -> None:
    class Settings(msgspec.Struct):
        size: int

    assert reasons(x=plugin_module("x", settings=Settings)) == [("x", "registry.settings")]


def test_a_plugin_that_fails_to_give_its_procedures_is_refused() -> None:
    def raises() -> list[Any]:
        raise RuntimeError

    def wrong() -> list[Any]:
        return ["9.000001"]

    def faulty() -> list[Any]:
        raise DefinitionFilesError([("a.toml", Fault(key="code", code="file.value"))] * 2)

    assert reasons(x=plugin_module("x", hooks={"procedures": raises})) == [
        ("x", "registry.definitions")
    ]
    assert reasons(x=plugin_module("x", hooks={"procedures": wrong})) == [
        ("x", "registry.definitions")
    ]
    assert (
        reasons(x=plugin_module("x", hooks={"procedures": faulty}))
        == [("x", "registry.definition")] * 2
    )


@pytest.mark.parametrize("hook", ["tables", "routes"])
@pytest.mark.parametrize("answer", ["raises", "nonsense"])
def test_a_plugin_that_fails_when_it_is_asked_at_start_is_refused(hook: str, answer: str) -> None:
    def asked() -> Any:
        if answer == "raises":
            raise RuntimeError
        return 5

    assert reasons(x=plugin_module("x", hooks={hook: asked})) == [("x", "registry.start-hook")]


def test_own_tables_carry_the_plugins_name_and_the_tenant() -> None:
    class Stray(Table, tablename="stray"):
        note = Text()

    own = PluginTables(tables=[Stray], app_config=None)

    assert reasons(x=plugin_module("x", hooks={"tables": lambda: own})) == [
        ("x", "registry.table-prefix"),
        ("x", "registry.table-tenant"),
    ]


def test_every_hook_is_of_a_kind() -> None:
    specified = {name for name, value in vars(hookspecs).items() if hasattr(value, "motcua_spec")}

    assert hookspecs.KINDS.keys() == specified


def test_a_plugin_may_own_no_procedure() -> None:
    module = plugin_module("x")
    del module.procedures

    assert reasons(x=module) == []


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An importable package ``motcua_packaged`` with an empty locale folder."""
    folder = tmp_path / "motcua_packaged"
    (folder / "locale").mkdir(parents=True)
    (folder / "__init__.py").touch()
    monkeypatch.delitem(sys.modules, "motcua_packaged", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("motcua.plugin.texts._packages", ["motcua"])
    texts.cache_clear()
    yield folder
    texts.cache_clear()


def packaged() -> ModuleType:
    module = plugin_module("packaged")
    module.__package__ = "motcua_packaged"
    return module


def test_a_package_without_vietnamese_texts_is_refused(package: Path) -> None:
    del package

    assert reasons(packaged=packaged()) == [("packaged", "registry.no-texts")]


def test_texts_are_checked_and_join_the_others(package: Path) -> None:
    (package / "locale/vi.toml").write_text('"packaged.hello" = "Chào"\n"hello" = "Chào"\n')
    (package / "locale/en.toml").write_text('"packaged.bye" = "Bye"\n')

    assert reasons(packaged=packaged()) == [
        ("packaged", "registry.text"),
        ("packaged", "registry.text-prefix"),
    ]
    assert texts("vi")["packaged.hello"] == "Chào"


class Point:
    """Stands for an installed entry point."""

    def __init__(self, name: str, module: ModuleType | None) -> None:
        self.name, self.module = name, module

    def load(self) -> ModuleType:
        if self.module is None:
            raise ImportError(self.name)
        return self.module


def test_entry_points_that_cannot_be_loaded_or_come_twice_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points = [
        Point("a", plugin_module("a", SMALL)),
        Point("a", plugin_module("a", SMALL)),
        Point("broken", None),
    ]
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: points)

    registry = load_registry()

    assert [(each.plugin, each.code) for each in registry.refusals] == [
        ("a", "registry.same-name"),
        ("broken", "registry.import"),
    ]
    assert registry.plugins.keys() == {"a"}


def test_implementations_are_kept_by_hook_name() -> None:
    @hookimpl
    def problems(answers: object) -> list[Any]:
        del answers
        return []

    one = plugin_module("one", SMALL, hooks={"problems": problems})
    registry = load_registry({"one": one, "two": plugin_module("two")})

    assert registry.plugins["one"].hooks.keys() == {"procedures", "problems"}
    assert registry.plugins["two"].hooks.keys() == {"procedures"}


def test_every_reason_has_a_text_in_both_languages() -> None:
    codes = {key for key in texts("vi") if key.startswith("registry.")}

    assert codes == {key for key in texts("en") if key.startswith("registry.")}
    assert "registry.core-api" in codes


def test_templates_of_papers_are_led_by_their_plugins_name() -> None:
    installed = load_registry()
    apart = load_registry({"one": plugin_module("one", SMALL)})

    assert "certification/text.typ" in installed.templates("certification")
    assert installed.templates("general_procedures") == {}
    assert apart.templates("one") == {}
