"""The days on which a commune's own office is closed, and what that moves."""

from typing import Any

from litestar import get, post
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console import typed
from motcua.console.frame import Console, Faults, TheConsole, unconfirmed
from motcua.domain.calendar import Closure, Half
from motcua.plugin.texts import text
from motcua.services import configure, redate
from motcua.services.change import digest
from motcua.services.house import House, desk
from motcua.storage.work import work
from motcua.ui.pages import Page

OPT = {"page": "closures"}
FIELDS = ("ngay", "buoi", "ly_do", "can_cu", "quyet_dinh")
HALVES: dict[str, tuple[Half, ...] | None] = {
    "ca-ngay": None,
    "sang": ("morning",),
    "chieu": ("afternoon",),
}


@get("/dong-cua", opt=OPT)
async def show(console: TheConsole) -> Page:
    """The closed days to come, and the form for another one."""
    return _page(console, dict.fromkeys(FIELDS, "") | {"buoi": "ca-ngay"})


@post("/dong-cua", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole) -> Response[Any]:
    """Show what a closure would move; after that, close and move exactly that."""
    sent = await console.sent()
    given = {name: sent.one(name) for name in FIELDS}
    closure, faults = _closure(console, given)
    if closure is None:
        return _page(console, given, faults=faults)
    house, before = console.house, console.desk
    moves = await redate.preview(house, before, closures=[closure])
    async with work(house.engine, before.id) as reading:
        seen = digest(await configure.closures_as_seen([closure.date])(reading))
    if sent.one("lam") != "dong-cua":
        return await _previewed(console, given, moves, seen)
    faults = unconfirmed(sent, given["ngay"], len(moves))
    if faults:
        return await _previewed(console, given, moves, seen, faults)
    asked = console.asked("closure", given["ngay"], sent.one("thay"))
    await configure.close_days(house, before, [closure], asked)
    after = await desk(house, before.slug)
    made = await redate.apply(house, after, before.calendar, closure.basis)
    console.desk = after
    done = text("console.done.closure", day=given["ngay"], count=len(made))
    return _page(console, dict.fromkeys(FIELDS, "") | {"buoi": "ca-ngay"}, just_done=done)


def _closure(console: Console, given: dict[str, str]) -> tuple[Closure | None, Faults]:
    """The closure that a form stands for, or what is wrong with it."""
    day, paper = typed.date(given["ngay"]), typed.date(given["quyet_dinh"])
    today = console.house.today()
    faults: Faults = []
    if day is None:
        faults.append(("ngay", text("console.fault.date")))
    elif day < today:
        faults.append(("ngay", text("calendar.past", day=given["ngay"])))
    elif not console.desk.calendar.facts(day).regular:
        faults.append(("ngay", text("calendar.off-anyway", day=given["ngay"])))
    if given["buoi"] not in HALVES:
        faults.append(("buoi", text("console.fault.choice")))
    if paper is None or paper > today:
        faults.append(("quyet_dinh", text("console.fault.paper-date")))
    faults += [
        (name, text("console.fault.empty")) for name in ("ly_do", "can_cu") if not given[name]
    ]
    if faults or day is None:
        return None, faults
    return Closure(
        date=day,
        sessions=HALVES[given["buoi"]],
        reason=given["ly_do"],
        basis=given["can_cu"],
        decided_on=paper,
    ), []


async def _previewed(
    console: Console,
    given: dict[str, str],
    moves: list[redate.Move],
    seen: str,
    faults: Faults | None = None,
) -> Page:
    considered = await redate.open_count(console.house, console.desk)
    return _page(
        console, given, faults=faults, moves=moves, seen=seen, considered=considered, previewed=True
    )


def _page(
    console: Console,
    given: dict[str, str],
    *,
    faults: Faults | None = None,
    moves: list[redate.Move] | None = None,
    seen: str = "",
    considered: int = 0,
    previewed: bool = False,
    just_done: str = "",
) -> Page:
    today = console.house.today()
    return console.page(
        "closures.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        given=given,
        faults=faults or [],
        halves=[(each, text(f"console.closure.half.{each}")) for each in HALVES],
        closed=[
            (row, text(f"console.closure.half.{half_of(row)}"))
            for row in console.desk.calendar.closures
            if row.date >= today and row.withdrawn_on is None
        ],
        today=today,
        moves=moves or [],
        names=procedure_names(console.house, moves or []),
        previewed=previewed,
        considered=considered,
        seen=seen,
        just_done=just_done,
    )


def procedure_names(house: House, moves: list[redate.Move]) -> dict[str, str]:
    """The names of the procedures of what moves, by code."""
    today = house.today()
    return {
        each.procedure: found.definition.name
        for each in moves
        if (found := house.catalogue.find(each.procedure, today, simulation=True))
    }


def half_of(row: Closure) -> str:
    """Which part of its day a closure closes, by the form's word."""
    return next((name for name, halves in HALVES.items() if halves == row.sessions), "ca-ngay")
