"""What a citizen leaves at the portal."""

from piccolo.columns import JSONB, UUID, Array, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.storage.engine import ENGINE


class DraftOfDossier(Table, tablename="draft", db=ENGINE):
    """An application a citizen is still writing; after sending it only names the dossier."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    code = Text(default=None)
    holder = Bytea(default=None)
    procedure_code = Text(default=None)
    typed = JSONB(default=None)
    seen = Array(base_column=Text(), default=None)
    dossier_id = UUID(null=True, default=None)
    amends = UUID(null=True, default=None)
    created_at = Timestamptz(default=None)
    saved_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)


class DraftFile(Table, tablename="draft_file", db=ENGINE):
    """A file sent to an application that is still being written."""

    tenant_id = Integer(default=None)
    draft_id = UUID(default=None)
    file_id = UUID(primary_key=True, default=None)
    field = Text(default=None)


class RateLimit(Table, tablename="rate_limit", db=ENGINE):
    """How often somebody tried something, counted for all processes."""

    tenant_id = Integer(default=None)
    kind = Text(default=None)
    subject = Bytea(primary_key=True, default=None)
    n = Integer(default=None)
    until = Timestamptz(default=None)


class Message(Table, tablename="message", db=ENGINE):
    """A message to a citizen, until it is delivered and no longer needed."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    kind = Text(default=None)
    channel = Text(default=None)
    recipient = Text(default=None)
    subject = Text(default=None)
    body = Text(default=None)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    sent_at = Timestamptz(null=True, default=None)
    attempts = Integer(default=None)
    next_at = Timestamptz(null=True, default=None)
    problem = Text(default=None)


class OneTimeCode(Table, tablename="one_time_code", db=ENGINE):
    """A code that proves a telephone once; only its hash is kept."""

    tenant_id = Integer(default=None)
    purpose = Text(default=None)
    subject = UUID(primary_key=True, default=None)
    code_hash = Bytea(default=None)
    tries = Integer(default=None)
    expires_at = Timestamptz(default=None)


class Rating(Table, tablename="rating", db=ENGINE):
    """What somebody said of one dossier's handling; the mark tells nobody which."""

    tenant_id = Integer(default=None)
    mark = Bytea(primary_key=True, default=None)
    procedure_code = Text(default=None)
    day = Date(default=None)
    answers = JSONB(default=None)
    note = Text(default=None)


class Booking(Table, tablename="booking", db=ENGINE):
    """A visit to the counter that somebody booked; each place of a slot has a number."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    code = Text(default=None)
    slot_at = Timestamptz(default=None)
    place = Integer(default=None)
    name = Text(default=None)
    phone = Text(default=None)
    procedure_code = Text(default=None)
    made_at = Timestamptz(default=None)
