"""What a unit has not settled is null: no column gets a value from the database."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T15:20:01:000000"
DESCRIPTION = "No defaults for online and for who takes a closure back"

_CHANGES = """
ALTER TABLE procedure_override ALTER COLUMN online DROP NOT NULL, ALTER COLUMN online DROP DEFAULT;
ALTER TABLE closure
  ALTER COLUMN withdrawn_by DROP NOT NULL, ALTER COLUMN withdrawn_by DROP DEFAULT;
"""


async def forwards() -> MigrationManager:
    """Let every value come from the application."""
    return sql_migration(ID, "motcua", DESCRIPTION, _CHANGES)
