"""The national calendar that ships with the core.

The rows are data with their legal basis in ``data/calendar/vn-holidays.toml``; this
is the only place that reads them.
"""

import datetime as dt
import functools
import importlib.resources
from typing import Literal

import msgspec

from motcua.domain.calendar import Calendar, CalendarDay
from motcua.domain.deadline_errors import CalendarFileError

Source = Literal["verified", "latest", "known", "assumed", "none"]
Sureness = Literal["verified", "known", "unknown"]


class _Row(CalendarDay, frozen=True, kw_only=True):
    """A row of the file: a calendar day and how sure its dates are."""

    decided_confidence: Source
    confidence: Sureness


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    schema: Literal[1]
    country: str
    scope: str
    as_of: str
    day: tuple[_Row, ...]


def decode_calendar(source: bytes, name: str) -> tuple[CalendarDay, ...]:
    """The rows of a calendar file.

    Args:
        source: The text of the file, TOML.
        name: What to call it in an error.

    Raises:
        CalendarFileError: it is not TOML, or a key or a value is wrong.
    """
    try:
        rows = msgspec.toml.decode(source, type=_File).day
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CalendarFileError(file=name, problem=str(error)) from error
    names = CalendarDay.__struct_fields__
    return tuple(CalendarDay(**{field: getattr(row, field) for field in names}) for row in rows)


@functools.cache
def national_days() -> tuple[CalendarDay, ...]:
    """The national rows: holidays, substitutes and swapped days of 2018–2030."""
    file = importlib.resources.files("motcua") / "data" / "calendar" / "vn-holidays.toml"
    return decode_calendar(file.read_bytes(), file.name)


@functools.cache
def national_calendar() -> Calendar:
    """The national rows with the usual hours, Monday to Friday 07:30–11:30, 13:00–17:00."""
    days = national_days()
    years = (days[0].date.year, days[-1].date.year)
    return Calendar(days=days, covers=(dt.date(years[0], 1, 1), dt.date(years[1], 12, 31)))


__all__ = ["decode_calendar", "national_calendar", "national_days"]
