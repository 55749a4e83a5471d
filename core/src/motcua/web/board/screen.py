"""The public board: which number goes to which window, live."""

from collections.abc import AsyncIterator
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.exceptions import ServiceUnavailableException
from litestar.params import FromPath, SkipValidation
from litestar.response import ServerSentEvent, ServerSentEventMessage

from motcua.services.board import Board, Boards, board
from motcua.services.house import Desk, House, desk
from motcua.ui.qr import drawn
from motcua.web.hosts import lookup_address
from motcua.web.pages import AnyRequest, Page, page

STREAM = r"^/t/[^/]+/bang-so/luong$"
"""The address of the stream, which must not be compressed: it would wait to be sent."""
TheBoards = NamedDependency[SkipValidation[Boards]]


@get("/bang-so")
async def board_page(request: AnyRequest, slug: FromPath[str]) -> Page:
    """The board as it stands; a script keeps it up to date."""
    house: House = request.app.state.house
    here = await desk(house, slug)
    shown = _shown(house, here, await board(house, here))
    return page("board/board.html", **shown, lookup=drawn(lookup_address(request, slug)))


@get("/bang-so/luong")
async def stream(request: AnyRequest, slug: FromPath[str], boards: TheBoards) -> ServerSentEvent:
    """The board, again and again: when somebody is called, and every fifteen seconds."""
    house: House = request.app.state.house
    here = await desk(house, slug)
    await board(house, here)
    if boards.full(slug):
        raise ServiceUnavailableException
    template: Any = request.app.template_engine
    state = template.get_template("board/state.html")

    async def events() -> AsyncIterator[ServerSentEventMessage]:
        async for each in boards.watch(slug):
            words = state.render(**_shown(house, here, each))
            yield ServerSentEventMessage(data=words, event="board", id=each.mark, retry=2000)

    return ServerSentEvent(events())


def _shown(house: House, here: Desk, found: Board) -> dict[str, Any]:
    return {"desk": here, "board": found, "now": house.now(), "base": f"/t/{here.slug}"}
