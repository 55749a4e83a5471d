"""Accounts of the people who work at a one-stop shop, as their administrator keeps them.

Who does it is named by ``by``; without it the command line does. Nobody changes their
own rights, and the last administrator stays. What takes rights away ends the sessions:
it holds from the next request in every process.
"""

from collections.abc import Iterable
from typing import Any

from motcua.domain.dossier import STAFF_ROLES, Role
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Actor
from motcua.services import attempts, passwords, second_factor, sessions
from motcua.services.house import Desk, House
from motcua.services.proof import USERNAME
from motcua.services.signin_log import COMMAND_LINE, Client, Happening, note
from motcua.storage.work import Work, work

_LONGEST_NAME = 200


class UsernameTakenError(MotCuaError):
    """The tenant already has an account of that name."""

    code = "staff.username-taken"
    status = 409


class UnknownStaffError(MotCuaError):
    """The tenant has no such account."""

    code = "staff.unknown"
    status = 404


class NotAdministratorError(MotCuaError):
    """Somebody who is no administrator wanted to change accounts."""

    code = "staff.not-administrator"
    status = 403


class OwnRightsError(MotCuaError):
    """Somebody wanted to change their own rights."""

    code = "staff.own-rights"
    status = 403


class LastAdministratorError(MotCuaError):
    """Without this account nobody could administer the tenant any more."""

    code = "staff.last-administrator"
    status = 409


async def create(
    house: House,
    desk: Desk,
    *,
    username: str,
    password: str,
    roles: Iterable[str],
    full_name: str = "",
    permanent: bool = False,
    by: Actor | None = None,
    client: Client = COMMAND_LINE,
) -> int:
    """Open an account; answers its id.

    Args:
        house: The application's parts.
        desk: The tenant.
        username: What the person signs in with.
        password: The first one.
        roles: What the person does.
        full_name: As it stands on papers.
        permanent: Whether the person chose the password; else they change it at first.
        by: The administrator.
        client: From where.

    Raises:
        InvalidAnswersError: name, password or roles cannot be; holds all faults.
        UsernameTakenError: the tenant has an account of that name.
        NotAdministratorError: *by* is none.
    """
    roles = tuple(dict.fromkeys(roles))
    by_administrator(by)
    faults = _username_faults(username) + passwords.faults("password", password, username)
    _refuse(faults + _name_faults(full_name) + _role_faults(roles))
    hashed = await passwords.in_thread(passwords.hash_password, password)
    given_at = None if permanent else house.now()
    args = (username, full_name or username, hashed, list(roles), house.now(), given_at)
    async with work(house.engine, desk.id) as writing:
        row = await writing.fetchrow(_CREATE, desk.id, *args)
        if row is None:
            raise UsernameTakenError(username=username, tenant=desk.slug)
        detail = ", ".join(roles)
        await _note(writing, house, Happening.CREATED, row["id"], by, client, detail)
    found: int = row["id"]
    return found


async def named(house: House, desk: Desk, username: str) -> Actor:
    """The member of staff in whose name a command is run.

    Raises:
        UnknownStaffError: there is no active account of that name.
    """
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_NAMED, desk.id, username)
    if row is None:
        raise UnknownStaffError(account=username, tenant=desk.name)
    return Actor(row["id"], row["full_name"], tuple(map(Role, row["roles"])))


async def account_id(house: House, desk: Desk, username: str) -> int:
    """The id of the account called *username*.

    Raises:
        UnknownStaffError: there is none.
    """
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_ID, desk.id, username)
    if row is None:
        raise UnknownStaffError(account=username, tenant=desk.name)
    found: int = row["id"]
    return found


