"""A unit's work in numbers for whoever leads it: a period, and what waits now."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec

from motcua.domain.dossier import Role
from motcua.domain.errors import MotCuaError
from motcua.domain.life import Actor
from motcua.domain.report import Period, percent_in_time
from motcua.services import figures
from motcua.services.counter import Load, in_process, loads
from motcua.services.house import Desk, House
from motcua.storage.work import work

LEADING = frozenset({Role.HEAD, Role.LEADER})
"""Who sees the unit's numbers."""


class NotLeadingError(MotCuaError):
    """Somebody signed in who leads nothing here."""

    code = "dashboard.not-allowed"
    status = 403


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """What was received and what was finished; the finished ones by how they kept time."""

    received: int = 0
    in_time: int = 0
    late: int = 0
    no_limit: int = 0

    @property
    def done(self) -> int:
        """All that was finished."""
        return self.in_time + self.late + self.no_limit

    def plus(self, other: "Count") -> "Count":
        """The sum of both."""
        return Count(
            received=self.received + other.received,
            in_time=self.in_time + other.in_time,
            late=self.late + other.late,
            no_limit=self.no_limit + other.no_limit,
        )


class Dashboard(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of a period, of today, and what waits now.

    Attributes:
        days: Every day of the period on which something was done.
        procedures: By code, what was received most first.
        waiting: Dossiers by the state they stand in now.
        overdue: Past their time now; none in a period that is over.
        now: Whether the period reaches until now.
    """

    period: Period
    total: Count
    today: Count
    days: tuple[tuple[dt.date, Count], ...]
    procedures: tuple[tuple[str, Count], ...]
    waiting: tuple[Load, ...]
    overdue: int
    now: bool

    @property
    def in_process(self) -> int:
        """How many dossiers are in process now."""
        return in_process(self.waiting)

    @property
    def percent_in_time(self) -> float | None:
        """The share that kept its time; what is overdue did not."""
        return percent_in_time(self.total.in_time, self.total.late, self.overdue)


async def dashboard(house: House, desk: Desk, actor: Actor, period: Period) -> Dashboard:
    """The numbers of *period*.

    Raises:
        NotLeadingError: the actor leads nothing here.
    """
    if not LEADING & set(actor.roles):
        raise NotLeadingError(name=actor.name)
    today = house.today()
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_FIGURES, desk.id, period.first, period.last, today)
    inside = [row for row in rows if period.first <= row["day"] <= period.last]
    procedures = _summed((row["procedure_code"], row) for row in inside)
    return Dashboard(
        period=period,
        total=_sum(inside),
        today=_sum(row for row in rows if row["day"] == today),
        days=tuple(sorted(_summed((row["day"], row) for row in inside).items())),
        procedures=tuple(sorted(procedures.items(), key=lambda each: (-each[1].received, each[0]))),
        waiting=await loads(house, desk, actor),
        overdue=sum((await figures.overdue(house, desk, period)).values()),
        now=today in period,
    )


def _sum(rows: Iterable[Any]) -> Count:
    found = Count()
    for row in rows:
        found = found.plus(_count(row))
    return found


def _summed(rows: Iterable[tuple[Any, Any]]) -> dict[Any, Count]:
    found: dict[Any, Count] = {}
    for key, row in rows:
        found[key] = found.get(key, Count()).plus(_count(row))
    return found


def _count(row: Any) -> Count:
    return Count(
        received=row["received"],
        in_time=row["in_time"],
        late=row["late"],
        no_limit=row["no_limit"],
    )


_FIGURES = """
select day, procedure_code, sum(received)::int as received,
  sum(early + on_time)::int as in_time, sum(late)::int as late, sum(no_limit)::int as no_limit
from daily_figure where tenant_id = $1 and (day between $2 and $3 or day = $4)
group by day, procedure_code
"""
