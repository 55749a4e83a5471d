"""``motcua staff``: accounts of the people who work at a one-stop shop."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from motcua.cli.options import home_option
from motcua.cli.session import with_house
from motcua.domain.dossier import STAFF_ROLES
from motcua.domain.errors import InvalidAnswersError, MotCuaError
from motcua.plugin.texts import fault_text, text
from motcua.services import staff
from motcua.services.house import Desk, House, desk
from motcua.services.sessions import ADMINISTRATORS

USERS_MISTAKE = 2
_tenant_option = click.option("--tenant", required=True, metavar="SLUG", help="The account's unit.")


class NoPasswordError(MotCuaError):
    """Nothing came on standard input."""

    code = "staff.no-password"


@click.group("staff")
def command() -> None:
    """People who work at a one-stop shop."""


@command.command("create")
@click.argument("username", metavar="USER")
@_tenant_option
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    type=click.Choice([role.value for role in STAFF_ROLES]),
    help="What the person does; may be given several times.",
)
@click.option("--name", default="", help="Full name, as shown on papers. Default: USER.")
@click.option(
    "--permanent/--to-change",
    default=None,
    help="Whether the password may be kept. Default: not by administrators.",
)
@home_option
def create(
    username: str,
    tenant: str,
    roles: tuple[str, ...],
    name: str,
    permanent: bool | None,
    home: Path | None,
) -> None:
    """Open an account; its first password is read from standard input.

    An administrator changes it at the first sign-in, anybody with --to-change.
    """
    password = _password()
    keeps = ADMINISTRATORS.isdisjoint(roles) if permanent is None else permanent

    async def make(house: House, where: Desk) -> None:
        await staff.create(
            house,
            where,
            username=username,
            password=password,
            roles=roles,
            full_name=name,
            permanent=keeps,
        )

    _at(home, tenant, make)
    told = {"username": username, "tenant": tenant, "roles": ", ".join(roles)}
    click.echo(text("staff.created", lang="en", **told))


@command.command("unlock")
@click.argument("username", metavar="USER")
@_tenant_option
@home_option
def unlock(username: str, tenant: str, home: Path | None) -> None:
    """Let somebody in who has to wait after too many failures."""

    async def let_in(house: House, where: Desk) -> None:
        await staff.unlock(house, where, await staff.account_id(house, where, username))

    _at(home, tenant, let_in)
    click.echo(text("staff.unlocked", lang="en", username=username, tenant=tenant))


@command.command("password")
@click.argument("username", metavar="USER")
@_tenant_option
@home_option
def set_password(username: str, tenant: str, home: Path | None) -> None:
    """Give somebody a password, read from standard input, to change at the next sign-in."""
    password = _password()

    async def give(house: House, where: Desk) -> None:
        found = await staff.account_id(house, where, username)
        await staff.set_password(house, where, found, password)

    _at(home, tenant, give)
    click.echo(text("staff.password-set", lang="en", username=username, tenant=tenant))


@command.command("reset-second-factor")
@click.argument("username", metavar="USER")
@_tenant_option
@home_option
def reset_second_factor(username: str, tenant: str, home: Path | None) -> None:
    """Take away the second factor of somebody who lost telephone and recovery codes."""

    async def reset(house: House, where: Desk) -> None:
        found = await staff.account_id(house, where, username)
        await staff.reset_second_factor(house, where, found)

    _at(home, tenant, reset)
    click.echo(text("staff.second-factor-reset", lang="en", username=username, tenant=tenant))


def _at(home: Path | None, tenant: str, use: Callable[[House, Desk], Awaitable[None]]) -> None:
    """Run *use* at *tenant*; faults of what was typed are told one a line."""

    async def there(house: House) -> None:
        await use(house, await desk(house, tenant))

    try:
        with_house(home, there)
    except InvalidAnswersError as error:
        for fault in error.faults:
            click.echo(f"motcua: {fault.field}: {fault_text(fault, lang='en')}", err=True)
        sys.exit(USERS_MISTAKE)


def _password() -> str:
    """What stands in the first line of standard input, or is typed without being shown."""
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise NoPasswordError
    return line
