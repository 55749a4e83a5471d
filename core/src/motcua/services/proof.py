"""Somebody proves who they are: password, and the second factor if they have one."""

import re
import unicodedata

import msgspec

from motcua.domain.dossier import Role
from motcua.domain.errors import MotCuaError
from motcua.services import attempts
from motcua.services.attempts import Attempt
from motcua.services.house import Desk, House
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
    desk: Desk,
    username: str,
    password: str,
    client: Client,
    *,
    code: str | None = "",
) -> Account:
    """Whose *username* and *password* these are; who proves it wholly is forgiven the failures.

    Args:
        house: The application's parts.
        desk: The tenant.
        username: As it was typed.
        password: As it was typed.
        client: From where.
        code: Of the second factor; ``None`` if it is not asked for.

    Raises:
        SignInFailedError: no such account, or another password or code.
        SecondFactorNeededError: the account has a second factor, and no code came.
        TooManyAttemptsError: the name or the address has to wait.
    """
    username = unicodedata.normalize("NFC", username).strip().lower()
    if not USERNAME.fullmatch(username) or len(password) > LONGEST:
        username = ""  # nobody's; takes the same time and is locked out like any other
    async with work(house.engine, desk.id) as counting:
        attempt = await attempts.count(counting, username, client, house.now())
        account = await _find(counting, username)
    expected = account.password_hash if account else NOBODYS_HASH
    right = await in_thread(matches, expected, password)
    try:
        return await _judged(house, desk, attempt, account if right else None, code)
    except SignInFailedError:
        await _note_refusal(house, desk, attempt, account)
        raise


async def _judged(
    house: House, desk: Desk, attempt: Attempt, account: Account | None, code: str | None
) -> Account:
    """The *account* whose password was right, if its second factor is too."""
    if account is None:
        raise SignInFailedError
    asked = account.second_factor and code is not None
    if asked and not code:
        raise SecondFactorNeededError
    async with work(house.engine, desk.id) as writing:
        if asked and not await use_code(writing, house, account.id, code or "", attempt.client):
            raise SignInFailedError
        # The password alone must not open another round of guessing the code.
        whole = asked or not account.second_factor
        await (attempts.forgive if whole else attempts.take_back)(writing, attempt)
    return account


async def _note_refusal(
    house: House, desk: Desk, attempt: Attempt, account: Account | None
) -> None:
    staff_id = None if account is None else account.id
    kinds = [Happening.FAILED]
    kinds += [Happening.LOCKED] * attempt.locks_user
    kinds += [Happening.ADDRESS_LOCKED] * attempt.locks_address
    async with work(house.engine, desk.id) as writing:
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
