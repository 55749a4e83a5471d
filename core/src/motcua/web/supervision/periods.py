"""The periods a supervisor chooses from: those of the calendar and those of the reports."""

import calendar
import datetime as dt
from collections.abc import Iterable

from motcua.domain.report import Period

PRESETS = ("month", "last_month", "report", "quarter", "year", "all")
_REPORT_DAY = 15
"""Reports run from the 15th of a month to the 14th of the next (Decree 09/2019 art. 12)."""
_QUARTER = 3
_WEEKLY_FROM = 45
"""From how many days on figures are drawn week by week."""


def preset(name: str, today: dt.date, whole: Period | None = None) -> Period:
    """The days the preset *name* means on the day *today*."""
    first = today.replace(day=1)
    match name:
        case "last_month":
            last = first - dt.timedelta(days=1)
            return Period(last.replace(day=1), last)
        case "report":
            return _report(today)
        case "quarter":
            month = (today.month - 1) // _QUARTER * _QUARTER + 1
            return Period(first.replace(month=month), today)
        case "year":
            return Period(first.replace(month=1), today)
        case "all" if whole is not None:
            return whole
        case _:
            return Period(first, today)


def _report(today: dt.date) -> Period:
    begins = today.replace(day=_REPORT_DAY)
    if today.day < _REPORT_DAY:
        begins = (begins.replace(day=1) - dt.timedelta(days=1)).replace(day=_REPORT_DAY)
    following = (begins.replace(day=28) + dt.timedelta(days=4)).replace(day=_REPORT_DAY)
    return Period(begins, following - dt.timedelta(days=1))


def weekly(period: Period) -> bool:
    """Whether *period* is drawn by weeks; a short one is drawn by days."""
    return (period.last - period.first).days >= _WEEKLY_FROM


def step_of(day: dt.date, period: Period) -> dt.date:
    """The day, or the Monday of its week, that stands for *day* in a chart of *period*."""
    return day - dt.timedelta(days=day.weekday()) if weekly(period) else day


def step_days(day: dt.date, period: Period) -> Period:
    """The days of *period* that the step *day* stands for."""
    last = day + dt.timedelta(days=6) if weekly(period) else day
    return Period(max(day, period.first), max(min(last, period.last), period.first))


def month_of(day: dt.date) -> Period:
    """The month in which *day* lies."""
    first = day.replace(day=1)
    return Period(first, first.replace(day=calendar.monthrange(day.year, day.month)[1]))


def months_between(days: Iterable[dt.date]) -> list[dt.date]:
    """The first days of all months from the first to the last of *days*."""
    found = sorted(day.replace(day=1) for day in days)
    months = [found[0]] if found else []
    while months and months[-1] < found[-1]:
        months.append(month_of(months[-1]).last + dt.timedelta(days=1))
    return months
