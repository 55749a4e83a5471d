"""A calendar day decided late: what it would move in every unit, publishing it, and moving that.

The calendar is everybody's, so it is published for the nation or by the one province of an
installation; the database asks for whom. Dossiers are re-dated unit by unit, each in its own
transaction; a unit that could not be reached is told and can be done again, nothing twice.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg
import msgspec
import structlog

from motcua.domain.calendar import Calendar, CalendarDay
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.services import redate
from motcua.services.change import Asked, Read, change
from motcua.services.entered import entered_days
from motcua.services.house import Desk, House, desk
from motcua.storage.work import Work, reference_work

log = structlog.get_logger(__name__)


class NotYourCalendarError(MotCuaError):
    """The calendar belongs to the nation, or to another province as well."""

    code = "calendar.not-yours"
    status = 403


class UnitMoves(msgspec.Struct, frozen=True, kw_only=True):
    """What a change does in one unit: numbers, not dossiers.

    Attributes:
        considered: Its open dossiers.
        moves: How many get a later due time.
        reached: Whether it could be asked; ``False`` asks for another try.
    """

    slug: str
    name: str
    considered: int = 0
    moves: int = 0
    reached: bool = True


async def preview(house: House, publisher: Desk, days: Sequence[CalendarDay]) -> list[UnitMoves]:
    """What *days* entered now would move, in every unit below *publisher*; nothing changes."""
    return [await _previewed(house, each, days) for each in await units(house, publisher)]


async def publish(
    house: House, publisher: Desk, days: Sequence[CalendarDay], basis: str, asked: Asked
) -> list[UnitMoves]:
    """Publish *days* for everybody and re-date what the preview lists (T27).

    Raises:
        InvalidAnswersError: a day is over, or is no day that could become so.
        NotYourCalendarError: it is not the publisher's to change.
        ChangedMeanwhileError: somebody else changed one of the days.
    """
    refuse_impossible(house, publisher, days)
    found = await units(house, publisher)
    before = {each.slug: (await desk(house, each.slug)).calendar for each in found}
    rows = entered_days(publisher.calendar.days, days, house.today())

    async def write(writing: Work) -> None:
        try:
            await writing.execute(_PUBLISH, msgspec.json.encode(rows).decode())
        except asyncpg.InsufficientPrivilegeError as error:
            raise NotYourCalendarError(name=publisher.name) from error

    await change(house, publisher, asked, days_as_seen(days), write)
    return [await _redated(house, each, before[each.slug], basis) for each in found]


async def redate_again(
    house: House, publisher: Desk, days: Iterable[dt.date], basis: str
) -> list[UnitMoves]:
    """Re-date once more what the rows of *days* move, where it could not be done before."""
    dates = set(days)
    told = []
    for each in await units(house, publisher):
        now = (await desk(house, each.slug)).calendar
        without = Calendar(
            days=tuple(row for row in now.days if row.date not in dates),
            closures=now.closures,
            hours=now.hours,
            covers=now.covers,
        )
        told.append(await _redated(house, each, without, basis))
    return told


def refuse_impossible(house: House, publisher: Desk, days: Sequence[CalendarDay]) -> None:
    """Refuse *days* that are over or could not become what they say.

    Raises:
        InvalidAnswersError: it holds every reason.
    """
    faults = []
    for row in days:
        if row.date < house.today():
            faults.append(FieldFault("date", "calendar.past", day=f"{row.date:%d/%m/%Y}"))
        if row.withdrawn_on is not None:
            continue
        regular = bool(publisher.calendar.facts(row.date).regular)
        if row.kind in {"swap_off", "substitute"} and not regular:
            faults.append(FieldFault("date", "calendar.off-anyway", day=f"{row.date:%d/%m/%Y}"))
        if row.kind == "swap_work" and regular:
            faults.append(FieldFault("pair", "calendar.works-anyway", day=f"{row.date:%d/%m/%Y}"))
    if faults:
        raise InvalidAnswersError(faults)


def days_as_seen(days: Iterable[CalendarDay]) -> Read:
    """Reads what is published about the dates of *days*."""
    dates = sorted({row.date for row in days})

    async def read(reading: Work) -> Any:
        rows = await reading.fetch(_ROWS, dates)
        return {f"{row['date']:%d/%m/%Y}": msgspec.json.decode(row["told"]) for row in rows}

    return read


async def units(house: House, above: Desk) -> list[UnitMoves]:
    """Every unit below *above* that works, nothing counted yet."""
    async with reference_work(house.engine) as reading:
        rows = await reading.fetch(_UNITS, above.id, house.today())
    return [UnitMoves(slug=row["slug"], name=row["name"]) for row in rows]


async def _previewed(house: House, unit: UnitMoves, days: Sequence[CalendarDay]) -> UnitMoves:
    where = await desk(house, unit.slug)
    moves = await redate.preview(house, where, days)
    considered = await redate.open_count(house, where)
    return msgspec.structs.replace(unit, considered=considered, moves=len(moves))


async def _redated(house: House, unit: UnitMoves, before: Calendar, basis: str) -> UnitMoves:
    try:
        where = await desk(house, unit.slug)
        moves = await redate.apply(house, where, before, basis)
    except MotCuaError as error:
        log.warning("not re-dated", tenant=unit.slug, reason=error.code)
        return msgspec.structs.replace(unit, reached=False)
    return msgspec.structs.replace(unit, moves=len(moves))


_PUBLISH = "select publish_calendar_days($1::jsonb)"

_ROWS = """
select date, json_agg(json_build_object('kind', kind, 'name', name, 'basis', basis,
         'provisional', provisional, 'withdrawn_on', withdrawn_on)
         order by kind, provisional)::text as told
from calendar_day where date = any($1::date[]) group by date order by date
"""

_UNITS = """
with recursive below as (
  select id from tenant where id = $1
  union all
  select t.id from tenant t join below on t.parent_id = below.id)
select slug, name from tenant t join below using (id)
where not archived and (closed_on is null or closed_on > $2)
  and not exists (select from tenant under where under.parent_id = t.id) order by name
"""
