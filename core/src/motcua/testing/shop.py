"""A one-stop shop for tests: real rules and database, a clock that is set by hand.

::

    @pytest.fixture(scope="module")
    async def shop(engine: TenantEngine, database: ScratchDatabase) -> Shop:
        return await open_shop(engine, database.owner_dsn)

    async def test_a_dossier_is_received(shop: Shop) -> None:
        received = await shop.received(Paper(procedure="9.000001", applicant=AN, answers={}))
"""

# ruff: noqa: S101 - a test kit asserts

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import msgspec

from motcua.domain.calendar import VN
from motcua.domain.calendar_data import national_calendar
from motcua.domain.dossier import STAFF_ROLES, Role
from motcua.domain.life import Actor
from motcua.registry.loading import load_registry
from motcua.registry.registry import Registry
from motcua.services.act import act
from motcua.services.assess import OfficersDate, Paper
from motcua.services.configure import enable
from motcua.services.house import Desk, House, desk
from motcua.services.publish import publish_shipped
from motcua.services.receive import receive
from motcua.services.visit import Received, Visit
from motcua.storage.dsn import Dsn
from motcua.storage.engine import TenantEngine
from motcua.storage.rows import DossierRow
from motcua.storage.work import work
from motcua.testing.clock import MONDAY, FixedClock

__all__ = ["AN", "MONDAY", "OfficersDate", "Paper", "Shop", "open_shop"]

NATIONAL = national_calendar()
AN = {"name": "Nguyễn Thị An", "id_number": "027190000001"}
"""An applicant."""
_IDS = itertools.count(1)
"""One series for all shops: several may be opened on one database, one after the other."""


class Shop:
    """A house with its clock, its tenants and the people who work there.

    Attributes:
        slugs: The tenants, by id.
        staff: Who works at each tenant: one person per role.
    """

    def __init__(self, engine: TenantEngine, registry: Registry, owner: Dsn) -> None:
        """Open it on a migrated database; nobody works there yet."""
        self.owner = owner
        self.clock = FixedClock()
        drops = itertools.count(1)
        self.house = House(
            engine=engine,
            registry=registry,
            now=self.clock,
            new_id=lambda: _numbered_id(next(_IDS)),
            entropy=lambda length: hashlib.sha512(b"%d" % next(drops)).digest()[:length],
        )
        self.staff: dict[str, dict[Role, Actor]] = {}
        self._day = MONDAY.date() - dt.timedelta(days=1)

    async def desk(self, slug: str = "phuong-mot") -> Desk:
        """The tenant as the next request would see it."""
        return await desk(self.house, slug)

    def person(self, *roles: Role, slug: str = "phuong-mot") -> Actor:
        """The member of staff in the first of *roles*, acting in all of them."""
        return msgspec.structs.replace(self.staff[slug][roles[0]], roles=roles)

    def next_day(self) -> dt.datetime:
        """Nine o'clock on the next working day: numbers of the day begin at 1 again."""
        self._day += dt.timedelta(days=1)
        while not NATIONAL.is_working_day(self._day):
            self._day += dt.timedelta(days=1)
        self.clock.now = dt.datetime.combine(self._day, dt.time(9), VN)
        return self.clock.now

    async def rows(self, sql: str, *args: Any, slug: str = "phuong-mot") -> list[dict[str, Any]]:
        """Rows of *sql*, whose ``$1`` is the tenant."""
        tenant = await self.desk(slug)
        async with work(self.house.engine, tenant.id) as reading:
            return [dict(row) for row in await reading.fetch(sql, tenant.id, *args)]

    async def configure(self, slug: str, sql: str, *args: Any) -> None:
        """Run *sql* as the owner; *slug* is read anew from the next request on."""
        connection = await asyncpg.connect(self.owner.url)
        await connection.execute(sql, *args)
        await connection.execute(
            "update tenant set config_version = config_version + 1 where slug = $1", slug
        )
        await connection.close()

    async def count(self, table: str, slug: str = "phuong-mot") -> int:
        """How many rows the tenant has in *table*."""
        found = await self.rows(f"select 1 from {table} where tenant_id = $1", slug=slug)  # noqa: S608 - tests name tables
        return len(found)

    async def receive(
        self, *papers: Paper, channel: str = "counter", slug: str = "phuong-mot", payer: str = ""
    ) -> Visit:
        """Receive *papers* as the reception officer of the tenant."""
        officer = self.person(Role.RECEPTION, slug=slug)
        return await receive(
            self.house, await self.desk(slug), officer, channel, papers, payer=payer
        )

    async def received(self, paper: Paper, **how: Any) -> Received:
        """Receive one paper."""
        return (await self.receive(paper, **how)).dossiers[0]

    async def take(
        self,
        dossier: Received | DossierRow,
        step_id: str,
        *roles: Role,
        slug: str = "phuong-mot",
        version: int | None = None,
        reason: str = "",
        **data: Any,
    ) -> DossierRow:
        """Take a step a minute later, in *roles* or the one that usually takes it."""
        self.clock.tick()
        return await act(
            self.house,
            await self.desk(slug),
            self.person(*(roles or (USUAL[step_id],)), slug=slug),
            dossier.id,
            step_id,
            dossier.version if version is None else version,
            reason=reason,
            data=data,
        )

    async def walk(self, dossier: Received | DossierRow, *steps: str) -> DossierRow:
        """Take *steps* that need nothing, one after the other."""
        row: Received | DossierRow = dossier
        for step_id in steps:
            row = await self.take(row, step_id)
        assert isinstance(row, DossierRow)
        return row


