"""Money taken at the counter and given back, and transfers that wait to be seen."""

from piccolo.columns import UUID, BigInt, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.storage.engine import ENGINE


class Payment(Table, tablename="payment", db=ENGINE):
    """Money that was taken, given back, or taken back as entered by mistake; append only."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    kind = Text(default=None)
    series = Text(default=None)
    year = Integer(default=None)
    number = Integer(default=None)
    visit_id = UUID(null=True, default=None)
    of_id = UUID(null=True, default=None)
    amount = BigInt(default=None)
    way = Text(default=None)
    tendered = BigInt(null=True, default=None)
    change = BigInt(null=True, default=None)
    reason = Text(default=None)
    at = Timestamptz(default=None)
    staff_id = BigInt(null=True, default=None)
    staff = Text(default=None)
    hash = Bytea(default=None)


class PaymentPart(Table, tablename="payment_part", db=ENGINE):
    """How much of a payment is for which dossier."""

    tenant_id = Integer(default=None)
    payment_id = UUID(default=None)
    dossier_id = UUID(primary_key=True, default=None)
    amount = BigInt(default=None)


class Transfer(Table, tablename="transfer", db=ENGINE):
    """A transfer that an applicant told of, or an officer saw come, for one dossier."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    dossier_id = UUID(default=None)
    state = Text(default=None)
    asked = BigInt(default=None)
    came = BigInt(null=True, default=None)
    told_at = Timestamptz(null=True, default=None)
    settled_at = Timestamptz(null=True, default=None)
    staff_id = BigInt(null=True, default=None)
    staff = Text(default=None)
    reference = Text(default=None)
    note = Text(default=None)
    payment_id = UUID(null=True, default=None)
    back = BigInt(default=None)
    back_at = Timestamptz(null=True, default=None)
    back_staff = Text(default=None)
