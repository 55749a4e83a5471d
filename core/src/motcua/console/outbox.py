"""Messages that wait and messages that have failed; one that failed can be sent again."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK

from motcua.console.frame import TheConsole
from motcua.services import delivery
from motcua.services.delivery import UnknownMessageError
from motcua.services.messages import can_deliver
from motcua.ui.pages import Page

OPT = {"page": "outbox"}


@get("/tin-cho-gui", opt=OPT)
async def show(console: TheConsole) -> Page:
    """What waits and what has failed, without the words."""
    return console.page(
        "outbox.html",
        messages=await delivery.unsent(console.house, console.desk),
        delivers=can_deliver(console.house, console.desk),
    )


@post("/tin-cho-gui", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole) -> Response[Any]:
    """Try one that has failed from the beginning."""
    sent = await console.sent()
    try:
        wanted = UUID(sent.one("tin"))
    except ValueError:
        raise UnknownMessageError from None
    await delivery.retry(console.house, console.desk, wanted)
    return console.done("message")
