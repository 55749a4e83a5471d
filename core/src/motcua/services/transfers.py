"""Fees that come by bank transfer: told of by who pays, entered once an officer saw them come.

Nobody but an officer says that a dossier is paid. Its holder may say that they have
transferred the money, which is a note with a time; the officer who reads the bank's
statement enters the transfer with the bank's number, or answers that it was not found.
Nothing here speaks with a bank: what did would call :func:`confirm` (ADR 0017).
"""

import datetime as dt
from typing import Any
from uuid import UUID

import msgspec
import structlog

from motcua.domain.dossier import State
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Act, Actor
from motcua.domain.money import Way, spoken
from motcua.domain.transfer import BankAccount, number_of
from motcua.domain.written import clean
from motcua.plugin.texts import text
from motcua.registry.dispatch import PluginFailedError, PluginFault
from motcua.services import payments
from motcua.services.act import decided_elsewhere, take
from motcua.services.change import Asked
from motcua.services.hooks import watched
from motcua.services.house import Desk, House
from motcua.services.messages import tell_of
from motcua.services.payments import GIVERS, TAKERS, MoneyNotAllowedError, NothingDueError, Payment
from motcua.services.receive import ended
from motcua.services.unit import set_settings
from motcua.services.words import called
from motcua.storage import dossiers as store
from motcua.storage.errors import StorageError
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work, work

LONGEST_REFERENCE, LONGEST_NOTE, MOST = 40, 300, 100
NEW_FOR = dt.timedelta(days=7)
"""So long the counter is told that the account was changed."""
SEERS = TAKERS | GIVERS
"""Who sees which transfers wait."""

log = structlog.get_logger(__name__)


class TransfersWaitError(MotCuaError):
    """The account cannot be taken away while transfers to it wait for an answer."""

    code = "transfer.wait"
    status = 409


class NoAccountError(MotCuaError):
    """The unit takes no transfers: it has named no bank account."""

    code = "transfer.no-account"
    status = 409


class SettledError(MotCuaError):
    """Nobody waits for the transfer any more: an officer has answered it."""

    code = "transfer.settled"
    status = 409


class ReferenceUsedError(MotCuaError):
    """The bank's number stands on another receipt."""

    code = "transfer.reference-used"
    status = 409


class SentBackError(MotCuaError):
    """What came under the bank's number is to be sent back, or was."""

    code = "transfer.sent-back"
    status = 409


