"""Loads the installed plugins and gathers everything that speaks against them."""

import importlib.metadata
import importlib.resources
import inspect
import tomllib
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any

import msgspec
import pluggy

from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin import hookspecs, texts
from motcua.plugin.definitions import DefinitionFilesError
from motcua.plugin.facts import PluginTables
from motcua.plugin.manifest import CORE_API, PluginManifest
from motcua.registry.dispatch import answer_type
from motcua.registry.plugins import LoadedPlugin, Refusal
from motcua.registry.registry import Registry

GROUP = "motcua.plugins"
Refuse = Callable[..., None]


def load_registry(modules: Mapping[str, ModuleType] | None = None) -> Registry:
    """The registry of all installed plugins, or of *modules* by name (for tests).

    A plugin with a fault is left out; the registry lists every reason in
    ``refusals`` and ``require_sound`` raises them as one error.
    """
    manager = new_manager()
    refusals: list[Refusal] = []
    found = _installed(refusals) if modules is None else dict(modules)
    loaded: dict[str, LoadedPlugin] = {}
    owners: dict[str, str] = {}
    for name, module in sorted(found.items()):
        reasons: list[Refusal] = []
        plugin = _examine(name, module, manager, owners, reasons)
        if plugin is not None and not reasons:
            loaded[name] = _register(plugin, manager)
            owners.update({each.code: name for each in plugin.definitions})
        refusals += reasons
    manager.check_pending()
    return Registry(loaded, refusals)


def new_manager() -> pluggy.PluginManager:
    """A pluggy manager that knows every hook of the core."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    return manager


def _register(plugin: LoadedPlugin, manager: pluggy.PluginManager) -> LoadedPlugin:
    """Hand the plugin to pluggy; its implementations come back by hook name."""
    manager.register(plugin.module, plugin.name)
    hooks = {
        caller.name: impl
        for caller in manager.get_hookcallers(plugin.module) or ()
        for impl in caller.get_hookimpls()
        if impl.plugin_name == plugin.name
    }
    return msgspec.structs.replace(plugin, hooks=hooks)


def _installed(refusals: list[Refusal]) -> dict[str, ModuleType]:
    """The modules behind the entry points; one that cannot be imported is refused."""
    found: dict[str, ModuleType] = {}
    for point in importlib.metadata.entry_points(group=GROUP):
        if point.name in found:
            refusals.append(Refusal(plugin=point.name, code="registry.same-name"))
            continue
        try:
            found[point.name] = point.load()
        except Exception as error:  # noqa: BLE001 - one bad wheel must not stop a province
            told = {"detail": repr(error)}
            refusals.append(Refusal(plugin=point.name, code="registry.import", told=told))
    return found


def _examine(
    name: str,
    module: ModuleType,
    manager: pluggy.PluginManager,
    owners: Mapping[str, str],
    reasons: list[Refusal],
) -> LoadedPlugin | None:
    """The plugin in *module*, with everything against it added to *reasons*."""

    def refuse(code: str, **told: str) -> None:
        reasons.append(Refusal(plugin=name, code=code, told=told))

    manifest = getattr(module, "manifest", None)
    if not isinstance(manifest, PluginManifest):
        refuse("registry.manifest")
        return None
    _check_manifest(name, manifest, refuse)
    _check_texts(name, module, refuse)
    _check_hooks(module, manager, refuse)
    definitions = _definitions(module, refuse)
    for code in sorted({each.code for each in definitions}):
        if code in owners:
            refuse("registry.same-code", procedure=code, other=owners[code])
    own = _at_start(module, "tables", manager, refuse)
    _check_tables(name, own, refuse)
    return LoadedPlugin(
        name=name,
        module=module,
        manifest=manifest,
        definitions=definitions,
        tables=own,
        handlers=tuple(_at_start(module, "routes", manager, refuse) or ()),
        pages=tuple(_at_start(module, "counter_pages", manager, refuse) or ()),
    )


def _check_manifest(name: str, manifest: PluginManifest, refuse: Refuse) -> None:
    if manifest.name != name:
        refuse("registry.name", given=manifest.name)
    if not manifest.label_vi.strip():
        refuse("registry.label")
    version = ".".join(map(str, CORE_API))
    try:
        if not manifest.accepts():
            refuse("registry.core-api", wanted=manifest.core_api, core=version)
    except ValueError:
        refuse("registry.core-api-form", wanted=manifest.core_api)
    try:
        msgspec.convert({}, manifest.settings)
    except msgspec.ValidationError as error:
        refuse("registry.settings", detail=str(error))


def _check_texts(name: str, module: ModuleType, refuse: Refuse) -> None:
    """A packaged plugin brings Vietnamese texts, under its own name."""
    if not module.__package__:
        return
    keys = {lang: _text_keys(module.__package__, lang) for lang in texts.LANGUAGES}
    if not keys["vi"]:
        refuse("registry.no-texts")
    for key in sorted(keys["en"] - keys["vi"]):
        refuse("registry.text", key=key)
    for key in sorted(keys["vi"] | keys["en"]):
        if not key.startswith(f"{name}."):
            refuse("registry.text-prefix", key=key)
    texts.add_texts(module.__package__)


def _text_keys(package: str, lang: str) -> set[str]:
    file = importlib.resources.files(package) / "locale" / f"{lang}.toml"
    return set(tomllib.loads(file.read_text("utf-8"))) if file.is_file() else set()


def _check_hooks(module: ModuleType, manager: pluggy.PluginManager, refuse: Refuse) -> None:
    """Every implementation is of a known hook and takes only what the hook tells."""
    for name in vars(module):
        if manager.parse_hookimpl_opts(module, name) is None:
            continue
        spec = getattr(getattr(manager.hook, name, None), "spec", None)
        if spec is None:
            refuse("registry.unknown-hook", hook=name)
            continue
        given = inspect.signature(getattr(module, name)).parameters
        wrong = [each for each in given if each not in spec.argnames]
        if wrong:
            refuse("registry.arguments", hook=name, given=", ".join(wrong))


def _at_start(module: ModuleType, hook: str, manager: pluggy.PluginManager, refuse: Refuse) -> Any:
    """What the plugin answers to a *hook* that is asked once; ``None`` if it has no answer."""
    if manager.parse_hookimpl_opts(module, hook) is None:
        return None
    try:
        return msgspec.convert(getattr(module, hook)(), answer_type(hook))
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything
        refuse("registry.start-hook", hook=hook, detail=repr(error))
        return None


def _check_tables(name: str, own: PluginTables | None, refuse: Refuse) -> None:
    """Own tables carry the plugin's name and know the tenant."""
    for table in own.tables if own else ():
        meta = table._meta  # type: ignore[attr-defined]  # noqa: SLF001 - Piccolo's way to a table's facts
        if not meta.tablename.startswith(f"{name}_"):
            refuse("registry.table-prefix", table=meta.tablename)
        if "tenant_id" not in {column._meta.db_column_name for column in meta.columns}:  # noqa: SLF001 - the same
            refuse("registry.table-tenant", table=meta.tablename)


def _definitions(module: ModuleType, refuse: Refuse) -> tuple[ProcedureDefinition, ...]:
    """What the plugin's ``procedures`` gives, if it is what it should be."""
    try:
        given: Iterable[Any] = getattr(module, "procedures", list)()
        return tuple(msgspec.convert(each, ProcedureDefinition) for each in given)
    except DefinitionFilesError as error:
        for file, fault in error.faults:
            refuse("registry.definition", file=file, key=fault.key, fault=fault.code)
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything
        refuse("registry.definitions", detail=repr(error))
    return ()
