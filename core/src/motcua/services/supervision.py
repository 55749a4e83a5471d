"""What a province sees of its units: figures only, in always the same number of questions.

Everything comes from the derived tables, read under the province's own name: the database
gives it no dossier, no rating and no signer of a unit.
"""

import calendar
import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec

from motcua.domain.calendar import VN, Calendar
from motcua.domain.errors import MotCuaError
from motcua.domain.report import Period, percent_in_time
from motcua.services.console_roles import ABOVE
from motcua.services.house import Desk, House
from motcua.services.ratings import FEWEST, POINTS_SQL, ended_within, told_sql
from motcua.storage.work import reference_work, work

SILENT_AFTER = 5
"""Working days without any reception after which a unit is called silent."""
_FAR = 60


class NotAboveError(MotCuaError):
    """A unit that has nobody below it has nobody to supervise."""

    code = "supervision.not-above"
    status = 404


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Receptions and ends within a period.

    Attributes:
        rated: How many said in the ended months of the period how satisfied they were.
        points: What they said together: three each for very satisfied, one for not.
    """

    received: int = 0
    online: int = 0
    early: int = 0
    on_time: int = 0
    late: int = 0
    no_limit: int = 0
    rated: int = 0
    points: int = 0

    @property
    def done(self) -> int:
        """All that ended."""
        return self.early + self.on_time + self.late + self.no_limit

    def percent_in_time(self, overdue: int | None) -> float | None:
        """How much was in time; unknown while nobody knows how much is *overdue*."""
        if overdue is None:
            return None
        return percent_in_time(self.early + self.on_time, self.late, overdue)

    @property
    def percent_online(self) -> float | None:
        """How many came online."""
        return 100 * self.online / self.received if self.received else None

    @property
    def satisfaction(self) -> float | None:
        """The average of what was said, one to three; nothing where hardly anybody rated."""
        return self.points / self.rated if self.rated >= FEWEST else None


class Overdue(msgspec.Struct, frozen=True):
    """How many dossiers of one procedure are overdue now, with its field of law."""

    field: str
    procedure: str
    n: int


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One unit: its counts in the period, and how it stands now.

    Attributes:
        ended: Whether it is no more, or kept only to be read.
        counted_at: When it last counted how it stands; ``None`` is never, or a period
            that is over: what stands now, below, is not told of one.
        open: Dossiers in process now; none in a period that is over.
        overdue_of: Of them those past their due time, by procedure; ``None``: not counted yet.
        serves: Whether anybody works there.
        silent: Working days without a reception, if there are too many.
        never: Whether nothing was ever received there.
        signers_ended: People whose assignment to sign is over and has no successor.
        book_gaps: Numbers missing in its books.
    """

    id: int
    slug: str
    name: str
    ended: bool
    counts: Counts
    today: Counts
    counted_at: dt.datetime | None
    open: int
    overdue_of: tuple[Overdue, ...] | None
    serves: bool
    silent: int
    never: bool
    signers_ended: int
    book_gaps: int

    @property
    def overdue(self) -> int | None:
        """Dossiers in process past their due time; ``None``: not counted yet."""
        return None if self.overdue_of is None else sum(each.n for each in self.overdue_of)

    @property
    def percent_in_time(self) -> float | None:
        """How much was in time; what is overdue was not."""
        return self.counts.percent_in_time(self.overdue)

    @property
    def busy(self) -> bool:
        """Whether it had dossiers in the period."""
        return bool(self.counts.received or self.counts.done or self.open)

    @property
    def idle(self) -> bool:
        """Whether there is nothing to say of it: no dossiers, nothing out of order."""
        seen_to = self.never or self.silent or self.signers_ended or self.book_gaps
        return not (self.busy or seen_to)


async def places(house: House, above: Desk | None = None) -> list[tuple[str, str, bool]]:
    """Slug, name and whether it is kept to be read only, of what has units below it.

    Args:
        house: The application's parts.
        above: A supervisor's own place: then this one and what is closed for good, whose
            figures stand on the first page for everybody.
    """
    async with reference_work(house.engine) as reading:
        rows = await reading.fetch(_PLACES, list(ABOVE))
    return [
        (row["slug"], row["name"], row["archived"])
        for row in rows
        if above is None or row["archived"] or row["slug"] == above.slug
    ]


async def span(house: House, above: Desk) -> Period | None:
    """The whole months in which anything below *above* was received."""
    async with work(house.engine, above.id) as reading:
        row = await reading.fetchrow(_SPAN, above.id)
    if row["first"] is None:
        return None
    end = calendar.monthrange(row["last"].year, row["last"].month)[1]
    return Period(row["first"].replace(day=1), row["last"].replace(day=end))


