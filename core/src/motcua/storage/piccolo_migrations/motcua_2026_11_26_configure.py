"""Procedures that a unit takes at the desk only, and closures that were taken back."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T15:10:00:000000"
DESCRIPTION = "Online or not by procedure, closures taken back"

_CHANGES = """
ALTER TABLE procedure_override ADD COLUMN online boolean;
ALTER TABLE closure ADD COLUMN withdrawn_on date;
ALTER TABLE closure ADD COLUMN withdrawn_by text;
"""


async def forwards() -> MigrationManager:
    """Let a unit keep a procedure at the desk, and take a closure back without losing it."""
    return sql_migration(ID, "motcua", DESCRIPTION, _CHANGES)
