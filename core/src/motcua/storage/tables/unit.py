"""How a unit is set up, and who changed it."""

from piccolo.columns import JSONB, UUID, Array, BigInt, Boolean, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.storage.engine import ENGINE


class TenantPlugin(Table, tablename="tenant_plugin", db=ENGINE):
    """What a tenant offers of a plugin, and its settings."""

    tenant_id = Integer(default=None)
    plugin = Text(primary_key=True, default=None)
    state = Text(default=None)
    settings = JSONB(default=None)
    failures = Integer(default=None)
    note = Text(default=None)


class PluginFault(Table, tablename="plugin_fault", db=ENGINE):
    """A failure of a plugin, for the administrator."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    plugin = Text(default=None)
    hook = Text(default=None)
    detail = Text(default=None)
    at = Timestamptz(default=None)


class ProcedureOverride(Table, tablename="procedure_override", db=ENGINE):
    """What a tenant changes of a procedure: not offered, a limit of its own, not online."""

    tenant_id = Integer(default=None)
    code = Text(primary_key=True, default=None)
    offered = Boolean(default=None)
    time_limit = JSONB(null=True, default=None)
    basis = Text(default=None)
    online = Boolean(null=True, default=None)


class Closure(Table, tablename="closure", db=ENGINE):
    """A day on which one tenant is closed."""

    tenant_id = Integer(default=None)
    date = Date(primary_key=True, default=None)
    sessions = JSONB(null=True, default=None)
    reason = Text(default=None)
    basis = Text(default=None)
    decided_on = Date(default=None)
    withdrawn_on = Date(null=True, default=None)
    withdrawn_by = Text(null=True, default=None)


class Signer(Table, tablename="signer", db=ENGINE):
    """A person who may sign, by which act, for what, from when to when."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    staff_id = BigInt(null=True, default=None)
    full_name = Text(default=None)
    title = Text(default=None)
    act = Text(default=None)
    scope = Array(base_column=Text(), default=None)
    authorised_certifier = Boolean(default=None)
    valid_from = Timestamptz(default=None)
    valid_to = Timestamptz(null=True, default=None)
    capacity = Text(default=None)


class Counter(Table, tablename="counter", db=ENGINE):
    """The last number given of a series."""

    tenant_id = Integer(default=None)
    kind = Text(default=None)
    period = Text(primary_key=True, default=None)
    n = Integer(default=None)


class ConfigChange(Table, tablename="config_change", db=ENGINE):
    """One change of the configuration: who, when, what it was and what it became."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    at = Timestamptz(default=None)
    staff_id = BigInt(null=True, default=None)
    who = Text(default=None)
    place = Text(default=None)
    subject = Text(default=None)
    before = JSONB(null=True, default=None)
    after = JSONB(null=True, default=None)
