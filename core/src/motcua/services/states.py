"""Where dossiers stand, for another program: states and dates, nothing about people."""

import datetime as dt
from uuid import UUID

import msgspec

from motcua.domain.dossier import State
from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.services.house import Desk, House
from motcua.storage.work import work

PAGE = 200


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where one dossier stands."""

    code: str
    procedure: str
    channel: str
    state: State
    received_at: dt.datetime | None
    due_at: dt.datetime | None
    finished_at: dt.datetime | None
    late: bool


class Standings(msgspec.Struct, frozen=True, kw_only=True):
    """Some dossiers in the order in which they came; *after* continues, if there are more."""

    dossiers: tuple[Standing, ...]
    after: str | None


async def states(
    house: House, desk: Desk, *, code: str = "", after: str = "", limit: int = PAGE
) -> Standings:
    """Where the tenant's dossiers stand, the oldest first, or the one called *code*.

    Raises:
        InvalidAnswersError: *after* is no cursor.
    """
    most = min(limit, PAGE)
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_STATES, desk.id, code, _cursor(after), most + 1)
    found = [msgspec.convert(dict(row), Standing) for row in rows[:most]]
    more = len(rows) > most
    return Standings(dossiers=tuple(found), after=str(rows[most - 1]["id"]) if more else None)


def _cursor(after: str) -> UUID:
    try:
        return UUID(after) if after else UUID(int=0)
    except ValueError:
        raise InvalidAnswersError([FieldFault("after", "field.type", label="after")]) from None


_STATES = """
select id, coalesce(code, temporary_code, '') as code, procedure_code as procedure, channel, state,
  received_at, due_at, finished_at, late
from dossier where tenant_id = $1 and not mistake and id > $3
  and ($2 = '' or code = $2 or temporary_code = $2)
order by id limit $4
"""