async def units(house: House, above: Desk, period: Period, field: str = "") -> list[Unit]:
    """Every unit below *above*, in all fields of law or one: one question for them all."""
    today = house.today()
    rated = ended_within(period, today)
    months = (rated.first, rated.last) if rated else (None, None)
    args = (above.id, period.first, period.last, today, field, *months)
    async with work(house.engine, above.id) as reading:
        rows = await reading.fetch(_UNITS, *args)
    found = [_unit(above.calendar, row, today, now=today in period) for row in rows]
    return [_within(each, field) for each in found] if field else found


def _within(unit: Unit, field: str) -> Unit:
    """*unit* as far as one field of law goes; how many are open in it is not told here."""
    if unit.overdue_of is None:
        return msgspec.structs.replace(unit, open=0)
    late = tuple(each for each in unit.overdue_of if each.field == field)
    return msgspec.structs.replace(unit, overdue_of=late, open=len(late))


def total(counts: Sequence[Counts]) -> Counts:
    """The sum of *counts*."""
    names = Counts.__struct_fields__
    return Counts(**{name: sum(getattr(each, name) for each in counts) for name in names})


def require_above(desk: Desk) -> None:
    """Only a province or a city supervises.

    Raises:
        NotAboveError: *desk* is a unit.
    """
    if desk.kind not in ABOVE:
        raise NotAboveError(tenant=desk.name)


def _unit(days: Calendar, row: Any, today: dt.date, *, now: bool) -> Unit:
    ended = row["archived"] or (row["closed_on"] is not None and row["closed_on"] <= today)
    serves = bool(row["serves"]) and not ended
    watched = serves and now
    return Unit(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        ended=ended,
        counts=_counts(row, Counts.__struct_fields__),
        today=Counts(received=row["received_today"], no_limit=row["done_today"]),
        counted_at=row["at"].astimezone(VN) if row["at"] and now else None,
        open=(row["open"] or 0) if now else 0,
        overdue_of=_overdue(row) if now else (),
        serves=serves,
        silent=_silent(days, row["last"], today) if watched else 0,
        never=watched and row["last"] is None,
        signers_ended=(row["signers_ended"] or 0) if now else 0,
        book_gaps=(row["book_gaps"] or 0) if now else 0,
    )


def _overdue(row: Any) -> tuple[Overdue, ...] | None:
    told = row["overdue_of"]
    return None if told is None else msgspec.json.decode(told, type=tuple[Overdue, ...])


def _silent(working: Calendar, last: dt.date | None, today: dt.date) -> int:
    """Working days before *today* without a reception, or 0 if they are few."""
    if last is None:
        return 0
    since = max(last, today - dt.timedelta(days=_FAR))
    days = (since + dt.timedelta(days=n) for n in range(1, (today - since).days))
    count = sum(working.is_working_day(day) for day in days)
    return count if count >= SILENT_AFTER else 0


def _counts(row: Any, names: Sequence[str]) -> Counts:
    return Counts(**{name: row[name] or 0 for name in names})


_PLACES = """
select slug, name, archived from tenant t
where kind = any($1) and exists (select from tenant u where u.parent_id = t.id) order by id
"""

_SPAN = """
select min(day) as first, max(day) as last from daily_figure where province_id = $1 and received > 0
"""

SUMS = """
  sum(received)::int as received,
  (sum(received) filter (where channel = 'online'))::int as online,
  sum(early)::int as early, sum(on_time)::int as on_time, sum(late)::int as late,
  sum(no_limit)::int as no_limit"""

_UNITS = f"""
select t.id, t.slug, t.name, t.closed_on, t.archived, f.*, r.rated, r.points,
  coalesce(d.received, 0) as received_today, coalesce(d.done, 0) as done_today,
  s.at, s.open, s.overdue_of::text as overdue_of, s.serves, s.signers_ended, s.book_gaps,
  (select max(day) from daily_figure l where l.tenant_id = t.id and l.received > 0) as last
from tenant t
left join (select tenant_id as unit, {SUMS} from daily_figure
  where province_id = $1 and day between $2 and $3 and ($5 = '' or field = $5) group by 1) f
  on f.unit = t.id
left join (select tenant_id as unit, sum(received)::int as received,
    sum(early + on_time + late + no_limit)::int as done
  from daily_figure
  where province_id = $1 and day = $4 and ($5 = '' or field = $5) group by 1) d on d.unit = t.id
left join (select tenant_id as unit, sum(n)::int as rated, sum(n * {POINTS_SQL})::int as points
  from ({told_sql("$6", "$7")}) told where question = 'overall' group by 1) r
  on r.unit = t.id
left join unit_standing s on s.province_id = $1 and s.tenant_id = t.id
where t.parent_id = $1 order by t.id
"""  # noqa: S608 - words of the program's own
