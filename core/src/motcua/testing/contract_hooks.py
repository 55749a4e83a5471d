"""The contract of a plugin's hooks: pure where they decide, contained where they fail."""

# ruff: noqa: S101 - a test kit asserts

import copy
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.domain.answers import Answers
from motcua.domain.fee import FeeLine
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin import hookspecs
from motcua.plugin.facts import Problem, Reception, ResultPapers
from motcua.plugin.hookspecs import KINDS, Kind, hookimpl
from motcua.plugin.texts import texts
from motcua.registry.dispatch import PluginFailedError
from motcua.registry.loading import load_registry
from motcua.registry.registry import Registry
from motcua.testing.clock import MONDAY
from motcua.testing.contract_base import AboutPlugin
from motcua.testing.forms import SETTINGS, filled
from motcua.testing.procedures import plugin_module

DECIDING = tuple(hook for hook, kind in KINDS.items() if kind in (Kind.OWNER, Kind.EACH))


class HookContract(AboutPlugin):
    """Its answers depend on what it is told alone; its failures stop only itself."""

    def test_nothing_speaks_against_it(self) -> None:
        """The registry finds no reason to refuse it."""
        self.registry().require_sound()

    def test_deciding_hooks_are_plain_and_others_async(self) -> None:
        """Deciding hooks return values; looking and acting hooks may wait for the database."""
        for name in self.loaded().hooks:
            is_async = inspect.iscoroutinefunction(getattr(self.plugin, name))
            assert is_async is inspect.iscoroutinefunction(getattr(hookspecs, name)), name

    def test_its_decisions_hold_for_an_empty_form(self) -> None:
        """A form filled in halfway is asked about too; nothing breaks."""
        for definition in self.definitions():
            for hook in self._deciding():
                self.decide(hook, definition, Answers(), Reception(received_on=MONDAY.date()))

    def test_its_decisions_are_pure(self) -> None:
        """The same facts give the same decision, and nothing that was handed in is changed."""
        for definition in self.definitions():

            @settings(SETTINGS)
            @given(data=st.data())
            def held(data: st.DataObject) -> None:
                answers = data.draw(filled(definition.form))  # noqa: B023 - called at once
                reception = data.draw(receptions(definition))  # noqa: B023
                for hook in self._deciding():
                    self._held_to_be_pure(hook, definition, answers, reception)  # noqa: B023

            held()

    def _held_to_be_pure(
        self, hook: str, definition: ProcedureDefinition, said: dict[str, Any], told: Reception
    ) -> None:
        answers, reception = Answers(copy.deepcopy(said)), copy.deepcopy(told)
        first = self.decide(hook, definition, answers, reception)
        assert answers == said, f"{hook} changed the answers"
        assert reception == told, f"{hook} changed the reception"
        assert self.decide(hook, definition, Answers(copy.deepcopy(said)), told) == first, hook
        said_of = first.problems if isinstance(first, ResultPapers) else first
        for each in said_of if isinstance(said_of, list | tuple) else ():
            _held_to_be_told(each, definition)

    def test_raising_at_start_it_is_left_out_by_name(self) -> None:
        """And nobody else is disturbed."""
        for hook in self.loaded().hooks:
            if KINDS[hook] is Kind.START:
                broken = self._broken(hook)
                assert {each.plugin for each in broken.refusals} == {self.manifest.name}, hook
                assert "bystander" in broken.plugins, hook

    @pytest.mark.anyio
    async def test_raising_in_a_step_it_blocks_its_own_action(self) -> None:
        """Fees and checks are never skipped in silence: what needs the plugin is not done."""
        asked = [hook for hook in self.loaded().hooks if KINDS[hook] is not Kind.START]
        for hook in asked if self.definitions() else ():
            broken = self._broken(hook)
            with pytest.raises(PluginFailedError) as failed:
                await _called(broken, hook, self.definitions()[0], self.enabled())
            fault = failed.value.fault
            assert (fault.plugin, fault.hook) == (self.manifest.name, hook)
            assert "secret" not in str(failed.value)

    def _broken(self, hook: str) -> Registry:
        """The plugin with a *hook* that raises, beside another one."""
        module = ModuleType(self.plugin.__name__)
        vars(module).update(vars(self.plugin))
        setattr(module, hook, hookimpl(_raising(is_async=KINDS[hook] in (Kind.ACT, Kind.LOOK))))
        return load_registry({self.manifest.name: module, "bystander": plugin_module("bystander")})

    def _deciding(self) -> Iterator[str]:
        return (hook for hook in DECIDING if hook in self.loaded().hooks)


def receptions(definition: ProcedureDefinition) -> st.SearchStrategy[Reception]:
    """Circumstances in which a dossier of *definition* may be received."""
    exemptions = [each.id for fee in definition.fees for each in fee.exemptions]
    return st.builds(
        Reception,
        received_on=st.just(MONDAY.date()),
        channel=st.sampled_from(("direct", "online", "post")),
        variants=_some([each.id for each in definition.limit_variants]),
        exemptions=_some(exemptions),
        asked_fees=_some([fee.id for fee in definition.fees if fee.optional]),
        amounts=st.just({fee.id: 5000 for fee in definition.fees if fee.set_by}),
    )


def _some(ids: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    subsets = st.sets(st.sampled_from(ids)) if ids else st.just(set[str]())
    return subsets.map(sorted).map(tuple)


def _held_to_be_told(answer: object, definition: ProcedureDefinition) -> None:
    """A problem has a text and names what the text asks for; a fee line is of a known fee."""
    if isinstance(answer, Problem):
        said = texts("vi").get(answer.code)
        assert said is not None, f"{answer.code} has no text"
        assert "{" not in said.format_map(_Blank(answer.told)), f"{answer.code}: {answer.told}"
    if isinstance(answer, FeeLine):
        assert answer.amount is None or answer.amount >= 0, answer
        assert answer.fee_id in {fee.id for fee in definition.fees}, answer


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _raising(*, is_async: bool) -> Any:
    def decide() -> Any:
        """Raise."""
        raise RuntimeError("a secret of somebody's")

    async def act() -> Any:
        """Raise."""
        raise RuntimeError("a secret of somebody's")

    return act if is_async else decide


async def _called(
    registry: Registry, hook: str, definition: ProcedureDefinition, enabled: Any
) -> Any:
    """Ask *hook* the way the core does."""
    match KINDS[hook]:
        case Kind.ACT:
            return await registry.act(hook, enabled, definition)
        case Kind.LOOK:
            return await registry.look(hook, enabled, definition)
        case Kind.EACH:
            return registry.ask_each(hook, enabled, definition)
        case _:
            return registry.ask_owner(hook, enabled, definition)
