"""Keys of other programs: made, shown once, withdrawn."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console import typed
from motcua.console.frame import Console, Faults, TheConsole
from motcua.domain.errors import InvalidAnswersError
from motcua.plugin.texts import text
from motcua.services import api_keys
from motcua.services.api_keys import Key, Scope
from motcua.services.change import digest
from motcua.storage.work import work
from motcua.ui.pages import Page

OPT = {"page": "api_keys"}
FIELDS = {"name": "ten", "scopes": "pham_vi", "expires_on": "het_han"}
WORDS = {
    "field.missing": "console.fault.empty",
    "field.too-long": "console.fault.long",
    "field.option": "console.keys.choose",
    "api-key.over": "console.keys.over",
}
EMPTY = {"ten": "", "het_han": ""}


@get("/khoa-api", opt=OPT)
async def show(console: TheConsole) -> Page:
    """Every key, and the form for one more."""
    return await _page(console, EMPTY, (), [])


@post("/khoa-api", opt=OPT, status_code=HTTP_200_OK)
async def add(console: TheConsole) -> Response[Any]:
    """Make a key and show it, this once; or ask again with every fault."""
    sent = await console.sent()
    given = {name: sent.one(name) for name in EMPTY}
    scopes, ends = sent.many("pham_vi"), typed.date(given["het_han"])
    if given["het_han"] and ends is None:
        return await _page(console, given, scopes, [("het_han", text("console.fault.date"))])
    try:
        key = await api_keys.create(
            console.house,
            console.desk,
            name=given["ten"],
            scopes=scopes,
            expires_on=ends,
            asked=console.asked("api_key", given["ten"], sent.one("thay")),
        )
    except InvalidAnswersError as error:
        faults = [
            (FIELDS[each.field], text(WORDS[each.fault], **each.fields)) for each in error.faults
        ]
        return await _page(console, given, scopes, faults)
    return await _page(console, EMPTY, (), [], made=key)


@post("/khoa-api/{key:uuid}", opt=OPT, status_code=HTTP_200_OK)
async def revoke(console: TheConsole, key: FromPath[UUID]) -> Response[Any]:
    """Withdraw a key."""
    sent = await console.sent()
    asked = console.asked("api_key", sent.one("ten"), sent.one("thay"))
    await api_keys.revoke(console.house, console.desk, key, asked)
    return console.done("key-revoked")


async def _page(
    console: Console,
    given: dict[str, str],
    scopes: tuple[str, ...],
    faults: Faults,
    made: str = "",
) -> Page:
    async with work(console.house.engine, console.desk.id) as reading:
        found = await api_keys.keys(reading)
        seen = digest(await api_keys.as_seen(reading))
    return console.page(
        "api_keys.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        keys=[(each, _state(console, each)) for each in found],
        all_scopes=[(each.value, text(f"console.value.{each}")) for each in Scope],
        scopes=scopes,
        address=f"/t/{console.desk.slug}/api/v1",
        made=made,
        given=given,
        seen=seen,
        faults=faults,
    )


def _state(console: Console, key: Key) -> str:
    if key.revoked_at is not None:
        return "revoked"
    over = key.expires_on is not None and key.expires_on < console.house.today()
    return "over" if over else "holds"
