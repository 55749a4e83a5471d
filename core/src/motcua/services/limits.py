"""How often anybody may try something, counted in the database for all processes.

Whom a count is about is kept as a keyed hash: neither addresses nor codes stand in
the table.
"""

import datetime as dt
import hmac
import math

from motcua.domain.errors import MotCuaError
from motcua.services.house import Desk, House, Limit
from motcua.storage.work import work


class TooOftenError(MotCuaError):
    """Something was tried too often; holds after how many seconds to come back."""

    code = "limit.too-often"
    status = 429


_MINUTE, _TEN_MINUTES, _HOUR = (
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=10),
    dt.timedelta(hours=1),
)
LIMITS: dict[str, Limit] = {
    "lookup": Limit(120, _TEN_MINUTES),
    "secret": Limit(10, _TEN_MINUTES),
    "submit": Limit(60, _HOUR),
    "begin": Limit(120, _HOUR),
    "upload": Limit(300, _HOUR),
    "book": Limit(20, _HOUR),
    "paper": Limit(120, _HOUR),
    "code-asked": Limit(5, _HOUR),
    "code-tried": Limit(10, _TEN_MINUTES),
    "codes": Limit(30, _HOUR),
    "ticket": Limit(12, _MINUTE),
    "api-key": Limit(3000, _TEN_MINUTES),
    "api-key-submit": Limit(600, _HOUR),
}
"""By kind. Those by address are wide: a whole village may share one."""


async def count(house: House, desk: Desk, kind: str, subject: str) -> None:
    """Count one attempt of *subject*, in a transaction of its own.

    Raises:
        TooOftenError: it was one too many.
    """
    limit, now = house.limits.get(kind, LIMITS[kind]), house.now()
    async with work(house.engine, desk.id) as writing:
        args = (kind, _mark(house, subject), now + limit.within, now)
        row = await writing.fetchrow(_COUNT, desk.id, *args)
    if row["n"] > limit.most:
        left = max(1, math.ceil((row["until"] - now).total_seconds()))
        raise TooOftenError(retry_after=left, minutes=-(-left // 60))


async def forgive(house: House, desk: Desk, kind: str, subject: str) -> None:
    """Forget the attempts of a *subject* that has shown to be right."""
    async with work(house.engine, desk.id) as writing:
        await writing.execute(_FORGIVE, desk.id, kind, _mark(house, subject))


async def forget_old(house: House, tenant_id: int) -> None:
    """Delete counts nobody waits for any more."""
    async with work(house.engine, tenant_id) as writing:
        await writing.execute(_FORGET, tenant_id, house.now())


def _mark(house: House, subject: str) -> bytes:
    return hmac.digest(house.key, b"limit " + subject.encode("utf-8", "replace"), "sha256")[:16]


_COUNT = """
insert into rate_limit as r (tenant_id, kind, subject, n, until) values ($1, $2, $3, 1, $4)
on conflict (tenant_id, kind, subject) do update set
  n = case when r.until <= $5 then 1 else r.n + 1 end,
  until = case when r.until <= $5 then excluded.until else r.until end
returning n, until
"""

_FORGIVE = "delete from rate_limit where tenant_id = $1 and kind = $2 and subject = $3"
_FORGET = "delete from rate_limit where tenant_id = $1 and until <= $2"
