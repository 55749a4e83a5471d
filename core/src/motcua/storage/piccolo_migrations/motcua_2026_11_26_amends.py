"""Drafts that complete a dossier which was sent already."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T11:00:00:000000"
DESCRIPTION = "Drafts that complete a dossier"

_AMENDS = """
ALTER TABLE draft ADD COLUMN amends uuid;
ALTER TABLE draft ADD FOREIGN KEY (tenant_id, amends) REFERENCES dossier (tenant_id, id);
ALTER TABLE draft_file DROP CONSTRAINT draft_file_pkey;
ALTER TABLE draft_file ADD PRIMARY KEY (tenant_id, draft_id, file_id);
DROP INDEX draft_file_draft;
"""


async def forwards() -> MigrationManager:
    """Let a draft name the dossier it completes, and take its files along."""
    return sql_migration(ID, "motcua", DESCRIPTION, _AMENDS)
