"""The first page: what is still missing, and what waits this morning."""

from typing import Any

from litestar import get

from motcua.console.frame import Console, TheConsole
from motcua.console.grants import PAGES, level
from motcua.plugin.texts import text
from motcua.services.readiness import Point, readiness
from motcua.ui.pages import Page


@get("/", opt={"page": "overview"})
async def overview(console: TheConsole) -> Page:
    """What speaks for and against receiving people today, with the way to each."""
    points = []
    if level(console.desk) == "unit":
        points = [_shown(console, each) for each in await readiness(console.house, console.desk)]
    return console.page("overview.html", points=points)


def _shown(console: Console, point: Point) -> dict[str, str]:
    page = PAGES.get(point.page)
    may = page is not None and page.reads(console.desk, console.actor)
    told: dict[str, Any] = dict(point.told)
    if "roles" in told:
        told["roles"] = ", ".join(text(f"role.{each}") for each in told["roles"].split(","))
    return {
        "level": {"good": "ok", "warning": "soon", "fault": "late"}[point.level],
        "title": text(f"readiness.{point.check}"),
        "words": text(f"readiness.{point.check}.{point.level}", **told),
        "href": f"{console.base}/{page.path}" if page is not None and may else "",
        "page": text(f"console.page.{page.name}") if page is not None and may else "",
    }
