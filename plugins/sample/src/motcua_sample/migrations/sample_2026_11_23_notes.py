"""The first table of the sample plugin."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from motcua.plugin.tables import create_tenant_table, sql_migration

ID = "2026-11-23T12:00:00:000000"
DESCRIPTION = "A note for each dossier"


class SampleNote(Table, tablename="sample_note"):
    """The table as this migration made it; later ones change it, this text stays."""

    dossier = Varchar(primary_key=True)
    tenant_id = Integer()
    code = Text()
    received_at = Timestamptz()
    ready_at = Timestamptz(null=True)


async def forwards() -> MigrationManager:
    """Create the table behind row-level security, ``tenant_id`` first in its key."""
    return sql_migration(ID, "sample", DESCRIPTION, create_tenant_table(SampleNote))
