"""What reading dossiers answers, and how a dossier's row becomes it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from motcua.domain.calendar import VN
from motcua.domain.clock import ClockState, StageState, WaitState, run
from motcua.domain.dossier import TAKES_BACK, TRANSITIONS, State, Transition
from motcua.domain.explanation import DayNote
from motcua.domain.life import Actor, applies, may_take
from motcua.domain.limit import TimeLimit
from motcua.domain.procedure_limit import Limit, Stage
from motcua.services.act import DecidedElsewhereError, decided_elsewhere
from motcua.services.assess import Filing, filing_of
from motcua.services.group import GroupView, Mirror
from motcua.services.house import Desk, House
from motcua.services.ledger import life_of
from motcua.services.rules import rules_for
from motcua.services.words import called, fee_units
from motcua.storage.rows import DossierRow


class DossierLine(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier in a list; the applicant's number is masked.

    Attributes:
        answered: Whether the citizen has just answered, and no officer has looked yet.
    """

    id: UUID
    code: str
    procedure: str
    procedure_name: str
    short_name: str
    applicant: str
    id_number: str
    channel: str
    state: State
    version: int
    received_at: dt.datetime | None
    due_at: dt.datetime | None
    late: bool
    holder: str
    answered: bool = False


class DossierPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list, nearest deadline first; *after* asks for the next one."""

    dossiers: tuple[DossierLine, ...]
    after: str | None
    counts: dict[str, int]


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """A step that may, or may not, be taken now; *refused* is the code of the reason."""

    transition: str
    refused: str | None


class FeeView(msgspec.Struct, frozen=True, kw_only=True):
    """One line of what a dossier costs; no *amount*: not set yet, not charged.

    Attributes:
        unit: What *quantity* counts.
    """

    fee: str
    label: str
    kind: str
    quantity: int
    amount: int | None
    exemption: str
    basis: str
    proof: str = ""
    unit: str = ""


class DocumentView(msgspec.Struct, frozen=True, kw_only=True):
    """A component document; one sent as a file names it, with its kind and size."""

    document: str
    name: str
    originals: int
    copies: int
    file_id: UUID | None = None
    media_type: str | None = None
    size: int | None = None


class RegisterView(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a book; *reason* is why it is void."""

    register: str
    year: int
    number: int
    volume: int
    status: str
    summary: str
    reason: str
    quantity: int | None


