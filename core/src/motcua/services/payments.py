"""Taking money for dossiers, giving it back, and undoing what was entered wrongly.

Nothing in the ledger is ever changed: giving back and undoing are entries of their own
that name the payment. Numbers have no gap – each kind counts within its series and year –
and each entry is chained to the one before, so that :mod:`motcua.services.verify_money`
can recompute all of it. The series' name is the tenant's setting ``receipt_series``.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.chain import GENESIS
from motcua.domain.dossier import Role
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Actor
from motcua.domain.money import Balance, Entry, Way, entry_hash, label, spoken
from motcua.domain.report import local_day
from motcua.services.house import Desk, House
from motcua.services.receive import UnknownDossierError
from motcua.storage import dossiers as store
from motcua.storage.rows import PaymentPartRow, PaymentRow, as_json
from motcua.storage.work import Work, work

TAKERS = frozenset({Role.RECEPTION, Role.CASHIER})
"""Who takes money; who took it may also give it back on the same day."""
GIVERS = frozenset({Role.CASHIER, Role.HEAD})
"""Who gives money back, on whatever day it was taken."""


class MoneyNotAllowedError(MotCuaError):
    """Somebody without the needed role wants to take money, or to give it back."""

    code = "payment.not-allowed"
    status = 403


class NothingDueError(MotCuaError):
    """Money was brought for dossiers that cost nothing, or are paid."""

    code = "payment.nothing-due"
    status = 409


class DueChangedError(MotCuaError):
    """What is due is no longer what the officer was shown."""

    code = "payment.due-changed"
    status = 409


class UnnumberedTransferError(MotCuaError):
    """A transfer to the unit's account is to be entered without the bank's number."""

    code = "payment.transfer-unnumbered"
    status = 409


class UnknownPaymentError(MotCuaError):
    """This tenant has no such payment."""

    code = "payment.unknown"
    status = 404


class AlreadyVoidError(MotCuaError):
    """The payment was undone, or given back, before."""

    code = "payment.already-void"
    status = 409


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the ledger.

    Attributes:
        label: Its number as it stands on the receipt.
        parts: How much is for which dossier.
        of: Which payment it gives back or undoes.
        undone: A later entry has undone it.
    """

    id: UUID
    kind: str
    label: str
    amount: int
    way: Way
    tendered: int | None
    change: int | None
    reason: str
    at: dt.datetime
    staff: str
    staff_id: int | None
    visit_id: UUID | None
    of: UUID | None
    parts: Mapping[UUID, int]
    undone: bool = False


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be entered; its number comes last."""

    kind: str
    parts: Mapping[UUID, int]
    way: Way
    tendered: int | None = None
    visit_id: UUID | None = None
    of_id: UUID | None = None
    reason: str = ""


async def balances(reading: Work, dossiers: Iterable[UUID]) -> dict[UUID, Balance]:
    """What each of *dossiers* costs, and what of it is paid."""
    rows = await reading.fetch(_BALANCES, reading.tenant_id, sorted(dossiers))
    return {
        row["id"]: Balance(charged=row["charged"], paid=row["paid"], waived=row["waived"])
        for row in rows
    }


async def payments(reading: Work, dossiers: Iterable[UUID]) -> list[Payment]:
    """Every entry about any of *dossiers*, in the order it was made."""
    rows = await reading.fetch(_ENTRIES, reading.tenant_id, sorted(dossiers), None)
    return [_payment(row[0]) for row in rows]


async def money_of(house: House, desk: Desk, dossier: UUID) -> tuple[Balance, list[Payment]]:
    """What a dossier costs, and every entry about it."""
    async with work(house.engine, desk.id) as reading:
        balance = (await balances(reading, [dossier])).get(dossier, Balance())
        return balance, await payments(reading, [dossier])


def numbered(desk: Desk) -> bool:
    """Whether transfers are entered with the bank's number only: the unit has named its account."""
    return bool(desk.settled[-1].get("bank_account"))


