"""The unit's numbers for whoever leads it, as charts and as tables."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.params import QueryParameter
from litestar.response import Response

from motcua.domain.dossier import OPEN, RUNNING, State
from motcua.domain.period import Chosen, chosen
from motcua.domain.report import Period
from motcua.plugin.texts import text
from motcua.services.dashboard import Count, Dashboard, dashboard
from motcua.services.words import called_on
from motcua.ui import chart
from motcua.ui.format import first_words, number, short_date
from motcua.web.counter.frame import Counter, TheCounter

Word = Annotated[str, QueryParameter(name="ky")]
_MOST_DAYS = 35
"""Longer periods are drawn by weeks."""
_MOST_PROCEDURES = 8
_LONGEST_NAME = 56


@get("/so-lieu")
async def show(counter: TheCounter, ky: Word = "") -> Response[Any]:
    """Today, a period, and what waits in which step."""
    asked = chosen(ky, counter.house.today())
    found = await dashboard(counter.house, counter.desk, counter.actor, asked.days)
    name, total = _named(asked), found.total
    days = [(label, each.received, each.done) for label, each in _spans(found.period, found.days)]
    last = found.period.last
    procedures = [(_name(counter, code, last), count) for code, count in found.procedures]
    steps = _steps(found) if found.now else []
    return await counter.page(
        "dashboard.html",
        current="figures",
        name=name,
        numbers=found,
        choices=_choices(asked),
        before=asked.moved(-1).word,
        after=asked.moved(1).word if asked.days.last < counter.house.today() else "",
        days=_in_words(days),
        days_chart=chart.pairs(
            text("dashboard.by_day_title", name=name, received=total.received, done=total.done),
            days,
        ),
        procedures=_in_words((name, each.received, each.done) for name, each in procedures),
        procedures_chart=_by_procedure(procedures),
        steps=_in_words(steps),
        steps_chart=chart.counts(
            text(
                "dashboard.by_step_title",
                count=sum(count for _, count, _ in steps),
                late=sum(late for _, _, late in steps),
            ),
            steps,
        ),
    )


def _by_procedure(procedures: list[tuple[str, Count]]) -> chart.Chart:
    rows = [
        (first_words(name, _LONGEST_NAME), each.received, 0)
        for name, each in procedures[:_MOST_PROCEDURES]
    ]
    name, most = procedures[0] if procedures else ("–", Count())
    title = text("dashboard.by_procedure_title", first=name, count=most.received)
    return chart.counts(title, rows)


def _in_words(rows: Iterable[tuple[str, int, int]]) -> list[tuple[str, str, str]]:
    return [(label, number(first), number(second)) for label, first, second in rows]


def _spans(period: Period, days: Iterable[tuple[dt.date, Count]]) -> list[tuple[str, Count]]:
    """The numbers by day, or by week from Monday on where the days are too many to draw."""
    length = (period.last - period.first).days + 1
    found: dict[dt.date, Count] = {}
    for day, count in days:
        week = max(day - dt.timedelta(days=day.weekday()), period.first)
        begin = day if length <= _MOST_DAYS else week
        found[begin] = found.get(begin, Count()).plus(count)
    return [(short_date(day), count) for day, count in sorted(found.items())]


def _steps(found: Dashboard) -> list[tuple[str, int, int]]:
    waiting = {State(each.state): each for each in found.waiting}
    return [
        (
            text(f"state.{state}"),
            waiting[state].count,
            waiting[state].late if state in RUNNING else 0,
        )
        for state in OPEN
        if state in waiting
    ]


def _name(counter: Counter, code: str, day: dt.date) -> str:
    return called_on(counter.house.catalogue, code, day, archive=counter.desk.archived)


def _named(asked: Chosen) -> str:
    days = asked.days
    kind = "month" if asked.months == 1 else "quarter"
    number = asked.month if asked.months == 1 else asked.month // 3
    words = text(f"dashboard.{kind}", number=number, year=asked.year)
    if not asked.reporting:
        return words
    first, last = f"{days.first:%d/%m/%Y}", f"{days.last:%d/%m/%Y}"
    return text("dashboard.reporting", period=words, first=first, last=last)


def _choices(asked: Chosen) -> list[tuple[str, str, bool]]:
    """Month and quarter, by the calendar and as reports count: word, name, whether it is shown."""
    return [
        (
            each.word,
            text(f"dashboard.choice.{kind}{'-reporting' if reporting else ''}"),
            each == asked,
        )
        for reporting in (False, True)
        for kind, months in (("month", 1), ("quarter", 3))
        for each in [msgspec.structs.replace(asked.as_months(months), reporting=reporting)]
    ]
