"""Signed-in sessions, shared by counter, console and API.

Of a session only the hash of its token is kept. It ends when nobody used it for a
while, after twelve hours in any case, and with the next request after its account
was closed, given other roles or another password.
"""

import base64
import datetime as dt
import enum
import hashlib
from uuid import UUID

import msgspec

from motcua.domain.dossier import Role
from motcua.domain.errors import MotCuaError
from motcua.domain.life import Actor
from motcua.domain.tenant import practises
from motcua.services.attempts import forget_old
from motcua.services.house import Desk, House, employing
from motcua.services.proof import Account
from motcua.services.signin_log import Client, Happening, note
from motcua.storage.work import Work, work

SESSION_LENGTH = dt.timedelta(hours=12)
IDLE_MINUTES = 60
"""After how long without a request a session ends, unless the tenant says otherwise."""
ADMINISTRATORS = frozenset({Role.ADMIN, Role.SUPERVISOR})
"""Who needs a second factor."""
_TOKEN_BYTES = 32
_AGENT_LENGTH = 200
_TOUCH = dt.timedelta(minutes=1)
"""How exactly the last use of a session is kept."""


class SignInRequiredError(MotCuaError):
    """Nobody is signed in, or the session has ended."""

    code = "staff.sign-in-required"
    status = 401


class PasswordDueError(MotCuaError):
    """Whoever is signed in has to change a password that somebody else gave them."""

    code = "session.change-password"
    status = 403


class SecondFactorDueError(MotCuaError):
    """Whoever is signed in is an administrator and has no second factor yet."""

    code = "session.set-up-second-factor"
    status = 403


class Due(enum.StrEnum):
    """What has to be done before anything else."""

    PASSWORD = "password"  # noqa: S105 - the name of a duty
    SECOND_FACTOR = "second_factor"


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds a session.

    Attributes:
        id: Their account.
        username: The name they sign in with.
        session: The session's id.
        second_factor: Whether they have one.
        due: What they have to do before anything else, in order.
    """

    id: int
    actor: Actor
    username: str
    session: UUID
    second_factor: bool
    due: tuple[Due, ...]


class Begun(msgspec.Struct, frozen=True):
    """A token that holds from now on, and until when at most; the only time it is told."""

    token: str
    expires_at: dt.datetime


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its owner sees it."""

    id: UUID
    created_at: dt.datetime
    seen_at: dt.datetime
    address: str
    agent: str


async def authenticate(house: House, desk: Desk, token: str) -> Actor:
    """Who holds *token*, free to work.

    Raises:
        SignInRequiredError: the token is unknown here or has ended.
        PasswordDueError: they have to change their password first.
        SecondFactorDueError: they have to set up a second factor first.
    """
    found = await holder(house, desk, token)
    refuse_due(found)
    return found.actor


def refuse_due(found: Holder) -> None:
    """Let nobody work who has something to do first."""
    if Due.PASSWORD in found.due:
        raise PasswordDueError
    if Due.SECOND_FACTOR in found.due:
        raise SecondFactorDueError


async def holder(house: House, where: Desk, token: str) -> Holder:
    """Who holds *token*, whatever they have to do first.

    Raises:
        SignInRequiredError: the token is unknown here, has ended, or the account is closed.
    """
    now = house.now()
    async with work(house.engine, where.id) as reading:
        args = (_digest(token), now, now - idle(where), house.today())
        row = await reading.fetchrow(_HOLDER, where.id, *args)
        if row is None:
            raise SignInRequiredError
        if now - row["seen_at"] >= _TOUCH:
            await reading.execute(_SEEN, where.id, _digest(token), now)
    if practises(where.slug):
        await _require_employed(house, where, row["username"], row["password_hash"])
    roles = tuple(Role(role) for role in row["roles"])
    return Holder(
        id=row["id"],
        actor=_actor(row["id"], row["full_name"], roles, row["places"]),
        username=row["username"],
        session=row["session"],
        second_factor=row["second_factor"],
        due=due(house, roles, given=row["given"], second_factor=row["second_factor"]),
    )


async def actor_of(house: House, desk: Desk, account: Account) -> Actor:
    """Who proved to be *account*, with the roles they have today, also for whom they stand in."""
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_STANDS_IN, desk.id, account.id, house.today())
    return _actor(account.id, account.full_name, account.roles, row["places"])


def _actor(number: int, name: str, roles: tuple[Role, ...], stands_in: str) -> Actor:
    found = msgspec.json.decode(stands_in, type=list[tuple[Role, str]])
    places = tuple((role, whose) for role, whose in found if role not in roles)
    held = tuple(dict.fromkeys((*roles, *(role for role, _ in places))))
    return Actor(number, name, held, places)


async def _require_employed(house: House, where: Desk, username: str, password_hash: str) -> None:
    """Let nobody practise whose account at the unit was closed or has another password."""
    home = await employing(house, where)
    async with work(house.engine, home.id) as reading:
        if await reading.fetchrow(_EMPLOYED, home.id, username, password_hash) is None:
            raise SignInRequiredError


def due(
    house: House, roles: tuple[Role, ...], *, given: bool, second_factor: bool
) -> tuple[Due, ...]:
    """What somebody has to do before anything else.

    Args:
        house: The application's parts.
        roles: Theirs.
        given: Whether somebody else set their password.
        second_factor: Whether they have one.
    """
    if not house.strict_accounts:
        return ()
    lacking = not second_factor and bool(ADMINISTRATORS & set(roles))
    return (Due.PASSWORD,) * given + (Due.SECOND_FACTOR,) * lacking