async def pay(
    house: House,
    desk: Desk,
    actor: Actor,
    dossiers: Iterable[UUID],
    *,
    way: Way = Way.CASH,
    tendered: int | None = None,
    due: int | None = None,
    came: int | None = None,
    visit: UUID | None = None,
    note: str = "",
) -> Payment:
    """Take what is still due for *dossiers*, all of it; joins an open transaction.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who takes it.
        dossiers: What is paid for, together on one receipt.
        way: Cash or a transfer that was seen to have come.
        tendered: The notes that were handed over; without it, the exact amount.
        due: What the officer was shown; without it, whatever is due.
        came: What a transfer for one dossier brought: less than is due is taken in part, of
            more only what is due.
        visit: The sitting it belongs to, if it is one.
        note: What the ledger says of it besides: that it was taken on paper, and when, or the
            bank's number of a transfer.

    Raises:
        MoneyNotAllowedError: the actor takes no money.
        UnknownDossierError: this tenant has no such dossier.
        NothingDueError: everything is paid, or free.
        DueChangedError: it is not what the officer was shown.
        UnnumberedTransferError: a transfer to the unit's account has no number.
        InvalidAnswersError: what was handed over is not enough.
    """
    if not TAKERS & set(actor.roles):
        raise MoneyNotAllowedError
    if way is Way.TRANSFER and came is None and numbered(desk):
        raise UnnumberedTransferError(tenant=desk.name)
    ids = sorted(set(dossiers))
    async with work(house.engine, desk.id) as writing:
        found = await locked(writing, ids)
        parts = {each: balance.due for each, balance in found.items() if balance.due}
        amount = sum(parts.values())
        if not amount:
            raise NothingDueError
        if due is not None and due != amount:
            raise DueChangedError(shown=spoken(due), due=spoken(amount))
        if tendered is not None and tendered < amount:
            raise InvalidAnswersError(
                [FieldFault("tendered", "payment.too-little", due=spoken(amount))]
            )
        if came is not None:
            parts = {each: min(came, part) for each, part in parts.items()}
        given = (amount if tendered is None else tendered) if way is Way.CASH else None
        asked = _Asked(
            kind="payment", parts=parts, way=way, tendered=given, visit_id=visit, reason=note
        )
        return await _enter(house, desk, actor, writing, asked)


async def void(house: House, desk: Desk, actor: Actor, payment: UUID, reason: str) -> Payment:
    """Undo a payment that was entered wrongly, whole; its receipt is no longer valid.

    Raises:
        UnknownPaymentError: this tenant has no such payment.
        AlreadyVoidError: it was undone before, or money of it was given back.
        MoneyNotAllowedError: the actor may not undo it.
        InvalidAnswersError: there is no reason.
    """
    _require_reason(reason)
    async with work(house.engine, desk.id) as writing:
        old = await _payment_of(writing, payment)
        _require_giver(house, actor, old)
        found = await locked(writing, old.parts)
        gone = any(found[each].paid < amount for each, amount in old.parts.items())
        if gone or await writing.fetchrow(_TAKEN_BACK, desk.id, payment) is not None:
            raise AlreadyVoidError(receipt=old.label)
        asked = _Asked(
            kind="void", parts=old.parts, way=old.way, of_id=old.id, reason=reason.strip()
        )
        return await _enter(house, desk, actor, writing, asked)


async def refund(
    house: House,
    desk: Desk,
    actor: Actor,
    dossier: UUID,
    *,
    reason: str,
    way: Way | None = None,
    amount: int | None = None,
) -> list[Payment]:
    """Give back what was paid for a dossier, the latest payment first; joins a transaction.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who gives it back.
        dossier: For which it was paid.
        reason: Why.
        way: Cash or transfer; without it, the way each payment came.
        amount: How much; without it, all that was paid.

    Returns:
        One entry for each payment that money was taken from.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
        UnknownPaymentError: nothing was paid for it.
        MoneyNotAllowedError: the actor may not give it back.
        InvalidAnswersError: there is no reason, or it is more than was paid.
    """
    _require_reason(reason)
    async with work(house.engine, desk.id) as writing:
        paid = (await locked(writing, [dossier]))[dossier].paid
        given = paid if amount is None else amount
        if not paid:
            raise UnknownPaymentError(payment=str(dossier))
        if not 0 < given <= paid:
            raise InvalidAnswersError([FieldFault("amount", "payment.too-much", paid=spoken(paid))])
        taken = _taken_from(await payments(writing, [dossier]), dossier, given)
        for old, _ in taken:
            _require_giver(house, actor, old)
        return [
            await _enter(house, desk, actor, writing, _back(old, dossier, part, way, reason))
            for old, part in taken
        ]


