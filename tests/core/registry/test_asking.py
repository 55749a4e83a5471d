"""Asking a tenant's plugins: the owner, each in turn, and letting them act."""

import datetime as dt
from collections.abc import Iterator
from types import ModuleType
from typing import Annotated, Any

import msgspec
import pytest
from msgspec import Meta

from motcua.domain.limit import TimeLimit, Unit
from motcua.domain.procedure_limit import ChosenLimit
from motcua.plugin import CounterPage, PluginTables, Problem, Role
from motcua.plugin.enabled import EnabledPlugins, PluginState
from motcua.registry import (
    InvalidSettingsError,
    PluginAbsentError,
    PluginFailedError,
    PluginFinishOnlyError,
    PluginQuarantinedError,
    PluginRemovedError,
    Registry,
    UnknownProcedureError,
    dispatch,
    load_registry,
)
from motcua.registry.dispatch import PluginFault
from motcua.testing.procedures import SMALL, plugin_module, small_procedure

FIVE = ChosenLimit(limit=TimeLimit(amount=5, unit=Unit.WORKING_DAY))
OFFERED = PluginState.OFFERED


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    days: Annotated[int, Meta(ge=1)] = 1


def five_days() -> ChosenLimit:
    return FIVE


def nonsense() -> Any:
    return "năm ngày"


def fails() -> Any:
    message = "a secret of Nguyễn Thị An"
    raise ValueError(message)


def warns() -> list[Problem]:
    return [Problem(code="x.doubt")]


def registry(**plugins: ModuleType) -> Registry:
    loaded = load_registry(plugins)
    loaded.require_sound()
    return loaded


def owned(**hooks: Any) -> Registry:
    """A registry whose plugin ``owner`` owns the small procedure."""
    return registry(owner=plugin_module("owner", SMALL, hooks=hooks))


def enabled(*names: str, **states: PluginState) -> EnabledPlugins:
    return EnabledPlugins(states={**dict.fromkeys(names, OFFERED), **states})


