"""``motcua tenants``: the units as files bring them into the database."""

import asyncio
import os
import sys
from pathlib import Path

import click
import msgspec

from motcua.cli.options import home_option, json_option
from motcua.plugin.texts import text
from motcua.storage.settings import resolve
from motcua.storage.tenants import (
    Change,
    FileFault,
    TenantFilesError,
    apply_tenants,
    list_tenants,
    read_tenants,
    sample_folder,
)

FAULTS_FOUND = 1


@click.group("tenants")
def command() -> None:
    """Provinces and communes, described in files."""


@command.command("apply")
@click.argument(
    "folder",
    metavar="[DIR]",
    required=False,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@home_option
@json_option
def apply_command(folder: Path | None, dry_run: bool, home: Path | None, as_json: bool) -> None:
    """Add and change the units described in DIR; never remove one.

    Without DIR: the sample units that come with Một Cửa. All files are read
    first; if one is wrong, all faults are listed and nothing is applied.
    """
    try:
        tenants = read_tenants(folder or sample_folder())
    except TenantFilesError as error:
        _tell_faults(error.faults, as_json=as_json)
        sys.exit(FAULTS_FOUND)
    with resolve(home, os.environ) as database:
        changes = asyncio.run(apply_tenants(database.owner, tenants, dry_run=True))
        if not as_json:
            _tell_changes(changes, total=len(tenants))
        if not dry_run:
            changes = asyncio.run(apply_tenants(database.owner, tenants))
    if as_json:
        click.echo(msgspec.json.encode({"applied": not dry_run, "changes": changes}))
    elif changes:
        click.echo("Nothing was applied (--dry-run)." if dry_run else "Applied.")


@command.command("list")
@home_option
@json_option
def list_command(home: Path | None, as_json: bool) -> None:
    """Show every unit in the database with its latest code."""
    with resolve(home, os.environ) as database:
        rows = asyncio.run(list_tenants(database.owner))
    if as_json:
        click.echo(msgspec.json.encode(rows))
        return
    for row in rows:
        code = row["codes"][-1]["code"] if row["codes"] else "-"
        state = "archived" if row["archived"] else "closed" if row["closed_on"] else "open"
        click.echo(f"{row['slug']:<28} {code:<6} {state:<9} {row['name']}")


def _tell_faults(faults: tuple[FileFault, ...], *, as_json: bool) -> None:
    told = [
        {
            "path": one.path,
            "key": one.fault.key,
            "code": one.fault.code,
            "detail": text(one.fault.code, lang="en", **one.fault.told),
        }
        for one in faults
    ]
    if as_json:
        click.echo(msgspec.json.encode({"faults": told}))
        return
    for fault in told:
        place = f"{fault['path']}: {fault['key']}" if fault["key"] else fault["path"]
        click.echo(f"{place}: {fault['detail']}", err=True)
    click.echo(f"{len(told)} faults; nothing was applied.", err=True)


def _tell_changes(changes: list[Change], *, total: int) -> None:
    for change in changes:
        click.echo(f"{'+' if change.new else '~'} {change.slug}  {change.name}")
        if not change.new:
            for field, (before, after) in change.fields.items():
                click.echo(f"    {field}: {_shown(before)} → {_shown(after)}")
        if change.plugins:
            click.echo(f"    plugins: + {', '.join(change.plugins)}")
    new = sum(change.new for change in changes)
    same = total - len(changes)
    click.echo(f"{new} new, {len(changes) - new} changed, {same} as they are.")


def _shown(value: object) -> str:
    return msgspec.json.encode(value).decode()
