"""Closing the day: every entry of the ledger in exactly one closing, and what must come first."""

import asyncio
import datetime as dt

import msgspec
import pytest

from core.services.bookshop import block, on_paper
from core.services.shop import Shop, copy
from core.services.test_queue import QUEUE
from motcua.domain.dossier import Role
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.money import Way
from motcua.services import blocks, day_closing, payments, queue
from motcua.services.day_closing import (
    ClosedError,
    Closing,
    Day,
    MovedOnError,
    MustFirstError,
    NotClosingError,
    UnknownClosingError,
)
from motcua.services.payments import Payment
from motcua.storage.work import work

pytestmark = pytest.mark.anyio


async def paid(shop: Shop, way: Way = Way.CASH) -> Payment:
    """Receive a copy and take its fee."""
    shop.clock.tick()
    received = await shop.received()
    cashier = shop.person(Role.CASHIER)
    return await payments.pay(shop.house, await shop.desk(), cashier, [received.id], way=way)


async def look(shop: Shop) -> Day:
    shop.clock.tick()
    return await day_closing.today(shop.house, await shop.desk(), shop.person(Role.CASHIER))


async def close(shop: Shop, counted: int, reason: str = "", seen: int | None = None) -> Closing:
    expected = (await look(shop)).expected if seen is None else seen
    officer = shop.person(Role.CASHIER)
    desk = await shop.desk()
    return await day_closing.close(
        shop.house, desk, officer, counted=counted, reason=reason, seen=expected
    )


async def closed(shop: Shop) -> int:
    """Close what other tests left, and begin a new day."""
    expected = (await look(shop)).expected
    await close(shop, max(expected, 0), "Dọn" if expected < 0 else "")
    shop.next_day()
    return expected


async def test_what_is_paid_after_the_closing_is_the_next_days(shop: Shop) -> None:
    await closed(shop)
    first = await paid(shop)
    await paid(shop, Way.TRANSFER)
    found = await look(shop)

    kept = await close(shop, first.amount)
    late = await paid(shop)
    shop.next_day()
    after = await look(shop)

    assert (found.received, found.expected, found.transferred) == (2, first.amount, first.amount)
    (series,) = found.money
    assert (series.count, series.last - series.first) == (2, 1)
    assert series.span[0] == first.label
    assert kept.summary.money == found.money
    assert kept.difference == 0
    (series,) = after.money
    assert (series.span, series.count) == ((late.label, late.label), 1)
    assert (after.received, after.expected) == (1, late.amount)


async def test_money_that_went_back_is_told_with_its_reason_and_leaves_the_till(
    shop: Shop,
) -> None:
    await closed(shop)
    kept, undone = await paid(shop), await paid(shop)
    desk, cashier = await shop.desk(), shop.person(Role.CASHIER)
    await payments.void(shop.house, desk, cashier, undone.id, "Bấm nhầm")

    found = await look(shop)

    assert found.expected == kept.amount
    (back,) = found.back
    assert (back.kind, back.of, back.reason) == ("void", undone.label, "Bấm nhầm")


async def test_every_entry_is_in_exactly_one_closing_while_others_go_on_paying(
    shop: Shop,
) -> None:
    await closed(shop)
    received = [await shop.received(copy()) for _ in range(6)]
    desk, cashier = await shop.desk(), shop.person(Role.CASHIER)

    async def pay(n: int) -> Payment:
        return await payments.pay(shop.house, desk, cashier, [received[n].id])

    async def close_now() -> Closing | None:
        seen = (await day_closing.today(shop.house, desk, cashier)).expected
        try:
            return await day_closing.close(
                shop.house, desk, cashier, counted=seen, reason="", seen=seen
            )
        except MovedOnError:
            return None

    *made, kept = await asyncio.gather(*(pay(n) for n in range(6)), close_now())
    shop.next_day()
    rest = await look(shop)

    first = kept.summary.money if isinstance(kept, Closing) else ()
    numbers = [n for each in (*first, *rest.money) for n in range(each.first, each.last + 1)]
    assert len(numbers) == len(set(numbers)) == len(made)
    assert sum(each.cash for each in (*first, *rest.money)) == sum(
        each.amount for each in made if isinstance(each, Payment)
    )


