"""The morning of a province: every unit counted behind its own wall, all in one question."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from fakes.office import OTHER, SLUG, Office, opened
from motcua.domain.dossier import IN_PROCESS
from motcua.services import apologies, morning
from motcua.services.house import desk
from motcua.storage.work import work
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

PROVINCE = "tinh-thu"


@pytest.fixture(scope="module")
async def office(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    home = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home) as office:
        for slug, count in ((SLUG, 2), (OTHER, 3)):
            for _ in range(count):
                await office.received(slug)
        yield office


async def test_every_unit_is_counted_as_it_counts_itself(office: Office) -> None:
    above = await desk(office.house, PROVINCE)

    found = {each.slug: each for each in await morning.of_province(office.house, above)}

    assert {slug: each.open for slug, each in found.items()} == {SLUG: 2, OTHER: 3}
    for slug, each in found.items():
        assert each == await morning.of_unit(office.house, await desk(office.house, slug))
    assert (found[SLUG].today, found[SLUG].late, found[SLUG].gaps) == (2, 0, 0)


async def test_late_ones_are_told_by_their_step(office: Office) -> None:
    where, now = await desk(office.house, SLUG), office.clock.moment
    office.clock.advance(days=1)

    found = await morning.of_unit(office.house, where)

    letters = await apologies.count_at_risk(office.house, where)
    office.clock.moment = now
    assert (found.late, letters, found.steps) == (2, 2, {"received": 2})


async def test_a_book_with_a_gap_is_told(office: Office) -> None:
    where = await desk(office.house, OTHER)
    async with work(office.house.engine, where.id) as writing:
        await writing.execute(GAP, where.id)

    assert (await morning.of_unit(office.house, where)).gaps == 1


async def test_the_question_costs_the_same_for_any_number_of_units(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    above = await desk(office.house, PROVINCE)
    await morning.of_province(office.house, above)
    asked: list[str] = []
    fetch = asyncpg.Connection.fetch

    async def counted(self: Any, query: str, *args: Any, **how: Any) -> Any:
        asked.append(query)
        return await fetch(self, query, *args, **how)

    monkeypatch.setattr(asyncpg.Connection, "fetch", counted)
    await morning.of_province(office.house, above)

    assert len(asked) == 3


async def test_a_unit_asks_for_itself_only(office: Office) -> None:
    here, other = await desk(office.house, SLUG), await desk(office.house, OTHER)
    now = office.house.now()
    states = [state.value for state in IN_PROCESS]
    ids = [other.id, here.id]
    async with work(office.house.engine, here.id) as reading:
        rows = await reading.fetch(
            "select unit from units_this_morning($1::int[], $2, $3, $3, $4, $4, $3)",
            ids,
            states,
            now,
            [now, now],
        )
        own = await reading.fetch("select distinct tenant_id from dossier")

    assert [row["unit"] for row in rows] == [here.id]
    assert [row["tenant_id"] for row in own] == [here.id]


GAP = """
insert into register (tenant_id, book, year, title, first, last, volumes, basis, closed_by)
values ($1, 'THỬ', 2026, '', 1, 4, '[{"volume": 1, "first": 1}]', '', '')
"""
