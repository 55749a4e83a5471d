"""``motcua procedures``: check definition files and compare two versions of them."""

import asyncio
import os
from pathlib import Path

import click
import msgspec

from motcua.app import now
from motcua.cli.options import home_option, json_option
from motcua.domain.definition_diff import ProcedureChange, compare
from motcua.domain.errors import MotCuaError
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.definitions import (
    DefinitionFilesError,
    FileFaults,
    definition_files,
    read_definition_files,
)
from motcua.plugin.texts import text
from motcua.registry.loading import load_registry
from motcua.services.publish import publish_definitions
from motcua.storage.settings import resolve

FAULTS_FOUND = 1
LANG = "en"


class NoDefinitionFileError(MotCuaError):
    """A path was named that does not exist."""

    code = "definitions.no-file"


class EmptyFolderError(MotCuaError):
    """A folder was named that holds no definition file."""

    code = "definitions.none"


@click.group("procedures")
def command() -> None:
    """Check, compare and publish procedure definitions."""


@command.command("check")
@click.argument("path", type=click.Path(path_type=Path))
@json_option
def check(path: Path, as_json: bool) -> None:
    """Check the definition file PATH, or every one below the folder PATH.

    Tells all faults, each with file, key and a hint.
    """
    definitions, faults = read_definition_files(found_files(path))
    if as_json:
        told = {"ok": not faults, "procedures": len(definitions), "faults": _rows(faults)}
        click.echo(msgspec.json.encode(told))
    else:
        _tell_faults(faults)
        click.echo(f"{len(definitions)} definitions without a fault, {len(faults)} faults")
    if faults:
        raise SystemExit(FAULTS_FOUND)


@command.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@json_option
def diff(old: Path, new: Path, as_json: bool) -> None:
    """Say what the definitions NEW change against OLD, and for whom."""
    changes = compare(sound(old), sound(new))
    if as_json:
        click.echo(msgspec.json.encode({"running": "unchanged", "procedures": changes}))
        return
    for change in changes:
        _tell_change(change)
    if not changes:
        click.echo("Nothing changes.")
        return
    click.echo(
        "Running dossiers: nothing changes. Each finishes under the version it was received"
        " under; the new text holds for dossiers received once it is published."
    )


@command.command("publish")
@click.argument("path", type=click.Path(path_type=Path))
@home_option
def publish_command(path: Path, home: Path | None) -> None:
    """Publish the definitions in PATH: they hold for what is received from now on."""
    definitions = sound(path)
    with resolve(home, os.environ) as database:
        new = asyncio.run(publish_definitions(database.owner, load_registry(), definitions, now()))
    click.echo(f"{new} of {len(definitions)} definitions were new and are published.")


def found_files(path: Path) -> Path:
    """*path*, which exists and, if it is a folder, holds a definition file.

    Raises:
        NoDefinitionFileError: There is no such file or folder.
        EmptyFolderError: The folder holds no definition file.
    """
    if not path.exists():
        raise NoDefinitionFileError(path=str(path))
    if not definition_files(path):
        raise EmptyFolderError(path=str(path))
    return path


def sound(path: Path) -> list[ProcedureDefinition]:
    """The definitions at *path*.

    Raises:
        DefinitionFilesError: A file has a fault; it lists all of them.
    """
    definitions, faults = read_definition_files(found_files(path))
    if faults:
        raise DefinitionFilesError(faults)
    return definitions


def _rows(faults: FileFaults) -> list[dict[str, str]]:
    """The faults as machines and people read them."""
    return [
        {
            "file": file,
            "key": fault.key,
            "code": fault.code,
            "detail": text(fault.code, lang=LANG, **fault.told),
            "hint": text(f"{fault.code}.hint", lang=LANG, **fault.told),
        }
        for file, fault in faults
    ]


def _tell_faults(faults: FileFaults) -> None:
    for row in _rows(faults):
        where = f"{row['file']}: {row['key']}" if row["key"] else row["file"]
        click.echo(f"{where}: {row['detail']}\n    hint: {row['hint']}")


def _tell_change(change: ProcedureChange) -> None:
    since = f" (from {change.since})" if change.since else ""
    click.echo(f"{change.code}{since} {change.what}: {change.name}")
    for each in change.changes:
        click.echo(f"    {each.key}: {each.old} → {each.new}")
