"""The machine at the door: choose what you come for, take a number."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_429_TOO_MANY_REQUESTS

from motcua.services import queue
from motcua.services.board import board
from motcua.services.house import Desk, House, desk
from motcua.services.idempotency import Repeatable, once
from motcua.services.limits import TooOftenError, count
from motcua.web.client import address
from motcua.web.counter.session import typed
from motcua.web.pages import AnyRequest, Page, page


@get("/lay-so")
async def choose(request: AnyRequest, slug: FromPath[str]) -> Page:
    """One big button a line."""
    house: House = request.app.state.house
    return await _chooser(house, await desk(house, slug))


@post("/lay-so", status_code=HTTP_303_SEE_OTHER)
async def take(request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
    """Take a number; whoever presses again and again is asked to wait."""
    house: House = request.app.state.house
    here = await desk(house, slug)
    sent = await typed(request)
    letter, key = sent.get("chu", ""), sent.get("khoa", "")[:64]
    if queue.queue(house, here).line(letter) is None:
        raise queue.NoQueueError
    try:
        await count(house, here, "ticket", address(request))
    except TooOftenError as error:
        return await _chooser(house, here, wait=error.fields["retry_after"])

    async def do() -> Any:
        return (await queue.take(house, here, letter)).id

    name = f"lay-so-{letter}-{key}" if key else ""
    asked = Repeatable(actor="lay-so", key=name, request=name.encode())
    taken = await once(house, here, asked, HTTP_303_SEE_OTHER, do)
    return Redirect(f"/t/{slug}/lay-so/{taken.answer}", status_code=HTTP_303_SEE_OTHER)


@get("/lay-so/{ticket_id:uuid}")
async def ticket(request: AnyRequest, slug: FromPath[str], ticket_id: FromPath[UUID]) -> Page:
    """The number that was taken, to be printed or remembered."""
    house: House = request.app.state.house
    here = await desk(house, slug)
    found = queue.queue(house, here)
    taken = await queue.ticket(house, here, ticket_id)
    line = found.line(taken.line)
    return page(
        "board/ticket.html",
        desk=here,
        base=f"/t/{slug}",
        ticket=taken,
        line=line.name if line else "",
        now=house.now(),
    )


async def _chooser(house: House, here: Desk, wait: int = 0) -> Page:
    found = await board(house, here)
    return page(
        "board/kiosk.html",
        status=HTTP_429_TOO_MANY_REQUESTS if wait else 200,
        desk=here,
        base=f"/t/{here.slug}",
        lines=found.waiting,
        wait=wait,
        key=house.new_id(),
        now=house.now(),
    )
