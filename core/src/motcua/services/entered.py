"""Since when a calendar row is known: never before the day it is entered (rules §13.4).

A paper is often dated days before somebody types it in. Were the row known from the
paper's date, dossiers received in between would be late, or in time, by something nobody
at the desk could know. The paper's own date stays readable in the row's basis.
"""

import datetime as dt
from collections.abc import Iterable
from typing import TypeVar

from msgspec.structs import replace

from motcua.domain.calendar import CalendarDay, Closure

_Row = TypeVar("_Row", CalendarDay, Closure)


def entered_closures(
    known: Iterable[Closure], rows: Iterable[Closure], today: dt.date
) -> list[Closure]:
    """*rows* as they count when entered *today*; what was *known* so stays known so long."""
    before = {(row.date, row.sessions): row.decided_on for row in known if row.withdrawn_on is None}
    return [_dated(row, before.get((row.date, row.sessions), today), today) for row in rows]


def entered_days(
    known: Iterable[CalendarDay], rows: Iterable[CalendarDay], today: dt.date
) -> list[CalendarDay]:
    """National *rows* as they count when entered *today*; also when they are withdrawn."""
    before = {_facts(row): row for row in known}
    made = []
    for row in rows:
        same = before.get(_facts(row))
        dated = _dated(row, today if same is None else same.decided_on, today)
        if row.withdrawn_on is not None and (same is None or same.withdrawn_on is None):
            dated = replace(dated, withdrawn_on=max(row.withdrawn_on, today))
        made.append(dated)
    return made


def _facts(row: CalendarDay) -> tuple[object, ...]:
    """What a row says about its day; names and grounds may be worded better later."""
    return row.date, row.kind, row.provisional, row.pair


def _dated(row: _Row, since: dt.date | None, today: dt.date) -> _Row:
    """*row* known *since* a day if that was before *today*, else from its own day on."""
    paper = row.decided_on
    if since is None or since < today:
        known = since
    else:
        known = today if paper is None else max(paper, today)
    basis = row.basis
    if paper is not None and paper != known:
        basis = f"{basis} (ngày {paper:%d/%m/%Y})".strip()
    return replace(row, decided_on=known, basis=basis)