USUAL = {
    "T08": Role.RECEPTION,
    "T09": Role.FIELD,
    "T10": Role.RECEPTION,
    "T12": Role.FIELD,
    "T13": Role.CASHIER,
    "T16": Role.FIELD,
    "T17": Role.LEADER,
    "T18": Role.LEADER,
    "T19": Role.CLERK,
    "T20": Role.RECEPTION,
    "T21": Role.LEADER,
    "T22": Role.RECEPTION,
    "T23": Role.LEADER,
    "T24": Role.FIELD,
    "T25": Role.RECEPTION,
    "T26": Role.ADMIN,
    "T28": Role.FIELD,
    "T30": Role.FIELD,
    "T31": Role.FIELD,
    "T36": Role.CITIZEN,
    "T38": Role.RECEPTION,
    "T39": Role.FIELD,
    "T41": Role.CITIZEN,
}
"""Who takes a step where a test does not say."""


S = TypeVar("S", bound=Shop)


async def open_shop(
    engine: TenantEngine,
    owner: Dsn,
    slugs: Iterable[str] = ("phuong-mot", "xa-hai"),
    modules: Mapping[str, ModuleType] | None = None,
    *,
    shop: type[S] = Shop,  # type: ignore[assignment]  # the default of a type variable
) -> S:
    """A shop on a migrated database: procedures published, plugins on, people hired.

    Args:
        engine: Open on the database.
        owner: The database as the owner of its tables.
        slugs: The tenants that work.
        modules: The plugins by name; without them, those installed.
        shop: The kind of shop.
    """
    made = shop(engine, load_registry(modules), owner)
    made.house.registry.require_sound()
    await publish_shipped(owner, made.house.registry, MONDAY)
    for slug in slugs:
        tenant = await made.desk(slug)
        for plugin in made.house.registry.plugins:
            await enable(made.house, tenant, plugin)
        made.staff[slug] = await _hired(owner, tenant)
    return made


async def _hired(owner: Dsn, tenant: Desk) -> dict[Role, Actor]:
    """One person per role; nobody signs in with a password here."""
    connection = await asyncpg.connect(owner.url)
    people: dict[Role, Actor] = {}
    for role in STAFF_ROLES:
        number = await connection.fetchval(_HIRE, tenant.id, role.value, f"Cán bộ {role}", MONDAY)
        people[role] = Actor(number, f"Cán bộ {role}", (role,))
    await connection.close()
    return people


_HIRE = """
insert into staff (tenant_id, username, full_name, password_hash, roles, active, created_at)
values ($1, $2, $3, '!', array[$2::text], true, $4) returning id
"""


def _numbered_id(number: int) -> UUID:
    """A UUIDv7 by its bits, whose order is that of the *number*."""
    return UUID(int=(0x0192F000 << 96) | (0x7 << 76) | (0x8 << 60) | number)
