"""Silence means consent: dossiers whose limit passed without an answer (T35).

Where a definition says so, the law itself accepts when the limit has passed. The step is
dated when it is noted; its event tells when the term ended, and the clock stopped then.
"""

import structlog

from motcua.domain.dossier import TRANSITIONS
from motcua.domain.errors import MotCuaError
from motcua.domain.life import SYSTEM
from motcua.services.act import act
from motcua.services.house import House, desk
from motcua.storage.work import work

log = structlog.get_logger(__name__)

_UNANSWERED = """
select id, version, version_id, due_at from dossier
where tenant_id = $1 and state = any($2) and version_id = any($3) and due_at < $4
order by due_at, id
"""


async def accept_unanswered(house: House, slug: str) -> int:
    """Take T35 with every dossier of the tenant it holds for; answers how many there were.

    One that cannot be taken – somebody acts on it at this moment, a plugin is missing – is
    named in the log and tried again next time.
    """
    tenant = await desk(house, slug)
    silent = {
        each.id: each.definition.limit.on_silence
        for each in house.catalogue.by_id.values()
        if each.definition.limit.on_silence is not None
    }
    states = [state.value for state in TRANSITIONS["T35"].sources]
    async with work(house.engine, tenant.id) as reading:
        found = await reading.fetch(_UNANSWERED, tenant.id, states, list(silent), house.now())
    accepted = 0
    for row in found:
        data = {"term": row["due_at"], "ground": silent[row["version_id"]].legal}
        try:
            await act(house, tenant, SYSTEM, row["id"], "T35", row["version"], data=data)
            accepted += 1
        except Exception as error:  # noqa: BLE001 - one dossier must not keep the others waiting
            # The text of an error may quote a person's data; its code or name does not.
            reason = error.code if isinstance(error, MotCuaError) else type(error).__name__
            log.warning("silence not noted", dossier=str(row["id"]), reason=reason)
    return accepted
