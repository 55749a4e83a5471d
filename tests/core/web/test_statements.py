"""How often a page asks the database: a list of fifty as often as a list of five."""

from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest

from fakes.office import SLUG, Office, hire, opened
from fakes.walk import PROVINCE, Place, places
from motcua.storage.engine import TenantEngine
from motcua.storage.work import Work
from motcua.testing.database import ScratchDatabase, ScratchServer

pytestmark = pytest.mark.anyio
USUAL = 12
"""Statements of a page, the session and the tenant's configuration included."""
MORE = {
    "/t/{slug}/quay/ho-so/{dossier}": 17,
    "/t/{slug}/admin": 25,
}
"""Pages that may ask more often, and how often. A dossier's page tells everything about it at
once: answers, papers, clock, history, notes and money. The console's first page of a province asks
for each unit's readiness."""
FEW, MANY = 5, 50
UNITS = """
insert into tenant
select (jsonb_populate_record(t, jsonb_build_object(
  'id', 1000 + n, 'slug', 'xa-' || n, 'name', 'Xã ' || n))).*
from tenant t, generate_series(1, 40) n where t.slug = 'xa-hai'
"""


@pytest.fixture(scope="module")
async def office(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    home: Path = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home) as office:
        await hire(office.house, PROVINCE)
        yield office


OURS: ContextVar[bool] = ContextVar("ours", default=False)
"""Whether a statement belongs to a page; what runs beside it has a context of its own."""


class Asked:
    """The statements of pages."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.statements: list[str] = []
        for kind in (Work, TenantEngine):
            for name in ("fetch", "fetchrow", "execute"):
                monkeypatch.setattr(kind, name, self._heard(getattr(kind, name)))

    def _heard(self, asking: Callable[..., Any]) -> Callable[..., Any]:
        async def ask(there: Any, sql: str, *args: Any) -> Any:
            if OURS.get() and "unnest(hosts)" not in sql:  # kept for some seconds, whoever asks
                self.statements.append(sql)
            return await asking(there, sql, *args)

        return ask


async def statements(office: Office, asked: Asked, place: Place) -> tuple[int, list[str]]:
    """The status of a page and what it asks, when everything about the tenant is known."""
    headers = {"accept": "text/html"}
    if place.role:
        slug = PROVINCE if f"/{PROVINCE}/" in place.address else SLUG
        token = await office.token(place.role, slug)
        headers |= {"cookie": f"motcua_quay={token}", "authorization": f"Bearer {token}"}
    await office.client.get(place.address, headers=headers)
    asked.statements.clear()
    OURS.set(True)
    answer = await office.client.get(place.address, headers=headers)
    return answer.status_code, list(asked.statements)


async def test_no_page_asks_more_often_where_there_is_more_to_show(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossiers = [await office.received() for _ in range(FEW)]
    things = {"dossier": dossiers[0]["id"], "key": dossiers[0]["visit"]["visit"]}
    every = list(places(office.app, SLUG, things))
    asked = Asked(monkeypatch)

    few = {place: await statements(office, asked, place) for place in every}
    for _ in range(MANY - FEW):
        await office.received()
    many = {place: await statements(office, asked, place) for place in every}

    grown = {
        f"{place.address} by {place.role}": (len(few[place][1]), len(said))
        for place, (_, said) in many.items()
        if len(said) > len(few[place][1])
    }
    often = {
        f"{place.address} by {place.role}": len(said)
        for place, (_, said) in many.items()
        if len(said) > MORE.get(place.route, USUAL)
    }
    reached = [place for place, (status, _) in many.items() if status == 200]
    assert grown == {}
    assert often == {}
    assert len(reached) > len(every) / 2


async def test_a_province_asks_as_often_for_forty_communes_more(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    server: ScratchServer,
    database: ScratchDatabase,
) -> None:
    pages = [each for each in places(office.app, SLUG, {}) if "/giam-sat" in each.route]
    asked = Asked(monkeypatch)
    before = [len((await statements(office, asked, page))[1]) for page in pages]

    server.run(UNITS, dsn=database.owner_dsn)

    assert [len((await statements(office, asked, page))[1]) for page in pages] == before
    assert len(pages) >= 3
