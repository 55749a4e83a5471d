"""Somebody proves who they are: password, and the second factor if they have one.

At a place to practise they prove it with the account they have at the unit: what was
closed or changed there holds here, and guesses are counted together.
"""

import re
import unicodedata

import msgspec

from motcua.domain.dossier import Role
from motcua.domain.errors import MotCuaError
from motcua.domain.tenant import practises
from motcua.services import attempts
from motcua.services.attempts import Attempt
from motcua.services.house import Desk, House, employing
from motcua.services.passwords import LONGEST, NOBODYS_HASH, in_thread, matches
from motcua.services.second_factor import use_code
from motcua.services.signin_log import Client, Happening, note
from motcua.storage.work import Work, work

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class SignInFailedError(MotCuaError):
    """User name, password or code is wrong; which of them is not said."""

    code = "staff.sign-in-failed"
    status = 401


class SecondFactorNeededError(MotCuaError):
    """The password is right; the code of the second factor is missing."""

    code = "session.second-factor"
    status = 401


class PasswordAtUnitError(SignInFailedError):
    """The password, given by somebody else, has to be changed at the unit before practising."""

    code = "practice.password-first"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Whose password and code were right."""

    id: int
    username: str
    full_name: str
    password_hash: str
    roles: tuple[Role, ...]
    given: bool
    second_factor: bool


async def prove(
    house: House,
    where: Desk,
    username: str,
    password: str,
    client: Client,
    *,
    code: str | None = "",
) -> Account:
    """Whose *username* and *password* these are; who proves it wholly is forgiven the failures.

    Args:
        house: The application's parts.
        where: The tenant.
        username: As it was typed.
        password: As it was typed.
        client: From where.
        code: Of the second factor; ``None`` if it is not asked for.

    Raises:
        SignInFailedError: no such account, or another password or code.
        PasswordAtUnitError: at a place to practise: the password has to be changed first.
        SecondFactorNeededError: the account has a second factor, and no code came.
        TooManyAttemptsError: the name or the address has to wait.
    """
    username = unicodedata.normalize("NFC", username).strip().lower()
    if not USERNAME.fullmatch(username) or len(password) > LONGEST:
        username = ""  # nobody's; takes the same time and is locked out like any other
    home = await employing(house, where)
    async with work(house.engine, home.id) as counting:
        attempt = await attempts.count(counting, username, client, house.now())
        account = await _find(counting, username)
    expected = account.password_hash if account else NOBODYS_HASH
    right = await in_thread(matches, expected, password)
    try:
        proven = await _judged(house, home, attempt, account if right else None, code)
    except SignInFailedError:
        await _note_refusal(house, home, attempt, account)
        raise
    return await _practising(house, where, proven) if practises(where.slug) else proven


async def _practising(house: House, where: Desk, proven: Account) -> Account:
    """The account at a place to practise of who proved theirs at its unit.

    It keeps the password's hash of the latest sign-in: sessions with another one are over.
    """
    if proven.given and house.strict_accounts:
        raise PasswordAtUnitError
    async with work(house.engine, where.id) as writing:
        account = await _find(writing, proven.username)
        if account is None:
            raise SignInFailedError
        if account.password_hash != proven.password_hash:
            await writing.execute(_END_SESSIONS, where.id, account.id)
            await writing.execute(_REMEMBER, where.id, account.id, proven.password_hash)
    return msgspec.structs.replace(proven, id=account.id, roles=account.roles)


async def _judged(
    house: House, home: Desk, attempt: Attempt, account: Account | None, code: str | None
) -> Account:
    """The *account* whose password was right, if its second factor is too."""
    if account is None:
        raise SignInFailedError
    asked = account.second_factor and code is not None
    if asked and not code:
        raise SecondFactorNeededError
    async with work(house.engine, home.id) as writing:
        if asked and not await use_code(writing, house, account.id, code or "", attempt.client):
            raise SignInFailedError
        # The password alone must not open another round of guessing the code.
        whole = asked or not account.second_factor
        await (attempts.forgive if whole else attempts.take_back)(writing, attempt)
    return account


async def _note_refusal(
    house: House, home: Desk, attempt: Attempt, account: Account | None
) -> None:
    staff_id = None if account is None else account.id
    kinds = [Happening.FAILED]
    kinds += [Happening.LOCKED] * attempt.locks_user
    kinds += [Happening.ADDRESS_LOCKED] * attempt.locks_address
    async with work(house.engine, home.id) as writing:
        for kind in kinds:
            await note(writing, house, kind, staff_id=staff_id, client=attempt.client)


async def _find(reading: Work, username: str) -> Account | None:
    row = await reading.fetchrow(_FIND, reading.tenant_id, username)
    return msgspec.convert(dict(row), Account) if row else None


_FIND = """
select s.id, s.username, s.full_name, s.password_hash, s.roles,
       s.password_given_at is not null as given,
       exists (select from staff_second_factor f
               where f.tenant_id = $1 and f.staff_id = s.id) as second_factor
from staff s where s.tenant_id = $1 and s.username = $2 and s.active
"""

_END_SESSIONS = "delete from staff_session where tenant_id = $1 and staff_id = $2"
_REMEMBER = """
update staff set password_hash = $3, password_given_at = null where tenant_id = $1 and id = $2
"""
