"""A plugin that has been loaded, and why another one was refused."""

from types import ModuleType
from typing import Any

import msgspec

from motcua.domain.errors import MotCuaError
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.facts import PluginTables
from motcua.plugin.manifest import PluginManifest
from motcua.plugin.pages import CounterPage


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """One reason why a plugin is refused.

    Attributes:
        code: A text key, such as ``registry.core-api``.
        told: What the text names, by placeholder.
    """

    plugin: str
    code: str
    told: dict[str, str] = {}


class PluginsRefusedError(MotCuaError):
    """Installed plugins are not fit for this core; lists *all* reasons."""

    code = "plugins.refused"
    status = 500

    def __init__(self, refusals: list[Refusal]) -> None:
        """Keep every reason."""
        self.refusals = refusals
        lines = "; ".join(f"{each.plugin}: {each.code} {each.told}" for each in refusals)
        super().__init__(lines, count=len(refusals), detail=lines)


class LoadedPlugin(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that passed every check.

    Attributes:
        hooks: Its implementations by hook name, as pluggy keeps them.
        tables: Its own tables, if it has some.
        handlers: The handlers of its own addresses.
        pages: Its pages at the counter.
    """

    name: str
    module: ModuleType
    manifest: PluginManifest
    hooks: dict[str, Any] = {}
    definitions: tuple[ProcedureDefinition, ...] = ()
    tables: PluginTables | None = None
    handlers: tuple[Any, ...] = ()
    pages: tuple[CounterPage, ...] = ()

    def serves(self, field: str) -> bool:
        """Whether the plugin works on dossiers of *field*; ``*`` stands for all."""
        return field in self.manifest.fields or "*" in self.manifest.fields
