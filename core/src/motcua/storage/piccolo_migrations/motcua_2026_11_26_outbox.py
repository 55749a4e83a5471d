"""Messages know their channel, how often they were tried and when they are tried next."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T19:00:00:000000"
DESCRIPTION = "Delivery of messages"

_DELIVERY = """
ALTER TABLE message ADD COLUMN channel text NOT NULL DEFAULT 'phone';
ALTER TABLE message ADD COLUMN subject text NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN attempts int NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN next_at timestamptz;
ALTER TABLE message ADD COLUMN problem text NOT NULL DEFAULT '';
ALTER TABLE message ALTER COLUMN channel DROP DEFAULT, ALTER COLUMN subject DROP DEFAULT,
  ALTER COLUMN attempts DROP DEFAULT, ALTER COLUMN problem DROP DEFAULT;
UPDATE message SET next_at = created_at WHERE sent_at IS NULL;
CREATE INDEX message_waiting ON message (tenant_id, next_at) WHERE next_at IS NOT NULL;
"""


async def forwards() -> MigrationManager:
    """Add the columns; what waits is due."""
    return sql_migration(ID, "motcua", DESCRIPTION, _DELIVERY)
