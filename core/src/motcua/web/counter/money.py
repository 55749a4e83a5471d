"""The money of one dossier: taking what is due, giving back, undoing what was entered wrongly."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Actor
from motcua.domain.money import Way
from motcua.plugin.texts import text
from motcua.services import payments, reading
from motcua.services.house import Desk, House
from motcua.services.idempotency import Repeatable, once
from motcua.web.api.dossiers import dossier_id
from motcua.web.counter import transfers
from motcua.web.counter.cash import TENDERED, cash_of, ways_of
from motcua.web.counter.dossier import code_of
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.reception import faults_of
from motcua.web.counter.session import safe_next, typed
from motcua.web.forms.told import words
from motcua.web.forms.typed import Typed, number

AnyRequest = Request[Any, Any, Any]
TAKE, UNDO, BACK = "thu", "huy", "hoan"
REASON, AMOUNT, WHICH, FROM = "ly_do", "so_tien", "khoan", "ve"
_FIELDS = {
    "tendered": TENDERED,
    "reason": REASON,
    "amount": AMOUNT,
    "came": transfers.CAME,
    "reference": transfers.REFERENCE,
    "answer": transfers.WHY,
    "back": transfers.BACK,
    "back_number": transfers.BACK_NUMBER,
}
_LABELS = {
    "tendered": "counter.pay.tendered",
    "reason": "need.reason",
    "amount": "money.amount",
    "reference": "transfers.reference",
    "answer": "transfers.why",
    "back": "transfers.back_came",
}


@get("/ho-so/{dossier:str}/tien")
async def show(
    counter: TheCounter, dossier: FromPath[str], ve: FromQuery[str] = ""
) -> Response[Any]:
    """What was paid, and what may be done about it."""
    return await _shown(counter, dossier_id(dossier), {FROM: ve}, [])


@post("/ho-so/{dossier:str}/tien", status_code=HTTP_200_OK)
async def change(request: AnyRequest, counter: TheCounter, dossier: FromPath[str]) -> Response[Any]:
    """Take, undo or give back once, whatever is pressed how often."""
    sent = await typed(request)
    found = dossier_id(dossier)
    content = {name: value for name, value in sent.items() if name != "khoa"}
    asked = Repeatable(
        actor=str(counter.actor.id),
        key=f"tien-{sent.get('khoa', '')[:64]}",
        request=msgspec.json.encode([str(found), content], order="deterministic"),
    )

    async def do() -> Any:
        return await _entered(counter.house, counter.desk, counter.actor, found, sent)

    try:
        done = await once(counter.house, counter.desk, asked, HTTP_200_OK, do)
    except MotCuaError as error:
        return await _shown(counter, found, sent, faults_of(error))
    back = _back(counter, sent) if sent.get("lam") in (TAKE, *transfers.ACTS) else ""
    if back == f"{counter.base}{transfers.PATH}":
        back = f"{back}?xong={done.answer}"
    path = back or f"{counter.base}/ho-so/{found}/tien"
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)


def _back(counter: Counter, sent: Typed) -> str:
    """Where the officer came from to take money; empty: from the dossier."""
    return safe_next(counter.desk.slug, sent[FROM]) if sent.get(FROM) else ""


async def _entered(house: House, desk: Desk, actor: Actor, dossier: UUID, sent: Typed) -> str:
    """What was asked; answers what the list of transfers says of it."""
    lam, reason = sent.get("lam", ""), sent.get(REASON, "")
    if lam == TAKE:
        cash = cash_of(sent, "counter")
        shown = number(sent.get("phai_thu", ""))
        due = shown if isinstance(shown, int) else None
        paid = await payments.pay(
            house,
            desk,
            actor,
            [dossier],
            way=Way.TRANSFER if cash.way == Way.TRANSFER else Way.CASH,
            tendered=cash.tendered,
            due=due,
        )
        return str(paid.id)
    if lam == BACK:
        said = number(sent.get(AMOUNT, ""))
        if sent.get(AMOUNT, "").strip() and not isinstance(said, int):
            raise InvalidAnswersError([FieldFault("amount", "field.type")])
        amount = said if isinstance(said, int) else None
        way = next((each for each in Way if each.value == sent.get("tra")), None)
        await payments.refund(house, desk, actor, dossier, reason=reason, way=way, amount=amount)
    elif lam == UNDO:
        await payments.void(house, desk, actor, _payment(sent), reason)
    elif lam in transfers.ACTS:
        return await transfers.entered(house, desk, actor, dossier, sent)
    return ""


def _payment(sent: Typed) -> UUID:
    try:
        return UUID(sent.get(WHICH, ""))
    except ValueError:
        raise payments.UnknownPaymentError(payment=sent.get(WHICH, "")[:40]) from None


async def _shown(
    counter: Counter, dossier: UUID, sent: Typed, faults: list[FieldFault]
) -> Response[Any]:
    view = await reading.dossier(counter.house, counter.desk, counter.actor, dossier)
    balance, entries = await payments.money_of(counter.house, counter.desk, dossier)
    transfer = await transfers.panel(counter, view, balance)
    told = [
        (
            _FIELDS.get(each.field, "tien"),
            words(each, text(_LABELS[each.field]) if each.field in _LABELS else ""),
        )
        for each in faults
    ]
    return await counter.page(
        "money.html",
        current="work",
        status=HTTP_422_UNPROCESSABLE_ENTITY if told else HTTP_200_OK,
        view=view,
        code=code_of(view),
        balance=balance,
        entries=entries,
        receipts=[(str(each.id), each.label) for each in entries if _stands(each, entries)],
        faults=told,
        asked=sent.get("lam", ""),
        typed=sent,
        ways=[(each.value, text(f"counter.pay.{each.value}")) for each in Way],
        taken=[(each, text(f"counter.pay.{each}")) for each in ways_of(counter.desk)[:-1]],
        total=sum(fee.amount or 0 for fee in view.fees),
        key=counter.new_key(),
        transfer=transfer,
        to_list=transfers.PATH in _back(counter, sent),
        back=_back(counter, sent),
    )


def _stands(entry: payments.Payment, entries: list[payments.Payment]) -> bool:
    """Whether a payment can still be undone: nothing of it was taken back."""
    return entry.kind == "payment" and all(each.of != entry.id for each in entries)
