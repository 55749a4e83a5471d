"""What people said is told by month, and never so few that one of them is known."""

import datetime as dt
from collections.abc import Mapping

import msgspec
import pytest

from core.services.shop import Shop
from motcua.domain.dossier import Role
from motcua.services.dashboard import NotLeadingError
from motcua.services.house import Desk
from motcua.services.ratings import average, by_month, in_public
from motcua.storage.work import work

pytestmark = pytest.mark.anyio

_RATE = """
insert into rating (tenant_id, mark, procedure_code, day, answers, note)
values ($1, $2, '2.000815', $3, $4, '')
"""
_COUNT = """
insert into rating_figure as f (tenant_id, province_id, day, procedure_code, rated, satisfied)
values ($1, $2, $3, '2.000815', 1, $4) on conflict (tenant_id, day, procedure_code) do update
set rated = f.rated + 1, satisfied = f.satisfied + excluded.satisfied
"""


async def rated(shop: Shop, desk: Desk, day: dt.date, *said: Mapping[str, str]) -> None:
    """Ratings of *day*, as the portal keeps them."""
    async with work(shop.house.engine, desk.id) as writing:
        for each in said:
            answers = msgspec.json.encode(each).decode()
            await writing.execute(_RATE, desk.id, shop.house.entropy(32), day, answers)
            if "overall" in each:
                satisfied = int(each["overall"] != "khong-hai-long")
                await writing.execute(_COUNT, desk.id, desk.province_id, day, satisfied)


def months_before(today: dt.date, n: int) -> dt.date:
    """The first day of the month *n* months before that of *today*."""
    count = today.year * 12 + today.month - 1 - n
    return dt.date(count // 12, count % 12 + 1, 1)


async def test_months_that_have_ended_are_told_if_enough_people_rated(shop: Shop) -> None:
    desk, today = await shop.desk(), shop.house.today()
    well, badly = {"overall": "hai-long", "visits": "1"}, {"overall": "khong-hai-long"}
    await rated(shop, desk, months_before(today, 1), *[well] * 4, badly, {})
    await rated(shop, desk, months_before(today, 2), *[well] * 4)
    await rated(shop, desk, months_before(today, 13), *[well] * 9)
    await rated(shop, desk, today.replace(day=1), *[badly] * 9)

    last, before = await by_month(shop.house, desk, shop.person(Role.LEADER))
    told = await in_public(shop.house, desk)

    assert (last.first, last.count) == (months_before(today, 1), 6)
    assert last.averages["overall"] == 80
    assert last.averages["visits"] is None, "four answers to this question"
    assert before.count is None
    assert set(before.averages.values()) == {None}
    assert told is not None
    assert (told.count, round(told.percent_satisfied)) == (9, 89)
    assert (told.first, told.last) == (
        months_before(today, 12),
        today.replace(day=1) - dt.timedelta(days=1),
    )


async def test_only_who_leads_reads_them_and_nobody_where_hardly_anybody_rated(shop: Shop) -> None:
    desk = await shop.desk("xa-hai")
    await rated(shop, desk, months_before(shop.house.today(), 1), *[{"overall": "hai-long"}] * 4)

    with pytest.raises(NotLeadingError):
        await by_month(shop.house, desk, shop.person(Role.RECEPTION))
    assert await in_public(shop.house, desk) is None


@pytest.mark.parametrize(
    ("question", "said", "expected"),
    [
        ("attitude", {"rat-hai-long": 2, "hai-long": 1, "khong-hai-long": 3}, 50),
        ("on_date", {"co": 3, "khong": 2}, 60),
        ("more_papers", {"co": 1, "khong": 4}, 80),
        ("visits", {"0": 1, "1": 2, "2": 2}, 1.2),
        ("online", {"hai-long": 4, "khong-dung": 20}, None),
        ("complaint", {"co": 5, "khong-co": 20}, 100),
    ],
)
def test_an_average_counts_only_who_the_question_was_for(
    question: str, said: dict[str, int], expected: float | None
) -> None:
    assert average(question, said) == expected
