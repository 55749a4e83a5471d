"""Which plugins a commune offers, with which settings, and what became of those that failed."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console.frame import Console, Faults, TheConsole
from motcua.console.settings_form import read_settings, setting_fields
from motcua.domain.errors import MotCuaError
from motcua.plugin.enabled import PluginState
from motcua.plugin.texts import text
from motcua.registry.registry import InvalidSettingsError
from motcua.services import configure
from motcua.services.change import digest
from motcua.services.faults import recent_faults
from motcua.ui.pages import Page

ACTS = {"bat": configure.enable, "tat": configure.disable, "chay-lai": configure.retry}
DONE = {"bat": "plugin-on", "tat": "plugin-off", "chay-lai": "plugin-retried"}
OPT = {"page": "plugins"}


class UnknownActError(MotCuaError):
    """A form asked for something that this page does not do."""

    code = "console.unknown-act"


@get("/phan-mo-rong", opt=OPT)
async def plugins(console: TheConsole) -> Page:
    """Every installed plugin, and those that could not be loaded with the way to mend them."""
    faults = await recent_faults(console.house, console.desk)
    lines = [_line(console, name, faults.get(name, [])) for name in console.house.registry.plugins]
    refused = [
        {"plugin": each.plugin, "words": text(each.code, **each.told)}
        for each in console.house.registry.refusals
    ]
    return console.page("plugins.html", lines=lines, refused=refused)


@post("/phan-mo-rong/{plugin:str}", opt=OPT, status_code=HTTP_200_OK)
async def act(console: TheConsole, plugin: FromPath[str]) -> Response[Any]:
    """Offer it, only finish with it, or let a quarantined one go on."""
    sent = await console.sent()
    what = sent.one("lam")
    if what not in ACTS:
        raise UnknownActError
    asked = console.asked("plugin", plugin, sent.one("thay"))
    await ACTS[what](console.house, console.desk, plugin, asked)
    return console.done(DONE[what])


@get("/phan-mo-rong/{plugin:str}", opt=OPT)
async def settings(console: TheConsole, plugin: FromPath[str]) -> Page:
    """The plugin's settings, asked as its Struct declares them."""
    return _settings_page(console, plugin, console.desk.plugins.settings.get(plugin, {}), [])


@post("/phan-mo-rong/{plugin:str}/cau-hinh", opt=OPT, status_code=HTTP_200_OK)
async def set_settings(console: TheConsole, plugin: FromPath[str]) -> Response[Any]:
    """Keep the settings, or ask again with every fault."""
    sent = await console.sent()
    struct = _manifest(console, plugin).settings
    given, faults = read_settings(struct, sent)
    if not faults:
        asked = console.asked("plugin", plugin, sent.one("thay"))
        try:
            await configure.set_plugin_settings(console.house, console.desk, plugin, given, asked)
        except InvalidSettingsError as error:
            faults = [(each.key, text(each.code, **each.told)) for each in error.faults]
        else:
            return console.done("plugin-settings")
    return _settings_page(console, plugin, given, faults)


def _settings_page(console: Console, plugin: str, given: dict[str, Any], faults: Faults) -> Page:
    manifest = _manifest(console, plugin)
    return console.page(
        "plugin.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        plugin=plugin,
        label=manifest.label_vi,
        fields=setting_fields(plugin, manifest.settings, given),
        seen=digest(_seen(console, plugin)),
        faults=faults,
    )


def _manifest(console: Console, plugin: str) -> Any:
    found = console.house.registry.plugins.get(plugin)
    if found is None:
        installed = ", ".join(sorted(console.house.registry.plugins))
        raise configure.UnknownPluginError(plugin=plugin, installed=installed)
    return found.manifest


def _seen(console: Console, plugin: str) -> Any:
    """What the page shows of a plugin, exactly as :func:`configure.plugin_as_seen` reads it."""
    state = console.desk.plugins.state(plugin)
    if state is PluginState.ABSENT:
        return None
    return {"state": state.value, "settings": console.desk.plugins.settings.get(plugin, {})}


def _line(console: Console, name: str, faults: list[Any]) -> dict[str, Any]:
    manifest = console.house.registry.plugins[name].manifest
    state = console.desk.plugins.state(name)
    acts = {
        PluginState.OFFERED: ["tat"],
        PluginState.FINISH_ONLY: ["bat"],
        PluginState.ABSENT: ["bat"],
        PluginState.QUARANTINED: ["chay-lai", "tat"],
    }[state]
    looks = {PluginState.OFFERED: "ok", PluginState.QUARANTINED: "late"}
    return {
        "name": name,
        "label": manifest.label_vi,
        "version": manifest.version,
        "count": sum(
            each.owner == name and each.definition.stands_alone
            for each in console.house.catalogue.current(console.house.today())
        ),
        "state": state.value,
        "look": looks.get(state, "rest"),
        "acts": acts,
        "seen": digest(_seen(console, name)),
        "settings": bool(msgspec.structs.fields(manifest.settings)),
        "faults": faults if state is PluginState.QUARANTINED else [],
    }
