"""Reading dossiers: work lists, one dossier, its history and its explained due date."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.clock import ClockState, Started
from motcua.domain.dossier import TRANSITIONS, RoleNotAllowedError, State
from motcua.domain.explanation import DayNote
from motcua.domain.life import Actor, may_take
from motcua.domain.limit import TimeLimit
from motcua.domain.names import masked, search_key
from motcua.plugin import guards
from motcua.services.house import Desk, House
from motcua.services.ledger import due_state, life_of
from motcua.services.receive import UnknownDossierError
from motcua.services.rules import rules_for
from motcua.services.visit import hashed
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work, reference_work, work

READERS = guards.READERS
"""Roles that may read what dossiers say; administrators configure and do not read."""

PAGE = 50


class DossierLine(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier in a list; the applicant's number is masked."""

    id: UUID
    code: str
    procedure: str
    procedure_name: str
    applicant: str
    id_number: str
    channel: str
    state: State
    version: int
    received_at: dt.datetime | None
    due_at: dt.datetime | None
    late: bool
    holder: str


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
    """One line of what a dossier costs; no *amount*: not set yet, not charged."""

    fee: str
    label: str
    kind: str
    quantity: int
    amount: int | None
    exemption: str
    basis: str


class DocumentView(msgspec.Struct, frozen=True, kw_only=True):
    """A component document."""

    document: str
    name: str
    originals: int
    copies: int


class RegisterView(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a book."""

    register: str
    year: int
    number: int
    status: str
    summary: str


class DossierView(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier as its officers see it."""

    id: UUID
    code: str | None
    temporary_code: str | None
    procedure: str
    procedure_name: str
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
    actions: tuple[Action, ...]
    fees: tuple[FeeView, ...] = ()
    documents: tuple[DocumentView, ...] = ()
    register: tuple[RegisterView, ...] = ()
    children: tuple[UUID, ...] = ()
    corrections: tuple[UUID, ...] = ()


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


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a dossier is due when it is: all three dates and every day in between."""

    due: dt.datetime | None
    counted_from: dt.datetime | None
    promise: dt.datetime | None
    legal_due: dt.datetime | None
    ground: str
    provisional: bool
    late: bool
    days: tuple[DayNote, ...]


class LookedUp(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier as its look-up shows it; *applicant* only with the right secret."""

    code: str
    procedure: str
    procedure_name: str
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
    explanation: Explanation | None = None


def require_reader(actor: Actor) -> None:
    """Refuse whoever may not read what dossiers say."""
    if not READERS & set(actor.roles):
        raise RoleNotAllowedError(transition="", roles=tuple(sorted(READERS)))


_LIST = """
select json_build_object('id', d.id, 'code', coalesce(d.code, d.temporary_code, ''),
  'procedure', d.procedure_code, 'version_id', d.version_id,
  'name', coalesce(d.applicant->>'name', ''),
  'id_number', coalesce(d.applicant->>'id_number', ''), 'channel', d.channel,
  'state', d.state, 'version', d.version, 'received_at', d.received_at, 'due_at', d.due_at,
  'late', d.late, 'holder', coalesce(s.full_name, ''))::text as line,
  coalesce(d.due_at, '9999-12-31Z') as due, d.id
from dossier d left join staff s on s.tenant_id = d.tenant_id and s.id = d.holder_id
where d.tenant_id = $1 and ($2::text[] is null or d.state = any($2))
  and ($3 = '' or d.applicant_key like '%' || $3 || '%')
  and (coalesce(d.due_at, '9999-12-31Z'), d.id) > ($4::timestamptz, $5::uuid)
order by 2, 3 limit $6
"""

_COUNTS = "select state, count(*)::int as n from dossier where tenant_id = $1 group by state"


class _Line(msgspec.Struct, frozen=True):
    id: UUID
    code: str
    procedure: str
    version_id: str
    name: str
    id_number: str
    channel: str
    state: State
    version: int
    late: bool
    holder: str
    received_at: dt.datetime | None = None
    due_at: dt.datetime | None = None


async def dossiers(
    house: House,
    desk: Desk,
    actor: Actor,
    *,
    q: str = "",
    states: tuple[State, ...] = (),
    after: str = "",
    limit: int = PAGE,
) -> DossierPage:
    """The tenant's dossiers, nearest deadline first.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who reads.
        q: A part of a name, a number or a code; without accents is fine.
        states: Only these states; none means all.
        after: The cursor the page before gave.
        limit: At most so many, 50 at most.

    Raises:
        RoleNotAllowedError: the actor may not read dossiers.
    """
    require_reader(actor)
    wanted = [state.value for state in states] or None
    like = search_key(q).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    due, last_id = _cursor(after)
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_LIST, desk.id, wanted, like, due, last_id, min(limit, PAGE) + 1)
        counts = await reading.fetch(_COUNTS, desk.id)
    lines = [msgspec.json.decode(row["line"], type=_Line) for row in rows]
    shown = lines[: min(limit, PAGE)]
    more = len(lines) > len(shown)
    return DossierPage(
        dossiers=tuple(_line(house, line) for line in shown),
        after=_cursor_after(shown[-1]) if more else None,
        counts={row["state"]: row["n"] for row in counts},
    )


