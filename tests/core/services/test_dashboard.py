"""The unit's numbers, recounted from the dossiers themselves."""

import datetime as dt

import pytest

from core.services.shop import Shop, copy, single
from motcua.domain.dossier import Role
from motcua.domain.report import Period
from motcua.services.dashboard import NotLeadingError, dashboard

pytestmark = pytest.mark.anyio

_RECEIVED = """
select procedure_code as code, (received_at at time zone 'Asia/Ho_Chi_Minh')::date as day,
  count(*)::int as n
from dossier where tenant_id = $1 and received_at is not null group by 1, 2
"""
_DONE = """
select (finished_at at time zone 'Asia/Ho_Chi_Minh')::date as day, late, count(*)::int as n
from dossier where tenant_id = $1 and finished_at is not null group by 1, 2
"""

_OVERDUE = """
select count(*)::int as n from dossier
where tenant_id = $1 and finished_at is null and due_at < $2
"""


async def test_the_numbers_are_those_of_the_dossiers(shop: Shop) -> None:
    first = shop.clock().date()
    for day in range(3):
        for n in range(day + 1):
            received = await shop.received(copy() if n else single())
            if n:
                await shop.walk(received, "T08", "T16", "T18", "T19")
        shop.next_day()
    await shop.received(copy())
    last = shop.clock().date()

    desk, head = await shop.desk(), shop.person(Role.HEAD)
    found = await dashboard(shop.house, desk, head, Period(first, last))
    before = await dashboard(
        shop.house, desk, head, Period(first - dt.timedelta(days=9), first - dt.timedelta(days=1))
    )

    received_rows, done_rows = await shop.rows(_RECEIVED), await shop.rows(_DONE)
    assert found.total.received == sum(row["n"] for row in received_rows) == 7
    assert found.total.done == sum(row["n"] for row in done_rows) == 3
    assert found.total.late == sum(row["n"] for row in done_rows if row["late"])
    by_day = {day: count.received for day, count in found.days if count.received}
    by_code = {code: count.received for code, count in found.procedures}
    for row in received_rows:
        by_day[row["day"]] -= row["n"]
        by_code[row["code"]] -= row["n"]
    assert not any(by_day.values())
    assert not any(by_code.values())
    assert next(code for code, _ in found.procedures) == "2.000815"
    assert found.today.received == 1
    assert sum(each.count for each in found.waiting) == 7
    assert before.total.received == 0
    assert before.today.received == 1

    for _ in range(9):
        shop.next_day()
    (overdue,) = await shop.rows(_OVERDUE, shop.clock())
    until_now = await dashboard(shop.house, desk, head, Period(first, shop.clock().date()))
    over = await dashboard(shop.house, desk, head, Period(first, last))
    assert until_now.overdue == overdue["n"] == 4
    assert (over.overdue, over.percent_in_time) == (0, 100)


async def test_only_who_leads_sees_them(shop: Shop) -> None:
    period = Period(shop.clock().date(), shop.clock().date())

    with pytest.raises(NotLeadingError):
        await dashboard(shop.house, await shop.desk(), shop.person(Role.FIELD), period)
