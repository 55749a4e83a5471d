"""Reading the history of the configuration, and of the accounts that work with it."""

import datetime as dt
from typing import Any
from uuid import UUID

import msgspec

from motcua.services.house import Desk, House
from motcua.services.signin_log import Happening
from motcua.storage.work import work

A_PAGE = 50


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change; ``by`` is nobody's number where the program changed something by itself."""

    id: UUID
    at: dt.datetime
    by: int | None
    who: str
    place: str
    subject: str
    before: Any
    after: Any


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """Some changes, the latest first, and what continues after them."""

    changes: tuple[Change, ...]
    following: str


class _Account(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to an account, as the log of sign-ins keeps it."""

    id: UUID
    at: dt.datetime
    by: int | None
    who: str
    subject: str
    kind: Happening
    detail: str


_LATEST = """
select told, account from (
  (select id, json_build_object('id', id, 'at', at, 'by', staff_id, 'who', who, 'place', place,
     'subject', subject, 'before', before, 'after', after)::text as told, false as account
   from config_change
   where tenant_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3)
  union all
  (select e.id, json_build_object('id', e.id, 'at', e.at, 'by', e.by_id,
     'who', coalesce(b.full_name, ''), 'subject', coalesce(s.username, ''), 'kind', e.kind,
     'detail', e.detail)::text, true
   from sign_in_event e
     left join staff s on s.tenant_id = e.tenant_id and s.id = e.staff_id
     left join staff b on b.tenant_id = e.tenant_id and b.id = e.by_id
   where e.tenant_id = $1 and ($2::uuid is null or e.id < $2) and e.kind = any($4)
   order by e.id desc limit $3)
) found order by id desc limit $3
"""

TOLD = (
    *(Happening.CREATED, Happening.ROLES_CHANGED, Happening.DEACTIVATED, Happening.ACTIVATED),
    *(Happening.LOCKED, Happening.UNLOCKED, Happening.PASSWORD_SET),
    Happening.SECOND_FACTOR_RESET,
)
"""What changes who may do what; signing in and out stands in the log of sign-ins alone."""


async def changes(house: House, desk: Desk, *, before: str = "") -> Changes:
    """The latest changes, or those *before* the one of that id; ids sort by time."""
    try:
        cursor = UUID(before) if before else None
    except ValueError:
        cursor = None
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_LATEST, desk.id, cursor, A_PAGE + 1, list(TOLD))
    found = tuple(_change(row["told"], account=row["account"]) for row in rows)
    more = len(found) > A_PAGE
    return Changes(changes=found[:A_PAGE], following=str(found[A_PAGE - 1].id) if more else "")


def _change(told: str, *, account: bool) -> Change:
    if not account:
        return msgspec.json.decode(told, type=Change)
    found = msgspec.json.decode(told, type=_Account)
    before, after = _states(found)
    return Change(
        id=found.id,
        at=found.at,
        by=found.by,
        who=found.who,
        place="staff",
        subject=found.subject,
        before=before,
        after=after,
    )


def _states(found: _Account) -> tuple[Any, Any]:
    """What an account was and what it became, in the columns of the table of accounts."""
    match found.kind:
        case Happening.ROLES_CHANGED:
            was, _, became = found.detail.partition(" → ")
            return {"roles": was.split(", ")}, {"roles": became.split(", ")}
        case Happening.CREATED:
            return None, {"account": found.kind, "roles": found.detail.split(", ")}
        case Happening.DEACTIVATED | Happening.ACTIVATED:
            active = found.kind is Happening.ACTIVATED
            return {"active": not active}, {"active": active}
        case _:
            return None, {"account": found.kind}
