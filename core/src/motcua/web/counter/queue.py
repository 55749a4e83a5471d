"""The queue at the counter: the officer's window, whom to call, who waits."""

from typing import Any, get_args
from urllib.parse import quote
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from motcua.services import queue
from motcua.services.idempotency import once
from motcua.web.counter.frame import WINDOW, Counter, TheCounter, pressed
from motcua.web.counter.session import cookie_path, typed
from motcua.web.pages import page, wants_fragment

AnyRequest = Request[Any, Any, Any]
HERE = "hang-cho"
_YEAR = 365 * 24 * 3600


@get(f"/{HERE}")
async def show(counter: TheCounter) -> Response[Any]:
    """The officer's window, who waits, and who did not come."""
    found = queue.require_serving(counter.house, counter.desk, counter.actor)
    tickets = await queue.today(counter.house, counter.desk, counter.actor)
    window = await counter.window()
    waiting = [each for each in tickets if each.state == "waiting"]
    lines = [(line, [each for each in waiting if each.line == line.letter]) for line in found.lines]
    return await counter.page(
        "queue.html",
        current="queue",
        queue=found,
        window=window,
        lines=lines,
        absent=[each for each in tickets if each.state == "absent"],
        called=[each for each in tickets if each.state == "called"],
        key=counter.new_key(),
    )


@post(f"/{HERE}/quay", status_code=HTTP_303_SEE_OTHER)
async def sit(request: AnyRequest, counter: TheCounter) -> Response[Any]:
    """Say at which window this computer stands; the browser remembers it."""
    found = queue.require_serving(counter.house, counter.desk, counter.actor)
    name = (await typed(request)).get("quay", "")
    answer = _back(counter)
    if found.window(name) is None:
        raise queue.NoQueueError
    path = cookie_path(request, counter.desk.slug)
    config = request.app.csrf_config
    answer.cookies.append(
        Cookie(
            key=WINDOW,
            value=quote(name),
            path=path,
            max_age=_YEAR,
            httponly=True,
            samesite="lax",
            secure=config is not None and config.cookie_secure,
        )
    )
    return answer


@post(f"/{HERE}/goi", status_code=HTTP_200_OK)
async def call(request: AnyRequest, counter: TheCounter) -> Response[Any]:
    """Call whoever is next; a script takes only the strip, and the page stays as it is."""
    sent = await typed(request)
    place = sent.get("quay", "")
    seen = _id(sent.get("dang", ""))
    await queue.call(counter.house, counter.desk, counter.actor, place, seen)
    if not wants_fragment(request):
        return _back(counter)
    window = await counter.window()
    return page("counter/strip.html", private=True, base=counter.base, window=window)


@post(f"/{HERE}/so", status_code=HTTP_303_SEE_OTHER)
async def give(request: AnyRequest, counter: TheCounter) -> Response[Any]:
    """Give a number to somebody who cannot or need not use the machine."""
    queue.require_serving(counter.house, counter.desk, counter.actor)
    sent = await typed(request)
    letter, first = sent.get("chu", ""), "uu_tien" in sent
    asked = pressed(counter, "so", sent, [letter, first])

    async def do() -> Any:
        await queue.take(counter.house, counter.desk, letter, priority=first)

    await once(counter.house, counter.desk, asked, HTTP_303_SEE_OTHER, do)
    return _back(counter)


@post(f"/{HERE}/{{ticket:uuid}}/{{what:str}}", status_code=HTTP_303_SEE_OTHER)
async def change(
    request: AnyRequest, counter: TheCounter, ticket: FromPath[UUID], what: FromPath[str]
) -> Response[Any]:
    """Call again, end, note as absent, move to another line, let go first."""
    sent = await typed(request)
    act = WHAT.get(what)
    if act is None:
        raise NotFoundException
    await queue.change(
        counter.house,
        counter.desk,
        counter.actor,
        ticket,
        act,
        place=sent.get("quay", ""),
        line=sent.get("chu", ""),
    )
    return _back(counter)


WHAT: dict[str, queue.What] = dict(
    zip(("goi-lai", "vang", "xong", "chuyen", "uu-tien"), get_args(queue.What), strict=True)
)
"""The words in addresses."""


def _back(counter: Counter) -> Redirect:
    return Redirect(f"{counter.base}/{HERE}", status_code=HTTP_303_SEE_OTHER)


def _id(word: str) -> UUID | None:
    try:
        return UUID(word) if word else None
    except ValueError:
        return None
