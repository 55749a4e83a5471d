"""Counting anew: due times by the calendar known today, and figures from the dossiers."""

from typing import Any

from litestar import get, post
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console.frame import Console, Faults, TheConsole, unconfirmed
from motcua.plugin.texts import text
from motcua.services import rebuild, redate
from motcua.services.change import digest
from motcua.storage.work import work
from motcua.ui.format import date
from motcua.ui.pages import Page

OPT = {"page": "recount"}
DAYS, FIGURES = "han-tra", "so-lieu"


@get("/tinh-lai", opt=OPT)
async def show(console: TheConsole) -> Page:
    """What would change; nothing does."""
    return await _page(console, [], "")


@post("/tinh-lai", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole) -> Response[Any]:
    """Re-date what is out of date, or put the figures right, as somebody saw them."""
    sent = await console.sent()
    subject = date(console.house.today())
    if sent.one("lam") == FIGURES:
        asked = console.asked("figures", subject, sent.one("thay"))
        await rebuild.rebuild(console.house, console.desk, asked)
        return console.done("figures")
    moves = await redate.outdated(console.house, console.desk)
    faults = unconfirmed(sent, subject, len(moves))
    if not sent.one("can_cu"):
        faults.append(("can_cu", text("console.fault.empty")))
    if faults:
        return await _page(console, faults, sent.one("can_cu"))
    asked = console.asked("redate", sent.one("can_cu"))
    await redate.bring_up_to_date(console.house, console.desk, sent.one("can_cu"), asked)
    return console.done("redate")


async def _page(console: Console, faults: Faults, basis: str) -> Page:
    house, desk = console.house, console.desk
    moves = await redate.outdated(house, desk)
    names = {
        each.definition.code: each.definition.name
        for each in house.catalogue.current(house.today())
    }
    async with work(house.engine, desk.id) as reading:
        seen = digest(await rebuild.as_seen(reading))
    return console.page(
        "recount.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        moves=moves,
        considered=await redate.open_count(house, desk),
        names=names,
        differences=await rebuild.differences(house, desk),
        today=date(house.today()),
        basis=basis,
        seen=seen,
        faults=faults,
    )
