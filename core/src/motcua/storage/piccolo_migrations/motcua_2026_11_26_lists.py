"""Notes between officers, and results that wait for whoever is to fetch them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, sql_migration

ID = "2026-11-26T15:20:00:000000"
DESCRIPTION = "Notes of officers, results on the shelf"

_NOTE = """
CREATE TABLE dossier_note (
    tenant_id int NOT NULL,
    id uuid NOT NULL,
    dossier_id uuid NOT NULL,
    staff_id bigint NOT NULL,
    body text NOT NULL CHECK (body <> ''),
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, dossier_id) REFERENCES dossier (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX dossier_note_dossier ON dossier_note (tenant_id, dossier_id, at);
"""

_SHELF = """
CREATE TABLE result_shelf (
    tenant_id int NOT NULL,
    dossier_id uuid NOT NULL,
    shelf text NOT NULL,
    reminders int NOT NULL CHECK (reminders >= 0),
    reminded_at timestamptz,
    PRIMARY KEY (tenant_id, dossier_id),
    FOREIGN KEY (tenant_id, dossier_id) REFERENCES dossier (tenant_id, id)
);
"""


async def forwards() -> MigrationManager:
    """Create the tables and put their walls around them."""
    return sql_migration(
        ID,
        "motcua",
        DESCRIPTION,
        _NOTE,
        protect("dossier_note", append_only=True),
        _SHELF,
        protect("result_shelf"),
    )
