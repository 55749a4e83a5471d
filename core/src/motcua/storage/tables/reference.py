"""What every unit reads: the units, the procedures' versions and the calendar."""

from piccolo.columns import JSONB, Array, Boolean, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.storage.engine import ENGINE


class Tenant(Table, tablename="tenant", db=ENGINE):
    """A unit that runs a one-stop shop, or a province above it. Reference: read by all."""

    id = Integer(primary_key=True, default=None)
    slug = Text(default=None)
    name = Text(default=None)
    kind = Text(default=None)
    type_vi = Text(default=None)
    parent_id = Integer(null=True, default=None)
    codes = JSONB(default=None)
    predecessors = JSONB(default=None)
    successors = JSONB(default=None)
    hosts = Array(base_column=Text(), default=None)
    settings = JSONB(default=None)
    opened_on = Date(null=True, default=None)
    closed_on = Date(null=True, default=None)
    archived = Boolean(default=None)
    config_version = Integer(default=None)


class ProcedureVersion(Table, tablename="procedure_version", db=ENGINE):
    """A published version of a procedure, named by its content. Reference."""

    id = Text(primary_key=True, default=None)
    code = Text(default=None)
    field = Text(default=None)
    owner = Text(default=None)
    definition = JSONB(default=None)
    valid_from = Date(null=True, default=None)
    valid_to = Date(null=True, default=None)
    assumed = Text(default=None)
    published_at = Timestamptz(default=None)


class CalendarDay(Table, tablename="calendar_day", db=ENGINE):
    """A national holiday, substitute or swapped day. Reference."""

    date = Date(primary_key=True, default=None)
    kind = Text(default=None)
    name = Text(default=None)
    basis = Text(default=None)
    decided_on = Date(null=True, default=None)
    provisional = Boolean(default=None)
    replaces = Date(null=True, default=None)
    pair = Date(null=True, default=None)
    withdrawn_on = Date(null=True, default=None)
