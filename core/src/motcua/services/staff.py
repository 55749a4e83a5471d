"""Accounts of the people who work at a one-stop shop, and their signed-in sessions.

Passwords are hashed with argon2id in a thread; of a session only the hash of its
token is kept. Failed attempts are counted in the database, so every process sees
them, and a user name nobody has is answered exactly like a wrong password.
"""

import asyncio
import base64
import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from motcua.domain.dossier import STAFF_ROLES, Role
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Actor
from motcua.services.house import Desk, House
from motcua.storage.work import Work, work

SESSION_LENGTH = dt.timedelta(hours=12)
MOST_FAILURES = 5
"""Failures in a row after which a user name waits."""
_FIRST_WAIT = dt.timedelta(seconds=30)
_LONGEST_WAIT = dt.timedelta(minutes=15)
_TOKEN_BYTES = 32
_SHORTEST_PASSWORD = 8
_LONGEST_PASSWORD = 256
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_AT_ONCE = 2
"""Hashes computed at one time; each takes 19 MiB."""

# The second profile OWASP names for argon2id: little memory, so that a small server
# survives a rush of sign-ins.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class SignInFailedError(MotCuaError):
    """User name or password is wrong; which of them is not said."""

    code = "staff.sign-in-failed"
    status = 401


class TooManyAttemptsError(MotCuaError):
    """A user name was tried too often; holds after how many seconds to come back."""

    code = "staff.too-many-attempts"
    status = 429


class SignInRequiredError(MotCuaError):
    """Nobody is signed in, or the session has ended."""

    code = "staff.sign-in-required"
    status = 401


