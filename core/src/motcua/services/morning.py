"""How things stand this morning, in numbers: of one unit, and of every unit for the province."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.dossier import IN_PROCESS, RUNNING, State
from motcua.services.calendar import units
from motcua.services.house import Desk, House, desks
from motcua.services.readiness import SOON, Counts, points
from motcua.storage.work import work

SILENT_AFTER = 5
"""Working days without any reception after which a unit is called silent."""
_FAR = 60


class Morning(msgspec.Struct, frozen=True, kw_only=True):
    """One unit in numbers.

    Attributes:
        open: Dossiers in process.
        late: Of them, those past their due time while their clock runs.
        today: Those due before the day ends.
        tomorrow: Those due on the next working day.
        signing: Those that wait for a signature.
        steps: Late ones by the state they stand in.
        silent: Working days without a reception, if there are too many of them.
        faults: What keeps the unit from receiving people.
        warnings: What is to be seen to.
        gaps: Books whose lines are not a series.
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
    warnings: tuple[str, ...] = ()
    gaps: int = 0


class _State(msgspec.Struct, frozen=True, kw_only=True):
    """The dossiers of one state: all of them, and those past or near their due time."""

    open: int
    late: int
    today: int
    tomorrow: int


class _Told(Counts, frozen=True, kw_only=True):
    """What the database tells of a unit."""

    states: dict[State, _State]
    last: dt.datetime | None
    gaps: int


async def of_unit(house: House, where: Desk) -> Morning:
    """How the unit *where* stands."""
    (found,) = await _mornings(house, where, [where])
    return found


async def of_province(house: House, above: Desk) -> list[Morning]:
    """How every unit below *above* stands; numbers, not people. All of them are asked at once."""
    below = [each.slug for each in await units(house, above)]
    return await _mornings(house, above, await desks(house, below))


async def _mornings(house: House, asking: Desk, below: Sequence[Desk]) -> list[Morning]:
    now, today = house.now(), house.today()
    following = [next_working_day(where, today) for where in below]
    args = (
        [where.id for where in below],
        [state.value for state in IN_PROCESS],
        now,
        _midnight(today + dt.timedelta(days=1)),
        [_midnight(day) for day in following],
        [_midnight(day + dt.timedelta(days=1)) for day in following],
        now + SOON,
    )
    async with work(house.engine, asking.id) as reading:
        rows = await reading.fetch(_MORNING, *args)
    told = {row["unit"]: msgspec.json.decode(row["told"], type=_Told) for row in rows}
    return [_morning(house, where, told[where.id], today) for where in below]


def _morning(house: House, where: Desk, told: _Told, today: dt.date) -> Morning:
    found = points(house, where, told)
    running = {state: each for state, each in told.states.items() if state in RUNNING}
    signing = told.states.get(State.FOR_APPROVAL)
    return Morning(
        slug=where.slug,
        name=where.name,
        open=sum(each.open for each in told.states.values()),
        late=sum(each.late for each in running.values()),
        today=sum(each.today for each in running.values()),
        tomorrow=sum(each.tomorrow for each in running.values()),
        signing=signing.open if signing else 0,
        steps={state: each.late for state, each in running.items() if each.late},
        silent=_silent(where, told.last, today, serves=bool(told.roles)),
        faults=tuple(point.check for point in found if point.level == "fault"),
        warnings=tuple(point.check for point in found if point.level == "warning"),
        gaps=told.gaps,
    )


def next_working_day(where: Desk, day: dt.date) -> dt.date:
    """The next day after *day* on which the unit works, within two months."""
    for n in range(1, _FAR):
        candidate = day + dt.timedelta(days=n)
        if where.calendar.is_working_day(candidate):
            return candidate
    return day + dt.timedelta(days=_FAR)


def _silent(where: Desk, last: dt.datetime | None, today: dt.date, *, serves: bool) -> int:
    """Working days before *today* without a reception, or 0 if they are few."""
    if not serves:
        return 0
    since = last.astimezone(VN).date() if last else today - dt.timedelta(days=_FAR)
    since = max(since, today - dt.timedelta(days=_FAR))
    days = (since + dt.timedelta(days=n) for n in range(1, (today - since).days))
    count = sum(where.calendar.is_working_day(day) for day in days)
    return count if count >= SILENT_AFTER else 0


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), VN)


_MORNING = (
    "select unit, told::text as told from units_this_morning($1::int[], $2, $3, $4, $5, $6, $7)"
)
