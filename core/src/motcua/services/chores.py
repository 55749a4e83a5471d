"""What has to be done from time to time without anybody asking.

Each chore may be done twice, by several processes at once, or late: nothing
depends on who does it.
"""

import asyncio
import datetime as dt

import structlog

from motcua.domain.calendar import VN
from motcua.services import (
    booking,
    codes,
    drafts,
    files,
    idempotency,
    limits,
    messages,
    sessions,
    standing,
)
from motcua.services.anchor import anchor_yesterday
from motcua.services.hosts import slugs
from motcua.services.house import House
from motcua.services.silence import accept_unanswered

EVERY_SECONDS = 3600.0
_FIRST_AFTER_SECONDS = 60.0
_SETTLED_AFTER = dt.timedelta(minutes=15)
"""How long after midnight no transaction of the day before is open any more."""

log = structlog.get_logger(__name__)


async def once(house: House) -> int:
    """Do everything that is due, tenant by tenant; answers for how many it was done.

    What fails at one tenant is logged and tried again next time; the others go on.
    """
    done = 0
    for tenant_id, slug in (await slugs(house)).items():
        try:
            await _of(house, tenant_id, slug)
            done += 1
        except Exception as error:  # noqa: BLE001 - whatever failed, the next tenant is not to blame
            # Its text may quote a person's data; its name does not.
            log.warning("chores failed", tenant=slug, reason=type(error).__name__)
    return done


async def _of(house: House, tenant_id: int, slug: str) -> None:
    """Do what is due at one tenant."""
    midnight = dt.datetime.combine(house.today(), dt.time(), VN)
    if house.now() - midnight >= _SETTLED_AFTER:
        made = await anchor_yesterday(house, tenant_id)
        if made is not None:
            # The log is the copy that whoever rewrites the database does not reach.
            log.info("anchored", tenant=slug, day=str(made.day), digest=made.digest.hex())
    accepted = await accept_unanswered(house, slug)
    if accepted:
        log.info("accepted by silence", tenant=slug, dossiers=accepted)
    await standing.refresh(house, tenant_id)
    await sessions.forget_ended(house, tenant_id)
    await idempotency.forget_old(house, tenant_id)
    await drafts.forget_expired(house, tenant_id)
    await files.forget_orphans(house, tenant_id)
    await codes.forget_expired(house, tenant_id)
    await messages.forget_expired(house, tenant_id)
    await booking.forget_old(house, tenant_id)
    await limits.forget_old(house, tenant_id)


async def keep(house: House, *, first_after: float = _FIRST_AFTER_SECONDS) -> None:
    """Do the chores every hour until cancelled; a failure is logged and tried again."""
    pause = first_after
    while True:
        await asyncio.sleep(pause)
        pause = EVERY_SECONDS
        try:
            log.info("chores", tenants=await once(house))
        except Exception as error:  # noqa: BLE001 - whatever failed is tried again in an hour
            log.warning("chores failed", reason=type(error).__name__)
