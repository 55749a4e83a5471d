"""The end of a working day at the counter."""

from piccolo.columns import JSONB, UUID, BigInt, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.storage.engine import ENGINE


class DayClosing(Table, tablename="day_closing", db=ENGINE):
    """One closing: what it found, what was counted, by whom; never changed."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    day = Date(default=None)
    closed_at = Timestamptz(default=None)
    closed_by = BigInt(null=True, default=None)
    closed_name = Text(default=None)
    expected = BigInt(default=None)
    counted = BigInt(default=None)
    reason = Text(default=None)
    marks = JSONB(default=None)
    summary = JSONB(default=None)
