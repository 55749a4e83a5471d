"""Messages to citizens, codes that are used once, and what citizens say of the work."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, sql_migration

ID = "2026-11-26T10:00:00:000000"
DESCRIPTION = "Messages, one-time codes, ratings"

_MESSAGE = """
CREATE TABLE message (
    tenant_id int NOT NULL REFERENCES tenant (id),
    id uuid NOT NULL,
    kind text NOT NULL,
    recipient text NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    sent_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX message_expires ON message (tenant_id, expires_at);
"""

_ONE_TIME_CODE = """
CREATE TABLE one_time_code (
    tenant_id int NOT NULL REFERENCES tenant (id),
    purpose text NOT NULL,
    subject uuid NOT NULL,
    code_hash bytea NOT NULL,
    tries int NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, purpose, subject)
);
"""

_RATING = """
CREATE TABLE rating (
    tenant_id int NOT NULL REFERENCES tenant (id),
    mark bytea NOT NULL,
    procedure_code text NOT NULL,
    day date NOT NULL,
    answers jsonb NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (tenant_id, mark)
);
CREATE INDEX rating_day ON rating (tenant_id, day);
"""


async def forwards() -> MigrationManager:
    """Create the tables and put their walls around them."""
    return sql_migration(
        ID,
        "motcua",
        DESCRIPTION,
        _MESSAGE,
        protect("message"),
        _ONE_TIME_CODE,
        protect("one_time_code"),
        _RATING,
        protect("rating"),
    )
