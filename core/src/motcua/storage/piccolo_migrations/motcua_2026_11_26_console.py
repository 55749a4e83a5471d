"""What the console writes: the history of every change, settings of one's own, the calendar."""

from importlib.resources import files

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, reference, sql_migration

ID = "2026-11-26T10:50:00:000000"
DESCRIPTION = "Configuration through the console, with its history"


async def forwards() -> MigrationManager:
    """Add the history, and open to the application what a tenant settles for itself."""
    schema = files("motcua.storage").joinpath("schema_console.sql").read_text(encoding="utf-8")
    return sql_migration(
        ID,
        "motcua",
        DESCRIPTION,
        schema,
        protect("config_change", append_only=True),
        reference("tenant", updatable=("config_version", "settings", "hosts")),
    )
