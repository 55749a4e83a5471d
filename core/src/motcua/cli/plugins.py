"""``motcua plugins``: what is installed, and what speaks against it."""

import asyncio
import importlib.resources
import os
import re
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from string import Template

import click
import msgspec

from motcua.app import build_house, now
from motcua.cli.options import home_option, json_option
from motcua.cli.plugin_check import check, tell, told
from motcua.domain.errors import MotCuaError
from motcua.registry.loading import load_registry
from motcua.services import configure
from motcua.services.house import Desk, House, desk
from motcua.storage.leftovers import LeftBehind, left_behind
from motcua.storage.settings import Database, has_database, resolve

_NAME = re.compile(r"[a-z][a-z0-9_]*")


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
@home_option
@json_option
def list_command(home: Path | None, as_json: bool) -> None:
    """List the installed plugins, and what removed ones left in the database."""
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
    refused = told(registry.refusals)
    left = _left_behind(home, [*registry.plugins, *(each.plugin for each in registry.refusals)])
    if as_json:
        listed = {"plugins": rows, "refused": refused, "left_behind": left}
        click.echo(msgspec.json.encode(listed))
        return
    for row in rows:
        click.echo(
            f"{row['name']:<20} {row['version']:<8} {row['procedures']:>3} procedures"
            f"  {row['label']}"
        )
    tell(refused)
    for each in left:
        _tell_left(each)


def _left_behind(home: Path | None, installed: list[str]) -> list[LeftBehind]:
    """What is left of removed plugins; nothing is started where there is no database yet."""
    if not has_database(home, os.environ):
        return []
    with resolve(home, os.environ) as database:
        return asyncio.run(left_behind(database.owner, installed))


def _tell_left(left: LeftBehind) -> None:
    tables = ", ".join(f"{table} {rows}" for table, rows in left.rows.items()) or "no table"
    click.echo(
        f"{left.plugin}: not installed; left behind: {left.dossiers} dossiers,"
        f" {left.running} of them running; rows: {tables}"
    )


command.add_command(check)


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
    help="Folder to put it into. Default: plugins, where there is such a folder; else here.",
)
@click.option("--with-table", is_flag=True, help="Also a table of its own, a book and a page.")
def new(name: str, folder: Path | None, with_table: bool) -> None:
    """Begin a plugin called NAME: a small distribution that passes every check."""
    if not _NAME.fullmatch(name):
        raise PluginNameError(name=name)
    inside = Path("plugins")
    target = (folder or (inside if inside.is_dir() else Path())) / name
    if target.exists():
        raise PluginThereError(path=str(target))
    for models in ("new_plugin", *(["new_plugin_table"] if with_table else [])):
        _copy_models(models, target, name)
    click.echo(f"{target}: read README.md, then motcua plugins check {target}")


def _copy_models(models: str, target: Path, name: str) -> None:
    """Write the files of the folder *models* of the core's data, with *name* put in."""
    said = {
        "name": name,
        "dashed": name.replace("_", "-"),
        "class_name": name.title().replace("_", ""),
        "code": f"9.{zlib.crc32(name.encode()) % 1_000_000:06d}",
        "today": now().date().isoformat(),
    }
    with importlib.resources.as_file(importlib.resources.files("motcua")) as core:
        folder = core / "data" / models
        for template in sorted(folder.rglob("*.txt")):
            place = str(template.relative_to(folder).with_suffix(""))
            file = target / place.replace("package", f"motcua_{name}")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(Template(template.read_text("utf-8")).substitute(said), "utf-8")
