"""How often somebody guessed: counted in the database, so that every process sees it.

A user name waits after five failures in a row; an address waits after it met twenty
user names with an open failure within an hour, which is guessing many names. Each
further failure doubles the wait. An attempt is counted before it is judged: many at
once do not pass uncounted. Of an IPv6 address its network counts, since one subscriber
has all of it.
"""

import datetime as dt
import ipaddress

import msgspec

from motcua.domain.errors import MotCuaError
from motcua.services.signin_log import Client
from motcua.storage.work import Work

MOST_FAILURES = 5
"""Failures in a row after which a user name waits."""
MOST_NAMES = 20
"""User names with an open failure after which an address waits."""
_FIRST_WAIT = dt.timedelta(seconds=30)
_LONGEST_WAIT = dt.timedelta(minutes=15)
_SUBSCRIBER_BITS = 64
_MEMORY = {"user": dt.timedelta(days=1), "address": dt.timedelta(hours=1)}
"""After how long failures no longer add up."""


class TooManyAttemptsError(MotCuaError):
    """A user name or an address was tried too often; holds after how many seconds to come back."""

    code = "staff.too-many-attempts"
    status = 429


class Attempt(msgspec.Struct, frozen=True):
    """One attempt that was counted.

    Attributes:
        username: The name tried.
        client: From where.
        names: How many names the address has left open, if this one was added to them.
        locks_user: The name waits from now on, should the attempt fail.
        locks_address: So does the address.
    """

    username: str
    client: Client
    names: int
    locks_user: bool
    locks_address: bool


async def count(counting: Work, username: str, client: Client, now: dt.datetime) -> Attempt:
    """Count an attempt.

    Raises:
        TooManyAttemptsError: the name or the address has to wait; nothing was counted.
    """
    source = _source(client)
    await _refuse_waiting(counting, "address", source, now)
    failures = await _add(counting, "user", username, now)
    names = 0
    if failures == 1 and source:
        names = await _add(counting, "address", source, now)
    return Attempt(username, client, names, failures >= MOST_FAILURES, names >= MOST_NAMES)


async def forgive(writing: Work, attempt: Attempt) -> None:
    """Forget the failures of a name whose owner has proved who they are."""
    await writing.execute(_FORGET, writing.tenant_id, attempt.username)
    await _give_back(writing, "address", _source(attempt.client), MOST_NAMES)


async def take_back(writing: Work, attempt: Attempt) -> None:
    """Take *attempt* back, but not the failures before it: it proved a part only."""
    await _give_back(writing, "user", attempt.username, MOST_FAILURES)
    if attempt.names:
        await _give_back(writing, "address", _source(attempt.client), MOST_NAMES)


async def unlock(writing: Work, username: str) -> None:
    """Let *username* in at once."""
    await writing.execute(_FORGET, writing.tenant_id, username)


async def forget_old(writing: Work, now: dt.datetime) -> None:
    """Delete what no longer counts."""
    for kind, memory in _MEMORY.items():
        await writing.execute(_FORGET_OLD, writing.tenant_id, kind, now - memory, now)


def _source(client: Client) -> str:
    """What is counted of an address; what is no address counts as it stands."""
    try:
        address = ipaddress.ip_address(client.address)
    except ValueError:
        return client.address
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, _SUBSCRIBER_BITS), strict=False))


async def _add(counting: Work, kind: str, subject: str, now: dt.datetime) -> int:
    """One more failure; answers how many there are."""
    args = (counting.tenant_id, kind, subject)
    row = await counting.fetchrow(_COUNT, *args, now, now - _MEMORY[kind])
    if row is None:
        await _refuse_waiting(counting, kind, subject, now)
        raise TooManyAttemptsError(retry_after=1)
    failures: int = row["failures"]
    most = MOST_FAILURES if kind == "user" else MOST_NAMES
    if failures >= most:
        wait = min(_FIRST_WAIT * 2 ** min(failures - most, 10), _LONGEST_WAIT)
        await counting.execute(_LOCK, *args, now + wait)
    return failures


async def _give_back(writing: Work, kind: str, subject: str, most: int) -> None:
    await writing.execute(_GIVE_BACK, writing.tenant_id, kind, subject, most)


async def _refuse_waiting(counting: Work, kind: str, subject: str, now: dt.datetime) -> None:
    row = await counting.fetchrow(_WAITING, counting.tenant_id, kind, subject, now)
    if row is not None:
        left = (row["locked_until"] - now).total_seconds()
        raise TooManyAttemptsError(retry_after=int(left) + 1)


_COUNT = """
insert into login_attempt as a (tenant_id, kind, subject, failures, since)
values ($1, $2, $3, 1, $4)
on conflict (tenant_id, kind, subject) do update set
  failures = case when a.since < $5 then 1 else a.failures + 1 end,
  since = case when a.since < $5 or $2 = 'user' then $4 else a.since end,
  locked_until = null
where a.locked_until is null or a.locked_until <= $4
returning failures
"""

_WAITING = """
select locked_until from login_attempt
where tenant_id = $1 and kind = $2 and subject = $3 and locked_until > $4
"""

_LOCK = """
update login_attempt set locked_until = $4 where tenant_id = $1 and kind = $2 and subject = $3
"""

_FORGET = "delete from login_attempt where tenant_id = $1 and kind = 'user' and subject = $2"

_GIVE_BACK = """
update login_attempt set failures = failures - 1,
  locked_until = case when failures > $4 then locked_until end
where tenant_id = $1 and kind = $2 and subject = $3 and failures > 0
"""

_FORGET_OLD = """
delete from login_attempt
where tenant_id = $1 and kind = $2 and since < $3 and (locked_until is null or locked_until <= $4)
"""
