"""The bank account that people transfer fees to."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console.frame import Console, Faults, Sent, TheConsole
from motcua.domain.transfer import BankAccount, vietqr
from motcua.plugin.texts import text
from motcua.services import transfers
from motcua.services.attempts import TooManyAttemptsError
from motcua.services.change import digest
from motcua.services.own_account import NotConfirmedError, confirm
from motcua.services.transfers import TransfersWaitError
from motcua.services.unit import settings_as_seen
from motcua.storage.work import work
from motcua.ui.client import client_of
from motcua.ui.pages import Page

OPT = {"page": "bank_account"}
FIELDS = ("bank", "bin", "number", "holder")
_WRONG = {"bin": "console.account.bad_bin", "number": "console.account.bad_number"}


@get("/tai-khoan", opt=OPT)
async def show(console: TheConsole) -> Page:
    """The account, and a code to try it."""
    own = console.desk.settled[-1].get("bank_account") or {}
    return await _page(console, {name: own.get(name, "") for name in FIELDS}, [])


@post("/tai-khoan", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole) -> Response[Any]:
    """Keep it once its administrator has typed the password again, or ask with every fault."""
    sent = await console.sent()
    given = _given(sent)
    account = msgspec.convert(given, BankAccount) if _whole(given) else None
    faults = _faults(given) if any(given.values()) else []
    if not faults:
        asked = console.asked("bank_account", console.desk.name, sent.one("thay"))
        try:
            await confirm(
                *(console.house, console.desk, console.actor),
                sent.one("mat_khau"),
                client_of(console.request),
            )
            await transfers.set_account(console.house, console.desk, account, asked)
        except (NotConfirmedError, TooManyAttemptsError) as error:
            faults = [("mat_khau", text(error.code, **error.fields))]
        except TransfersWaitError as error:
            faults = [("bank", text(error.code, **error.fields))]
        else:
            return console.done("account")
    return await _page(console, given, faults)


def _whole(given: dict[str, str]) -> bool:
    return any(given.values()) and not _faults(given)


def _given(sent: Sent) -> dict[str, str]:
    """What was typed; banks print their numbers in groups."""
    given = {name: sent.one(name) for name in FIELDS}
    return given | {name: "".join(given[name].split()) for name in ("bin", "number")}


def _faults(given: dict[str, str]) -> Faults:
    faults: Faults = []
    for field in msgspec.structs.fields(BankAccount):
        said = given[field.name]
        if not said:
            faults.append((field.name, text("console.account.missing")))
            continue
        try:
            msgspec.convert(said, field.type)
        except msgspec.ValidationError:
            key = _WRONG.get(field.name, "console.fault.long")
            faults.append((field.name, text(key, most=100)))
    return faults


async def _page(console: Console, given: dict[str, str], faults: Faults) -> Page:
    async with work(console.house.engine, console.desk.id) as reading:
        seen = digest(await settings_as_seen("bank_account")(reading))
    account = transfers.account_of(console.house, console.desk)
    return console.page(
        "account.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        given=given,
        faults=faults,
        seen=seen,
        code=vietqr(account) if account else "",
    )
