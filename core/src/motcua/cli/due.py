"""``motcua due``: when a dossier is due, and why.

The batch form answers many thousands of lines a second: it opens no database, and
whatever is not needed for counting is imported where it is used.
"""

import datetime as dt
import functools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import click
import msgspec

from motcua.cli.options import json_option
from motcua.domain.calendar import VN, Calendar, OpeningHours
from motcua.domain.calendar_data import national_calendar
from motcua.domain.deadline import Due, due, due_at
from motcua.domain.errors import MotCuaError
from motcua.domain.explanation import DayNote
from motcua.domain.limit import Convention, TimeLimit, parse_limit
from motcua.plugin.texts import text

FAULTS_FOUND = 1
_LINES_AT_ONCE = 1_000


class DueUsageError(MotCuaError):
    """The command was called without what it needs, or with too much."""

    code = "due.usage"


class TimeTextError(MotCuaError):
    """A date and time could not be read."""

    code = "deadline.time-text"


class CutoffTextError(MotCuaError):
    """An hour of the day could not be read."""

    code = "deadline.cutoff-text"


class BatchLineError(MotCuaError):
    """A line of a batch is not what it should be."""

    code = "deadline.line"


class UnknownUnitError(MotCuaError):
    """No file describes the unit whose hours were asked for."""

    code = "deadline.tenant-hours"


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a batch."""

    received: str
    limit: str
    cutoff: str | None = None
    convention: Convention | None = None
    tenant: str | None = None
    as_of: dt.date | None = None


class _Answer(msgspec.Struct, frozen=True):
    due: dt.datetime


class _Calendars:
    """The calendars of units by slug; ``None`` is the national one."""

    def __init__(self, hours_of_unit: Callable[[str], OpeningHours]) -> None:
        self._hours = hours_of_unit
        self._found: dict[str | None, Calendar] = {None: national_calendar()}

    def of(self, slug: str | None) -> Calendar:
        if slug not in self._found:
            assert slug is not None, "the national calendar is there"  # noqa: S101 - for the type checker
            national, hours = national_calendar(), self._hours(slug)
            self._found[slug] = msgspec.structs.replace(national, hours=hours)
        return self._found[slug]


@click.command("due")
@click.argument("received", required=False)
@click.argument("limit", required=False)
@click.option("--cutoff", metavar="HH:MM", help="Later receptions count for the next working day.")
@click.option(
    "--convention",
    type=click.Choice(["E", "H"]),
    help="E: due at the closing hour of the last day; H: hour by hour.",
)
@click.option("--tenant", metavar="SLUG", help="Count with the opening hours of this unit.")
@click.option(
    "--tenants",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Where the files of units are. Default: the sample units of Một Cửa.",
)
@click.option("--as-of", metavar="DATE", help="Use only holidays decided by this day.")
@click.option("--explain", is_flag=True, help="Say what became of each day.")
@click.option("--batch", type=click.File("rb"), help="Answer JSON lines; - reads standard input.")
@json_option
def command(
    received: str | None,
    limit: str | None,
    cutoff: str | None,
    convention: Convention | None,
    tenant: str | None,
    folder: Path | None,
    as_of: str | None,
    explain: bool,
    batch: IO[bytes] | None,
    as_json: bool,
) -> None:
    """When a dossier RECEIVED at a time is due under a LIMIT.

    RECEIVED is a local date and time, such as 2026-11-23T08:30. LIMIT is one of
    "3 wd" (working days), "8 wh" (working hours), "7 cd" (calendar days),
    "12 ch" (clock hours) or "same_day".
    """
    calendars = _Calendars(functools.partial(_hours_from_files, folder))
    if batch is not None:
        if received is not None:
            raise DueUsageError
        faults = _answer_all(batch, sys.stdout.buffer, calendars)
        sys.exit(FAULTS_FOUND if faults else 0)
    if received is None or limit is None:
        raise DueUsageError
    found = due(
        calendars.of(tenant),
        _moment(received),
        _limit(limit, cutoff, convention),
        as_of=None if as_of is None else _date(as_of),
    )
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    click.echo("\n".join(_told(found, explain=explain)))


def _answer_all(lines: IO[bytes], out: IO[bytes], calendars: _Calendars) -> int:
    """Answer every line; the number of those that could not be answered."""
    decode, encode = msgspec.json.Decoder(_Line).decode, msgspec.json.Encoder().encode
    faults, answers = 0, list[bytes]()
    for line in lines:
        try:
            answer: object = _Answer(_answer(decode(line), calendars))
        except msgspec.DecodeError as error:
            answer = _fault(BatchLineError(problem=str(error)))
            faults += 1
        except MotCuaError as error:
            answer = _fault(error)
            faults += 1
        answers.append(encode(answer))
        if len(answers) == _LINES_AT_ONCE:
            out.write(b"\n".join(answers) + b"\n")
            answers.clear()
    if answers:
        out.write(b"\n".join(answers) + b"\n")
    out.flush()
    return faults


def _answer(line: _Line, calendars: _Calendars) -> dt.datetime:
    limit = _limit(line.limit, line.cutoff, line.convention)
    return due_at(calendars.of(line.tenant), _moment(line.received), limit, as_of=line.as_of)


def _fault(error: MotCuaError) -> dict[str, dict[str, str]]:
    detail = text(error.code, lang="en", **error.fields)
    return {"error": {"type": error.code, "detail": detail}}


def _moment(written: str) -> dt.datetime:
    """A written time; without a zone it is Vietnam's."""
    try:
        moment = dt.datetime.fromisoformat(written)
    except ValueError:
        raise TimeTextError(text=written) from None
    return moment.replace(tzinfo=VN) if moment.tzinfo is None else moment


