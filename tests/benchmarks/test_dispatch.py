"""What it costs a commune with ten plugins to ask them, beside calling the functions directly.

Run it alone on a quiet machine, with the figures shown::

    uv run pytest -q -s tests/benchmarks/test_dispatch.py

Measured is the process's own CPU time, dispatched and direct calls in turn, the
best of many rounds: other work on the machine disturbs little.
"""

import datetime as dt
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from motcua.domain.answers import Answers
from motcua.domain.fee import FeeLine
from motcua.domain.procedure import FeeKind
from motcua.plugin import Problem, ProcedureDefinition, Reception, Severity
from motcua.plugin.enabled import EnabledPlugins, PluginState
from motcua.registry import Registry, load_registry
from motcua.testing.procedures import SMALL, plugin_module

PLUGINS = 10
ROUNDS, CALLS = 300, 100
MOST_US = 15.0
DOUBT = [Problem(code="a.doubt", field="copy_count", severity=Severity.WARNING)]
LINES = [FeeLine(fee_id="none", label="Phí", kind=FeeKind.PHI, amount=5000)]


def problems(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception, settings: Any
) -> list[Problem]:
    del procedure, answers, reception, settings
    return DOUBT


def fee_lines(procedure: ProcedureDefinition, answers: Answers) -> list[FeeLine] | None:
    del procedure, answers
    return LINES


HOOKS = {"problems": problems, "fee_lines": fee_lines}


@pytest.fixture(scope="module")
def registry() -> Registry:
    modules: dict[str, ModuleType] = {
        f"p{n}": plugin_module(f"p{n}", *([SMALL] if n == 0 else []), hooks=HOOKS)
        for n in range(PLUGINS)
    }
    return load_registry(modules)


@pytest.fixture(scope="module")
def enabled(registry: Registry) -> EnabledPlugins:
    return EnabledPlugins(
        states=dict.fromkeys(registry.plugins, PluginState.OFFERED),
        settings={name: {} for name in registry.plugins},
    )


ASKED = {
    "answers": Answers(requester={"name": "Nguyễn Thị An"}, copy_count=3),
    "reception": Reception(received_on=dt.date(2026, 11, 23)),
}


def cost_us(work: Callable[[], object]) -> float:
    """CPU microseconds of one call, averaged over a round."""
    began = time.process_time_ns()
    for _ in range(CALLS):
        work()
    return (time.process_time_ns() - began) / CALLS / 1000


def compared(dispatched: Callable[[], object], direct: Callable[[], object]) -> tuple[float, float]:
    """The best round of each, measured in turn."""
    rounds = [(cost_us(dispatched), cost_us(direct)) for _ in range(ROUNDS)]
    return min(one for one, _ in rounds), min(other for _, other in rounds)


def test_asking_the_owner_costs_little(registry: Registry, enabled: EnabledPlugins) -> None:
    dispatched, direct = compared(
        lambda: registry.ask_owner("fee_lines", enabled, SMALL, **ASKED),
        lambda: fee_lines(SMALL, ASKED["answers"]),  # type: ignore[arg-type]  # values of several types
    )

    print(f"\nowner of {PLUGINS}: {dispatched:.2f} µs dispatched, {direct:.2f} µs direct")  # noqa: T201 - the figure
    assert dispatched - direct <= MOST_US


def test_asking_all_ten_costs_little(registry: Registry, enabled: EnabledPlugins) -> None:
    """The whole question to ten plugins, not only one of its ten calls."""

    def directly() -> None:
        for _ in range(PLUGINS):
            problems(SMALL, ASKED["answers"], ASKED["reception"], None)  # type: ignore[arg-type]  # the same

    dispatched, direct = compared(
        lambda: registry.ask_each("problems", enabled, SMALL, **ASKED), directly
    )

    print(f"\neach of {PLUGINS}: {dispatched:.2f} µs dispatched, {direct:.2f} µs direct")  # noqa: T201 - the figure
    assert dispatched - direct <= MOST_US
