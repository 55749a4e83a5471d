"""What came by transfer and is to be sent back, until somebody has sent it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T22:40:00:000000"
DESCRIPTION = "Transfers to be sent back"

_BACK = """
ALTER TABLE transfer ADD COLUMN back bigint NOT NULL DEFAULT 0 CHECK (back >= 0);
ALTER TABLE transfer ALTER COLUMN back DROP DEFAULT;
ALTER TABLE transfer ADD COLUMN back_at timestamptz;
ALTER TABLE transfer ADD COLUMN back_staff text NOT NULL DEFAULT '';
ALTER TABLE transfer ALTER COLUMN back_staff DROP DEFAULT;
CREATE INDEX transfer_back ON transfer (tenant_id) WHERE back > 0 AND back_at IS NULL;
"""


async def forwards() -> MigrationManager:
    """Add what goes back, when it went and who sent it."""
    return sql_migration(ID, "motcua", DESCRIPTION, _BACK)
