"""Accounts and roles of a tenant's people; what happens to an account is in its own log."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console.frame import Console, Faults, TheConsole
from motcua.console.grants import level
from motcua.domain.dossier import STAFF_ROLES, Role
from motcua.domain.errors import InvalidAnswersError
from motcua.plugin.texts import fault_text, text
from motcua.services import staff
from motcua.services.change import ChangedMeanwhileError, digest
from motcua.services.colleagues import Colleague, colleagues
from motcua.ui.client import client_of
from motcua.ui.pages import Page

OPT = {"page": "people"}
ABOVE = (Role.ADMIN, Role.SUPERVISOR)
"""The roles there are in a province, where nobody is received."""
ACTS: dict[str, Callable[..., Awaitable[None]]] = {
    "dong": staff.deactivate,
    "mo": staff.activate,
    "cho-vao": staff.unlock,
    "bo-xac-thuc": staff.reset_second_factor,
}
_FIELD = {
    "username": "ten_dang_nhap",
    "password": "mat_khau",
    "full_name": "ho_ten",
    "roles": "vai",
}


@get("/can-bo", opt=OPT)
async def show(console: TheConsole) -> Page:
    """Everybody, and the form for one more."""
    return await _page(console, {}, (), [])


@post("/can-bo", opt=OPT, status_code=HTTP_200_OK)
async def add(console: TheConsole) -> Response[Any]:
    """Open an account, or ask again with every fault."""
    sent = await console.sent()
    given = {name: sent.one(name) for name in ("ten_dang_nhap", "ho_ten")}
    faults = _role_faults(console, sent.many("vai"))
    if not given["ho_ten"]:
        faults.append(("ho_ten", text("console.fault.empty")))
    try:
        if not faults:
            await staff.create(
                console.house,
                console.desk,
                username=given["ten_dang_nhap"],
                password=sent.one("mat_khau"),
                roles=sent.many("vai"),
                full_name=given["ho_ten"],
                by=console.actor,
                client=client_of(console.request),
            )
            return console.done("staff")
    except InvalidAnswersError as error:
        faults = [(_FIELD[each.field], fault_text(each)) for each in error.faults]
    except staff.UsernameTakenError as error:
        faults = [("ten_dang_nhap", text(error.code, **error.fields))]
    return await _page(console, given, sent.many("vai"), faults)


@get("/can-bo/{person:int}", opt=OPT)
async def form(console: TheConsole, person: FromPath[int]) -> Page:
    """One account."""
    found = await _person(console, person)
    return _form(console, found, found.roles, [])


@post("/can-bo/{person:int}", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole, person: FromPath[int]) -> Response[Any]:
    """Change roles, give a password, close or open the account, let somebody in."""
    sent = await console.sent()
    found, what = await _person(console, person), sent.one("lam")
    told: dict[str, Any] = {"by": console.actor, "client": client_of(console.request)}
    if sent.one("thay") != _seen(found):
        raise ChangedMeanwhileError(subject=found.username)
    faults: Faults = []
    try:
        if what in ACTS:
            await ACTS[what](console.house, console.desk, person, **told)
        elif what == "mat-khau":
            password = sent.one("mat_khau")
            await staff.set_password(console.house, console.desk, person, password, **told)
        else:
            faults = _role_faults(console, sent.many("vai"))
            if not faults:
                roles = sent.many("vai")
                await staff.set_roles(console.house, console.desk, person, roles, **told)
    except InvalidAnswersError as error:
        faults = [(_FIELD[each.field], fault_text(each)) for each in error.faults]
    if faults:
        return _form(console, found, sent.many("vai") or found.roles, faults)
    return console.done("staff-changed", f"/{person}")


def _role_faults(console: Console, roles: tuple[str, ...]) -> Faults:
    """Refuse a role that does not exist at this level, and none at all."""
    if roles and set(roles) <= {role for role, _ in _roles(console)}:
        return []
    return [("vai", text("console.fault.choice"))]


def _roles(console: Console) -> list[tuple[str, str]]:
    """The roles that may be given here."""
    above = level(console.desk) == "province"
    found = ABOVE if above else tuple(role for role in STAFF_ROLES if role is not Role.SUPERVISOR)
    return [(role.value, text(f"role.{role.value}")) for role in found]


async def _person(console: Console, person: int) -> Colleague:
    found = await colleagues(console.house, console.desk, by=console.actor)
    for each in found:
        if each.id == person:
            return each
    raise staff.UnknownStaffError(account=person, tenant=console.desk.name)


def _seen(person: Colleague) -> str:
    return digest([person.roles, person.active, person.locked, person.second_factor])


async def _page(
    console: Console, given: dict[str, str], roles: tuple[str, ...], faults: Faults
) -> Page:
    return console.page(
        "people.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        people=await colleagues(console.house, console.desk, by=console.actor),
        roles=_roles(console),
        chosen=roles,
        given=given,
        faults=faults,
    )


def _form(console: Console, person: Colleague, roles: tuple[str, ...], faults: Faults) -> Page:
    return console.page(
        "person.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        person=person,
        own=person.id == console.actor.id,
        roles=_roles(console),
        chosen=roles,
        seen=_seen(person),
        faults=faults,
    )
