"""Transfers that people told of: the list of them, and what an officer answers to one."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import get
from litestar.response import Response

from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.domain.life import Actor
from motcua.domain.money import Balance
from motcua.domain.transfer import purpose_of
from motcua.services import transfers
from motcua.services.house import Desk, House
from motcua.services.views import DossierView
from motcua.web.counter.dossier import code_of
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.forms.typed import Typed, number

PATH = "/chuyen-khoan"
SEE, MISS = "tien-ve", "khong-thay"
ACTS = (SEE, MISS)
CAME, REFERENCE, WHY = "tien_ve", "ma_gd", "tra_loi"


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of a dossier's money says of transfers.

    Attributes:
        told: The one its holder told of, if it waits for an answer.
        purpose: What stands with it on the bank's statement.
    """

    told: transfers.Told | None
    purpose: str


@get(PATH)
async def listed(counter: TheCounter) -> Response[Any]:
    """The transfers that wait for an answer."""
    found = await transfers.waiting(counter.house, counter.desk, counter.actor)
    return await counter.page(
        "transfers.html",
        current="transfers",
        lines=found,
        back=f"{counter.base}{PATH}",
        purposes={each.id: purpose_of(each.code) for each in found},
    )


async def panel(counter: Counter, view: DossierView, balance: Balance) -> Panel | None:
    """What is asked about a transfer: something is due and may come so, or one was told of."""
    told = await transfers.told_of(counter.house, counter.desk, view.id)
    account = transfers.account_of(counter.house, counter.desk)
    if told is None and not (account and balance.due):
        return None
    return Panel(told=told, purpose=purpose_of(code_of(view)))


async def entered(house: House, desk: Desk, actor: Actor, dossier: UUID, sent: Typed) -> None:
    """Enter what came, or answer that it was not found.

    Raises:
        MotCuaError: as :mod:`motcua.services.transfers` says.
    """
    if sent.get("lam") == MISS:
        await transfers.miss(house, desk, actor, dossier, sent.get(WHY, ""))
        return
    came, shown = number(sent.get(CAME, "")), number(sent.get("phai_thu", ""))
    if not isinstance(came, int):
        raise InvalidAnswersError([FieldFault("came", "transfer.no-amount")])
    due = shown if isinstance(shown, int) else None
    reference = sent.get(REFERENCE, "")
    await transfers.confirm(house, desk, actor, dossier, came=came, reference=reference, due=due)