def _date(written: str) -> dt.date:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise TimeTextError(text=written) from None


@functools.cache
def _limit(written: str, cutoff: str | None, convention: Convention | None) -> TimeLimit:
    return parse_limit(written, None if cutoff is None else _hour(cutoff), convention)


def _hour(written: str) -> dt.time:
    try:
        hour = dt.time.fromisoformat(written)
    except ValueError:
        raise CutoffTextError(text=written) from None
    if hour.tzinfo is not None:
        raise CutoffTextError(text=written)
    return hour


def _hours_from_files(folder: Path | None, slug: str) -> OpeningHours:
    """The hours of a unit: its own, or those of its province or of the nation."""
    from motcua.domain.tenant import effective_settings, hours_of  # noqa: PLC0415 - only if asked
    from motcua.storage.tenants import read_tenants, sample_folder  # noqa: PLC0415 - only if asked

    units = {unit.slug: unit for unit in read_tenants(folder or sample_folder())}
    unit = units.get(slug)
    if unit is None:
        raise UnknownUnitError(slug=slug)
    chain = [msgspec.to_builtins(unit.settings)]
    while unit.parent is not None:
        unit = units[unit.parent]
        chain.insert(0, msgspec.to_builtins(unit.settings))
    return hours_of(effective_settings(chain))


def _told(found: Due, *, explain: bool) -> Iterator[str]:
    """The answer for people."""
    due_time, received = f"{found.due:%Y-%m-%d %H:%M}", f"{found.counted_from:%Y-%m-%d %H:%M}"
    yield text("due.line", lang="en", due=due_time, received=received)
    if found.provisional:
        yield text("due.provisional", lang="en")
    if explain:
        yield from map(_told_day, found.days)


def _told_day(note: DayNote) -> str:
    words = text(f"due.why.{note.why}", lang="en", name=note.name)
    for wrapper, holds in (
        ("half", note.half),
        ("provisional", note.provisional),
        ("basis", bool(note.basis)),
    ):
        if holds:
            words = text(f"due.why.{wrapper}", lang="en", words=words, basis=note.basis)
    weekday = text("due.weekdays", lang="en").split()[note.date.weekday()]
    counted = f"{note.counted:g}" if note.counted else "–"
    return text(
        "due.day",
        lang="en",
        date=note.date.isoformat(),
        weekday=weekday,
        counted=counted,
        words=words,
    )
