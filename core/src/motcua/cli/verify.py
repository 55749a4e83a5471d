"""``motcua verify``: look through everything stored and name what does not fit."""

import asyncio
import os
import sys
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from motcua.cli.options import home_option, json_option
from motcua.cli.session import opened
from motcua.plugin.texts import text
from motcua.services.verify import Fault, Verified, verify
from motcua.storage.settings import Database, resolve

FAULTS_FOUND = 1


@click.command("verify")
@click.option("--tenant", "tenants", multiple=True, help="Only this unit; may be repeated.")
@home_option
@json_option
@click.option("--digests", is_flag=True, help="List every anchor, to compare with a kept copy.")
def command(tenants: tuple[str, ...], home: Path | None, as_json: bool, digests: bool) -> None:
    """Check event chains, anchors, gaps in numbers, states, files and figures.

    Exit status 1 when something does not fit.
    """
    with resolve(home, os.environ) as database:
        found = _verified(database, tenants, quiet=as_json)
    if as_json:
        click.echo(msgspec.json.encode(msgspec.to_builtins(found) | {"faults": _told(found)}))
    else:
        _print(found, digests=digests)
    sys.exit(0 if found.ok else FAULTS_FOUND)


def _verified(database: Database, tenants: tuple[str, ...], *, quiet: bool) -> Verified:
    shown = Progress(
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )
    with shown:
        task = shown.add_task("dossiers", total=None)
        return asyncio.run(
            opened(
                database.app,
                lambda house: verify(
                    house,
                    database.home,
                    slugs=tenants or None,
                    progress=lambda done: shown.advance(task, done),
                ),
                home=database.home,
            )
        )


def detail(fault: Fault) -> str:
    """What is wrong, in words."""
    return text(fault.detail, lang="en", **fault.told)


def _told(found: Verified) -> list[dict[str, str]]:
    return [
        {
            "tenant": fault.tenant,
            "kind": fault.kind,
            "where": fault.where,
            "detail": detail(fault),
        }
        for fault in found.faults
    ]


def _print(found: Verified, *, digests: bool) -> None:
    for anchor in found.anchors if digests else ():
        click.echo(f"{anchor.tenant} {anchor.day} {anchor.digest}")
    for fault in found.faults:
        click.echo(f"{fault.tenant}: {fault.kind}: {fault.where}: {detail(fault)}")
    if found.erased:
        click.echo(f"{found.erased:,} events have had erased what they said about people.")
    click.echo(
        f"{found.tenants} units, {found.dossiers:,} dossiers, {found.events:,} events: "
        + ("everything fits." if found.ok else f"{len(found.faults)} faults.")
    )
