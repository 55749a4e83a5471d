"""Money for dossiers: taken once, given back as an entry of its own, nothing altered unseen."""

from pathlib import Path

import asyncpg
import pytest

from core.services.shop import Shop, copy
from motcua.domain.dossier import Role
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.money import Way
from motcua.services import chores, payments
from motcua.services.verify import Fault, verify
from motcua.services.visit import Visit
from motcua.storage.work import work

pytestmark = pytest.mark.anyio


async def faults(shop: Shop) -> list[Fault]:
    await chores.once(shop.house)
    found = await verify(shop.house, Path("/nonexistent"), slugs=["phuong-mot"])
    return list(found.faults)


async def take(
    shop: Shop, visit: Visit, role: Role = Role.RECEPTION, **how: object
) -> payments.Payment:
    ids = [each.id for each in visit.dossiers]
    desk = await shop.desk()
    return await payments.pay(shop.house, desk, shop.person(role), ids, visit=visit.visit, **how)  # type: ignore[arg-type]  # words of pay()


async def due(shop: Shop, visit: Visit) -> list[int]:
    desk = await shop.desk()
    async with work(shop.house.engine, desk.id) as reading:
        found = await payments.balances(reading, [each.id for each in visit.dossiers])
    return [found[each.id].due for each in visit.dossiers]


async def test_one_receipt_pays_several_papers_and_gives_change(shop: Shop) -> None:
    visit = await shop.receive(copy(pages=3, copies=2), copy(pages=1, copies=1))
    assert await due(shop, visit) == [10_000, 2_000]

    paid = await take(shop, visit, tendered=20_000, due=12_000)

    assert (paid.amount, paid.change, paid.way) == (12_000, 8_000, Way.CASH)
    assert await due(shop, visit) == [0, 0]
    with pytest.raises(payments.NothingDueError):
        await take(shop, visit)
    assert await faults(shop) == []


async def test_receipts_follow_one_another_within_their_series(shop: Shop) -> None:
    first = await take(shop, await shop.receive(copy()))
    second = await take(shop, await shop.receive(copy()))
    year, number = first.label.split("-")
    assert second.label == f"{year}-{int(number) + 1:06d}"

    series = "update tenant set settings = settings || $1::jsonb where slug = 'phuong-mot'"
    await shop.configure("phuong-mot", series, '{"receipt_series": "BL26"}')
    own = await take(shop, await shop.receive(copy()))

    assert own.label == f"BL26/{year}-000001"
    assert await faults(shop) == []
    await shop.configure("phuong-mot", series, '{"receipt_series": null}')


async def test_too_little_or_another_sum_than_was_shown_is_refused(shop: Shop) -> None:
    visit = await shop.receive(copy(pages=1, copies=1))

    with pytest.raises(InvalidAnswersError) as refused:
        await take(shop, visit, tendered=1_000)
    assert refused.value.faults[0].fault == "payment.too-little"
    with pytest.raises(payments.DueChangedError):
        await take(shop, visit, due=3_000)
    with pytest.raises(payments.MoneyNotAllowedError):
        await take(shop, visit, Role.FIELD)


async def test_undoing_is_an_entry_of_its_own_and_happens_once(shop: Shop) -> None:
    visit = await shop.receive(copy(pages=1, copies=1))
    paid = await take(shop, visit)
    officer, desk = shop.person(Role.RECEPTION), await shop.desk()

    undone = await payments.void(shop.house, desk, officer, paid.id, "Thu nhầm")

    assert (undone.kind, undone.of, undone.amount) == ("void", paid.id, 2_000)
    assert await due(shop, visit) == [2_000]
    with pytest.raises(payments.AlreadyVoidError):
        await payments.void(shop.house, desk, officer, paid.id, "Thu nhầm")
    again = await take(shop, visit)
    assert again.label != paid.label
    assert await faults(shop) == []


async def test_money_of_a_paper_that_was_withdrawn_is_given_back(shop: Shop) -> None:
    visit = await shop.receive(copy(pages=1, copies=1), copy(pages=2, copies=1))
    await take(shop, visit)
    one, _ = visit.dossiers
    await shop.take(one, "T22", reason="Đổi ý")
    desk = await shop.desk()

    with pytest.raises(InvalidAnswersError):
        await payments.refund(
            shop.house, desk, shop.person(Role.RECEPTION), one.id, reason="Rút", amount=9_000
        )
    (back,) = await payments.refund(
        shop.house, desk, shop.person(Role.RECEPTION), one.id, reason="Rút hồ sơ"
    )

    assert (back.kind, back.amount) == ("refund", 2_000)
    with pytest.raises(payments.UnknownPaymentError):
        await payments.refund(
            shop.house, desk, shop.person(Role.RECEPTION), one.id, reason="Rút hồ sơ"
        )
    assert await faults(shop) == []


