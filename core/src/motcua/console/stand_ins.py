"""Who stands in for whom while that person is away."""

import datetime as dt
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console import typed
from motcua.console.frame import Console, Faults, Sent, TheConsole
from motcua.domain.dossier import Role
from motcua.domain.errors import InvalidAnswersError
from motcua.plugin.texts import text
from motcua.services import stand_ins
from motcua.services.change import digest
from motcua.services.colleagues import Colleague, colleagues
from motcua.services.stand_ins import ROLES, Absence, StandIn
from motcua.storage.work import work
from motcua.ui.pages import Page

OPT = {"page": "stand_ins"}
EMPTY = dict.fromkeys(("vang", "thay", "tu_ngay", "den_ngay", "can_cu"), "")
FIELDS = {"absent_id": "vang", "stand_in_id": "thay", "roles": "vai", "last_day": "den_ngay"}


@get("/thay-the", opt=OPT)
async def show(console: TheConsole) -> Page:
    """Everybody who stands in, and the form for one more."""
    return await _page(console, EMPTY, (), [])


@post("/thay-the", opt=OPT, status_code=HTTP_200_OK)
async def add(console: TheConsole) -> Response[Any]:
    """Let somebody stand in, or ask again with every fault."""
    sent = await console.sent()
    given = {name: sent.one(name) for name in EMPTY}
    absence, faults = _absence(console, sent)
    if absence is not None:
        people = {each.id: each.full_name for each in await _people(console)}
        whom = people.get(absence.absent_id, "")
        try:
            asked = console.asked("stand_in", whom)
            await stand_ins.appoint(console.house, console.desk, absence, asked)
            return console.done("stand-in")
        except InvalidAnswersError as error:
            faults = [(FIELDS[each.field], text(each.fault)) for each in error.faults]
    return await _page(console, given, sent.many("vai"), faults)


@post("/thay-the/{number:uuid}", opt=OPT, status_code=HTTP_200_OK)
async def withdraw(console: TheConsole, number: FromPath[UUID]) -> Response[Any]:
    """Let nobody stand in any more."""
    sent = await console.sent()
    asked = console.asked("stand_in", sent.one("ten"), sent.one("da_thay"))
    await stand_ins.withdraw(console.house, console.desk, number, asked)
    return console.done("stand-in-withdrawn")


def _absence(console: Console, sent: Sent) -> tuple[Absence | None, Faults]:
    """What was asked for, as far as it can be read."""
    people = {name: typed.whole(sent.one(name)) for name in ("vang", "thay")}
    days = {name: typed.date(sent.one(name)) for name in ("tu_ngay", "den_ngay")}
    faults = [(name, text("console.fault.choice")) for name, who in people.items() if who is None]
    if sent.one("tu_ngay") and days["tu_ngay"] is None:
        faults.append(("tu_ngay", text("console.fault.date")))
    if days["den_ngay"] is None:
        faults.append(("den_ngay", text("console.fault.date")))
    absent, other, last = people["vang"], people["thay"], days["den_ngay"]
    if faults or absent is None or other is None or last is None:
        return None, faults
    absence = Absence(
        absent_id=absent,
        stand_in_id=other,
        roles=sent.many("vai"),
        first_day=days["tu_ngay"] or console.house.today(),
        last_day=last,
        basis=sent.one("can_cu"),
    )
    return absence, []


async def _people(console: Console) -> list[Colleague]:
    found = await colleagues(console.house, console.desk, by=console.actor)
    return [each for each in found if each.active]


async def _page(
    console: Console, given: dict[str, str], roles: tuple[str, ...], faults: Faults
) -> Page:
    found = await stand_ins.stand_ins(console.house, console.desk)
    lines = [(each, _state(each, console.house.today())) for each in found]
    open_ones = [each.id for each, state in lines if state in ("now", "later")]
    async with work(console.house.engine, console.desk.id) as reading:
        told = await stand_ins.told(reading, open_ones)
    people = await _people(console)
    absent = [each for each in people if set(each.roles) & set(ROLES)]
    return console.page(
        "stand_ins.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        lines=[(each, state, digest(told.get(each.id))) for each, state in lines],
        absent=[(str(each.id), _named(each)) for each in absent],
        people=[(str(each.id), _named(each)) for each in people if each.id != console.actor.id],
        all_roles=[(role.value, text(f"role.{role}")) for role in ROLES],
        leader=Role.LEADER,
        roles=roles,
        given=given,
        faults=faults,
    )


def _named(person: Colleague) -> str:
    roles = ", ".join(text(f"role.{role}") for role in person.roles)
    return f"{person.full_name} ({roles})"


def _state(found: StandIn, today: dt.date) -> str:
    if found.withdrawn_at is not None:
        return "withdrawn"
    if found.holds(today):
        return "now"
    return "later" if found.first_day > today else "ended"
