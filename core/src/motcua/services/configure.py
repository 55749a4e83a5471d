"""What a tenant settles for itself: its plugins, closures, signers and limits."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from motcua.domain.calendar import Closure as ClosedDay
from motcua.domain.errors import MotCuaError
from motcua.domain.signing import Capacity
from motcua.plugin.enabled import PluginState
from motcua.services.change import Asked, Read, change
from motcua.services.entered import entered_closures
from motcua.services.house import Desk, House
from motcua.storage.tables import Closure, Signer, TenantPlugin
from motcua.storage.work import Work, work


class UnknownPluginError(MotCuaError):
    """No plugin of that name is installed."""

    code = "plugin.unknown"
    status = 404


async def enable(house: House, desk: Desk, plugin: str, asked: Asked | None = None) -> None:
    """Offer the procedures of *plugin*; also ends a quarantine. Holds from the next request.

    Raises:
        UnknownPluginError: it is not installed.
    """
    await _set_state(house, desk, plugin, PluginState.OFFERED, asked)


async def disable(house: House, desk: Desk, plugin: str, asked: Asked | None = None) -> None:
    """Take no new dossiers of *plugin*; running ones finish. Holds from the next request.

    Raises:
        UnknownPluginError: it is not installed.
    """
    await _set_state(house, desk, plugin, PluginState.FINISH_ONLY, asked)


async def retry(house: House, desk: Desk, plugin: str, asked: Asked | None = None) -> None:
    """Let a quarantined *plugin* go on as it did before; of another one nothing changes.

    Raises:
        UnknownPluginError: it is not installed.
    """
    note = PluginState.FINISH_ONLY.value
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_PLUGIN, desk.id, plugin)
    if row is None or row["state"] != PluginState.QUARANTINED.value:
        return
    state = PluginState.FINISH_ONLY if row["note"] == note else PluginState.OFFERED
    await _set_state(house, desk, plugin, state, asked)


async def set_plugin_settings(
    house: House, desk: Desk, plugin: str, settings: dict[str, Any], asked: Asked | None = None
) -> None:
    """Let *plugin* work with *settings* from the next request on.

    Raises:
        UnknownPluginError: it is not installed, or the tenant never enabled it.
        InvalidSettingsError: the settings do not fit; it holds all faults.
    """
    _require_installed(house, plugin)
    if desk.plugins.state(plugin) is PluginState.ABSENT:
        raise UnknownPluginError(plugin=plugin, installed=", ".join(sorted(desk.plugins.states)))
    house.registry.settings(plugin, settings)

    async def write(writing: Work) -> None:
        given = msgspec.json.encode(settings).decode()
        await writing.execute(_SET_SETTINGS, desk.id, plugin, given)

    await change(
        house, desk, asked or Asked(place="plugin", subject=plugin), plugin_as_seen(plugin), write
    )


def plugin_as_seen(plugin: str) -> Read:
    """Reads what a tenant has settled about *plugin*."""

    async def read(reading: Work) -> Any:
        row = await reading.fetchrow(_PLUGIN, reading.tenant_id, plugin)
        if row is None:
            return None
        return {"state": row["state"], "settings": msgspec.json.decode(row["settings"])}

    return read


async def close_days(
    house: House, desk: Desk, closures: Iterable[ClosedDay], asked: Asked | None = None
) -> None:
    """Close the office on the days named, known from today on; one named again is replaced."""
    closed = entered_closures(desk.calendar.closures, closures, house.today())
    rows = [
        Closure(
            tenant_id=desk.id,
            date=each.date,
            sessions=None if each.sessions is None else list(each.sessions),
            reason=each.reason,
            basis=each.basis,
            decided_on=each.decided_on,
        )
        for each in closed
    ]
    dates = [each.date for each in closed]

    async def write(writing: Work) -> None:
        del writing  # Piccolo joins the open transaction by itself
        await Closure.insert(*rows).on_conflict(
            target=(Closure.tenant_id, Closure.date),
            action="DO UPDATE",
            values=[Closure.sessions, Closure.reason, Closure.basis, Closure.decided_on],
        )

    subject = ", ".join(f"{date:%d/%m/%Y}" for date in dates)
    asked = asked or Asked(place="closure", subject=subject)
    await change(house, desk, asked, closures_as_seen(dates), write)


def closures_as_seen(dates: Sequence[dt.date]) -> Read:
    """Reads what a tenant has settled about *dates*."""

    async def read(reading: Work) -> Any:
        rows = await reading.fetch(_CLOSURES, reading.tenant_id, list(dates))
        return {f"{row['date']:%d/%m/%Y}": msgspec.json.decode(row["told"]) for row in rows}

    return read


async def assign_signer(
    house: House,
    desk: Desk,
    *,
    full_name: str,
    title: str,
    act: str,
    staff_id: int | None = None,
    scope: tuple[str, ...] = (),
    authorised_certifier: bool = False,
    capacity: Capacity | None = None,
    valid_from: dt.datetime | None = None,
    valid_to: dt.datetime | None = None,
) -> None:
    """Let a person sign, by the *act* that assigned them.

    Args:
        house: The application's parts.
        desk: The tenant.
        full_name: As it stands under a signature.
        title: As it stands above it.
        act: The act of assignment, with number and date.
        staff_id: Their account, if they sign in.
        scope: Fields of law or codes of procedures they sign in; none means all.
        authorised_certifier: Whether they may sign what they appraised (rules §13.1).
        capacity: By what power; the chairman's own, or authorised for a certifier, if not given.
        valid_from: From when, now if not given.
        valid_to: Until when.
    """
    assumed = Capacity.AUTHORISED if authorised_certifier else Capacity.OWN
    row = Signer(
        tenant_id=desk.id,
        id=house.new_id(),
        staff_id=staff_id,
        full_name=full_name,
        title=title,
        act=act,
        scope=list(scope),
        authorised_certifier=authorised_certifier,
        valid_from=valid_from or house.now(),
        valid_to=valid_to,
        capacity=(capacity or assumed).value,
    )
    async with work(house.engine, desk.id):
        await Signer.insert(row)


async def _set_state(
    house: House, desk: Desk, plugin: str, state: PluginState, asked: Asked | None
) -> None:
    _require_installed(house, plugin)
    row = TenantPlugin(
        tenant_id=desk.id, plugin=plugin, state=state.value, settings={}, failures=0, note=""
    )

    async def write(writing: Work) -> None:
        del writing  # Piccolo joins the open transaction by itself
        await TenantPlugin.insert(row).on_conflict(
            target=(TenantPlugin.tenant_id, TenantPlugin.plugin),
            action="DO UPDATE",
            values=[TenantPlugin.state, TenantPlugin.failures, TenantPlugin.note],
        )

    await change(
        house, desk, asked or Asked(place="plugin", subject=plugin), plugin_as_seen(plugin), write
    )


def _require_installed(house: House, plugin: str) -> None:
    if plugin not in house.registry.plugins:
        raise UnknownPluginError(plugin=plugin, installed=", ".join(sorted(house.registry.plugins)))


_PLUGIN = """
select state, note, settings from tenant_plugin where tenant_id = $1 and plugin = $2
"""
_CLOSURES = """
select date, json_build_object('sessions', sessions, 'reason', reason, 'basis', basis)::text as told
from closure where tenant_id = $1 and date = any($2::date[]) order by date
"""
_SET_SETTINGS = """
update tenant_plugin set settings = $3::jsonb where tenant_id = $1 and plugin = $2
"""
