"""Reading and writing dossiers: the few hot statements, each one round trip.

Every statement names ``tenant_id``: the policy would be enough, but a
distributed database prunes by what the statement says.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.storage.rows import (
    DocumentRow,
    DossierRow,
    EventRow,
    FeeRow,
    FigureRow,
    RegisterRow,
    VisitRow,
    as_json,
)
from motcua.storage.work import Work

_SELECT = """
select (to_jsonb(d) || jsonb_build_object('head', encode(d.head, 'base64'),
        'secret_hash', encode(d.secret_hash, 'base64')))::text
from dossier d where d.tenant_id = $1 and d.id = any($2) order by d.id
"""

_WRITE = """
with visits as (
  insert into visit select * from jsonb_populate_recordset(null::visit, $1::jsonb)
  returning 1),
dossiers as (
  insert into dossier select * from jsonb_populate_recordset(null::dossier, $2::jsonb)
  returning 1),
events as (
  insert into dossier_event
  select * from jsonb_populate_recordset(null::dossier_event, $3::jsonb) returning 1),
fees as (
  insert into fee_line select * from jsonb_populate_recordset(null::fee_line, $4::jsonb)
  returning 1),
documents as (
  insert into dossier_document
  select * from jsonb_populate_recordset(null::dossier_document, $5::jsonb) returning 1),
links as (
  insert into dossier_link
  select d.tenant_id, d.parent_id, d.id, 'child'
  from jsonb_populate_recordset(null::dossier, $2::jsonb) d where d.parent_id is not null
  returning 1)
insert into daily_figure as f
select * from jsonb_populate_recordset(null::daily_figure, $6::jsonb)
on conflict (tenant_id, day, procedure_code, channel) do update set
  received = f.received + excluded.received, early = f.early + excluded.early,
  on_time = f.on_time + excluded.on_time, late = f.late + excluded.late,
  no_limit = f.no_limit + excluded.no_limit
"""

_CHANGED = tuple(
    name
    for name in DossierRow.__struct_fields__
    if name not in {"tenant_id", "id", "external_id", "temporary_code", "secret_hash"}
)

_UPDATE = f"""
with new as (select * from jsonb_populate_recordset(null::dossier, $1::jsonb)),
changed as (
  update dossier d set {", ".join(f"{name} = new.{name}" for name in _CHANGED)}
  from new where d.tenant_id = new.tenant_id and d.id = new.id returning 1),
events as (
  insert into dossier_event
  select * from jsonb_populate_recordset(null::dossier_event, $2::jsonb) returning 1),
entries as (
  insert into register_entry
  select * from jsonb_populate_recordset(null::register_entry, $3::jsonb) returning 1),
lines as (
  update register_entry e set status = l.status, reason = l.reason, at = l.at
  from jsonb_populate_recordset(null::register_entry, $6::jsonb) l
  where e.tenant_id = l.tenant_id and e.register = l.register and e.year = l.year
    and e.number = l.number returning 1),
fees as (
  insert into fee_line select * from jsonb_populate_recordset(null::fee_line, $4::jsonb)
  returning 1)
insert into daily_figure as f
select * from jsonb_populate_recordset(null::daily_figure, $5::jsonb)
on conflict (tenant_id, day, procedure_code, channel) do update set
  received = f.received + excluded.received, early = f.early + excluded.early,
  on_time = f.on_time + excluded.on_time, late = f.late + excluded.late,
  no_limit = f.no_limit + excluded.no_limit
"""  # noqa: S608 - built from our own column names, no input

_COUNT = """
insert into counter as c (tenant_id, kind, period, n)
select $1, w.kind, w.period, w.n
from unnest($2::text[], $3::text[], $4::int[]) as w (kind, period, n)
order by w.kind, w.period
on conflict (tenant_id, kind, period) do update set n = c.n + excluded.n
returning c.kind, c.period, c.n
"""

_LINK = "insert into dossier_link (tenant_id, dossier_id, other_id, kind) values ($1, $2, $3, $4)"


class Reception(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one reception or submission writes."""

    visits: Sequence[VisitRow] = ()
    dossiers: Sequence[DossierRow] = ()
    events: Sequence[EventRow] = ()
    fees: Sequence[FeeRow] = ()
    documents: Sequence[DocumentRow] = ()
    figures: Sequence[FigureRow] = ()


async def lock(work: Work, ids: Iterable[UUID]) -> dict[UUID, DossierRow]:
    """The dossiers of *ids*, locked in the order of their ids; missing ones are left out."""
    rows = await work.fetch(_SELECT + "for update", work.tenant_id, sorted(ids))
    return _decoded(rows)


async def load(work: Work, ids: Iterable[UUID]) -> dict[UUID, DossierRow]:
    """The dossiers of *ids* as they stand; missing ones are left out."""
    return _decoded(await work.fetch(_SELECT, work.tenant_id, sorted(ids)))


async def write(work: Work, new: Reception) -> None:
    """Insert a whole reception in one statement."""
    parts = (new.visits, new.dossiers, new.events, new.fees, new.documents, new.figures)
    await work.execute(_WRITE, *(as_json(rows) for rows in parts))


async def save(
    work: Work,
    dossiers: Sequence[DossierRow],
    events: Sequence[EventRow],
    *,
    entries: Sequence[RegisterRow] = (),
    lines: Sequence[RegisterRow] = (),
    fees: Sequence[FeeRow] = (),
    figures: Sequence[FigureRow] = (),
) -> None:
    """Store locked *dossiers* after a step: its events, new *entries* and changed *lines*."""
    parts = (dossiers, events, entries, fees, figures, lines)
    await work.execute(_UPDATE, *(as_json(rows) for rows in parts))


async def link(work: Work, dossier_id: UUID, other_id: UUID, kind: str) -> None:
    """Tie *other_id* to *dossier_id* as its ``child`` or its ``correction``."""
    await work.execute(_LINK, work.tenant_id, dossier_id, other_id, kind)


async def take_numbers(
    work: Work, wanted: dict[tuple[str, str], int]
) -> dict[tuple[str, str], range]:
    """Take the next numbers of several series, gap-free, locked until the commit.

    Args:
        work: The transaction; its other locks must be taken already.
        wanted: How many numbers of each (kind, period).
    """
    series = [key for key, count in sorted(wanted.items()) if count]
    if not series:
        return {}
    kinds = [kind for kind, _ in series]
    periods = [period for _, period in series]
    counts = [wanted[key] for key in series]
    rows = await work.fetch(_COUNT, work.tenant_id, kinds, periods, counts)
    last = {(row["kind"], row["period"]): row["n"] for row in rows}
    return {key: range(last[key] - wanted[key] + 1, last[key] + 1) for key in series}


def _decoded(rows: Iterable[Any]) -> dict[UUID, DossierRow]:
    found = (msgspec.json.decode(row[0], type=DossierRow) for row in rows)
    return {row.id: row for row in found}
