"""Whether an installation is fit to serve, and what to do where it is not."""

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from motcua.domain.errors import MotCuaError
from motcua.registry.registry import InvalidSettingsError
from motcua.services.house import House
from motcua.storage.engine import check_role, reference_scope
from motcua.storage.migrate import pending
from motcua.storage.work import reference_work, work

OLDEST_POSTGRESQL = 15
_FEW_BYTES = 2 * 1024**3
_VERY_FEW_BYTES = 200 * 1024**2
_MOST_NAMED = 5
_HOLIDAYS_A_YEAR = 8
"""A year with fewer decided holidays has not been drawn up: the law names at least ten."""

Level = Literal["good", "warning", "fault"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at.

    Attributes:
        check: What: ``database``, ``role``, ``locale``, ``migrations``, ``plugins``,
            ``calendar``, ``signers``, ``settings`` or ``disk``.
        level: Good; to be seen to; or not fit to serve.
        text: The key of what to say, the way out included.
        told: What the text names.
    """

    check: str
    level: Level
    text: str
    told: dict[str, str] = {}


async def examine(house: House, home: Path) -> list[Finding]:
    """Look at everything; a check that cannot be made is a finding too."""
    database: tuple[tuple[str, Callable[[House], Awaitable[list[Finding]]]], ...] = (
        ("database", _version),
        ("role", _role),
        ("locale", _locale),
        ("migrations", _migrations),
        ("calendar", _calendar),
        ("signers", _signers),
        ("settings", _settings),
    )
    findings = [*_plugins(house), *_disk(home)]
    for check, look in database:
        try:
            findings += await look(house)
        except MotCuaError as error:
            told = {name: str(value) for name, value in error.fields.items()}
            findings.append(Finding(check=check, level="fault", text=error.code, told=told))
            if check == "database":
                return findings
    return findings


def _good(check: str, **told: object) -> list[Finding]:
    return [_finding(check, "good", f"doctor.{check}", **told)]


def _finding(check: str, level: Level, text: str, **told: object) -> Finding:
    words = {name: str(value) for name, value in told.items()}
    return Finding(check=check, level=level, text=text, told=words)


async def _row(house: House, sql: str, *args: Any) -> Any:
    async with reference_work(house.engine) as reading:
        return await reading.fetchrow(sql, *args)


async def _version(house: House) -> list[Finding]:
    row = await _row(
        house,
        "select current_setting('server_version') as shown,"
        " current_setting('server_version_num')::int / 10000 as major",
    )
    if row["major"] < OLDEST_POSTGRESQL:
        told = {"version": row["shown"], "oldest": OLDEST_POSTGRESQL}
        return [_finding("database", "fault", "doctor.database-old", **told)]
    return _good("database", version=row["shown"])


async def _role(house: House) -> list[Finding]:
    await check_role(house.engine)
    row = await _row(house, "select current_user as role")
    return _good("role", role=row["role"])


async def _locale(house: House) -> list[Finding]:
    row = await _row(
        house,
        "select lower('ĐẶNG') = 'đặng' as knows, current_setting('server_encoding') as encoding",
    )
    if not row["knows"] or row["encoding"] != "UTF8":
        return [_finding("locale", "fault", "doctor.locale-wrong", encoding=row["encoding"])]
    return _good("locale", encoding=row["encoding"])


async def _migrations(house: House) -> list[Finding]:
    apps = [tables.app_config for _, tables in house.registry.tables()]
    with reference_scope():
        waiting = await pending(house.engine, apps)
    if waiting:
        named = ", ".join(f"{step.app} {step.id}" for step in waiting[:_MOST_NAMED])
        return [
            _finding(
                "migrations", "fault", "doctor.migrations-wait", count=len(waiting), named=named
            )
        ]
    return _good("migrations")


def _plugins(house: House) -> list[Finding]:
    refused = house.registry.refusals
    if refused:
        named = ", ".join(sorted({each.plugin for each in refused}))
        return [_finding("plugins", "warning", "doctor.plugins-refused", named=named)]
    plugins = house.registry.plugins
    labels = ", ".join(each.manifest.label_vi for _, each in sorted(plugins.items()))
    names = ", ".join(sorted(plugins))
    return _good("plugins", count=len(plugins), named=names, labels=labels)


async def _calendar(house: House) -> list[Finding]:
    """Whether this year's and the coming year's holidays are there, and decided."""
    year = house.today().year
    async with reference_work(house.engine) as reading:
        rows = await reading.fetch(
            "select date, provisional from calendar_day"
            " where kind = 'holiday' and withdrawn_on is null"
            " and date between $1 and $2 order by date",
            dt.date(year, 1, 1),
            dt.date(year + 1, 12, 31),
        )
    count = Counter(row["date"].year for row in rows)
    findings: list[Finding] = []
    for each in (year, year + 1):
        provisional = [
            row["date"] for row in rows if row["provisional"] and row["date"].year == each
        ]
        if count[each] < _HOLIDAYS_A_YEAR:
            findings.append(_finding("calendar", "warning", "doctor.calendar-missing", year=each))
        elif provisional:
            named = ", ".join(f"{day:%d/%m/%Y}" for day in provisional[:_MOST_NAMED])
            told = {"year": each, "count": len(provisional), "named": named}
            findings.append(_finding("calendar", "warning", "doctor.calendar-provisional", **told))
    return findings or _good("calendar", year=year + 1)


async def _signers(house: House) -> list[Finding]:
    """Whether each unit that serves has somebody who may sign, today and in a month."""
    now = house.now()
    soon = now + dt.timedelta(days=30)
    units = await _units(house)
    without: list[str] = []
    ending: list[str] = []
    serving = 0
    for unit in units:
        async with work(house.engine, unit["id"]) as reading:
            row = await reading.fetchrow(_SIGNERS, unit["id"], now, soon)
        if not row["serves"]:
            continue
        serving += 1
        if not row["now"]:
            without.append(unit["slug"])
        elif not row["soon"]:
            ending.append(unit["slug"])
    findings = []
    if without:
        findings.append(_finding("signers", "warning", "doctor.signers-none", **_named(without)))
    if ending:
        findings.append(_finding("signers", "warning", "doctor.signers-end", **_named(ending)))
    return findings or _good("signers", count=serving)


async def _units(house: House) -> list[Any]:
    """The units that serve people, or may: open, and with nothing below them."""
    async with reference_work(house.engine) as reading:
        return await reading.fetch(
            "select t.id, t.slug from tenant t"
            " where not t.archived and (t.closed_on is null or t.closed_on > $1)"
            " and t.slug not like '%-luyen-tap'"
            " and not exists (select from tenant below where below.parent_id = t.id) order by 2",
            house.today(),
        )


async def _settings(house: House) -> list[Finding]:
    """Whether what each unit has set for its plugins still fits them, after an upgrade say."""
    wrong: list[str] = []
    for unit in await _units(house):
        async with work(house.engine, unit["id"]) as reading:
            rows = await reading.fetch(
                "select plugin, settings from tenant_plugin where tenant_id = $1", unit["id"]
            )
        for row in rows:
            keys = _wrong_keys(house, row["plugin"], msgspec.json.decode(row["settings"]))
            wrong += [f"{unit['slug']} {row['plugin']}.{key}" for key in keys]
    if wrong:
        return [_finding("settings", "fault", "doctor.settings-wrong", **_named(wrong))]
    return _good("settings")


def _wrong_keys(house: House, plugin: str, given: dict[str, Any]) -> list[str]:
    """The settings of *plugin* it does not understand; one that is not installed says nothing."""
    if plugin not in house.registry.plugins:
        return []
    try:
        house.registry.settings(plugin, given)
    except InvalidSettingsError as error:
        return [fault.key for fault in error.faults]
    return []


_SIGNERS = """
select exists (select from staff where tenant_id = $1 and active) as serves,
  exists (select from signer where tenant_id = $1 and valid_from <= $2
          and (valid_to is null or valid_to > $2)) as now,
  exists (select from signer where tenant_id = $1 and valid_from <= $3
          and (valid_to is null or valid_to > $3)) as soon
"""


def _named(slugs: Sequence[str]) -> dict[str, object]:
    more = ", …" if len(slugs) > _MOST_NAMED else ""
    return {"count": len(slugs), "named": ", ".join(slugs[:_MOST_NAMED]) + more}


def _disk(home: Path) -> list[Finding]:
    folder = next(each for each in (home, *home.absolute().parents) if each.exists())
    free = shutil.disk_usage(folder).free
    told = {"path": folder, "free": f"{free / 1024**3:.1f} GiB"}
    if free < _VERY_FEW_BYTES:
        return [_finding("disk", "fault", "doctor.disk-full", **told)]
    if free < _FEW_BYTES:
        return [_finding("disk", "warning", "doctor.disk-low", **told)]
    return _good("disk", **told)
