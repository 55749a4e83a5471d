"""Months and quarters, by the calendar and as reports count them.

A reporting month runs from the 15th of the month before to the 14th, a reporting
quarter from the 15th before its first month to the 14th of its last (rules §8.1). In an
address a period is one word: ``2026-11``, ``2026-q4``, and with ``-bc`` at its end the
reporting one.
"""

import datetime as dt
import re

import msgspec

from motcua.domain.report import Period

REPORTING_DAY = 15
_WORD = re.compile(r"(20\d\d|21\d\d)-(?:(0[1-9]|1[0-2])|q([1-4]))(-bc)?")


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """A month or a quarter of a year.

    Attributes:
        year: The year it is named after.
        month: Its last month.
        months: One, or three for a quarter.
        reporting: Whether it ends on the 14th, as reports count.
    """

    year: int
    month: int
    months: int = 1
    reporting: bool = False

    @property
    def word(self) -> str:
        """What it is called in an address."""
        named = f"{self.month:02d}" if self.months == 1 else f"q{self.month // 3}"
        return f"{self.year}-{named}{'-bc' if self.reporting else ''}"

    @property
    def days(self) -> Period:
        """Its first and last day."""
        first = _first_of(self.year, self.month - self.months)
        after = _first_of(self.year, self.month)
        if self.reporting:
            half = dt.timedelta(days=REPORTING_DAY - 1)
            first = _first_of(self.year, self.month - self.months - 1) + half
            after = _first_of(self.year, self.month - 1) + half
        return Period(first, after - dt.timedelta(days=1))

    def moved(self, by: int) -> "Chosen":
        """The period so many of its own length later; earlier, below zero."""
        month = self.month - 1 + by * self.months
        return msgspec.structs.replace(self, year=self.year + month // 12, month=month % 12 + 1)

    def as_months(self, months: int) -> "Chosen":
        """The month that ends it, or the quarter around it."""
        last = self.month if months == 1 else -(-self.month // 3) * 3
        return msgspec.structs.replace(self, month=last, months=months)


def chosen(word: str, today: dt.date) -> Chosen:
    """The period *word* names; the month of *today* where it names none."""
    found = _WORD.fullmatch(word)
    if found is None:
        return Chosen(year=today.year, month=today.month)
    year, month, quarter, reporting = found.groups()
    return Chosen(
        year=int(year),
        month=int(month) if month else int(quarter) * 3,
        months=1 if month else 3,
        reporting=bool(reporting),
    )


def _first_of(year: int, months: int) -> dt.date:
    """The first day after so many *months* of a year."""
    return dt.date(year + months // 12, months % 12 + 1, 1)