async def test_on_another_day_only_the_cashier_gives_back(shop: Shop) -> None:
    visit = await shop.receive(copy())
    paid = await take(shop, visit)
    shop.next_day()
    desk = await shop.desk()

    with pytest.raises(payments.MoneyNotAllowedError):
        await payments.void(shop.house, desk, shop.person(Role.RECEPTION), paid.id, "Thu nhầm")
    await payments.void(shop.house, desk, shop.person(Role.CASHIER), paid.id, "Thu nhầm")
    assert await due(shop, visit) == [10_000]


async def paid_twice(shop: Shop, first: Role = Role.RECEPTION) -> tuple[Visit, payments.Payment]:
    """A paper of 10,000 that was paid in cash, then 5,000 too much by transfer; the first."""
    visit = await shop.receive(copy(pages=1, copies=5))
    (one,) = visit.dossiers
    paid = await take(shop, visit, first)
    shop.clock.tick()
    dearer = "update fee_line set amount = amount + $2 where dossier_id = $1"
    await shop.configure("phuong-mot", dearer, one.id, 5_000)
    await take(shop, visit, way=Way.TRANSFER)
    await shop.configure("phuong-mot", dearer, one.id, -5_000)
    return visit, paid


async def test_giving_back_names_each_payment_in_its_own_way_and_none_twice(shop: Shop) -> None:
    visit, paid = await paid_twice(shop)
    (one,) = visit.dossiers
    officer, desk = shop.person(Role.RECEPTION), await shop.desk()

    back = await payments.refund(shop.house, desk, officer, one.id, reason="Rút hồ sơ")

    assert [(each.amount, each.way) for each in back] == [(5_000, Way.TRANSFER), (10_000, Way.CASH)]
    with pytest.raises(payments.AlreadyVoidError):
        await payments.void(shop.house, desk, officer, paid.id, "Thu nhầm")
    assert await faults(shop) == []


async def test_a_payment_whose_money_is_gone_already_is_not_undone(shop: Shop) -> None:
    visit, paid = await paid_twice(shop)
    (one,) = visit.dossiers
    officer, desk = shop.person(Role.CASHIER), await shop.desk()
    (later,) = await payments.refund(shop.house, desk, officer, one.id, reason="x", amount=5_000)
    more = "update payment_part set amount = 15000 where payment_id = $1"
    await shop.configure("phuong-mot", more, later.id)

    with pytest.raises(payments.AlreadyVoidError):
        await payments.void(shop.house, desk, officer, paid.id, "Thu nhầm")
    await shop.configure("phuong-mot", more.replace("15000", "5000"), later.id)


async def test_the_reception_gives_back_only_what_it_took_itself(shop: Shop) -> None:
    visit, _ = await paid_twice(shop, Role.CASHIER)
    (one,) = visit.dossiers
    officer, desk = shop.person(Role.RECEPTION), await shop.desk()

    with pytest.raises(payments.MoneyNotAllowedError):
        await payments.refund(shop.house, desk, officer, one.id, reason="Rút hồ sơ")
    await payments.refund(shop.house, desk, officer, one.id, reason="Rút hồ sơ", amount=5_000)

    desk = await shop.desk()
    async with work(shop.house.engine, desk.id) as reading:
        assert (await payments.balances(reading, [one.id]))[one.id].paid == 10_000


async def test_the_application_can_neither_change_nor_delete_an_entry(shop: Shop) -> None:
    await take(shop, await shop.receive(copy()))
    desk = await shop.desk()

    for attempt in ("update payment set amount = 1", "delete from payment"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with work(shop.house.engine, desk.id) as writing:
                await writing.execute(attempt)


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ("update payment set at = at + interval '1 day' where id = $1", "verify.payment-changed"),
        ("update payment set amount = amount + 1 where id = $1", "verify.payment-sum"),
        ("update payment_part set amount = amount - 1 where payment_id = $1", "verify.payment-sum"),
        ("update payment set number = number + 7 where id = $1", "verify.series"),
        (
            """update fee_line set amount = 1 where dossier_id =
            (select dossier_id from payment_part where payment_id = $1)""",
            "verify.overpaid",
        ),
    ],
)
async def test_what_was_altered_behind_the_desk_is_found(
    shop: Shop, change: str, detail: str
) -> None:
    paid = await take(shop, await shop.receive(copy(pages=1, copies=1)))
    before = [each.detail for each in await faults(shop)]

    await shop.configure("phuong-mot", change, paid.id)

    after = [each.detail for each in await faults(shop)]
    assert after.count(detail) > before.count(detail)
