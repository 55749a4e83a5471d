"""A one-stop shop for tests: real rules and database, a clock that is set by hand."""

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterable
from types import ModuleType
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

import motcua_certification.plugin
import motcua_civil_status.plugin
import motcua_general_procedures.plugin
from motcua.domain.calendar import VN
from motcua.domain.calendar_data import national_calendar
from motcua.domain.dossier import STAFF_ROLES, Role
from motcua.domain.life import Actor
from motcua.registry.loading import load_registry
from motcua.registry.registry import Registry
from motcua.services.act import act
from motcua.services.assess import Paper
from motcua.services.configure import enable
from motcua.services.house import Desk, House, desk
from motcua.services.publish import publish_shipped
from motcua.services.receive import receive
from motcua.services.visit import Received, Visit
from motcua.storage.dsn import Dsn
from motcua.storage.engine import TenantEngine
from motcua.storage.rows import DossierRow
from motcua.storage.work import work

MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=VN)
"""Monday 23 November 2026 at nine; the 24th is a holiday."""

SHIPPED: dict[str, ModuleType] = {
    "certification": motcua_certification.plugin,
    "civil_status": motcua_civil_status.plugin,
    "general_procedures": motcua_general_procedures.plugin,
}
COPY, SIGNATURE, SINGLE, FACTS = "2.000815", "2.000884", "1.004873", "2.002516"
NATIONAL = national_calendar()
AN = {"name": "Nguyễn Thị An", "id_number": "027190000001"}


class Clock:
    """Says what it was told; :meth:`tick` moves it on."""

    def __init__(self, now: dt.datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def tick(self, **passed: float) -> dt.datetime:
        self.now += dt.timedelta(**(passed or {"minutes": 1}))
        return self.now


class Shop:
    """A house with its clock, its tenants and the people who work there.

    Attributes:
        slugs: The tenants, by id.
        staff: Who works at each tenant: one person per role.
    """

    def __init__(self, engine: TenantEngine, registry: Registry, owner: Dsn) -> None:
        self.owner = owner
        self.clock = Clock()
        ids = itertools.count(1)
        drops = itertools.count(1)
        self.house = House(
            engine=engine,
            registry=registry,
            now=self.clock,
            new_id=lambda: _numbered_id(next(ids)),
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

    async def received(self, paper: Paper | None = None, **how: Any) -> Received:
        """Receive one paper."""
        return (await self.receive(paper or copy(), **how)).dossiers[0]

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
    "T25": Role.RECEPTION,
    "T26": Role.ADMIN,
    "T28": Role.FIELD,
}
"""Who takes a step where a test does not say."""


def copy(pages: int = 3, copies: int = 2, **said: Any) -> Paper:
    """A certified copy, as asked for at the counter."""
    answers = {
        "document_type": "giấy khai sinh",
        "document_title": "Giấy khai sinh",
        "page_count": pages,
        "copy_count": copies,
    }
    return Paper(**{"procedure": COPY, "applicant": AN, "answers": answers, **said})


def signature(papers: int = 1, **said: Any) -> Paper:
    """A certified signature."""
    answers = {
        "document_title": "Giấy ủy quyền",
        "signing_mode": "ký",
        "signer_count": 1,
        "document_count": papers,
    }
    return Paper(**{"procedure": SIGNATURE, "applicant": AN, "answers": answers, **said})


def single(**said: Any) -> Paper:
    """A certificate of marital status: three working days."""
    answers = {
        "relationship": "bản thân",
        "subject": AN,
        "residence_periods": "Từ 2010 tại phường Một",
        "marital_status": "chưa đăng ký kết hôn với ai",
        "purpose": "vay vốn",
    }
    return Paper(**{"procedure": SINGLE, "applicant": AN, "answers": answers, **said})


def facts(**said: Any) -> Paper:
    """A confirmation of civil-status facts, whose limit is not known (rules §15.1)."""
    answers = {
        "event_kind": "khai sinh",
        "registered_at": "Xã Hai, 1990",
        "content": "Ngày sinh",
        "purpose": "Hồ sơ hưu trí",
        "copies": 1,
        "evidence": "giay-khai-sinh.pdf",
    }
    return Paper(**{"procedure": FACTS, "applicant": AN, "answers": answers, **said})


async def open_shop(
    engine: TenantEngine,
    owner: Dsn,
    slugs: Iterable[str] = ("phuong-mot", "xa-hai"),
    modules: dict[str, ModuleType] | None = None,
) -> Shop:
    """A shop on a migrated database: procedures published, plugins on, people hired."""
    shop = Shop(engine, load_registry(modules or SHIPPED), owner)
    shop.house.registry.require_sound()
    await publish_shipped(owner, shop.house.registry, MONDAY)
    for slug in slugs:
        tenant = await shop.desk(slug)
        for plugin in shop.house.registry.plugins:
            await enable(shop.house, tenant, plugin)
        shop.staff[slug] = await _hired(owner, tenant)
    return shop


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
