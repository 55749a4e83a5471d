"""``motcua plugins``: what is installed, and what speaks against it."""

import asyncio
import importlib
import importlib.resources
import os
import re
import sys
import tomllib
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from string import Template
from types import ModuleType

import click
import msgspec

from motcua.app import build_house
from motcua.cli.options import home_option, json_option
from motcua.domain.errors import MotCuaError
from motcua.plugin.texts import text
from motcua.registry.loading import GROUP, load_registry
from motcua.registry.plugins import Refusal
from motcua.registry.registry import Registry
from motcua.services import configure
from motcua.services.house import Desk, House, desk
from motcua.storage.settings import Database, resolve

FAULTS_FOUND = 1
LANG = "en"
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class UnknownPluginError(MotCuaError):
    """A plugin was named that is neither installed nor a folder of one."""

    code = "plugins.unknown"


class PluginNameError(MotCuaError):
    """A new plugin was to get a name that is no identifier."""

    code = "plugins.name"


class PluginThereError(MotCuaError):
    """A new plugin was to be put where something is already."""

    code = "plugins.there"


@click.group("plugins")
def command() -> None:
    """List, check, enable and disable plugins."""


@command.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the installed plugins."""
    registry = load_registry()
    rows = [
        {
            "name": plugin.name,
            "label": plugin.manifest.label_vi,
            "version": plugin.manifest.version,
            "core_api": plugin.manifest.core_api,
            "procedures": len({each.code for each in plugin.definitions if each.is_counted}),
            "hooks": sorted(plugin.hooks),
        }
        for plugin in registry.plugins.values()
    ]
    refused = _told(registry.refusals)
    if as_json:
        click.echo(msgspec.json.encode({"plugins": rows, "refused": refused}))
        return
    for row in rows:
        click.echo(
            f"{row['name']:<20} {row['version']:<8} {row['procedures']:>3} procedures"
            f"  {row['label']}"
        )
    _tell(refused)


@command.command("check")
@click.argument("name", required=False)
@json_option
def check(name: str | None, as_json: bool) -> None:
    """Check every installed plugin, or the one called NAME, or in the folder NAME."""
    registry = load_registry() if name is None else _one(name)
    refused = _told(registry.refusals)
    if as_json:
        told = {"ok": not refused, "plugins": list(registry.plugins), "faults": refused}
        click.echo(msgspec.json.encode(told))
    else:
        for plugin in registry.plugins:
            click.echo(f"{plugin}: no fault")
        _tell(refused)
    if refused:
        raise SystemExit(FAULTS_FOUND)


@command.command("enable")
@click.argument("name")
@click.option("--tenant", required=True, help="The commune's slug.")
@home_option
def enable_command(name: str, tenant: str, home: Path | None) -> None:
    """Offer the procedures of plugin NAME in a commune; also ends a quarantine."""
    _settle(configure.enable, name, tenant, home)
    click.echo(f"{name} is offered in {tenant}.")


@command.command("disable")
@click.argument("name")
@click.option("--tenant", required=True, help="The commune's slug.")
@home_option
def disable_command(name: str, tenant: str, home: Path | None) -> None:
    """Take no new dossiers of plugin NAME in a commune; running ones finish."""
    _settle(configure.disable, name, tenant, home)
    click.echo(f"{name} only finishes running dossiers in {tenant}.")


def _settle(
    change: Callable[[House, Desk, str], Awaitable[None]],
    name: str,
    tenant: str,
    home: Path | None,
) -> None:
    async def settle(database: Database) -> None:
        house = build_house()
        await house.engine.open(database.app)
        try:
            await change(house, await desk(house, tenant), name)
        finally:
            await house.engine.close()

    with resolve(home, os.environ) as database:
        asyncio.run(settle(database))


@command.command("new")
@click.argument("name")
@click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("plugins"),
    help="Folder to put it into. Default: plugins.",
)
def new(name: str, folder: Path) -> None:
    """Begin a plugin called NAME: a small one that passes every check."""
    if not _NAME.fullmatch(name):
        raise PluginNameError(name=name)
    target = folder / name
    if target.exists():
        raise PluginThereError(path=str(target))
    told = {"name": name, "dashed": name.replace("_", "-")}
    with importlib.resources.as_file(importlib.resources.files("motcua")) as core:
        models = core / "data/new_plugin"
        for template in sorted(models.rglob("*.txt")):
            place = template.relative_to(models).with_suffix("")
            file = target / str(place).replace("package", f"motcua_{name}")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(Template(template.read_text("utf-8")).substitute(told), "utf-8")
    click.echo(f"{target}: read README.md, then motcua plugins check {target}")


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


def _told(refusals: Iterable[Refusal]) -> list[dict[str, str]]:
    return [
        {
            "plugin": each.plugin,
            "code": each.code,
            "detail": text(each.code, lang=LANG, **each.told),
        }
        for each in refusals
    ]


def _tell(refused: list[dict[str, str]]) -> None:
    for row in refused:
        click.echo(f"{row['plugin']}: {row['detail']}")
