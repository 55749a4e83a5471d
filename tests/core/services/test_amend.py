"""What was typed wrongly is set right before the result; the promise and the money fit after."""

from pathlib import Path
from typing import Any

import pytest

from core.services.shop import AN, Shop, copy
from motcua.domain.dossier import Role, StepNotAllowedError
from motcua.domain.errors import InvalidAnswersError
from motcua.services import chores, payments
from motcua.services.amend import AlreadyNumberedError, UnchangedError, amend
from motcua.services.registers import reserve
from motcua.services.slips import slips_of
from motcua.services.verify import verify
from motcua.services.visit import Received
from motcua.storage.rows import DossierRow

pytestmark = pytest.mark.anyio
RIGHT = AN | {"name": "Nguyễn Thị Ân"}


async def corrected(shop: Shop, one: Received, **changes: Any) -> DossierRow:
    said = copy(pages=3, copies=2).answers
    how: dict[str, Any] = {"applicant": AN, "answers": said, "reason": "Gõ nhầm", **changes}
    shop.clock.tick()
    desk, officer = await shop.desk(), shop.person(Role.RECEPTION)
    return await amend(shop.house, desk, officer, one.id, one.version, **how)


async def fits(shop: Shop) -> bool:
    await chores.once(shop.house)
    return (await verify(shop.house, Path("/nonexistent"), slugs=["phuong-mot"])).faults == ()


async def test_a_name_is_corrected_and_the_slip_says_it_with_the_old_promise(shop: Shop) -> None:
    one = await shop.received(copy(pages=3, copies=2))

    row = await corrected(shop, one, applicant=RIGHT)

    assert (row.applicant["name"], row.due_at, row.state) == (
        "Nguyễn Thị Ân",
        one.due_at,
        "received",
    )
    officer, desk = shop.person(Role.RECEPTION), await shop.desk()
    (sheet,) = await slips_of(shop.house, desk, officer, [one.id], origin="http://x")
    assert sheet.data["person"]["name"] == "Nguyễn Thị Ân"
    assert sheet.data["received"]["minute"] == "00"
    assert await fits(shop)
    done = await shop.walk(row, "T08", "T16", "T18", "T19")
    assert done.state == "result_ready"
    assert await fits(shop)


async def test_fewer_copies_give_the_surplus_back(shop: Shop) -> None:
    visit = await shop.receive(copy(pages=3, copies=2))
    (one,) = visit.dossiers
    officer, desk = shop.person(Role.RECEPTION), await shop.desk()
    await payments.pay(shop.house, desk, officer, [one.id], visit=visit.visit)

    await corrected(shop, one, answers=copy(pages=3, copies=1).answers)

    rows = await shop.rows(
        "select kind, amount from payment p where tenant_id = $1 and exists ("
        " select from payment_part t where t.tenant_id = p.tenant_id and t.payment_id = p.id"
        " and t.dossier_id = $2) order by at, id",
        one.id,
    )
    assert rows == [{"kind": "payment", "amount": 10_000}, {"kind": "refund", "amount": 5_000}]
    totals = await shop.rows(
        "select fee_total from visit where tenant_id = $1 and id = $2", visit.visit
    )
    assert totals == [{"fee_total": 5_000}]
    assert await fits(shop)


async def test_it_needs_a_reason_a_difference_and_no_number_yet(shop: Shop) -> None:
    one = await shop.received(copy(pages=3, copies=2))

    with pytest.raises(InvalidAnswersError):
        await corrected(shop, one, applicant=RIGHT, reason=" ")
    with pytest.raises(UnchangedError):
        await corrected(shop, one)
    desk, officer = await shop.desk(), shop.person(Role.RECEPTION)
    await reserve(shop.house, desk, officer, [one.id])
    (row,) = await shop.rows("select version from dossier where tenant_id = $1 and id = $2", one.id)
    with pytest.raises(AlreadyNumberedError):
        await amend(
            shop.house,
            desk,
            officer,
            one.id,
            row["version"],
            applicant=RIGHT,
            answers=copy().answers,
            reason="x",
        )


async def test_what_is_decided_is_not_corrected_so(shop: Shop) -> None:
    row = await shop.walk(await shop.received(copy()), "T08", "T16")
    desk, officer = await shop.desk(), shop.person(Role.RECEPTION)

    with pytest.raises(StepNotAllowedError):
        await amend(
            shop.house,
            desk,
            officer,
            row.id,
            row.version,
            applicant=RIGHT,
            answers=copy().answers,
            reason="x",
        )
