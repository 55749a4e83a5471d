"""Brings the units described in files into the database, and never takes one out."""

import importlib.resources
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from motcua.domain.decoding import BROKEN, Fault, decode
from motcua.domain.errors import MotCuaError
from motcua.domain.tenant import Tenant, TenantFile, faults_of, shared_faults
from motcua.storage.dsn import Dsn
from motcua.storage.owner import connected

PROVINCE_FILE = "province.toml"
_COLUMNS = (
    *("name", "kind", "type_vi", "parent_id", "codes", "predecessors", "successors"),
    *("hosts", "settings", "opened_on", "closed_on", "archived"),
)
_JSON = frozenset({"codes", "predecessors", "successors", "settings"})


class FileFault(msgspec.Struct, frozen=True):
    """One thing wrong in one file."""

    path: str
    fault: Fault


class TenantFilesError(MotCuaError):
    """Files of units are wrong; holds *all* faults, and nothing was applied."""

    code = "tenants.invalid-files"

    def __init__(self, faults: Sequence[FileFault]) -> None:
        """Keep every fault in the order of the files."""
        self.faults = tuple(faults)
        told = "; ".join(f"{one.path}: {one.fault.key}: {one.fault.code}" for one in faults)
        super().__init__(told, count=len(faults))


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What applying the files does to one unit.

    Attributes:
        slug: The unit.
        name: As people know it.
        new: Whether it was not there before.
        fields: Old and new value of each column that changes.
        plugins: Plugins it is offered for the first time.
    """

    slug: str
    name: str
    new: bool
    fields: dict[str, tuple[Any, Any]] = {}
    plugins: tuple[str, ...] = ()


def sample_folder() -> Path:
    """The units that travel with the core; in a checkout its top-level folder ``tenants``."""
    packaged = Path(str(importlib.resources.files("motcua"))) / "data" / "tenants"
    return packaged if packaged.is_dir() else Path(__file__).parents[4] / "tenants"


def read_tenants(folder: Path) -> list[Tenant]:
    """Every unit described below *folder*, those above before those below.

    A file ``<nation>.toml`` holds for all; a folder is a province with its file
    ``province.toml`` and one file for each unit.

    Raises:
        TenantFilesError: Something is wrong in them; all of it is listed.
    """
    faults: list[FileFault] = []
    placed: list[tuple[Path, Tenant]] = []
    nation = None
    for path in sorted(folder.glob("*.toml")):
        nation = path.stem
        _take(path, path.stem, None, placed, faults)
    for province in sorted(one for one in folder.iterdir() if one.is_dir()):
        main = province / PROVINCE_FILE
        if not main.exists():
            faults.append(FileFault(str(main), Fault(key="", code="tenants.no-province")))
        else:
            _take(main, province.name, nation, placed, faults)
        for path in sorted(province.glob("*.toml")):
            if path != main:
                _take(path, path.stem, province.name, placed, faults)
    if not placed and not faults:
        faults.append(FileFault(str(folder), Fault(key="", code="tenants.no-files")))
    paths = {id(tenant): str(path) for path, tenant in placed}
    tenants = [tenant for _, tenant in placed]
    faults += [FileFault(paths[id(one)], fault) for one, fault in shared_faults(tenants)]
    if faults:
        raise TenantFilesError(faults)
    return tenants


def _take(
    path: Path,
    slug: str,
    parent: str | None,
    placed: list[tuple[Path, Tenant]],
    faults: list[FileFault],
) -> None:
    """Read one file into *placed*, or say in *faults* why not."""
    found: list[Fault] = []
    tenant = _read(path, slug, parent, found)
    faults += [FileFault(str(path), fault) for fault in found]
    if tenant is not None:
        placed.append((path, tenant))


def _read(path: Path, slug: str, parent: str | None, faults: list[Fault]) -> Tenant | None:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        written = decode(TenantFile, raw, "", faults)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, MotCuaError) as error:
        faults.append(Fault(key="", code="file.value", told={"detail": str(error)}))
        return None
    if written is BROKEN:
        return None
    fields = {name: getattr(written, name) for name in TenantFile.__struct_fields__}
    tenant = Tenant(slug=slug, parent=parent, **fields)
    faults += faults_of(tenant)
    return tenant


async def apply_tenants(
    owner: Dsn, tenants: Sequence[Tenant], *, dry_run: bool = False
) -> list[Change]:
    """Add and change units in the database until it says what *tenants* say.

    All or nothing. Units the files do not name stay as they are, and a plugin a
    unit has already keeps its state.

    Args:
        owner: The database, as the role that owns the tables.
        tenants: Those above before those below, as :func:`read_tenants` gives them.
        dry_run: Only say what would change.
    """
    async with connected(owner) as connection, connection.transaction(readonly=dry_run):
        if not dry_run:
            await connection.execute("LOCK TABLE tenant IN SHARE ROW EXCLUSIVE MODE")
        rows = {row["slug"]: row for row in await connection.fetch("SELECT * FROM tenant")}
        begun = await connection.fetch("SELECT tenant_id, plugin FROM tenant_plugin")
        plan = _Plan(rows, {(row["tenant_id"], row["plugin"]) for row in begun}, tenants)
        if not dry_run:
            await plan.carry_out(connection)
        return plan.changes


async def list_tenants(owner: Dsn) -> list[dict[str, Any]]:
    """Every unit in the database with its codes, the ones above first."""
    async with connected(owner) as connection:
        return [_readable(row) for row in await connection.fetch(_LIST)]


_LIST = """
SELECT t.id, t.slug, t.name, t.kind, p.slug AS parent, t.codes::text AS codes,
       t.opened_on, t.closed_on, t.archived
  FROM tenant t LEFT JOIN tenant p ON p.id = t.parent_id
 ORDER BY t.id
