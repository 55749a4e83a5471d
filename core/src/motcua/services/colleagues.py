"""What an administrator sees of the accounts: who there is, and what happened to them."""

import msgspec

from motcua.domain.dossier import Role
from motcua.domain.life import Actor
from motcua.services.house import Desk, House
from motcua.services.signin_log import Event, events
from motcua.services.staff import by_administrator
from motcua.storage.work import work


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    """An account as an administrator sees it.

    Attributes:
        given: Somebody else set the password; it is changed at the next sign-in.
        locked: The name has to wait after too many failures.
    """

    id: int
    username: str
    full_name: str
    roles: tuple[Role, ...]
    active: bool
    given: bool
    second_factor: bool
    locked: bool


async def colleagues(house: House, desk: Desk, *, by: Actor | None = None) -> list[Colleague]:
    """Every account of the tenant, by name.

    Raises:
        NotAdministratorError: *by* is none.
    """
    by_administrator(by)
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_LIST, desk.id, house.now())
    return [msgspec.convert(dict(row), Colleague) for row in rows]


async def happened(house: House, desk: Desk, *, by: Actor) -> list[Event]:
    """What happened last to the tenant's accounts.

    Raises:
        NotAdministratorError: *by* is none.
    """
    by_administrator(by)
    return await events(house, desk)


_LIST = """
select s.id, s.username, s.full_name, s.roles, s.active,
       s.password_given_at is not null as given,
       exists (select from staff_second_factor f
               where f.tenant_id = $1 and f.staff_id = s.id) as second_factor,
       exists (select from login_attempt a
               where a.tenant_id = $1 and a.kind = 'user' and a.subject = s.username
                 and a.locked_until > $2) as locked
from staff s where s.tenant_id = $1 order by s.username
"""
