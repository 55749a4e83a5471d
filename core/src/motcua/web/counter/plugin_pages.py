"""Pages of plugins at the counter, drawn from what they say."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_303_SEE_OTHER,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_500_INTERNAL_SERVER_ERROR,
)

from motcua.domain.dossier import RoleNotAllowedError
from motcua.domain.errors import MotCuaError
from motcua.plugin.pages import CounterPage
from motcua.plugin.texts import text, texts
from motcua.services.hooks import AskedSession
from motcua.services.idempotency import once
from motcua.storage.work import work
from motcua.web.counter.frame import Counter, TheCounter, pressed
from motcua.web.counter.session import typed

AnyRequest = Request[Any, Any, Any]
HERE = "phan-he"
ACT, ABOUT, KEY = "viec", "muc", "khoa"


class UnknownPageError(MotCuaError):
    """No plugin of the unit has such a page."""

    code = "counter.unknown-page"
    status = 404


@get(f"/{HERE}/{{plugin:str}}/{{name:str}}")
async def show(
    counter: TheCounter, plugin: FromPath[str], name: FromPath[str], xong: FromQuery[str] = ""
) -> Response[Any]:
    """The page as it stands."""
    page = _page(counter, plugin, name)
    done = xong if xong.startswith(f"{plugin}.") and xong in texts("vi") else ""
    return await _shown(counter, plugin, page, {}, "", done=text(done) if done else "")


@post(f"/{HERE}/{{plugin:str}}/{{name:str}}", status_code=HTTP_200_OK)
async def act(
    request: AnyRequest, counter: TheCounter, plugin: FromPath[str], name: FromPath[str]
) -> Response[Any]:
    """Do what a form of the page asks, once; what cannot be done is told at the form."""
    page = _page(counter, plugin, name)
    if not page.writers & set(counter.actor.roles):
        raise RoleNotAllowedError(transition="", roles=tuple(sorted(page.writers)))
    sent = await typed(request)
    house, desk = counter.house, counter.desk
    asked = pressed(counter, f"{HERE}-{plugin}", sent, [plugin, name, *sorted(sent.items())])

    async def do() -> str:
        session = AskedSession(house, desk, counter.actor)
        async with work(house.engine, desk.id):
            return await page.act(session, sent.get(ACT, ""), sent.get(ABOUT, ""), sent)

    try:
        done = str((await once(house, desk, asked, HTTP_200_OK, do)).answer)
    except MotCuaError as error:
        if error.status >= HTTP_500_INTERNAL_SERVER_ERROR:
            raise
        return await _shown(counter, plugin, page, sent, text(error.code, **error.fields))
    path = f"{counter.base}/{HERE}/{plugin}/{name}?xong={done}"
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)


def links(counter: Counter) -> list[tuple[str, str]]:
    """The pages the officer may see: their names, and where they are."""
    return [
        (text(page.label), f"{counter.base}/{HERE}/{plugin}/{page.path}")
        for plugin, page in counter.house.registry.pages(counter.desk.plugins)
        if page.roles & set(counter.actor.roles)
    ]


def _page(counter: Counter, plugin: str, name: str) -> CounterPage:
    """The page of a plugin that works for the unit.

    Raises:
        UnknownPageError: there is none.
        RoleNotAllowedError: it is not for the officer.
    """
    for owner, page in counter.house.registry.pages(counter.desk.plugins):
        if (owner, page.path) == (plugin, name):
            if not page.roles & set(counter.actor.roles):
                raise RoleNotAllowedError(transition="", roles=tuple(sorted(page.roles)))
            return page
    raise UnknownPageError


async def _shown(
    counter: Counter,
    plugin: str,
    page: CounterPage,
    sent: Mapping[str, str],
    wrong: str,
    *,
    done: str = "",
) -> Response[Any]:
    writes = bool(page.writers & set(counter.actor.roles))
    async with work(counter.house.engine, counter.desk.id), counter.house.engine.reading():
        shown = await page.show(AskedSession(counter.house, counter.desk, counter.actor), writes)
    return await counter.page(
        "plugin_page.html",
        current="books",
        status=HTTP_422_UNPROCESSABLE_ENTITY if wrong else HTTP_200_OK,
        title=text(page.label),
        shown=shown,
        here=f"{counter.base}/{HERE}/{plugin}/{page.path}",
        given=sent,
        at=(sent.get(ACT, ""), sent.get(ABOUT, "")),
        wrong=wrong,
        done=done,
        key=sent.get(KEY, "") or counter.new_key(),
    )
