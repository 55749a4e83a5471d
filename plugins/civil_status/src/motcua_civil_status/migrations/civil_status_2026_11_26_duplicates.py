"""Likely duplicates are found in an index: by number, and by what a name was corrected to."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T21:38:00:000000"
DESCRIPTION = "Records found by the number of a person and by a corrected name"

_KINDS = ("birth", "marriage", "death", "marital", "guardianship", "recognition", "correction")
_SIDES = ("subject", "other")
_NAMES = [f"civil_status_{kind}_{side}_id_number" for kind in _KINDS for side in _SIDES]
_NUMBERS = "".join(
    f"CREATE INDEX civil_status_{kind}_{side}_id_number"
    f" ON civil_status_{kind} (tenant_id, {side}_id_number);\n"
    for kind in _KINDS
    for side in _SIDES
)
_CORRECTED = """
CREATE INDEX civil_status_history_after_key ON civil_status_history (tenant_id, after_key);
"""


async def forwards() -> MigrationManager:
    """Create the indexes; a number erased in its record is gone from them too."""
    backwards = [f"DROP INDEX {name};" for name in (*_NAMES, "civil_status_history_after_key")]
    return sql_migration(ID, "civil_status", DESCRIPTION, _NUMBERS, _CORRECTED, backwards=backwards)
