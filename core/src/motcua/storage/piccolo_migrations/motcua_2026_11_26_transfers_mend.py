"""Transfers that were entered before what goes back was kept say it too."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import sql_migration

ID = "2026-11-26T23:10:00:000000"
DESCRIPTION = "Older transfers say what goes back and their number alike"

# Of more than was due only that was taken; of what was due when they were told of, no matter.
_AMOUNTS = """
UPDATE transfer t
   SET back = t.came - p.amount,
       asked = CASE WHEN t.came > p.amount THEN p.amount ELSE greatest(t.asked, p.amount) END
  FROM payment p
 WHERE p.tenant_id = t.tenant_id AND p.id = t.payment_id AND t.state = 'seen'
   AND (t.back <> t.came - p.amount OR p.amount <> least(t.came, t.asked));
"""

# Letters and digits alone; /2 behind a number says which part of a transfer it is.
_NUMBERS = r"""
UPDATE transfer
   SET reference = coalesce(nullif(
         CASE WHEN upper(reference) ~ '[0-9A-Z].*/\s*[0-9]+\s*$'
              THEN regexp_replace(regexp_replace(upper(reference), '/[^/]*$', ''),
                                  '[^0-9A-Z]+', '', 'g')
                   || '/' || substring(reference from '/\s*([0-9]+)\s*$')::numeric
              ELSE regexp_replace(upper(reference), '[^0-9A-Z]+', '', 'g') END, ''), reference)
 WHERE reference <> '';
"""

# What goes back is looked for by its number too, not only what was entered.
_INDEX = """
DROP INDEX transfer_reference;
CREATE INDEX transfer_reference ON transfer (tenant_id, reference);
"""


async def forwards() -> MigrationManager:
    """Compute what goes back, and write each number as it is looked for."""
    return sql_migration(ID, "motcua", DESCRIPTION, _AMOUNTS, _NUMBERS, _INDEX)