async def test_a_difference_needs_a_reason_and_both_are_kept(shop: Shop) -> None:
    await closed(shop)
    taken = await paid(shop)

    with pytest.raises(InvalidAnswersError):
        await close(shop, taken.amount - 1000, "  ")
    kept = await close(shop, taken.amount - 1000, "Trả nhầm tiền thừa")

    assert (kept.difference, kept.reason) == (-1000, "Trả nhầm tiền thừa")
    desk, head = await shop.desk(), shop.person(Role.HEAD)
    days = await day_closing.closed_days(shop.house, desk, head)
    assert days[0] == (kept.day, "Cán bộ cashier", -1000)
    assert await day_closing.closing(shop.house, desk, head, kept.day) == kept


async def test_who_counted_an_older_sum_counts_again(shop: Shop) -> None:
    await closed(shop)
    seen = (await look(shop)).expected
    await paid(shop)

    with pytest.raises(MovedOnError):
        await close(shop, seen, seen=seen)


async def test_what_was_entered_after_a_day_on_paper_is_in_the_next_closing(shop: Shop) -> None:
    await closed(shop)
    reserved = await block(shop, 2)
    await close(shop, (await look(shop)).expected)
    shop.next_day()
    before = await look(shop)
    entry = on_paper(shop.clock.now - dt.timedelta(days=1), tuple(reserved.unused[:1]))
    desk, officer = await shop.desk(), shop.person(Role.RECEPTION)

    entered = await blocks.enter(shop.house, desk, officer, reserved.id, entry)
    after = await look(shop)

    assert (after.received, after.returned) == (before.received + 1, before.returned + 1)
    assert after.expected == before.expected + 2_000
    async with work(shop.house.engine, desk.id) as reading:
        (paid,) = await payments.payments(reading, [entered.id])
    assert paid.reason.startswith("thu trên giấy lúc")


async def test_a_forgotten_day_is_closed_the_next_morning_until_money_comes(shop: Shop) -> None:
    await closed(shop)
    taken = await paid(shop)
    yesterday = shop.house.today()
    shop.next_day()

    kept = await close(shop, taken.amount)
    more = await paid(shop)
    today = await close(shop, more.amount)

    assert (kept.day, today.day) == (yesterday, shop.house.today())
    shop.next_day()
    await paid(shop)
    shop.next_day()
    await paid(shop)
    assert (await look(shop)).day == shop.house.today()


async def test_a_day_is_closed_once(shop: Shop) -> None:
    await closed(shop)
    await close(shop, 0)

    with pytest.raises(ClosedError):
        await close(shop, 0)


async def test_somebody_at_a_window_comes_first_and_who_was_not_called_is_told(
    shop: Shop,
) -> None:
    await closed(shop)
    settings = msgspec.json.encode({"queue": QUEUE}).decode()
    sql = "update tenant set settings = settings || $1::jsonb where slug = 'phuong-mot'"
    await shop.configure("phuong-mot", sql, settings)
    desk, officer = await shop.desk(), shop.person(Role.RECEPTION)
    for _ in range(2):
        await queue.take(shop.house, desk, "A")
    called = await queue.call(shop.house, desk, officer, "Quầy 1", None)
    assert called is not None

    with pytest.raises(MustFirstError, match="A001"):
        await close(shop, 0)
    await queue.change(shop.house, desk, officer, called.id, "done")
    kept = await close(shop, 0)

    assert kept.summary.unserved == ("A002",)


async def test_only_reception_cashier_and_head_close_the_day(shop: Shop) -> None:
    desk = await shop.desk()

    with pytest.raises(NotClosingError):
        await day_closing.today(shop.house, desk, shop.person(Role.FIELD))
    shop.next_day()
    officer = shop.person(Role.HEAD)
    with pytest.raises(UnknownClosingError):
        await day_closing.closing(shop.house, desk, officer, shop.house.today())
