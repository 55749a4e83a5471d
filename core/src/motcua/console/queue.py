"""The queue of the unit: its lines and its windows, one a line of text."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console.frame import Console, Faults, TheConsole
from motcua.domain.queue import Queue, queue_of
from motcua.plugin.texts import text
from motcua.services import unit
from motcua.services.change import digest
from motcua.storage.work import work
from motcua.ui.pages import Page

OPT = {"page": "queue"}


@get("/hang-cho", opt=OPT)
async def show(console: TheConsole) -> Page:
    """The lines and windows as they are."""
    found = queue_of(console.desk.settings)
    lines = [f"{each.letter}: {each.name}" for each in found.lines] if found else []
    windows = [
        f"{each.name}: {' '.join(each.letters)}" if each.letters else each.name
        for each in (found.windows if found else ())
    ]
    return await _page(console, {"hang": "\n".join(lines), "quay": "\n".join(windows)}, [])


@post("/hang-cho", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole) -> Response[Any]:
    """Keep them; without any the unit has no queue."""
    sent = await console.sent()
    given = {name: sent.one(name) for name in ("hang", "quay")}
    made, faults = _queue(given)
    if faults:
        return await _page(console, given, faults)
    async with work(console.house.engine, console.desk.id) as reading:
        hosts = (await unit.unit_as_seen(reading))["hosts"]
    changes = {"queue": None if made is None else msgspec.to_builtins(made)}
    asked = console.asked("unit", console.desk.name, sent.one("thay"))
    await unit.settle(console.house, console.desk, changes, hosts, asked=asked)
    return console.done("queue")


def _queue(given: dict[str, str]) -> tuple[Queue | None, Faults]:
    """What was typed as a queue, or what is wrong with it."""
    lines = [_parted(line) for line in given["hang"].splitlines() if line.strip()]
    windows = [_parted(line) for line in given["quay"].splitlines() if line.strip()]
    if not lines and not windows:
        return None, []
    told = {
        "lines": [{"letter": letter.upper(), "name": name} for letter, name in lines],
        "windows": [
            {"name": name, "letters": letters.upper().replace(",", " ").split()}
            for name, letters in windows
        ],
    }
    for part, field in (("lines", "hang"), ("windows", "quay")):
        try:
            msgspec.convert(told | {_other(part): _SOME[_other(part)]}, Queue)
        except msgspec.ValidationError:
            return None, [(field, text(f"console.queue.wrong-{part}"))]
    made = msgspec.convert(told, Queue)
    return made, [] if made.sound else [("quay", text("tenants.queue"))]


_SOME: dict[str, Any] = {"lines": [{"letter": "A", "name": "A"}], "windows": [{"name": "1"}]}


def _other(part: str) -> str:
    return "windows" if part == "lines" else "lines"


def _parted(line: str) -> tuple[str, str]:
    """What stands before and after the colon."""
    before, _, after = line.partition(":")
    return before.strip(), after.strip()


async def _page(console: Console, given: dict[str, str], faults: Faults) -> Page:
    async with work(console.house.engine, console.desk.id) as reading:
        seen = digest(await unit.unit_as_seen(reading))
    return console.page(
        "queue.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        given=given,
        faults=faults,
        seen=seen,
    )
