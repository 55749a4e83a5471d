"""The plugin's own table: a note for each dossier.

Its name begins with the plugin's, its first column is the tenant, and it has no
foreign key into the core: a plugin knows dossiers by their id only.
"""

from typing import Any

from piccolo.columns import Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from motcua.plugin import DossierFacts, ShownTable


class SampleNote(Table, tablename="sample_note"):
    """What the plugin remembers of a dossier."""

    dossier = Varchar(primary_key=True, default=None)
    tenant_id = Integer(default=None)
    code = Text(default=None)
    received_at = Timestamptz(default=None)
    ready_at = Timestamptz(null=True, default=None)


SHOWN = ShownTable(
    table=SampleNote,
    columns=("dossier", "code", "received_at", "ready_at"),
    order="-received_at",
)
"""What an administrator sees of it in the console."""


def note_received(tenant_id: int, dossier: DossierFacts) -> Any:
    """The query that keeps a note of a dossier just received."""
    return SampleNote.insert(
        SampleNote(
            tenant_id=tenant_id, dossier=dossier.id, code=dossier.code, received_at=dossier.at
        )
    )


def note_ready(dossier: DossierFacts) -> Any:
    """The query that notes when the result was ready."""
    return SampleNote.update({SampleNote.ready_at: dossier.at}).where(
        SampleNote.dossier == dossier.id
    )


def all_notes() -> Any:
    """The query for every note; row-level security leaves the tenant's own."""
    return SampleNote.select(SampleNote.code, SampleNote.received_at, SampleNote.ready_at).order_by(
        SampleNote.received_at, SampleNote.code
    )