def _taken_from(
    entries: Sequence[Payment], dossier: UUID, amount: int
) -> list[tuple[Payment, int]]:
    """From which payments of *entries* an amount comes back, the latest first, and how much."""
    taken = []
    for old in filter(_open, reversed(entries)):
        gone = sum(each.parts[dossier] for each in entries if each.of == old.id)
        part = min(amount, old.parts[dossier] - gone)
        if part > 0:
            taken.append((old, part))
            amount -= part
    return taken


def _back(old: Payment, dossier: UUID, amount: int, way: Way | None, reason: str) -> _Asked:
    return _Asked(
        kind="refund",
        parts={dossier: amount},
        way=way or old.way,
        of_id=old.id,
        reason=reason.strip(),
    )


async def find(reading: Work, payment: UUID) -> Payment:
    """One payment.

    Raises:
        UnknownPaymentError: this tenant has no such payment.
    """
    row = await reading.fetchrow(_ENTRIES, reading.tenant_id, None, payment)
    if row is None:
        raise UnknownPaymentError(payment=str(payment))
    return _payment(row[0])


def hash_of(row: PaymentRow, parts: Iterable[PaymentPartRow], previous: bytes) -> bytes:
    """The hash *row* must carry if the one before it in its series carries *previous*."""
    entry = Entry(
        kind=row.kind,
        number=row.number,
        of=None if row.of_id is None else str(row.of_id),
        amount=row.amount,
        way=row.way,
        tendered=row.tendered,
        change=row.change,
        reason=row.reason,
        at=row.at,
        staff_id=row.staff_id,
        staff=row.staff,
        parts={str(part.dossier_id): part.amount for part in parts},
    )
    return entry_hash(previous, entry)


async def locked(writing: Work, ids: Iterable[UUID]) -> dict[UUID, Balance]:
    """The balances of *ids*, whose dossiers nobody else changes until the end.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
    """
    wanted = sorted(ids)
    found = await store.lock(writing, wanted)
    missing = [each for each in wanted if each not in found]
    if missing:
        raise UnknownDossierError(dossier=str(missing[0]))
    return await balances(writing, wanted)


async def _payment_of(writing: Work, payment: UUID) -> Payment:
    found = await find(writing, payment)
    if found.kind != "payment":
        raise UnknownPaymentError(payment=str(payment))
    return found


def _open(payment: Payment) -> bool:
    return payment.kind == "payment" and not payment.undone


def _require_giver(house: House, actor: Actor, old: Payment) -> None:
    own = old.staff_id == actor.id and local_day(old.at) == house.today()
    roles = set(actor.roles)
    if not (GIVERS & roles or (own and TAKERS & roles)):
        raise MoneyNotAllowedError


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidAnswersError([FieldFault("reason", "field.missing", label="reason")])


