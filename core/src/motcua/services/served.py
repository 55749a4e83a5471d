"""Which visit a number of the queue became."""

import datetime as dt
from uuid import UUID

from motcua.domain.calendar import VN
from motcua.domain.life import Actor
from motcua.services.house import Desk
from motcua.storage.work import Work


async def note_visit(
    desk: Desk, writing: Work, actor: Actor, visit_id: UUID, now: dt.datetime
) -> None:
    """Note on the ticket the officer serves, if any, which visit it became."""
    if "queue" in desk.settings:
        await writing.execute(_NOTE, desk.id, now.astimezone(VN).date(), actor.id, visit_id)


_NOTE = """
update queue_ticket set visit_id = $4
where tenant_id = $1 and day = $2 and called_by = $3 and state = 'called' and visit_id is null
"""
