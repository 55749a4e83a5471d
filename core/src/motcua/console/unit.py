"""The unit itself: how people reach it, its host names, its opening hours."""

import datetime as dt
import itertools
from typing import Any

import msgspec
from litestar import get, post
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console import typed
from motcua.console.frame import Console, Faults, Sent, TheConsole, unconfirmed
from motcua.console.grants import level
from motcua.domain.calendar import Day, Session, WeeklyHours
from motcua.domain.deadline_errors import SessionsError
from motcua.domain.errors import InvalidAnswersError
from motcua.plugin.texts import fault_text, text
from motcua.services import redate, unit
from motcua.services.change import digest
from motcua.storage.work import work
from motcua.ui.format import capital, hour, weekdays
from motcua.ui.pages import Page

OPT = {"page": "unit"}
HOURS = {"page": "hours"}
CONTACT = ("phone", "address", "hours")
EDGES = ("s_mo", "s_dong", "c_mo", "c_dong")
IDLE = (15, 30, 60, 120, 240)


@get("/don-vi", opt=OPT)
async def show(console: TheConsole) -> Page:
    """What the unit has settled about itself."""
    settings = console.desk.settings
    contact = settings.get("contact") or {}
    idle = settings.get("session_idle_minutes")
    given = {name: contact.get(name, "") for name in CONTACT}
    given |= {"own_approval": settings.get("own_approval", False), "idle": str(idle or "")}
    async with work(console.house.engine, console.desk.id) as reading:
        hosts = (await unit.unit_as_seen(reading))["hosts"]
    return await _page(console, given | {"hosts": "\n".join(hosts)}, [])


@post("/don-vi", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole) -> Response[Any]:
    """Keep it, or ask again with every fault."""
    sent = await console.sent()
    given: dict[str, Any] = {name: sent.one(name) for name in (*CONTACT, "hosts", "idle")}
    given["own_approval"] = sent.has("own_approval")
    faults = _faults(given)
    if not faults:
        asked = console.asked("unit", console.desk.name, sent.one("thay"))
        hosts = [line.strip().lower() for line in given["hosts"].splitlines() if line.strip()]
        try:
            await unit.settle(
                console.house,
                console.desk,
                _changes(given),
                hosts,
                asked=asked,
                shared_hosts=frozenset({_host(console)}),
            )
        except InvalidAnswersError as error:
            faults = [(each.field, fault_text(each)) for each in error.faults]
        else:
            return console.done("unit")
    return await _page(console, given, faults)


@get("/gio-lam-viec", opt=HOURS)
async def hours(console: TheConsole) -> Page:
    """The hours of the week, and the form for other ones."""
    now = unit.own_hours(console.desk).on(console.house.today())
    given = {"tu_ngay": "", "can_cu": ""}
    for weekday, sessions in enumerate(now.week if now else ()):
        for session in sessions:
            begin = "s" if session.half == "morning" else "c"
            given[f"{begin}_mo{weekday}"] = hour(session.opens)
            given[f"{begin}_dong{weekday}"] = hour(session.closes)
            if session.reception_only:
                given[f"chi{weekday}"] = "1"
    return await _hours_page(console, given, [])


@post("/gio-lam-viec", opt=HOURS, status_code=HTTP_200_OK)
async def set_hours(console: TheConsole) -> Response[Any]:
    """Show what other hours would move; after that, keep them and move exactly that."""
    sent = await console.sent()
    names = [f"{edge}{weekday}" for weekday in range(7) for edge in (*EDGES, "chi")]
    given = {name: sent.one(name) for name in ("tu_ngay", "can_cu", *names)}
    made, faults = _weekly(console, sent)
    if made is None:
        return await _hours_page(console, given, faults)
    moves = await unit.preview_hours(console.house, console.desk, made)
    if sent.one("lam") != "ghi":
        return await _hours_page(console, given, [], moves)
    faults = unconfirmed(sent, given["tu_ngay"], len(moves))
    if faults:
        return await _hours_page(console, given, faults, moves)
    asked = console.asked("unit", text("console.page.hours"), sent.one("thay"))
    await unit.set_hours(console.house, console.desk, made, asked)
    return console.done("hours")


