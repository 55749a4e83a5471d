"""Applications that citizens are still writing, and how often anybody may try something."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, sql_migration

ID = "2026-11-26T09:00:00:000000"
DESCRIPTION = "Drafts of the portal, shared limits of attempts"

_DRAFT = """
CREATE TABLE draft (
    tenant_id int NOT NULL REFERENCES tenant (id),
    id uuid NOT NULL,
    code text NOT NULL,
    holder bytea NOT NULL,
    procedure_code text NOT NULL,
    typed jsonb NOT NULL,
    seen text[] NOT NULL,
    dossier_id uuid,
    created_at timestamptz NOT NULL,
    saved_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code),
    FOREIGN KEY (tenant_id, dossier_id) REFERENCES dossier (tenant_id, id)
);
CREATE INDEX draft_expires ON draft (tenant_id, expires_at);
"""

_DRAFT_FILE = """
CREATE TABLE draft_file (
    tenant_id int NOT NULL,
    draft_id uuid NOT NULL,
    file_id uuid NOT NULL,
    field text NOT NULL,
    PRIMARY KEY (tenant_id, file_id),
    FOREIGN KEY (tenant_id, draft_id) REFERENCES draft (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, file_id) REFERENCES stored_file (tenant_id, id)
);
CREATE INDEX draft_file_draft ON draft_file (tenant_id, draft_id);
"""

_RATE_LIMIT = """
CREATE TABLE rate_limit (
    tenant_id int NOT NULL REFERENCES tenant (id),
    kind text NOT NULL,
    subject bytea NOT NULL,
    n int NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, kind, subject)
);
"""


async def forwards() -> MigrationManager:
    """Create the tables and put their walls around them."""
    return sql_migration(
        ID,
        "motcua",
        DESCRIPTION,
        _DRAFT,
        protect("draft"),
        _DRAFT_FILE,
        protect("draft_file"),
        _RATE_LIMIT,
        protect("rate_limit"),
    )
