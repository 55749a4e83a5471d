"""A plugin that fails stops its own actions, is kept count of, and disturbs nobody else."""

import asyncio
import contextlib
import uuid
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from piccolo.querystring import QueryString
from piccolo.table import Table

from core.services.shop import AN, SHIPPED, Shop, copy, open_shop
from motcua.domain.dossier import Role
from motcua.plugin.facts import Problem
from motcua.registry.dispatch import PluginFailedError, PluginQuarantinedError
from motcua.services.assess import Paper
from motcua.services.configure import enable
from motcua.services.hooks import PluginSession
from motcua.services.idempotency import Repeatable, once
from motcua.services.receive import receive
from motcua.storage.engine import ENGINE, TenantEngine
from motcua.testing.database import ScratchDatabase
from motcua.testing.procedures import plugin_module, small_procedure

pytestmark = pytest.mark.anyio


class Note(Table, tablename="note"):
    """A plugin's own table; nothing is ever written to it."""


SMALL = Paper(procedure="9.000001", applicant=AN)
fails_in: set[str] = set()
"""The hooks in which the broken plugin fails now."""


def stumble(hook: str) -> None:
    if hook in fails_in:
        raise RuntimeError("số định danh 027190000001")


def problems() -> list[Problem]:
    stumble("problems")
    return []


def register_entries() -> list[Any]:
    stumble("register_entries")
    return []


class Refused:
    """A query the database refuses, in the shape of Piccolo's."""

    table = Note
    querystrings = (QueryString("select 1 / 0"),)


async def on_received(session: PluginSession) -> None:
    stumble("on_received")
    if "swallowed" in fails_in:
        with contextlib.suppress(asyncpg.DivisionByZeroError):
            await session.run(Refused())


async def on_result_ready() -> None:
    stumble("on_result_ready")


BROKEN = plugin_module(
    "broken",
    small_procedure(),
    hooks={
        "problems": problems,
        "register_entries": register_entries,
        "on_received": on_received,
        "on_result_ready": on_result_ready,
    },
)


@pytest.fixture(scope="module")
async def opened(engine: TenantEngine, database: ScratchDatabase) -> Shop:
    return await open_shop(engine, database.owner_dsn, modules={**SHIPPED, "broken": BROKEN})


@pytest.fixture(autouse=True)
def mended() -> Iterator[None]:
    yield
    fails_in.clear()


@pytest.fixture
async def shop(opened: Shop) -> Shop:
    """The shop with the plugin offered again and its faults forgotten."""
    opened.next_day()
    await opened.configure("phuong-mot", "delete from plugin_fault")
    await enable(opened.house, await opened.desk(), "broken")
    return opened


async def faults(shop: Shop, slug: str = "phuong-mot") -> list[tuple[str, str]]:
    rows = await shop.rows(
        "select plugin, hook from plugin_fault where tenant_id = $1 order by id", slug=slug
    )
    return [(row["plugin"], row["hook"]) for row in rows]


async def state(shop: Shop, slug: str = "phuong-mot") -> str:
    rows = await shop.rows(
        "select state from tenant_plugin where tenant_id = $1 and plugin = 'broken'", slug=slug
    )
    return str(rows[0]["state"])


@pytest.mark.parametrize("hook", ["problems", "on_received"])
async def test_a_reception_whose_owner_fails_is_undone_whole(shop: Shop, hook: str) -> None:
    tables = ("dossier", "dossier_event", "visit", "counter", "daily_figure")
    before = [await shop.count(table) for table in tables]
    fails_in.add(hook)

    with pytest.raises(PluginFailedError):
        await shop.receive(SMALL)

    assert [await shop.count(table) for table in tables] == before
    assert await faults(shop) == [("broken", hook)]


async def test_a_plugin_that_hides_a_failed_statement_is_told_of_and_blamed(shop: Shop) -> None:
    """The transaction is lost then; whoever received must not be handed a receipt."""
    before = await shop.count("dossier")
    fails_in.add("swallowed")

    with pytest.raises(PluginFailedError):
        await shop.receive(SMALL)

    assert await shop.count("dossier") == before
    assert await faults(shop) == [("broken", "on_received")]


async def test_a_step_whose_plugin_fails_is_undone_whole(shop: Shop) -> None:
    approved = await shop.walk(await shop.received(SMALL), "T08", "T16", "T18")

    for hook in ("register_entries", "on_result_ready"):
        fails_in.add(hook)
        with pytest.raises(PluginFailedError):
            await shop.take(approved, "T19")
        fails_in.clear()

    assert await faults(shop) == [("broken", "register_entries"), ("broken", "on_result_ready")]
    assert (await shop.take(approved, "T19")).state == "result_ready"