class TestTheOwnerDecides:
    def test_its_answer_counts(self) -> None:
        asked = owned(time_limit=five_days).ask_owner("time_limit", enabled("owner"), SMALL)

        assert asked == FIVE

    def test_without_an_implementation_nothing_is_decided(self) -> None:
        assert owned().ask_owner("time_limit", enabled("owner"), SMALL) is None

    def test_another_plugin_is_not_asked(self) -> None:
        both = registry(
            other=plugin_module("other", hooks={"time_limit": five_days}),
            owner=plugin_module("owner", SMALL),
        )

        assert both.ask_owner("time_limit", enabled("owner", "other"), SMALL) is None

    def test_it_gets_the_arguments_it_names_and_its_own_settings(self) -> None:
        def time_limit(answers: dict[str, int], settings: Settings) -> ChosenLimit:
            days = answers["n"] + settings.days
            return ChosenLimit(limit=TimeLimit(amount=days, unit=Unit.WORKING_DAY))

        module = plugin_module("owner", SMALL, hooks={"time_limit": time_limit}, settings=Settings)
        tenant = EnabledPlugins(states={"owner": OFFERED}, settings={"owner": {"days": 4}})

        asked = registry(owner=module).ask_owner(
            "time_limit", tenant, SMALL, answers={"n": 3}, reception=None
        )

        assert asked.limit.amount == 7

    @pytest.mark.parametrize("hook", [fails, nonsense])
    def test_its_failure_blocks_the_action_and_names_no_personal_data(self, hook: Any) -> None:
        with pytest.raises(PluginFailedError) as caught:
            owned(time_limit=hook).ask_owner("time_limit", enabled("owner"), SMALL)

        assert (caught.value.fault.plugin, caught.value.fault.hook) == ("owner", "time_limit")
        assert "Nguyễn" not in str(caught.value)

    def test_absent_it_is_not_asked(self) -> None:
        with pytest.raises(PluginAbsentError):
            owned(time_limit=five_days).ask_owner("time_limit", enabled(), SMALL)

    def test_quarantined_it_blocks_the_action(self) -> None:
        tenant = enabled(owner=PluginState.QUARANTINED)

        with pytest.raises(PluginQuarantinedError):
            owned(time_limit=five_days).ask_owner("time_limit", tenant, SMALL)

    @pytest.mark.parametrize("given", [["năm ngày"], {"limit": 5}, 5])
    def test_what_is_no_answer_is_a_failure(self, given: Any) -> None:
        asking = owned(problems=lambda: given, time_limit=lambda: given)

        for hook in ("problems", "time_limit"):
            with pytest.raises(PluginFailedError):
                asking.ask_owner(hook, enabled("owner"), SMALL)

    def test_plain_values_that_make_the_answer_are_taken(self) -> None:
        plain = owned(problems=lambda: ({"code": "x.doubt"},))

        assert plain.ask_owner("problems", enabled("owner"), SMALL) == [Problem(code="x.doubt")]

    def test_wrong_settings_block_each_time(self) -> None:
        module = plugin_module("owner", SMALL, hooks={"time_limit": five_days}, settings=Settings)
        tenant = EnabledPlugins(states={"owner": OFFERED}, settings={"owner": {"dayz": 4}})
        plugins = registry(owner=module)

        for _ in range(2):
            with pytest.raises(InvalidSettingsError) as caught:
                plugins.ask_owner("time_limit", tenant, SMALL)
            assert [fault.key for fault in caught.value.faults] == ["dayz"]

    def test_removed_it_leaves_its_dossiers_waiting(self) -> None:
        with pytest.raises(PluginRemovedError):
            registry(silent=plugin_module("silent")).ask_owner("time_limit", enabled(), SMALL)

    def test_finishing_it_decides_but_takes_nothing_new(self) -> None:
        tenant = enabled(owner=PluginState.FINISH_ONLY)
        plugins = owned(time_limit=five_days)

        assert plugins.ask_owner("time_limit", tenant, SMALL) == FIVE
        with pytest.raises(PluginFinishOnlyError):
            plugins.require_offered(tenant, SMALL)

    def test_offered_it_takes_new_dossiers(self) -> None:
        plugins = owned()

        plugins.require_offered(enabled("owner"), SMALL)

        assert plugins.require_owner(enabled("owner"), SMALL).name == "owner"


class TestEachIsAsked:
    def three(self, other: Any, **card: Any) -> Registry:
        return registry(
            another=plugin_module("another", hooks={"problems": other}, **card),
            owner=plugin_module("owner", SMALL, hooks={"problems": warns}),
            silent=plugin_module("silent"),
        )

    def test_the_owner_first(self) -> None:
        plugins, tenant = self.three(warns), enabled("owner", "another", "silent")

        for asked in [plugins.ask_each("problems", tenant, SMALL) for _ in range(2)]:
            assert [name for name, _ in asked.answers] == ["owner", "another"]
            assert not asked.faults

    def test_a_disabled_plugin_is_never_called(self) -> None:
        asked = self.three(fails).ask_each("problems", enabled("owner"), SMALL)

        assert [name for name, _ in asked.answers] == ["owner"]
        assert not asked.faults

    def test_a_plugin_of_another_field_is_not_asked(self) -> None:
        asked = self.three(fails, fields=("ho-tich",)).ask_each(
            "problems", enabled("owner", "another"), SMALL
        )

        assert not asked.faults

    def test_a_failing_plugin_is_reported_and_aborts_nobody(self) -> None:
        asked = self.three(fails).ask_each("problems", enabled("owner", "another"), SMALL)

        assert [name for name, _ in asked.answers] == ["owner"]
        assert [(fault.plugin, fault.hook, fault.detail) for fault in asked.faults] == [
            ("another", "problems", "ValueError")
        ]

    def test_a_quarantined_plugin_is_reported_not_called(self) -> None:
        tenant = enabled("owner", another=PluginState.QUARANTINED)

        asked = self.three(warns).ask_each("problems", tenant, SMALL)

        assert [fault.detail for fault in asked.faults] == ["plugin.quarantined"]

    def test_wrong_settings_of_another_plugin_are_reported(self) -> None:
        tenant = EnabledPlugins(
            states={"owner": OFFERED, "another": OFFERED}, settings={"another": {"days": 0}}
        )

        asked = self.three(warns, settings=Settings).ask_each("problems", tenant, SMALL)

        assert [fault.detail for fault in asked.faults] == ["plugin.settings"]

    def test_the_owners_failure_blocks(self) -> None:
        with pytest.raises(PluginFailedError):
            owned(problems=fails).ask_each("problems", enabled("owner"), SMALL)


