"""Host names of tenants, and the tenants there are."""

from motcua.services.house import House
from motcua.storage.work import reference_work


async def hosts(house: House) -> dict[str, str]:
    """The slug of every tenant that has a host name, by that name."""
    async with reference_work(house.engine) as reading:
        rows = await reading.fetch("select lower(unnest(hosts)) as host, slug from tenant")
    return {row["host"]: row["slug"] for row in rows}


async def slugs(house: House) -> dict[int, str]:
    """The slug of every tenant, by its id and in their order."""
    async with reference_work(house.engine) as reading:
        rows = await reading.fetch("select id, slug from tenant order by id")
    return {row["id"]: row["slug"] for row in rows}
