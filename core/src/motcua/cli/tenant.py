"""``motcua tenant``: one unit's data."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from motcua.cli.options import home_option
from motcua.cli.session import opened
from motcua.domain.errors import MotCuaError
from motcua.services.export import exported, head
from motcua.services.house import House, desk
from motcua.storage.settings import resolve

Write = Callable[[bytes], object]


class OutputError(MotCuaError):
    """The file to write cannot be written, or is there already."""

    code = "export.file"


@click.group("tenant")
def command() -> None:
    """One unit's data."""


@command.command("export")
@click.argument("slug")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write, which must not be there yet. Default: standard output.",
)
@home_option
def export_command(slug: str, out: Path | None, home: Path | None) -> None:
    """Write everything the unit SLUG has as one JSON document.

    Rows of plugins that are not installed any more are in it; passwords, sessions
    and secrets are not. The file holds personal data: only its owner may read it.
    """
    with resolve(home, os.environ) as database, _written(out) as write:
        rows = asyncio.run(opened(database.app, lambda house: _export(house, slug, write)))
    if out is not None:
        click.echo(f"{out}: {rows} rows", err=True)


async def _export(house: House, slug: str, write: Write) -> int:
    """Write table after table; answers how many rows there were."""
    tenant = await desk(house, slug)
    write(head(house.now(), slug))
    write(b',"tables":{')
    count, last = 0, ""
    async for one in exported(house, tenant):
        if one.table != last:
            write(b"%s\n%s:[" % (b"]," if last else b"", f'"{one.table}"'.encode()))
        write(b"%s\n%s" % (b"," if one.table == last else b"", one.row))
        count, last = count + 1, one.table
    write(b"]}}\n")
    return count


@contextlib.contextmanager
def _written(out: Path | None) -> Iterator[Write]:
    """Where to write: a new file of the account's own, gone again if something fails."""
    if out is None:
        yield sys.stdout.buffer.write
        return
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise OutputError(path=str(out), reason=error.strerror or "") from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file.write
    except BaseException:
        out.unlink()
        raise
