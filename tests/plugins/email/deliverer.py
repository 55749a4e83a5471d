"""Delivers what is due at one tenant, in a process of its own that a test may kill."""

import asyncio
import datetime as dt
import sys

from motcua.app import build_house
from motcua.services.delivery import deliver_due
from motcua.services.house import desk
from motcua.storage.dsn import Dsn
from motcua.storage.engine import ENGINE


async def main(dsn: str, slug: str, at: str) -> None:
    """Deliver as if it were *at*."""
    house = build_house(clock=lambda: dt.datetime.fromisoformat(at))
    await ENGINE.open(Dsn(dsn), max_size=2)
    await deliver_due(house, await desk(house, slug))
    await ENGINE.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
