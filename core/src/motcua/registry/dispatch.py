"""Asks plugins one by one, so that a failing one stops nobody else.

pluggy's own call loop lets the first exception abort all others; here each
implementation is called alone, with the tenant's settings of its plugin, and what
it answers is held against the type the hook declares.
"""

import contextvars
import functools
import operator
import time
import types
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


class PluginRemovedError(PluginBlockedError):
    """The plugin that owns the procedure is not installed any more; its dossiers wait."""

    code = "plugin.removed"


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


SLOW_ANSWER = 1.0
"""Seconds after which a decision is slow: while it runs, nobody else of the process is served."""
SLOW_ACT = 5.0
"""Seconds after which an act or a look is slow: it holds a transaction others wait for."""
SLOW = "slow"

WATCHED: contextvars.ContextVar[list[PluginFault] | None] = contextvars.ContextVar(
    "watched", default=None
)
"""Where faults that stopped nobody are gathered, for whoever records them."""


@functools.cache
def answer_type(hook: str) -> Any:
    """The type the hook called *hook* declares for its answer."""
    return typing.get_type_hints(getattr(hookspecs, hook))["return"]


@functools.cache
def quick_check(hook: str) -> Callable[[Any], bool]:
    """A look that sees most answers of the declared type; the others msgspec judges."""
    declared = answer_type(hook)
    union = typing.get_origin(declared) in (typing.Union, types.UnionType)
    members = typing.get_args(declared) if union else (declared,)
    nothing = types.NoneType in members
    kind = members[0]
    rows = typing.get_origin(kind) is list
    item = typing.get_args(kind)[0] if rows else None

    def fits_one(given: Any) -> bool:
        return type(given) is kind or (nothing and given is None)

    def fits_rows(given: Any) -> bool:
        if type(given) is not list:
            return nothing and given is None
        for each in given:  # noqa: SIM110 - a generator for `all` costs as much as all the rest
            if type(each) is not item:
                return False
        return True

    return fits_rows if rows else fits_one


def picker(names: Sequence[str]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """Picks the arguments called *names* out of what is told."""
    if len(names) > 1:
        return operator.itemgetter(*names)
    return lambda told: tuple(told[name] for name in names)


class Asking:
    """One plugin ready to be asked one deciding hook for one tenant: made once, asked often.

    Attributes:
        plugin: Who is asked.
        owner: Whether the procedure is theirs: without them nothing is decided.
        blocked: Makes the error that stands in the way, if one does.
    """

    __slots__ = ("_fits", "_function", "_hook", "_pick", "_settings", "blocked", "owner", "plugin")

    def __init__(
        self,
        plugin: LoadedPlugin,
        hook: str,
        settings: msgspec.Struct | None,
        *,
        owner: bool,
        blocked: Callable[[], MotCuaError] | None = None,
    ) -> None:
        """Look up once whatever each call needs."""
        self.plugin = plugin
        self.owner = owner
        self.blocked = blocked
        self._hook = hook
        self._settings = settings
        self._function = plugin.hooks[hook].function
        self._pick = picker(plugin.hooks[hook].argnames)
        self._fits = quick_check(hook)

    def __call__(self, told: dict[str, Any]) -> Any:
        """The answer to what is *told*.

        Raises:
            PluginFailedError: If it raises or answers something else than declared.
            MotCuaError: What stands in the way.
        """
        if self.blocked is not None:
            raise self.blocked()
        told["settings"] = self._settings
        began = time.perf_counter()
        try:
            given = self._function(*self._pick(told))
            if not self._fits(given):
                given = msgspec.convert(given, answer_type(self._hook))
        except Exception as error:
            raise PluginFailedError(_fault(self.plugin, self._hook, error)) from error
        took = time.perf_counter() - began
        if took > SLOW_ANSWER:
            _notice_slow(self.plugin, self._hook, took, SLOW_ANSWER)
        return given


Part = Callable[[], AbstractAsyncContextManager[None]]
"""Stands around one plugin's acts, and ends with an error if any of them failed."""


async def act(plugin: LoadedPlugin, hook: str, told: dict[str, Any], part: Part) -> None:
    """Let one plugin act.

    Raises:
        PluginFailedError: If it raises, or hid that something it did had failed.
    """
    impl = plugin.hooks[hook]
    arguments = {name: told[name] for name in impl.argnames}
    began = time.perf_counter()
    try:
        async with part():
            await impl.function(**arguments)
    except Exception as error:
        raise PluginFailedError(_fault(plugin, hook, error)) from error
    _notice_slow(plugin, hook, time.perf_counter() - began, SLOW_ACT)


def _notice_slow(plugin: LoadedPlugin, hook: str, took: float, most: float) -> None:
    """Note a plugin that took more than *most* seconds; what it answered counts all the same."""
    watched = WATCHED.get() if took > most else None
    if watched is not None:
        watched.append(PluginFault(plugin=plugin.name, hook=hook, detail=f"{SLOW}: {took:.1f} s"))


async def look(plugin: LoadedPlugin, hook: str, told: dict[str, Any], part: Part) -> Any:
    """Let one plugin look into its own tables.

    Raises:
        PluginFailedError: If it raises or answers something else than declared.
    """
    impl = plugin.hooks[hook]
    arguments = {name: told[name] for name in impl.argnames}
    began = time.perf_counter()
    try:
        async with part():
            given = await impl.function(**arguments)
        answer = msgspec.convert(given, answer_type(hook))
    except Exception as error:
        raise PluginFailedError(_fault(plugin, hook, error)) from error
    _notice_slow(plugin, hook, time.perf_counter() - began, SLOW_ACT)
    return answer


async def out(plugin: LoadedPlugin, hook: str, told: dict[str, Any]) -> Any:
    """Let one plugin reach the world outside.

    Raises:
        PluginFailedError: If it raises or answers something else than declared.
    """
    impl = plugin.hooks[hook]
    try:
        given = await impl.function(**{name: told[name] for name in impl.argnames})
        return msgspec.convert(given, answer_type(hook))
    except Exception as error:
        raise PluginFailedError(_fault(plugin, hook, error)) from error


def _fault(plugin: LoadedPlugin, hook: str, error: Exception) -> PluginFault:
    """The fault without the error's text, which may hold personal data of the answers."""
    return PluginFault(plugin=plugin.name, hook=hook, detail=type(error).__name__)
