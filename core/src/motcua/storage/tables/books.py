"""The registers of a unit."""

from piccolo.columns import JSONB, UUID, BigInt, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.storage.engine import ENGINE


class RegisterEntry(Table, tablename="register_entry", db=ENGINE):
    """One line of a book; a number is never reused."""

    tenant_id = Integer(default=None)
    register = Text(default=None)
    year = Integer(default=None)
    number = Integer(primary_key=True, default=None)
    dossier_id = UUID(null=True, default=None)
    status = Text(default=None)
    summary = Text(default=None)
    reason = Text(default=None)
    at = Timestamptz(default=None)
    line = Integer(null=True, default=None)
    volume = Integer(default=None)
    quantity = Integer(null=True, default=None)
    block_id = UUID(null=True, default=None)
    taken_at = Timestamptz(default=None)


class Register(Table, tablename="register", db=ENGINE):
    """A book of one year: where its series begins and stands, its volumes, its closing."""

    tenant_id = Integer(default=None)
    book = Text(default=None)
    year = Integer(primary_key=True, default=None)
    title = Text(default=None)
    first = Integer(default=None)
    last = Integer(default=None)
    volumes = JSONB(default=None)
    basis = Text(default=None)
    closed_at = Timestamptz(null=True, default=None)
    closed_by = Text(default=None)
    totals = JSONB(null=True, default=None)


class RegisterBlock(Table, tablename="register_block", db=ENGINE):
    """Numbers of a book reserved ahead, for a day on paper."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    book = Text(default=None)
    year = Integer(default=None)
    first = Integer(default=None)
    last = Integer(default=None)
    reason = Text(default=None)
    reserved_at = Timestamptz(default=None)
    reserved_by = Text(default=None)
    closed_at = Timestamptz(null=True, default=None)
    closed_by = Text(default=None)


class Slip(Table, tablename="slip", db=ENGINE):
    """One print of a slip; the last of its form is the one that is valid."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    dossier_id = UUID(default=None)
    form = Text(default=None)
    seq = Integer(default=None)
    copy = Integer(default=None)
    year = Integer(default=None)
    number = Integer(null=True, default=None)
    at = Timestamptz(default=None)
    staff_id = BigInt(null=True, default=None)
