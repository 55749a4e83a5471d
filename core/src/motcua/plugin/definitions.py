"""Reads the definition files that travel with a plugin."""

import importlib.resources
import tomllib
from pathlib import Path

from motcua.domain.decoding import Fault
from motcua.domain.definitions import read_definitions, text_faults
from motcua.domain.errors import MotCuaError
from motcua.domain.procedure import ProcedureDefinition

FOLDER = "procedures"
FileFaults = list[tuple[str, Fault]]


class DefinitionFilesError(MotCuaError):
    """Definition files are wrong; holds *all* faults, each with its file."""

    code = "definitions.invalid"

    def __init__(self, faults: FileFaults) -> None:
        """Keep every fault, in the order of the files."""
        self.faults = faults
        lines = "; ".join(f"{file}: {fault.key}: {fault.code}" for file, fault in faults)
        super().__init__(lines, count=len(faults), detail=lines)


def read_definition_text(text: str) -> tuple[list[ProcedureDefinition], list[Fault]]:
    """The definitions in the *text* of a file, and all of its faults."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [], [Fault(key="", code="file.toml", told={"detail": str(error)})]
    definitions, faults = read_definitions(document)
    return definitions, text_faults(text) + faults


def definition_files(path: Path) -> list[Path]:
    """The file *path*, or the definition files below the folder *path*.

    Below a plugin's or the whole project's folder these are the ``.toml`` files in
    folders called ``procedures``; a folder without such a one holds only definitions.
    """
    if not path.is_dir():
        return [path]
    files = sorted(path.rglob("*.toml"))
    return [file for file in files if file.parent.name == FOLDER] or files


def read_definition_files(path: Path) -> tuple[list[ProcedureDefinition], FileFaults]:
    """The definitions of a file or folder, and all faults; see :func:`definition_files`."""
    definitions: list[ProcedureDefinition] = []
    faults: FileFaults = []
    for file in definition_files(path):
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(
                (str(file), Fault(key="", code="file.unreadable", told={"detail": str(error)}))
            )
            continue
        found, wrong = read_definition_text(text)
        definitions += found
        faults += [(str(file), fault) for fault in wrong]
    return definitions, faults


def load_definitions(package: str) -> list[ProcedureDefinition]:
    """The definitions in the folder ``procedures`` of *package*.

    Raises:
        DefinitionFilesError: If a file has a fault; it lists all of them.
    """
    with importlib.resources.as_file(importlib.resources.files(package)) as folder:
        definitions, faults = read_definition_files(folder / FOLDER)
    if faults:
        raise DefinitionFilesError(faults)
    return definitions
