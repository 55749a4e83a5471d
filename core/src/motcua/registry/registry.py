"""The installed plugins of one process, and how a tenant's plugins are asked."""

import contextlib
import datetime as dt
import functools
from collections.abc import Sequence
from typing import Any

import msgspec

from motcua.domain.decoding import Fault, decode
from motcua.domain.errors import MotCuaError
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.enabled import EnabledPlugins, PluginState
from motcua.plugin.facts import Delivery, OutboundMessage, PluginTables
from motcua.plugin.pages import CounterPage
from motcua.plugin.papers import paper_templates
from motcua.registry.catalogue import Catalogue, OwnedDefinition, UnknownProcedureError
from motcua.registry.dispatch import (
    Asked,
    Asking,
    Part,
    PluginAbsentError,
    PluginBlockedError,
    PluginFailedError,
    PluginFault,
    PluginFinishOnlyError,
    PluginQuarantinedError,
    PluginRemovedError,
    act,
    look,
    out,
)
from motcua.registry.plugins import LoadedPlugin, PluginsRefusedError, Refusal


class InvalidSettingsError(MotCuaError):
    """A tenant's settings of a plugin are wrong; holds *all* faults."""

    code = "plugin.settings"

    def __init__(self, plugin: str, faults: list[Fault]) -> None:
        """Keep every fault."""
        self.faults = faults
        lines = "; ".join(f"{each.key}: {each.code}" for each in faults)
        super().__init__(lines, plugin=plugin, detail=lines)


_DELIVERS = {"channels", "deliver_message"}


