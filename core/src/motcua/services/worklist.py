"""Lists of dossiers: nearest deadline first, searched, page by page."""

import datetime as dt
import re
from uuid import UUID

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.dossier import State
from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.domain.life import Actor
from motcua.domain.names import masked, search_key
from motcua.services.house import Desk, House
from motcua.services.reading import require_reader
from motcua.services.views import DossierLine, DossierPage
from motcua.services.words import called
from motcua.storage.work import work

PAGE = 50


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which of the dossiers a list shows.

    Attributes:
        procedure: Of this procedure alone, by code.
        holder: In the hands of this officer; 0: in nobody's.
        due_from: Due then or later.
        due_until: Due before then.
    """

    procedure: str = ""
    holder: int | None = None
    due_from: dt.datetime | None = None
    due_until: dt.datetime | None = None

    @property
    def args(self) -> tuple[str, int | None, dt.datetime | None, dt.datetime | None]:
        """What stands in the queries, in their order."""
        return (self.procedure, self.holder, self.due_from, self.due_until)


EVERYTHING = Filter()


class _Line(msgspec.Struct, frozen=True):
    id: UUID
    code: str
    procedure: str
    version_id: str
    name: str
    id_number: str
    channel: str
    state: State
    version: int
    late: bool
    holder: str
    answered: bool
    received_at: dt.datetime | None = None
    due_at: dt.datetime | None = None


async def dossiers(
    house: House,
    desk: Desk,
    actor: Actor,
    *,
    q: str = "",
    states: tuple[State, ...] = (),
    after: str = "",
    limit: int = PAGE,
    only: Filter = EVERYTHING,
    counted: bool = False,
) -> DossierPage:
    """The tenant's dossiers, nearest deadline first.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who reads.
        q: A part of a name, a number or a code; without accents is fine.
        states: Only these states; none means all.
        after: The cursor the page before gave.
        limit: At most so many, 50 at most.
        only: Only these of them.
        counted: Whether all of the tenant's are counted by state, too.

    Raises:
        RoleNotAllowedError: the actor may not read dossiers.
        InvalidAnswersError: *after* is no cursor.
    """
    require_reader(actor)
    wanted = [state.value for state in states or State]
    key = search_key(q)
    args = (desk.id, wanted, key, *_cursor(after), min(limit, PAGE) + 1, *only.args)
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_WHOLE, *args) if _NUMBERED.fullmatch(key) else []
        rows = rows or await reading.fetch(_LIST, *args)
        counts = await reading.fetch(_COUNTS, desk.id) if counted else []
    lines = [msgspec.json.decode(row["line"], type=_Line) for row in rows]
    shown = lines[: min(limit, PAGE)]
    more = len(lines) > len(shown)
    return DossierPage(
        dossiers=tuple(_line(house, line) for line in shown),
        after=_cursor_after(shown[-1]) if more else None,
        counts={row["state"]: row["n"] for row in counts},
    )


async def procedures(house: House, desk: Desk, states: tuple[State, ...]) -> list[tuple[str, str]]:
    """The procedures of dossiers in *states*, by code, with their names."""
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_PROCEDURES, desk.id, [state.value for state in states])
    found = [(row["code"], house.catalogue.latest(row["code"])) for row in rows]
    named = [(code, called(last.definition) if last else code) for code, last in found]
    return sorted(named, key=lambda each: each[1])


def _line(house: House, line: _Line) -> DossierLine:
    definition = house.catalogue.version(line.version_id).definition
    return DossierLine(
        id=line.id,
        code=line.code,
        procedure=line.procedure,
        procedure_name=definition.name,
        short_name=called(definition),
        applicant=line.name,
        id_number=masked(line.id_number),
        channel=line.channel,
        state=line.state,
        version=line.version,
        received_at=line.received_at,
        due_at=line.due_at,
        late=line.late,
        holder=line.holder,
        answered=line.answered,
    )


_FIRST = (dt.datetime(1900, 1, 1, tzinfo=VN), UUID(int=0))
_NEVER = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)


def _cursor(after: str) -> tuple[dt.datetime, UUID]:
    """Where a page begins.

    Raises:
        InvalidAnswersError: no page gave that cursor.
    """
    if not after:
        return _FIRST
    due, _, last_id = after.partition("_")
    try:
        at = dt.datetime.fromtimestamp(int(due) / 1_000_000, dt.UTC) if due != "never" else _NEVER
        return at, UUID(last_id)
    except (ValueError, OverflowError, OSError):
        raise InvalidAnswersError([FieldFault("after", "field.type", label="after")]) from None


def _cursor_after(line: _Line) -> str:
    due = "never" if line.due_at is None else str(round(line.due_at.timestamp() * 1_000_000))
    return f"{due}_{line.id}"


_NUMBERED = re.compile(r"\S*[0-9]\S*")
"""What may be a whole code or number: it is asked for first, in the indexes of these."""

_ONLY = """
  and (coalesce(due_at, '9999-12-31Z'), id) > ($4::timestamptz, $5::uuid)
  and ($7 = '' or procedure_code = $7)
  and ($8::bigint is null or coalesce(holder_id, 0) = $8)
  and ($9::timestamptz is null or due_at >= $9)
  and ($10::timestamptz is null or due_at < $10)
