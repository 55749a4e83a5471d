"""The first page: what is still missing, and what waits this morning."""

from pathlib import Path
from typing import Any

from litestar import get

from motcua.console.frame import Console, TheConsole
from motcua.console.grants import PAGES, level
from motcua.plugin.texts import text
from motcua.services import apologies, morning
from motcua.services.doctor import Finding, examine
from motcua.services.fees import fees
from motcua.services.morning import Morning
from motcua.services.readiness import Point, readiness
from motcua.services.stand_ins import stand_ins
from motcua.ui.pages import Page

LOOKS = {"good": "ok", "warning": "soon", "fault": "late"}
PLACES = {"calendar": "calendar"}
"""Where what a check of the installation finds can be put right in the console."""

OF_UNITS = "signers"
"""A check that names units, which may be another province's; each unit says so itself."""


@get("/", opt={"page": "overview"})
async def overview(console: TheConsole) -> Page:
    """What speaks for and against receiving people today, with the way to each."""
    house, desk = console.house, console.desk
    if level(desk) == "unit":
        points = [_point(console, each) for each in await readiness(house, desk)]
        away = [each for each in await stand_ins(house, desk) if each.holds(house.today())]
        now = await morning.of_unit(house, desk)
        at_risk = await apologies.count_at_risk(house, desk)
        return console.page("overview.html", points=points, now_=now, at_risk=at_risk, away=away)
    found = await morning.of_province(house, desk)
    home: Path = console.request.app.state.home
    looked = await examine(house, home)
    system = [_finding(console, each) for each in looked if each.check != OF_UNITS]
    unset = sum(line.amount is None for line in fees(house, desk))
    return console.page(
        "province.html", units=_busy(found), **_sums(found), system=system, unset=unset
    )


def _busy(found: list[Morning]) -> list[dict[str, Any]]:
    """The units that need somebody's eye, the worst first."""
    lines = [
        {
            "unit": each,
            "missing": _missing(each),
            "steps": [(text(f"state.{state}"), count) for state, count in each.steps.items()],
        }
        for each in found
        if each.late
        or each.silent
        or each.gaps
        or "signer" in _seen_to(each)
        or (each.faults and each.open)
    ]
    return sorted(lines, key=lambda line: (-line["unit"].late, line["unit"].name))


def _seen_to(unit: Morning) -> tuple[str, ...]:
    """What the province wants to know of a unit that has begun to work."""
    return unit.warnings if unit.open else ()


def _missing(unit: Morning) -> list[str]:
    """What a unit lacks, in words."""
    words = [text(f"readiness.{check}") for check in unit.faults]
    if "signer" in unit.warnings:
        words.append(text("console.morning.signer_ends"))
    if unit.gaps:
        words.append(text("console.morning.gaps", count=unit.gaps))
    if unit.silent:
        words.append(text("console.morning.silent_for", days=unit.silent))
    return words


def _sums(found: list[Morning]) -> dict[str, int]:
    return {
        "open_": sum(each.open for each in found),
        "late": sum(each.late for each in found),
        "today": sum(each.today for each in found),
        "silent": sum(each.silent > 0 for each in found),
        "serving": sum(not each.faults for each in found),
        "count": len(found),
    }


def _point(console: Console, point: Point) -> dict[str, str]:
    told: dict[str, Any] = dict(point.told)
    if "roles" in told:
        told["roles"] = ", ".join(text(f"role.{each}") for each in told["roles"].split(","))
    return {
        "level": LOOKS[point.level],
        "title": text(f"readiness.{point.check}"),
        "words": text(f"readiness.{point.check}.{point.level}", **told),
        **_place(console, point.page),
    }


def _finding(console: Console, finding: Finding) -> dict[str, str]:
    return {
        "level": LOOKS[finding.level],
        "title": text(f"console.system.{finding.check}"),
        "words": text(finding.text, **finding.told),
        **_place(console, PLACES.get(finding.check, "")),
    }


def _place(console: Console, name: str) -> dict[str, str]:
    page = PAGES.get(name)
    if page is None or not page.reads(console.desk, console.actor):
        return {"href": "", "page": ""}
    return {"href": f"{console.base}/{page.path}", "page": text(f"console.page.{page.name}")}
