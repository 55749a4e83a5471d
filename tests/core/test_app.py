"""Putting the application together."""

from pathlib import Path
from types import ModuleType

from structlog.testing import capture_logs

from motcua.app import Settings, create_app
from motcua.registry import load_registry
from motcua.testing.procedures import SMALL, plugin_module


def test_an_unfit_plugin_is_left_out_by_name_and_the_application_starts(tmp_path: Path) -> None:
    unfit = {"bad": ModuleType("bad"), "late": plugin_module("late", core_api=">=9")}
    registry = load_registry({**unfit, "good": plugin_module("good", SMALL)})

    with capture_logs() as said:
        app = create_app(
            Settings(database="postgresql:///x", home=str(tmp_path)), registry=registry
        )

    assert app.state.house.registry.plugins.keys() == {"good"}
    assert [(each["plugin"], each["code"]) for each in said] == [
        ("bad", "registry.manifest"),
        ("late", "registry.core-api"),
    ]