"""


def _readable(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "codes": msgspec.json.decode(row["codes"])}


class _Plan:
    """The changes that lead from the rows to the files."""

    def __init__(
        self,
        rows: Mapping[str, Mapping[str, Any]],
        begun: set[tuple[int, str]],
        tenants: Sequence[Tenant],
    ) -> None:
        self.changes: list[Change] = []
        self._writes: list[tuple[str, list[Any]]] = []
        self._ids = {slug: row["id"] for slug, row in rows.items()}
        self._begun = begun
        self._plugins = _inherited_plugins(tenants)
        for tenant in tenants:
            self._consider(tenant, rows.get(tenant.slug))

    async def carry_out(self, connection: Any) -> None:
        """Write every change; each process reads its configuration anew afterwards."""
        for sql, args in self._writes:
            await connection.execute(sql, *args)
        if self._writes:
            await connection.execute("UPDATE tenant SET config_version = config_version + 1")

    def _consider(self, tenant: Tenant, row: Mapping[str, Any] | None) -> None:
        wanted = self._values(tenant)
        if row is None:
            self._ids[tenant.slug] = max(self._ids.values(), default=0) + 1
        identity = self._ids[tenant.slug]
        before = {} if row is None else {name: _stored(name, row[name]) for name in _COLUMNS}
        if row is not None:  # what the console has settled stays, unless the file says otherwise
            wanted["settings"] = before["settings"] | wanted["settings"]
            wanted["hosts"] = wanted["hosts"] or before["hosts"]
        fields = {
            name: (before.get(name), value)
            for name, value in wanted.items()
            if row is None or before[name] != value
        }
        plugins = self._missing_plugins(tenant, identity)
        if not fields and not plugins:
            return
        self.changes.append(
            Change(
                slug=tenant.slug, name=tenant.name, new=row is None, fields=fields, plugins=plugins
            )
        )
        if row is None:
            self._add(identity, tenant.slug, wanted)
        elif fields:
            self._change(identity, {name: wanted[name] for name in fields})
        self._writes += [(_BEGIN_PLUGIN, [identity, plugin]) for plugin in plugins]

    def _missing_plugins(self, tenant: Tenant, identity: int) -> tuple[str, ...]:
        """Those the unit is to have and never had; one that was switched off stays off."""
        if tenant.level != "unit":
            return ()
        return tuple(
            name for name in self._plugins[tenant.slug] if (identity, name) not in self._begun
        )

    def _values(self, tenant: Tenant) -> dict[str, Any]:
        """The columns of *tenant*, JSON as plain values."""
        values = {name: getattr(tenant, name) for name in _COLUMNS if name != "parent_id"}
        values["parent_id"] = self._ids[tenant.parent] if tenant.parent else None
        values["hosts"] = list(tenant.hosts)
        return {name: _plain(values[name]) if name in _JSON else values[name] for name in _COLUMNS}

    def _add(self, identity: int, slug: str, values: Mapping[str, Any]) -> None:
        names = ", ".join(("id", "slug", "config_version", *values))
        holders = ", ".join(f"${n}" for n in range(1, len(values) + 4))
        sql = f"INSERT INTO tenant ({names}) VALUES ({holders})"  # noqa: S608 - our own names
        self._writes.append((sql, [identity, slug, 0, *_arguments(values)]))

    def _change(self, identity: int, values: Mapping[str, Any]) -> None:
        pairs = ", ".join(f"{name} = ${n}" for n, name in enumerate(values, start=2))
        sql = f"UPDATE tenant SET {pairs} WHERE id = $1"  # noqa: S608 - our own names
        self._writes.append((sql, [identity, *_arguments(values)]))


_BEGIN_PLUGIN = """
INSERT INTO tenant_plugin (tenant_id, plugin, state, settings, failures, note)
VALUES ($1, $2, 'offered', '{}', 0, '')
"""


def _inherited_plugins(tenants: Sequence[Tenant]) -> dict[str, tuple[str, ...]]:
    """The plugins each unit begins with: its own list or that of the unit above."""
    found: dict[str, tuple[str, ...]] = {}
    for tenant in tenants:
        above = found.get(tenant.parent or "", ())
        found[tenant.slug] = above if tenant.plugins is None else tenant.plugins
    return found


def _stored(name: str, value: Any) -> Any:
    return msgspec.json.decode(value) if name in _JSON else value


def _plain(value: Any) -> Any:
    """*value* as it comes back out of a ``jsonb`` column."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _arguments(values: Mapping[str, Any]) -> list[Any]:
    return [
        msgspec.json.encode(value).decode() if name in _JSON else value
        for name, value in values.items()
    ]
