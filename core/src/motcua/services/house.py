"""What every use case works with, and one tenant as a request sees it."""

import datetime as dt
import functools
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.documents.files import FileStore
from motcua.domain.calendar import VN, Calendar, CalendarDay, Closure
from motcua.domain.counting import to_datetime
from motcua.domain.errors import MotCuaError
from motcua.domain.limit import TimeLimit
from motcua.domain.names import search_key
from motcua.domain.procedure import OnlineLevel, ProcedureDefinition
from motcua.domain.tenant import (
    Code,
    amounts_on,
    campaign_at,
    code_at,
    employer,
    hours_of,
    practises,
)
from motcua.plugin.enabled import EnabledPlugins, PluginState
from motcua.registry.registry import Registry
from motcua.services.catalogue import Catalogue, load_catalogue
from motcua.storage.engine import TenantEngine
from motcua.storage.work import reference_work, work


class UnknownTenantError(MotCuaError):
    """There is no commune or province of that name."""

    code = "tenant.unknown"
    status = 404


class NoUnitCodeError(MotCuaError):
    """A unit has no administrative code on a day, so its dossiers would have no code."""

    code = "tenant.no-unit-code"
    status = 409


class NoFilesError(MotCuaError):
    """The application was put together without a place for files."""

    code = "file.no-place"
    status = 500


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """What a tenant changes of one procedure."""

    code: str
    offered: bool = True
    time_limit: TimeLimit | None = None
    basis: str = ""
    online: bool | None = None