async def test_a_failed_reception_leaves_no_gap_in_the_codes(shop: Shop) -> None:
    first = await shop.received(SMALL)
    fails_in.add("on_received")
    with pytest.raises(PluginFailedError):
        await shop.receive(SMALL)
    fails_in.clear()

    second = await shop.received(SMALL)

    assert (first.code[-4:], second.code[-4:]) == ("0001", "0002")


async def test_a_fault_is_kept_without_what_the_exception_says(shop: Shop) -> None:
    """An exception's text may hold what somebody declared."""
    fails_in.add("on_received")
    with pytest.raises(PluginFailedError) as failed:
        await shop.receive(SMALL)

    (row,) = await shop.rows("select detail, at from plugin_fault where tenant_id = $1")

    assert row == {"detail": "RuntimeError", "at": shop.clock.now}
    assert "027190000001" not in str(failed.value)


async def test_a_plugin_is_quarantined_after_three_faults(shop: Shop) -> None:
    running = await shop.received(SMALL)
    fails_in.add("on_received")
    for _ in range(3):
        assert await state(shop) == "offered"
        with pytest.raises(PluginFailedError):
            await shop.receive(SMALL)
    fails_in.clear()

    assert await state(shop) == "quarantined"
    with pytest.raises(PluginQuarantinedError):
        await shop.receive(SMALL)
    with pytest.raises(PluginQuarantinedError):
        await shop.take(running, "T08")
    assert len(await faults(shop)) == 3


async def test_faults_far_apart_put_nobody_in_quarantine(shop: Shop) -> None:
    for _ in range(4):
        fails_in.add("on_received")
        with pytest.raises(PluginFailedError):
            await shop.receive(SMALL)
        fails_in.clear()
        shop.clock.tick(minutes=61)

    assert await state(shop) == "offered"
    assert len(await faults(shop)) == 4


async def test_an_administrator_ends_a_quarantine(shop: Shop) -> None:
    fails_in.add("on_received")
    for _ in range(3):
        with pytest.raises(PluginFailedError):
            await shop.receive(SMALL)
    fails_in.clear()

    await enable(shop.house, await shop.desk(), "broken")

    assert (await shop.received(SMALL)).state == "received"


async def test_one_tenants_quarantine_is_not_anothers(shop: Shop) -> None:
    fails_in.add("on_received")
    for _ in range(3):
        with pytest.raises(PluginFailedError):
            await shop.receive(SMALL)
    fails_in.clear()

    assert (await shop.received(SMALL, slug="xa-hai")).state == "received"
    assert await state(shop, "xa-hai") == "offered"
    assert await faults(shop, "xa-hai") == []


async def test_a_plugin_that_only_comments_stops_nobody_when_it_fails(shop: Shop) -> None:
    """The owner of the procedure is another plugin; the fault is kept all the same."""
    fails_in.add("problems")

    received = await shop.received(copy())

    assert received.state == "received"
    assert await faults(shop) == [("broken", "problems")]


async def test_a_quarantined_plugin_that_only_comments_is_left_out(shop: Shop) -> None:
    fails_in.add("problems")
    for _ in range(3):
        await shop.receive(copy())
    assert await state(shop) == "quarantined"
    kept = len(await faults(shop))

    with pytest.raises(PluginQuarantinedError):
        await shop.receive(copy())  # it also acts on receptions, and must not miss one

    assert len(await faults(shop)) == kept == 3


async def test_a_fault_that_stops_nobody_counts_in_a_repeatable_request_too(shop: Shop) -> None:
    fails_in.add("problems")
    tenant, officer = await shop.desk(), shop.person(Role.RECEPTION)

    for _ in range(3):
        await once(
            shop.house,
            tenant,
            Repeatable(actor="1", key=f"{uuid.uuid4()}", request=b""),
            201,
            lambda: receive(shop.house, tenant, officer, "counter", [copy()]),
        )

    assert await faults(shop) == [("broken", "problems")] * 3
    assert await state(shop) == "quarantined"


async def test_failures_do_not_use_up_the_connections(shop: Shop) -> None:
    """As many repeatable requests as the pool has connections fail at once: none waits for ever."""
    fails_in.add("on_received")
    tenant, officer = await shop.desk(), shop.person(Role.RECEPTION)
    assert ENGINE.pool is not None
    many = ENGINE.pool.get_max_size()

    async def one(number: int) -> None:
        asked = Repeatable(actor="1", key=f"{uuid.uuid4()}", request=b"%d" % number)
        with pytest.raises((PluginFailedError, PluginQuarantinedError)):
            await once(
                shop.house,
                tenant,
                asked,
                201,
                lambda: receive(shop.house, tenant, officer, "counter", [SMALL]),
            )

    async with asyncio.timeout(20):
        await asyncio.gather(*(one(number) for number in range(many)))

    assert len(await faults(shop)) == many
    assert await state(shop) == "quarantined"
