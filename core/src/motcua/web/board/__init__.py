"""The waiting room: the machine that gives numbers, and the screen that calls them."""

from litestar import Router
from litestar.di import Provide

from motcua.services.board import Boards
from motcua.web.board import kiosk, screen


def board_routes(boards: Boards) -> Router:
    """The pages of the waiting room.

    Args:
        boards: Those that are looked at in this process.
    """
    return Router(
        "/t/{slug:str}",
        route_handlers=[
            screen.board_page,
            screen.stream,
            kiosk.choose,
            kiosk.take,
            kiosk.ticket,
        ],
        dependencies={"boards": Provide(lambda: boards, sync_to_thread=False)},
        include_in_schema=False,
    )
