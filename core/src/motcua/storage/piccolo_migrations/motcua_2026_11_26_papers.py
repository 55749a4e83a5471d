"""In what capacity a signer signs, and the paper that proved an exemption from a fee."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T11:00:00:000000"
DESCRIPTION = "Capacity of signers, proof of exemptions"

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
    """Add both columns."""
    return sql_migration(ID, "motcua", DESCRIPTION, _CAPACITY, _PROOF)