class Told(msgspec.Struct, frozen=True):
    """What was due when somebody told of a transfer, and when that was."""

    asked: int
    at: dt.datetime


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer that somebody told of, and that no officer has answered yet.

    Attributes:
        asked: What was due when it was told of.
        due: What is due now; nothing, where it was withdrawn, or paid meanwhile.
    """

    id: UUID
    dossier_id: UUID
    code: str
    procedure: str
    applicant: str
    asked: int
    told_at: dt.datetime
    due: int


class Changed(msgspec.Struct, frozen=True):
    """Who changed the account money is sent to, and when."""

    who: str
    at: dt.datetime


class Back(msgspec.Struct, frozen=True, kw_only=True):
    """Money that came by transfer and is to be sent back.

    Attributes:
        reference: The bank's number it came under.
        since: When an officer saw it.
    """

    id: UUID
    dossier_id: UUID
    code: str
    applicant: str
    reference: str
    back: int
    since: dt.datetime


def account_of(house: House, desk: Desk) -> BankAccount | None:
    """Where fees are transferred to, if the unit itself takes transfers."""
    if ended(desk, house.now()):
        return None
    return msgspec.convert(desk.settled[-1].get("bank_account"), BankAccount | None)


async def set_account(house: House, desk: Desk, account: BankAccount | None, asked: Asked) -> None:
    """Take transfers to *account* from now on; without one, none.

    Raises:
        ChangedMeanwhileError: somebody else has changed it.
        TransfersWaitError: it is taken away while transfers wait for an answer.
    """
    if account is None and (waiting := await count(house, desk)):
        raise TransfersWaitError(count=waiting)
    changes = {"bank_account": None if account is None else msgspec.to_builtins(account)}
    await set_settings(house, desk, changes, asked)


async def changed(house: House, desk: Desk) -> Changed | None:
    """Who changed the account last, if that is so short ago that the counter should know."""
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_CHANGED, desk.id, house.now() - NEW_FOR)
    return None if row is None else Changed(row["who"], row["at"])


async def told(house: House, desk: Desk, dossier: UUID) -> None:
    """Note that its holder says the fee of *dossier* is transferred; told twice it is noted once.

    Raises:
        NoAccountError: the unit takes no transfers.
        UnknownDossierError: this tenant has no such dossier.
        NothingDueError: nothing is due for it.
    """
    if account_of(house, desk) is None:
        raise NoAccountError(tenant=desk.name)
    async with work(house.engine, desk.id) as writing:
        due = (await payments.locked(writing, [dossier]))[dossier].due
        if not due:
            raise NothingDueError
        await writing.execute(_TELL, desk.id, house.new_id(), dossier, due, house.now())


async def confirm(
    house: House,
    desk: Desk,
    actor: Actor,
    dossier: UUID,
    *,
    came: int,
    reference: str,
    due: int | None = None,
) -> Payment:
    """Enter a transfer for *dossier* that was seen to have come, and let it go on (T13).

    Less than is due is taken in part; of more only what is due, and the ledger says what is
    to be sent back.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who saw it.
        dossier: For which it came.
        came: How much.
        reference: The bank's number of the transfer.
        due: What the officer was shown; without it, whatever is due.

    Raises:
        MoneyNotAllowedError: the actor takes no money.
        UnknownDossierError: this tenant has no such dossier.
        NothingDueError: it is paid, or nothing is owed for it any more.
        DueChangedError: it is not what the officer was shown.
        ReferenceUsedError: that transfer was entered before.
        SentBackError: it is to be sent back, or was.
        InvalidAnswersError: the amount or the bank's number is missing.
    """
    written = clean(reference).strip()
    number = number_of(written)
    _require_said(came, number, written)
    async with watched(house, desk) as faults, work(house.engine, desk.id) as writing:
        balance = (await payments.locked(writing, [dossier]))[dossier]
        note = _note(written, came, balance.due)
        await writing.execute(_LOCK_NUMBER, f"{desk.id} {number}")
        way, ids = Way.TRANSFER, [dossier]
        paid = await payments.pay(house, desk, actor, ids, way=way, due=due, came=came, note=note)
        await _require_unused(writing, number)
        seen = (dossier, balance.due, came, house.now(), actor.id, actor.name, number, paid.id)
        await writing.execute(_SEE, desk.id, house.new_id(), *seen, came - paid.amount)
        row = (await store.load(writing, ids))[dossier]
        if paid.amount == balance.due:
            row = await _gone_on(house, desk, writing, row, paid, balance.charged, actor, faults)
        definition = house.catalogue.version(row.version_id).definition
        said = {"receipt": paid.label, "amount": spoken(paid.amount)}
        await tell_of(house, desk, writing, definition, row, "paid", **said)
        return paid


async def miss(
    house: House,
    desk: Desk,
    actor: Actor,
    dossier: UUID,
    why: str,
    *,
    came: int = 0,
    reference: str = "",
) -> None:
    """Answer a transfer that was told of and cannot be entered; its holder is told, with *why*.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who answers.
        dossier: For which it was told of.
        why: What its holder reads.
        came: How much has come nevertheless, and is to be sent back.
        reference: The bank's number of that.

    Raises:
        MoneyNotAllowedError: the actor takes no money.
        InvalidAnswersError: there is no reason, or money without the bank's number.
        UnknownDossierError: this tenant has no such dossier.
        SettledError: nothing waits for an answer.
        ReferenceUsedError: that money was entered for a dossier.
        SentBackError: it is to be sent back already, or was.
    """
    _require(actor, TAKERS)
    note, written = why.strip(), clean(reference).strip()
    number = number_of(written)
    if not note:
        raise InvalidAnswersError([FieldFault("answer", "field.missing", label="answer")])
    if len(note) > LONGEST_NOTE:
        raise InvalidAnswersError([FieldFault("answer", "field.too-long", most=LONGEST_NOTE)])
    if came:
        _require_said(came, number, written, field="back_number")
    async with work(house.engine, desk.id) as writing:
        await payments.locked(writing, [dossier])
        said = (house.now(), actor.id, actor.name, note, came, number)
        await writing.execute(_LOCK_NUMBER, f"{desk.id} {number}")
        answered = await writing.fetchrow(_MISS, desk.id, dossier, *said)
        if answered is None:
            raise SettledError
        if came:
            await _require_unused(writing, number, but=answered["id"])
        row = (await store.load(writing, [dossier]))[dossier]
        definition = house.catalogue.version(row.version_id).definition
        await tell_of(house, desk, writing, definition, row, "unpaid")


async def to_send_back(house: House, desk: Desk, actor: Actor) -> list[Back]:
    """What came and is nobody's here: more than was due, or for what costs nothing any more.

    Raises:
        MoneyNotAllowedError: the actor neither takes nor gives back money.
    """
    _require(actor, SEERS)
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_BACK, desk.id)
    return [msgspec.convert(dict(row), Back) for row in rows]


async def sent_back(house: House, desk: Desk, actor: Actor, transfer: UUID) -> None:
    """Note that what came too much by *transfer* is sent back.

    Raises:
        MoneyNotAllowedError: the actor neither takes nor gives back money.
        SettledError: nothing of it is to be sent back, or it was.
    """
    _require(actor, SEERS)
    async with work(house.engine, desk.id) as writing:
        said = (house.now(), actor.name)
        if await writing.fetchrow(_SENT_BACK, desk.id, transfer, *said) is None:
            raise SettledError


async def waiting(house: House, desk: Desk, actor: Actor) -> list[Waiting]:
    """The transfers that wait for an officer's answer, the first told of first.

    Raises:
        MoneyNotAllowedError: the actor neither takes nor gives back money.
    """
    _require(actor, SEERS)
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_WAITING, desk.id, MOST)
        found = await payments.balances(reading, [row["dossier_id"] for row in rows])
    return [
        Waiting(
            procedure=called(house.catalogue.version(row["version_id"]).definition),
            due=found[row["dossier_id"]].due,
            **{name: row[name] for name in _COLUMNS},
        )
        for row in rows
    ]


async def count(house: House, desk: Desk) -> int:
    """How many transfers wait for an officer's answer."""
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_COUNT, desk.id)
    found: int = row["count"]
    return found


