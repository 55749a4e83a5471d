"""Codes of six digits that prove a telephone, each good once and for ten minutes."""

import datetime as dt
import hmac
from uuid import UUID

from motcua.domain.errors import MotCuaError
from motcua.services.house import Desk, House
from motcua.services.limits import count
from motcua.services.messages import Reach, body_of, leave
from motcua.storage.work import work

GOOD_FOR = dt.timedelta(minutes=10)
MOST_TRIES = 5
_DIGITS = 6


class WrongCodeError(MotCuaError):
    """The code is not the one that was sent, or is none any more: nobody can tell which."""

    code = "code.wrong"


async def send(house: House, desk: Desk, purpose: str, subject: UUID, where: Reach) -> None:
    """Send a fresh code for *subject*; an older one is good no more.

    Raises:
        TooOftenError: too many were asked for.
    """
    await count(house, desk, "code-asked", f"{purpose} {subject}")
    await count(house, desk, "code-asked", f"{where.channel} {where.address}")
    drawn = int.from_bytes(house.entropy(8), "big") % 10**_DIGITS
    code = f"{drawn:0{_DIGITS}d}"
    async with work(house.engine, desk.id) as writing:
        until = house.now() + GOOD_FOR
        mark = _mark(house, desk, subject, code)
        await writing.execute(_KEEP, desk.id, purpose, subject, mark, until)
        words = body_of(desk, "code", code=code, minutes=GOOD_FOR.seconds // 60)
        await leave(house, writing, "code", where, words, GOOD_FOR)


async def prove(house: House, desk: Desk, purpose: str, subject: UUID, code: str) -> None:
    """Use *code* up.

    Raises:
        WrongCodeError: it is not the one, is too old, or was tried too often.
    """
    typed = "".join(code.split())
    mark = _mark(house, desk, subject, typed)
    async with work(house.engine, desk.id) as writing:
        row = await writing.fetchrow(_TRY, desk.id, purpose, subject, house.now(), MOST_TRIES)
        right = row is not None and hmac.compare_digest(row["code_hash"], mark)
        if right:
            await writing.execute(_USED, desk.id, purpose, subject)
    if not right:
        raise WrongCodeError


async def forget_expired(house: House, tenant_id: int) -> None:
    """Delete codes that are good no more."""
    async with work(house.engine, tenant_id) as writing:
        await writing.execute(_FORGET, tenant_id, house.now())


def _mark(house: House, desk: Desk, subject: UUID, code: str) -> bytes:
    said = f"one-time code {desk.id} {subject} {code}".encode("utf-8", "replace")
    return hmac.digest(house.key, said, "sha256")


_KEEP = """
insert into one_time_code (tenant_id, purpose, subject, code_hash, tries, expires_at)
values ($1, $2, $3, $4, 0, $5)
on conflict (tenant_id, purpose, subject) do update set
  code_hash = excluded.code_hash, tries = 0, expires_at = excluded.expires_at
"""

_TRY = """
update one_time_code set tries = tries + 1
where tenant_id = $1 and purpose = $2 and subject = $3 and expires_at > $4 and tries < $5
returning code_hash
"""

_USED = "delete from one_time_code where tenant_id = $1 and purpose = $2 and subject = $3"
_FORGET = "delete from one_time_code where tenant_id = $1 and expires_at <= $2"
