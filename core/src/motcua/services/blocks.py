"""Numbers reserved for a day on paper, and entering afterwards what was done then.

A block of numbers is taken ahead – or when the power is back, if nobody took a number
meanwhile. What was written on paper is entered later with its true times, people and
numbers, as a history replayed by the rules of the desk; its events also say when and by
whom it was entered. What is left of a block is closed as void, with a reason.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from motcua.domain.calendar import VN
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import OPENING, Actor
from motcua.domain.money import Way
from motcua.plugin.texts import text
from motcua.services import filing, payments, village_signers
from motcua.services.act import DecidedElsewhereError, decided_elsewhere
from motcua.services.book_changes import changing
from motcua.services.book_rights import ENTER, KEEP, require
from motcua.services.books import Block, key_faults
from motcua.services.histories import Channel, History, HistoryEvent
from motcua.services.hooks import ACTING, let_act, watched
from motcua.services.house import Desk, House
from motcua.services.replay import ImpossibleEventError, Replayed, replay
from motcua.storage import books as store
from motcua.storage.bulk import insert_many
from motcua.storage.dossiers import take_numbers
from motcua.storage.rows import DossierRow, RegisterRow, VisitRow, as_json
from motcua.storage.work import Work, work

MOST = 500
"""Numbers in one block."""


class UnknownBlockError(MotCuaError):
    """The tenant has no such block."""

    code = "register.unknown-block"
    status = 404


class BlockClosedError(MotCuaError):
    """A block was used after it was closed."""

    code = "register.block-closed"
    status = 409


class LaterEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What was done on paper with one dossier.

    Attributes:
        procedure: The procedure's code.
        applicant: Who asked.
        answers: The form, by field id.
        channel: How it was handed in.
        events: What happened, with the true times and the people's names.
        numbers: The numbers of the block that were written on its texts, in order; none for
            what ended without one.
        paid: How its fee was paid on paper; none: it is still to be paid.
    """

    procedure: str
    applicant: dict[str, Any]
    answers: dict[str, Any] = {}
    channel: Channel = "counter"
    events: Annotated[list[HistoryEvent], Meta(min_length=1)]
    numbers: tuple[int, ...] = ()
    paid: Way | None = Way.CASH


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier that was entered later."""

    id: UUID
    code: str | None
    state: str
    version: int
    numbers: tuple[int, ...]


_INSERT = """
insert into register_block (tenant_id, id, book, year, first, last, reason, reserved_at,
  reserved_by, closed_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')
"""

_LOCK = (
    "select book, year, reserved_at, closed_at from register_block"
    " where tenant_id = $1 and id = $2 for update"
)

_VOID = """
update register_entry e set status = 'void', at = $3,
  reason = coalesce(w.reason, $4)
from (select number from register_entry
      where tenant_id = $1 and block_id = $2 and status = 'reserved') u
left join unnest($5::int[], $6::text[]) as w (number, reason) using (number)
where e.tenant_id = $1 and e.block_id = $2 and e.number = u.number
"""

_CLOSE = "update register_block set closed_at = $3, closed_by = $4 where tenant_id = $1 and id = $2"

_USE = """
update register_entry e set dossier_id = l.dossier_id, line = l.line, status = l.status,
  summary = l.summary, reason = l.reason, quantity = l.quantity, at = l.at, taken_at = l.taken_at
from jsonb_populate_recordset(null::register_entry, $1::jsonb) l
where e.tenant_id = l.tenant_id and e.register = l.register and e.year = l.year
  and e.number = l.number and e.block_id = l.block_id and e.status = 'reserved'
returning e.number
"""


async def reserve_block(
    house: House,
    desk: Desk,
    actor: Actor,
    book: str,
    count: int,
    reason: str,
    *,
    year: int | None = None,
    title: str = "",
    seen: str = "",
) -> Block:
    """Reserve the next *count* numbers of a book for use on paper; a new book gets the *title*.

    Raises:
        ChangedMeanwhileError: the book is no longer as *seen*.
        RoleNotAllowedError: the actor does not keep books.
        InvalidAnswersError: a count or a reason is missing or wrong.
        BookClosedError: the book is closed.
    """
    require(actor, KEEP)
    faults = key_faults(book)
    if not 0 < count <= MOST:
        faults.append(FieldFault("count", "field.too-many", label="count", most=MOST))
    if not reason.strip():
        faults.append(FieldFault("reason", "field.missing", label="reason"))
    if faults:
        raise InvalidAnswersError(faults)
    now, block_id = house.now(), house.new_id()
    key = (book.strip(), year or house.today().year)
    async with changing(house, desk, actor, key, seen) as writing:
        taken = (await store.take(writing, {key: store.Wanted(count=count, title=title)}))[key]
        numbers = taken.numbers
        span = (numbers[0], numbers[-1])
        await writing.execute(
            _INSERT, desk.id, block_id, *key, *span, reason.strip(), now, actor.name
        )
        rows = [
            RegisterRow(
                tenant_id=desk.id,
                register=key[0],
                year=key[1],
                number=number,
                dossier_id=None,
                status="reserved",
                summary="",
                reason="",
                at=now,
                line=None,
                volume=taken.volume,
                quantity=None,
                block_id=block_id,
                taken_at=now,
            )
            for number in numbers
        ]
        await insert_many(writing, "register_entry", RegisterRow, rows)
        return await _read(writing, block_id)


async def close_block(
    house: House,
    desk: Desk,
    actor: Actor,
    block_id: UUID,
    reason: str,
    reasons: Mapping[int, str] | None = None,
) -> Block:
    """Close a block: numbers nothing was entered for become void.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who closes it.
        block_id: The block.
        reason: Why the unused numbers are void.
        reasons: Other reasons, by number: spoilt sheets and the like.

    Raises:
        RoleNotAllowedError: the actor does not keep books.
        InvalidAnswersError: no reason, or a reason for a number that is not unused.
        UnknownBlockError: the tenant has no such block.
        BlockClosedError: it is closed already.
    """
    require(actor, KEEP)
    if not reason.strip():
        raise InvalidAnswersError([FieldFault("reason", "field.missing", label="reason")])
    key = await _book_of(house, desk, block_id)
    async with changing(house, desk, actor, key) as writing:
        await _locked(writing, block_id)
        open_now = await _read(writing, block_id)
        named = dict(reasons or {})
        if set(named) - set(open_now.unused) or not all(each.strip() for each in named.values()):
            options = ", ".join(map(str, open_now.unused)) or "–"
            raise InvalidAnswersError([FieldFault("reasons", "field.option", options=options)])
        now = house.now()
        own = (list(named), [each.strip() for each in named.values()])
        await writing.execute(_VOID, desk.id, block_id, now, reason.strip(), *own)
        await writing.execute(_CLOSE, desk.id, block_id, now, actor.name)
        return await _read(writing, block_id)


async def enter(
    house: House, desk: Desk, actor: Actor, block_id: UUID, entry: LaterEntry
) -> Entered:
    """Enter what was done on paper, with its true times and the block's numbers.

    It is a reception like any other, but for its times: what the desk refuses is refused.

    Raises:
        RoleNotAllowedError: the actor is not at the reception desk.
        NotOfferedError: the unit does not take the procedure.
        DecidedElsewhereError: another system decides it.
        UnknownBlockError: the tenant has no such block.
        BlockClosedError: it is closed.
        InvalidAnswersError: the form has faults, or the numbers are not what the texts need.
        ImpossibleEventError: an event cannot have happened.
    """
    require(actor, ENTER)
    async with watched(house, desk), work(house.engine, desk.id) as writing:
        block = await _locked(writing, block_id)
        replayed = _replayed(house, desk, block_id, block["reserved_at"], entry)
        await _require_signers(house, desk, writing, replayed)
        await filing.give_codes(writing, desk, [replayed])
        _number(replayed, (block["book"], block["year"]), entry.numbers, block_id)
        told = {"at": house.now(), "by": actor.name, "staff": actor.id, "block": str(block_id)}
        for each in replayed.steps:
            each.told["entered"] = msgspec.to_builtins(told)
        await _give_receipt(house, actor, writing, replayed)
        await filing.write(house, writing, [replayed])
        await _use(writing, replayed)
        await filing.add_figures(writing, desk, [replayed])
        await _let_act(house, desk, replayed)
        await _enter_money(house, desk, actor, writing, replayed.row, entry.paid)
    row = replayed.row
    return Entered(
        id=row.id, code=row.code, state=row.state, version=row.version, numbers=entry.numbers
    )


def require_possible(
    house: House,
    desk: Desk,
    block_id: UUID,
    key: store.Key,
    reserved_at: dt.datetime,
    entry: LaterEntry,
) -> None:
    """Refuse what :func:`enter` would refuse, as far as that is seen without writing anything.

    Args:
        house: The application's parts.
        desk: The tenant.
        block_id: The block.
        key: Its book and year.
        reserved_at: When it was reserved.
        entry: What would be entered.

    Raises:
        MotCuaError: see :func:`enter`.
    """
    _number(_replayed(house, desk, block_id, reserved_at, entry), key, entry.numbers, block_id)


def _replayed(
    house: House, desk: Desk, block_id: UUID, reserved_at: dt.datetime, entry: LaterEntry
) -> Replayed:
    """What was done on paper, by the rules of the desk."""
    history = History(
        tenant=desk.slug,
        external_id=f"{block_id}:{house.new_id()}",
        procedure=entry.procedure,
        channel=entry.channel,
        applicant=entry.applicant,
        answers=entry.answers,
        events=entry.events,
    )
    _require_days(desk, reserved_at, entry)
    replayed = replay(house, desk, history, archive=False)
    _require_decided_here(house, replayed)
    return replayed


def _number(replayed: Replayed, key: store.Key, numbers: Sequence[int], block_id: UUID) -> None:
    """Give a history the *numbers* that stand on its texts, and let its events tell them."""
    books = {(line.register, line.year) for line in replayed.lines}
    if books != {key} or len(numbers) != len(replayed.lines):
        options = f"{len(replayed.lines)} × {key[0]} {key[1]}"
        raise InvalidAnswersError([FieldFault("numbers", "field.option", options=options)])
    replayed.lines = [
        msgspec.structs.replace(line, number=number, block_id=block_id)
        for line, number in zip(replayed.lines, numbers, strict=True)
    ]
    for each in replayed.steps:
        each.told |= each.booked.told(replayed.lines)


def first_day(desk: Desk, reserved_at: dt.datetime) -> dt.date:
    """The first day of which anything is entered into a block.

    A cut that nobody announced is over, and its block reserved, on the next working day.
    """
    day = reserved_at.astimezone(VN).date() - dt.timedelta(days=1)
    while not desk.calendar.timeline.is_working(day.toordinal()):
        day -= dt.timedelta(days=1)
    return day


def _require_days(desk: Desk, reserved_at: dt.datetime, entry: LaterEntry) -> None:
    """Nothing is entered that was before the day on paper."""
    day = first_day(desk, reserved_at)
    if any(event.at < dt.datetime.combine(day, dt.time(), VN) for event in entry.events):
        first = f"{day:%d/%m/%Y}"
        raise InvalidAnswersError([FieldFault("events", "register.before-block", first=first)])


def _require_decided_here(house: House, replayed: Replayed) -> None:
    definition = house.catalogue.version(replayed.row.version_id).definition
    received = (*OPENING, "T03")
    taken = (each.act.transition for each in replayed.steps)
    if any(decided_elsewhere(definition, step) for step in taken if step not in received):
        raise DecidedElsewhereError(system=definition.decided_in)


async def _require_signers(house: House, desk: Desk, reading: Work, replayed: Replayed) -> None:
    """Whoever signed on paper might sign that then; anybody, while nobody was ever assigned.

    Raises:
        ImpossibleEventError: they might not.
    """
    kind = house.catalogue.version(replayed.row.version_id).definition
    officer = ""
    for number, each in enumerate(replayed.steps, start=1):
        took = each.act
        if took.transition == "T16":
            officer = took.by.name
        if took.transition != "T18" or each.outcome == "negative":
            continue
        able = await village_signers.at(reading, took.at)
        assigned = [one for one in able if one.assigned is not None]
        if able and not assigned:
            continue
        said = (assigned, took.by.name, took.at, officer)
        if found := village_signers.against(house, desk, kind, *said):
            raise ImpossibleEventError(number, InvalidAnswersError(found))


async def _give_receipt(house: House, actor: Actor, writing: Work, replayed: Replayed) -> None:
    """The visit of its true day."""
    row = replayed.row
    assert row.received_at is not None, "it has a number"  # noqa: S101 - checked before
    year = str(row.received_at.astimezone(VN).year)
    (number,) = (await take_numbers(writing, {("receipt", year): 1}))["receipt", year]
    visit = VisitRow(
        tenant_id=row.tenant_id,
        id=house.new_id(),
        receipt=f"{year}-{number:06d}",
        channel=row.channel,
        payer=row.applicant.get("name", ""),
        fee_total=sum(fee.amount or 0 for fee in replayed.fees),
        at=row.received_at,
        staff_id=actor.id,
    )
    await insert_many(writing, "visit", VisitRow, [visit])
    replayed.row = msgspec.structs.replace(row, visit_id=visit.id)


async def _enter_money(
    house: House, desk: Desk, actor: Actor, writing: Work, row: DossierRow, way: Way | None
) -> None:
    """What was paid on paper, entered now: it is in the cash of the next closing."""
    due = (await payments.balances(writing, [row.id]))[row.id].due
    if way is None or not due or row.received_at is None:
        return
    note = text("payment.on_paper", at=f"{row.received_at.astimezone(VN):%H:%M %d/%m/%Y}")
    ids, visit = [row.id], row.visit_id
    await payments.pay(house, desk, actor, ids, way=way, visit=visit, note=note)


async def _let_act(house: House, desk: Desk, replayed: Replayed) -> None:
    """Let the plugins act as they would have at the desk, at the true times."""
    published = house.catalogue.version(replayed.row.version_id)
    for each in replayed.steps:
        hook = ACTING.get(each.act.transition)
        if hook is not None:
            then = {"last_at": each.act.at, "outcome": each.outcome}
            row = msgspec.structs.replace(replayed.row, **then)
            await let_act(house, desk, hook, published, row)


async def _use(writing: Work, replayed: Replayed) -> None:
    """Put the lines in the place of reserved numbers of the block."""
    used = {row["number"] for row in await writing.fetch(_USE, as_json(replayed.lines))}
    wrong = [line.number for line in replayed.lines if line.number not in used]
    if wrong or len(used) != len(replayed.lines):
        options = ", ".join(map(str, wrong)) or "–"
        raise InvalidAnswersError([FieldFault("numbers", "register.not-in-block", options=options)])


async def _locked(writing: Work, block_id: UUID) -> Any:
    found = await writing.fetchrow(_LOCK, writing.tenant_id, block_id)
    if found is None:
        raise UnknownBlockError(block=str(block_id))
    if found["closed_at"]:
        raise BlockClosedError(block=str(block_id))
    return found


async def _book_of(house: House, desk: Desk, block_id: UUID) -> store.Key:
    """The book a block was reserved in.

    Raises:
        UnknownBlockError: the tenant has no such block.
    """
    async with work(house.engine, desk.id) as reading:
        found = await store.read_blocks(reading, block_id=block_id)
    if not found:
        raise UnknownBlockError(block=str(block_id))
    return found[0]["book"], found[0]["year"]


async def _read(reading: Work, block_id: UUID) -> Block:
    (row,) = await store.read_blocks(reading, block_id=block_id)
    return msgspec.convert(dict(row), Block)
