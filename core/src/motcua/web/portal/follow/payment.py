"""Paying the fees of one's own dossier by transfer, without coming."""

import contextlib
from typing import Any

from litestar import get, post
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK

from motcua.domain.transfer import purpose_of, vietqr
from motcua.plugin.texts import text
from motcua.services import transfers
from motcua.services.bills import Bill
from motcua.services.payments import NothingDueError
from motcua.services.transfers import NoAccountError
from motcua.ui.format import money
from motcua.ui.qr import drawn, photo
from motcua.web.portal.apply.desk import to
from motcua.web.portal.follow.holding import TheHolding

PATH = "/ho-so/thanh-toan"


@get(PATH)
async def ask_payment(holding: TheHolding) -> Response[Any]:
    """What the dossier costs, and how it is transferred."""
    held = await holding.held()
    due = held.bill.balance.due
    account = transfers.account_of(holding.house, holding.desk) if due else None
    purpose = purpose_of(held.told.code)
    code = vietqr(account, due, purpose) if account else ""
    return holding.page(
        "follow/payment.html",
        code=held.told.code,
        name=held.told.short_name,
        bill=held.bill,
        left=_left(held.bill),
        account=account,
        purpose=purpose,
        qr=drawn(code) if code else "",
        photo=photo(code) if code else "",
    )


@post(PATH, status_code=HTTP_200_OK)
async def tell_transfer(holding: TheHolding) -> Response[Any]:
    """Note that the money is on its way; pressed twice it is noted once."""
    held = await holding.held()
    with contextlib.suppress(NothingDueError, NoAccountError):  # the page says how it stands
        await transfers.told(holding.house, holding.desk, held.row.id)
    return to(f"{holding.base}{PATH}")


def _left(bill: Bill) -> list[tuple[str, str]]:
    """What of it is paid and what is left, once something is paid and something left."""
    balance = bill.balance
    if not (balance.paid and balance.due):
        return []
    return [(text("pay.paid"), money(balance.paid)), (text("pay.due"), money(balance.due))]
