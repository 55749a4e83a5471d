"""The national calendar: what is decided, what is proposed, and publishing a late decision."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from litestar import get, post
from litestar.params import FromQuery
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY
from msgspec.structs import replace

from motcua.console import typed
from motcua.console.frame import Console, Faults, TheConsole, unconfirmed
from motcua.domain.calendar import CalendarDay
from motcua.domain.errors import InvalidAnswersError
from motcua.plugin.texts import fault_text, text
from motcua.services import calendar
from motcua.services.calendar import UnitMoves
from motcua.services.change import digest
from motcua.services.house import desk
from motcua.storage.work import work
from motcua.ui.pages import Page

OPT = {"page": "calendar"}
KINDS = ("holiday", "substitute", "swap", "withdraw")
FIELDS = ("ngay", "loai", "ngay_doi", "ten", "can_cu", "quyet_dinh")
AHEAD = dt.timedelta(days=400)


@get("/lich", opt=OPT)
async def show(console: TheConsole, ngay: FromQuery[str] = "", loai: FromQuery[str] = "") -> Page:
    """The days ahead; for the province also the form, perhaps with a day put in."""
    given = dict.fromkeys(FIELDS, "") | {"ngay": ngay, "loai": loai or "holiday"}
    if day := typed.date(ngay):
        row = _proposed(console, day)
        given["ten"] = row.name if row else ""
        if row is not None and row.kind == "substitute" and loai == "holiday":
            given["loai"] = row.kind
            given["ngay_doi"] = f"{row.replaces:%d/%m/%Y}" if row.replaces else ""
    return _page(console, given)


@post("/lich", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole) -> Response[Any]:
    """Show what a day would move; after that, publish it and move exactly that."""
    sent = await console.sent()
    given = {name: sent.one(name) for name in FIELDS}
    days, faults = _days(console, given)
    if not faults:
        try:
            calendar.refuse_impossible(console.house, console.desk, days)
        except InvalidAnswersError as error:
            faults = [(_FIELD[each.field], fault_text(each)) for each in error.faults]
    if faults:
        return _page(console, given, faults=faults)
    if sent.has("tinh_lai"):
        units = await calendar.redate_again(
            console.house, console.desk, [each.date for each in days], given["can_cu"]
        )
        return _told(console, given, units)
    units = await calendar.preview(console.house, console.desk, days)
    if sent.one("lam") != "cong-bo":
        return await _previewed(console, given, days, units)
    faults = unconfirmed(sent, given["ngay"], sum(each.moves for each in units))
    if faults:
        return await _previewed(console, given, days, units, faults)
    asked = console.asked("calendar", given["ngay"], sent.one("thay"))
    made = await calendar.publish(console.house, console.desk, days, given["can_cu"], asked)
    console.desk = await desk(console.house, console.desk.slug)
    return _told(console, given, made)


_FIELD = {"date": "ngay", "pair": "ngay_doi"}


def _days(console: Console, given: dict[str, str]) -> tuple[list[CalendarDay], Faults]:
    """The rows that a form stands for, and what is wrong with it."""
    day, other = typed.date(given["ngay"]), typed.date(given["ngay_doi"])
    paper = typed.date(given["quyet_dinh"])
    faults: Faults = []
    if day is None:
        faults.append(("ngay", text("console.fault.date")))
    if given["loai"] not in KINDS:
        faults.append(("loai", text("console.fault.choice")))
    if given["loai"] in ("substitute", "swap") and other is None:
        faults.append(("ngay_doi", text("console.fault.date")))
    if paper is None or paper > console.house.today():
        faults.append(("quyet_dinh", text("console.fault.paper-date")))
    faults += [(name, text("console.fault.empty")) for name in ("ten", "can_cu") if not given[name]]
    proposed = _proposed(console, day) if day else None
    if given["loai"] == "withdraw" and day and proposed is None:
        faults.append(("ngay", text("console.calendar.nothing-proposed")))
    if faults or day is None:
        return [], faults
    return _rows(console, given, day, other, proposed), []


def _rows(
    console: Console,
    given: dict[str, str],
    day: dt.date,
    other: dt.date | None,
    proposed: CalendarDay | None,
) -> list[CalendarDay]:
    row = CalendarDay(
        date=day,
        kind="holiday",
        name=given["ten"],
        basis=given["can_cu"],
        decided_on=typed.date(given["quyet_dinh"]),
    )
    match given["loai"]:
        case "withdraw":
            made = []
        case "swap" if other is not None:
            off = replace(row, kind="swap_off", pair=other)
            made = [off, replace(row, date=other, kind="swap_work", pair=day)]
        case "substitute":
            made = [replace(row, kind="substitute", replaces=other)]
        case _:
            made = [row]
    if proposed is not None:
        made.append(replace(proposed, withdrawn_on=console.house.today()))
    return made


def _proposed(console: Console, day: dt.date) -> CalendarDay | None:
    """The proposal for *day* that nobody has decided yet."""
    return next(
        (
            row
            for row in console.desk.calendar.days
            if row.date == day and row.provisional and row.withdrawn_on is None
        ),
        None,
    )


async def _previewed(
    console: Console,
    given: dict[str, str],
    days: Sequence[CalendarDay],
    units: list[UnitMoves],
    faults: Faults | None = None,
) -> Page:
    async with work(console.house.engine, console.desk.id) as reading:
        seen = digest(await calendar.days_as_seen(days)(reading))
    return _page(console, given, faults=faults or [], units=units, seen=seen)


def _told(console: Console, given: dict[str, str], units: list[UnitMoves]) -> Page:
    moved = sum(each.moves for each in units)
    lost = [each.name for each in units if not each.reached]
    done = text("console.done.calendar", day=given["ngay"], count=moved)
    empty = dict.fromkeys(FIELDS, "") | {"loai": "holiday"}
    return _page(console, given if lost else empty, just_done=done, lost=lost)


def _page(
    console: Console,
    given: dict[str, str],
    *,
    faults: Faults | None = None,
    units: list[UnitMoves] | None = None,
    seen: str = "",
    just_done: str = "",
    lost: Sequence[str] = (),
) -> Page:
    return console.page(
        "calendar.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        given=given,
        faults=faults or [],
        kinds=[(each, text(f"console.calendar.kind.{each}")) for each in KINDS],
        days=_ahead(console),
        units=[each for each in units or [] if each.moves],
        previewed=units is not None,
        considered=sum(each.considered for each in units or []),
        moves=sum(each.moves for each in units or []),
        seen=seen,
        just_done=just_done,
        lost=lost,
    )


def _ahead(console: Console) -> list[CalendarDay]:
    """What is known of the days to come, those decided and those proposed."""
    today = console.house.today()
    known = {row.date for row in console.desk.calendar.days if not row.provisional}
    return sorted(
        (
            row
            for row in console.desk.calendar.days
            if today <= row.date <= today + AHEAD
            and row.withdrawn_on is None
            and not (row.provisional and row.date in known)
        ),
        key=lambda row: row.date,
    )