def _changes(given: dict[str, Any]) -> dict[str, Any]:
    contact = {name: given[name] for name in CONTACT if given[name]}
    return {
        "contact": contact or None,
        "own_approval": given["own_approval"],
        "session_idle_minutes": int(given["idle"]) if given["idle"] else None,
    }


def _faults(given: dict[str, Any]) -> Faults:
    most = {"phone": 40, "address": 300, "hours": 200}
    faults = [
        (name, text("console.fault.long", most=most[name]))
        for name in CONTACT
        if len(given[name]) > most[name]
    ]
    if given["idle"] and given["idle"] not in {str(each) for each in IDLE}:
        faults.append(("idle", text("console.fault.choice")))
    return faults


def _host(console: Console) -> str:
    """The host name this request came to, without its port."""
    return str(console.request.headers.get("host", "")).partition(":")[0].lower()


def _weekly(console: Console, sent: Sent) -> tuple[WeeklyHours | None, Faults]:
    """The hours that a form stands for, or what is wrong with it."""
    begins, today = typed.date(sent.one("tu_ngay")), console.house.today()
    faults: Faults = []
    if begins is None or begins <= today:
        faults.append(("tu_ngay", text("console.hours.from-tomorrow")))
    if not sent.one("can_cu"):
        faults.append(("can_cu", text("console.fault.empty")))
    week: list[Day] = []
    for weekday in range(7):
        day, bad = _sessions(sent, weekday)
        week.append(day)
        if bad:
            named = capital(weekdays()[weekday])
            faults.append((f"s_mo{weekday}", text("console.hours.wrong", day=named)))
    if not any(not each.reception_only for day in week for each in day):
        faults.append(("s_mo0", text("console.hours.never")))
    if faults:
        return None, faults
    made = msgspec.convert(
        {"week": week, "valid_from": begins, "decided_on": today, "basis": sent.one("can_cu")},
        WeeklyHours,
    )
    return made, []


def _sessions(sent: Sent, weekday: int) -> tuple[Day, bool]:
    """The sessions typed for a weekday, and whether they make no sense."""
    found: list[Session] = []
    for begin in ("s", "c"):
        words = [sent.one(f"{begin}_{edge}{weekday}") for edge in ("mo", "dong")]
        edges = [typed.hour(each) for each in words]
        if not any(words):
            continue
        if edges[0] is None or edges[1] is None:
            return (), True
        only = sent.has(f"chi{weekday}")
        try:
            found.append(Session(opens=edges[0], closes=edges[1], reception_only=only))
        except SessionsError:
            return (), True
    halves = [each.half for each in found]
    apart = all(a.closes <= b.opens for a, b in itertools.pairwise(found))
    return tuple(found), not apart or halves != sorted(set(halves), reverse=True)


async def _page(console: Console, given: dict[str, Any], faults: Faults) -> Page:
    return console.page(
        "unit.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        given=given,
        faults=faults,
        seen=await _seen(console),
        above=level(console.desk) == "province",
        idles=[(str(each), text("console.unit.minutes", count=each)) for each in IDLE],
        codes=[each.code for each in console.desk.codes],
    )


async def _hours_page(
    console: Console,
    given: dict[str, str],
    faults: Faults,
    moves: list[redate.Move] | None = None,
) -> Page:
    considered = await redate.open_count(console.house, console.desk) if moves is not None else 0
    now = unit.own_hours(console.desk)
    return console.page(
        "hours.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        given=given,
        faults=faults,
        days=[(weekday, capital(words)) for weekday, words in enumerate(weekdays())],
        moves=moves or [],
        previewed=moves is not None,
        considered=considered,
        seen=await _seen(console),
        coming=[
            each for each in now.weeks if (each.valid_from or dt.date.min) > console.house.today()
        ],
    )


async def _seen(console: Console) -> str:
    async with work(console.house.engine, console.desk.id) as reading:
        return digest(await unit.unit_as_seen(reading))