class Desk(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One tenant as a request sees it: who it is, when it works, what it offers.

    Attributes:
        above: The name of the province or city it belongs to.
        chain: Ids of the tenant and of those above it, nearest first.
        settings: Effective: nation's, then province's, then its own.
        config_version: Grows with every change of its configuration or of one above.
        settled: What each of them has settled itself, the nation first.
        archived: A closed unit kept to be read; nothing is received there.
    """

    id: int
    slug: str
    name: str
    kind: str
    type_vi: str
    above: str
    chain: tuple[int, ...]
    codes: tuple[Code, ...]
    successors: tuple[str, ...]
    settings: dict[str, Any]
    settled: tuple[dict[str, Any], ...]
    opened_on: dt.date | None
    closed_on: dt.date | None
    archived: bool
    config_version: int
    calendar: Calendar
    plugins: EnabledPlugins
    overrides: dict[str, Override]

    @property
    def province_id(self) -> int:
        """The tenant whose supervisors read this one's figures: the top but one."""
        above = self.chain[1:]
        return above[0] if above else self.id

    def unit_code(self, day: dt.date) -> str:
        """The administrative code valid on *day*; it stands in dossier codes.

        Raises:
            NoUnitCodeError: none was.
        """
        found = code_at(self.codes, day)
        if found is None:
            raise NoUnitCodeError(tenant=self.name, day=day.isoformat())
        return found

    def offers(self, code: str) -> bool:
        """Whether the tenant itself takes the procedure, whatever its plugin's state."""
        override = self.overrides.get(code)
        return override is None or override.offered

    def online(self, definition: ProcedureDefinition) -> bool:
        """Whether one may apply online: by the definition, and unless the tenant says otherwise."""
        by_law = definition.online_level is not OnlineLevel.NONE
        return by_law and not self.desk_only(definition.code)

    def desk_only(self, code: str) -> bool:
        """Whether the tenant itself has said that it takes the procedure at its desk only."""
        override = self.overrides.get(code)
        return override is not None and override.online is False

    def own_limit(self, definition: ProcedureDefinition) -> TimeLimit | None:
        """The limit the tenant has set in place of the definition's.

        Where silence is consent, the term is the law's: a shorter one of the tenant's
        must not make anybody agree sooner.
        """
        override = self.overrides.get(definition.code)
        law = definition.limit
        if override is None or override.time_limit is None or law.on_silence is not None:
            return None
        return msgspec.structs.replace(override.time_limit, round_the_clock=law.round_the_clock)

    def campaign_end(self, code: str, day: dt.date) -> tuple[dt.datetime, str] | None:
        """When the campaign of a procedure ends in which *day* falls, and its ground."""
        found = campaign_at(self.settings, code, day)
        if found is None:
            return None
        timeline = self.calendar.timeline
        end = timeline.closing(timeline.next_working(found.last.toordinal()))
        return to_datetime(end), found.ground

    @functools.cached_property
    def days_off(self) -> dict[dt.date, frozenset[dt.date]]:
        """Days without working time in the month up to a day, as far as they were asked for."""
        return {}

    def amounts_on(self, day: dt.date) -> dict[str, int]:
        """Fee amounts the province or the commune has set for *day*, by fee id."""
        return amounts_on(self.settled, day)


class Limit(msgspec.Struct, frozen=True):
    """So many times within so long."""

    most: int
    within: dt.timedelta


class House:
    """The working parts of the application, passed to every use case."""

    def __init__(
        self,
        *,
        engine: TenantEngine,
        registry: Registry,
        now: Callable[[], dt.datetime],
        new_id: Callable[[], UUID],
        entropy: Callable[[int], bytes],
        key: bytes = b"",
        files: FileStore | None = None,
        strict_accounts: bool = True,
        demo: bool = False,
    ) -> None:
        """Take the parts; time, ids and randomness come from outside.

        Args:
            engine: The database.
            registry: The plugins.
            now: The time.
            new_id: Makes ids.
            entropy: Makes so many random bytes.
            key: The installation's own, the same in every process that serves it; secrets
                are derived from it. Without one, a process makes its own.
            files: Where contents of files lie; without it nothing can be stored.
            strict_accounts: Whether first passwords must be changed and administrators need
                a second factor. The demonstration, where nothing is real, does without.
            demo: Whether everything is invented; codes may then be shown.
        """
        self.engine = engine
        self.registry = registry
        self.now = now
        self.new_id = new_id
        self.entropy = entropy
        self.key = key or entropy(32)
        self._files = files
        self.strict_accounts = strict_accounts
        self.demo = demo
        self.limits: dict[str, Limit] = {}
        self.outgoing: dict[int, int] = {}
        self.desks: dict[str, Desk] = {}
        self.serving: dict[str, tuple[int, bool]] = {}
        self.catalogue = Catalogue(())
        self.published: tuple[int, dt.datetime | None] = (0, None)

    @property
    def files(self) -> FileStore:
        """Where contents of files lie.

        Raises:
            NoFilesError: nobody said where.
        """
        if self._files is None:
            raise NoFilesError
        return self._files

    def invented(self, where: Desk) -> bool:
        """Whether all that happens at *where* is test data, and its papers must say so."""
        return self.demo or practises(where.slug)

    def today(self) -> dt.date:
        """The day it is in Vietnam."""
        return self.now().astimezone(VN).date()


_FIND = """
with recursive up as (
  select t.*, 1 as depth from tenant t where t.slug = $1
  union all
  select p.*, up.depth + 1 from tenant p join up on p.id = up.parent_id)
select (select sum(config_version) from up)::int as config_version,
       (select json_agg(to_jsonb(u) order by depth)::text from up u) as chain,
       p.n as versions, p.latest
from up
  cross join (select count(*) as n, max(published_at) as latest from procedure_version) p
where depth = 1
"""

_VERSIONS = """
with recursive up as (
  select t.slug as of, t.parent_id, t.config_version from tenant t where t.slug = any($1)
  union all
  select up.of, p.parent_id, p.config_version from tenant p join up on p.id = up.parent_id)
select of, sum(config_version)::int as version from up group by of
"""

_CONFIGURATION = """
select
 (select coalesce(json_agg(to_jsonb(d) order by d.date), '[]')::text from calendar_day d) days,
 (select coalesce(json_agg(to_jsonb(c) - 'tenant_id' - 'withdrawn_by' order by c.date), '[]')::text
  from closure c where c.tenant_id = $1) closures,
 (select coalesce(json_agg(to_jsonb(p)), '[]')::text
  from tenant_plugin p where p.tenant_id = $1) plugins,
 (select coalesce(json_agg(to_jsonb(o) - 'tenant_id'), '[]')::text
  from procedure_override o where o.tenant_id = $1) overrides
"""


class _TenantRow(msgspec.Struct, frozen=True):
    id: int
    slug: str
    name: str
    kind: str
    type_vi: str
    codes: tuple[Code, ...]
    successors: tuple[str, ...]
    settings: dict[str, Any]
    archived: bool
    config_version: int
    opened_on: dt.date | None = None
    closed_on: dt.date | None = None


class _PluginRow(msgspec.Struct, frozen=True):
    plugin: str
    state: str
    settings: dict[str, Any]


async def desk(house: House, slug: str) -> Desk:
    """The tenant called *slug*; a changed configuration holds from the next call.

    Raises:
        UnknownTenantError: there is none.
    """
    async with reference_work(house.engine) as reading:
        found = await reading.fetchrow(_FIND, slug)
        if found is None:
            raise UnknownTenantError(tenant=slug)
        published = (found["versions"], found["latest"])
        if published != house.published:  # also one that was committed after a later one
            house.catalogue = await load_catalogue(reading)
            house.published = published
    known = house.desks.get(slug)
    if known is not None and known.config_version == found["config_version"]:
        return known
    chain = msgspec.json.decode(found["chain"], type=list[_TenantRow])
    made = await _furnished(house, chain)
    house.desks[slug] = made
    return made


async def employing(house: House, where: Desk) -> Desk:
    """The unit whose accounts are used at *where*: its own, unless it is a place to practise."""
    return await desk(house, employer(where.slug)) if practises(where.slug) else where


async def desks(house: House, slugs: Sequence[str]) -> list[Desk]:
    """The tenants called *slugs*; only those whose configuration has changed are read anew."""
    async with reference_work(house.engine) as reading:
        rows = await reading.fetch(_VERSIONS, list(slugs))
    versions = {row["of"]: row["version"] for row in rows}
    found = []
    for slug in slugs:
        known = house.desks.get(slug)
        current = known is not None and known.config_version == versions.get(slug)
        found.append(known if known is not None and current else await desk(house, slug))
    return found


async def _furnished(house: House, chain: list[_TenantRow]) -> Desk:
    own = chain[0]
    settings: dict[str, Any] = {}
    for row in reversed(chain):
        settings |= row.settings
    async with work(house.engine, own.id) as reading:
        row = await reading.fetchrow(_CONFIGURATION, own.id)
    decode = msgspec.json.decode
    plugins = decode(row["plugins"], type=list[_PluginRow])
    overrides = decode(row["overrides"], type=list[Override])
    return Desk(
        id=own.id,
        slug=own.slug,
        name=own.name,
        kind=own.kind,
        type_vi=own.type_vi,
        above=chain[1].name if len(chain) > 1 else "",
        chain=tuple(row.id for row in chain),
        codes=own.codes,
        successors=own.successors,
        settings=settings,
        settled=tuple(row.settings for row in reversed(chain)),
        opened_on=own.opened_on,
        closed_on=own.closed_on,
        archived=own.archived,
        config_version=sum(row.config_version for row in chain),
        calendar=Calendar(
            days=tuple(decode(row["days"], type=list[CalendarDay])),
            closures=tuple(decode(row["closures"], type=list[Closure])),
            hours=hours_of(settings),
        ),
        plugins=EnabledPlugins(
            states={row.plugin: PluginState(row.state) for row in plugins},
            settings={row.plugin: row.settings for row in plugins},
        ),
        overrides={row.code: row for row in overrides},
    )


def applicant_key(applicant: dict[str, Any], code: str | None = None) -> str:
    """What a search without accents looks in: name, number, code."""
    parts = (applicant.get("name", ""), applicant.get("id_number", ""), code or "")
    return search_key(" ".join(filter(None, parts)))
