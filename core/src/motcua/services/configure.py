"""What a tenant settles for itself: its plugins, closures, signers and limits."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from motcua.domain.calendar import VN
from motcua.domain.calendar import Closure as ClosedDay
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.limit import TimeLimit
from motcua.domain.procedure_limit import Limit
from motcua.domain.signing import Capacity
from motcua.plugin.enabled import PluginState
from motcua.registry.catalogue import UnknownProcedureError
from motcua.services import redate
from motcua.services.change import Asked, Read, change
from motcua.services.entered import entered_closures
from motcua.services.house import Desk, House
from motcua.storage.tables import Closure, Signer, TenantPlugin
from motcua.storage.work import Work, work


class UnknownSignerError(MotCuaError):
    """There is no such assignment to sign, or it ends before that day anyway."""

    code = "config.unknown-signer"
    status = 404


class ClosureBegunError(MotCuaError):
    """The day of a closure has come: people were turned away, and it is not taken back."""

    code = "config.closure-begun"
    status = 409


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
            values=[
                *(Closure.sessions, Closure.reason, Closure.basis, Closure.decided_on),
                *(Closure.withdrawn_on, Closure.withdrawn_by),
            ],
        )

    subject = ", ".join(f"{date:%d/%m/%Y}" for date in dates)
    asked = asked or Asked(place="closure", subject=subject)
    await change(house, desk, asked, closures_as_seen(dates), write)


async def open_again(
    house: House, desk: Desk, closure: ClosedDay, basis: str, asked: Asked
) -> list[redate.Move]:
    """Take a *closure* back from today on, and move back what it had moved (T27).

    Its row stays, so that past due times stay explained. What is due later than the calendar
    says is found by no later look, so both happen or neither.

    Args:
        house: The application's parts.
        desk: The tenant.
        closure: The closed day.
        basis: The decision, as the dossiers tell it.
        asked: Who takes it back, as they saw it.

    Returns:
        What moved.

    Raises:
        ClosureBegunError: its day has come, so it can no longer be taken back.
    """
    today = house.today()
    if closure.date <= today:
        raise ClosureBegunError(day=f"{closure.date:%d/%m/%Y}")

    opened = redate.changed(desk.calendar, closures=[replace(closure, withdrawn_on=today)])
    after = replace(desk, calendar=opened)
    moved: list[redate.Move] = []

    async def write(writing: Work) -> None:
        await writing.execute(_OPEN_AGAIN, desk.id, closure.date, today, asked.by.name)
        moved.extend(
            await redate.apply_within(house, after, writing, desk.calendar, basis, back=True)
        )

    await change(house, desk, asked, closures_as_seen([closure.date]), write)
    return moved


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
    asked: Asked | None = None,
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
        asked: Who asked for it; without, the command line did.
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

    async def write(writing: Work) -> None:
        del writing  # Piccolo joins the open transaction by itself
        await Signer.insert(row)

    asked = asked or Asked(place="signer", subject=full_name)
    await change(house, desk, asked, signer_as_seen(row.id), write)


async def end_signer(
    house: House, desk: Desk, signer: UUID, valid_to: dt.datetime, asked: Asked | None = None
) -> None:
    """Let a person sign until *valid_to* and no longer; what they signed stays signed.

    Raises:
        UnknownSignerError: there is no such assignment, or it does not reach so far.
    """

    async def write(writing: Work) -> None:
        tag = await writing.execute(_END_SIGNER, desk.id, signer, valid_to)
        if tag != "UPDATE 1":
            raise UnknownSignerError(signer=str(signer), day=f"{valid_to.astimezone(VN):%d/%m/%Y}")

    asked = asked or Asked(place="signer", subject=str(signer))
    await change(house, desk, asked, signer_as_seen(signer), write)


def signer_as_seen(signer: UUID) -> Read:
    """Reads one assignment to sign."""

    async def read(reading: Work) -> Any:
        row = await reading.fetchrow(_SIGNER, reading.tenant_id, signer)
        return None if row is None else msgspec.json.decode(row["told"])

    return read


async def set_override(
    house: House,
    desk: Desk,
    code: str,
    *,
    offered: bool,
    time_limit: TimeLimit | None,
    basis: str,
    online: bool = True,
    asked: Asked | None = None,
) -> None:
    """Say whether *code* is taken, and in which time; ``None`` keeps the definition's.

    Whether it is taken *online* too counts only where the definition lets it.

    Raises:
        UnknownProcedureError: no version of it is in force.
        InvalidAnswersError: the limit is longer than the law's, or counts otherwise.
    """
    today = house.today()
    found = house.catalogue.find(code, today)
    if found is None:
        raise UnknownProcedureError(procedure=code, day=today.isoformat())
    if time_limit is not None:
        _require_shorter(found.definition.limit, time_limit)
    limit = None if time_limit is None else msgspec.json.encode(time_limit).decode()

    async def write(writing: Work) -> None:
        await writing.execute(_SET_OVERRIDE, desk.id, code, offered, limit, basis, online)

    asked = asked or Asked(place="procedure", subject=code)
    await change(house, desk, asked, override_as_seen(code), write)


def override_as_seen(code: str) -> Read:
    """Reads what a tenant has settled about a procedure."""

    async def read(reading: Work) -> Any:
        row = await reading.fetchrow(_OVERRIDE, reading.tenant_id, code)
        return None if row is None else msgspec.json.decode(row["told"])

    return read


def _require_shorter(law: Limit, own: TimeLimit) -> None:
    """Refuse a limit that is not shorter than the law's, or cannot be held against it."""
    given = law.time_limit
    if law.stages and given is None:
        raise InvalidAnswersError([FieldFault("time_limit", "config.limit-stages")])
    if law.on_silence is not None:
        raise InvalidAnswersError([FieldFault("time_limit", "config.limit-silence")])
    if given is None:
        return
    if own.unit is not given.unit or own.amount > given.amount:
        fault = FieldFault("time_limit", "config.limit-longer", limit=given.short())
        raise InvalidAnswersError([fault])


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
select date, json_build_object('sessions', sessions, 'reason', reason, 'basis', basis,
  'withdrawn', withdrawn_on is not null)::text as told
from closure where tenant_id = $1 and date = any($2::date[]) order by date
"""
_OPEN_AGAIN = """
update closure set withdrawn_on = $3, withdrawn_by = $4
where tenant_id = $1 and date = $2 and withdrawn_on is null
"""
_SIGNER = """
select json_build_object('full_name', full_name, 'title', title, 'act', act, 'scope', scope,
  'capacity', capacity, 'authorised_certifier', authorised_certifier,
  'valid_from', to_char(valid_from at time zone 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY HH24:MI'),
  'valid_to', to_char(valid_to at time zone 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY HH24:MI'))::text as told
from signer where tenant_id = $1 and id = $2
"""
_END_SIGNER = """
update signer set valid_to = $3
where tenant_id = $1 and id = $2 and valid_from < $3 and (valid_to is null or valid_to > $3)
"""
_OVERRIDE = """
select json_build_object('offered', offered, 'online', online, 'time_limit', time_limit,
  'basis', basis)::text as told
from procedure_override where tenant_id = $1 and code = $2
"""
_SET_OVERRIDE = """
insert into procedure_override (tenant_id, code, offered, time_limit, basis, online)
values ($1, $2, $3, $4::jsonb, $5, $6)
on conflict (tenant_id, code) do update
set offered = excluded.offered, time_limit = excluded.time_limit, basis = excluded.basis,
  online = excluded.online
"""
_SET_SETTINGS = """
update tenant_plugin set settings = $3::jsonb where tenant_id = $1 and plugin = $2
"""
