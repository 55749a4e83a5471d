"""``motcua staff``: accounts of the people who work at a one-stop shop."""

import asyncio
import os
import sys
from pathlib import Path

import click

from motcua.app import build_house
from motcua.cli.options import home_option
from motcua.domain.dossier import STAFF_ROLES
from motcua.domain.errors import InvalidAnswersError, MotCuaError
from motcua.plugin.texts import text
from motcua.services import staff
from motcua.services.house import desk
from motcua.storage.dsn import Dsn
from motcua.storage.engine import ENGINE
from motcua.storage.settings import resolve

USERS_MISTAKE = 2


class NoPasswordError(MotCuaError):
    """Nothing came on standard input."""

    code = "staff.no-password"


@click.group("staff")
def command() -> None:
    """People who work at a one-stop shop."""


@command.command("create")
@click.argument("username", metavar="USER")
@click.option("--tenant", required=True, metavar="SLUG", help="The unit the account is for.")
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    type=click.Choice([role.value for role in STAFF_ROLES]),
    help="What the person does; may be given several times.",
)
@click.option("--name", default="", help="Full name, as shown on papers. Default: USER.")
@home_option
def create(
    username: str, tenant: str, roles: tuple[str, ...], name: str, home: Path | None
) -> None:
    """Open an account; its password is read from standard input."""
    password = _password()
    with resolve(home, os.environ) as database:
        try:
            asyncio.run(_create(database.app, username, password, tenant, roles, name))
        except InvalidAnswersError as error:
            for fault in error.faults:
                words = text(fault.fault, lang="en", **fault.fields)
                click.echo(f"motcua: {fault.field}: {words}", err=True)
            sys.exit(USERS_MISTAKE)
    told = {"username": username, "tenant": tenant, "roles": ", ".join(roles)}
    click.echo(text("staff.created", lang="en", **told))


def _password() -> str:
    """What stands in the first line of standard input, or is typed without being shown."""
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise NoPasswordError
    return line


async def _create(
    database: Dsn, username: str, password: str, tenant: str, roles: tuple[str, ...], name: str
) -> None:
    await ENGINE.open(database, max_size=2)
    try:
        house = build_house()
        where = await desk(house, tenant)
        await staff.create(
            house, where, username=username, password=password, roles=roles, full_name=name
        )
    finally:
        await ENGINE.close()
