"""``motcua registers``: the books of a unit."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from rich.console import Console
from rich.table import Table

from motcua.cli.options import home_option, json_option
from motcua.cli.session import with_house
from motcua.domain.dossier import Role
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.life import Actor
from motcua.plugin.texts import text
from motcua.services import blocks, books, closing, staff
from motcua.services.house import Desk, House, desk

T = TypeVar("T")
USERS_MISTAKE = 2
_OPERATOR = Actor(None, "motcua", (Role.HEAD,))
"""Who reads books from the command line: whoever runs it has the database anyway."""

_tenant = click.option("--tenant", required=True, metavar="SLUG", help="The unit.")
_by = click.option("--by", required=True, metavar="USER", help="In whose name it is done.")
_YEAR = click.IntRange(2000, 2200)
_year = click.option("--year", type=_YEAR, help="Default: this year.")


@click.group("registers")
def command() -> None:
    """Books (sổ): their numbers, blocks for a day on paper, closing."""


@command.command("list")
@_tenant
@_year
@home_option
@json_option
def list_command(tenant: str, year: int | None, home: Path | None, as_json: bool) -> None:
    """List the books with what stands in them and what is still open."""

    async def use(house: House) -> tuple[books.Book, ...]:
        return await books.books(house, await desk(house, tenant), _OPERATOR, year=year)

    found = with_house(home, use)
    if as_json:
        click.echo(msgspec.json.encode({"books": found}))
    else:
        _print(found)


@command.command("start")
@click.argument("book", metavar="BOOK")
@_tenant
@_by
@click.option("--after", type=int, default=0, help="The last number given on paper.")
@click.option("--volume", type=int, default=1, help="The volume the series goes on in.")
@click.option("--title", default="", help="What the book is called.")
@click.option("--basis", default="", help="What --after rests on, such as the last entry.")
@_year
@home_option
@json_option
def start_command(
    book: str, tenant: str, by: str, home: Path | None, as_json: bool, **said: Any
) -> None:
    """Begin BOOK after its last entry on paper, for example SCT/BS."""

    async def do(house: House, where: Desk, actor: Actor) -> books.Book:
        return await books.start(house, where, actor, book, **said)

    begun = _done(home, tenant, by, do)
    _tell("registers.begun", begun, as_json, book=begun.book, year=begun.year, next=begun.first)


@command.command("block")
@click.argument("book", metavar="BOOK")
@click.argument("count", type=int, metavar="COUNT")
@_tenant
@_by
@click.option("--reason", required=True, help="Why, such as a power cut that was announced.")
@_year
@home_option
@json_option
def block_command(
    book: str,
    count: int,
    tenant: str,
    by: str,
    reason: str,
    year: int | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """Reserve the next COUNT numbers of BOOK for a day on paper."""

    async def do(house: House, where: Desk, actor: Actor) -> books.Block:
        return await blocks.reserve_block(house, where, actor, book, count, reason, year=year)

    made = _done(home, tenant, by, do)
    told = {name: getattr(made, name) for name in ("first", "last", "book", "year", "id")}
    _tell("registers.reserved", made, as_json, **told)


@command.command("close")
@click.argument("book", metavar="BOOK")
@click.argument("year", type=_YEAR, metavar="YEAR")
@_tenant
@_by
@home_option
@json_option
def close_command(
    book: str, year: int, tenant: str, by: str, home: Path | None, as_json: bool
) -> None:
    """Close BOOK of YEAR with its totals; nothing is numbered in it any more."""

    async def do(house: House, where: Desk, actor: Actor) -> closing.Closing:
        return await closing.close(house, where, actor, book, year)

    closed = _done(home, tenant, by, do)
    counted = msgspec.structs.asdict(closed.totals)
    told = {name: counted[name] for name in ("numbers", "issued", "void", "quantity")}
    _tell("registers.shut", closed, as_json, book=book, year=year, **told)


def _done(
    home: Path | None, slug: str, by: str, do: Callable[[House, Desk, Actor], Awaitable[T]]
) -> T:
    """What *do* answers, in the name of the account *by*."""

    async def use(house: House) -> T:
        where = await desk(house, slug)
        return await do(house, where, await staff.named(house, where, by))

    try:
        return with_house(home, use)
    except InvalidAnswersError as error:
        for fault in error.faults:
            words = text(fault.fault, lang="en", **({"label": fault.field} | fault.fields))
            click.echo(f"motcua: {words}", err=True)
        sys.exit(USERS_MISTAKE)


def _tell(key: str, done: msgspec.Struct, as_json: bool, **told: Any) -> None:
    click.echo(msgspec.json.encode(done) if as_json else text(key, **told))


def _print(found: tuple[books.Book, ...]) -> None:
    if not found:
        click.echo(text("registers.none"))
        return
    table = Table()
    for name in ("book", "year", "numbers", "issued", "void", "waiting", "blocks", "closed"):
        table.add_column(text(f"registers.{name}"))
    for each in found:
        spans = [f"{b.first}–{b.last}" for b in each.blocks if b.closed_at is None]
        table.add_row(
            each.book,
            str(each.year),
            f"{each.first}–{each.last}" if each.last >= each.first else "–",
            str(each.totals.issued),
            str(each.totals.void),
            ", ".join(map(str, each.waiting)) or "–",
            ", ".join(spans) or "–",
            f"{each.closed_at:%d/%m/%Y}" if each.closed_at else "–",
        )
    Console().print(table)
