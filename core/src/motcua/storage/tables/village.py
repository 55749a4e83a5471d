"""Days of work away from the office, on paper."""

from piccolo.columns import UUID, Array, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.storage.engine import ENGINE


class VillageDay(Table, tablename="village_day", db=ENGINE):
    """A day in a village: where, who was at the table, who signed."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    day = Date(default=None)
    place = Text(default=None)
    officer = Text(default=None)
    signers = Array(base_column=Text(), default=None)
    made_at = Timestamptz(default=None)
    made_by = Text(default=None)
    closed_at = Timestamptz(null=True, default=None)
    closed_by = Text(default=None)


class VillageSheet(Table, tablename="village_sheet", db=ENGINE):
    """A kind of paper taken along to a village day, with its block of numbers."""

    tenant_id = Integer(default=None)
    day_id = UUID(default=None)
    place = Integer(primary_key=True, default=None)
    procedure_code = Text(default=None)
    block_id = UUID(default=None)
