"""What people said of the work, month by month; never who, and never so few that one is known.

Only months that have ended are shown: whoever looked before and after one rating of a month
that still runs would know what it said.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

import msgspec

from motcua.domain.life import Actor
from motcua.services.dashboard import LEADING, NotLeadingError
from motcua.services.follow import LEVELS, QUESTIONS
from motcua.services.house import Desk, House
from motcua.storage.work import work

FEWEST = 5
"""How many answers there must be for their average to be shown."""
_SATISFIED = LEVELS[:2]
_GOOD: dict[str, tuple[str, ...]] = {
    "overall": _SATISFIED,
    "on_date": ("co",),
    "more_papers": ("khong",),
    "attitude": _SATISFIED,
    "guidance": _SATISFIED,
    "online": _SATISFIED,
    "complaint": ("co",),
}
"""The good answers of a question, whose share is its average; of visits it is the mean."""
_DOES_NOT_APPLY = ("khong-dung", "khong-co")


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """What was said in one month.

    Attributes:
        count: How many ratings; ``None``: some, but fewer than :data:`FEWEST`.
        averages: By question, percent of good answers, or how many visits; ``None``: too few.
    """

    first: dt.date
    count: int | None
    averages: dict[str, float | None]


class Rated(msgspec.Struct, frozen=True, kw_only=True):
    """How many said what they thought of a unit's work within some months, and how many well."""

    first: dt.date
    last: dt.date
    count: int
    percent_satisfied: float


async def by_month(house: House, desk: Desk, actor: Actor) -> list[Month]:
    """The last twelve months that have ended, those with ratings, the newest first.

    Raises:
        NotLeadingError: the actor leads nothing here.
    """
    if not LEADING & set(actor.roles):
        raise NotLeadingError(name=actor.name)
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_SAID, desk.id, *_ended_months(house.today()))
    counts: dict[dt.date, int] = {}
    said: dict[dt.date, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        if row["question"]:
            said[row["month"]][row["question"]][row["answer"]] = row["n"]
        else:
            counts[row["month"]] = row["n"]
    return [_month(first, counts[first], said[first]) for first in sorted(counts, reverse=True)]


async def in_public(house: House, desk: Desk) -> Rated | None:
    """What is told to everybody; nothing where fewer than :data:`FEWEST` rated in a year."""
    first, end = _ended_months(house.today())
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_SUM, desk.id, first, end)
    if row["rated"] < FEWEST:
        return None
    return Rated(
        first=first,
        last=end - dt.timedelta(days=1),
        count=row["rated"],
        percent_satisfied=100 * row["satisfied"] / row["rated"],
    )


def _ended_months(today: dt.date) -> tuple[dt.date, dt.date]:
    """The first day of the twelve months before that of *today*, and the day after their last."""
    end = today.replace(day=1)
    return end.replace(year=end.year - 1), end


def _month(first: dt.date, count: int, said: Mapping[str, Mapping[str, int]]) -> Month:
    enough = count >= FEWEST
    averages = {name: average(name, said.get(name, {})) if enough else None for name in QUESTIONS}
    return Month(first=first, count=count if enough else None, averages=averages)


def average(question: str, said: Mapping[str, int]) -> float | None:
    """The average of what was *said*, each answer with how often; ``None``: too few said it."""
    given = {answer: n for answer, n in said.items() if answer not in _DOES_NOT_APPLY}
    answered = sum(given.values())
    if answered < FEWEST:
        return None
    if question == "visits":
        return sum(int(answer) * n for answer, n in given.items()) / answered
    return 100 * sum(given.get(answer, 0) for answer in _GOOD[question]) / answered


_SAID = """
with said as (
  select date_trunc('month', day)::date as month, answers from rating
  where tenant_id = $1 and day >= $2 and day < $3)
select month, '' as question, '' as answer, count(*)::int as n from said group by 1
union all
select month, a.key, a.value, count(*)::int
from said, jsonb_each_text(answers) a group by 1, 2, 3
"""

_SUM = """
select coalesce(sum(rated), 0)::int as rated, coalesce(sum(satisfied), 0)::int as satisfied
from rating_figure where tenant_id = $1 and day >= $2 and day < $3
"""
