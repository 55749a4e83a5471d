"""Dossiers that will be late: who is to be told, why, and by when instead (T21, slip F04).

A letter of apology is due a day before the time it is about, and only once. So the list
holds what is due by the end of the next working day and is still being worked on.
"""

import datetime as dt
from uuid import UUID

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.dossier import RUNNING, State
from motcua.domain.life import Actor
from motcua.services.dashboard import LEADING
from motcua.services.house import Desk, House
from motcua.services.morning import next_working_day
from motcua.services.reading import require_reader
from motcua.services.words import called
from motcua.storage.work import work

MOST = 50


class AtRisk(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier that will be late, or is.

    Attributes:
        since: When it came to where it stands.
        proposed: A new time to begin with: the same hour, one working day later.
        same_day: It is due today: the letter comes less than a day before.
    """

    id: UUID
    version: int
    code: str
    procedure: str
    applicant: str
    state: State
    holder: str
    since: dt.datetime
    due: dt.datetime
    proposed: dt.datetime
    late: bool
    same_day: bool


async def at_risk(house: House, desk: Desk, actor: Actor) -> list[AtRisk]:
    """What is due by the end of the next working day, undecided and not put off yet.

    Raises:
        RoleNotAllowedError: the actor may not read dossiers.
    """
    require_reader(actor)
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_AT_RISK, *_which(house, desk), MOST)
    return [_line(house, desk, row, house.now()) for row in rows]


async def count_at_risk(house: House, desk: Desk) -> int:
    """How many dossiers the list holds; numbers, not people."""
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_COUNT, *_which(house, desk))
    count: int = row["n"]
    return count


async def absent_signers(house: House, desk: Desk) -> list[str]:
    """Whoever is assigned to sign now and is away today, with whom they let stand in."""
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_ABSENT, desk.id, house.now(), house.today())
    return [f"{row['signer']} → {row['stand_in']}" for row in rows]


def leads(actor: Actor) -> bool:
    """Whether *actor* is a head or a leader, whose list this is."""
    return bool(LEADING & set(actor.roles))


def _line(house: House, desk: Desk, row: dict[str, object], now: dt.datetime) -> AtRisk:
    due = row["due_at"]
    assert isinstance(due, dt.datetime), "a row without a due time is never late"  # noqa: S101 - for the type checker
    local = due.astimezone(VN)
    first = max(local.date(), house.today())
    later = dt.datetime.combine(next_working_day(desk, first), local.time(), VN)
    version_id = str(row["version_id"])
    said = {name: value for name, value in row.items() if name not in ("version_id", "due_at")}
    return msgspec.convert(
        {
            **said,
            "procedure": called(house.catalogue.version(version_id).definition),
            "due": local,
            "proposed": later,
            "late": due < now,
            "same_day": local.date() <= house.today(),
        },
        AtRisk,
    )


def _which(house: House, desk: Desk) -> tuple[int, list[str], dt.datetime]:
    states = [state.value for state in RUNNING if state is not State.APPROVED]
    return desk.id, states, _after(next_working_day(desk, house.today()))


def _after(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), VN)


_WHICH = """
where d.tenant_id = $1 and d.state = any($2) and not d.no_limit and d.due_at < $3
  and not exists (select from dossier_event e where e.tenant_id = d.tenant_id
    and e.dossier_id = d.id and e.transition = 'T21')
"""

_COUNT = f"select count(*)::int as n from dossier d {_WHICH}"  # noqa: S608 - words of the program's own

_AT_RISK = f"""
select d.id, d.version, coalesce(d.code, '') as code, d.version_id, d.state, d.due_at,
  coalesce(d.applicant->>'name', '') as applicant, coalesce(s.full_name, '') as holder,
  d.last_at as since
from dossier d left join staff s on s.tenant_id = d.tenant_id and s.id = d.holder_id
{_WHICH}
order by d.due_at, d.id limit $4
"""  # noqa: S608 - words of the program's own

_ABSENT = """
select distinct g.full_name as signer, p.full_name as stand_in
from signer g
join stand_in t on t.tenant_id = g.tenant_id and t.absent_id = g.staff_id
  and t.withdrawn_at is null and t.first_day <= $3 and t.last_day >= $3
join staff p on p.tenant_id = t.tenant_id and p.id = t.stand_in_id
where g.tenant_id = $1 and g.valid_from <= $2 and (g.valid_to is null or g.valid_to > $2)
order by 1, 2
"""
