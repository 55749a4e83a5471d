"""What one officer holds is given to another: what moves is seen first, each has its answer."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromQuery
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console import typed
from motcua.console.frame import Console, Faults, Sent, TheConsole
from motcua.plugin.texts import fault_text, text
from motcua.services.batch import Outcome
from motcua.services.colleagues import Colleague, colleagues
from motcua.services.reassign import Held, held, holders, reassign
from motcua.ui.pages import Page

OPT = {"page": "reassign"}


@get("/chuyen-ho-so", opt=OPT)
async def show(console: TheConsole, tu: FromQuery[str] = "") -> Page:
    """Who holds what, and of one of them everything."""
    return await _page(console, await _person(console, tu), "", [])


@post("/chuyen-ho-so", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole) -> Response[Any]:
    """Give what is ticked to somebody else, and tell of each what became of it."""
    sent = await console.sent()
    holder, other = await _person(console, sent.one("tu")), sent.one("den")
    faults: Faults = []
    if holder is None or other not in {each.username for each in await _active(console)}:
        faults.append(("den", text("console.fault.choice")))
    chosen = _chosen(sent, await _held(console, holder))
    if not chosen:
        faults.append(("ho_so", text("console.reassign.choose")))
    if faults or holder is None:
        return await _page(console, holder, other, faults)
    asked = console.asked("reassign", f"{holder.full_name} → {other}")
    outcomes = await reassign(
        console.house,
        console.desk,
        console.actor,
        {each.id: each.version for each in chosen},
        holder=holder.id,
        to=other,
        key=sent.one("khoa"),
        asked=asked,
    )
    codes = {each.id: each.code for each in chosen}
    results = [(codes[each.id], each.done, _why(each)) for each in outcomes]
    return await _page(console, holder, "", [], results)


def _why(outcome: Outcome) -> str:
    return " ".join(
        text("console.reassign.wrong_role") if each.field == "holder" else fault_text(each)
        for each in outcome.why
    )


def _chosen(sent: Sent, found: list[Held]) -> list[Held]:
    """What was ticked, at the version that was shown; what is no longer held falls out."""
    seen: dict[str, str] = {}
    for each in sent.many("ho_so"):
        number, _, version = each.partition("@")
        seen[number] = version
    return [_as_seen(each, seen[str(each.id)]) for each in found if str(each.id) in seen]


def _as_seen(found: Held, version: str) -> Held:
    whole = typed.whole(version)
    return found if whole is None else msgspec.structs.replace(found, version=whole)


async def _people(console: Console) -> list[Colleague]:
    return await colleagues(console.house, console.desk, by=console.actor)


async def _active(console: Console) -> list[Colleague]:
    return [each for each in await _people(console) if each.active]


async def _person(console: Console, words: str) -> Colleague | None:
    """Who was named by number; somebody who left may still hold dossiers."""
    return next((each for each in await _people(console) if str(each.id) == words), None)


async def _held(console: Console, holder: Colleague | None) -> list[Held]:
    return [] if holder is None else await held(console.house, console.desk, holder.id)


async def _page(
    console: Console,
    holder: Colleague | None,
    other: str,
    faults: Faults,
    results: list[tuple[str, bool, str]] | None = None,
) -> Page:
    counts = await holders(console.house, console.desk)
    people = await _people(console)
    names = {
        each.definition.code: each.definition.name
        for each in console.house.catalogue.current(console.house.today())
    }
    return console.page(
        "reassign.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        counted=[(each, counts[each.id]) for each in people if each.id in counts],
        holder=holder,
        held=await _held(console, holder),
        names=names,
        others=[
            (
                each.username,
                f"{each.full_name} ({', '.join(text(f'role.{r}') for r in each.roles)})",
            )
            for each in people
            if each.active and each is not holder
        ],
        other=other,
        key=console.house.new_id().hex,
        results=results,
        faults=faults,
    )
