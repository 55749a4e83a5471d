"""What machines ask to learn whether the program lives and works."""

from typing import Any

from litestar import Request, Router, get
from litestar.handlers import HTTPRouteHandler

from motcua.services.house import House
from motcua.storage.work import reference_work

OPEN = {"quiet": True}
"""The ``opt`` of routes asked so often that they are not logged."""


@get("/healthz", opt=OPEN, include_in_schema=False, sync_to_thread=False)
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@get("/readyz", opt=OPEN, include_in_schema=False)
async def ready(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The database answers and has our tables; anything else is an error."""
    house: House = request.app.state.house
    async with reference_work(house.engine) as reading:
        await reading.fetchrow("select 1 from tenant limit 1")
    return {"status": "ok"}


def routes() -> Router:
    """Both."""
    handlers: list[HTTPRouteHandler] = [alive, ready]
    return Router("/", route_handlers=handlers)
