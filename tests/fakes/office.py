"""One application with people at its desks, asked through HTTP."""

import asyncio
import contextlib
import dataclasses
import datetime as dt
import functools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
from litestar import Litestar

from fakes.clock import FixedClock
from motcua.app import Settings, create_app
from motcua.domain.calendar_data import national_days
from motcua.registry.loading import load_registry
from motcua.registry.registry import Registry
from motcua.services import chores, staff
from motcua.services.house import House, Limit, desk
from motcua.services.limits import LIMITS
from motcua.services.publish import Offer, publish_calendar, publish_procedures
from motcua.storage.dsn import Dsn
from motcua.storage.owner import connected
from motcua.storage.work import Work

PASSWORD = "mot-cua-thu-nghiem"  # noqa: S105 - of accounts that live as long as a test
SLUG = "phuong-mot"
OTHER = "xa-hai"
ROLES = ("reception", "field", "leader", "clerk", "cashier", "head", "admin", "supervisor")
COPY = "2.000815"
"""Certified copies: due the same day, 2,000 VND a page at first."""

APPLICANT = {"name": "Nguyễn Thị Ánh", "id_number": "027190001234"}
COPY_ANSWERS = {
    "document_type": "bằng, chứng chỉ, bảng điểm",
    "document_title": "Bằng tốt nghiệp đại học",
    "page_count": 2,
    "copy_count": 3,
}


def paper(**changes: Any) -> dict[str, Any]:
    """A paper that the desk takes: three copies of a diploma of two pages."""
    whole = {"procedure": COPY, "applicant": APPLICANT, "answers": COPY_ANSWERS}
    return whole | changes


async def publish_everything(owner: Dsn, registry: Registry, clock: FixedClock) -> None:
    """Publish what is installed and let both test tenants offer all of it."""
    async with connected(owner) as connection, connection.transaction():
        writing = Work(0, connection)
        offers = [Offer(each.owner, each.definition) for each in registry.definitions()]
        await connection.execute(_ENDED)
        await publish_procedures(writing, offers, clock())
        await publish_calendar(writing, national_days())
        for name in registry.plugins:
            await connection.execute(_OFFER, name, [SLUG, OTHER])


_ENDED = """
insert into tenant (id, slug, name, kind, type_vi, parent_id, codes, predecessors, successors,
                    hosts, settings, opened_on, closed_on, archived, config_version)
values (103, 'xa-cu', 'Xã Cũ', 'commune', 'Xã', 100,
        '[{"code": "99003", "valid_from": "2018-01-01", "valid_to": "2025-06-30"}]',
        '[]', '["phuong-mot"]', '{}', '{}', '2018-01-01', '2025-07-01', false, 1)
"""

_OFFER = """
insert into tenant_plugin (tenant_id, plugin, state, settings, failures, note)
select id, $1, 'offered', '{}', 0, '' from tenant where slug = any($2)
"""


async def hire(house: House, *slugs: str) -> None:
    """One account a role, called ``<role>.<slug>``."""
    for slug in slugs:
        where = await desk(house, slug)
        for role in ROLES:
            await staff.create(
                house,
                where,
                username=f"{role}.{slug}",
                password=PASSWORD,
                roles=[role],
                full_name=f"Cán bộ {role}",
                permanent=True,
            )


@dataclasses.dataclass
class Office:
    """The application under test, its clock, and its people's tokens."""

    app: Litestar
    house: House
    clock: FixedClock
    client: httpx.AsyncClient
    home: Path
    tokens: dict[str, str] = dataclasses.field(default_factory=dict)

    async def token(self, role: str, slug: str = SLUG) -> str:
        """The token of the one who has *role* at *slug*."""
        name = f"{role}.{slug}"
        if name not in self.tokens:
            answer = await self.client.post(
                f"/t/{slug}/api/v1/sessions", json={"username": name, "password": PASSWORD}
            )
            assert answer.status_code == 201, answer.text
            self.tokens[name] = answer.json()["token"]
        return self.tokens[name]

    async def ask(
        self,
        method: str,
        path: str,
        *,
        by: str | None = None,
        slug: str = SLUG,
        key: str = "",
        **request: Any,
    ) -> httpx.Response:
        """Ask the API of *slug*, signed in as the one who has the role *by*."""
        headers = dict(request.pop("headers", {}))
        if by is not None:
            headers["Authorization"] = f"Bearer {await self.token(by, slug)}"
        if key:
            headers["Idempotency-Key"] = key
        return await self.client.request(
            method, f"/t/{slug}/api/v1{path}", headers=headers, **request
        )

    async def received(self, slug: str = SLUG, **changes: Any) -> dict[str, Any]:
        """A freshly received paper, a certified copy but for *changes*, as it was answered."""
        asked = {"papers": [paper(**changes)]}
        answer = await self.ask("POST", "/receptions", by="reception", slug=slug, json=asked)
        assert answer.status_code == 201, answer.text
        visit = answer.json()
        found: dict[str, Any] = visit["dossiers"][0] | {"visit": visit}
        return found

    async def step(
        self, dossier: dict[str, Any], transition: str, by: str, **said: Any
    ) -> httpx.Response:
        """Take *transition* with *dossier* as somebody saw it."""
        return await self.ask(
            "POST",
            f"/dossiers/{dossier['id']}/transitions",
            by=by,
            json={"transition": transition, "version": dossier["version"], **said},
        )


@functools.cache
def installed() -> Registry:
    """The plugins that are installed: read once for all offices, none of which changes them."""
    return load_registry()


@contextlib.asynccontextmanager
async def opened(
    owner: Dsn, app_role: Dsn, home: Path, *, strict_accounts: bool = False, demo: bool = False
) -> AsyncIterator[Office]:
    """The office over a migrated database with the two test tenants.

    Its clock stands still, so attempts add up for ever: the limits on them are wide. What is
    done from time to time is done when a test says so, however long the test takes.

    Args:
        owner: The database, as the owner of its tables.
        app_role: The database, as the application's role.
        home: The folder of data.
        strict_accounts: Whether administrators need a second factor, and first passwords are
            changed.
        demo: Whether everything is invented.
    """
    registry, clock = installed(), FixedClock()
    await publish_everything(owner, registry, clock)
    settings = Settings(
        database=app_role.url, home=str(home), strict_accounts=strict_accounts, demo=demo
    )
    app = create_app(settings, registry=registry, clock=clock)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type] # httpx and Litestar word the same protocol differently
    async with (
        _without_chores(app),
        httpx.AsyncClient(transport=transport, base_url="http://test.local") as client,
    ):
        app.state.house.limits = dict.fromkeys(LIMITS, Limit(10**6, dt.timedelta(hours=1)))
        await hire(app.state.house, SLUG, OTHER)
        yield Office(app, app.state.house, clock, client, home)


@contextlib.asynccontextmanager
async def _without_chores(app: Litestar) -> AsyncIterator[None]:
    """The running application; its chores wait for ever."""

    async def never(house: House) -> None:
        del house
        await asyncio.Event().wait()

    with mock.patch.object(chores, "keep", never):
        async with app.lifespan():
            yield
