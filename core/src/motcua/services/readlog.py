"""Keeping who read personal data in full."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from motcua.domain.life import Actor
from motcua.services.house import House
from motcua.storage.work import Work

_READ = """
insert into read_log (tenant_id, id, dossier_id, staff_id, what, at)
values ($1, $2, $3, $4, $5, $6)
"""


async def log_read(house: House, reading: Work, actor: Actor, dossier_id: UUID, what: str) -> None:
    """Keep that *actor* read what a dossier says: the ``dossier``, its ``events``, a ``record``."""
    if actor.id is not None:
        args = (house.new_id(), dossier_id, actor.id, what, house.now())
        await reading.execute(_READ, reading.tenant_id, *args)


SAME_VIEW = dt.timedelta(minutes=10)
"""What is opened again within this time, larger or in another window, is still being read."""

_READ_ONCE = """
insert into read_log (tenant_id, id, dossier_id, staff_id, what, at)
select $1, $2, $3, $4, $5, $6 where not exists (
  select from read_log where tenant_id = $1 and dossier_id = $3 and staff_id = $4 and what = $5
    and at > $7)
"""


async def log_view(house: House, reading: Work, actor: Actor, dossier_id: UUID, what: str) -> None:
    """Keep that *actor* looked at one paper of a dossier: a view is kept once."""
    if actor.id is not None:
        now = house.now()
        args = (house.new_id(), dossier_id, actor.id, what, now, now - SAME_VIEW)
        await reading.execute(_READ_ONCE, reading.tenant_id, *args)


_READ_ALL = """
insert into read_log (tenant_id, id, dossier_id, staff_id, what, at)
select $1, r.id, r.dossier_id, $4, $5, $6 from unnest($2::uuid[], $3::uuid[]) as r (id, dossier_id)
"""


async def log_all(
    house: House, reading: Work, actor: Actor, ids: Sequence[UUID], what: str
) -> None:
    """Keep that somebody read of several people at once, such as a page of a *register*."""
    if actor.id is not None and ids:
        keys = [house.new_id() for _ in ids]
        args = (keys, list(ids), actor.id, what, house.now())
        await reading.execute(_READ_ALL, reading.tenant_id, *args)
