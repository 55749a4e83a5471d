"""What people said is told by month, and never so few that one of them is known."""

import datetime as dt
from collections.abc import Mapping

import msgspec
import pytest

from core.services.shop import Shop
from motcua.domain.dossier import Role
from motcua.services.dashboard import NotLeadingError
from motcua.services.house import Desk
from motcua.services.rating_notes import notes
from motcua.services.ratings import Average, average, by_month, in_public
from motcua.storage.work import work

pytestmark = pytest.mark.anyio

_RATE = """
insert into rating (tenant_id, mark, procedure_code, day, answers, note)
values ($1, $2, '2.000815', $3, $4, '')
"""
_COUNT = """
insert into rating_figure as f (tenant_id, province_id, day, procedure_code, question, answer, n)
select $1, $2, $3, '2.000815', key, value, 1 from jsonb_each_text($4::jsonb)
on conflict (tenant_id, day, procedure_code, question, answer) do update set n = f.n + 1
"""


async def rated(shop: Shop, desk: Desk, day: dt.date, *said: Mapping[str, str]) -> None:
    """Ratings of *day*, as the portal keeps them."""
    async with work(shop.house.engine, desk.id) as writing:
        for each in said:
            answers = msgspec.json.encode(each).decode()
            await writing.execute(_RATE, desk.id, shop.house.entropy(32), day, answers)
            await writing.execute(_COUNT, desk.id, desk.province_id, day, answers)


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

    said = await by_month(shop.house, desk, shop.person(Role.LEADER))
    last, before = said.months
    told = await in_public(shop.house, desk)

    assert (last.first, last.count) == (months_before(today, 1), 6)
    assert last.averages["overall"] == Average(answered=5, mean=9 / 5, good=80)
    assert last.averages["visits"] is None, "four answers to this question"
    assert before.count is None
    assert set(before.averages.values()) == {None}
    assert said.averages == last.averages, "a sum tells nothing that no month tells"
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
        ("attitude", {"rat-hai-long": 2, "hai-long": 1, "khong-hai-long": 3}, (6, 11 / 6, 50)),
        ("on_date", {"co": 3, "khong": 2}, (5, None, 60)),
        ("more_papers", {"co": 1, "khong": 4}, (5, None, 80)),
        ("visits", {"0": 1, "1": 2, "2": 2}, (5, 1.2, None)),
        ("online", {"hai-long": 4, "khong-dung": 20}, None),
        ("complaint", {"co": 5, "khong-co": 20}, (5, None, 100)),
    ],
)
def test_an_average_counts_only_who_the_question_was_for(
    question: str, said: dict[str, int], expected: tuple[int, float | None, float | None] | None
) -> None:
    found = average(question, said)

    assert (found and (found.answered, found.mean, found.good)) == expected


async def test_notes_are_told_without_a_place_where_few_rated(shop: Shop) -> None:
    desk, leader = await shop.desk("xa-hai"), shop.person(Role.LEADER)
    last = months_before(shop.house.today(), 1)
    async with work(shop.house.engine, desk.id) as writing:
        for n in range(6):
            await writing.execute(_NOTE, desk.id, bytes([n]), "2.000815", last, f"Lời {n}")
        await writing.execute(_NOTE, desk.id, b"one", "1.001193", last, "Chị Lan làm chậm")
        await writing.execute(_NOTE, desk.id, b"now", "2.000815", shop.house.today(), "Tháng này")

    found = await notes(shop.house, desk, leader, None, "", 1)
    copies = await notes(shop.house, desk, leader, last, "2.000815", 1)
    alone = await notes(shop.house, desk, leader, last, "1.001193", 1)

    placed = {each.words: (each.month, each.procedure != "") for each in found.notes}
    assert placed == {f"Lời {n}": (last, True) for n in range(6)} | {
        "Chị Lan làm chậm": (None, False)
    }
    assert ([code for code, _ in found.procedures], found.months) == (["2.000815"], [last])
    assert (copies.count, alone.count) == (6, 0)
    with pytest.raises(NotLeadingError):
        await notes(shop.house, desk, shop.person(Role.FIELD), None, "", 1)


_NOTE = """
insert into rating (tenant_id, mark, procedure_code, day, answers, note)
values ($1, $2, $3, $4, '{}', $5)
"""