@pytest.mark.anyio
class TestPluginsAct:
    async def test_each_in_turn_the_owner_first(self) -> None:
        seen: list[str] = []

        def noting(name: str) -> Any:
            async def on_received(dossier: str) -> None:
                seen.append(f"{name} {dossier}")

            return on_received

        plugins = registry(
            another=plugin_module("another", hooks={"on_received": noting("another")}),
            owner=plugin_module("owner", SMALL, hooks={"on_received": noting("owner")}),
        )

        await plugins.act(
            "on_received", enabled("owner", "another"), SMALL, session=None, dossier="H1"
        )

        assert seen == ["owner H1", "another H1"]

    async def test_a_failure_undoes_the_action(self) -> None:
        async def on_received() -> None:
            raise RuntimeError

        with pytest.raises(PluginFailedError):
            await owned(on_received=on_received).act(
                "on_received", enabled("owner"), SMALL, session=None, dossier=None
            )

    async def test_a_quarantined_plugin_blocks_and_is_never_skipped(self) -> None:
        async def on_received() -> None: ...

        plugins = registry(
            another=plugin_module("another", hooks={"on_received": on_received}),
            owner=plugin_module("owner", SMALL),
        )

        with pytest.raises(PluginQuarantinedError):
            await plugins.act(
                "on_received",
                enabled("owner", another=PluginState.QUARANTINED),
                SMALL,
                session=None,
                dossier=None,
            )


@pytest.mark.anyio
class TestTheOwnerLooks:
    async def test_it_tells_what_it_finds(self) -> None:
        async def likely_duplicates(answers: str) -> list[Problem]:
            return [Problem(code=f"x.{answers}")]

        found = await owned(likely_duplicates=likely_duplicates).look(
            "likely_duplicates", enabled("owner"), SMALL, session=None, answers="doubt"
        )

        assert found == [Problem(code="x.doubt")]

    async def test_without_an_implementation_it_does_not_look(self) -> None:
        plugins = owned()

        assert not plugins.looks("known_records", SMALL)
        assert await plugins.look("known_records", enabled("owner"), SMALL) is None

    @pytest.mark.parametrize("answer", [ValueError("Nguyễn Thị An"), "một câu"])
    async def test_its_failure_blocks_the_action_and_names_no_personal_data(
        self, answer: Any
    ) -> None:
        async def known_records() -> Any:
            if isinstance(answer, Exception):
                raise answer
            return answer

        with pytest.raises(PluginFailedError) as caught:
            await owned(known_records=known_records).look(
                "known_records", enabled("owner"), SMALL, session=None, query="an"
            )

        assert (caught.value.fault.plugin, caught.value.fault.hook) == ("owner", "known_records")
        assert "Nguyễn" not in str(caught.value)

    async def test_quarantined_it_blocks_the_action(self) -> None:
        tenant = enabled(owner=PluginState.QUARANTINED)

        with pytest.raises(PluginQuarantinedError):
            await owned().look("known_records", tenant, SMALL)


class TestASlowPlugin:
    """Measured, named and told to who watches; its answer counts all the same."""

    @pytest.fixture
    def watched(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[PluginFault]]:
        monkeypatch.setattr(dispatch, "SLOW_ANSWER", -1.0)
        monkeypatch.setattr(dispatch, "SLOW_ACT", -1.0)
        faults: list[PluginFault] = []
        token = dispatch.WATCHED.set(faults)
        yield faults
        dispatch.WATCHED.reset(token)

    def test_in_a_decision(self, watched: list[PluginFault]) -> None:
        asked = owned(time_limit=five_days).ask_owner("time_limit", enabled("owner"), SMALL)

        assert asked == FIVE
        assert [(each.plugin, each.hook) for each in watched] == [("owner", "time_limit")]
        assert watched[0].detail.startswith("slow: ")

    @pytest.mark.anyio
    async def test_in_an_act(self, watched: list[PluginFault]) -> None:
        async def on_received() -> None: ...

        await owned(on_received=on_received).act(
            "on_received", enabled("owner"), SMALL, session=None, dossier=None
        )

        assert [(each.plugin, each.hook) for each in watched] == [("owner", "on_received")]

    def test_unwatched_it_only_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dispatch, "SLOW_ANSWER", -1.0)

        assert owned(time_limit=five_days).ask_owner("time_limit", enabled("owner"), SMALL) == FIVE


