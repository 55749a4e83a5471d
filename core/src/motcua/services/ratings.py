"""What people said of the work; never who, and never so few that one is known.

Only whole months that have ended are shown, at the unit and above it: whoever looked before and
after one rating of a month that still runs, or of one day more, would know what it said.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from motcua.domain.life import Actor
from motcua.domain.report import Period
from motcua.services.dashboard import LEADING, NotLeadingError
from motcua.services.follow import LEVELS, QUESTIONS
from motcua.services.house import Desk, House
from motcua.storage.work import work

FEWEST = 5
"""How many answers there must be for their average to be shown."""
POINTS = {level: n for n, level in enumerate(reversed(LEVELS), start=1)}
"""What an answer counts in an average: three the best, one the worst."""
POINTS_SQL = " ".join(
    ["case answer", *(f"when '{one}' then {n}" for one, n in POINTS.items()), "end"]
)
"""The same in a query."""
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
"""The good answers of a question; of visits there are none, only how many."""
DOES_NOT_APPLY = ("khong-dung", "khong-co")
"""Answers that are none."""


class Average(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered to one question.

    Attributes:
        answered: How many it was for and who answered.
        mean: One to three for a level, how many visits; none for yes and no.
        good: Percent of good answers; none for visits.
    """

    answered: int
    mean: float | None
    good: float | None


Averages = dict[str, Average | None]
"""By question; ``None``: fewer than :data:`FEWEST` answered it."""


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """What was said in one month.

    Attributes:
        count: How many ratings; ``None``: some, but fewer than :data:`FEWEST`.
    """

    first: dt.date
    count: int | None
    averages: Averages


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What was said in the months that have ended, one by one and together.

    The sum holds only what a month tells too: else one would know what that month does not.
    """

    averages: Averages
    months: list[Month]


class Rated(msgspec.Struct, frozen=True, kw_only=True):
    """How many said what they thought of a unit's work within some months, and how well."""

    first: dt.date
    last: dt.date
    count: int
    mean: float
    percent_satisfied: float


async def by_month(house: House, desk: Desk, actor: Actor) -> Said:
    """The last twelve months that have ended, those with ratings, the newest first.

    Raises:
        NotLeadingError: the actor leads nothing here.
    """
    require_leading(actor)
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_SAID, desk.id, *ended_months(house.today()))
    counts: dict[dt.date, int] = {}
    said: dict[dt.date, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        if row["question"]:
            said[row["month"]][row["question"]][row["answer"]] = row["n"]
        else:
            counts[row["month"]] = row["n"]
    months = [_month(first, counts[first], said[first]) for first in sorted(counts, reverse=True)]
    told = [
        (name, answer, n)
        for month in months
        for name, found in month.averages.items()
        if found
        for answer, n in said[month.first][name].items()
    ]
    return Said(averages=averages(told), months=months)


async def in_public(house: House, desk: Desk) -> Rated | None:
    """What is told to everybody; nothing where fewer than :data:`FEWEST` rated in a year."""
    first, end = ended_months(house.today())
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_SUM, desk.id, first, end)
    found = average("overall", {row["answer"]: row["n"] for row in rows})
    if found is None or found.mean is None or found.good is None:
        return None
    return Rated(
        first=first,
        last=end - dt.timedelta(days=1),
        count=found.answered,
        mean=found.mean,
        percent_satisfied=found.good,
    )


def require_leading(actor: Actor) -> None:
    """Only who leads a unit reads what people say of it.

    Raises:
        NotLeadingError: the actor leads nothing here.
    """
    if not LEADING & set(actor.roles):
        raise NotLeadingError(name=actor.name)


def ended_months(today: dt.date) -> tuple[dt.date, dt.date]:
    """The first day of the twelve months before that of *today*, and the day after their last."""
    end = today.replace(day=1)
    return end.replace(year=end.year - 1), end


def ended_within(period: Period, today: dt.date) -> Period | None:
    """The whole months of *period* that have ended, if there are any."""
    first = period.first
    if first.day != 1:
        first = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    end = min((period.last + dt.timedelta(days=1)).replace(day=1), today.replace(day=1))
    return Period(first, end - dt.timedelta(days=1)) if first < end else None


def told_sql(first: str, last: str) -> str:
    """A query of what is told above of whole months from *first* to *last*, both parameters.

    It holds of each unit, month and question only what is told by itself: a sum of more
    would tell, less its other parts, what one of them does not.
    """
    none = ", ".join(f"'{answer}'" for answer in DOES_NOT_APPLY)
    return f"""
select tenant_id, question, answer, n from (
  select tenant_id, question, answer, sum(n)::int as n,
    sum(sum(n)) filter (where answer not in ({none}))
      over (partition by tenant_id, date_trunc('month', day), question) as given
  from rating_figure where province_id = $1 and day between {first} and {last}
  group by tenant_id, date_trunc('month', day), question, answer) counted
where given >= {FEWEST}"""  # noqa: S608 - words of the program's own


def _month(first: dt.date, count: int, said: Mapping[str, Mapping[str, int]]) -> Month:
    enough = count >= FEWEST
    found = {name: average(name, said.get(name, {})) if enough else None for name in QUESTIONS}
    return Month(first=first, count=count if enough else None, averages=found)


def averages(said: Iterable[tuple[str, str, int]]) -> Averages:
    """Of all questions; *said* are question, answer and how often, in any number of pieces."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for question, answer, n in said:
        sums[question][answer] += n
    return {name: average(name, sums[name]) for name in QUESTIONS}


def average(question: str, said: Mapping[str, int]) -> Average | None:
    """The average of what was *said*, each answer with how often; ``None``: too few said it."""
    given = {answer: n for answer, n in said.items() if answer not in DOES_NOT_APPLY}
    answered = sum(given.values())
    if answered < FEWEST:
        return None
    if question == "visits":
        visits = sum(int(answer) * n for answer, n in given.items())
        return Average(answered=answered, mean=visits / answered, good=None)
    good = 100 * sum(given.get(answer, 0) for answer in _GOOD[question]) / answered
    if _GOOD[question] != _SATISFIED:
        return Average(answered=answered, mean=None, good=good)
    points = sum(POINTS[answer] * n for answer, n in given.items())
    return Average(answered=answered, mean=points / answered, good=good)


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
select answer, sum(n)::int as n from rating_figure
where tenant_id = $1 and day >= $2 and day < $3 and question = 'overall' group by 1
"""
