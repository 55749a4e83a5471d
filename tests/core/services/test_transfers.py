"""Fees by transfer: told of by who pays, seen by an officer, entered once and for what came."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.services.shop import AN, Shop, copy
from motcua.domain.dossier import Role
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.money import Way
from motcua.domain.transfer import BankAccount
from motcua.registry.dispatch import PluginFailedError, PluginFault
from motcua.services import bills, chores, day_closing, payments, practice, transfers
from motcua.services.amend import amend
from motcua.services.change import Asked
from motcua.services.house import desk
from motcua.services.verify import verify
from motcua.services.visit import Received
from motcua.storage import dossiers as store
from motcua.storage.migrate import migrate
from motcua.storage.piccolo_migrations import motcua_2026_11_26_transfers_mend as transfers_mend
from motcua.storage.work import work
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

ACCOUNT = BankAccount(
    bank="Ngân hàng Thử", bin="970499", number="1234567890", holder="UBND PHUONG MOT"
)
DUE = 10_000
REACHED = {"name": "Nguyễn An", "phone": "0912000123"}
STEPS = """
select data->>'receipt' as receipt from dossier_event
where tenant_id = $1 and dossier_id = $2 order by seq
"""


@pytest.fixture(autouse=True)
async def account(shop: Shop) -> None:
    """The unit takes transfers."""
    await settle(shop, ACCOUNT)


@pytest.fixture
def reachable(shop: Shop) -> Iterator[None]:
    """A message has a way out."""
    shop.house.demo = True
    yield
    shop.house.demo = False


async def settle(shop: Shop, account: BankAccount | None) -> None:
    asked = Asked(place="bank_account", subject="phuong-mot")
    await transfers.set_account(shop.house, await shop.desk(), account, asked)


async def told(shop: Shop, **paper: Any) -> Received:
    """A copy that costs 10,000, whose holder says that they have transferred it."""
    dossier = await shop.received(copy(**paper))
    await transfers.told(shop.house, await shop.desk(), dossier.id)
    return dossier


async def confirm(
    shop: Shop, dossier: Received, came: int = DUE, number: str = "", role: Role = Role.CASHIER
) -> payments.Payment:
    return await transfers.confirm(
        shop.house,
        await shop.desk(),
        shop.person(role),
        dossier.id,
        came=came,
        reference=number or f"FT{dossier.id.hex[-12:]}",
    )


async def bill(shop: Shop, dossier: Received) -> bills.Bill:
    here = await shop.desk()
    async with work(shop.house.engine, here.id) as reading:
        row = (await store.load(reading, [dossier.id]))[dossier.id]
        return await bills.bill(shop.house, reading, row)


async def waiting(shop: Shop) -> list[str]:
    here = await shop.desk()
    found = await transfers.waiting(shop.house, here, shop.person(Role.CASHIER))
    return [each.code for each in found]


async def messages(shop: Shop, kind: str) -> int:
    return len(await shop.rows("select 1 from message where tenant_id = $1 and kind = $2", kind))


async def state(shop: Shop, dossier: Received) -> str:
    (found,) = await shop.rows(
        "select state from dossier where tenant_id = $1 and id = $2", dossier.id
    )
    return str(found["state"])


async def faults(shop: Shop) -> list[Any]:
    await chores.once(shop.house)
    found = await verify(shop.house, Path("/nonexistent"), slugs=["phuong-mot"])
    return list(found.faults)


async def test_told_twice_it_waits_once_and_nothing_is_paid(shop: Shop) -> None:
    dossier = await told(shop)

    await transfers.told(shop.house, await shop.desk(), dossier.id)

    found = await bill(shop, dossier)
    assert (await waiting(shop)).count(dossier.code) == 1
    assert found.waits
    assert (found.balance.due, found.receipts) == (DUE, ())


async def test_what_an_officer_saw_is_paid_with_a_receipt_and_never_twice(shop: Shop) -> None:
    dossier = await told(shop)

    paid = await confirm(shop, dossier, number="ft 26330")

    found = await bill(shop, dossier)
    assert (paid.way, paid.amount, paid.reason) == (Way.TRANSFER, DUE, "mã giao dịch ft 26330")
    assert (found.balance.due, found.receipts, found.waits) == (0, (paid.label,), False)
    assert dossier.code not in await waiting(shop)
    with pytest.raises(payments.NothingDueError):
        await confirm(shop, dossier, number="FT 26331")
    with pytest.raises(payments.NothingDueError):
        await transfers.told(shop.house, await shop.desk(), dossier.id)
    assert await faults(shop) == []


async def test_one_transfer_is_entered_for_one_dossier_until_its_receipt_is_void(
    shop: Shop,
) -> None:
    first, second = await told(shop), await told(shop)
    paid = await confirm(shop, first, number="FT1")

    with pytest.raises(transfers.ReferenceUsedError) as refused:
        await confirm(shop, second, number=" f\u200bt-1\xa0")
    assert refused.value.fields["receipt"] == paid.label
    assert (await bill(shop, second)).balance.due == DUE

    cashier, here = shop.person(Role.CASHIER), await shop.desk()
    await payments.void(shop.house, here, cashier, paid.id, "Nhầm hồ sơ")
    assert (await confirm(shop, second, number="FT1")).amount == DUE
    assert (await bill(shop, first)).balance.due == DUE


async def miss(shop: Shop, dossier: Received, came: int, number: str) -> None:
    here, cashier = await shop.desk(), shop.person(Role.CASHIER)
    why = "Tiền chuyển trả"
    await transfers.miss(shop.house, here, cashier, dossier.id, why, came=came, reference=number)


async def to_send_back(shop: Shop) -> list[transfers.Back]:
    return await transfers.to_send_back(shop.house, await shop.desk(), shop.person(Role.CASHIER))


async def test_money_that_is_sent_back_is_not_entered_nor_the_reverse(shop: Shop) -> None:
    gone, entered, other = await told(shop), await told(shop), await told(shop)
    await miss(shop, gone, DUE, "FT 9")
    (back,) = await to_send_back(shop)
    for _ in ("to be sent back", "sent back"):
        with pytest.raises(transfers.SentBackError) as refused:
            await confirm(shop, other, number="ft9")
        assert refused.value.fields == {"reference": "FT9", "dossier": gone.code}
        with pytest.raises(transfers.SentBackError):
            await miss(shop, other, DUE, "FT9")
        with contextlib.suppress(transfers.SettledError):
            here, cashier = await shop.desk(), shop.person(Role.CASHIER)
            await transfers.sent_back(shop.house, here, cashier, back.id)

    await confirm(shop, entered, number="FT10")
    with pytest.raises(transfers.ReferenceUsedError):
        await miss(shop, other, DUE, "FT10")

    assert (await bill(shop, other)).waits
    assert await to_send_back(shop) == []


async def test_what_was_too_much_is_nobodys_debt_once_its_receipt_is_void(shop: Shop) -> None:
    first, second = await told(shop), await told(shop, answers=copy(copies=3).answers)
    paid = await confirm(shop, first, came=15_000, number="FT11")
    (back,) = await to_send_back(shop)
    here, cashier = await shop.desk(), shop.person(Role.CASHIER)

    await payments.void(shop.house, here, cashier, paid.id, "Nhầm hồ sơ")
    with pytest.raises(transfers.SettledError):
        await transfers.sent_back(shop.house, here, cashier, back.id)
    await confirm(shop, second, came=15_000, number="FT11")

    assert await to_send_back(shop) == []
    assert await faults(shop) == []


async def test_what_was_entered_before_says_what_goes_back_after_the_upgrade(
    shop: Shop, database: ScratchDatabase
) -> None:
    more, part = await told(shop), await told(shop)
    await confirm(shop, more, came=15_000, number="FT12")
    await confirm(shop, part, came=4_000, number="FT13/2")
    for dossier, asked, written in ((more, 12_000, "FT 1-2"), (part, 3_000, "FT 13 / 02")):
        old = "update transfer set back = 0, asked = $2, reference = $3 where dossier_id = $1"
        await shop.configure("phuong-mot", old, dossier.id, asked, written)
    assert [each.detail for each in await faults(shop)] == ["verify.transfer"] * 2
    await shop.configure("phuong-mot", "delete from migration where name = $1", transfers_mend.ID)

    steps = await migrate(database.owner_dsn, database.app_dsn.user)

    assert [step.id for step in steps] == [transfers_mend.ID]
    assert await faults(shop) == []
    (back,) = await to_send_back(shop)
    assert (back.reference, back.back) == ("FT12", 5_000)
    await transfers.sent_back(shop.house, await shop.desk(), shop.person(Role.CASHIER), back.id)
    (row,) = await shop.rows(
        "select reference, asked from transfer where tenant_id = $1 and dossier_id = $2", part.id
    )
    assert (row["reference"], row["asked"]) == ("FT13/2", 4_000)


async def test_two_cashiers_at_once_enter_it_once(shop: Shop) -> None:
    dossier, first, second = await told(shop), await told(shop), await told(shop)

    twice = await asyncio.gather(
        confirm(shop, dossier, number="FT-A"),
        confirm(shop, dossier, number="FT-B"),
        return_exceptions=True,
    )
    one_number = await asyncio.gather(
        confirm(shop, first, number="FT-C"),
        confirm(shop, second, number="FT-C"),
        return_exceptions=True,
    )

    kinds = [
        [type(each) for each in sorted(found, key=lambda each: isinstance(each, Exception))]
        for found in (twice, one_number)
    ]
    assert kinds == [
        [payments.Payment, payments.NothingDueError],
        [payments.Payment, transfers.ReferenceUsedError],
    ]
    assert await faults(shop) == []


async def test_of_too_little_the_rest_stays_due(shop: Shop) -> None:
    dossier = await told(shop)

    paid = await confirm(shop, dossier, came=4_000)

    found = await bill(shop, dossier)
    assert (paid.amount, found.balance.due, found.waits) == (4_000, 6_000, False)
    await transfers.told(shop.house, await shop.desk(), dossier.id)
    assert (await confirm(shop, dossier, came=6_000, number="FT-REST")).amount == 6_000
    assert (await bill(shop, dossier)).balance.due == 0
    assert await faults(shop) == []


async def test_other_copies_than_were_paid_for_go_back_or_are_asked_for(shop: Shop) -> None:
    here, officer = await shop.desk(), shop.person(Role.RECEPTION)
    for copies, due, surplus in ((1, 0, 5_000), (3, 5_000, 0)):
        dossier = await shop.received(copy())
        await confirm(shop, dossier, role=Role.RECEPTION)
        shop.clock.tick()
        said: dict[str, Any] = {
            "applicant": AN,
            "answers": copy(copies=copies).answers,
            "reason": "Gõ nhầm",
        }

        await amend(shop.house, here, officer, dossier.id, dossier.version, **said)

        found = await bill(shop, dossier)
        back = [each for each in found.entries if each.kind == "refund"]
        assert found.balance.due == due
        assert sum(each.amount for each in back) == surplus
        assert all(each.way is Way.TRANSFER for each in back)


async def test_of_too_much_the_ledger_says_what_goes_back(shop: Shop) -> None:
    dossier = await told(shop)

    paid = await confirm(shop, dossier, came=15_000, number="FT2")

    here, cashier = await shop.desk(), shop.person(Role.CASHIER)
    (back,) = await transfers.to_send_back(shop.house, here, cashier)
    assert (back.code, back.reference, back.back) == (dossier.code, "FT2", 5_000)
    await transfers.sent_back(shop.house, here, cashier, back.id)
    with pytest.raises(transfers.SettledError):
        await transfers.sent_back(shop.house, here, cashier, back.id)
    assert await transfers.to_send_back(shop.house, here, cashier) == []
    assert paid.amount == DUE
    assert paid.reason == "mã giao dịch FT2; tiền về 15.000 đồng, phải chuyển trả 5.000 đồng"
    assert (await bill(shop, dossier)).balance.surplus == 0
    assert await faults(shop) == []


async def test_what_came_for_a_dossier_that_was_withdrawn_is_answered_not_entered(
    shop: Shop,
) -> None:
    dossier = await told(shop)
    await shop.take(dossier, "T22", reason="Đổi ý")

    with pytest.raises(payments.NothingDueError):
        await confirm(shop, dossier)
    here, cashier = await shop.desk(), shop.person(Role.CASHIER)
    (line,) = [
        each
        for each in await transfers.waiting(shop.house, here, cashier)
        if each.dossier_id == dossier.id
    ]
    why = "Hồ sơ đã rút, tiền chuyển trả"
    with pytest.raises(InvalidAnswersError):
        await transfers.miss(shop.house, here, cashier, dossier.id, why, came=DUE)
    await transfers.miss(shop.house, here, cashier, dossier.id, why, came=DUE, reference="FT3")

    (back,) = await transfers.to_send_back(shop.house, here, cashier)
    await transfers.sent_back(shop.house, here, cashier, back.id)
    assert (back.dossier_id, back.back) == (dossier.id, DUE)
    assert (line.asked, line.due) == (DUE, 0)
    assert dossier.code not in await waiting(shop)
    assert (await bill(shop, dossier)).missed == "Hồ sơ đã rút, tiền chuyển trả"


@pytest.mark.usefixtures("reachable")
async def test_what_was_not_found_is_told_and_may_be_told_of_again(shop: Shop) -> None:
    dossier = await shop.received(copy(applicant=REACHED))
    here, cashier = await shop.desk(), shop.person(Role.CASHIER)
    await transfers.told(shop.house, here, dossier.id)
    before = await messages(shop, "unpaid")

    with pytest.raises(InvalidAnswersError):
        await transfers.miss(shop.house, here, cashier, dossier.id, " ")
    await transfers.miss(shop.house, here, cashier, dossier.id, "Chưa thấy tiền về")
    with pytest.raises(transfers.SettledError):
        await transfers.miss(shop.house, here, cashier, dossier.id, "Chưa thấy tiền về")

    assert await messages(shop, "unpaid") == before + 1
    assert (await bill(shop, dossier)).missed == "Chưa thấy tiền về"
    await transfers.told(shop.house, here, dossier.id)
    paid = await messages(shop, "paid")
    await confirm(shop, dossier)
    assert await messages(shop, "paid") == paid + 1


@pytest.mark.usefixtures("reachable")
async def test_a_dossier_that_waits_for_the_money_goes_on_when_it_has_come(shop: Shop) -> None:
    dossier, more = await told(shop, applicant=REACHED), await told(shop)
    before = await messages(shop, "payment")
    for each, amount in ((dossier, DUE), (more, 5 * DUE)):
        taken = await shop.take(each, "T08")
        await shop.take(taken, "T12", amount=amount, ground="Thông báo")
    assert await messages(shop, "payment") == before + 1, "one of them has a telephone"

    paid = await confirm(shop, dossier, came=DUE - 1)
    assert await state(shop, dossier) == "awaiting_payment"
    paid = await confirm(shop, dossier, came=1, number="FT-LAST")
    await confirm(shop, more)

    assert await state(shop, dossier) == "appraising"
    assert (await shop.rows(STEPS, dossier.id))[-1]["receipt"] == paid.label
    assert await state(shop, more) == "awaiting_payment", "the notice asks for more than the fees"


async def test_money_is_entered_also_where_its_dossier_cannot_go_on(shop: Shop) -> None:
    dossier = await told(shop)
    await shop.take(await shop.take(dossier, "T08"), "T12", amount=DUE, ground="Thông báo")
    plugin = "update tenant_plugin set state = $1 where plugin = 'certification'"
    await shop.configure("phuong-mot", plugin, "quarantined")

    await confirm(shop, dossier)

    await shop.configure("phuong-mot", plugin, "offered")
    assert await state(shop, dossier) == "awaiting_payment"
    assert (await bill(shop, dossier)).balance.due == 0


async def test_a_step_that_fails_at_its_end_leaves_nothing_of_itself(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await told(shop)
    await shop.take(await shop.take(dossier, "T08"), "T12", amount=DUE, ground="Thông báo")
    fault = PluginFault(plugin="certification", hook="thử", detail="hỏng")

    async def fail(*_: Any) -> None:
        raise PluginFailedError(fault)

    monkeypatch.setattr("motcua.services.act.tell", fail)
    await confirm(shop, dossier)

    assert await state(shop, dossier) == "awaiting_payment"
    steps = "select transition from dossier_event where tenant_id = $1 and dossier_id = $2"
    assert "T13" not in {row["transition"] for row in await shop.rows(steps, dossier.id)}
    assert (await bill(shop, dossier)).balance.due == 0
    kept = await shop.rows("select 1 from plugin_fault where tenant_id = $1 and hook = 'thử'")
    assert len(kept) == 1


async def test_nothing_is_told_of_where_nothing_is_due_or_no_account_stands(shop: Shop) -> None:
    here = await shop.desk()
    dossier = await shop.received(copy())
    waived = await shop.received(copy())
    await shop.configure(
        "phuong-mot", "update fee_line set amount = 0 where dossier_id = $1", waived.id
    )

    with pytest.raises(payments.NothingDueError):
        await transfers.told(shop.house, here, waived.id)
    await told(shop)
    with pytest.raises(transfers.TransfersWaitError):
        await settle(shop, None)
    cashier = shop.person(Role.CASHIER)
    for each in await transfers.waiting(shop.house, here, cashier):
        await transfers.miss(shop.house, here, cashier, each.dossier_id, "Chưa thấy")
    await settle(shop, None)
    with pytest.raises(transfers.NoAccountError):
        await transfers.told(shop.house, await shop.desk(), dossier.id)


async def test_a_transfer_to_the_account_is_not_entered_without_its_number(shop: Shop) -> None:
    here, cashier = await shop.desk(), shop.person(Role.CASHIER)
    dossier = await told(shop)

    with pytest.raises(payments.UnnumberedTransferError):
        await payments.pay(shop.house, here, cashier, [dossier.id], way=Way.TRANSFER)

    assert (await bill(shop, dossier)).waits


async def test_an_old_answer_is_not_shown_beside_what_was_paid_after_all(shop: Shop) -> None:
    here, cashier = await shop.desk(), shop.person(Role.CASHIER)
    dossier = await told(shop)
    await transfers.miss(shop.house, here, cashier, dossier.id, "Chưa thấy tiền về")
    shop.clock.tick()

    await payments.pay(shop.house, here, cashier, [dossier.id])

    assert (await bill(shop, dossier)).missed == ""


async def test_an_answer_stands_while_money_goes_back_or_nothing_is_owed(shop: Shop) -> None:
    paid, withdrawn = await told(shop), await told(shop)
    here, cashier = await shop.desk(), shop.person(Role.CASHIER)
    await payments.pay(shop.house, here, cashier, [paid.id])
    await payments.pay(shop.house, here, cashier, [withdrawn.id])
    await shop.take(withdrawn, "T22", reason="Đổi ý")
    shop.clock.tick()
    await miss(shop, paid, DUE, "FT20")
    await transfers.miss(shop.house, here, cashier, withdrawn.id, "Chưa thấy tiền về")

    assert (await bill(shop, paid)).missed == "Tiền chuyển trả"
    assert (await bill(shop, withdrawn)).missed == "Chưa thấy tiền về"
    (back,) = await to_send_back(shop)
    await transfers.sent_back(shop.house, here, cashier, back.id)


async def test_a_row_that_says_another_amount_than_its_receipt_is_found(shop: Shop) -> None:
    dossier = await told(shop)
    await confirm(shop, dossier)
    change = "update transfer set came = came + $2 where dossier_id = $1"
    await shop.configure("phuong-mot", change, dossier.id, 1)
    found = await faults(shop)
    await shop.configure("phuong-mot", change, dossier.id, -1)

    assert "verify.transfer" in [each.detail for each in found]
    assert "verify.transfer" not in [each.detail for each in await faults(shop)]


async def test_only_who_takes_money_confirms_and_says_both_amount_and_number(shop: Shop) -> None:
    dossier = await told(shop)

    with pytest.raises(payments.MoneyNotAllowedError):
        await confirm(shop, dossier, role=Role.FIELD)
    with pytest.raises(InvalidAnswersError) as refused:
        await confirm(shop, dossier, came=0, number=" ")

    assert [each.field for each in refused.value.faults] == ["came", "reference"]


async def test_the_day_closes_with_it_under_transfers_not_in_the_till(shop: Shop) -> None:
    here, cashier = await shop.desk(), shop.person(Role.CASHIER)
    dossier = await told(shop)
    before = await day_closing.today(shop.house, here, cashier)
    await confirm(shop, dossier)

    after = await day_closing.today(shop.house, here, cashier)

    assert before.transfers - after.transfers == 1
    assert after.transferred - before.transferred == DUE
    assert after.expected == before.expected


async def test_where_people_practise_or_above_a_unit_its_account_is_nobodys(shop: Shop) -> None:
    asked = Asked(place="practice", subject="Phường Một")
    await practice.ready(shop.house, await shop.desk(), asked)
    place = await desk(shop.house, "phuong-mot-luyen-tap")
    province = "update tenant set settings = settings || $1::jsonb where slug = 'tinh-thu'"
    settings = {"bank_account": msgspec.to_builtins(ACCOUNT)}
    await shop.configure("tinh-thu", province, msgspec.json.encode(settings).decode())
    below = await shop.desk("xa-hai")

    assert [transfers.account_of(shop.house, each) for each in (place, below)] == [None, None]
    await shop.configure("tinh-thu", province, '{"bank_account": null}')
