"""Records by name, the newest first: a name that many have is read no further than is shown."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T21:53:00:000000"
DESCRIPTION = "Names of records in the order of their lists"

_KINDS = ("birth", "marriage", "death", "marital", "guardianship", "recognition", "correction")


def _there(kind: str) -> str:
    table = f"civil_status_{kind}"
    return (
        f"CREATE INDEX {table}_newest ON {table} (tenant_id, registered_on, id)"
        " INCLUDE (subject_key, other_key);\n"
        f"DROP INDEX {table}_subject_key;\n"
        f"CREATE INDEX {table}_subject_key ON {table} (tenant_id, subject_key);\n"
    )


def _back(kind: str) -> str:
    table = f"civil_status_{kind}"
    return (
        f"DROP INDEX {table}_newest;\n"
        f"DROP INDEX {table}_subject_key;\n"
        f"CREATE INDEX {table}_subject_key ON {table} (tenant_id, subject_key)"
        " INCLUDE (other_key, id);\n"
    )


async def forwards() -> MigrationManager:
    """Carry both names in an index by the day, and make that of the first name small again."""
    return sql_migration(
        ID,
        "civil_status",
        DESCRIPTION,
        *(_there(kind) for kind in _KINDS),
        backwards=[_back(kind) for kind in _KINDS],
    )
