"""Drafts that complete a sent dossier; the capacity of signers; the proof of exemptions.

One identity for all three: it is in the databases that ran them.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T11:00:00:000000"
DESCRIPTION = "Drafts that complete a dossier, capacity of signers, proof of exemptions"

_AMENDS = """
ALTER TABLE draft ADD COLUMN amends uuid;
ALTER TABLE draft ADD FOREIGN KEY (tenant_id, amends) REFERENCES dossier (tenant_id, id);
ALTER TABLE draft_file DROP CONSTRAINT draft_file_pkey;
ALTER TABLE draft_file ADD PRIMARY KEY (tenant_id, draft_id, file_id);
DROP INDEX draft_file_draft;
"""

_CAPACITY = """
ALTER TABLE signer ADD COLUMN capacity text NOT NULL DEFAULT 'own'
  CHECK (capacity IN ('own', 'deputy', 'authorised', 'by_order', 'acting'));
UPDATE signer SET capacity = 'authorised' WHERE authorised_certifier;
ALTER TABLE signer ALTER COLUMN capacity DROP DEFAULT;
"""
"""An authorised certifier signs as such; the others are taken for chairmen until corrected."""

_PROOF = """
ALTER TABLE fee_line ADD COLUMN proof text NOT NULL DEFAULT '';
ALTER TABLE fee_line ALTER COLUMN proof DROP DEFAULT;
"""


async def forwards() -> MigrationManager:
    """Let a draft name the dossier it completes with its files, and add both columns."""
    return sql_migration(ID, "motcua", DESCRIPTION, _AMENDS, _CAPACITY, _PROOF)
