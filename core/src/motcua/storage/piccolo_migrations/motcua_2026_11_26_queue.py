"""Tickets of the queue."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, sql_migration, tenant_foreign_key_sql

ID = "2026-11-26T15:00:01:000000"
DESCRIPTION = "Tickets of the queue"

_TICKET = """
CREATE TABLE queue_ticket (
    tenant_id int NOT NULL REFERENCES tenant (id),
    id uuid NOT NULL,
    day date NOT NULL,
    letter text NOT NULL,
    number int NOT NULL,
    line text NOT NULL,
    priority boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'called', 'done', 'absent')),
    taken_at timestamptz NOT NULL,
    place text,
    called_by bigint,
    called_at timestamptz,
    calls int NOT NULL,
    ended_at timestamptz,
    visit_id uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, day, letter, number)
);
CREATE UNIQUE INDEX queue_ticket_place ON queue_ticket (tenant_id, day, place)
    WHERE state = 'called';
CREATE INDEX queue_ticket_waiting ON queue_ticket (tenant_id, day, line, taken_at)
    WHERE state = 'waiting';
"""


async def forwards() -> MigrationManager:
    """Create the table and put its walls around it."""
    return sql_migration(
        ID,
        "motcua",
        DESCRIPTION,
        _TICKET,
        tenant_foreign_key_sql("queue_ticket", "visit_id", "visit"),
        protect("queue_ticket"),
    )
