"""Finds, checks and calls the installed plugins.

The registry never reads storage: who asks hands in the tenant's
:class:`~motcua.plugin.enabled.EnabledPlugins`.
"""

from motcua.registry.catalogue import Catalogue, OwnedDefinition, UnknownProcedureError
from motcua.registry.dispatch import (
    Asked,
    PluginAbsentError,
    PluginBlockedError,
    PluginFailedError,
    PluginFault,
    PluginFinishOnlyError,
    PluginQuarantinedError,
    PluginRemovedError,
)
from motcua.registry.loading import load_registry
from motcua.registry.plugins import LoadedPlugin, PluginsRefusedError, Refusal
from motcua.registry.registry import InvalidSettingsError, Registry

__all__ = [
    "Asked",
    "Catalogue",
    "InvalidSettingsError",
    "LoadedPlugin",
    "OwnedDefinition",
    "PluginAbsentError",
    "PluginBlockedError",
    "PluginFailedError",
    "PluginFault",
    "PluginFinishOnlyError",
    "PluginQuarantinedError",
    "PluginRemovedError",
    "PluginsRefusedError",
    "Refusal",
    "Registry",
    "UnknownProcedureError",
    "load_registry",
]
