"""``motcua migrate``: bring the database to what core and plugins expect."""

import asyncio
import os
from pathlib import Path

import click
import msgspec

from motcua.app import now
from motcua.cli.options import home_option, json_option
from motcua.registry.loading import load_registry
from motcua.services.publish import publish_shipped
from motcua.storage.migrate import migrate
from motcua.storage.settings import resolve


@click.command("migrate")
@home_option
@json_option
def command(home: Path | None, as_json: bool) -> None:
    """Bring the database to what the installed core and plugins expect.

    Runs once at a time, the core first, then each plugin after those it depends
    on. A migration that fails is undone whole. Then publishes the procedures and
    the national calendar that are installed.
    """
    registry = load_registry()
    registry.require_sound()
    plugins = [tables.app_config for _, tables in registry.tables()]
    with resolve(home, os.environ) as database:
        steps = asyncio.run(migrate(database.owner, database.app.user, plugins))
        shipped = asyncio.run(publish_shipped(database.owner, registry, now()))
    if as_json:
        click.echo(msgspec.json.encode({"migrations": steps, "published": shipped}))
        return
    for step in steps:
        click.echo(f"{step.app} {step.id} {step.description}".rstrip())
    if shipped.procedures or shipped.calendar_days:
        days = shipped.calendar_days
        click.echo(f"published: {shipped.procedures} procedures, {days} days of the calendar")
    elif not steps:
        click.echo("Nothing to do: the database is up to date.")
