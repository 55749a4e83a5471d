"""Asks plugins one by one, so that a failing one stops nobody else.

pluggy's own call loop lets the first exception abort all others; here each
implementation is called alone, with the tenant's settings of its plugin, and what
it answers is held against the type the hook declares.
"""

import functools
import typing
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, TypeVar

import msgspec

from motcua.domain.errors import MotCuaError
from motcua.plugin import hookspecs
from motcua.registry.plugins import LoadedPlugin

T = TypeVar("T")


class PluginFault(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that failed: which, in which hook, and how."""

    plugin: str
    hook: str
    detail: str


class PluginBlockedError(MotCuaError):
    """An action needs a plugin that cannot be asked; the action is not taken."""

    code = "plugin.blocked"
    status = 503


class PluginAbsentError(PluginBlockedError):
    """The plugin that owns the procedure is not enabled for this tenant."""

    code = "plugin.absent"
    status = 422


class PluginQuarantinedError(PluginBlockedError):
    """The plugin is quarantined after repeated faults, until an administrator retries."""

    code = "plugin.quarantined"


class PluginFinishOnlyError(PluginBlockedError):
    """The plugin only finishes running dossiers; a new one is refused."""

    code = "plugin.finish-only"
    status = 422


class PluginFailedError(PluginBlockedError):
    """The plugin failed while it was asked; carries the fault to be recorded."""

    code = "plugin.failed"

    def __init__(self, fault: PluginFault) -> None:
        """Keep the *fault*."""
        self.fault = fault
        super().__init__(
            f"{fault.plugin}.{fault.hook}: {fault.detail}", plugin=fault.plugin, hook=fault.hook
        )


class Asked(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """What several plugins answered, and which of them failed.

    Attributes:
        answers: Plugin name and answer, in the order they were asked.
        faults: To be recorded; they aborted nobody.
    """

    answers: Sequence[tuple[str, T]]
    faults: Sequence[PluginFault] = ()


@functools.cache
def answer_type(hook: str) -> Any:
    """The type the hook called *hook* declares for its answer."""
    return typing.get_type_hints(getattr(hookspecs, hook))["return"]


def call(plugin: LoadedPlugin, hook: str, told: dict[str, Any]) -> Any:
    """Ask one plugin one deciding hook.

    Raises:
        PluginFailedError: If it raises or answers something else than declared.
    """
    impl = plugin.hooks[hook]
    arguments = {name: told[name] for name in impl.argnames}
    try:
        given = impl.function(**arguments)
        return msgspec.convert(given, answer_type(hook))
    except Exception as error:
        raise PluginFailedError(_fault(plugin, hook, error)) from error


Part = Callable[[], AbstractAsyncContextManager[None]]
"""Stands around one plugin's acts, and ends with an error if any of them failed."""


async def act(plugin: LoadedPlugin, hook: str, told: dict[str, Any], part: Part) -> None:
    """Let one plugin act.

    Raises:
        PluginFailedError: If it raises, or hid that something it did had failed.
    """
    impl = plugin.hooks[hook]
    arguments = {name: told[name] for name in impl.argnames}
    try:
        async with part():
            await impl.function(**arguments)
    except Exception as error:
        raise PluginFailedError(_fault(plugin, hook, error)) from error


async def look(plugin: LoadedPlugin, hook: str, told: dict[str, Any], part: Part) -> Any:
    """Let one plugin look into its own tables.

    Raises:
        PluginFailedError: If it raises or answers something else than declared.
    """
    impl = plugin.hooks[hook]
    arguments = {name: told[name] for name in impl.argnames}
    try:
        async with part():
            given = await impl.function(**arguments)
        return msgspec.convert(given, answer_type(hook))
    except Exception as error:
        raise PluginFailedError(_fault(plugin, hook, error)) from error


def _fault(plugin: LoadedPlugin, hook: str, error: Exception) -> PluginFault:
    """The fault without the error's text, which may hold personal data of the answers."""
    return PluginFault(plugin=plugin.name, hook=hook, detail=type(error).__name__)