_PARTS = """
select
 (select coalesce(json_agg(to_jsonb(f) order by f.n), '[]')::text from fee_line f
  where f.tenant_id = $1 and f.dossier_id = $2) fees,
 (select coalesce(json_agg(to_jsonb(c) order by c.n), '[]')::text from dossier_document c
  where c.tenant_id = $1 and c.dossier_id = $2) documents,
 (select coalesce(json_agg(to_jsonb(r) order by r.register, r.number), '[]')::text
  from register_entry r where r.tenant_id = $1 and r.dossier_id = $2) register,
 (select coalesce(json_agg(l.other_id order by l.other_id), '[]')::text
  from dossier_link l
  where l.tenant_id = $1 and l.dossier_id = $2 and l.kind = 'child') children,
 (select coalesce(json_agg(l.other_id order by l.other_id), '[]')::text
  from dossier_link l
  where l.tenant_id = $1 and l.dossier_id = $2 and l.kind = 'correction') corrections
"""

_LINES = ("fees", "documents", "register", "children", "corrections")

_READ = """
insert into read_log (tenant_id, id, dossier_id, staff_id, what, at)
values ($1, $2, $3, $4, $5, $6)
"""


async def _log(house: House, reading: Work, actor: Actor, dossier_id: UUID, what: str) -> None:
    """Keep who read personal data in full: the *dossier*, or its *events*."""
    if actor.id is not None:
        args = (house.new_id(), dossier_id, actor.id, what, house.now())
        await reading.execute(_READ, reading.tenant_id, *args)


async def dossier(house: House, desk: Desk, actor: Actor, dossier_id: UUID) -> DossierView:
    """One dossier with everything its officers need; the reading is logged.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
        RoleNotAllowedError: the actor may not read dossiers.
    """
    require_reader(actor)
    async with work(house.engine, desk.id) as reading:
        row = await _row(reading, dossier_id)
        parts = await reading.fetchrow(_PARTS, desk.id, dossier_id)
        await _log(house, reading, actor, dossier_id, "dossier")
    return view(house, desk, actor, row, parts)


async def seen(house: House, desk: Desk, actor: Actor, dossier_id: UUID) -> DossierView:
    """A dossier after a step; whoever may not read dossiers is told where it stands, no more.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
    """
    if READERS & set(actor.roles):
        return await dossier(house, desk, actor, dossier_id)
    async with work(house.engine, desk.id) as reading:
        row = await _row(reading, dossier_id)
    return view(house, desk, actor, msgspec.structs.replace(row, applicant={}, answers={}))


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
    return DossierView(
        id=row.id,
        code=row.code,
        temporary_code=row.temporary_code,
        procedure=row.procedure_code,
        procedure_name=published.definition.name,
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
        actions=actions(house, desk, actor, row),
        fees=decode(parts["fees"], type=tuple[FeeView, ...]),
        documents=decode(parts["documents"], type=tuple[DocumentView, ...]),
        register=decode(parts["register"], type=tuple[RegisterView, ...]),
        children=decode(parts["children"], type=tuple[UUID, ...]),
        corrections=decode(parts["corrections"], type=tuple[UUID, ...]),
    )


def actions(house: House, desk: Desk, actor: Actor, row: DossierRow) -> tuple[Action, ...]:
    """Every step its state permits, in the table's order; refused ones with the reason."""
    life = life_of(row)
    rules = rules_for(desk, house.catalogue.version(row.version_id))
    system_only = {"T27"}
    return tuple(
        Action(transition=each.id, refused=may_take(each, life, actor, rules))
        for each in TRANSITIONS.values()
        if life.state in each.sources and each.id not in system_only
    )


_EVENTS = """
select json_build_object('seq', seq, 'transition', transition, 'at', at, 'actor', actor,
  'role', role, 'from_state', from_state, 'to_state', to_state, 'reason', reason,
  'data', data, 'hash', encode(hash, 'hex'))::text
from dossier_event where tenant_id = $1 and dossier_id = $2 order by seq
"""


async def events(house: House, desk: Desk, actor: Actor, dossier_id: UUID) -> tuple[EventView, ...]:
    """What was done with a dossier, in order; it names the applicant, so the reading is logged.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
        RoleNotAllowedError: the actor may not read dossiers.
    """
    require_reader(actor)
    async with work(house.engine, desk.id) as reading:
        await _row(reading, dossier_id)
        rows = await reading.fetch(_EVENTS, desk.id, dossier_id)
        await _log(house, reading, actor, dossier_id, "events")
    return tuple(msgspec.json.decode(row[0], type=EventView) for row in rows)


async def explanation(house: House, desk: Desk, actor: Actor, dossier_id: UUID) -> Explanation:
    """Why a dossier is due when it is, day by day."""
    require_reader(actor)
    async with work(house.engine, desk.id) as reading:
        row = await _row(reading, dossier_id)
    return explained(desk, row)


