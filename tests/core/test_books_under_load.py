"""Many desks certify at once and some are killed: no number twice, no gap nobody explains.

Real processes on one database. What a desk had told before it was killed is in the book;
what it left half done stands there as reserved, until somebody says why it is void.
"""

import asyncio
import datetime as dt
from pathlib import Path

import msgspec
import pytest

from core.desk_worker import Certified, Order
from core.services.bookshop import LAST_DAY
from core.services.shop import MONDAY, Shop, copy, open_shop
from core.test_concurrency import Process
from motcua.domain.dossier import Role
from motcua.services import books
from motcua.services.closing import close
from motcua.services.verify import verify
from motcua.storage.dossiers import load
from motcua.storage.engine import TenantEngine
from motcua.storage.work import work
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

SLUG, BOOK = "phuong-mot", "SCT/BS"
DESKS, EACH, KILLED = 5, 17, 2
"""Eighty-five certifications by five desks, of which two are killed in the middle."""
SETTINGS = "update tenant set settings = '{\"own_approval\": true}' where id = 101"


@pytest.fixture(scope="module")
async def shop(engine: TenantEngine, database: ScratchDatabase) -> Shop:
    shop = await open_shop(engine, database.owner_dsn)
    await shop.configure(SLUG, SETTINGS)
    return shop


def order(shop: Shop, database: ScratchDatabase, **what: object) -> Order:
    officer = shop.person(Role.RECEPTION).id
    assert officer is not None
    blank = Order(database.app_dsn.url, SLUG, officer, receptions=0)
    return msgspec.structs.replace(blank, **what)


def certified(lines: list[str]) -> list[Certified]:
    return [msgspec.json.decode(line, type=Certified) for line in lines if line.startswith('{"dos')]


def read(process: Process, *, kill_after: int = 0) -> list[Certified]:
    """What a desk tells until its end, or until it is killed."""
    lines = []
    for line in process.lines():
        lines.append(line)
        if kill_after and len(lines) == kill_after:
            process.kill()
    return certified(lines)


async def test_fifty_certifications_leave_one_series_though_desks_are_killed(
    shop: Shop, database: ScratchDatabase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [order(shop, database, certify=EACH, seed=seed) for seed in range(DESKS)]
    processes = [Process(each) for each in asked]
    for each in processes:
        each.until_ready()
    for each in processes:
        each.begin()
    told = await asyncio.gather(
        *(
            asyncio.to_thread(read, each, kill_after=4 if n < KILLED else 0)
            for n, each in enumerate(processes)
        )
    )
    assert [each.killed() for each in processes] == [True] * KILLED + [False] * (DESKS - KILLED)

    found = [one for desk in told for one in desk]
    numbers = [number for one in found for number in one.numbers]
    stored = {
        row["number"]: (row["dossier_id"], row["status"])
        for row in await shop.rows(
            "select number, dossier_id, status from register_entry where tenant_id = $1"
        )
    }
    assert len(found) >= (DESKS - KILLED) * EACH + KILLED * 4 >= 50
    assert len(numbers) == len(set(numbers)) == len(found)
    assert sorted(stored) == list(range(1, len(stored) + 1))
    for one in found:
        assert stored[one.numbers[0]] == (one.dossier, "issued")
    left = [number for number, (_, status) in stored.items() if status == "reserved"]
    assert (await verify(shop.house, tmp_path, slugs=[SLUG])).faults == ()

    await _say_why(shop, left)

    (book,) = await books.books(shop.house, await shop.desk(), shop.person(Role.CLERK))
    assert (book.waiting, book.totals.void) == ((), len(left))
    assert book.totals.numbers == book.last == len(stored)
    assert (await verify(shop.house, tmp_path, slugs=[SLUG])).faults == ()
    with capsys.disabled():
        print(  # noqa: T201 - for the log of the run
            f"\n{len(found)} certifications told, {len(stored)} numbers taken,"
            f" {len(left)} of them left reserved by {KILLED} desks that were killed"
        )


async def _say_why(shop: Shop, numbers: list[int]) -> None:
    """What killed desks left is made void by those who find it (T31)."""
    for number in numbers:
        (row,) = await shop.rows(
            "select dossier_id from register_entry where tenant_id = $1 and number = $2", number
        )
        tenant = await shop.desk()
        async with work(shop.house.engine, tenant.id) as reading:
            dossier = (await load(reading, [row["dossier_id"]]))[row["dossier_id"]]
        await shop.take(dossier, "T31", reason="Máy hỏng khi đang in", number=str(number))


async def test_a_book_is_closed_while_others_take_numbers(
    shop: Shop, database: ScratchDatabase, tmp_path: Path
) -> None:
    """Each number is taken before the closing and counted by it, or refused."""
    shop.clock.now = LAST_DAY - dt.timedelta(hours=1)
    await _settle(shop)
    approved = []
    for _ in range(45):
        row = await shop.walk(await shop.received(copy()), "T08", "T16", "T18")
        shop.clock.now = LAST_DAY - dt.timedelta(hours=1)
        approved.append(row.id)
    shop.clock.now = LAST_DAY + dt.timedelta(hours=1)
    at = shop.clock.now
    asked = [order(shop, database, ready=approved[n::3], at=at, seed=n) for n in range(3)]
    processes = [Process(each) for each in asked]
    for each in processes:
        each.until_ready()
    before = await shop.count("register_entry")
    for each in processes:
        each.begin()
    while await shop.count("register_entry") < before + 5:  # noqa: ASYNC110 - others set no event
        await asyncio.sleep(0.005)

    closed = await close(shop.house, await shop.desk(), shop.person(Role.CLERK), BOOK, MONDAY.year)

    worked = [await asyncio.to_thread(each.worked) for each in processes]
    taken = sum(one.done.get("T19", 0) for one in worked)
    refused = sum(one.refused.get("register.closed", 0) for one in worked)
    assert {code for one in worked for code in one.refused} <= {"register.closed"}
    assert taken + refused == len(approved)
    assert taken >= 5
    assert closed.totals.numbers == before + taken == await shop.count("register_entry")
    found = await verify(shop.house, tmp_path, slugs=[SLUG])
    assert [fault for fault in found.faults if fault.kind != "anchor"] == []


async def _settle(shop: Shop) -> None:
    """Bring what the test before left in the book to an end."""
    rows = await shop.rows(
        "select distinct d.id, d.state from register_entry e join dossier d using (tenant_id)"
        " where tenant_id = $1 and d.id = e.dossier_id and d.finished_at is null"
    )
    tenant = await shop.desk()
    for each in rows:
        async with work(shop.house.engine, tenant.id) as reading:
            dossier = (await load(reading, [each["id"]]))[each["id"]]
        await shop.take(dossier, "T23", Role.LEADER, reason="Dừng", ground="Máy hỏng")
