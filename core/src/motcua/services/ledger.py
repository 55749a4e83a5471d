"""What one act leaves in the database: the dossier's row, its event, its figures.

Pure: from the life of a dossier and what is known about it come rows. The live
desk and the import of histories both use it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec

from motcua.domain.calendar import Calendar
from motcua.domain.chain import GENESIS, Link, digest, link_hash
from motcua.domain.clock import ClockState, run
from motcua.domain.clock_events import ClockEvent
from motcua.domain.dossier import State
from motcua.domain.fee import FeeLine
from motcua.domain.life import Act, Life
from motcua.domain.report import Group, Period, Standing, group, local_day
from motcua.services.told import due_told
from motcua.storage.rows import DossierRow, EventRow, FeeRow, FigureRow


def life_of(row: DossierRow) -> Life:
    """The life of a stored dossier, as the rules take it."""
    return Life(
        state=State(row.state),
        version=row.version,
        last_at=row.last_at,
        clock=tuple(msgspec.convert(row.clock, list[ClockEvent])),
        submitted_at=row.submitted_at,
        received_at=row.received_at,
        finished_at=row.finished_at,
        returned_at=row.returned_at,
        outcome=msgspec.convert(row.outcome, Literal["positive", "negative"] | None),
        mistake=row.mistake,
        supplements=row.supplements,
        appraised_by=row.appraised_by,
    )


def with_life(row: DossierRow, life: Life, calendar: Calendar) -> DossierRow:
    """*row* with everything *life* says.

    Its due times are counted anew only if something happened to its clock: nothing that
    becomes known otherwise moves a dossier silently.
    """
    counted = len(life.clock) > len(row.clock)
    return msgspec.structs.replace(
        row,
        state=life.state.value,
        version=life.version,
        last_at=life.last_at,
        clock=msgspec.to_builtins(life.clock),
        submitted_at=life.submitted_at,
        received_at=life.received_at,
        finished_at=life.finished_at,
        returned_at=life.returned_at,
        outcome=life.outcome,
        mistake=life.mistake,
        supplements=life.supplements,
        appraised_by=life.appraised_by,
        **(_due_columns(life, calendar) if counted else {}),
    )


def event_row(
    row: DossierRow,
    before: DossierRow | None,
    act: Act,
    role: str,
    data: dict[str, Any],
    salt: bytes,
) -> tuple[DossierRow, EventRow]:
    """The event of *act*, and *row* with its new chain head.

    Whoever acts in somebody's place is named with that person.
    """
    whose = act.by.in_place_of(role)
    data = data | {"in_place_of": whose} if whose else data
    event = chained(
        row.tenant_id,
        row.id,
        row.version,
        act,
        role,
        (None if before is None else before.state, row.state),
        msgspec.to_builtins(data | due_told(before, row)),
        salt,
        GENESIS if before is None else before.head,
    )
    return msgspec.structs.replace(row, head=event.hash), event


def chained(
    tenant_id: int,
    dossier_id: UUID,
    seq: int,
    act: Act,
    role: str,
    states: tuple[str | None, str],
    data: dict[str, Any],
    salt: bytes,
    previous: bytes,
) -> EventRow:
    """The event of *act*, chained to the one whose hash is *previous*.

    Args:
        tenant_id: The tenant.
        dossier_id: The dossier.
        seq: The event's number in the dossier, from 1.
        act: What was done; its name and reason enter the chain as a digest.
        role: In which role.
        states: The states before and after.
        data: What is told of it, as JSON values.
        salt: Random bytes, so that the digest tells nothing.
        previous: The hash of the event before.
    """
    told = told_digest(act.by.name, act.reason, data, salt)
    link = Link(
        dossier_id=str(dossier_id),
        seq=seq,
        transition=act.transition,
        at=act.at,
        actor_id=act.by.id,
        role=role,
        from_state=states[0],
        to_state=states[1],
        digest=told,
    )
    return EventRow(
        tenant_id=tenant_id,
        dossier_id=dossier_id,
        seq=seq,
        transition=act.transition,
        at=act.at,
        actor_id=act.by.id,
        actor=act.by.name,
        role=role,
        from_state=states[0],
        to_state=states[1],
        reason=act.reason,
        data=data,
        salt=salt,
        digest=told,
        previous=previous,
        hash=link_hash(previous, link),
    )


def told_digest(actor: str, reason: str, data: Any, salt: bytes) -> bytes:
    """The salted digest of what an event says about people."""
    return digest({"actor": actor, "data": data, "reason": reason}, salt)


def fee_rows(tenant_id: int, dossier_id: UUID, lines: Sequence[FeeLine]) -> list[FeeRow]:
    """The fee lines of one dossier, in their order."""
    return [
        FeeRow(
            tenant_id=tenant_id,
            dossier_id=dossier_id,
            n=n,
            fee=line.fee_id,
            label=line.label,
            kind=line.kind.value,
            quantity=line.quantity,
            amount=line.amount,
            exemption=line.exemption,
            basis=line.basis,
            proof=line.proof,
        )
        for n, line in enumerate(lines, start=1)
    ]


def figures(province_id: int, before: DossierRow | None, after: DossierRow) -> list[FigureRow]:
    """What a step adds to the daily figures: a reception, an end, a mistake taken back."""
    made = []
    if before is None or before.received_at is None:
        made += _figure(province_id, after, after.received_at, {"received": 1})
    elif after.mistake:
        made += _figure(province_id, after, after.received_at, {"received": -1})
    elif before.finished_at is None:
        made += _figure(province_id, after, after.finished_at, _ended(after))
    return made


def merged(rows: Iterable[FigureRow]) -> list[FigureRow]:
    """*rows* with one row for each key, its counts added up, sorted by key."""
    sums: dict[tuple[Any, ...], FigureRow] = {}
    for row in rows:
        key = (row.tenant_id, row.day, row.procedure_code, row.channel)
        other = sums.get(key)
        counts = (
            {}
            if other is None
            else {name: getattr(row, name) + getattr(other, name) for name in _COUNTS}
        )
        sums[key] = msgspec.structs.replace(row, **counts)
    return [sums[key] for key in sorted(sums)]


_COUNTS = ("received", "early", "on_time", "late", "no_limit")


def due_state(life: Life, calendar: Calendar) -> ClockState:
    """The clock of a received dossier, by what was known at each of its events."""
    return run(calendar, life.clock, explain=False)


def _due_columns(life: Life, calendar: Calendar) -> dict[str, Any]:
    clock = due_state(life, calendar)
    return {
        "promise_at": clock.promise,
        "legal_due_at": clock.report_due,
        "due_at": clock.current_due,
        "due_ground": clock.redated_due.ground if clock.redated_due else "limit",
        "due_provisional": clock.provisional,
        "no_limit": clock.no_limit,
        "late": clock.late_latched,
    }


def _ended(row: DossierRow) -> dict[str, int]:
    if row.finished_at is None or row.received_at is None:
        return {}
    day = local_day(row.finished_at)
    due = row.legal_due_at
    standing = Standing(
        field=row.field,
        channel=row.channel,
        state=State(row.state),
        received_on=local_day(row.received_at),
        finished_on=day,
        due_on=None if due is None or row.no_limit else local_day(due),
        latched=row.late,
    )
    counted = group(standing, Period(day, day))
    return {} if counted is Group.OUTSIDE else {counted.value: 1}


def _figure(
    province_id: int, row: DossierRow, at: dt.datetime | None, counts: dict[str, int]
) -> list[FigureRow]:
    if at is None or not counts:
        return []
    figure = FigureRow(
        tenant_id=row.tenant_id,
        province_id=province_id,
        day=local_day(at),
        procedure_code=row.procedure_code,
        channel=row.channel,
        field=row.field,
        **counts,
    )
    return [figure]
