"""``motcua calendar``: a day decided late, what it moves, and moving exactly that."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from motcua.app import build_house
from motcua.cli.options import home_option, json_option
from motcua.domain.calendar import CalendarDay, Closure
from motcua.domain.errors import MotCuaError
from motcua.services import configure, redate
from motcua.services.house import Desk, House, desk
from motcua.services.publish import publish_days
from motcua.storage.settings import Database, resolve
from motcua.storage.tenants import list_tenants


class CalendarFileError(MotCuaError):
    """A file of calendar rows cannot be read."""

    code = "calendar.rows-file"


class Rows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What such a file holds: national days, or closures of one commune."""

    day: tuple[CalendarDay, ...] = ()
    closure: tuple[Closure, ...] = ()


@click.group("calendar")
def command() -> None:
    """Days decided late: preview what would move, then apply it."""


file_argument = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
tenant_option = click.option("--tenant", help="Closures: the commune they are for.")


@command.command("preview")
@file_argument
@tenant_option
@home_option
@json_option
def preview_command(file: Path, tenant: str | None, home: Path | None, as_json: bool) -> None:
    """List every open dossier that the rows in FILE ([[day]] or [[closure]]) would move."""
    rows = _read(file, tenant)
    with resolve(home, os.environ) as database:
        _tell(asyncio.run(_moves(database, rows, tenant, really=False)), as_json, "would move")


@command.command("apply")
@file_argument
@tenant_option
@click.option("--basis", required=True, help="The decision: number and date.")
@home_option
@json_option
def apply_command(
    file: Path, tenant: str | None, basis: str, home: Path | None, as_json: bool
) -> None:
    """Publish the rows in FILE and re-date (T27) exactly what the preview lists."""
    rows = _read(file, tenant)
    with resolve(home, os.environ) as database:
        moves = asyncio.run(_moves(database, rows, tenant, really=True, basis=basis))
    _tell(moves, as_json, "moved")


def _read(file: Path, tenant: str | None) -> Rows:
    try:
        rows = msgspec.toml.decode(file.read_bytes(), type=Rows)
    except (msgspec.DecodeError, OSError) as error:
        raise CalendarFileError(path=str(file), reason=str(error)) from error
    if bool(rows.closure) != (tenant is not None) or bool(rows.day) == bool(rows.closure):
        reason = "[[closure]] rows go with --tenant, [[day]] rows without"
        raise CalendarFileError(path=str(file), reason=reason)
    return rows


async def _moves(
    database: Database, rows: Rows, tenant: str | None, *, really: bool, basis: str = ""
) -> dict[str, list[redate.Move]]:
    house = build_house()
    await house.engine.open(database.app)
    try:
        slugs = [tenant] if tenant else await _working(database)
        before = {slug: await desk(house, slug) for slug in slugs}
        if not really:
            return {
                slug: await redate.preview(house, each, rows.day, rows.closure)
                for slug, each in before.items()
            }
        await _write(database, house, rows, before)
        return {
            slug: await redate.apply(house, await desk(house, slug), each.calendar, basis)
            for slug, each in before.items()
        }
    finally:
        await house.engine.close()


async def _working(database: Database) -> list[str]:
    rows = await list_tenants(database.owner)
    return [row["slug"] for row in rows if not row["archived"]]


async def _write(database: Database, house: House, rows: Rows, desks: dict[str, Desk]) -> None:
    if rows.day:
        await publish_days(database.owner, rows.day, house.today())
    for each in desks.values():
        if rows.closure:
            await configure.close_days(house, each, rows.closure)


def _tell(moves: dict[str, list[redate.Move]], as_json: bool, verb: str) -> None:
    if as_json:
        told: dict[str, Any] = {slug: found for slug, found in moves.items() if found}
        click.echo(msgspec.json.encode({"moves": told}))
        sys.exit(0)
    for slug, found in moves.items():
        for move in found:
            click.echo(
                f"{slug}  {move.code}  {move.before:%d/%m/%Y %H:%M} → {move.after:%d/%m/%Y %H:%M}"
            )
    count = sum(len(found) for found in moves.values())
    click.echo(f"{count} dossiers {verb}.")
