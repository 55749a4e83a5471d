"""Transfers that people told of: the list of them, and what an officer answers to one."""

import contextlib
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.domain.life import Actor
from motcua.domain.money import Balance, notes, spoken
from motcua.domain.transfer import number_of, purpose_of
from motcua.plugin.texts import text
from motcua.services import payments, transfers
from motcua.services.house import Desk, House
from motcua.services.views import DossierView
from motcua.storage.work import work
from motcua.web.counter.dossier import code_of
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.session import typed
from motcua.web.forms.typed import Typed, number

AnyRequest = Request[Any, Any, Any]

PATH = "/chuyen-khoan"
SEE, MISS = "tien-ve", "khong-thay"
ACTS = (SEE, MISS)
CAME, REFERENCE, WHY, PART = "tien_ve", "ma_gd", "tra_loi", "mot_phan"
BACK, BACK_NUMBER, WHICH = "tra_lai", "ma_tra", "khoan"


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of a dossier's money says of transfers.

    Attributes:
        told: The one its holder told of, if it waits for an answer.
        purpose: What stands with it on the bank's statement.
    """

    told: transfers.Told | None
    purpose: str


@get(PATH)
async def listed(counter: TheCounter, xong: FromQuery[str] = "") -> Response[Any]:
    """The transfers that wait for an answer, and what became of the last one."""
    house, desk, actor = counter.house, counter.desk, counter.actor
    found = await transfers.waiting(house, desk, actor)
    return await counter.page(
        "transfers.html",
        current="transfers",
        lines=found,
        count=await transfers.count(house, desk) if len(found) == transfers.MOST else len(found),
        owed=await transfers.to_send_back(house, desk, actor),
        account=transfers.account_of(house, desk),
        changed=await transfers.changed(house, desk),
        back=f"{counter.base}{PATH}",
        purposes={each.id: purpose_of(each.code) for each in found},
        done=await _done(counter, xong),
    )


async def _done(counter: Counter, what: str) -> str:
    """What was done last: a receipt, by its id, or an answer."""
    if what == MISS:
        return text("transfers.answered")
    with contextlib.suppress(ValueError, payments.UnknownPaymentError):
        async with work(counter.house.engine, counter.desk.id) as reading:
            paid = await payments.find(reading, UUID(what))
        return text("transfers.entered", receipt=paid.label)
    return ""


@post(PATH, status_code=HTTP_200_OK)
async def send_back(request: AnyRequest, counter: TheCounter) -> Response[Any]:
    """Note that money is sent back; pressed twice it is noted once."""
    sent = await typed(request)
    with contextlib.suppress(transfers.SettledError, ValueError):
        which = UUID(sent.get(WHICH, ""))
        await transfers.sent_back(counter.house, counter.desk, counter.actor, which)
    return Redirect(f"{counter.base}{PATH}", status_code=HTTP_303_SEE_OTHER)


async def panel(counter: Counter, view: DossierView, balance: Balance) -> Panel | None:
    """What is asked about a transfer: something is due and may come so, or one was told of."""
    told = await transfers.told_of(counter.house, counter.desk, view.id)
    account = transfers.account_of(counter.house, counter.desk)
    if told is None and not (account and balance.due):
        return None
    return Panel(told=told, purpose=purpose_of(code_of(view)))


async def entered(house: House, desk: Desk, actor: Actor, dossier: UUID, sent: Typed) -> str:
    """Enter what came, or answer that it was not found.

    Returns:
        What the list says of it: the id of the receipt, or that it was answered.

    Raises:
        MotCuaError: as :mod:`motcua.services.transfers` says.
    """
    if sent.get("lam") == MISS:
        came, reference = _amount(sent, BACK, "back"), sent.get(BACK_NUMBER, "")
        why = sent.get(WHY, "")
        await transfers.miss(house, desk, actor, dossier, why, came=came, reference=reference)
        return MISS
    shown, reference = number(sent.get("phai_thu", "")), sent.get(REFERENCE, "")
    due = shown if isinstance(shown, int) else None
    came = _amount(sent, CAME, "came", due)
    if due is not None and 0 < came < due and not sent.get(PART):
        told = {"came": spoken(came), "due": spoken(due)}
        unnumbered = [FieldFault("reference", "transfer.no-reference")]
        less = FieldFault("came", "transfer.less", **told)
        raise InvalidAnswersError([less, *([] if number_of(reference) else unnumbered)])
    paid = await transfers.confirm(
        house, desk, actor, dossier, came=came, reference=reference, due=due
    )
    return str(paid.id)


def _amount(sent: Typed, name: str, field: str, due: int | None = None) -> int:
    """An amount as people say it, nothing for an empty field; what is *due* as it stands."""
    said = number(sent.get(name, "").strip() or "0")
    if not isinstance(said, int) or said < 0:
        raise InvalidAnswersError([FieldFault(field, "transfer.no-amount")])
    return notes(said, exact=due)
