"""A plugin that raises or is slow in any hook there is: contained, named, kept count of.

Made from the list of hooks: a new hook without a case here fails.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.services.shop import AN, SHIPPED, Shop, open_shop
from motcua.domain.dossier import Role
from motcua.plugin.hookspecs import KINDS, Kind
from motcua.registry import PluginFailedError, dispatch, load_registry
from motcua.registry.dispatch import answer_type
from motcua.services.assess import Paper
from motcua.services.configure import enable
from motcua.services.hooks import looked, watched
from motcua.storage.engine import TenantEngine
from motcua.testing.database import ScratchDatabase
from motcua.testing.procedures import plugin_module, small_procedure

pytestmark = pytest.mark.anyio

SMALL = Paper(procedure="9.000001", applicant=AN)
fails_in: set[str] = set()
slow_in: set[str] = set()
MOST, LONG = 0.2, 0.25
"""Seconds a hook may take in these tests, and those a slow one takes."""
DECIDES = (Kind.OWNER, Kind.EACH)
AT_START = [hook for hook, kind in KINDS.items() if kind is Kind.START]
OUT = [hook for hook, kind in KINDS.items() if kind is Kind.OUT]
"""How those fail is told in the tests of delivery: nothing waits for them."""
ASKED = [hook for hook in KINDS if hook not in (*AT_START, *OUT)]


def stumbling(hook: str) -> Callable[[], Any]:
    """An implementation of *hook* that does as little as it may, and fails when told to."""

    def decide() -> Any:
        if hook in fails_in:
            raise RuntimeError
        time.sleep(LONG if hook in slow_in else 0)
        declared = answer_type(hook)
        return None if type(None) in getattr(declared, "__args__", ()) else declared()

    async def act() -> None:
        if hook in fails_in:
            raise RuntimeError
        await asyncio.sleep(LONG if hook in slow_in else 0)

    async def look() -> list[Any]:
        await act()
        return []

    return {Kind.ACT: act, Kind.LOOK: look}.get(KINDS[hook], decide)


BROKEN = plugin_module("broken", small_procedure(), hooks={each: stumbling(each) for each in ASKED})


async def received(shop: Shop) -> Any:
    return await shop.receive(SMALL)


async def finished(shop: Shop) -> Any:
    approved = await shop.walk(await shop.received(SMALL), "T08", "T16", "T18")
    return await shop.take(approved, "T19")


async def searched(shop: Shop) -> Any:
    tenant, officer = await shop.desk(), shop.person(Role.RECEPTION)
    procedure = small_procedure()
    async with watched(shop.house, tenant):
        return await looked(shop.house, tenant, officer, "known_records", procedure, query="an")


async def printed(shop: Shop) -> Any:
    tenant = await shop.desk()
    async with watched(shop.house, tenant):
        return shop.house.registry.ask_owner(
            "result_papers", tenant.plugins, small_procedure(), answers={}, issue=None
        )


CASES: dict[str, Callable[[Shop], Awaitable[Any]]] = {
    "problems": received,
    "time_limit": received,
    "fee_lines": received,
    "register_entries": finished,
    "result_papers": printed,
    "likely_duplicates": received,
    "known_records": searched,
    "on_received": received,
    "on_result_ready": finished,
}
"""What makes the core ask each hook."""


@pytest.fixture(scope="module")
async def opened(engine: TenantEngine, database: ScratchDatabase) -> Shop:
    return await open_shop(engine, database.owner_dsn, modules={**SHIPPED, "broken": BROKEN})


@pytest.fixture
async def shop(opened: Shop) -> Shop:
    """The shop with the plugin sound again, offered again and its faults forgotten."""
    fails_in.clear()
    slow_in.clear()
    opened.next_day()
    await opened.configure("phuong-mot", "delete from plugin_fault")
    await enable(opened.house, await opened.desk(), "broken")
    return opened


async def faults(shop: Shop) -> list[tuple[str, str]]:
    rows = await shop.rows("select plugin, hook from plugin_fault where tenant_id = $1 order by id")
    return [(row["plugin"], row["hook"]) for row in rows]


def test_every_hook_has_a_case() -> None:
    assert [*AT_START, *CASES, *OUT] == list(KINDS)


@pytest.mark.parametrize("hook", AT_START)
def test_failing_at_start_it_is_left_out_by_name_and_the_others_work(hook: str) -> None:
    def raises() -> Any:
        raise RuntimeError

    bad = plugin_module("bad", hooks={hook: raises})
    registry = load_registry({"bad": bad, "good": plugin_module("good", small_procedure())})

    assert [each.plugin for each in registry.refusals] == ["bad"]
    assert registry.plugins.keys() == {"good"}


@pytest.mark.parametrize("hook", CASES)
async def test_failing_in_a_step_nothing_is_written_and_the_fault_is_kept(
    shop: Shop, hook: str
) -> None:
    """Neither fees nor checks are ever skipped: without its owner a procedure waits."""
    fails_in.add(hook)

    with pytest.raises(PluginFailedError):
        await CASES[hook](shop)

    assert await faults(shop) == [("broken", hook)]


@pytest.mark.parametrize("hook", CASES)
async def test_slow_its_answer_counts_and_the_fault_is_kept(
    shop: Shop, hook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "SLOW_ANSWER" if KINDS[hook] in DECIDES else "SLOW_ACT", MOST)
    slow_in.add(hook)

    await CASES[hook](shop)

    assert ("broken", hook) in await faults(shop)


async def test_slow_again_and_again_it_is_quarantined(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "SLOW_ACT", MOST)
    slow_in.add("on_received")
    for _ in range(3):
        assert (await shop.receive(SMALL)).dossiers[0].state == "received"

    with pytest.raises(dispatch.PluginQuarantinedError):
        await shop.receive(SMALL)

    row = (await shop.rows("select detail from plugin_fault where tenant_id = $1"))[0]
    assert row["detail"].startswith("slow: ")