order by 2, 1 limit $6
"""

_STAGE = f"""
select id, coalesce(due_at, '9999-12-31Z') as due from dossier
where tenant_id = $1 and state = stage.state
  and ($3 = '' or strpos(applicant_key, $3) > 0) {_ONLY}
"""  # noqa: S608 - words of the program's own
"""Everything it looks at stands in the index ``dossier_list``, in the list's order."""

_SHOWN = """
select json_build_object('id', d.id, 'code', coalesce(d.code, d.temporary_code, ''),
  'procedure', d.procedure_code, 'version_id', d.version_id,
  'name', coalesce(d.applicant->>'name', ''),
  'id_number', coalesce(d.applicant->>'id_number', ''), 'channel', d.channel,
  'state', d.state, 'version', d.version, 'received_at', d.received_at, 'due_at', d.due_at,
  'late', d.late, 'holder', coalesce(s.full_name, ''),
  'answered', e.seq is not null and not exists (
    select from read_log r where r.tenant_id = d.tenant_id and r.dossier_id = d.id
      and r.at >= e.at and r.what = 'dossier'))::text as line, f.due, f.id
from found f
join dossier d on d.tenant_id = $1 and d.id = f.id
left join staff s on s.tenant_id = d.tenant_id and s.id = d.holder_id
left join dossier_event e on e.tenant_id = d.tenant_id and e.dossier_id = d.id
  and e.seq = d.version and e.transition in ('T05', 'T36') and e.role = 'citizen'
order by 2, 3
"""
"""An answer of the citizen is news while it is the last thing that happened, and nobody has
opened the dossier since."""

_LIST = f"""
with found as materialized (
  select each.id, each.due from unnest($2::text[]) as stage (state), lateral ({_STAGE}) as each
  order by 2, 1 limit $6)
{_SHOWN}
"""  # noqa: S608 - words of the program's own
"""Each state gives its first fifty; the first fifty of those are shown."""

_WHOLE = f"""
with found as materialized (
  select id, coalesce(due_at, '9999-12-31Z') as due from dossier
  where tenant_id = $1 and state = any($2) and (code = upper($3) or temporary_code = upper($3)
    or id = any(array(select dossiers_by_id_number($3))))
  {_ONLY})
{_SHOWN}
"""  # noqa: S608 - words of the program's own

_COUNTS = "select state, count(*)::int as n from dossier where tenant_id = $1 group by state"

_PROCEDURES = """
select distinct procedure_code as code from dossier where tenant_id = $1 and state = any($2)
"""
