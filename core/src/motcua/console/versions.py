"""A province publishes new versions of procedures, after seeing what they change."""

from typing import Any

from litestar import get, post
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console.frame import Console, Faults, TheConsole
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.definitions import read_definition_text
from motcua.plugin.texts import text, texts
from motcua.services import versions
from motcua.services.change import digest
from motcua.services.publish import NoOwnerForProcedureError
from motcua.services.versions import Consequence
from motcua.ui.pages import Page

OPT = {"page": "versions"}


@get("/phien-ban", opt=OPT)
async def show(console: TheConsole) -> Page:
    """Ask for the text of a definition file."""
    return _page(console, "", [])


@post("/phien-ban", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole) -> Response[Any]:
    """Show what the text changes; after that, publish exactly that."""
    sent = await console.sent()
    source = sent.one("noi_dung")
    definitions, faults = _read(source)
    if faults:
        return _page(console, source, faults)
    try:
        found = await versions.consequences(console.house, console.desk, definitions)
    except NoOwnerForProcedureError as error:
        return _page(console, source, [("noi_dung", text(error.code, **error.fields))])
    if sent.one("lam") != "cong-bo":
        return _page(console, source, [], found)
    if not sent.has("da_xem"):
        return _page(console, source, [("da_xem", text("console.moves.not-seen"))], found)
    if sent.one("thay") != _seen(found):
        return _page(console, source, [("noi_dung", text("console.version.changed"))], found)
    codes = ", ".join(sorted({each.code for each in definitions}))
    await versions.publish(
        console.house, console.desk, definitions, console.asked("version", codes)
    )
    return console.done("version")


def _read(source: str) -> tuple[list[ProcedureDefinition], Faults]:
    """The definitions in *source*, or every fault with its place and what to do."""
    if not source:
        return [], [("noi_dung", text("console.fault.empty"))]
    definitions, faults = read_definition_text(source)
    if not definitions and not faults:
        return [], [("noi_dung", text("console.version.nothing"))]
    return definitions, [
        ("noi_dung", " ".join(filter(None, (f"{each.key}:", *_told(each))))) for each in faults
    ]


def _told(fault: Any) -> tuple[str, str]:
    hint = f"{fault.code}.hint"
    return text(fault.code, **fault.told), text(hint, **fault.told) if hint in texts("vi") else ""


def _seen(found: list[Consequence]) -> str:
    return digest([(each.definition.version_id, each.running, each.known) for each in found])


def _page(
    console: Console, source: str, faults: Faults, found: list[Consequence] | None = None
) -> Page:
    return console.page(
        "versions.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        source=source,
        faults=faults,
        found=found or [],
        previewed=found is not None,
        fresh=sum(not each.known for each in found or []),
        running=sum(each.running for each in found or []),
        seen=_seen(found or []),
    )