class Registry:
    """What is installed; knows no tenant and reads no storage.

    Attributes:
        plugins: Every plugin that passed all checks, by name.
        refusals: Every reason why another one was left out.
        catalogue: The definitions of all plugins.
    """

    def __init__(self, plugins: dict[str, LoadedPlugin], refusals: Sequence[Refusal] = ()) -> None:
        """Put the *plugins* together."""
        self.plugins = plugins
        self.refusals = list(refusals)
        self._settings: dict[tuple[str, bytes], msgspec.Struct] = {}
        self.catalogue = Catalogue(
            OwnedDefinition(definition=definition, owner=name)
            for name, plugin in plugins.items()
            for definition in plugin.definitions
        )

    def require_sound(self) -> None:
        """Refuse to go on with an unfit plugin installed (``migrate``, ``plugins check``).

        Raises:
            PluginsRefusedError: If any plugin was refused; it lists all reasons.
        """
        if self.refusals:
            raise PluginsRefusedError(self.refusals)

    def definitions(self) -> list[OwnedDefinition]:
        """Every version of every procedure with its owner, codes in order."""
        return list(self.catalogue)

    def definition_in_force(
        self, code: str, on: dt.date, *, simulation: bool = False
    ) -> ProcedureDefinition:
        """The version of *code* in force on a day; see :meth:`Catalogue.in_force`."""
        return self.catalogue.in_force(code, on, simulation=simulation)

    def settings(self, name: str, given: dict[str, Any]) -> msgspec.Struct:
        """*given* as the settings Struct of the plugin called *name*.

        Raises:
            InvalidSettingsError: If they do not fit; it lists all faults.
        """
        key = (name, msgspec.json.encode(given, order="deterministic"))
        if key not in self._settings:
            faults: list[Fault] = []
            read = decode(self.plugins[name].manifest.settings, given, "", faults)
            if faults:
                raise InvalidSettingsError(name, faults)
            self._settings[key] = read
        return self._settings[key]

    def ask_owner(
        self, hook: str, enabled: EnabledPlugins, procedure: ProcedureDefinition, **told: Any
    ) -> Any:
        """Ask the plugin that owns *procedure*; ``None`` if it does not decide this.

        Raises:
            PluginAbsentError: If the tenant has not enabled it.
            PluginQuarantinedError: If it is quarantined: the action is blocked, not skipped.
            PluginFailedError: If it fails.
            InvalidSettingsError: If the tenant's settings of it are wrong.
        """
        plan = enabled.plans.get((self, hook, procedure.code))
        if plan is None:
            plan = self._plan(hook, enabled, procedure, [self.require_owner(enabled, procedure)])
            enabled.plans[self, hook, procedure.code] = plan
        told["procedure"] = procedure
        return plan[0](told) if plan else None

    def ask_each(
        self, hook: str, enabled: EnabledPlugins, procedure: ProcedureDefinition, **told: Any
    ) -> Asked[Any]:
        """Ask every enabled plugin that serves the procedure's field, the owner first.

        A failing plugin is reported and aborts nobody – except the owner, without
        which the action is blocked.

        Raises:
            PluginBlockedError: As :meth:`ask_owner`, about the owner.
        """
        plan = enabled.plans.get((self, hook, procedure.code, procedure.field))
        if plan is None:
            owner = self.require_owner(enabled, procedure)
            serving = self._serving(hook, enabled, procedure, owner)
            plan = self._plan(hook, enabled, procedure, serving)
            enabled.plans[self, hook, procedure.code, procedure.field] = plan
        told["procedure"] = procedure
        answers: list[tuple[str, Any]] = []
        faults: list[PluginFault] = []
        for asking in plan:
            try:
                answers.append((asking.plugin.name, asking(told)))
            except (PluginBlockedError, InvalidSettingsError) as error:
                if asking.owner:
                    raise
                faults.append(_fault(asking.plugin, hook, error))
        return Asked(answers=answers, faults=faults)

    def channels(self, enabled: EnabledPlugins) -> dict[str, LoadedPlugin]:
        """Who delivers messages for a tenant, by channel: the first that does."""
        plan = enabled.plans.get((self, "channels"))
        if plan is None:
            plan = enabled.plans[self, "channels"] = self._channels(enabled)
        found: dict[str, LoadedPlugin] = plan
        return found

    def _channels(self, enabled: EnabledPlugins) -> dict[str, LoadedPlugin]:
        found: dict[str, LoadedPlugin] = {}
        for plugin in self.plugins.values():
            if enabled.works(plugin.name) and plugin.hooks.keys() >= _DELIVERS:
                # one that fails delivers nothing, and keeps nobody from delivering
                with contextlib.suppress(PluginFailedError, InvalidSettingsError):
                    for channel in self._asking(plugin, "channels", enabled, owner=False)({}):
                        found.setdefault(channel, plugin)
        return found

    async def deliver(self, enabled: EnabledPlugins, message: OutboundMessage) -> Delivery:
        """Hand *message* to the plugin that delivers its channel; a failure is an answer too."""
        plugin = self.channels(enabled).get(message.channel)
        if plugin is None:
            return Delivery(delivered=False, problem="no-channel")
        given = self._told(plugin, enabled, message=message)
        try:
            answer: Delivery = await out(plugin, "deliver_message", given)
        except PluginFailedError as error:
            return Delivery(delivered=False, problem=error.fault.detail)
        return answer

    def looks(self, hook: str, procedure: ProcedureDefinition) -> bool:
        """Whether the plugin that owns *procedure* has the looking hook at all."""
        return hook in self._owner(procedure).hooks

    async def look(
        self,
        hook: str,
        enabled: EnabledPlugins,
        procedure: ProcedureDefinition,
        part: Part = contextlib.nullcontext,
        **told: Any,
    ) -> list[Any] | None:
        """Let the plugin that owns *procedure* look into its own tables.

        Args:
            hook: What it looks for.
            enabled: The tenant's plugins.
            procedure: What is about to be received.
            part: Stands around its look, so that it cannot write.
            told: What the hook is told.

        Raises:
            PluginBlockedError: As :meth:`ask_owner`.
        """
        plugin = self.require_owner(enabled, procedure)
        if hook not in plugin.hooks:
            return None
        given = self._told(plugin, enabled, procedure=procedure, **told)
        found: list[Any] | None = await look(plugin, hook, given, part)
        return found

    async def act(
        self,
        hook: str,
        enabled: EnabledPlugins,
        procedure: ProcedureDefinition,
        part: Part = contextlib.nullcontext,
        **told: Any,
    ) -> None:
        """Let every enabled plugin that serves the procedure's field act, the owner first.

        Args:
            hook: What they act on.
            enabled: The tenant's plugins.
            procedure: The version the dossier was received under.
            part: Stands around what each of them does.
            told: What the hook is told.

        Raises:
            PluginBlockedError: If one fails or is quarantined: its tables would fall out
                of step, so the whole action is undone.
        """
        owner = self.require_owner(enabled, procedure)
        for plugin in self._serving(hook, enabled, procedure, owner):
            _require_unquarantined(plugin, enabled)
            await act(plugin, hook, self._told(plugin, enabled, **told), part)

    def require_owner(
        self, enabled: EnabledPlugins, procedure: ProcedureDefinition
    ) -> LoadedPlugin:
        """The plugin that owns *procedure*, if the tenant lets it work.

        Raises:
            PluginRemovedError: If it is not installed any more.
            PluginAbsentError: If the tenant has not enabled it.
            PluginQuarantinedError: If it is quarantined.
        """
        plugin = self._owner(procedure)
        if enabled.state(plugin.name) is PluginState.ABSENT:
            raise PluginAbsentError(plugin=plugin.manifest.label_vi, procedure=procedure.code)
        _require_unquarantined(plugin, enabled)
        return plugin

    def _owner(self, procedure: ProcedureDefinition) -> LoadedPlugin:
        try:
            return self.plugins[self.catalogue.owner(procedure.code)]
        except UnknownProcedureError:
            raise PluginRemovedError(procedure=procedure.code) from None

    def require_offered(self, enabled: EnabledPlugins, procedure: ProcedureDefinition) -> None:
        """Refuse a new dossier of a plugin that is absent, quarantined or finishing.

        Raises:
            PluginBlockedError: As :meth:`require_owner`, or because it only finishes.
        """
        plugin = self.require_owner(enabled, procedure)
        if enabled.state(plugin.name) is PluginState.FINISH_ONLY:
            raise PluginFinishOnlyError(plugin=plugin.manifest.label_vi, procedure=procedure.code)

    def templates(self, name: str) -> dict[str, str]:
        """The typst templates of the plugin called *name*, led by its name: ``name/file.typ``."""
        package = self.plugins[name].module.__package__
        found = paper_templates(package) if package else {}
        return {f"{name}/{file}": source for file, source in found.items()}

    def tables(self) -> list[tuple[str, PluginTables]]:
        """The own tables of every plugin that has some, with its name."""
        return [(each.name, each.tables) for each in self.plugins.values() if each.tables]

    def routes(self) -> list[tuple[str, list[Any]]]:
        """The own handlers of every plugin that has some, with its name."""
        return [(each.name, list(each.handlers)) for each in self.plugins.values() if each.handlers]

    def pages(self, enabled: EnabledPlugins) -> list[tuple[str, CounterPage]]:
        """The pages at the counter of the plugins that work for a tenant, with their names."""
        working = [each for each in self.plugins.values() if enabled.works(each.name)]
        return [(each.name, page) for each in working for page in each.pages]

    def _plan(
        self,
        hook: str,
        enabled: EnabledPlugins,
        procedure: ProcedureDefinition,
        plugins: Sequence[LoadedPlugin],
    ) -> tuple[Asking, ...]:
        """Those of *plugins* that implement *hook*, each ready to be asked."""
        owner = self._owner(procedure)
        return tuple(
            self._asking(plugin, hook, enabled, owner=plugin is owner)
            for plugin in plugins
            if hook in plugin.hooks
        )

    def _asking(
        self, plugin: LoadedPlugin, hook: str, enabled: EnabledPlugins, *, owner: bool
    ) -> Asking:
        """*plugin* as it is asked, or what stands in its way."""
        if enabled.state(plugin.name) is PluginState.QUARANTINED:
            refused = functools.partial(PluginQuarantinedError, plugin=plugin.manifest.label_vi)
            return Asking(plugin, hook, None, owner=owner, blocked=refused)
        try:
            settings = self.settings(plugin.name, enabled.settings.get(plugin.name, {}))
        except InvalidSettingsError as error:
            wrong = functools.partial(InvalidSettingsError, plugin.name, error.faults)
            return Asking(plugin, hook, None, owner=owner, blocked=wrong)
        return Asking(plugin, hook, settings, owner=owner)

    def _serving(
        self,
        hook: str,
        enabled: EnabledPlugins,
        procedure: ProcedureDefinition,
        owner: LoadedPlugin,
    ) -> list[LoadedPlugin]:
        """The plugins to ask: implementing *hook*, not absent, of the field; owner first."""
        others = [
            plugin
            for plugin in self.plugins.values()
            if plugin is not owner
            and plugin.serves(procedure.field)
            and enabled.state(plugin.name) is not PluginState.ABSENT
        ]
        return [plugin for plugin in (owner, *others) if hook in plugin.hooks]

    def _told(self, plugin: LoadedPlugin, enabled: EnabledPlugins, **told: Any) -> dict[str, Any]:
        """What the plugin is told: the arguments and its own settings."""
        settings = self.settings(plugin.name, enabled.settings.get(plugin.name, {}))
        return {**told, "settings": settings}


def _fault(plugin: LoadedPlugin, hook: str, error: MotCuaError) -> PluginFault:
    """What to record of a plugin that could not be asked."""
    if isinstance(error, PluginFailedError):
        return error.fault
    return PluginFault(plugin=plugin.name, hook=hook, detail=error.code)


def _require_unquarantined(plugin: LoadedPlugin, enabled: EnabledPlugins) -> None:
    if enabled.state(plugin.name) is PluginState.QUARANTINED:
        raise PluginQuarantinedError(plugin=plugin.manifest.label_vi)
