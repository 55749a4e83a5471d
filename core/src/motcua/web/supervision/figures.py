"""The figures at the head of a page of supervision, each leading to where it comes from."""

import msgspec

from motcua.domain.report import Period
from motcua.plugin.texts import text
from motcua.services.supervision import Unit
from motcua.services.supervision_series import Balance
from motcua.ui.format import decimal, number, percent
from motcua.web.supervision.frame import Seen
from motcua.web.supervision.table import PARTS, counted, mean


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure: what it is, the number, where it comes from."""

    name: str
    words: str
    href: str
    late: bool = False


def heading(what: Seen, unit: Unit, count: int, kept: Balance) -> list[Figure]:
    """The figures of *unit*, or of all *count* units as if they were one."""
    counts, overdue = unit.counts, unit.overdue
    shown: list[tuple[str, str]] = []
    if what.now:
        shown += [("received_today", number(unit.today.received))]
        shown += [("done_today", number(unit.today.done))]
    shown += [("received", number(counts.received)), ("done", number(counts.done))]
    if what.now:
        shown += [
            ("open", number(kept.still)),
            ("overdue", counted(overdue)),
        ]
    else:
        monthly = counts.received / (count or 1) / what.period.months
        shown += [("early", number(counts.early)), ("on_time", number(counts.on_time))]
        shown += [("late", number(counts.late)), ("monthly", decimal(monthly))]
    shown += [
        ("in_time", percent(unit.percent_in_time)),
        ("online", percent(counts.percent_online)),
    ]
    if not what.field:
        shown += [("satisfied", mean(counts.satisfaction))]
    return [
        Figure(
            name=text(f"supervision.kpi.{name}"),
            words=words,
            href=_source(what, unit.slug, name) if words != "–" else "",
            late=name == "overdue" and bool(overdue),
        )
        for name, words in shown
    ]


def balance(what: Seen, kept: Balance) -> str:
    """What was carried over, came, went and is left, in a sentence; what became of it, too."""
    told = {
        "carried": number(kept.carried),
        "received": number(kept.received),
        "done": number(kept.done),
        "left": number(kept.left),
    }
    words = text(f"supervision.balance.{'now' if what.now else 'then'}", **told)
    if what.now or not kept.left or kept.still:
        return words
    return f"{words} {text('supervision.balance.since', **told)}"


def _source(what: Seen, unit: str, name: str) -> str:
    """Where a figure comes from: a part of this page, or the day of today."""
    if name.endswith("_today"):
        today = Period(what.today, what.today)
        return what.address(f"don-vi/{unit}" if unit else "", days=today)
    if name in PARTS:
        return f"#{PARTS[name]}"
    if unit:
        return "#thu-tuc"
    column = {"open": "received", "monthly": "received"}.get(name, name)
    return f"{what.address(xep=f'-{column}')}#bang"
