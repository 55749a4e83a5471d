"""The fees that the law leaves to a province, each amount with its day and its resolution."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console import typed
from motcua.console.frame import Console, Faults, TheConsole
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.tenant import FeeSet
from motcua.plugin.texts import fault_text, text
from motcua.services import fees
from motcua.services.change import digest
from motcua.storage.work import work
from motcua.ui.pages import Page

OPT = {"page": "fees"}
EMPTY = {"muc": "", "tu_ngay": "", "can_cu": ""}


@get("/le-phi", opt=OPT)
async def show(console: TheConsole) -> Page:
    """Every such fee, what is charged today and what follows."""
    today = console.house.today()
    return console.page("fees.html", lines=fees.fees(console.house, console.desk), today=today)


@get("/le-phi/{fee:str}", opt=OPT)
async def form(console: TheConsole, fee: FromPath[str]) -> Page:
    """The form of a new amount."""
    return await _form(console, fee, EMPTY, [])


@post("/le-phi/{fee:str}", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole, fee: FromPath[str]) -> Response[Any]:
    """Set the amount, or ask again with every fault."""
    sent = await console.sent()
    given = {name: sent.one(name) for name in EMPTY}
    amount, day = typed.whole(given["muc"]), typed.date(given["tu_ngay"])
    faults: Faults = []
    if amount is None:
        faults.append(("muc", text("console.fault.amount")))
    if day is None:
        faults.append(("tu_ngay", text("console.fault.date")))
    if not given["can_cu"]:
        faults.append(("can_cu", text("console.fault.empty")))
    if amount is not None and day is not None and not faults:
        made = FeeSet(fee=fee, amount=amount, valid_from=day, basis=given["can_cu"])
        asked = console.asked("fee", fee, sent.one("thay"))
        try:
            await fees.set_fee(console.house, console.desk, made, asked)
        except InvalidAnswersError as error:
            faults = [("tu_ngay", fault_text(each)) for each in error.faults]
        else:
            return console.done("fee")
    return await _form(console, fee, given, faults)


async def _form(console: Console, fee: str, given: dict[str, str], faults: Faults) -> Page:
    lines = {line.fee.id: line for line in fees.fees(console.house, console.desk)}
    if fee not in lines:
        raise fees.UnknownFeeError(fee=fee)
    async with work(console.house.engine, console.desk.id) as reading:
        seen = digest(await fees.fee_as_seen(fee)(reading))
    return console.page(
        "fee.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        line=lines[fee],
        given=given,
        faults=faults,
        seen=seen,
    )
