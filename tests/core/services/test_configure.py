"""What a tenant settles for itself: its closures, and since when they are known."""

import datetime as dt

import pytest
from msgspec import structs

from core.services.shop import Shop
from motcua.domain.calendar import Closure
from motcua.services.configure import close_days

pytestmark = pytest.mark.anyio

HALF = Closure(
    date=dt.date(2026, 12, 16),
    sessions=("afternoon",),
    reason="Tập huấn",
    basis="Thông báo 3/TB",
)


async def closed(shop: Shop, closure: Closure) -> Closure:
    """Enter *closure*; answers it as the next request sees it."""
    await close_days(shop.house, await shop.desk(), [closure])
    [kept] = [each for each in (await shop.desk()).calendar.closures if each.date == closure.date]
    return kept


async def test_a_closure_is_known_from_the_day_it_is_entered(shop: Shop) -> None:
    """Rules §13.4; the date of an older paper stays readable in the basis."""
    today = shop.house.today()
    paper = structs.replace(HALF, decided_on=today - dt.timedelta(days=2))

    kept = await closed(shop, paper)

    basis = f"Thông báo 3/TB (ngày {paper.decided_on:%d/%m/%Y})"
    assert kept == structs.replace(HALF, decided_on=today, basis=basis)


async def test_a_closure_decided_for_later_is_known_from_then_on(shop: Shop) -> None:
    decided = structs.replace(HALF, decided_on=shop.house.today() + dt.timedelta(days=2))

    assert await closed(shop, structs.replace(decided, date=dt.date(2026, 12, 17))) == (
        structs.replace(decided, date=dt.date(2026, 12, 17))
    )


async def test_closing_more_of_a_day_is_known_from_the_day_that_is_entered(shop: Shop) -> None:
    await closed(shop, HALF)
    shop.next_day()

    kept = await closed(shop, structs.replace(HALF, sessions=None))

    assert (kept.sessions, kept.decided_on) == (None, shop.house.today())