class DossierView(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier as its officers see it.

    Attributes:
        parent: The group it is a part of.
        group: Its parts and where they stand, if it is a group.
        decided_in: The system that decides it, if it is not this one.
        mirror: What was last heard from there.
    """

    id: UUID
    code: str | None
    temporary_code: str | None
    procedure: str
    procedure_name: str
    short_name: str
    field: str
    channel: str
    state: State
    version: int
    applicant: dict[str, Any]
    answers: dict[str, Any]
    submitted_at: dt.datetime | None
    received_at: dt.datetime | None
    promise_at: dt.datetime | None
    legal_due_at: dt.datetime | None
    due_at: dt.datetime | None
    due_ground: str
    due_provisional: bool
    no_limit: bool
    late: bool
    finished_at: dt.datetime | None
    returned_at: dt.datetime | None
    outcome: str | None
    filing: Filing | None
    actions: tuple[Action, ...]
    fees: tuple[FeeView, ...] = ()
    documents: tuple[DocumentView, ...] = ()
    register: tuple[RegisterView, ...] = ()
    children: tuple[UUID, ...] = ()
    corrections: tuple[UUID, ...] = ()
    parent: UUID | None = None
    group: GroupView | None = None
    decided_in: str = ""
    mirror: Mirror | None = None


class EventView(msgspec.Struct, frozen=True, kw_only=True):
    """One act, as kept in the chain."""

    seq: int
    transition: str
    at: dt.datetime
    actor: str
    role: str
    from_state: str | None
    to_state: str
    reason: str
    data: dict[str, Any] | None
    hash: str


class StageView(msgspec.Struct, frozen=True, kw_only=True):
    """One stage of the way: begun, done, or still to come (no *started_at*)."""

    stage: str
    label: str
    counted_from: str
    limit: TimeLimit | None
    started_at: dt.datetime | None = None
    due: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    late: bool = False
    days: tuple[DayNote, ...] = ()


class WaitView(msgspec.Struct, frozen=True, kw_only=True):
    """A wait "up to": it ends at the answer, or at its limit with its consequence."""

    started_at: dt.datetime
    until: dt.datetime
    ended_at: dt.datetime | None
    answered: bool
    consequence: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a dossier is due when it is: all three dates and every day in between.

    Attributes:
        silence: What follows if nobody answers by the due time, where the law says so.
    """

    due: dt.datetime | None
    counted_from: dt.datetime | None
    promise: dt.datetime | None
    legal_due: dt.datetime | None
    ground: str
    provisional: bool
    late: bool
    days: tuple[DayNote, ...]
    stages: tuple[StageView, ...] = ()
    waits: tuple[WaitView, ...] = ()
    silence: str = ""


class LookedUp(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier as its look-up shows it; *id*, *applicant*, *reason* only with the secret.

    Attributes:
        wanted: What a supplement asks for, and *until* when; only with the secret.
        supplied: When papers were sent to a dossier that is worked on.
    """

    id: UUID | None = None
    code: str
    procedure: str
    procedure_name: str
    short_name: str
    state: State
    submitted_at: dt.datetime | None
    received_at: dt.datetime | None
    promise_at: dt.datetime | None
    due_at: dt.datetime | None
    finished_at: dt.datetime | None
    returned_at: dt.datetime | None
    steps: tuple[tuple[str, dt.datetime], ...]
    limit: TimeLimit | None = None
    applicant: dict[str, Any] | None = None
    wanted: tuple[str, ...] = ()
    until: dt.datetime | None = None
    supplied: tuple[dt.datetime, ...] = ()
    reason: str = ""
    explanation: Explanation | None = None


_LINES = ("fees", "documents", "register", "children", "corrections")


def view(
    house: House,
    desk: Desk,
    actor: Actor,
    row: DossierRow,
    parts: Mapping[str, str] | None = None,
) -> DossierView:
    """*row* as *actor* sees it; *parts* are its lines as JSON, where they were read."""
    parts = parts or dict.fromkeys(_LINES, "[]")
    published = house.catalogue.version(row.version_id)
    decode = msgspec.json.decode
    register = decode(parts["register"], type=tuple[RegisterView, ...])
    units = fee_units(published.definition)
    fees = decode(parts["fees"], type=tuple[FeeView, ...])
    return DossierView(
        id=row.id,
        code=row.code,
        temporary_code=row.temporary_code,
        procedure=row.procedure_code,
        procedure_name=published.definition.name,
        short_name=called(published.definition),
        field=row.field,
        channel=row.channel,
        state=State(row.state),
        version=row.version,
        applicant=row.applicant,
        answers=row.answers,
        submitted_at=row.submitted_at,
        received_at=row.received_at,
        promise_at=row.promise_at,
        legal_due_at=row.legal_due_at,
        due_at=row.due_at,
        due_ground=row.due_ground,
        due_provisional=row.due_provisional,
        no_limit=row.no_limit,
        late=row.late,
        finished_at=row.finished_at,
        returned_at=row.returned_at,
        outcome=row.outcome,
        filing=filing_of(row.chosen),
        actions=actions(house, desk, actor, row, register),
        fees=tuple(replace(each, unit=units.get(each.fee, "")) for each in fees),
        documents=decode(parts["documents"], type=tuple[DocumentView, ...]),
        register=register,
        children=decode(parts["children"], type=tuple[UUID, ...]),
        corrections=decode(parts["corrections"], type=tuple[UUID, ...]),
        parent=row.parent_id,
        decided_in=published.definition.decided_in,
    )


def actions(
    house: House, desk: Desk, actor: Actor, row: DossierRow, register: Sequence[RegisterView]
) -> tuple[Action, ...]:
    """Every step its state permits, in the table's order; refused ones with the reason."""
    life = life_of(row)
    published = house.catalogue.version(row.version_id)
    rules = rules_for(desk, published, here=True)
    hidden = _NOT_OFFICERS if published.definition.result.register else _NOT_OFFICERS | _OF_BOOKS
    if all(line.status == "void" for line in register):
        hidden |= {"T31"}  # no number to make void
    now = house.now()

    def refused(step: Transition) -> str | None:
        if decided_elsewhere(published.definition, step.id):
            return DecidedElsewhereError.code
        return may_take(step, life, actor, rules, now)

    return tuple(
        Action(transition=each.id, refused=refused(each))
        for each in TRANSITIONS.values()
        if life.state in each.sources and each.id not in hidden and applies(each, life, rules, now)
    )


_NOT_OFFICERS = frozenset({"T27", "T35", "T36", "T37", "T40", "T41", *TAKES_BACK})
"""Steps only the system or the applicant takes, and those that have buttons of their own."""
_OF_BOOKS = frozenset({"T30", "T31"})
"""Steps that make no sense where the result stands in no book."""


def explained(house: House, desk: Desk, row: DossierRow) -> Explanation:
    """The due time of *row* with every day that led to it; empty before reception."""
    if not row.clock:
        return Explanation(
            due=None,
            counted_from=None,
            promise=None,
            legal_due=None,
            ground="",
            provisional=False,
            late=False,
            days=(),
        )
    now = house.now()
    clock = run(desk.calendar, life_of(row).clock, now=now)
    limit = house.catalogue.version(row.version_id).definition.limit
    return Explanation(
        due=_local(row.due_at),
        counted_from=clock.counted_from,
        promise=_local(row.promise_at),
        legal_due=_local(row.legal_due_at),
        ground=row.due_ground,
        provisional=row.due_provisional,
        late=row.late,
        days=clock.explanation,
        stages=_stages(limit, clock, now),
        waits=tuple(_wait(each, now) for each in clock.waits),
        silence=limit.on_silence.consequence if limit.on_silence else "",
    )


def _stages(limit: Limit, clock: ClockState, now: dt.datetime) -> tuple[StageView, ...]:
    """Every stage of the definition with its clock, in the definition's order."""
    begun = {each.stage: each for each in clock.stages}
    return tuple(_stage(each, begun.get(each.id), now) for each in limit.stages)


def _stage(planned: Stage, begun: StageState | None, now: dt.datetime) -> StageView:
    view = StageView(
        stage=planned.id,
        label=planned.label,
        counted_from=planned.counted_from,
        limit=planned.time_limit,
    )
    if begun is None:
        return view
    return replace(
        view,
        started_at=begun.started_at,
        due=begun.due,
        ended_at=begun.ended_at,
        late=begun.late_at(now),
        days=begun.explanation,
    )


def _wait(wait: WaitState, now: dt.datetime) -> WaitView:
    """*wait* as it stands *now*: past its limit it has ended, whether noted or not."""
    over = wait.ended_at is None and now > wait.until
    return WaitView(
        started_at=wait.started_at,
        until=wait.until,
        ended_at=wait.until if over else wait.ended_at,
        answered=wait.answered,
        consequence=wait.consequence,
    )


def _local(moment: dt.datetime | None) -> dt.datetime | None:
    """*moment* as the clock on the wall says it, like the days beside it."""
    return None if moment is None else moment.astimezone(VN)
