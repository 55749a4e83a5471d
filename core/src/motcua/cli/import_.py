"""``motcua import``: whole histories of dossiers, one JSON object in each line."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from motcua.cli.options import home_option, json_option
from motcua.cli.session import with_house
from motcua.plugin.texts import text
from motcua.services.importing import (
    Imported,
    ImportFault,
    ImportRefusedError,
    import_histories,
)

FAULTS_FOUND = 1
_STAGES = {
    "invent": "inventing",
    "read": "reading",
    "replay": "replaying the rules",
    "write": "writing",
}


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@home_option
@json_option
def command(file: Path, dry_run: bool, home: Path | None, as_json: bool) -> None:
    """Import the histories in FILE by replaying them through the rules of the desk.

    When a line is wrong, nothing is imported and every fault is listed with its
    line. Dossiers that were imported before are left alone.
    """
    lines = file.read_bytes().splitlines()
    with bars(len(lines), quiet=as_json) as progress:
        try:
            done = with_house(
                home,
                lambda house: import_histories(house, lines, dry_run=dry_run, progress=progress),
            )
        except ImportRefusedError as error:
            faults = error.faults
        else:
            _tell(done, as_json)
            return
    _refuse(file, faults, as_json)


class bars:  # noqa: N801 - used like a function in a with statement
    """Progress bars for the three stages of an import; silent where nobody looks."""

    def __init__(self, total: int, *, quiet: bool = False) -> None:
        """Expect *total* dossiers."""
        self._total = total
        self._shown = Progress(
            TextColumn("{task.description:<20}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=quiet,
        )
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        """Show them."""
        self._shown.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave them as they are."""
        self._shown.stop()

    def __call__(self, stage: str, done: int) -> None:
        """Move the bar of *stage* on by *done*."""
        if stage not in self._tasks:
            label = _STAGES.get(stage, stage)
            self._tasks[stage] = self._shown.add_task(label, total=self._total)
        self._shown.advance(self._tasks[stage], done)


def told(fault: ImportFault, lang: str = "en") -> str:
    """One line about *fault*: where, what, and what to do."""
    place = f"line {fault.line}"
    if fault.external_id:
        place += f" ({fault.external_id})"
    if fault.event is not None:
        place += f", event {fault.event}"
    if fault.field:
        place += f", {fault.field}"
    said = {"label": fault.field} | fault.told
    return f"{place}: {text(fault.code, lang=lang, **said)}"


def _tell(done: Imported, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(done))
        return
    verb = "would be imported" if done.dry_run else "imported"
    click.echo(f"{done.dossiers} dossiers with {done.events} events {verb}.")
    if done.known:
        click.echo(f"{done.known} dossiers had been imported before and were left alone.")


def _refuse(file: Path, faults: Sequence[ImportFault], as_json: bool) -> None:
    if as_json:
        rows = [msgspec.to_builtins(fault) | {"detail": told(fault)} for fault in faults]
        click.echo(msgspec.json.encode({"faults": rows}))
    else:
        for fault in faults:
            click.echo(f"{file}: {told(fault)}", err=True)
        wrong = len({fault.line for fault in faults})
        click.echo(f"{wrong} lines are wrong; nothing was imported.", err=True)
    sys.exit(FAULTS_FOUND)
