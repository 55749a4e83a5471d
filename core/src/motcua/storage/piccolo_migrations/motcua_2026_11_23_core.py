"""The first schema: what the core knows of tenants, dossiers and their history."""

from importlib.resources import files

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import derived, protect, reference, sql_migration

ID = "2026-11-23T00:00:00:000000"
DESCRIPTION = "The core's first schema"

REFERENCE = ("procedure_version", "calendar_day")
APPEND_ONLY = ("dossier_event", "anchor", "read_log", "plugin_fault")
TENANT = (
    "staff",
    "staff_session",
    "login_attempt",
    "tenant_plugin",
    "procedure_override",
    "closure",
    "signer",
    "counter",
    "idempotency_key",
    "visit",
    "dossier",
    "stored_file",
    "dossier_document",
    "fee_line",
    "dossier_link",
    "register_entry",
)


async def forwards() -> MigrationManager:
    """Create every table and put its wall around it."""
    schema = files("motcua.storage").joinpath("schema_0001.sql").read_text(encoding="utf-8")
    return sql_migration(
        ID,
        "motcua",
        DESCRIPTION,
        schema,
        reference("tenant", updatable=("config_version",)),
        *(reference(table) for table in REFERENCE),
        *(protect(table) for table in TENANT),
        *(protect(table, append_only=True) for table in APPEND_ONLY),
        derived("daily_figure"),
    )
