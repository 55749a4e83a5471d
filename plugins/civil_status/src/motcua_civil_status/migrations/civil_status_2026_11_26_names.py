"""A part of a name is looked for in an index, not in whole records."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T21:43:00:000000"
DESCRIPTION = "Both names of a record in one index"

_KINDS = ("birth", "marriage", "death", "marital", "guardianship", "recognition", "correction")


def _index(kind: str, more: str = "") -> str:
    name = f"civil_status_{kind}_subject_key"
    return (
        f"DROP INDEX {name};\n"
        f"CREATE INDEX {name} ON civil_status_{kind} (tenant_id, subject_key){more};\n"
    )


async def forwards() -> MigrationManager:
    """Carry in the index of the first name the second one, and the record's id."""
    wide = [_index(kind, " INCLUDE (other_key, id)") for kind in _KINDS]
    return sql_migration(
        ID, "civil_status", DESCRIPTION, *wide, backwards=[_index(kind) for kind in _KINDS]
    )
