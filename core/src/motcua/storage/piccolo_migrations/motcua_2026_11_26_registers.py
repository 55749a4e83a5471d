"""Books: their volumes, blocks of numbers, and what a line says beside its number."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, sql_migration

ID = "2026-11-26T11:30:00:000000"
DESCRIPTION = "Books with volumes, blocks and closing"

TABLES = """
CREATE TABLE register (
    tenant_id int NOT NULL REFERENCES tenant (id),
    book text NOT NULL,
    year int NOT NULL,
    title text NOT NULL,
    first int NOT NULL,
    last int NOT NULL,
    volumes jsonb NOT NULL,
    basis text NOT NULL,
    closed_at timestamptz,
    closed_by text NOT NULL,
    totals jsonb,
    PRIMARY KEY (tenant_id, book, year)
);
CREATE TABLE register_block (
    tenant_id int NOT NULL,
    id uuid NOT NULL,
    book text NOT NULL,
    year int NOT NULL,
    first int NOT NULL,
    last int NOT NULL,
    reason text NOT NULL,
    reserved_at timestamptz NOT NULL,
    reserved_by text NOT NULL,
    closed_at timestamptz,
    closed_by text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, book, year) REFERENCES register (tenant_id, book, year)
);
"""

KEEP_WHAT_THERE_IS = """
INSERT INTO register
SELECT tenant_id, substr(kind, 10), period::int, '', 1, n,
       '[{"volume": 1, "first": 1}]', '', null, '', null
  FROM counter WHERE kind LIKE 'register:%';
DELETE FROM counter WHERE kind LIKE 'register:%';

ALTER TABLE register_entry
    ALTER COLUMN dossier_id DROP NOT NULL,
    ADD COLUMN line int,
    ADD COLUMN volume int,
    ADD COLUMN quantity int,
    ADD COLUMN block_id uuid,
    ADD COLUMN taken_at timestamptz;
UPDATE register_entry e SET volume = 1, taken_at = at, line = n.line
  FROM (SELECT tenant_id, register, year, number, row_number() OVER
          (PARTITION BY tenant_id, dossier_id ORDER BY register, year, number) AS line
          FROM register_entry) n
 WHERE (e.tenant_id, e.register, e.year, e.number)
     = (n.tenant_id, n.register, n.year, n.number);
ALTER TABLE register_entry
    ALTER COLUMN volume SET NOT NULL,
    ALTER COLUMN taken_at SET NOT NULL,
    ADD FOREIGN KEY (tenant_id, register, year) REFERENCES register (tenant_id, book, year),
    ADD FOREIGN KEY (tenant_id, block_id) REFERENCES register_block (tenant_id, id);
"""


async def forwards() -> MigrationManager:
    """Give each series its book; until now every book began at 1 and had one volume."""
    return sql_migration(
        ID,
        "motcua",
        DESCRIPTION,
        TABLES,
        protect("register"),
        protect("register_block"),
        KEEP_WHAT_THERE_IS,
    )
