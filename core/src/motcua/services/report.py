"""The periodic report on procedures (form II.06a) of one unit or a whole province.

What was finished within the period, or has not changed since its end, is counted by
the database. Of the few others the history is replayed as far as the period's end.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.clock_events import ClockEvent
from motcua.domain.dossier import State
from motcua.domain.report import (
    COLUMNS,
    WAITING,
    Group,
    Origin,
    Period,
    Row,
    group,
    origin,
    standing_at,
    total,
)
from motcua.services.house import Desk, House, UnknownTenantError, desk
from motcua.storage.work import Work, reference_work, work


class UnitRows(msgspec.Struct, frozen=True, kw_only=True):
    """Form II.06a of one unit.

    Attributes:
        tenant: Its slug.
        name: As people know it.
        rows: A line for each field of law that has dossiers.
    """

    tenant: str
    name: str
    rows: tuple[Row, ...]


class FieldShare(msgspec.Struct, frozen=True, kw_only=True):
    """How much of what was received belongs to one field of law."""

    field: str
    received: int
    percent: float


class Processed(msgspec.Struct, frozen=True, kw_only=True):
    """How the processed dossiers were processed; those without a limit stand outside."""

    early: int
    on_time: int
    late: int
    no_limit: int
    percent_in_time: float | None


class Procedures(msgspec.Struct, frozen=True, kw_only=True):
    """How many procedures are offered, and how many had a dossier."""

    all: int
    active: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a period.

    Attributes:
        tenant: The unit or province asked for.
        name: As people know it.
        first: First day of the period.
        last: Last day of the period.
        received: Dossiers received in the period.
        carried: Dossiers carried over from before.
        procedures: Of how many procedures.
        fields: Shares of the received, the largest first.
        processed: Early, on time, late.
        per_month_and_unit: Received by month and unit.
        units: Form II.06a of each unit, also of those without a dossier.
    """

    tenant: str
    name: str
    first: dt.date = msgspec.field(name="from")
    last: dt.date = msgspec.field(name="to")
    received: int
    carried: int
    procedures: Procedures
    fields: tuple[FieldShare, ...]
    processed: Processed
    per_month_and_unit: float
    units: tuple[UnitRows, ...]

    @property
    def by_field(self) -> list[Row]:
        """Form II.06a of all units together, field by field."""
        fields = sorted({row.field for unit in self.units for row in unit.rows})
        return [
            total((row for unit in self.units for row in unit.rows if row.field == field), field)
            for field in fields
        ]


class _Counted(msgspec.Struct, frozen=True, kw_only=True):
    """One unit's figures."""

    desk: Desk
    rows: list[Row]
    codes: set[str]
    plugins: set[str]


async def report(house: House, slug: str, period: Period) -> Report:
    """The report of the tenant called *slug* and of every unit below it.

    Raises:
        UnknownTenantError: there is none of that name.
    """
    counted = [await _count(house, unit, period) for unit in await _units(house, slug)]
    rows = [row for one in counted for row in one.rows]
    whole = total(rows)
    received = whole.c4 + whole.c5
    judged = whole.c8 + whole.c9 + whole.c10
    plugins = {plugin for one in counted for plugin in one.plugins}
    known = [each.definition for each in house.registry.definitions() if each.owner in plugins]
    offered = {each.code for each in known if each.is_counted}
    beside = {each.code for each in known} - offered
    used = {code for one in counted for code in one.codes}
    return Report(
        tenant=slug,
        name=(await desk(house, slug)).name,
        first=period.first,
        last=period.last,
        received=received,
        carried=whole.c6,
        procedures=Procedures(all=len(offered), active=len(used - beside)),
        fields=_shares(rows, received),
        processed=Processed(
            early=whole.c8,
            on_time=whole.c9,
            late=whole.c10,
            no_limit=whole.no_limit,
            percent_in_time=_percent(whole.c8 + whole.c9, judged),
        ),
        per_month_and_unit=round(received / len(counted) / period.months, 1),
        units=tuple(
            UnitRows(tenant=one.desk.slug, name=one.desk.name, rows=tuple(one.rows))
            for one in counted
        ),
    )


def as_json(made: Report) -> dict[str, Any]:
    """*made* with plain values, for ``--json`` and the API."""
    plain: dict[str, Any] = msgspec.to_builtins(made)
    return plain


def field_names(house: House) -> dict[str, str]:
    """The Vietnamese name of each field of law, by its slug."""
    found = (each.definition for each in house.registry.definitions())
    return {definition.field: definition.field_name for definition in found}


_BELOW = """
with recursive down as (
  select id, slug from tenant where slug = $1
  union all
  select t.id, t.slug from tenant t join down on t.parent_id = down.id)
select slug from down d
where not exists (select from tenant t where t.parent_id = d.id) order by slug
"""


