"""Time limits (thời hạn): how long, in which unit, counted how.

The law writes "3 ngày làm việc", "8 giờ làm việc", "trong ngày"; a
:class:`TimeLimit` is that phrase as a value. When it ends is the business of
``deadline``: nothing here knows a calendar.
"""

import datetime as dt
import enum
import functools
import re
from typing import Literal, Self

import msgspec

from motcua.domain.deadline_errors import (
    ConventionError,
    LimitAmountError,
    LimitSumError,
    LimitTextError,
)

Convention = Literal["E", "H"]

MAX_AMOUNT = 9_999
HOURS_PER_DAY = 8
DEFAULT_CUTOFF = dt.time(15)


class Unit(enum.StrEnum):
    """What a time limit counts."""

    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    CLOCK_HOUR = "clock_hour"
    SAME_DAY = "same_day"


CONVENTIONS: dict[Unit, tuple[Convention, ...]] = {
    Unit.WORKING_DAY: ("E", "H"),
    Unit.CALENDAR_DAY: ("E",),
    Unit.SAME_DAY: ("E",),
    Unit.WORKING_HOUR: ("H",),
    Unit.CLOCK_HOUR: ("H",),
}
"""The conventions defined for each unit; the first one holds where none is named."""

_SHORT = {
    "wd": Unit.WORKING_DAY,
    "wh": Unit.WORKING_HOUR,
    "cd": Unit.CALENDAR_DAY,
    "ch": Unit.CLOCK_HOUR,
}
_SHORT_OF = {unit: short for short, unit in _SHORT.items()}
_SHORT_TEXT = re.compile(r"([0-9]{1,9}) ?(wd|wh|cd|ch)")
_SAME_DAY_TEXT = re.compile(r"same_day(?: ?\+ ?([0-9]{1,9}) ?wd)?")


class TimeLimit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time limit as a procedure states it.

    Attributes:
        amount: How many units; for ``same_day`` 1, and one more for each working
            day added to it by :meth:`plus`.
        unit: What is counted.
        cutoff: The hour after which a reception counts for the next working day.
            ``same_day`` without one uses 15:00; other units know none by themselves.
        convention: ``E`` ends at the closing hour of the last day, ``H`` walks
            through the hours; ``None`` takes the unit's usual one.
        ground: The legal ground, as shown to people.
        round_the_clock: It counts from the moment itself, be it at night or on a day
            off; for clock hours only.
    """

    amount: int
    unit: Unit
    cutoff: dt.time | None = None
    convention: Convention | None = None
    ground: str = ""
    round_the_clock: bool = False

    def __post_init__(self) -> None:
        """Refuse what no rule defines.

        Raises:
            LimitAmountError: the amount is below 1 or above 9,999.
            ConventionError: the convention is not defined for the unit.
        """
        if not 1 <= self.amount <= MAX_AMOUNT:
            raise LimitAmountError(amount=self.amount, unit=self.unit.value, most=MAX_AMOUNT)
        if self.convention is not None and self.convention not in CONVENTIONS[self.unit]:
            allowed = ", ".join(CONVENTIONS[self.unit])
            raise ConventionError(convention=self.convention, unit=self.unit.value, allowed=allowed)

    @property
    def counting(self) -> Convention:
        """The convention that holds: the named one, or the unit's usual one."""
        return self.convention or CONVENTIONS[self.unit][0]

    @property
    def last_hour(self) -> dt.time | None:
        """The cut-off that holds, if any: the limit's own, or 15:00 for ``same_day``."""
        if self.cutoff is None and self.unit is Unit.SAME_DAY:
            return DEFAULT_CUTOFF
        return self.cutoff

    def short(self) -> str:
        """The limit as ``motcua due`` writes it: ``3 wd``, ``same_day``, ``same_day + 2 wd``."""
        if self.unit is not Unit.SAME_DAY:
            return f"{self.amount} {_SHORT_OF[self.unit]}"
        return "same_day" if self.amount == 1 else f"same_day + {self.amount - 1} wd"

    def plus(self, more: "TimeLimit | int", *, ground: str = "") -> Self:
        """This limit and *more* of it, as one limit.

        Defined where counting one after the other gives the same end: working days
        with working days, working hours with working hours, and working days after
        a same-day limit.

        Args:
            more: A limit, or a number of this limit's own units (of working days
                after ``same_day``).
            ground: The ground of the sum; without one, both grounds.

        Raises:
            LimitSumError: no rule defines the sum.
        """
        if isinstance(more, int):
            unit = Unit.WORKING_DAY if self.unit is Unit.SAME_DAY else self.unit
            more = TimeLimit(amount=more, unit=unit, convention=self.convention)
        addable = {
            Unit.WORKING_DAY: Unit.WORKING_DAY,
            Unit.WORKING_HOUR: Unit.WORKING_HOUR,
            Unit.SAME_DAY: Unit.WORKING_DAY,
        }
        if addable.get(self.unit) is not more.unit or self.counting != more.counting:
            raise LimitSumError(first=self.short(), second=more.short())
        grounds = ground or "; ".join(filter(None, (self.ground, more.ground)))
        return msgspec.structs.replace(self, amount=self.amount + more.amount, ground=grounds)


@functools.lru_cache(maxsize=4096)
def parse_limit(
    text: str, cutoff: dt.time | None = None, convention: Convention | None = None
) -> TimeLimit:
    """The limit written as ``3 wd``, ``8 wh``, ``7 cd``, ``12 ch`` or ``same_day``.

    Raises:
        LimitTextError: it is written otherwise.
        LimitAmountError: the amount is below 1 or above 9,999.
        ConventionError: the convention is not defined for the unit.
    """
    if found := _SHORT_TEXT.fullmatch(text):
        amount, unit = int(found[1]), _SHORT[found[2]]
    elif found := _SAME_DAY_TEXT.fullmatch(text):
        amount, unit = 1 + int(found[1] or 0), Unit.SAME_DAY
    else:
        raise LimitTextError(text=text)
    return TimeLimit(amount=amount, unit=unit, cutoff=cutoff, convention=convention)


__all__ = [
    "CONVENTIONS",
    "DEFAULT_CUTOFF",
    "HOURS_PER_DAY",
    "MAX_AMOUNT",
    "Convention",
    "TimeLimit",
    "Unit",
    "parse_limit",
]
