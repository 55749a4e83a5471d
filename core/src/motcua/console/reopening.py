"""Taking a closure back before its day comes, and what that moves."""

from typing import Any

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY
from msgspec.structs import replace

from motcua.console.closures import half_of, procedure_names
from motcua.console.frame import Console, Faults, TheConsole, unconfirmed
from motcua.domain.calendar import Closure
from motcua.plugin.texts import text
from motcua.services import configure, redate
from motcua.services.change import digest
from motcua.storage.work import work
from motcua.ui.format import date
from motcua.ui.pages import Page

OPT = {"page": "closures"}


@get("/dong-cua/{day:str}", opt=OPT)
async def show(console: TheConsole, day: FromPath[str]) -> Page:
    """What opening on a day after all would move back."""
    return await _page(console, _closure(console, day), [])


@post("/dong-cua/{day:str}", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole, day: FromPath[str]) -> Response[Any]:
    """Open after all, and move back exactly what was shown."""
    closure, sent = _closure(console, day), await console.sent()
    moves = await _moves(console, closure)
    faults = unconfirmed(sent, date(closure.date), len(moves))
    if not sent.one("ly_do"):
        faults.append(("ly_do", text("console.fault.empty")))
    if faults:
        return await _page(console, closure, faults, sent.one("ly_do"))
    basis = text("console.reopen.ground", day=date(closure.date), reason=sent.one("ly_do"))
    asked = console.asked("closure", date(closure.date), sent.one("thay"))
    await configure.open_again(console.house, console.desk, closure, basis, asked)
    return console.done("reopened")


def _closure(console: Console, day: str) -> Closure:
    for each in console.desk.calendar.closures:
        if each.date.isoformat() == day and each.withdrawn_on is None:
            return each
    raise NotFoundException


async def _moves(console: Console, closure: Closure) -> list[redate.Move]:
    known, today = console.desk.calendar, console.house.today()
    after = redate.changed(known, closures=[replace(closure, withdrawn_on=today)])
    return await redate.compare(console.house, console.desk, after, back=True)


async def _page(console: Console, closure: Closure, faults: Faults, reason: str = "") -> Page:
    house, moves = console.house, await _moves(console, closure)
    async with work(house.engine, console.desk.id) as reading:
        seen = digest(await configure.closures_as_seen([closure.date])(reading))
    return console.page(
        "reopen.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        faults=faults,
        closure=closure,
        half=text(f"console.closure.half.{half_of(closure)}"),
        reason=reason,
        moves=moves,
        names=procedure_names(house, moves),
        considered=await redate.open_count(house, console.desk),
        seen=seen,
        begun=closure.date <= house.today(),
    )