async def _enter(house: House, desk: Desk, actor: Actor, writing: Work, asked: _Asked) -> Payment:
    """Write an entry under the next number of its series, which is taken last."""
    at = house.now()
    series, year = str(desk.settings.get("receipt_series") or ""), local_day(at).year
    key = (asked.kind, f"{series}/{year}" if series else str(year))
    number = (await store.take_numbers(writing, {key: 1}))[key][0]
    before = await writing.fetchrow(_BEFORE, desk.id, asked.kind, series, year, number - 1)
    amount = sum(asked.parts.values())
    row = PaymentRow(
        tenant_id=desk.id,
        id=house.new_id(),
        kind=asked.kind,
        series=series,
        year=year,
        number=number,
        visit_id=asked.visit_id,
        of_id=asked.of_id,
        amount=amount,
        way=asked.way.value,
        tendered=asked.tendered,
        change=None if asked.tendered is None else asked.tendered - amount,
        reason=asked.reason,
        at=at,
        staff_id=actor.id,
        staff=actor.name,
        hash=b"",
    )
    parts = _parts(row, asked.parts)
    previous = GENESIS if before is None else before["hash"]
    row = msgspec.structs.replace(row, hash=hash_of(row, parts, previous))
    await writing.execute(_WRITE, as_json([row]), as_json(parts))
    return _told(row, asked.parts)


def _parts(row: PaymentRow, parts: Mapping[UUID, int]) -> Sequence[PaymentPartRow]:
    return [
        PaymentPartRow(
            tenant_id=row.tenant_id, payment_id=row.id, dossier_id=dossier, amount=amount
        )
        for dossier, amount in sorted(parts.items())
    ]


def _told(row: PaymentRow, parts: Mapping[UUID, int], *, undone: bool = False) -> Payment:
    return Payment(
        id=row.id,
        kind=row.kind,
        label=label(row.series, row.year, row.number),
        amount=row.amount,
        way=Way(row.way),
        tendered=row.tendered,
        change=row.change,
        reason=row.reason,
        at=row.at,
        staff=row.staff,
        staff_id=row.staff_id,
        visit_id=row.visit_id,
        of=row.of_id,
        parts=parts,
        undone=undone,
    )


class _Stored(msgspec.Struct, frozen=True):
    payment: PaymentRow
    parts: dict[UUID, int]
    undone: bool


def _payment(stored: Any) -> Payment:
    read = msgspec.json.decode(stored, type=_Stored)
    return _told(read.payment, read.parts, undone=read.undone)


_BALANCES = """
select d.id,
  coalesce((select sum(f.amount) from fee_line f
            where f.tenant_id = d.tenant_id and f.dossier_id = d.id), 0)::bigint as charged,
  coalesce((select sum(case p.kind when 'payment' then t.amount else -t.amount end)
            from payment_part t
              join payment p on p.tenant_id = t.tenant_id and p.id = t.payment_id
            where t.tenant_id = d.tenant_id and t.dossier_id = d.id), 0)::bigint as paid,
  d.mistake or d.state in ('refused', 'withdrawn') or (
    d.external_id is not null and d.visit_id is null and d.state = 'returned' and not exists (
      select from payment_part t where t.tenant_id = d.tenant_id and t.dossier_id = d.id))
  as waived
from dossier d where d.tenant_id = $1 and d.id = any($2)
"""

_ENTRIES = """
select json_build_object(
  'payment', to_jsonb(p) || jsonb_build_object('hash', encode(p.hash, 'base64')),
  'parts', (select json_object_agg(t.dossier_id, t.amount) from payment_part t
            where t.tenant_id = p.tenant_id and t.payment_id = p.id),
  'undone', exists (select from payment v
                    where v.tenant_id = p.tenant_id and v.of_id = p.id and v.kind = 'void'))::text
from payment p
where p.tenant_id = $1 and ($3::uuid is null or p.id = $3) and ($2::uuid[] is null or p.id in (
  select payment_id from payment_part where tenant_id = $1 and dossier_id = any($2)))
order by p.at, p.id
"""

_TAKEN_BACK = "select 1 from payment where tenant_id = $1 and of_id = $2 limit 1"

_BEFORE = """
select hash from payment
where tenant_id = $1 and kind = $2 and series = $3 and year = $4 and number = $5
"""

_WRITE = """
with entered as (
  insert into payment select * from jsonb_populate_recordset(null::payment, $1::jsonb)
  returning 1)
insert into payment_part
select * from jsonb_populate_recordset(null::payment_part, $2::jsonb)
"""