async def set_roles(
    house: House,
    desk: Desk,
    staff_id: int,
    roles: Iterable[str],
    *,
    by: Actor | None = None,
    client: Client = COMMAND_LINE,
) -> None:
    """Give a colleague these roles and no other; they sign in again.

    Raises:
        InvalidAnswersError: there is no such role, or none at all.
        LastAdministratorError: nobody else is an administrator.
        NotAdministratorError: *by* is none.
        OwnRightsError: *by* would change their own.
        UnknownStaffError: there is no such account.
    """
    roles = tuple(dict.fromkeys(roles))
    by_administrator(by, staff_id)
    _refuse(_role_faults(roles))
    async with work(house.engine, desk.id) as writing:
        before = await _locked(writing, desk, staff_id, keeps=Role.ADMIN in roles)
        if set(before["roles"]) == set(roles):
            return
        await writing.execute(_SET_ROLES, desk.id, staff_id, list(roles))
        await sessions.forget_all(writing, staff_id)
        detail = f"{', '.join(before['roles'])} → {', '.join(roles)}"
        await _note(writing, house, Happening.ROLES_CHANGED, staff_id, by, client, detail)


async def deactivate(
    house: House,
    desk: Desk,
    staff_id: int,
    *,
    by: Actor | None = None,
    client: Client = COMMAND_LINE,
) -> None:
    """Close an account; what its owner did stays.

    Raises:
        LastAdministratorError: nobody else is an administrator.
        NotAdministratorError: *by* is none.
        OwnRightsError: it is the account of *by*.
        UnknownStaffError: there is no such account.
    """
    by_administrator(by, staff_id)
    async with work(house.engine, desk.id) as writing:
        before = await _locked(writing, desk, staff_id, keeps=False)
        if not before["active"]:
            return
        await writing.execute(_SET_ACTIVE, desk.id, staff_id, False)
        await sessions.forget_all(writing, staff_id)
        await _note(writing, house, Happening.DEACTIVATED, staff_id, by, client)


async def activate(
    house: House,
    desk: Desk,
    staff_id: int,
    *,
    by: Actor | None = None,
    client: Client = COMMAND_LINE,
) -> None:
    """Open a closed account again.

    Raises:
        NotAdministratorError: *by* is none.
        UnknownStaffError: there is no such account.
    """
    by_administrator(by)
    async with work(house.engine, desk.id) as writing:
        before = await _locked(writing, desk, staff_id)
        if not before["active"]:
            await writing.execute(_SET_ACTIVE, desk.id, staff_id, True)
            await _note(writing, house, Happening.ACTIVATED, staff_id, by, client)


async def unlock(
    house: House,
    desk: Desk,
    staff_id: int,
    *,
    by: Actor | None = None,
    client: Client = COMMAND_LINE,
) -> None:
    """Let a colleague in at once who has to wait after too many failures.

    Raises:
        NotAdministratorError: *by* is none.
        UnknownStaffError: there is no such account.
    """
    by_administrator(by)
    async with work(house.engine, desk.id) as writing:
        found = await _locked(writing, desk, staff_id)
        await attempts.unlock(writing, found["username"])
        await _note(writing, house, Happening.UNLOCKED, staff_id, by, client)


async def reset_second_factor(
    house: House,
    desk: Desk,
    staff_id: int,
    *,
    by: Actor | None = None,
    client: Client = COMMAND_LINE,
) -> None:
    """Take a colleague's second factor away, with their sessions: their telephone is lost.

    Raises:
        NotAdministratorError: *by* is none.
        OwnRightsError: it is the second factor of *by*.
        UnknownStaffError: there is no such account.
    """
    by_administrator(by, staff_id)
    async with work(house.engine, desk.id) as writing:
        await _locked(writing, desk, staff_id)
        await second_factor.drop(writing, staff_id)
        await sessions.forget_all(writing, staff_id)
        await _note(writing, house, Happening.SECOND_FACTOR_RESET, staff_id, by, client)