async def told_of(house: House, desk: Desk, dossier: UUID) -> Told | None:
    """The transfer that the holder of *dossier* told of, if nobody has answered it."""
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_TOLD, desk.id, dossier)
    return None if row is None else Told(row["asked"], row["told_at"])


async def _require_unused(writing: Work, number: str, but: UUID | None = None) -> None:
    """That nobody has accounted for the money of a bank's *number*, outside the row *but*."""
    used = await writing.fetchrow(_USED, writing.tenant_id, number, but)
    if used is None:
        return
    if used["payment_id"] is None:
        raise SentBackError(reference=number, dossier=used["code"])
    old = await payments.find(writing, used["payment_id"])
    raise ReferenceUsedError(reference=number, receipt=old.label)


async def _gone_on(
    house: House,
    desk: Desk,
    writing: Work,
    row: DossierRow,
    paid: Payment,
    charged: int,
    actor: Actor,
    faults: list[PluginFault],
) -> DossierRow:
    """The dossier *row* taken out of its wait for the payment (T13), if this is what it waits for.

    A notice may ask for more than the fees that are paid here (T12 names the amount); then
    the officer decides. So they do where the step is refused, and nothing of it is kept: the
    money has come all the same.
    """
    definition = house.catalogue.version(row.version_id).definition
    if row.state != State.AWAITING_PAYMENT or decided_elsewhere(definition, "T13"):
        return row
    asked = await writing.fetchrow(_ASKED, desk.id, row.id)
    if asked is None or asked["amount"] > charged:
        return row
    step = Act(transition="T13", at=paid.at, by=actor, data={"receipt": paid.label})
    try:
        async with house.engine.attempt():
            return await take(house, desk, writing, row, step)
    except StorageError:
        raise
    except MotCuaError as error:
        if isinstance(error, PluginFailedError):
            faults.append(error.fault)
        log.warning("paid and still waiting", dossier=row.code, reason=error.code)
        return row


def _note(written: str, came: int, due: int) -> str:
    note = text("transfer.ledger", reference=written)
    if came <= due:
        return note
    return f"{note}; {text('transfer.surplus', came=spoken(came), surplus=spoken(came - due))}"


def _require(actor: Actor, roles: frozenset[Any]) -> None:
    if not roles & set(actor.roles):
        raise MoneyNotAllowedError


