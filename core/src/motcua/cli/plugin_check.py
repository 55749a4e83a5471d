"""``motcua plugins check``: everything about a plugin that can be seen without running it."""

import importlib
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import click
import msgspec

from motcua.cli.options import json_option
from motcua.domain.errors import MotCuaError
from motcua.plugin.texts import text
from motcua.registry.loading import GROUP, load_registry
from motcua.registry.plugins import LoadedPlugin, Refusal
from motcua.registry.registry import Registry
from motcua.testing.readiness import Topic, readiness, static_faults

FAULTS_FOUND = 1
LANG = "en"


class UnknownPluginError(MotCuaError):
    """A plugin was named that is neither installed nor a folder of one."""

    code = "plugins.unknown"


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that was looked at.

    Attributes:
        hooks: Those it implements.
        readiness: What it says about each topic.
    """

    name: str
    version: str
    hooks: list[str]
    readiness: dict[str, Topic]


@click.command("check")
@click.argument("name", metavar="[NAME|PATH]", required=False)
@json_option
def check(name: str | None, as_json: bool) -> None:
    """Check every installed plugin, or the one called NAME, or in the folder PATH.

    Says which hooks it implements and how ready it is. In a folder, the tests that its
    readiness names are looked for too.
    """
    registry = load_registry() if name is None else _one(name)
    faults = told(registry.refusals)
    checked = []
    for plugin in registry.plugins.values():
        seen, wrong = _looked_at(plugin, Path(name) if name else None)
        checked.append(seen)
        faults += wrong
    if as_json:
        said = {"ok": not faults, "plugins": checked, "faults": faults}
        click.echo(msgspec.json.encode(said))
    else:
        for each in checked:
            _tell_checked(each, sound=all(row["plugin"] != each.name for row in faults))
        tell(faults)
    if faults:
        raise SystemExit(FAULTS_FOUND)


def _looked_at(plugin: LoadedPlugin, place: Path | None) -> tuple[Checked, list[dict[str, str]]]:
    """What is seen of *plugin*, and what is wrong with it."""
    project = place.resolve() if place and place.is_dir() else None
    ready = readiness(plugin, project)
    faults = [
        Refusal(plugin=plugin.name, code=each.code, told={"topic": each.topic, **each.told})
        for each in (*static_faults(plugin), *ready.faults)
    ]
    seen = Checked(
        name=plugin.name,
        version=plugin.manifest.version,
        hooks=sorted(plugin.hooks),
        readiness=ready.topics,
    )
    return seen, told(faults)


def _tell_checked(checked: Checked, *, sound: bool) -> None:
    click.echo(f"{checked.name} {checked.version}")
    click.echo(f"  hooks: {', '.join(checked.hooks)}")
    for topic, said in checked.readiness.items():
        click.echo(f"  {topic:<14} {said.state or '?':<7} {said.done or said.exempt}")
    if sound:
        click.echo(f"{checked.name}: no fault")


def _one(name: str) -> Registry:
    """A registry of one plugin: an installed one, or the one in a folder.

    Raises:
        UnknownPluginError: There is neither.
    """
    folder = Path(name)
    if (folder / "pyproject.toml").is_file():
        return load_registry(_in_folder(folder))
    registry = load_registry()
    refusals = [each for each in registry.refusals if each.plugin == name]
    if name not in registry.plugins and not refusals:
        raise UnknownPluginError(name=name, known=", ".join(registry.plugins))
    plugins = {name: registry.plugins[name]} if name in registry.plugins else {}
    return Registry(plugins, refusals)


def _in_folder(folder: Path) -> dict[str, ModuleType]:
    """The modules behind the entry points a folder's ``pyproject.toml`` declares."""
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8")).get("project", {})
    points: dict[str, str] = project.get("entry-points", {}).get(GROUP, {})
    if not points:
        raise UnknownPluginError(name=str(folder), known=", ".join(load_registry().plugins))
    sys.path.insert(0, str(folder / "src"))
    return {name: importlib.import_module(module) for name, module in points.items()}


def told(refusals: Iterable[Refusal]) -> list[dict[str, str]]:
    """*refusals* in words."""
    return [
        {
            "plugin": each.plugin,
            "code": each.code,
            "detail": text(each.code, lang=LANG, **each.told),
        }
        for each in refusals
    ]


def tell(refused: list[dict[str, str]]) -> None:
    """Print what is wrong, a line each."""
    for row in refused:
        click.echo(f"{row['plugin']}: {row['detail']}")
