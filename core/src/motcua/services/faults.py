"""What the administrator reads about plugins that failed."""

import datetime as dt

import msgspec

from motcua.services.house import Desk, House
from motcua.storage.work import work

A_FEW = 5
"""How many of one plugin's latest faults are told."""


class ToldFault(msgspec.Struct, frozen=True):
    """One failure: in which hook, of which kind, when."""

    hook: str
    detail: str
    at: dt.datetime


_RECENT = """
select plugin, hook, detail, at from (
  select f.*, row_number() over (partition by plugin order by at desc) as n
  from plugin_fault f where tenant_id = $1) counted
where n <= $2 order by plugin, at desc
"""


async def recent_faults(house: House, desk: Desk) -> dict[str, list[ToldFault]]:
    """The latest failures by plugin."""
    found: dict[str, list[ToldFault]] = {}
    async with work(house.engine, desk.id) as reading:
        for row in await reading.fetch(_RECENT, desk.id, A_FEW):
            fault = ToldFault(row["hook"], row["detail"], row["at"])
            found.setdefault(row["plugin"], []).append(fault)
    return found
