"""Reading one dossier, its history and its explained due date."""

from uuid import UUID

import msgspec

from motcua.domain.dossier import RoleNotAllowedError
from motcua.domain.life import Actor
from motcua.plugin import guards
from motcua.services.group import group, mirror_of
from motcua.services.house import Desk, House
from motcua.services.readlog import log_read, log_view
from motcua.services.receive import UnknownDossierError
from motcua.services.views import DossierView, EventView, Explanation, explained, view
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work, work

READERS = guards.READERS
"""Roles that may read what dossiers say; administrators configure and do not read."""


def require_reader(actor: Actor) -> None:
    """Refuse whoever may not read what dossiers say."""
    if not READERS & set(actor.roles):
        raise RoleNotAllowedError(transition="", roles=tuple(sorted(READERS)))


_PARTS = """
select
 (select coalesce(json_agg(to_jsonb(f) order by f.n), '[]')::text from fee_line f
  where f.tenant_id = $1 and f.dossier_id = $2) fees,
 (select coalesce(json_agg(to_jsonb(c) || jsonb_build_object(
    'media_type', s.media_type, 'size', s.size) order by c.n), '[]')::text
  from dossier_document c
    left join stored_file s on s.tenant_id = c.tenant_id and s.id = c.file_id
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


async def dossier(
    house: House, desk: Desk, actor: Actor, dossier_id: UUID, *, opened: bool = False
) -> DossierView:
    """One dossier with everything its officers need; the reading is logged.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who reads.
        dossier_id: The dossier.
        opened: Whether only a part of its page is asked for: the same view, if that was logged.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
        RoleNotAllowedError: the actor may not read dossiers.
    """
    require_reader(actor)
    async with work(house.engine, desk.id) as reading:
        row = await _row(reading, dossier_id)
        parts = await reading.fetchrow(_PARTS, desk.id, dossier_id)
        log = log_view if opened else log_read
        await log(house, reading, actor, dossier_id, "dossier")
        whole = await group(house, reading, row)
        heard = await mirror_of(reading, row)
    found = view(house, desk, actor, row, parts)
    return msgspec.structs.replace(found, group=whole, mirror=heard)


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
        await log_read(house, reading, actor, dossier_id, "events")
    return tuple(msgspec.json.decode(row[0], type=EventView) for row in rows)


async def explanation(house: House, desk: Desk, actor: Actor, dossier_id: UUID) -> Explanation:
    """Why a dossier is due when it is, day by day."""
    require_reader(actor)
    async with work(house.engine, desk.id) as reading:
        row = await _row(reading, dossier_id)
    return explained(house, desk, row)


async def _row(reading: Work, dossier_id: UUID) -> DossierRow:
    row = (await store.load(reading, [dossier_id])).get(dossier_id)
    if row is None:
        raise UnknownDossierError(dossier=str(dossier_id))
    return row
