"""What people type into the console's fields, as dates, hours and whole numbers."""

import datetime as dt
import re

from motcua.domain.calendar import VN

_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_HOUR = re.compile(r"(\d{1,2})[:hg](\d{2})")


def date(words: str) -> dt.date | None:
    """The day written ``24/11/2026``, or ``None``."""
    found = _DATE.fullmatch(words)
    if found is None:
        return None
    try:
        return dt.date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def hour(words: str) -> dt.time | None:
    """The time written ``07:30``, or ``None``."""
    found = _HOUR.fullmatch(words)
    if found is None:
        return None
    try:
        return dt.time(int(found[1]), int(found[2]))
    except ValueError:
        return None


def whole(words: str) -> int | None:
    """The number written ``8.000`` or ``8000``, or ``None``."""
    digits = words.replace(".", "").replace(" ", "")
    return int(digits) if re.fullmatch(r"[0-9]{1,12}", digits) else None


def beginning(day: dt.date) -> dt.datetime:
    """The first moment of *day* in Vietnam."""
    return dt.datetime.combine(day, dt.time(), VN)
