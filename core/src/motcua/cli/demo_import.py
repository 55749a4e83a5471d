"""Importing the demonstration with every core the machine has.

Units do not touch each other's rows, so each process imports some of them. Unlike a
file that somebody hands in, the demonstration needs no "all or nothing": what an
interrupted start left out, the next start adds.
"""

import asyncio
import multiprocessing
import os
import sys
import threading
from collections.abc import Iterable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import click
import msgspec

from motcua.cli.session import opened
from motcua.domain.errors import MotCuaError
from motcua.plugin.texts import text
from motcua.services.house import House
from motcua.services.importing import Progress, import_histories
from motcua.storage.dsn import Dsn

_MOST_PROCESSES = 4
_WORTH_A_PROCESS = 2_000
"""Fewer lines than this are imported before another process would have begun."""


class HelperFailedError(MotCuaError):
    """A process that imported a part of the demonstration failed."""

    code = "demo.helper-failed"


class _Tenant(msgspec.Struct):
    """As much of a line as says whose it is."""

    tenant: str


async def import_all(house: House, app: Dsn, lines: Sequence[bytes], progress: Progress) -> None:
    """Import *lines* into the database at *app*, some units in processes of their own.

    Raises:
        HelperFailedError: one of these processes failed; the others' units are there.
    """
    own, *others = parts(lines, processes_for(len(lines)))
    helpers = [_Helper(app, part, progress) for part in others]
    try:
        await import_histories(house, own, progress=progress)
    finally:
        codes = [await asyncio.to_thread(helper.finish) for helper in helpers]
    if any(codes):
        raise HelperFailedError


def processes_for(lines: int) -> int:
    """How many processes are worth it on this machine, this one included."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    return max(1, min(cores, _MOST_PROCESSES, lines // _WORTH_A_PROCESS))


def parts(lines: Iterable[bytes], count: int) -> list[list[bytes]]:
    """*lines* in *count* parts of about one size, the lines of a unit together."""
    units: dict[str, list[bytes]] = {}
    decoder = msgspec.json.Decoder(_Tenant)
    for line in lines:
        units.setdefault(decoder.decode(line).tenant, []).append(line)
    made: list[list[bytes]] = [[] for _ in range(count)]
    for unit in sorted(units.values(), key=len, reverse=True):
        min(made, key=len).extend(unit)
    return made


class _Helper:
    """A process that imports a part, and a thread that hears how far it is."""

    def __init__(self, app: Dsn, lines: list[bytes], progress: Progress) -> None:
        context = multiprocessing.get_context("spawn")
        self._hears, tells = context.Pipe(duplex=False)
        self._process: BaseProcess = context.Process(
            target=import_part, args=(app.url, lines, tells), daemon=True
        )
        self._process.start()
        tells.close()
        self._thread = threading.Thread(target=self._listen, args=(progress,), daemon=True)
        self._thread.start()

    def finish(self) -> int:
        """Wait for its end; answers its exit status."""
        self._process.join()
        self._thread.join()
        self._hears.close()
        return self._process.exitcode or 0

    def _listen(self, progress: Progress) -> None:
        while True:
            try:
                stage, done = self._hears.recv()
            except EOFError:
                return
            progress(stage, done)


def import_part(url: str, lines: list[bytes], tells: "Connection[tuple[str, int], object]") -> None:
    """What a helper does: import *lines* and tell how far it is."""

    def progress(stage: str, done: int) -> None:
        waiting[stage] = waiting.get(stage, 0) + done
        if waiting[stage] >= _TOLD_AT_ONCE or stage != "read":
            tells.send((stage, waiting.pop(stage)))

    waiting: dict[str, int] = {}
    work = opened(Dsn(url), lambda house: import_histories(house, lines, progress=progress))
    try:
        asyncio.run(work)
    except MotCuaError as error:
        click.echo(f"motcua: {text(error.code, lang='en', **error.fields)}", err=True)
        sys.exit(1)
    for stage, done in waiting.items():
        tells.send((stage, done))
    tells.close()


_TOLD_AT_ONCE = 500
