"""What happened to the accounts of a tenant: who signed in from where, who was refused.

Rows are only ever added. They hold no secret, and of a name that nobody has not even
the name: people type their password into the wrong field.
"""

import datetime as dt
import enum
from uuid import UUID

import msgspec

from motcua.services.house import Desk, House
from motcua.storage.work import Work, work

MOST_ROWS = 100
_AGENT_LENGTH = 200


class Happening(enum.StrEnum):
    """What can happen to an account; the text is ``sign_in_event.<kind>``."""

    SIGNED_IN = "signed_in"
    FAILED = "failed"
    LOCKED = "locked"
    ADDRESS_LOCKED = "address_locked"
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    PASSWORD_SET = "password_set"  # noqa: S105 - the same
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    SECOND_FACTOR_RESET = "second_factor_reset"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    CREATED = "created"
    ROLES_CHANGED = "roles_changed"
    DEACTIVATED = "deactivated"
    ACTIVATED = "activated"
    UNLOCKED = "unlocked"


class Client(msgspec.Struct, frozen=True):
    """Where a request comes from.

    Attributes:
        address: The network address; empty for the command line.
        agent: What the browser calls itself.
    """

    address: str = ""
    agent: str = ""


COMMAND_LINE = Client()


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to an account.

    Attributes:
        username: Whose account; empty for a name that nobody has.
        by: The name of the colleague who did it; empty for the person or the command line.
        detail: The roles given, or those before and after.
    """

    id: UUID
    at: dt.datetime
    kind: Happening
    username: str
    by: str
    address: str
    agent: str
    detail: str


async def note(
    writing: Work,
    house: House,
    kind: Happening,
    *,
    staff_id: int | None,
    client: Client = COMMAND_LINE,
    by_id: int | None = None,
    detail: str = "",
) -> None:
    """Write down that *kind* happened to the account *staff_id*, in the running transaction."""
    args = (house.new_id(), house.now(), kind, staff_id, by_id)
    agent = client.agent[:_AGENT_LENGTH]
    await writing.execute(_NOTE, writing.tenant_id, *args, client.address, agent, detail)


async def events(
    house: House, desk: Desk, *, staff_id: int | None = None, limit: int = MOST_ROWS
) -> list[Event]:
    """What happened last, latest first; of one account, if *staff_id* names it."""
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_READ, desk.id, staff_id, min(limit, MOST_ROWS))
    return [msgspec.convert(dict(row), Event) for row in rows]


_NOTE = """
insert into sign_in_event (tenant_id, id, at, kind, staff_id, by_id, address, agent, detail)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""

_READ = """
select e.id, e.at, e.kind, coalesce(s.username, '') as username, coalesce(b.full_name, '') as by,
       e.address, e.agent, e.detail
from sign_in_event e
  left join staff s on s.tenant_id = e.tenant_id and s.id = e.staff_id
  left join staff b on b.tenant_id = e.tenant_id and b.id = e.by_id
where e.tenant_id = $1 and ($2::bigint is null or e.staff_id = $2)
order by e.at desc, e.id desc limit $3
"""