class UsernameTakenError(MotCuaError):
    """The tenant already has an account of that name."""

    code = "staff.username-taken"
    status = 409


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A new session; the only time its token is told."""

    token: str
    expires_at: dt.datetime
    name: str
    roles: tuple[Role, ...]


class _Account(msgspec.Struct, frozen=True):
    id: int
    full_name: str
    password_hash: str
    roles: tuple[Role, ...]


def hash_password(password: str) -> str:
    """The argon2id hash of *password*; takes some 20 ms of one core."""
    return _hasher.hash(unicodedata.normalize("NFC", password))


async def create(
    house: House,
    desk: Desk,
    *,
    username: str,
    password: str,
    roles: Iterable[str],
    full_name: str = "",
) -> int:
    """Open an account; answers its id.

    Raises:
        InvalidAnswersError: name, password or roles cannot be; holds all faults.
        UsernameTakenError: the tenant has an account of that name.
    """
    roles = tuple(roles)
    faults = _account_faults(username, password, roles)
    if faults:
        raise InvalidAnswersError(faults)
    hashed = await _in_thread(hash_password, password)
    async with work(house.engine, desk.id) as writing:
        row = await writing.fetchrow(
            _CREATE, desk.id, username, full_name or username, hashed, list(roles), house.now()
        )
    if row is None:
        raise UsernameTakenError(username=username, tenant=desk.slug)
    found: int = row["id"]
    return found


async def sign_in(house: House, desk: Desk, username: str, password: str) -> SignedIn:
    """Start a session.

    Raises:
        SignInFailedError: no such account, or another password.
        TooManyAttemptsError: the name was tried too often; wait.
    """
    username = unicodedata.normalize("NFC", username).strip().lower()
    if not _USERNAME.fullmatch(username) or len(password) > _LONGEST_PASSWORD:
        username = ""  # nobody's; takes the same time and is locked out like any other
    now = house.now()
    async with work(house.engine, desk.id) as counting:
        await _count_attempt(counting, username, now)
        account = await _account(counting, username)
    expected = account.password_hash if account else _nobodys_hash()
    if not await _in_thread(_matches, expected, password) or account is None:
        raise SignInFailedError
    return await _start(house, desk, username, account)


async def authenticate(house: House, desk: Desk, token: str) -> Actor:
    """Who holds *token*.

    Raises:
        SignInRequiredError: the token is unknown here, has expired, or the account is closed.
    """
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_HOLDER, desk.id, _digest(token), house.now())
    if row is None:
        raise SignInRequiredError
    return Actor(row["id"], row["full_name"], tuple(Role(role) for role in row["roles"]))


async def sign_out(house: House, desk: Desk, token: str) -> None:
    """End the session of *token*; one that is unknown has ended already."""
    async with work(house.engine, desk.id) as writing:
        await writing.execute(_END, desk.id, _digest(token))


async def forget_expired(house: House, tenant_id: int) -> None:
    """Delete sessions that have ended and attempts nobody waits for any more."""
    async with work(house.engine, tenant_id) as writing:
        await writing.execute(_FORGET_SESSIONS, tenant_id, house.now())
        await writing.execute(_FORGET_ATTEMPTS, tenant_id, house.now() - _LONGEST_WAIT)


async def _start(house: House, desk: Desk, username: str, account: _Account) -> SignedIn:
    """Store a new session and forgive the failures before it."""
    token = base64.urlsafe_b64encode(house.entropy(_TOKEN_BYTES)).decode().rstrip("=")
    now = house.now()
    expires_at = now + SESSION_LENGTH
    async with work(house.engine, desk.id) as writing:
        await writing.execute(_FORGIVE, desk.id, username)
        await writing.execute(_START, desk.id, _digest(token), account.id, now, expires_at)
    return SignedIn(token=token, expires_at=expires_at, name=account.full_name, roles=account.roles)


async def _count_attempt(work: Work, username: str, now: dt.datetime) -> None:
    """Count an attempt before it is judged, so that many at once do not pass uncounted."""
    row = await work.fetchrow(_COUNT_ATTEMPT, work.tenant_id, username, now)
    if row is None:
        waiting = await work.fetchrow(_WAITING, work.tenant_id, username)
        until = waiting["locked_until"] if waiting else None
        seconds = max(1, int((until - now).total_seconds()) + 1) if until else 1
        raise TooManyAttemptsError(retry_after=seconds)
    if row["failures"] >= MOST_FAILURES:
        wait = min(_FIRST_WAIT * 2 ** min(row["failures"] - MOST_FAILURES, 10), _LONGEST_WAIT)
        await work.execute(_LOCK, work.tenant_id, username, now + wait)


async def _account(work: Work, username: str) -> _Account | None:
    row = await work.fetchrow(_FIND, work.tenant_id, username)
    return msgspec.convert(dict(row), _Account) if row else None


def _account_faults(username: str, password: str, roles: tuple[str, ...]) -> list[FieldFault]:
    faults = []
    if not _USERNAME.fullmatch(username):
        faults.append(FieldFault("username", "staff.username-form"))
    if not _SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        told = {"least": _SHORTEST_PASSWORD, "most": _LONGEST_PASSWORD}
        faults.append(FieldFault("password", "staff.password-length", **told))
    options = ", ".join(STAFF_ROLES)
    if not roles:
        faults.append(FieldFault("roles", "field.missing", options=options))
    faults += [
        FieldFault("roles", "field.option", label=role, options=options)
        for role in roles
        if role not in STAFF_ROLES
    ]
    return faults


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _matches(expected: str, password: str) -> bool:
    try:
        return _hasher.verify(expected, unicodedata.normalize("NFC", password))
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    """What the password of an account that does not exist is held against."""
    return hash_password("nobody's password")


_gates: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def _in_thread(function: Any, *args: Any) -> Any:
    """Run *function* beside the event loop, few at a time."""
    gate = _gates.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE))
    async with gate:
        return await asyncio.to_thread(function, *args)


_CREATE = """
insert into staff (tenant_id, username, full_name, password_hash, roles, active, created_at)
values ($1, $2, $3, $4, $5, true, $6)
on conflict (tenant_id, username) do nothing returning id
"""

_FIND = """
select id, full_name, password_hash, roles from staff
where tenant_id = $1 and username = $2 and active
"""

_COUNT_ATTEMPT = """
insert into login_attempt as a (tenant_id, username, failures) values ($1, $2, 1)
on conflict (tenant_id, username) do update set failures = a.failures + 1, locked_until = null
where a.locked_until is null or a.locked_until <= $3
returning failures
"""

_WAITING = "select locked_until from login_attempt where tenant_id = $1 and username = $2"
_LOCK = "update login_attempt set locked_until = $3 where tenant_id = $1 and username = $2"
_FORGIVE = "delete from login_attempt where tenant_id = $1 and username = $2"

_START = """
insert into staff_session (tenant_id, token_hash, staff_id, created_at, expires_at)
values ($1, $2, $3, $4, $5)
"""

_HOLDER = """
select s.id, s.full_name, s.roles
from staff_session t join staff s on s.tenant_id = t.tenant_id and s.id = t.staff_id
where t.tenant_id = $1 and t.token_hash = $2 and t.expires_at > $3 and s.active
"""

_END = "delete from staff_session where tenant_id = $1 and token_hash = $2"
_FORGET_SESSIONS = "delete from staff_session where tenant_id = $1 and expires_at <= $2"
_FORGET_ATTEMPTS = """
delete from login_attempt
where tenant_id = $1 and (locked_until is null or locked_until <= $2)
"""
