"""How the unit looks: its crest and its colour, with what they make of a page."""

import base64
from typing import Any

from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console.frame import Console, Faults, Sent, TheConsole
from motcua.domain.colour import colour, readable, tint
from motcua.domain.errors import InvalidAnswersError, MotCuaError
from motcua.plugin.texts import fault_text, text
from motcua.services import look
from motcua.services.change import digest
from motcua.services.look import MOST_BYTES, MOST_POINTS, Picture
from motcua.storage.work import work
from motcua.ui.format import file_size
from motcua.ui.pages import Page

OPT = {"page": "look"}
USUAL = "#8a1010"
"""The colour of pages without one of their own; it stands in the tokens."""


@get("/hinh-thuc", opt=OPT)
async def show(console: TheConsole) -> Page:
    """The crest and the colour as they are."""
    return await _page(console, {"mau": console.desk.settings.get("brand", "")}, [])


@post("/hinh-thuc", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole) -> Response[Any]:
    """Show what a colour and a crest make of a page; after that, or at once, keep them."""
    sent = await console.sent()
    given = {"mau": sent.one("mau"), "bo": "1" if sent.has("bo") else ""}
    brand = colour(given["mau"])
    faults: Faults = []
    if given["mau"] and brand is None:
        faults.append(("mau", text("console.look.no-colour")))
    picture, wrong = await _picture(console, sent)
    faults += wrong
    if picture is not None:  # a file would not survive a page that asks once more
        console.request.state.sent["da_xem"] = _written(picture)
    if not faults and sent.one("lam") != "xem":
        asked = console.asked("look", console.desk.name, sent.one("thay"))
        try:
            await look.set_look(
                console.house, console.desk, brand, picture, drop=bool(given["bo"]), asked=asked
            )
        except InvalidAnswersError as error:
            faults = [(each.field, fault_text(each)) for each in error.faults]
        else:
            return console.done("look")
    return await _page(console, given, faults, picture)


async def _picture(console: Console, sent: Sent) -> tuple[Picture | None, Faults]:
    """The picture that was chosen, or seen in the preview before."""
    form = await console.request.form()
    chosen = form.get("tep")
    content = await chosen.read() if isinstance(chosen, UploadFile) else b""
    if not content:
        try:
            content = base64.b64decode(sent.one("da_xem"), validate=True)
        except ValueError:  # nothing a page of ours has sent
            content = b""
    if not content:
        return None, []
    try:
        return await look.picture(console.house, content), []
    except MotCuaError as error:
        told = {"name": text("console.look.file"), "size": "", "most": file_size(MOST_BYTES)}
        return None, [("tep", text(error.code, **error.fields | told))]


async def _page(
    console: Console, given: dict[str, str], faults: Faults, picture: Picture | None = None
) -> Page:
    async with work(console.house.engine, console.desk.id) as reading:
        seen = digest(await look.look_as_seen(reading))
    brand = colour(given["mau"]) or console.desk.settings.get("brand") or USUAL
    crest = "" if given.get("bo") else look.look(console.desk).crest
    shown = _written(picture) if picture else ""
    if picture:
        crest = f"data:{picture.kind.media_type};base64,{shown}"
    return console.page(
        "look.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        given=given,
        faults=faults,
        seen=seen,
        brand=brand,
        tint=tint(brand),
        ratio=readable(brand),
        crest=crest,
        shown=shown,
        own_crest=look.own_crest(console.desk),
        most=file_size(MOST_BYTES),
        points=MOST_POINTS,
    )


def _written(picture: Picture) -> str:
    """A picture as a hidden field holds it."""
    return base64.b64encode(picture.content).decode()