class TestTheCatalogue:
    today = small_procedure()
    dated = small_procedure(name="Từ 2027", valid_from=dt.date(2027, 1, 1))
    of_2018 = small_procedure(
        name="Năm 2018",
        valid_from=dt.date(2018, 1, 1),
        valid_to=dt.date(2018, 12, 31),
        assumed="simulation",
    )

    def plugins(self) -> Registry:
        return registry(owner=plugin_module("owner", self.today, self.dated, self.of_2018))

    @pytest.mark.parametrize(
        ("day", "simulation", "name"),
        [
            (dt.date(2026, 11, 23), False, "Thủ tục thử"),
            (dt.date(2027, 1, 1), False, "Từ 2027"),
            (dt.date(2018, 5, 1), True, "Năm 2018"),
            (dt.date(2018, 5, 1), False, "Thủ tục thử"),
            (dt.date(2019, 5, 1), True, "Thủ tục thử"),
        ],
    )
    def test_the_version_in_force_is_found(self, day: dt.date, simulation: bool, name: str) -> None:
        # Rules 13.14: simulation versions are never offered for live work.
        found = self.plugins().definition_in_force("9.000001", day, simulation=simulation)

        assert found.name == name

    def test_an_unknown_code_is_refused(self) -> None:
        with pytest.raises(UnknownProcedureError):
            self.plugins().definition_in_force("9.000009", dt.date(2026, 1, 1))

    def test_a_code_without_a_version_on_that_day_is_refused(self) -> None:
        plugins = registry(owner=plugin_module("owner", self.dated))

        with pytest.raises(UnknownProcedureError) as caught:
            plugins.definition_in_force("9.000001", dt.date(2026, 1, 1))

        assert caught.value.fields == {"procedure": "9.000001", "on": "2026-01-01"}

    def test_codes_come_in_order(self) -> None:
        assert self.plugins().catalogue.codes() == ["9.000001"]


def test_settings_are_held_against_the_plugins_struct() -> None:
    plugins = registry(owner=plugin_module("owner", SMALL, settings=Settings))

    assert plugins.settings("owner", {"days": 3}) == Settings(days=3)
    assert plugins.settings("owner", {"days": 3}) == Settings(days=3)
    with pytest.raises(InvalidSettingsError) as caught:
        plugins.settings("owner", {"days": 0, "hours": 1})
    assert [fault.key for fault in caught.value.faults] == ["hours", "days"]


def test_own_tables_and_routes_are_gathered() -> None:
    tables = PluginTables(tables=[], app_config=None)
    plugins = registry(
        owner=plugin_module(
            "owner", SMALL, hooks={"tables": lambda: tables, "routes": lambda: ("handler",)}
        ),
        silent=plugin_module("silent"),
    )

    assert plugins.tables() == [("owner", tables)]
    assert plugins.routes() == [("owner", ["handler"])]


async def _nothing(*asked: Any) -> Any:
    del asked


def test_only_pages_of_plugins_that_work_for_a_tenant_are_shown() -> None:
    page = CounterPage(
        path="trang",
        label="x",
        roles=frozenset({Role.FIELD}),
        writers=frozenset(),
        show=_nothing,
        act=_nothing,
    )
    plugins = registry(
        owner=plugin_module("owner", SMALL, hooks={"counter_pages": lambda: [page]}),
        silent=plugin_module("silent"),
    )

    assert plugins.pages(enabled("owner", "silent")) == [("owner", page)]
    assert plugins.pages(enabled("silent")) == []
