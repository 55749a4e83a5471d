"""What a unit settles about itself: contact, host names, own approval, opening hours."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import msgspec

from motcua.domain.calendar import Calendar, OpeningHours, WeeklyHours
from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.domain.tenant import TenantSettings, hours_of
from motcua.services import redate
from motcua.services.change import Asked, Read, change
from motcua.services.house import Desk, House, desk
from motcua.storage.work import Work

ELSEWHERE = (
    *("fee_schedule", "fee_amounts", "brand", "crest", "messages", "slip_texts"),
    *("supplement_within_days", "draft_days", "file_megabytes", "receipt_series"),
    *("booking_per_slot", "forms_begin", "campaigns", "practice", "bank_account"),
)
"""Settings with pages and a history of their own."""
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


async def unit_as_seen(reading: Work) -> Any:
    """Reads what a unit has settled about itself on the page that is its own."""
    row = await reading.fetchrow(_READ, reading.tenant_id)
    settings = msgspec.json.decode(row["settings"])
    told = {name: value for name, value in settings.items() if name not in ELSEWHERE}
    return {"hosts": list(row["hosts"]), **told}


async def settle(
    house: House,
    where: Desk,
    changes: dict[str, Any],
    hosts: Sequence[str],
    *,
    asked: Asked,
    shared_hosts: frozenset[str] = frozenset(),
) -> None:
    """Keep *changes* of a unit's settings and its host names.

    Args:
        house: The application's parts.
        where: The unit.
        changes: Settings by name; ``None`` leaves one to the unit above.
        hosts: Its host names, all of them.
        asked: Who asked for it, and what they saw.
        shared_hosts: The installation's own host names, which are nobody's.

    Raises:
        InvalidAnswersError: a host name is none, or somebody else's.
        ChangedMeanwhileError: somebody else has changed it.
    """
    msgspec.convert(changes, TenantSettings)

    async def write(writing: Work) -> None:
        await _require_free(writing, hosts, shared_hosts)
        await merge(writing, changes)
        await writing.execute(_SET_HOSTS, writing.tenant_id, list(hosts))

    await change(house, where, asked, unit_as_seen, write)


async def preview_hours(house: House, where: Desk, made: WeeklyHours) -> list[redate.Move]:
    """Every open dossier that *made* would move; nothing changes."""
    return await redate.compare(house, where, _with(where.calendar, made))


async def set_hours(
    house: House, where: Desk, made: WeeklyHours, asked: Asked
) -> list[redate.Move]:
    """Open at the hours *made* from its day on, and re-date what that moves (T27)."""
    hours = _with(where.calendar, made).hours

    async def write(writing: Work) -> None:
        await merge(writing, {"hours": msgspec.to_builtins(hours)})

    await change(house, where, asked, unit_as_seen, write)
    after = await desk(house, where.slug)
    return await redate.apply(house, after, where.calendar, made.basis)


def own_hours(where: Desk) -> OpeningHours:
    """The hours that hold in the unit, its own or those from above."""
    return hours_of(where.settings)


def _with(calendar: Calendar, made: WeeklyHours) -> Calendar:
    """*calendar* with the hours *made*; those of an equal or later day give way."""
    begins = made.valid_from or dt.date.min
    kept = tuple(each for each in calendar.hours.weeks if (each.valid_from or dt.date.min) < begins)
    return Calendar(
        days=calendar.days,
        closures=calendar.closures,
        hours=OpeningHours(weeks=(*kept, made)),
        covers=calendar.covers,
    )


async def _require_free(writing: Work, hosts: Sequence[str], shared: frozenset[str]) -> None:
    faults = []
    for host in hosts:
        if not _HOST.fullmatch(host):
            faults.append(FieldFault("hosts", "config.host-form", host=host))
        elif host in shared or await writing.fetchrow(_TAKEN, writing.tenant_id, host):
            faults.append(FieldFault("hosts", "config.host-taken", host=host))
    if faults:
        raise InvalidAnswersError(faults)


def settings_as_seen(*names: str) -> Read:
    """Reads some settings of the unit itself, each part of one by its own name."""

    async def read(reading: Work) -> Any:
        settings = await settings_of(reading)
        told: dict[str, Any] = {}
        for name in names:
            value = settings.get(name)
            parts = value if isinstance(value, dict) else {"": value}
            told |= {f"{name}.{part}" if part else name: each for part, each in parts.items()}
        return told

    return read


async def set_settings(house: House, where: Desk, changes: dict[str, Any], asked: Asked) -> None:
    """Keep some settings; ``None`` leaves one to the unit above.

    Raises:
        ChangedMeanwhileError: somebody else has changed it.
    """
    msgspec.convert(changes, TenantSettings)

    async def write(writing: Work) -> None:
        await merge(writing, changes)

    await change(house, where, asked, settings_as_seen(*changes), write)


async def settings_of(reading: Work) -> dict[str, Any]:
    """What the unit itself has settled, by name."""
    row = await reading.fetchrow(_READ, reading.tenant_id)
    settings: dict[str, Any] = msgspec.json.decode(row["settings"])
    return settings


async def merge(writing: Work, changes: dict[str, Any]) -> None:
    """Keep *changes* of the unit's own settings; ``None`` leaves one to the unit above."""
    settings = await settings_of(writing) | changes
    kept = {name: value for name, value in settings.items() if value is not None}
    await writing.execute(_SET, writing.tenant_id, msgspec.json.encode(kept).decode())


_READ = "select settings, hosts from tenant where id = $1"
_SET = "update tenant set settings = $2::jsonb where id = $1"
_SET_HOSTS = "update tenant set hosts = $2 where id = $1"
_TAKEN = "select 1 from tenant where id <> $1 and $2 = any(select lower(unnest(hosts)))"
