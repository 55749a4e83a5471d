"""A dossier entered by mistake is taken back here, by two persons, without being read."""

from typing import Any

from litestar import get, post
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console.frame import Console, Faults, TheConsole
from motcua.domain.dossier import StepNotAllowedError
from motcua.domain.errors import InvalidAnswersError
from motcua.plugin.texts import fault_text, text
from motcua.services.attempts import TooManyAttemptsError
from motcua.services.mistakes import take_back
from motcua.ui.client import client_of
from motcua.ui.pages import Page

OPT = {"page": "mistakes"}
FIELDS = {"code": "ma", "reason": "ly_do", "second": "nguoi_hai", "second_person": "nguoi_hai"}
EMPTY = dict.fromkeys(("ma", "ly_do", "nguoi_hai"), "")


@get("/go-nham", opt=OPT)
async def show(console: TheConsole) -> Page:
    """Ask which dossier, why, and who the second person is."""
    return _page(console, EMPTY, [])


@post("/go-nham", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole) -> Response[Any]:
    """Take it back, or ask again with every fault."""
    sent = await console.sent()
    given = {name: sent.one(name) for name in EMPTY}
    names = (*EMPTY, "mat_khau")
    faults: Faults = [(name, text("console.fault.empty")) for name in names if not sent.one(name)]
    if faults:
        return _page(console, given, faults)
    try:
        await take_back(
            console.house,
            console.desk,
            console.actor,
            code=given["ma"],
            reason=given["ly_do"],
            second=given["nguoi_hai"].lower(),
            password=sent.one("mat_khau"),
            client=client_of(console.request),
        )
    except InvalidAnswersError as error:
        faults = [(FIELDS.get(each.field, "ma"), fault_text(each)) for each in error.faults]
    except TooManyAttemptsError as error:
        faults = [("nguoi_hai", text(error.code, **error.fields))]
    except StepNotAllowedError:
        faults = [("ma", text("config.decided-already", code=given["ma"]))]
    if faults:
        return _page(console, given, faults)
    return console.done("mistake")


def _page(console: Console, given: dict[str, str], faults: Faults) -> Page:
    return console.page(
        "mistakes.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        given=given,
        faults=faults,
    )
