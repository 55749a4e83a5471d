"""Keys by which other programs come in."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, sql_migration

ID = "2026-11-26T14:40:00:000000"
DESCRIPTION = "Keys of the API"

_API_KEY = """
CREATE TABLE api_key (
    tenant_id int NOT NULL REFERENCES tenant (id),
    id uuid NOT NULL,
    name text NOT NULL,
    scopes text[] NOT NULL,
    prefix text NOT NULL,
    key_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    expires_on date,
    last_used_on date,
    revoked_at timestamptz,
    revoked_by text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, key_hash)
);
"""


async def forwards() -> MigrationManager:
    """Create the table and put its wall around it."""
    return sql_migration(ID, "motcua", DESCRIPTION, _API_KEY, protect("api_key"))