def _require_said(came: int, number: str, written: str, field: str = "reference") -> None:
    faults = []
    if came <= 0:
        faults.append(FieldFault("came", "transfer.no-amount"))
    if not number:
        faults.append(FieldFault(field, "transfer.no-reference"))
    elif len(written) > LONGEST_REFERENCE:
        faults.append(FieldFault(field, "field.too-long", most=LONGEST_REFERENCE))
    if faults:
        raise InvalidAnswersError(faults)


_CHANGED = """
select who, at from config_change
where tenant_id = $1 and place = 'bank_account' and at > $2 order by id desc limit 1
"""

_TELL = """
insert into transfer (tenant_id, id, dossier_id, state, asked, told_at, staff, reference, note,
                      back, back_staff)
values ($1, $2, $3, 'told', $4, $5, '', '', '', 0, '')
on conflict (tenant_id, dossier_id) where state = 'told' do nothing
"""

_SEE = """
with answered as (
  update transfer set state = 'seen', asked = $4, came = $5, settled_at = $6, staff_id = $7,
    staff = $8, reference = $9, payment_id = $10, back = $11
  where tenant_id = $1 and dossier_id = $3 and state = 'told' returning 1)
insert into transfer (tenant_id, id, dossier_id, state, asked, came, settled_at, staff_id, staff,
                      reference, note, payment_id, back, back_staff)
select $1, $2, $3, 'seen', $4, $5, $6, $7, $8, $9, '', $10, $11, ''
where not exists (select from answered)
"""

_MISS = """
update transfer set state = 'missed', settled_at = $3, staff_id = $4, staff = $5, note = $6,
  came = nullif($7::bigint, 0), back = $7, reference = $8
where tenant_id = $1 and dossier_id = $2 and state = 'told' returning id
"""

# Where the receipt is void, the money is nobody's, and may be entered anew with its number.
_STANDS = """not exists (
  select from payment v
  where v.tenant_id = t.tenant_id and v.of_id = t.payment_id and v.kind = 'void')"""

_BACK = f"""
select t.id, t.dossier_id, t.reference, t.back, t.settled_at as since,
  coalesce(d.code, d.temporary_code, '') as code,
  coalesce(d.applicant->>'name', '') as applicant
from transfer t join dossier d on d.tenant_id = t.tenant_id and d.id = t.dossier_id
where t.tenant_id = $1 and t.back > 0 and t.back_at is null and {_STANDS}
order by t.settled_at, t.id
"""  # noqa: S608 - words of our own

_SENT_BACK = f"""
update transfer t set back_at = $3, back_staff = $4
where t.tenant_id = $1 and t.id = $2 and t.back > 0 and t.back_at is null and {_STANDS}
returning 1
"""  # noqa: S608 - words of our own

# Nobody enters the same transfer beside this, for whichever dossier and series of receipts.
_LOCK_NUMBER = "select pg_advisory_xact_lock(hashtextextended($1, 0))"

_USED = f"""
select t.payment_id, coalesce(d.code, d.temporary_code, '') as code
from transfer t join dossier d on d.tenant_id = t.tenant_id and d.id = t.dossier_id
where t.tenant_id = $1 and t.reference = $2 and t.id is distinct from $3::uuid
  and (t.state = 'seen' and {_STANDS} or t.state = 'missed' and t.back > 0)
limit 1
"""  # noqa: S608 - words of our own

_COLUMNS = ("id", "dossier_id", "code", "applicant", "asked", "told_at")

_WAITING = """
select t.id, t.dossier_id, t.asked, t.told_at, d.version_id,
  coalesce(d.code, d.temporary_code, '') as code,
  coalesce(d.applicant->>'name', '') as applicant
from transfer t join dossier d on d.tenant_id = t.tenant_id and d.id = t.dossier_id
where t.tenant_id = $1 and t.state = 'told' order by t.told_at, t.id limit $2
"""

_COUNT = "select count(*)::int as count from transfer where tenant_id = $1 and state = 'told'"

_TOLD = """
select asked, told_at from transfer
where tenant_id = $1 and dossier_id = $2 and state = 'told'
"""

_ASKED = """
select (data->>'amount')::bigint as amount from dossier_event
where tenant_id = $1 and dossier_id = $2 and transition = 'T12' order by seq desc limit 1
"""
