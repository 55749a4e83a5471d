"""Which plugins a tenant has, and in which state."""

import enum
import functools
from typing import Any

import msgspec


class PluginState(enum.StrEnum):
    """What a tenant lets a plugin do.

    ``offered`` takes new dossiers; ``finish_only`` finishes running ones;
    ``quarantined`` blocks its actions until an administrator retries; ``absent``
    was never enabled.
    """

    OFFERED = "offered"
    FINISH_ONLY = "finish_only"
    QUARANTINED = "quarantined"
    ABSENT = "absent"


class EnabledPlugins(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One tenant's plugins, read by the services and handed to the registry.

    Attributes:
        states: State by plugin name; a name that is missing is absent.
        settings: What the tenant has set, by plugin name, as plain values.
    """

    states: dict[str, PluginState] = {}
    settings: dict[str, dict[str, Any]] = {}

    @functools.cached_property
    def plans(self) -> dict[Any, Any]:
        """What a registry has worked out about them; forgotten with them."""
        return {}

    def state(self, name: str) -> PluginState:
        """The state of the plugin called *name*."""
        return self.states.get(name, PluginState.ABSENT)

    def works(self, name: str) -> bool:
        """Whether the plugin may be asked: offered or finishing."""
        return self.state(name) in (PluginState.OFFERED, PluginState.FINISH_ONLY)