def idle(desk: Desk) -> dt.timedelta:
    """After how long without a request a session of the tenant ends."""
    return dt.timedelta(minutes=desk.settings.get("session_idle_minutes") or IDLE_MINUTES)


async def begin(writing: Work, house: House, staff_id: int, client: Client) -> Begun:
    """Start a session in the running transaction."""
    token, now = _new_token(house), house.now()
    expires_at = now + SESSION_LENGTH
    args = (house.new_id(), _digest(token), staff_id, now, expires_at)
    agent = client.agent[:_AGENT_LENGTH]
    await writing.execute(_START, writing.tenant_id, *args, client.address, agent)
    return Begun(token, expires_at)


async def renew(writing: Work, house: House, session: UUID) -> Begun:
    """Give a session another token; the one before is worth nothing any more."""
    token = _new_token(house)
    row = await writing.fetchrow(_RENEW, writing.tenant_id, session, _digest(token))
    if row is None:
        raise SignInRequiredError
    return Begun(token, row["expires_at"])


async def of(house: House, desk: Desk, staff_id: int) -> list[Listed]:
    """The sessions somebody has open, the one used last first."""
    now = house.now()
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_LIST, desk.id, staff_id, now, now - idle(desk))
    return [msgspec.convert(dict(row), Listed) for row in rows]


async def sign_out(house: House, desk: Desk, token: str, client: Client) -> None:
    """End the session of *token*; one that is unknown has ended already."""
    async with work(house.engine, desk.id) as writing:
        row = await writing.fetchrow(_END, desk.id, _digest(token))
        if row is not None:
            staff_id = row["staff_id"]
            await note(writing, house, Happening.SIGNED_OUT, staff_id=staff_id, client=client)


async def end(house: House, desk: Desk, staff_id: int, session: UUID, client: Client) -> None:
    """End one of the sessions of *staff_id*; one that is unknown has ended already."""
    async with work(house.engine, desk.id) as writing:
        tag = await writing.execute(_END_ONE, desk.id, staff_id, session)
        if tag != "DELETE 0":
            await note(writing, house, Happening.SIGNED_OUT, staff_id=staff_id, client=client)


async def end_all(house: House, desk: Desk, staff_id: int, client: Client) -> None:
    """Sign *staff_id* out everywhere, here too."""
    async with work(house.engine, desk.id) as writing:
        await forget_all(writing, staff_id)
        kind = Happening.SIGNED_OUT_EVERYWHERE
        await note(writing, house, kind, staff_id=staff_id, client=client)


async def forget_all(writing: Work, staff_id: int, *, but: UUID | None = None) -> None:
    """End every session of *staff_id*, except one if it is named, in the running transaction."""
    await writing.execute(_END_ALL, writing.tenant_id, staff_id, but)


async def forget_ended(house: House, desk_id: int) -> None:
    """Delete sessions that have ended and attempts nobody waits for any more."""
    async with work(house.engine, desk_id) as writing:
        await writing.execute(_FORGET, desk_id, house.now())
        await forget_old(writing, house.now())


def _new_token(house: House) -> str:
    return base64.urlsafe_b64encode(house.entropy(_TOKEN_BYTES)).decode().rstrip("=")


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


_PLACES = """
select coalesce(json_agg(json_build_array(r, a.full_name) order by i.id), '[]')::text as places
from stand_in i join staff a on a.tenant_id = i.tenant_id and a.id = i.absent_id
  cross join unnest(i.roles) r
where i.tenant_id = $1 and i.stand_in_id = {staff} and {day} between i.first_day and i.last_day
  and i.withdrawn_at is null and a.active and r = any(a.roles)
"""

_STANDS_IN = _PLACES.format(staff="$2", day="$3")

_HOLDER = f"""
select s.id, s.username, s.full_name, s.roles, s.password_given_at is not null as given,
       s.password_hash, t.id as session, t.seen_at,
       exists (select from staff_second_factor f
               where f.tenant_id = $1 and f.staff_id = s.id) as second_factor,
       ({_PLACES.format(staff="s.id", day="$5")}) as places
from staff_session t join staff s on s.tenant_id = t.tenant_id and s.id = t.staff_id
where t.tenant_id = $1 and t.token_hash = $2 and t.expires_at > $3 and t.seen_at > $4 and s.active
"""  # noqa: S608 - words of our own

_EMPLOYED = """
select id from staff where tenant_id = $1 and username = $2 and password_hash = $3 and active
"""

_SEEN = "update staff_session set seen_at = $3 where tenant_id = $1 and token_hash = $2"

_START = """
insert into staff_session
  (tenant_id, id, token_hash, staff_id, created_at, expires_at, seen_at, address, agent)
values ($1, $2, $3, $4, $5, $6, $5, $7, $8)
"""

_RENEW = """
update staff_session set token_hash = $3 where tenant_id = $1 and id = $2 returning expires_at
"""

_LIST = """
select id, created_at, seen_at, address, agent from staff_session
where tenant_id = $1 and staff_id = $2 and expires_at > $3 and seen_at > $4
order by seen_at desc, id
"""

_END = "delete from staff_session where tenant_id = $1 and token_hash = $2 returning staff_id"
_END_ONE = "delete from staff_session where tenant_id = $1 and staff_id = $2 and id = $3"
_END_ALL = """
delete from staff_session
where tenant_id = $1 and staff_id = $2 and ($3::uuid is null or id <> $3)
"""
_FORGET = "delete from staff_session where tenant_id = $1 and expires_at <= $2"
