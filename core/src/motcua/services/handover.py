"""What stands against handing a result over, and handing several over at once."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import msgspec

from motcua.domain.dossier import State
from motcua.domain.life import Actor
from motcua.domain.money import Balance
from motcua.services import payments
from motcua.services.house import Desk, House
from motcua.services.reading import require_reader
from motcua.services.readlog import log_all
from motcua.services.words import called
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow
from motcua.storage.work import work

MOST = 10
"""So many dossiers of one person are shown at the return desk."""


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier at the return desk.

    Attributes:
        checks: What is looked at before it is handed over.
        owed: What is still to be paid for it.
        transfer: Since when a transfer that was told of waits for an officer.
        numbers: Its lines in books, as people name them.
    """

    row: DossierRow
    name: str
    result: str
    checks: tuple[str, ...]
    charged: int
    owed: int
    transfer: dt.datetime | None
    numbers: tuple[str, ...]
    holder: str

    @property
    def ready(self) -> bool:
        """Whether it may be handed over now."""
        return self.row.state == State.RESULT_READY and not self.owed


async def at_desk(house: House, desk: Desk, actor: Actor, dossiers: Sequence[UUID]) -> list[Ready]:
    """The *dossiers* with all that stands for and against handing them over; it is logged.

    Raises:
        RoleNotAllowedError: the actor may not read dossiers.
    """
    require_reader(actor)
    async with work(house.engine, desk.id) as reading:
        rows = await store.load(reading, dossiers)
        found = [rows[each] for each in dossiers if each in rows]
        owed = await payments.balances(reading, rows)
        told = {row["id"]: row for row in await reading.fetch(_TOLD, desk.id, list(rows))}
        await log_all(house, reading, actor, list(rows), "return")
    made = []
    for row in found:
        definition = house.catalogue.version(row.version_id).definition
        balance = owed.get(row.id, Balance())
        made.append(
            Ready(
                row=row,
                name=called(definition),
                result=definition.result.name,
                checks=definition.result.checks,
                charged=balance.charged,
                owed=balance.due,
                transfer=told[row.id]["transfer"],
                numbers=tuple(told[row.id]["numbers"]),
                holder=told[row.id]["holder"],
            )
        )
    return made


_TOLD = """
select d.id, coalesce(s.full_name, '') as holder,
  (select t.told_at from transfer t
   where t.tenant_id = d.tenant_id and t.dossier_id = d.id and t.state = 'told') as transfer,
  array(select format('%s/%s', r.number, r.year) from register_entry r
    where r.tenant_id = d.tenant_id and r.dossier_id = d.id and r.status = 'issued'
    order by r.register, r.number) as numbers
from dossier d left join staff s on s.tenant_id = d.tenant_id and s.id = d.holder_id
where d.tenant_id = $1 and d.id = any($2)
"""
