"""What lets another program in."""

from piccolo.columns import UUID, Array, Bytea, Date, Integer, Text, Timestamptz
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
