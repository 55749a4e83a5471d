"""What is kept of answers that name people, so that a repeat can be given without them.

Warnings of likely duplicates name people of *other* dossiers, and a reason is in free words:
neither is kept with an idempotency key.
"""

from typing import Any

import msgspec

from motcua.services.house import Desk, House
from motcua.services.idempotency import Memory
from motcua.services.turn_away import TurnedAway
from motcua.services.visit import Visit
from motcua.storage.work import work


def unwarned(received: dict[str, Any]) -> dict[str, Any]:
    """The answer about one received dossier without its warnings."""
    return {name: value for name, value in received.items() if name != "warnings"}


def _unwarned_visit(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"dossiers": [unwarned(each) for each in answer["dossiers"]]}


async def _visit(kept: dict[str, Any]) -> Visit:
    return msgspec.convert(kept, Visit)


VISIT = Memory(keep=_unwarned_visit, again=_visit)
"""A reception is told again without warnings; they stand in the dossier's own events."""


_REASON = """
select reason from dossier_event where tenant_id = $1 and dossier_id = $2 order by seq limit 1
"""


def away(house: House, desk: Desk) -> Memory:
    """Somebody turned away is told the reason again out of the dossier's own first event."""

    def keep(answer: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in answer.items() if name != "reason"}

    async def again(kept: dict[str, Any]) -> TurnedAway:
        async with work(house.engine, desk.id) as reading:
            row = await reading.fetchrow(_REASON, desk.id, kept["id"])
        return msgspec.convert(kept | {"reason": row["reason"]}, TurnedAway)

    return Memory(keep=keep, again=again)
