"""Who waits, and who is called."""

from piccolo.columns import UUID, BigInt, Boolean, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.storage.engine import ENGINE


class QueueTicket(Table, tablename="queue_ticket", db=ENGINE):
    """A number somebody has taken; it names nobody."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    day = Date(default=None)
    letter = Text(default=None)
    number = Integer(default=None)
    line = Text(default=None)
    priority = Boolean(default=None)
    state = Text(default=None)
    taken_at = Timestamptz(default=None)
    place = Text(null=True, default=None)
    called_by = BigInt(null=True, default=None)
    called_at = Timestamptz(null=True, default=None)
    calls = Integer(default=None)
    ended_at = Timestamptz(null=True, default=None)
    visit_id = UUID(null=True, default=None)
