"""One command's use of the database: opened, handed to a use case, closed."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from motcua.app import build_house, installation_secret
from motcua.services.house import House
from motcua.storage.dsn import Dsn
from motcua.storage.settings import resolve

T = TypeVar("T")


def with_house(home: Path | None, use: Callable[[House], Awaitable[T]]) -> T:
    """What *use* answers, run on the database of *home*."""
    with resolve(home, os.environ) as database:
        return asyncio.run(opened(database.app, use))


async def opened(app: Dsn, use: Callable[[House], Awaitable[T]], *, home: Path | None = None) -> T:
    """What *use* answers, run on the database at *app* as the application's role.

    Args:
        app: The database.
        use: What is done with it.
        home: The folder of data, where *use* reads files or what is sealed.
    """
    house = build_house(home=home, key=installation_secret(home).encode() if home else b"")
    await house.engine.open(app)
    try:
        return await use(house)
    finally:
        await house.engine.close()
