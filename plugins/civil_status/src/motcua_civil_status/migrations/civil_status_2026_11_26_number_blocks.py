"""Blocks of official numbers a commune was given, and each number in them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.plugin.tables import TenantForeignKey, create_tenant_table, sql_migration

ID = "2026-11-26T11:00:00:000000"
DESCRIPTION = "Blocks of reserved official numbers"


class NumberBlock(Table, tablename="civil_status_number_block"):
    """``civil_status_number_block`` as this migration made it."""

    tenant_id = Integer()
    id = UUID(primary_key=True)
    book = Text()
    year = Integer()
    first = Integer()
    last = Integer()
    ground = Text()
    taken_at = Timestamptz()
    taken_by = Text()
    closed_at = Timestamptz(null=True)
    closed_by = Text()
    close_reason = Text()


class ReservedNumber(Table, tablename="civil_status_reserved_number"):
    """``civil_status_reserved_number`` as this migration made it."""

    tenant_id = Integer()
    id = UUID(primary_key=True)
    block_id = TenantForeignKey(references=NumberBlock, null=False)
    book = Text()
    year = Integer()
    number = Integer()
    state = Text()
    record_kind = Text(null=True)
    record_id = UUID(null=True)
    reason = Text()
    by = Text()
    at = Timestamptz()


RULES = """
ALTER TABLE civil_status_reserved_number ADD CONSTRAINT civil_status_reserved_number_state
  CHECK (state IN ('free', 'taken', 'void', 'unused'));
CREATE UNIQUE INDEX civil_status_reserved_number_once
  ON civil_status_reserved_number (tenant_id, book, year, number) WHERE state <> 'unused';
CREATE INDEX civil_status_reserved_number_block
  ON civil_status_reserved_number (tenant_id, block_id);
"""


async def forwards() -> MigrationManager:
    """Create both tables; a number given back unused may be reserved again, no other one."""
    return sql_migration(
        ID,
        "civil_status",
        DESCRIPTION,
        create_tenant_table(NumberBlock),
        create_tenant_table(ReservedNumber),
        RULES,
        backwards=[
            "DROP TABLE civil_status_reserved_number;",
            "DROP TABLE civil_status_number_block;",
        ],
    )
