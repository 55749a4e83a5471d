"""The charts of supervision, each with the rows of the table beside it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from motcua.plugin.texts import text
from motcua.services.supervision import Counts, Unit, total
from motcua.services.supervision_series import Cell
from motcua.ui.chart import Chart, line, pairs, shares
from motcua.ui.format import number, percent
from motcua.web.supervision.frame import STEPS, Seen, columns, day_words
from motcua.web.supervision.periods import month_of, months_between, step_days, step_of, weekly
from motcua.web.supervision.table import figures_of


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A chart, and what stands in its table.

    Attributes:
        links: Where the rows lead: to the same page of their own days.
    """

    title: str
    chart: Chart
    columns: list[str]
    rows: list[tuple[str, ...]]
    links: list[str] = []


def trend(what: Seen, cells: Sequence[Cell], unit: str = "") -> Figure:
    """Received and finished, by day or by week."""
    kind = "week" if weekly(what.period) else "day"
    steps = _grouped(cells, lambda cell: step_of(cell.day, what.period))
    drawn = [(day_words(day), counts.received, counts.done) for day, counts in steps.items()]
    best = max(drawn, key=lambda each: each[1], default=("–", 0, 0))
    most = {"day": best[0], "received": number(best[1]), "done": number(best[2])}
    return Figure(
        title=text(f"supervision.trend.{kind}"),
        chart=pairs(text(f"supervision.trend.{kind}s", **most), drawn),
        columns=[text(f"supervision.col.{kind}"), *columns(STEPS)],
        rows=[_step(f"{day:%d/%m/%Y}", counts) for day, counts in steps.items()],
        links=[what.address(unit, days=step_days(day, what.period)) for day in steps],
    )


def months(what: Seen, cells: Sequence[Cell], overdue: int | None, unit: str = "") -> Figure:
    """How much was in time, month by month; what is overdue now counts in the month of today."""
    counted = {each.day: each.counts for each in cells}
    found = [
        (day, counts, counts.percent_in_time(overdue if what.running(day) else 0))
        for day in months_between(counted)
        for counts in [counted.get(day, Counts())]
    ]
    told = ", ".join(f"{day:%m/%Y} {percent(share)}" for day, _, share in found)
    return Figure(
        title=text("supervision.months"),
        chart=line(
            text("supervision.months.told", told=told or "–"),
            [(text("supervision.month", number=day.month), share) for day, _, share in found],
        ),
        columns=[text("ratings.col.month"), *columns(STEPS), text("supervision.col.in_time")],
        rows=[(*_step(f"{day:%m/%Y}", counts), percent(share)) for day, counts, share in found],
        links=[what.address(unit, days=month_of(day)) for day, _, _ in found],
    )


def fields(
    what: Seen, cells: Sequence[Cell], names: Mapping[str, str], units: Sequence[Unit]
) -> Figure:
    """How much of each field of law was in time, the largest field first."""
    late = late_of(units, "field")
    found = largest(cells, late)
    overdue = {of: _known(units, late.get(of, 0)) for of, _ in found}
    drawn = [
        (names.get(of, of), counts.percent_in_time(overdue[of]), counts.done)
        for of, counts in found
    ]
    told = ", ".join(f"{name} {percent(share)}" for name, share, _ in drawn)
    return Figure(
        title=text("supervision.fields"),
        chart=shares(
            text("supervision.fields.told", told=told),
            [(name, share, percent(share), done) for name, share, done in drawn],
        ),
        links=[what.address(linh_vuc=of) for of, _ in found],
        columns=[text("report.field"), *columns(what.counted)],
        rows=[_row(what, names.get(of, of), counts, overdue[of]) for of, counts in found],
    )


def by_procedure(
    what: Seen, cells: Sequence[Cell], unit: Unit, name: Callable[[str], str]
) -> list[tuple[str, ...]]:
    """A row a procedure, the most asked for first."""
    late = late_of([unit], "procedure")
    return [
        _row(what, name(of), counts, _known([unit], late.get(of, 0)))
        for of, counts in largest(cells, late)
    ]


def late_of(units: Sequence[Unit], kind: str) -> dict[str, int]:
    """How many are overdue now, by field of law or by procedure."""
    found: dict[str, int] = {}
    for each in (one for unit in units for one in unit.overdue_of or ()):
        key = getattr(each, kind)
        found[key] = found.get(key, 0) + each.n
    return found


def largest(cells: Sequence[Cell], also: Mapping[str, int]) -> list[tuple[str, Counts]]:
    """The counts by what they are of, most received first; *also* what has none."""
    found = dict.fromkeys(also, Counts()) | _grouped(cells, lambda cell: cell.of)
    return sorted(found.items(), key=lambda each: (-each[1].received, each[0]))


def _row(what: Seen, name: str, counts: Counts, overdue: int | None) -> tuple[str, ...]:
    return figures_of(name, counts, overdue, now=what.now)


def _step(name: str, counts: Counts) -> tuple[str, ...]:
    return (name, *(number(getattr(counts, each)) for each in STEPS))


def _known(units: Sequence[Unit], overdue: int) -> int | None:
    """*overdue*, if every unit with work has counted its own."""
    unknown = any(unit.overdue_of is None and not unit.idle for unit in units)
    return None if unknown else overdue


def _grouped(cells: Sequence[Cell], of: Callable[[Cell], Any]) -> dict[Any, Counts]:
    groups: dict[Any, list[Counts]] = {}
    for cell in cells:
        groups.setdefault(of(cell), []).append(cell.counts)
    return {key: total(counts) for key, counts in sorted(groups.items())}