async def _units(house: House, slug: str) -> list[str]:
    """The units a report is about: those below, or the tenant itself."""
    async with reference_work(house.engine) as reading:
        rows = await reading.fetch(_BELOW, slug)
    if not rows:
        raise UnknownTenantError(tenant=slug)
    return [row["slug"] for row in rows]


_AS_STORED = """
select field, channel, received_at < $2 as carried, case
    when finished_at is not null and no_limit then 'no_limit'
    when state in ('withdrawn', 'stopped') then 'on_time'
    when finished_at is not null and (late or finished > due) then 'late'
    when finished_at is not null and finished < due then 'early'
    when finished_at is not null then 'on_time'
    when no_limit then 'running_no_limit'
    when late then 'running_late'
    when state = any($4) or due >= $5 then 'running_in_time'
    else 'running_late' end as standing,
  count(*)::int as n, array_agg(distinct procedure_code) as codes
from (
  select *, (finished_at at time zone '{zone}')::date as finished,
         (legal_due_at at time zone '{zone}')::date as due
  from dossier
  where tenant_id = $1 and received_at < $3 and not mistake
    and ((finished_at >= $2 and finished_at < $3) or (finished_at is null and last_at < $3))
) d
group by 1, 2, 3, 4
""".replace("{zone}", "Asia/Ho_Chi_Minh")

_HISTORIES = """
select json_build_object('id', d.id, 'field', d.field, 'channel', d.channel,
  'procedure', d.procedure_code, 'clock', d.clock, 'steps', (
    select json_agg(json_build_array(e.at, e.to_state) order by e.seq) from dossier_event e
    where e.tenant_id = $1 and e.dossier_id = d.id))::text
from dossier d
where d.tenant_id = $1 and d.received_at < $2 and not d.mistake and d.last_at >= $2
  and (d.finished_at is null or d.finished_at >= $2)
"""


class _Past(msgspec.Struct, frozen=True):
    """A dossier that went on after the period, with its whole history."""

    id: UUID
    field: str
    channel: str
    procedure: str
    clock: tuple[ClockEvent, ...]
    steps: tuple[tuple[dt.datetime, State], ...]


async def _count(house: House, slug: str, period: Period) -> _Counted:
    """One unit's figures."""
    unit = await desk(house, slug)
    async with work(house.engine, unit.id) as reading:
        rows, codes = await _stored(reading, period)
        await _replayed(reading, unit, period, rows, codes)
    return _Counted(
        desk=unit,
        rows=[rows[field] for field in sorted(rows)],
        codes=codes,
        plugins={name for name in unit.plugins.states if unit.plugins.works(name)},
    )


async def _stored(reading: Work, period: Period) -> tuple[dict[str, Row], set[str]]:
    """What the stored columns tell, counted by the database."""
    waiting = [state.value for state in WAITING]
    found = await reading.fetch(
        _AS_STORED, reading.tenant_id, period.begin, period.end, waiting, period.last
    )
    rows: dict[str, Row] = {}
    codes: set[str] = set()
    for each in found:
        row = rows.setdefault(each["field"], Row(field=each["field"]))
        came: Origin = "online" if each["channel"] == "online" else "desk"
        row.add("carried" if each["carried"] else came, Group(each["standing"]), each["n"])
        codes |= set(each["codes"])
    return rows, codes


async def _replayed(
    reading: Work, unit: Desk, period: Period, rows: dict[str, Row], codes: set[str]
) -> None:
    """Add the dossiers that have changed since the period's end, as they stood then."""
    for each in await reading.fetch(_HISTORIES, reading.tenant_id, period.end):
        past = msgspec.json.decode(each[0], type=_Past)
        standing = standing_at(
            period,
            field=past.field,
            channel=past.channel,
            mistake=False,
            steps=past.steps,
            clock=past.clock,
            calendar=unit.calendar,
        )
        counted = group(standing, period)
        if counted is not Group.OUTSIDE:
            row = rows.setdefault(past.field, Row(field=past.field))
            row.add(origin(standing, period), counted)
            codes.add(past.procedure)


def _shares(rows: Sequence[Row], received: int) -> tuple[FieldShare, ...]:
    fields = {row.field for row in rows}
    sums = [total((row for row in rows if row.field == field), field) for field in fields]
    shares = (
        FieldShare(
            field=row.field,
            received=row.c4 + row.c5,
            percent=_percent(row.c4 + row.c5, received) or 0.0,
        )
        for row in sums
    )
    return tuple(sorted(shares, key=lambda share: (-share.received, share.field)))


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


__all__ = ["COLUMNS", "Report", "UnitRows", "as_json", "field_names", "report"]
