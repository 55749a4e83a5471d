"""What every part of the contract knows of the plugin it is about."""

import functools
import inspect
from types import ModuleType
from typing import Any

from motcua.domain.answers import Answers
from motcua.domain.procedure import ProcedureDefinition
from motcua.domain.signing import Capacity
from motcua.plugin import hookspecs
from motcua.plugin.enabled import EnabledPlugins, PluginState
from motcua.plugin.facts import BookNumber, Issue, Reception, SignedBy
from motcua.plugin.manifest import PluginManifest
from motcua.registry.loading import load_registry
from motcua.registry.plugins import LoadedPlugin
from motcua.registry.registry import Registry
from motcua.testing.clock import MONDAY

AN_ISSUE = Issue(
    at=MONDAY,
    unit="Phường Một",
    above="Tỉnh Thử",
    signer=SignedBy(
        full_name="Lê Văn Ký", title="Chủ tịch UBND", capacity=Capacity.OWN, act="Nghị quyết 1"
    ),
    receiver="Trần Thị Nhận",
    requester={"name": "#let [Nguyễn] *Thị* $An$", "id_number": "027190000001"},
    numbers=(BookNumber(book="SO", year=2026, number=1, subject='Giấy "mẫu" #1 \\'),),
)
"""An issue with a name that would be markup, were it read as such."""


@functools.cache
def _alone(module: ModuleType) -> Registry:
    return load_registry({module.manifest.name: module})


class AboutPlugin:
    """One plugin, alone in a registry; set :attr:`plugin` to the module with its manifest."""

    plugin: ModuleType

    @property
    def manifest(self) -> PluginManifest:
        """The plugin's manifest."""
        manifest: PluginManifest = self.plugin.manifest
        return manifest

    @classmethod
    def registry(cls) -> Registry:
        """A registry in which the plugin is alone."""
        return _alone(cls.plugin)

    def loaded(self) -> LoadedPlugin:
        """The plugin as the registry keeps it."""
        return self.registry().plugins[self.manifest.name]

    def definitions(self) -> tuple[ProcedureDefinition, ...]:
        """The plugin's definitions."""
        return self.loaded().definitions

    def enabled(self) -> EnabledPlugins:
        """A tenant that offers the plugin's procedures, with its settings as they come."""
        return EnabledPlugins(states={self.manifest.name: PluginState.OFFERED})

    def decide(
        self, hook: str, definition: ProcedureDefinition, answers: Answers, reception: Reception
    ) -> Any:
        """What the plugin decides about *definition*."""
        told = {
            "answers": answers,
            "reception": reception,
            "day": reception.received_on,
            "issue": AN_ISSUE,
        }
        wanted = inspect.signature(getattr(hookspecs, hook)).parameters
        facts = {name: told[name] for name in wanted if name not in ("procedure", "settings")}
        return self.registry().ask_owner(hook, self.enabled(), definition, **facts)
