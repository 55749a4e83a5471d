"""The figures of a province, or of one of its units, in rows: by day, by month, by answer."""

import calendar
import datetime as dt
from typing import Any

import msgspec

from motcua.domain.report import Period
from motcua.services.house import Desk, House
from motcua.services.ratings import Averages, averages, ended_within, told_sql
from motcua.services.supervision import SUMS, Counts, Unit
from motcua.storage.work import work

MONTHS = 12
"""How many months of shares are shown, that in which the period ends the last."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one day and field of law, of one day and procedure, or of one month."""

    day: dt.date
    of: str
    counts: Counts


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """What came in and what went out.

    Attributes:
        carried: In process when the period began.
        still: In process of all that was received until today.
    """

    carried: int
    received: int
    done: int
    still: int

    @property
    def left(self) -> int:
        """In process when the period ended."""
        return self.carried + self.received - self.done


async def by_day_and_field(
    house: House, above: Desk, period: Period, field: str = ""
) -> list[Cell]:
    """The figures of all units together, day by day and field by field."""
    return await _cells(house, above, _CELLS_FIELD, period.first, period.last, None, field)


async def by_day_and_procedure(
    house: House, above: Desk, unit: Unit, period: Period, field: str = ""
) -> list[Cell]:
    """One unit's figures, day by day and procedure by procedure."""
    return await _cells(house, above, _CELLS_UNIT, period.first, period.last, unit.id, field)


async def by_month(
    house: House, above: Desk, period: Period, unit: Unit | None = None, field: str = ""
) -> list[Cell]:
    """The figures of :data:`MONTHS` months, those without dossiers left out.

    Each is whole, also that in which *period* ends; that of today only where *period*
    reaches until now.
    """
    last = _months_end(period, house.today())
    months = last.year * 12 + last.month - MONTHS
    first = dt.date(months // 12, months % 12 + 1, 1)
    return await _cells(house, above, _MONTHS, first, last, unit.id if unit else None, field)


def _months_end(period: Period, today: dt.date) -> dt.date:
    """The last day of the last month that is told of *period*."""
    last = min(period.last, today)
    end = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    if today in period or end < today:
        return min(end, today)
    return last.replace(day=1) - dt.timedelta(days=1)


async def balance(
    house: House, above: Desk, period: Period, unit: Unit | None = None, field: str = ""
) -> Balance:
    """What was carried into *period*, came, went, and is still there today."""
    args = (above.id, period.first, period.last, unit.id if unit else None, field)
    async with work(house.engine, above.id) as reading:
        row = await reading.fetchrow(_BALANCE, *args)
    return msgspec.convert({name: value or 0 for name, value in dict(row).items()}, Balance)


async def said(house: House, above: Desk, period: Period, unit: Unit | None = None) -> Averages:
    """What people answered in the ended months of *period*; only how many said what."""
    months = ended_within(period, house.today())
    if months is None:
        return averages(())
    args = (above.id, months.first, months.last, unit.id if unit else None)
    async with work(house.engine, above.id) as reading:
        rows = await reading.fetch(_SAID, *args)
    return averages((row["question"], row["answer"], row["n"]) for row in rows)


async def _cells(house: House, above: Desk, sql: str, *args: Any) -> list[Cell]:
    async with work(house.engine, above.id) as reading:
        rows = await reading.fetch(sql, above.id, *args)
    return [
        Cell(
            day=row["day"],
            of=row["of"],
            counts=Counts(**{name: row[name] or 0 for name in _FIGURES}),
        )
        for row in rows
    ]


_FIGURES = ("received", "online", "early", "on_time", "late", "no_limit")

_WITHIN = """where province_id = $1 and day between $2 and $3
  and ($4::int is null or tenant_id = $4) and ($5 = '' or field = $5)"""

_CELLS_FIELD = f"""
select day, field as of, {SUMS} from daily_figure
{_WITHIN} group by 1, 2 order by 1, 2
"""  # noqa: S608 - words of the program's own

_CELLS_UNIT = f"""
select day, procedure_code as of, {SUMS} from daily_figure
{_WITHIN} group by 1, 2 order by 1, 2
"""  # noqa: S608 - the same

_MONTHS = f"""
select date_trunc('month', day)::date as day, '' as of, {SUMS} from daily_figure
{_WITHIN} group by 1 order by 1
"""  # noqa: S608 - the same

_BALANCE = """
select (sum(received - done) filter (where day < $2))::int as carried,
  (sum(received) filter (where day between $2 and $3))::int as received,
  (sum(done) filter (where day between $2 and $3))::int as done,
  sum(received - done)::int as still
from (select day, received, early + on_time + late + no_limit as done from daily_figure
  where province_id = $1 and ($4::int is null or tenant_id = $4) and ($5 = '' or field = $5)) f
"""

_SAID = f"""
select question, answer, sum(n)::int as n
from ({told_sql("$2", "$3")}) told
where $4::int is null or tenant_id = $4 group by 1, 2
"""  # noqa: S608 - the same
