"""How things stand this morning, in numbers: of one unit, and of every unit for the province."""

import datetime as dt
from typing import Any

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.dossier import IN_PROCESS, State
from motcua.services.calendar import units
from motcua.services.house import Desk, House, desk
from motcua.services.readiness import readiness
from motcua.storage.work import work

SILENT_AFTER = 5
"""Working days without any reception after which a unit is called silent."""
_FAR = 60


class Morning(msgspec.Struct, frozen=True, kw_only=True):
    """One unit in numbers.

    Attributes:
        open: Dossiers in process.
        late: Of them, those past their due time.
        today: Those due before the day ends.
        tomorrow: Those due on the next working day.
        signing: Those that wait for a signature.
        steps: Late ones by the state they stand in.
        silent: Working days without a reception, if there are too many of them.
        faults: What keeps the unit from receiving people.
    """

    slug: str
    name: str
    open: int
    late: int
    today: int
    tomorrow: int
    signing: int
    steps: dict[str, int] = {}
    silent: int = 0
    faults: tuple[str, ...] = ()


async def of_unit(house: House, where: Desk) -> Morning:
    """How the unit *where* stands."""
    now, today = house.now(), house.today()
    ends = _midnight(today + dt.timedelta(days=1))
    following = next_working_day(where, today)
    tomorrow = (_midnight(following), _midnight(following + dt.timedelta(days=1)))
    states = [state.value for state in IN_PROCESS]
    async with work(house.engine, where.id) as reading:
        row = await reading.fetchrow(_COUNTS, where.id, states, now, ends, *tomorrow)
        steps = await reading.fetch(_STEPS, where.id, states, now)
    return Morning(
        slug=where.slug,
        name=where.name,
        open=row["open"],
        late=row["late"],
        today=row["today"],
        tomorrow=row["tomorrow"],
        signing=row["signing"],
        steps={each["state"]: each["n"] for each in steps},
        silent=_silent(where, row["last"], today, serves=row["serves"]),
    )


async def of_province(house: House, above: Desk) -> list[Morning]:
    """How every unit below *above* stands; numbers, not people."""
    found = []
    for each in await units(house, above):
        where = await desk(house, each.slug)
        told = await of_unit(house, where)
        points = await readiness(house, where)
        faults = tuple(point.check for point in points if point.level == "fault")
        found.append(msgspec.structs.replace(told, faults=faults))
    return found


def next_working_day(where: Desk, day: dt.date) -> dt.date:
    """The next day after *day* on which the unit works, within two months."""
    for n in range(1, _FAR):
        candidate = day + dt.timedelta(days=n)
        if where.calendar.is_working_day(candidate):
            return candidate
    return day + dt.timedelta(days=_FAR)


def _silent(where: Desk, last: Any, today: dt.date, *, serves: bool) -> int:
    """Working days before *today* without a reception, or 0 if they are few."""
    if not serves:
        return 0
    since = last.astimezone(VN).date() if last else today - dt.timedelta(days=_FAR)
    days = (since + dt.timedelta(days=n) for n in range(1, (today - since).days))
    count = sum(where.calendar.is_working_day(day) for day in days)
    return count if count >= SILENT_AFTER else 0


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), VN)


_COUNTS = f"""
select count(*) as open,
  count(*) filter (where late or due_at < $3) as late,
  count(*) filter (where due_at >= $3 and due_at < $4) as today,
  count(*) filter (where due_at >= $5 and due_at < $6) as tomorrow,
  count(*) filter (where state = '{State.FOR_APPROVAL}') as signing,
  (select max(received_at) from dossier where tenant_id = $1) as last,
  exists (select from staff where tenant_id = $1 and active) as serves
from dossier where tenant_id = $1 and state = any($2)
"""  # noqa: S608 - a word of the program's own

_STEPS = """
select state, count(*) as n from dossier
where tenant_id = $1 and state = any($2) and (late or due_at < $3) group by state order by state
"""
