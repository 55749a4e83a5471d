"""What lets another program in, and who stands in for whom."""

from piccolo.columns import UUID, Array, BigInt, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.storage.engine import ENGINE


class ApiKey(Table, tablename="api_key", db=ENGINE):
    """What lets another program in, for some purposes; only the hash of the key is kept."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    name = Text(default=None)
    scopes = Array(base_column=Text(), default=None)
    prefix = Text(default=None)
    key_hash = Bytea(default=None)
    created_at = Timestamptz(default=None)
    created_by = Text(default=None)
    expires_on = Date(null=True, default=None)
    last_used_on = Date(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
    revoked_by = Text(default=None)


class StandIn(Table, tablename="stand_in", db=ENGINE):
    """Who does the work of whom while that person is away, in which roles."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    absent_id = BigInt(default=None)
    stand_in_id = BigInt(default=None)
    roles = Array(base_column=Text(), default=None)
    first_day = Date(default=None)
    last_day = Date(default=None)
    basis = Text(default=None)
    set_at = Timestamptz(default=None)
    set_by = Text(default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    withdrawn_by = Text(default=None)
