"""What officers write beside a dossier: notes, and where its result lies."""

from piccolo.columns import UUID, BigInt, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.storage.engine import ENGINE


class DossierNote(Table, tablename="dossier_note", db=ENGINE):
    """What one officer tells the others about a dossier; citizens never see it. Append only."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    dossier_id = UUID(default=None)
    staff_id = BigInt(default=None)
    body = Text(default=None)
    at = Timestamptz(default=None)


class ResultShelf(Table, tablename="result_shelf", db=ENGINE):
    """Where a result lies that nobody has fetched, and how often its holder was reminded."""

    tenant_id = Integer(default=None)
    dossier_id = UUID(primary_key=True, default=None)
    shelf = Text(default=None)
    reminders = Integer(default=None)
    reminded_at = Timestamptz(null=True, default=None)
