"""A commune more in the province, set up like another one."""

from typing import Any

from litestar import get, post
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console import typed
from motcua.console.frame import Console, Faults, TheConsole
from motcua.domain.errors import InvalidAnswersError
from motcua.plugin.texts import fault_text, text
from motcua.services.calendar import units
from motcua.services.open_unit import KINDS, NewUnit, open_unit
from motcua.ui.client import client_of
from motcua.ui.pages import Page

OPT = {"page": "new_unit"}
FIELDS = {
    "template": "mau",
    "kind": "loai",
    "name": "ten",
    "slug": "dia_chi",
    "code": "ma",
    "opened_on": "tu_ngay",
    "username": "ten_dang_nhap",
    "full_name": "ho_ten",
}
EMPTY = dict.fromkeys(FIELDS.values(), "") | {"loai": "commune"}


@get("/mo-don-vi", opt=OPT)
async def show(console: TheConsole) -> Page:
    """Ask what the unit is called and which it is set up like."""
    return await _page(console, EMPTY, [])


@post("/mo-don-vi", opt=OPT, status_code=HTTP_200_OK)
async def add(console: TheConsole) -> Response[Any]:
    """Open it and show the first password, this once; or ask again with every fault."""
    sent = await console.sent()
    given = {name: sent.one(name) for name in EMPTY}
    said: dict[str, Any] = {field: given[name] for field, name in FIELDS.items()}
    opened_on = typed.date(given["tu_ngay"])
    if opened_on is None:
        return await _page(console, given, [("tu_ngay", text("console.fault.date"))])
    new = NewUnit(**said | {"opened_on": opened_on})
    try:
        asked = console.asked("new_unit", new.name)
        client = client_of(console.request)
        password = await open_unit(console.house, console.desk, new, client, asked)
    except InvalidAnswersError as error:
        faults = [(FIELDS.get(each.field, "dia_chi"), fault_text(each)) for each in error.faults]
        return await _page(console, given, faults)
    return await _page(console, EMPTY, [], opened=new, password=password)


async def _page(console: Console, given: dict[str, str], faults: Faults, **opened: Any) -> Page:
    templates = await units(console.house, console.desk)
    return console.page(
        "new_unit.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        templates=[(each.slug, each.name) for each in templates],
        kinds=[(kind, text(f"tenants.type.{kind}")) for kind in KINDS],
        given=given,
        faults=faults,
        **{"opened": None, "password": ""} | opened,
    )
