"""The place to practise: open it, or begin anew with an empty one."""

from typing import Any

from litestar import get, post
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_409_CONFLICT

from motcua.console.frame import Console, Faults, TheConsole
from motcua.plugin.texts import text
from motcua.services import practice
from motcua.services.change import digest
from motcua.services.practice import NoPracticeError
from motcua.storage.work import work
from motcua.ui.pages import Page

OPT = {"page": "practice"}


@get("/luyen-tap", opt=OPT)
async def show(console: TheConsole) -> Page:
    """Whether there is one, and how it is reached."""
    return await _page(console, [])


@post("/luyen-tap", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole) -> Response[Any]:
    """Make it ready; an existing one is emptied, which has to be confirmed."""
    sent = await console.sent()
    if console.desk.settings.get("practice") and not sent.has("xoa"):
        return await _page(console, [("xoa", text("practice.confirm_first"))])
    asked = console.asked("practice", console.desk.name, sent.one("thay"))
    try:
        await practice.ready(console.house, console.desk, asked)
    except NoPracticeError as error:
        return await _page(console, [("xoa", text(error.code, **error.fields))])
    return console.done("practice")


async def _page(console: Console, faults: Faults) -> Page:
    slug = practice.place_of(console.desk)
    async with work(console.house.engine, console.desk.id) as reading:
        seen = await practice.practice_as_seen(slug)(reading)
    return console.page(
        "practice.html",
        status=HTTP_409_CONFLICT if faults else HTTP_200_OK,
        there=seen is not None,
        place=f"/t/{slug}/quay/",
        faults=faults,
        seen=digest(seen),
    )
