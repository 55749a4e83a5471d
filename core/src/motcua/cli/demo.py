"""``motcua demo``: from nothing to a served city with six months of work behind it."""

import asyncio
import os
import shutil
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from motcua.app import build_house, now
from motcua.cli.demo_import import import_all
from motcua.cli.import_ import bars
from motcua.cli.options import DEMO_MARK, home_option
from motcua.domain.dossier import STAFF_ROLES
from motcua.domain.errors import MotCuaError
from motcua.domain.report import Period
from motcua.plugin.texts import text
from motcua.registry.loading import load_registry
from motcua.services import demo
from motcua.services.demo_plan import Activity, load_activity
from motcua.services.demo_staff import PASSWORD, accounts, held, title
from motcua.services.house import House
from motcua.services.importing import import_histories
from motcua.services.publish import publish_shipped
from motcua.services.report import Report, report
from motcua.storage.dsn import Dsn
from motcua.storage.migrate import migrate
from motcua.storage.owner import connected
from motcua.storage.settings import Database, resolve
from motcua.storage.tenants import apply_tenants, read_tenants, sample_folder

_console = Console(stderr=True)


class DemoCountError(MotCuaError):
    """The demonstration does not hold the dossiers it should."""

    code = "demo.count"


class ResetOutsideError(MotCuaError):
    """Only the embedded database may be emptied by the demonstration."""

    code = "demo.reset-outside"


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Prepare the data, start no server.")
@click.option("--reset", is_flag=True, help="Throw the old data away and begin anew.")
@home_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
def command(no_serve: bool, reset: bool, home: Path | None, host: str, port: int) -> None:
    """Fill a database with an invented city and serve it.

    Nineteen units of 2018 with six months of dossiers, worked through the rules of
    the desk, and three wards of today open for live work.
    """
    with resolve(home, os.environ) as database:
        if reset:
            _empty(database)
        made = asyncio.run(_prepare(database))
        _tell(made)
        database.home.mkdir(parents=True, exist_ok=True)
        (database.home / DEMO_MARK).touch()
        if not no_serve:
            from motcua.cli.serve import serve  # noqa: PLC0415 - the server is not always wanted

            serve(database, host=host, port=port)


def _empty(database: Database) -> None:
    """Throw away every table of the embedded database, and the files beside it."""
    if not database.embedded:
        raise ResetOutsideError
    asyncio.run(_drop_all(database))
    shutil.rmtree(database.home / "files", ignore_errors=True)


async def _drop_all(database: Database) -> None:
    async with connected(database.owner) as connection:
        await connection.execute(
            "drop schema public cascade; create schema public;"
            " grant usage on schema public to public"
        )


async def _prepare(database: Database) -> Report:
    registry = load_registry()
    _console.print(text("demo.schema", lang="en"))
    plugins = [tables.app_config for _, tables in registry.tables()]
    await migrate(database.owner, database.app.user, plugins)
    await apply_tenants(database.owner, read_tenants(sample_folder()))
    await publish_shipped(database.owner, registry, now())
    house = build_house(registry)
    await house.engine.open(database.app)
    try:
        return await _fill(house, database.app, load_activity())
    finally:
        await house.engine.close()


async def _fill(house: House, app: Dsn, activity: Activity) -> Report:
    wanted = activity.published.dossiers
    if await demo.archived(house, activity) != wanted:
        with bars(wanted) as progress:
            lines = []
            for line in await demo.archive_lines(house, activity):
                lines.append(line)
                progress("invent", 1)
            await import_all(house, app, lines, progress)
    await accounts(house, (demo.PROVINCE, demo.CITY, *activity.units, *demo.WARDS))
    for slug in demo.WARDS:
        lines = await demo.live_lines(house, slug, house.now())
        await import_histories(house, lines)
        if lines:
            await demo.paid(house, slug)
            await held(house, slug)
    await demo.sealed(house, (*activity.units, *demo.WARDS))
    await demo.contacts(house)
    found = await demo.archived(house, activity)
    if found != wanted:
        raise DemoCountError(wanted=wanted, found=found)
    period = Period(activity.published.first, activity.published.last)
    return await report(house, demo.CITY, period)


def _tell(made: Report) -> None:
    shown = Console()
    judged = made.processed
    shown.print(
        text(
            "demo.figures",
            lang="en",
            received=f"{made.received:,}",
            active=made.procedures.active,
            all=made.procedures.all,
            percent=judged.percent_in_time,
            rate=made.per_month_and_unit,
        ),
        soft_wrap=True,
    )
    table = Table(title=text("demo.logins", lang="en"), title_justify="left")
    for heading in ("user name", "password", "who"):
        table.add_column(heading, no_wrap=True)
    for role in STAFF_ROLES:
        table.add_row(demo.account(role), PASSWORD, title(role))
    shown.print(table)
    places = ", ".join((*demo.WARDS[1:], demo.PROVINCE, demo.CITY))
    shown.print(text("demo.places", lang="en", ward=demo.WARDS[0], slugs=places), soft_wrap=True)
