"""What is done from time to time without anybody asking."""

import asyncio
import contextlib
import datetime as dt

import pytest
import structlog

from fakes.office import SLUG, Office, paper
from motcua.domain.calendar import VN
from motcua.services import chores
from motcua.services.chores import keep  # as it is: an office's own chores wait for ever
from motcua.services.house import House, desk
from motcua.storage.work import work

pytestmark = pytest.mark.anyio


async def kept(office: Office, table: str) -> int:
    where = await desk(office.house, SLUG)
    async with work(office.house.engine, where.id) as reading:
        row = await reading.fetchrow(f"select count(*) as n from {table}")  # noqa: S608 - a name of ours
    found: int = row["n"]
    return found


async def test_yesterday_is_anchored_once_the_night_has_settled(office: Office) -> None:
    """Architecture §4: a job anchors each tenant's heads once a day."""
    await office.received()
    office.clock.moment = dt.datetime(2026, 12, 2, 0, 5, tzinfo=VN)
    await chores.once(office.house)
    early = await kept(office, "anchor")

    office.clock.advance(minutes=20)
    with structlog.testing.capture_logs() as logged:
        for _ in range(2):
            await chores.once(office.house)

    assert early == 0
    assert await kept(office, "anchor") == 1
    (entry,) = [each for each in logged if each.get("tenant") == SLUG]
    assert (entry["event"], entry["day"]) == ("anchored", "2026-12-01")
    assert len(bytes.fromhex(entry["digest"])) == 32


async def test_what_nobody_asks_for_any_more_is_forgotten(office: Office) -> None:
    await office.ask("POST", "/receptions", by="reception", key="k", json={"papers": [paper()]})
    await office.ask("POST", "/sessions", json={"username": "ai", "password": "sai"})
    office.clock.advance(days=2)

    tenants = await chores.once(office.house)

    assert tenants >= 3
    for table in ("staff_session", "login_attempt", "idempotency_key"):
        assert await kept(office, table) == 0, table
    office.tokens.clear()


async def test_one_units_failure_is_not_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What went wrong is named without its text, which may quote a person."""
    visited: list[str] = []

    async def fails_once(house: House, slug: str) -> int:
        del house
        visited.append(slug)
        if len(visited) == 1:
            raise ValueError("Nguyễn Thị An, 027190000001")
        return 0

    monkeypatch.setattr(chores, "accept_unanswered", fails_once)
    with structlog.testing.capture_logs() as logged:
        done = await chores.once(office.house)

    assert len(set(visited)) == done + 1 >= 3
    (entry,) = [each for each in logged if each["event"] == "chores failed"]
    assert (entry["tenant"], entry["reason"]) == (visited[0], "ValueError")
    assert "027190000001" not in str(logged)


async def test_a_failure_does_not_end_the_chores(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[House] = []
    done = asyncio.Event()

    async def sometimes(house: House) -> int:
        begun.append(house)
        if len(begun) == 1:
            raise ConnectionResetError
        done.set()
        return 0

    monkeypatch.setattr(chores, "once", sometimes)
    monkeypatch.setattr(chores, "EVERY_SECONDS", 0.0)
    working = asyncio.create_task(keep(office.house, first_after=0))
    await asyncio.wait_for(done.wait(), timeout=10)
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working

    assert len(begun) >= 2
