"""What people wrote beside their ratings, for whoever leads the unit; never who wrote it.

Only months that have ended are read. A note is told with its month and its procedure where
at least :data:`FEWEST` rated that procedure in that month; any other is told without them,
so that nobody is known by having come alone. The order within a month tells nothing either.
"""

import datetime as dt

import msgspec

from motcua.domain.life import Actor
from motcua.services.house import Desk, House
from motcua.services.ratings import FEWEST, ended_months, require_leading
from motcua.services.words import called_on
from motcua.storage.work import work

PAGE = 20
"""Notes on a page."""


class Note(msgspec.Struct, frozen=True):
    """What somebody wrote; without month and procedure where too few rated."""

    words: str
    month: dt.date | None
    procedure: str


class Notes(msgspec.Struct, frozen=True, kw_only=True):
    """A page of notes.

    Attributes:
        count: How many there are on all pages.
        months: The months one may choose.
        procedures: The procedures one may choose, by code, with their names.
    """

    notes: list[Note]
    count: int
    months: list[dt.date]
    procedures: list[tuple[str, str]]


async def notes(
    house: House, desk: Desk, actor: Actor, month: dt.date | None, procedure: str, page: int
) -> Notes:
    """The notes of the last twelve months that have ended, the newest month first.

    Args:
        house: The application's parts.
        desk: The unit.
        actor: Who reads.
        month: Only those of this month, by its first day.
        procedure: Only those of this procedure, by code.
        page: Which page, from one on.

    Raises:
        NotLeadingError: the actor leads nothing here.
    """
    require_leading(actor)
    asked = (desk.id, *ended_months(house.today()), FEWEST)
    async with work(house.engine, desk.id) as reading:
        choices = await reading.fetch(_CHOICES, *asked)
        rows = await reading.fetch(
            _NOTES, *asked, month, procedure or None, PAGE, (page - 1) * PAGE
        )
    today = house.today()
    names = {
        code: called_on(house.catalogue, code, today) for code in {each["code"] for each in choices}
    }
    return Notes(
        notes=[Note(row["note"], row["month"], names.get(row["code"], "")) for row in rows],
        count=rows[0]["n"] if rows else 0,
        months=sorted({each["month"] for each in choices}, reverse=True),
        procedures=sorted(names.items(), key=lambda each: each[1]),
    )


_PLACED = """
with said as (
  select note, mark, date_trunc('month', day)::date as month, procedure_code as code,
    count(*) over (partition by date_trunc('month', day), procedure_code) as alike,
    count(*) over () as whole
  from rating where tenant_id = $1 and day >= $2 and day < $3),
placed as (
  select note, mark, case when alike >= $4 then month end as month,
    case when alike >= $4 then code end as code
  from said where whole >= $4 and note <> '')
"""

_CHOICES = f"""{_PLACED}
select distinct month, code from placed where month is not null
"""  # noqa: S608 - words of the program's own

_NOTES = f"""{_PLACED}
select note, month, code, (count(*) over ())::int as n from placed
where ($5::date is null or month = $5) and ($6::text is null or code = $6)
order by month desc nulls last, mark limit $7 offset $8
"""  # noqa: S608 - the same
