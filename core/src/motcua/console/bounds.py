"""Numbers a unit settles where the law leaves them open: terms, sizes, series, campaigns."""

import datetime as dt
import re
import typing
from typing import Any

import msgspec
from litestar import get, post
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console import typed
from motcua.console.frame import Console, Faults, Sent, TheConsole
from motcua.console.grants import level
from motcua.documents.slips import form_sets
from motcua.domain.tenant import TenantSettings
from motcua.plugin.texts import text
from motcua.services import unit
from motcua.services.catalogue import Published
from motcua.services.change import digest
from motcua.storage.work import work
from motcua.ui.format import date
from motcua.ui.pages import Page

OPT = {"page": "bounds"}
NUMBERS = ("supplement_within_days", "draft_days", "file_megabytes", "booking_per_slot")
SETTLED = (*NUMBERS, "receipt_series", "forms_begin", "campaigns")
NEWEST = form_sets()[-1]
"""The set of forms whose first day a province may settle otherwise."""
_SERIES = re.compile(r"[^\s]{1,20}")


@get("/gioi-han", opt=OPT)
async def show(console: TheConsole) -> Page:
    """What the unit has settled."""
    own = console.desk.settled[-1]
    begins = (own.get("forms_begin") or {}).get(NEWEST.id)
    given = {name: str(own.get(name) or "") for name in (*NUMBERS, "receipt_series")}
    given["forms_begin"] = date(dt.date.fromisoformat(begins)) if begins else ""
    for code, rows in (own.get("campaigns") or {}).items():
        given[f"dot-{code}"] = "\n".join(map(_line, rows))
    return await _page(console, given, [])


@post("/gioi-han", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole) -> Response[Any]:
    """Keep it, or ask again with every fault."""
    sent = await console.sent()
    changes, faults = _read(console, sent)
    if faults:
        names = (*SETTLED, *(f"dot-{each.definition.code}" for each in _in_campaigns(console)))
        return await _page(console, {name: sent.one(name) for name in names}, faults)
    asked = console.asked("bounds", console.desk.name, sent.one("thay"))
    await unit.set_settings(console.house, console.desk, changes, asked)
    return console.done("bounds")


def bounds(name: str) -> tuple[int, int]:
    """The least and the most a number may be, as its type says."""
    info = next(each for each in msgspec.structs.fields(TenantSettings) if each.name == name)
    meta = typing.get_args(info.type)[0].__metadata__[0]
    return meta.ge, meta.le


def _read(console: Console, sent: Sent) -> tuple[dict[str, Any], Faults]:
    changes: dict[str, Any] = {}
    faults: Faults = []
    for name in NUMBERS:
        least, most = bounds(name)
        number = typed.whole(sent.one(name))
        if sent.one(name) and (number is None or not least <= number <= most):
            faults.append((name, text("console.bounds.range", least=least, most=most)))
        changes[name] = number
    series = sent.one("receipt_series")
    if series and not _SERIES.fullmatch(series):
        faults.append(("receipt_series", text("console.bounds.series")))
    changes["receipt_series"] = series or None
    changes["forms_begin"] = console.desk.settled[-1].get("forms_begin")
    if level(console.desk) == "province":
        begins = typed.date(sent.one("forms_begin"))
        if sent.one("forms_begin") and begins is None:
            faults.append(("forms_begin", text("console.fault.date")))
        changes["forms_begin"] = {NEWEST.id: begins.isoformat()} if begins else None
    campaigns, wrong = _campaigns(console, sent)
    return changes | {"campaigns": campaigns or None}, faults + wrong


def _campaigns(console: Console, sent: Sent) -> tuple[dict[str, Any], Faults]:
    """The campaigns typed, one a line: first day; last day; ground."""
    found: dict[str, Any] = dict(console.desk.settled[-1].get("campaigns") or {})
    faults: Faults = []
    for each in _in_campaigns(console):
        code = each.definition.code
        rows = [_row(line) for line in sent.one(f"dot-{code}").splitlines() if line.strip()]
        if None in rows:
            faults.append((f"dot-{code}", text("console.bounds.campaign_wrong")))
        found.pop(code, None)
        if rows:
            found[code] = rows
    return found, faults


def _row(line: str) -> dict[str, str] | None:
    first, _, rest = line.partition(";")
    last, _, ground = rest.partition(";")
    begins, ends = typed.date(first.strip()), typed.date(last.strip())
    if begins is None or ends is None or ends < begins or not ground.strip():
        return None
    return {"first": begins.isoformat(), "last": ends.isoformat(), "ground": ground.strip()}


def _line(row: dict[str, str]) -> str:
    days = (date(dt.date.fromisoformat(row[name])) for name in ("first", "last"))
    return "; ".join((*days, row["ground"]))


def _in_campaigns(console: Console) -> list[Published]:
    """The procedures that are done in campaigns, where the unit takes any."""
    if level(console.desk) == "province":
        return []
    return [
        each
        for each in console.house.catalogue.current(console.house.today())
        if each.definition.limit.campaign and console.desk.plugins.works(each.owner)
    ]


async def _page(console: Console, given: dict[str, str], faults: Faults) -> Page:
    async with work(console.house.engine, console.desk.id) as reading:
        seen = digest(await unit.settings_as_seen(*SETTLED)(reading))
    above = {name: console.desk.settings.get(name) for name in NUMBERS}
    return console.page(
        "bounds.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        given=given,
        faults=faults,
        seen=seen,
        numbers=[(name, *bounds(name), above[name]) for name in NUMBERS],
        newest=NEWEST,
        province=level(console.desk) == "province",
        campaigns=[each.definition for each in _in_campaigns(console)],
    )
