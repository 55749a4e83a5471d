"""Public figures: how many dossiers each unit received and how many were in time."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from motcua.domain.dossier import RUNNING, State
from motcua.domain.report import Period
from motcua.services.house import Desk, House
from motcua.storage.work import reference_work, work


class FieldFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one field of law in a period."""

    field: str
    received: int = 0
    early: int = 0
    on_time: int = 0
    late: int = 0
    no_limit: int = 0


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """A unit's counts in a period, both days included."""

    tenant: str
    first: dt.date
    last: dt.date
    received: int
    processed: int
    early: int
    on_time: int
    late: int
    no_limit: int
    fields: tuple[FieldFigure, ...]


class UnitFigure(msgspec.Struct, frozen=True, kw_only=True):
    """One unit in the list of all.

    Attributes:
        parent: The slug of what stands above it.
        overdue: Past their time now, as it last counted; none in a period that is over.
    """

    slug: str
    name: str
    kind: str
    parent: str | None
    archived: bool
    closed_on: dt.date | None
    successors: tuple[str, ...]
    received: int
    processed: int
    in_time: int
    late: int
    overdue: int

    @property
    def busy(self) -> bool:
        """Whether it has any figures."""
        return bool(self.received or self.processed or self.overdue)

    def open_on(self, day: dt.date) -> bool:
        """Whether the unit is there on *day*, and not only kept to be read."""
        return not self.archived and (self.closed_on is None or day < self.closed_on)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where one dossier stands, as anybody may know it.

    Attributes:
        overdue: Its time has passed while its clock runs.
    """

    code: str
    state: State
    received_at: dt.datetime
    due_at: dt.datetime | None
    finished_at: dt.datetime | None
    overdue: bool


NEWEST = 50
"""How many dossiers the public board names."""

_NEWEST = """
select code, state, received_at, due_at, finished_at,
  coalesce(state = any($5) and due_at < $6, false) as overdue from dossier
where tenant_id = $1 and received_at >= $2 and received_at < $3 and code is not null
  and not mistake
order by received_at desc, code desc limit $4
"""

_OVERDUE = """
select field, count(*)::int as n from dossier
where tenant_id = $1 and state = any($2) and due_at < $3 group by field
"""

_LAST = "select max(day) as day from daily_figure where tenant_id = $1 and received > 0"

_FIELDS = """
select json_build_object('field', field, 'received', sum(received), 'early', sum(early),
  'on_time', sum(on_time), 'late', sum(late), 'no_limit', sum(no_limit))::text
from daily_figure where tenant_id = $1 and day between $2 and $3
group by field order by sum(received) desc, field
"""

_UNITS = """
select t.id, t.slug, t.name, t.kind, t.parent_id, p.slug as parent, t.archived, t.closed_on,
  t.successors::text as successors
from tenant t left join tenant p on p.id = t.parent_id
where t.slug not like '%-luyen-tap' order by t.id
"""

_PROVINCE = """
select coalesce(f.tenant_id, s.tenant_id) as tenant_id, coalesce(received, 0) as received,
  coalesce(processed, 0) as processed, coalesce(in_time, 0) as in_time,
  coalesce(f.late, 0) as late, coalesce(s.late, 0) as overdue
from (select tenant_id, sum(received)::int as received,
    sum(early + on_time + late + no_limit)::int as processed,
    sum(early + on_time)::int as in_time, sum(late)::int as late
  from daily_figure where province_id = $1 and day between $2 and $3 group by tenant_id) f
full join (select tenant_id, late from unit_standing where province_id = $1 and $4) s
  on s.tenant_id = f.tenant_id
"""

_SPAN = """
select min(day) as first, max(day) as last, coalesce(sum(received), 0)::int as n
from daily_figure where province_id = $1 and received > 0
"""


async def figures(house: House, desk: Desk, first: dt.date, last: dt.date) -> Figures:
    """The tenant's own counts from *first* to *last*."""
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_FIELDS, desk.id, first, last)
    fields = tuple(msgspec.json.decode(row[0], type=FieldFigure) for row in rows)
    sums = {name: sum(getattr(each, name) for each in fields) for name in _COUNTS}
    return Figures(
        tenant=desk.slug,
        first=first,
        last=last,
        processed=sum(sums.values()) - sums["received"],
        fields=fields,
        **sums,
    )


async def last_day(house: House, desk: Desk) -> dt.date:
    """The last day on which a unit received anything; today where it never did."""
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_LAST, desk.id)
    return row["day"] or house.today()


async def newest(house: House, desk: Desk, first: dt.date, last: dt.date) -> list[Standing]:
    """Where the dossiers received last within the days stand; by code, nobody is named."""
    period = Period(first, last)
    args = (period.begin, period.end, NEWEST, list(RUNNING), house.now())
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_NEWEST, desk.id, *args)
    return [msgspec.convert(dict(row), Standing) for row in rows]


async def overdue(house: House, desk: Desk, period: Period) -> dict[str, int]:
    """By field of law, how many are past their time while it runs.

    None in a *period* that is over: what stands now belongs to periods that reach until now.
    """
    if house.today() not in period:
        return {}
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_OVERDUE, desk.id, list(RUNNING), house.now())
    return {row["field"]: row["n"] for row in rows}


_OF_UNIT = ("received", "processed", "in_time", "late", "overdue")
_COUNTS = ("received", "early", "on_time", "late", "no_limit")


async def units(house: House, first: dt.date, last: dt.date) -> list[UnitFigure]:
    """Every unit with its counts: one question for each province, none for each commune."""
    async with reference_work(house.engine) as reading:
        rows = await reading.fetch(_UNITS)
    above = sorted({row["parent_id"] for row in rows if row["parent_id"] is not None})
    now = house.today() in Period(first, last)
    counts: dict[int, Sequence[int]] = {}
    for province in above:
        async with work(house.engine, province) as reading:
            found = await reading.fetch(_PROVINCE, province, first, last, now)
        counts |= {row["tenant_id"]: [row[name] for name in _OF_UNIT] for row in found}
    return [
        UnitFigure(
            slug=row["slug"],
            name=row["name"],
            kind=row["kind"],
            parent=row["parent"],
            archived=row["archived"],
            closed_on=row["closed_on"],
            successors=msgspec.json.decode(row["successors"], type=tuple[str, ...]),
            **dict(zip(_OF_UNIT, counts.get(row["id"], [0] * len(_OF_UNIT)), strict=True)),
        )
        for row in rows
    ]


async def busiest_span(house: House) -> tuple[dt.date, dt.date] | None:
    """First and last day of reception below the province-level tenant that received most."""
    async with reference_work(house.engine) as reading:
        rows = await reading.fetch(_UNITS)
    best: tuple[dt.date, dt.date] | None = None
    most = 0
    for province in sorted({row["parent_id"] for row in rows if row["parent_id"] is not None}):
        async with work(house.engine, province) as reading:
            span = await reading.fetchrow(
                _SPAN,
                province,
            )
        if span["n"] > most:
            most, best = span["n"], (span["first"], span["last"])
    return best