async def set_password(
    house: House,
    desk: Desk,
    staff_id: int,
    password: str,
    *,
    by: Actor | None = None,
    client: Client = COMMAND_LINE,
) -> None:
    """Give a colleague who forgot theirs a password, which they change at the next sign-in.

    Raises:
        InvalidAnswersError: the password is refused; holds why.
        NotAdministratorError: *by* is none.
        OwnRightsError: it is the password of *by*, who knows it and can change it.
        UnknownStaffError: there is no such account.
    """
    by_administrator(by, staff_id)
    async with work(house.engine, desk.id) as reading:
        found = await _locked(reading, desk, staff_id)
    _refuse(passwords.faults("password", password, found["username"]))
    hashed = await passwords.in_thread(passwords.hash_password, password)
    async with work(house.engine, desk.id) as writing:
        await writing.execute(_GIVE, desk.id, staff_id, hashed, house.now())
        await attempts.unlock(writing, found["username"])
        await sessions.forget_all(writing, staff_id)
        await _note(writing, house, Happening.PASSWORD_SET, staff_id, by, client)


def by_administrator(by: Actor | None, staff_id: int | None = None) -> None:
    """Refuse whoever may not change accounts, or wants to change their own.

    Raises:
        NotAdministratorError: *by* is none.
        OwnRightsError: it is the account of *by*.
    """
    if by is None:
        return
    if Role.ADMIN not in by.roles:
        raise NotAdministratorError(name=by.name)
    if staff_id is not None and by.id == staff_id:
        raise OwnRightsError


async def _locked(writing: Work, desk: Desk, staff_id: int, *, keeps: bool = True) -> Any:
    """The account, locked; unless it *keeps* being an administrator, another one must be left.

    All administrators are locked, in order: of two who close each other's account at
    once, the second waits and is refused.
    """
    rows = await writing.fetch(_LOCK, desk.id, staff_id, Role.ADMIN)
    found = next((row for row in rows if row["id"] == staff_id), None)
    if found is None:
        raise UnknownStaffError(account=staff_id, tenant=desk.name)
    was = found["active"] and Role.ADMIN in found["roles"]
    if was and not keeps and len(rows) == 1:
        raise LastAdministratorError(name=found["full_name"])
    return found


async def _note(
    writing: Work,
    house: House,
    kind: Happening,
    staff_id: int,
    by: Actor | None,
    client: Client,
    detail: str = "",
) -> None:
    by_id = None if by is None else by.id
    await note(writing, house, kind, staff_id=staff_id, client=client, by_id=by_id, detail=detail)


def _refuse(faults: list[FieldFault]) -> None:
    if faults:
        raise InvalidAnswersError(faults)


def _username_faults(username: str) -> list[FieldFault]:
    right = USERNAME.fullmatch(username)
    return [] if right else [FieldFault("username", "staff.username-form")]


def _name_faults(full_name: str) -> list[FieldFault]:
    right = len(full_name) <= _LONGEST_NAME and full_name.isprintable()
    return [] if right else [FieldFault("full_name", "staff.name-form", most=_LONGEST_NAME)]


def _role_faults(roles: tuple[str, ...]) -> list[FieldFault]:
    options = ", ".join(STAFF_ROLES)
    if not roles:
        return [FieldFault("roles", "field.missing", options=options)]
    return [
        FieldFault("roles", "field.option", label=role, options=options)
        for role in roles
        if role not in STAFF_ROLES
    ]


_CREATE = """
insert into staff (tenant_id, username, full_name, password_hash, roles, active, created_at,
                   password_given_at)
values ($1, $2, $3, $4, $5, true, $6, $7)
on conflict (tenant_id, username) do nothing returning id
"""

_ID = "select id from staff where tenant_id = $1 and username = $2"

_NAMED = "select id, full_name, roles from staff where tenant_id = $1 and username = $2 and active"

_LOCK = """
select id, username, full_name, roles, active from staff
where tenant_id = $1 and (id = $2 or active and $3 = any(roles)) order by id for update
"""

_SET_ROLES = "update staff set roles = $3 where tenant_id = $1 and id = $2"
_SET_ACTIVE = "update staff set active = $3 where tenant_id = $1 and id = $2"
_GIVE = """
update staff set password_hash = $3, password_given_at = $4 where tenant_id = $1 and id = $2
"""
