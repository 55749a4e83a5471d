"""What every page of one installation says: its name, its place, where to get help."""

import contextlib
import contextvars
import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from motcua.domain.calendar import WeeklyHours
from motcua.domain.tenant import Contact, hours_of
from motcua.plugin.texts import text
from motcua.ui.format import capital, hour, weekdays

_MARKED: contextvars.ContextVar[bool] = contextvars.ContextVar("marked", default=False)


@contextlib.contextmanager
def marked_as_test() -> Iterator[None]:
    """Mark every page drawn inside the ``with`` block as test data."""
    token = _MARKED.set(True)
    try:
        yield
    finally:
        _MARKED.reset(token)


class HelpDesk(msgspec.Struct, frozen=True, kw_only=True):
    """Where people get help; stands at the same place on every page.

    Attributes:
        name: Whom one calls, such as ``Trung tâm Phục vụ hành chính công``.
        phone: As printed, ``1900 0000``; empty if none is configured.
        hours: Working hours in words.
        address: Where the desk is.
    """

    name: str
    phone: str = ""
    hours: str = ""
    address: str = ""


def help_of(settings: Mapping[str, Any], general: HelpDesk, place: str, day: dt.date) -> HelpDesk:
    """Where people get help in a unit: what it has settled, or else where and when it works.

    Args:
        settings: The unit's, effective.
        general: Whom one asks anywhere in the installation.
        place: The unit's name, with what stands above it.
        day: Whose opening hours hold.
    """
    found = msgspec.convert(settings.get("contact") or {}, Contact)
    hours = hours_of(settings).on(day)
    return HelpDesk(
        name=general.name,
        phone=found.phone or general.phone,
        hours=found.hours or (week_words(hours) if hours else ""),
        address=found.address or text("ui.help.at", place=place),
    )


def week_words(hours: WeeklyHours) -> str:
    """The hours of a week in words; days that are alike and follow each other share one line."""
    lines = []
    for sessions, days in itertools.groupby(range(7), key=lambda day: hours.week[day]):
        if sessions:
            first, *others = [weekdays()[day] for day in days]
            named = text("ui.help.days", first=first, last=others[-1]) if others else first
            times = ", ".join(f"{hour(each.opens)}–{hour(each.closes)}" for each in sessions)
            lines.append(f"{capital(named)}: {times}")
    return "; ".join(lines)


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """One installation, as its pages present it.

    Attributes:
        place: Whose it is, ``Tỉnh Bắc Ninh``.
        test_data: Whether everything in it is invented; every page then says so.
    """

    name: str = "Một cửa điện tử"
    place: str
    help: HelpDesk
    test_data: bool = False

    @property
    def marked(self) -> bool:
        """Whether the page that is being drawn shows test data."""
        return self.test_data or _MARKED.get()


class MenuItem(msgspec.Struct, frozen=True):
    """One line of a menu."""

    label: str
    href: str
    current: bool = False