def explained(desk: Desk, row: DossierRow) -> Explanation:
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
    clock: ClockState = due_state(life_of(row), desk.calendar, explain=True)
    return Explanation(
        due=row.due_at,
        counted_from=clock.counted_from,
        promise=row.promise_at,
        legal_due=row.legal_due_at,
        ground=row.due_ground,
        provisional=row.due_provisional,
        late=row.late,
        days=clock.explanation,
    )


_LOOKUP = """
select id from dossier
where tenant_id = $1 and (code = $2 or temporary_code = $2) and not mistake
"""

_STEPS = """
select transition, at, data from dossier_event
where tenant_id = $1 and dossier_id = $2 order by seq
"""


async def lookup(house: House, desk: Desk, code: str, secret: str | None) -> LookedUp:
    """A dossier by the code on its slip; more of it with the slip's secret.

    Raises:
        UnknownDossierError: no such code, or a wrong secret: nobody can tell which.
    """
    given = hashed(secret or "")
    async with work(house.engine, desk.id) as reading:
        found = await reading.fetchrow(_LOOKUP, desk.id, code.strip().upper())
        if found is None:
            raise UnknownDossierError(dossier=code)
        row = await _row(reading, found["id"])
        steps = await reading.fetch(_STEPS, desk.id, row.id)
    proven = secret is not None and given == row.secret_hash
    if secret is not None and not proven:
        raise UnknownDossierError(dossier=code)
    asked = [msgspec.json.decode(each["data"] or "{}") for each in steps]
    wanted = [data["items"] for data in asked if "items" in data]
    waiting = row.state in (State.SUPPLEMENT_REQUESTED, State.PRE_SUPPLEMENT)
    return LookedUp(
        code=row.code or row.temporary_code or "",
        procedure=row.procedure_code,
        procedure_name=house.catalogue.version(row.version_id).definition.name,
        state=State(row.state),
        submitted_at=row.submitted_at,
        received_at=row.received_at,
        promise_at=row.promise_at,
        due_at=row.due_at,
        finished_at=row.finished_at,
        returned_at=row.returned_at,
        steps=tuple((each["transition"], each["at"]) for each in steps),
        applicant=row.applicant if proven else None,
        limit=_started_limit(row),
        wanted=tuple(wanted[-1]) if proven and waiting and wanted else (),
        explanation=_told_to(explained(desk, row), proven=proven) if row.clock else None,
    )


def _told_to(found: Explanation, *, proven: bool) -> Explanation:
    """*found*; what officers wrote about an act is only for whoever has the secret."""
    if proven:
        return found
    days = (msgspec.structs.replace(day, basis="") if day.act else day for day in found.days)
    return msgspec.structs.replace(found, days=tuple(days))


_UNIT = """
select slug from tenant t where exists (
  select from jsonb_array_elements(t.codes) c where c->>'code' = $1
  and coalesce((c->>'valid_from')::date, '-infinity') <= $2
  and coalesce((c->>'valid_to')::date, 'infinity') >= $2)
"""


async def unit_of_code(house: House, code: str) -> str | None:
    """The slug of the unit that issued a dossier *code*: its agency part meant it that day."""
    agency, day = code.split("-")[:2]
    try:
        issued = dt.datetime.strptime(day, "%y%m%d").date()  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return None
    async with reference_work(house.engine) as reading:
        row = await reading.fetchrow(_UNIT, agency, issued)
    return None if row is None else row["slug"]


def _started_limit(row: DossierRow) -> TimeLimit | None:
    """The limit a dossier was received under."""
    started = life_of(row).clock[:1]
    return started[0].limit if started and isinstance(started[0], Started) else None


async def _row(reading: Work, dossier_id: UUID) -> DossierRow:
    row = (await store.load(reading, [dossier_id])).get(dossier_id)
    if row is None:
        raise UnknownDossierError(dossier=str(dossier_id))
    return row


def _line(house: House, line: _Line) -> DossierLine:
    return DossierLine(
        id=line.id,
        code=line.code,
        procedure=line.procedure,
        procedure_name=house.catalogue.version(line.version_id).definition.name,
        applicant=line.name,
        id_number=masked(line.id_number),
        channel=line.channel,
        state=line.state,
        version=line.version,
        received_at=line.received_at,
        due_at=line.due_at,
        late=line.late,
        holder=line.holder,
    )


_FIRST = (dt.datetime(1900, 1, 1, tzinfo=VN), UUID(int=0))
_NEVER = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)


def _cursor(after: str) -> tuple[dt.datetime, UUID]:
    """Where a page begins; a cursor that cannot be read begins at the first."""
    due, _, last_id = after.partition("_")
    try:
        at = dt.datetime.fromtimestamp(int(due) / 1_000_000, dt.UTC) if due != "never" else _NEVER
        return at, UUID(last_id)
    except (ValueError, OverflowError, OSError):
        return _FIRST


def _cursor_after(line: _Line) -> str:
    due = "never" if line.due_at is None else str(round(line.due_at.timestamp() * 1_000_000))
    return f"{due}_{line.id}"
