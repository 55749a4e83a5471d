"""Units among each other: which of them take dossiers, and who took over from one that ended."""

import msgspec

from motcua.plugin.enabled import PluginState
from motcua.services.house import Desk, House, desks
from motcua.services.offers import offered
from motcua.storage.work import reference_work, work


class Successor(msgspec.Struct, frozen=True):
    """Who took over; without a slug, no unit of this installation."""

    slug: str
    name: str


async def serving(house: House) -> frozenset[str]:
    """Slugs of the units that are open and offer a procedure today.

    What a unit offers is read again only after its configuration has changed.
    """
    async with reference_work(house.engine) as reading:
        rows = await reading.fetch(_OPEN, house.today())
    for row in rows:
        known = house.serving.get(row["slug"])
        if known is None or known[0] != row["config_version"]:
            async with work(house.engine, row["id"]) as reading:
                found = await reading.fetchrow(_OFFERS, row["id"], PluginState.OFFERED.value)
            house.serving[row["slug"]] = (row["config_version"], found["offers"])
    found = await desks(house, [row["slug"] for row in rows if house.serving[row["slug"]][1]])
    current = house.catalogue.current(house.today())
    return frozenset(
        each.slug for each in found if any(offered(house, each, published) for published in current)
    )


async def successors(house: House, desk: Desk) -> tuple[Successor, ...]:
    """The units *desk* went into; one that bears its own name is told from it by being open."""
    if not desk.successors:
        return ()
    async with reference_work(house.engine) as reading:
        rows = await reading.fetch(_NAMED, list(desk.successors), desk.id, house.today())
    slugs = {row["name"]: row["slug"] for row in rows}
    return tuple(Successor(slugs.get(name, ""), name) for name in desk.successors)


_OPEN = """
select id, slug, config_version from tenant
where not archived and (closed_on is null or closed_on > $1)
  and (opened_on is null or opened_on <= $1)
  and slug not like '%-luyen-tap' order by id
"""
_OFFERS = """
select exists (select from tenant_plugin where tenant_id = $1 and state = $2) as offers
"""
_NAMED = """
select name, slug from tenant
where name = any($1::text[]) and not archived and id <> $2
  and (closed_on is null or closed_on > $3)
"""
