"""Signing in."""

import datetime as dt

import msgspec

from motcua.domain.dossier import Role
from motcua.services import sessions
from motcua.services.house import Desk, House
from motcua.services.proof import Account, SignInFailedError, prove
from motcua.services.sessions import Due
from motcua.services.signin_log import Client, Happening, note
from motcua.storage.work import work


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A new session; the only time its token is told.

    Attributes:
        due: What has to be done before anything else.
    """

    token: str
    expires_at: dt.datetime
    name: str
    roles: tuple[Role, ...]
    due: tuple[Due, ...]


async def sign_in(
    house: House, desk: Desk, username: str, password: str, client: Client, *, code: str = ""
) -> SignedIn:
    """Start a session.

    Args:
        house: The application's parts.
        desk: The tenant.
        username: As it was typed.
        password: As it was typed.
        client: From where.
        code: Of the second factor, if the account has one.

    Raises:
        SignInFailedError: no such account, or another password or code.
        SecondFactorNeededError: the account has a second factor, and no code came.
        TooManyAttemptsError: the name or the address was tried too often; wait.
    """
    account = await prove(house, desk, username, password, client, code=code)
    async with work(house.engine, desk.id) as writing:
        if await writing.fetchrow(_STILL, desk.id, account.id, account.password_hash) is None:
            raise SignInFailedError  # closed or given another password this very moment
        begun = await sessions.begin(writing, house, account.id, client)
        await note(writing, house, Happening.SIGNED_IN, staff_id=account.id, client=client)
    return SignedIn(
        token=begun.token,
        expires_at=begun.expires_at,
        name=account.full_name,
        roles=account.roles,
        due=_due(house, account),
    )


def _due(house: House, account: Account) -> tuple[Due, ...]:
    return sessions.due(
        house, account.roles, given=account.given, second_factor=account.second_factor
    )


_STILL = """
select id from staff where tenant_id = $1 and id = $2 and password_hash = $3 and active for share
"""
