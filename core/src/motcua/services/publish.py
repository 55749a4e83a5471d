"""Publishing what all tenants read: procedures and the calendar."""

import datetime as dt
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import msgspec

from motcua.domain.calendar import CalendarDay
from motcua.domain.calendar_data import national_calendar
from motcua.domain.errors import MotCuaError
from motcua.domain.procedure import ProcedureDefinition
from motcua.registry.registry import Registry
from motcua.services.entered import entered_days
from motcua.storage.dsn import Dsn
from motcua.storage.engine import NOBODY
from motcua.storage.owner import connected
from motcua.storage.work import Work


class NoOwnerForProcedureError(MotCuaError):
    """A definition's code belongs to no installed plugin, so nobody could decide about it."""

    code = "procedure.no-plugin"


class Shipped(msgspec.Struct, frozen=True):
    """How much was new."""

    procedures: int
    calendar_days: int


class Offer(msgspec.Struct, frozen=True):
    """A definition and the plugin that owns it."""

    owner: str
    definition: ProcedureDefinition


_PROCEDURES = """
insert into procedure_version (id, code, field, owner, definition, valid_from, valid_to,
                               assumed, published_at)
select w.id, w.definition->>'code', w.definition->>'field', w.owner, w.definition,
       (w.definition->>'valid_from')::date, (w.definition->>'valid_to')::date,
       coalesce(w.definition->>'assumed', ''), $2
from jsonb_to_recordset($1::jsonb) as w (id text, owner text, definition jsonb)
on conflict (id) do nothing
"""

_CALENDAR = """
insert into calendar_day
select * from jsonb_populate_recordset(null::calendar_day, $1::jsonb)
on conflict (date, kind, provisional) do update set
  name = excluded.name, basis = excluded.basis, decided_on = excluded.decided_on,
  replaces = excluded.replaces, pair = excluded.pair, withdrawn_on = excluded.withdrawn_on
where (calendar_day.*) is distinct from (excluded.*)
"""


async def publish_shipped(owner: Dsn, registry: Registry, now: dt.datetime) -> Shipped:
    """Publish what core and plugins ship: every definition and the national calendar."""
    offers = [Offer(each.owner, each.definition) for each in registry.definitions()]
    async with _as_owner(owner) as writing:
        return Shipped(
            procedures=await publish_procedures(writing, offers, now),
            calendar_days=await publish_calendar(writing, national_calendar().days),
        )


async def publish_definitions(
    owner: Dsn, registry: Registry, definitions: Iterable[ProcedureDefinition], now: dt.datetime
) -> int:
    """Publish *definitions* of procedures that installed plugins own; answers how many were new.

    Raises:
        NoOwnerForProcedureError: no installed plugin owns one of them.
    """
    offers = []
    for definition in definitions:
        if definition.code not in registry.catalogue.codes():
            raise NoOwnerForProcedureError(procedure=definition.code)
        offers.append(Offer(registry.catalogue.owner(definition.code), definition))
    async with _as_owner(owner) as writing:
        return await publish_procedures(writing, offers, now)


async def publish_days(owner: Dsn, days: Iterable[CalendarDay], today: dt.date) -> int:
    """Publish calendar rows decided later, known from *today* on; answers how many changed."""
    async with _as_owner(owner) as writing:
        rows = await writing.fetch("select row_to_json(calendar_day) from calendar_day")
        known = [msgspec.json.decode(row[0], type=CalendarDay) for row in rows]
        return await publish_calendar(writing, entered_days(known, days, today))


@asynccontextmanager
async def _as_owner(owner: Dsn) -> AsyncIterator[Work]:
    async with connected(owner) as connection, connection.transaction():
        yield Work(NOBODY, connection)


async def publish_procedures(writing: Work, offers: Iterable[Offer], now: dt.datetime) -> int:
    """Publish every definition not published yet; answers how many were new.

    A version is named by its content: a changed text is a new version, and the
    versions running dossiers were received under stay as they are.
    """
    rows = [
        {"id": offer.definition.version_id, "owner": offer.owner, "definition": offer.definition}
        for offer in offers
    ]
    tag = await writing.execute(_PROCEDURES, msgspec.json.encode(rows).decode(), now)
    return int(tag.split()[-1])


async def publish_calendar(writing: Work, days: Iterable[CalendarDay]) -> int:
    """Write calendar rows; answers how many changed. Every tenant reads them anew."""
    tag = await writing.execute(_CALENDAR, msgspec.json.encode(list(days)).decode())
    changed = int(tag.split()[-1])
    if changed:
        await writing.execute("update tenant set config_version = config_version + 1")
    return changed
