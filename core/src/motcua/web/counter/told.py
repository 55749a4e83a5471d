"""Messages that would be sent, shown in a demonstration where nothing can be sent."""

from litestar import get
from litestar.exceptions import NotFoundException

from motcua.services import messages
from motcua.web.counter.frame import TheCounter
from motcua.web.pages import Page


@get("/tin-nhan")
async def shown(counter: TheCounter) -> Page:
    """The latest messages; in live work there is no such page."""
    if not counter.house.invented(counter.desk):
        raise NotFoundException
    found = await messages.latest(counter.house, counter.desk)
    return await counter.page("messages.html", messages=found)
