"""What people change of their own account: password, second factor, recovery codes.

Each asks for the password again, so that an unattended screen changes nothing; each
gives the session another token and ends the other sessions.
"""

import base64

import msgspec

from motcua.domain import totp
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Actor
from motcua.domain.tenant import practises
from motcua.services import passwords, second_factor, sessions
from motcua.services.house import Desk, House
from motcua.services.proof import SecondFactorNeededError, SignInFailedError, prove
from motcua.services.seal import seal, unseal
from motcua.services.second_factor import SecondFactorOnError
from motcua.services.sessions import Begun, Holder
from motcua.services.signin_log import Client, Happening, note
from motcua.storage.work import Work, work

ISSUER = "Một Cửa"


class NotConfirmedError(MotCuaError):
    """The password or the code that confirms a change is wrong; which of them is not said."""

    code = "staff.not-confirmed"
    status = 403


class AccountOfUnitError(MotCuaError):
    """At a place to practise somebody wanted to change the account, which is the unit's."""

    code = "practice.account"
    status = 409


class Draft(msgspec.Struct, frozen=True):
    """A second factor that is being set up.

    Attributes:
        sealed: What the form brings back; only this account can use it.
        written: The secret as one types it.
        address: The same as an authenticator app scans it.
    """

    sealed: str
    written: str
    address: str


async def confirm(house: House, desk: Desk, who: Actor, password: str, client: Client) -> None:
    """Refuse what somebody else might ask for at a screen that *who* left.

    Raises:
        NotConfirmedError: *password* is not theirs.
        TooManyAttemptsError: it was tried too often.
    """
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_USERNAME, desk.id, who.id)
    try:
        await prove(house, desk, row["username"] if row else "", password, client, code=None)
    except SignInFailedError as error:
        raise NotConfirmedError from error


async def change_password(
    house: House, desk: Desk, who: Holder, current: str, new: str, client: Client
) -> Begun:
    """Give oneself another password.

    Raises:
        NotConfirmedError: *current* is not the password.
        InvalidAnswersError: *new* is refused; holds why.
        TooManyAttemptsError: the name was tried too often; wait.
        AccountOfUnitError: it is a place to practise.
    """
    faults = passwords.faults("new", new, who.username)
    if current == new:
        faults = [FieldFault("new", "staff.password-same")]
    if faults:
        raise InvalidAnswersError(faults)
    await _confirm(house, desk, who, current, client, code=None)
    hashed = await passwords.in_thread(passwords.hash_password, new)
    async with work(house.engine, desk.id) as writing:
        await writing.execute(_CHANGE, desk.id, who.id, hashed)
        return await _renewed(writing, house, who, Happening.PASSWORD_CHANGED, client)


def new_draft(house: House, desk: Desk, who: Holder) -> Draft:
    """A fresh secret for the authenticator app of *who*; nothing is stored yet."""
    return _draft(house, desk, who, house.entropy(totp.SECRET_BYTES))


def same_draft(house: House, desk: Desk, who: Holder, sealed: str) -> Draft:
    """The secret a form brought back; a fresh one if it is not what we gave out."""
    secret = _unsealed(house, desk, who, sealed)
    return new_draft(house, desk, who) if secret is None else _draft(house, desk, who, secret)


async def set_up_second_factor(
    house: House, desk: Desk, who: Holder, sealed: str, password: str, code: str, client: Client
) -> tuple[Begun, list[str]]:
    """Take the secret of a draft into use; answers the recovery codes too.

    Raises:
        NotConfirmedError: *password* is not theirs.
        InvalidAnswersError: *code* is not what the app should show now.
        SecondFactorOnError: the account has one already.
        TooManyAttemptsError: the name was tried too often; wait.
        AccountOfUnitError: it is a place to practise.
    """
    if who.second_factor:
        raise SecondFactorOnError
    secret = _unsealed(house, desk, who, sealed)
    step = None if secret is None else totp.matching_step(secret, _plain(code), house.now())
    if secret is None or step is None:
        raise InvalidAnswersError([FieldFault("code", "staff.code-mismatch")])
    await _confirm(house, desk, who, password, client, code=None)
    async with work(house.engine, desk.id) as writing:
        codes = await second_factor.store(writing, house, who.id, secret, step)
        begun = await _renewed(writing, house, who, Happening.SECOND_FACTOR_ON, client)
    return begun, codes


async def remove_second_factor(
    house: House, desk: Desk, who: Holder, password: str, code: str, client: Client
) -> tuple[Begun, list[str]]:
    """Do without a second factor, or make room for another telephone's.

    Raises:
        NotConfirmedError: *password* or *code* is not theirs.
        TooManyAttemptsError: the name was tried too often; wait.
        AccountOfUnitError: it is a place to practise.
    """
    await _confirm(house, desk, who, password, client, code=code)
    async with work(house.engine, desk.id) as writing:
        await second_factor.drop(writing, who.id)
        begun = await _renewed(writing, house, who, Happening.SECOND_FACTOR_OFF, client)
    return begun, []


async def new_recovery_codes(
    house: House, desk: Desk, who: Holder, password: str, code: str, client: Client
) -> tuple[Begun, list[str]]:
    """Recovery codes in place of those before, which are worth nothing any more.

    Raises:
        NotConfirmedError: *password* or *code* is not theirs, or there is no second factor.
        TooManyAttemptsError: the name was tried too often; wait.
        AccountOfUnitError: it is a place to practise.
    """
    if not who.second_factor:
        raise NotConfirmedError
    await _confirm(house, desk, who, password, client, code=code)
    async with work(house.engine, desk.id) as writing:
        codes = await second_factor.make_recovery_codes(writing, house, who.id)
        begun = await _renewed(writing, house, who, Happening.RECOVERY_CODES_MADE, client)
    return begun, codes


async def _confirm(
    house: House, desk: Desk, who: Holder, password: str, client: Client, *, code: str | None
) -> None:
    if practises(desk.slug):
        raise AccountOfUnitError
    try:
        await prove(house, desk, who.username, password, client, code=code)
    except (SignInFailedError, SecondFactorNeededError) as error:
        raise NotConfirmedError from error


async def _renewed(
    writing: Work, house: House, who: Holder, kind: Happening, client: Client
) -> Begun:
    """Note *kind*, end the other sessions and give this one another token."""
    await note(writing, house, kind, staff_id=who.id, client=client)
    await sessions.forget_all(writing, who.id, but=who.session)
    return await sessions.renew(writing, house, who.session)


def _draft(house: House, desk: Desk, who: Holder, secret: bytes) -> Draft:
    sealed = seal(house, secret, _label(desk, who))
    account = f"{who.username} ({desk.name})"
    return Draft(
        sealed=base64.urlsafe_b64encode(sealed).decode(),
        written=totp.written(secret),
        address=totp.address(secret, issuer=ISSUER, account=account),
    )


def _unsealed(house: House, desk: Desk, who: Holder, sealed: str) -> bytes | None:
    try:
        return unseal(house, base64.urlsafe_b64decode(sealed), _label(desk, who))
    except ValueError:
        return None


def _label(desk: Desk, who: Holder) -> str:
    """Binds a draft to its session: nobody can make another use a secret they know."""
    return f"draft of a second factor {desk.id} {who.id} {who.session}"


def _plain(code: str) -> str:
    return "".join(code.split())


_USERNAME = "select username from staff where tenant_id = $1 and id = $2"

_CHANGE = """
update staff set password_hash = $3, password_given_at = null where tenant_id = $1 and id = $2
"""
