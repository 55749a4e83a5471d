"""Who may sign in a commune: by which act, in what capacity, for what, from when to when."""

import datetime as dt
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console import typed
from motcua.console.frame import Console, Faults, Sent, TheConsole
from motcua.domain.signing import Capacity
from motcua.plugin.texts import fault_text, text
from motcua.services import configure
from motcua.services.change import digest
from motcua.services.colleagues import colleagues
from motcua.services.signers import Assignment, Signer, assignments, barred, signers
from motcua.storage.work import work
from motcua.ui.pages import Page

OPT = {"page": "signers"}
EMPTY = dict.fromkeys(
    ("ho_ten", "chuc_danh", "van_ban", "tu_cach", "tai_khoan", "tu_ngay", "den_ngay", "chung_thuc"),
    "",
)


@get("/nguoi-ky", opt=OPT)
async def show(console: TheConsole) -> Page:
    """Everybody assigned to sign, and the form for one more."""
    return await _page(console, EMPTY | {"tu_cach": Capacity.OWN.value}, (), [])


@post("/nguoi-ky", opt=OPT, status_code=HTTP_200_OK)
async def add(console: TheConsole) -> Response[Any]:
    """Let somebody sign, or ask again with every fault."""
    sent = await console.sent()
    given = {name: sent.one(name) for name in EMPTY}
    faults = await _faults(console, sent)
    if faults:
        return await _page(console, given, sent.many("linh_vuc"), faults)
    begins, ends = typed.date(given["tu_ngay"]), typed.date(given["den_ngay"])
    await configure.assign_signer(
        console.house,
        console.desk,
        full_name=given["ho_ten"],
        title=given["chuc_danh"],
        act=given["van_ban"],
        staff_id=int(given["tai_khoan"]) if given["tai_khoan"] else None,
        scope=sent.many("linh_vuc"),
        authorised_certifier=bool(given["chung_thuc"]),
        capacity=Capacity(given["tu_cach"]),
        valid_from=_from(console, begins),
        valid_to=typed.beginning(ends + dt.timedelta(days=1)) if ends else None,
        asked=console.asked("signer", given["ho_ten"]),
    )
    return console.done("signer")


@post("/nguoi-ky/{signer:uuid}", opt=OPT, status_code=HTTP_200_OK)
async def end(console: TheConsole, signer: FromPath[UUID]) -> Response[Any]:
    """Let somebody sign until a day, or no longer from now on."""
    sent = await console.sent()
    day = typed.date(sent.one("den_ngay"))
    if day is None or day < console.house.today():
        faults = [(f"den-{signer}", text("console.signer.end-date"))]
        return await _page(console, EMPTY | {"tu_cach": Capacity.OWN.value}, (), faults)
    until = typed.beginning(day + dt.timedelta(days=1))
    asked = console.asked("signer", sent.one("ho_ten"), sent.one("thay"))
    await configure.end_signer(console.house, console.desk, signer, until, asked)
    return console.done("signer-ended")


def _from(console: Console, day: dt.date | None) -> dt.datetime | None:
    """From when: the beginning of a later day, or now."""
    return typed.beginning(day) if day and day > console.house.today() else None


async def _faults(console: Console, sent: Sent) -> Faults:
    faults: Faults = [
        (name, text("console.fault.empty"))
        for name in ("ho_ten", "chuc_danh", "van_ban")
        if not sent.one(name)
    ]
    if sent.one("tu_cach") not in set(Capacity):
        faults.append(("tu_cach", text("console.fault.choice")))
    if sent.one("tai_khoan") not in {"", *(str(each.id) for each in await _accounts(console))}:
        faults.append(("tai_khoan", text("console.fault.choice")))
    if not set(sent.many("linh_vuc")) <= {field for field, _ in _fields(console)}:
        faults.append(("linh_vuc", text("console.fault.choice")))
    for name in ("tu_ngay", "den_ngay"):
        if sent.one(name) and typed.date(sent.one(name)) is None:
            faults.append((name, text("console.fault.date")))
    begins, ends = typed.date(sent.one("tu_ngay")), typed.date(sent.one("den_ngay"))
    if ends is not None and ends < (begins or console.house.today()):
        faults.append(("den_ngay", text("console.signer.ends-before")))
    return faults


async def _accounts(console: Console) -> list[Any]:
    found = await colleagues(console.house, console.desk, by=console.actor)
    return [each for each in found if each.active]


def _fields(console: Console) -> list[tuple[str, str]]:
    """The fields of law that the commune's plugins serve."""
    found = {
        each.definition.field: each.definition.field_name
        for each in console.house.catalogue.current(console.house.today())
        if console.desk.plugins.works(each.owner)
    }
    return sorted(found.items(), key=lambda each: each[1])


async def _page(
    console: Console, given: dict[str, str], scope: tuple[str, ...], faults: Faults
) -> Page:
    names = dict(_fields(console))
    async with work(console.house.engine, console.desk.id) as reading:
        found = await assignments(reading)
        able = {each.id: each for each in await signers(reading, console.now())}
        seen = {each.id: digest(await configure.signer_as_seen(each.id)(reading)) for each in found}
    accounts = await _accounts(console)
    return console.page(
        "signers.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        lines=[
            _line(console, each, names, seen[each.id])
            | {"against": _against(console, able.get(each.id))}
            for each in found
        ],
        capacities=[
            (each.value, text(f"console.value.capacity.{each.value}")) for each in Capacity
        ],
        accounts=[(str(each.id), f"{each.full_name} ({each.username})") for each in accounts],
        fields=list(names.items()),
        scope=scope,
        given=given,
        faults=faults,
    )


def _against(console: Console, signer: Signer | None) -> list[str]:
    """Why some papers of today may not be in the name of somebody who signs now."""
    if signer is None:
        return []
    house, desk, now = console.house, console.desk, console.now()
    told: dict[str, None] = {}
    for each in house.catalogue.current(house.today()):
        kind = each.definition
        if desk.plugins.works(each.owner) and signer.signs(kind.field, kind.code):
            told |= dict.fromkeys(map(fault_text, barred(house, desk, kind, signer, now)))
    return list(told)


def _line(console: Console, row: Assignment, names: dict[str, str], seen: str) -> dict[str, Any]:
    now = console.now()
    ended = row.valid_to is not None and row.valid_to <= now
    state = "ended" if ended else "later" if row.valid_from > now else "now"
    last = None if row.valid_to is None else row.valid_to - dt.timedelta(seconds=1)
    return {
        "row": row,
        "scope": ", ".join(names.get(each, each) for each in row.scope),
        "state": state,
        "last": last,
        "look": {"now": "ok", "later": "info", "ended": "rest"}[state],
        "seen": seen,
    }
