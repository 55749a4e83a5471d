"""``motcua migrate``: bring the database to what core and plugins expect."""

import asyncio
import os
from pathlib import Path

import click
import msgspec

from motcua.cli.options import home_option, json_option
from motcua.registry.loading import load_registry
from motcua.storage.migrate import migrate
from motcua.storage.settings import resolve


@click.command("migrate")
@home_option
@json_option
def command(home: Path | None, as_json: bool) -> None:
    """Bring the database to what the installed core and plugins expect.

    Runs once at a time, the core first, then each plugin after those it depends
    on. A migration that fails is undone whole.
    """
    registry = load_registry()
    registry.require_sound()
    plugins = [tables.app_config for _, tables in registry.tables()]
    with resolve(home, os.environ) as database:
        steps = asyncio.run(migrate(database.owner, database.app.user, plugins))
    if as_json:
        click.echo(msgspec.json.encode({"migrations": steps}))
        return
    for step in steps:
        click.echo(f"{step.app} {step.id} {step.description}".rstrip())
    if not steps:
        click.echo("Nothing to do: the database is up to date.")
