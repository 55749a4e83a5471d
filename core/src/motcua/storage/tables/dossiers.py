"""Dossiers, the visits that brought them, and what is told of them."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.storage.engine import ENGINE


class IdempotencyKey(Table, tablename="idempotency_key", db=ENGINE):
    """The answer to a write, kept so that a repeat does nothing."""

    tenant_id = Integer(default=None)
    actor = Text(default=None)
    key = Text(primary_key=True, default=None)
    request = Bytea(default=None)
    status = Integer(default=None)
    answer = JSONB(default=None)
    created_at = Timestamptz(default=None)


class Visit(Table, tablename="visit", db=ENGINE):
    """One sitting at the counter: several papers, one receipt."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    receipt = Text(default=None)
    channel = Text(default=None)
    payer = Text(default=None)
    fee_total = BigInt(default=None)
    at = Timestamptz(default=None)
    staff_id = BigInt(null=True, default=None)


class Dossier(Table, tablename="dossier", db=ENGINE):
    """A dossier as it stands now."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    code = Text(null=True, default=None)
    temporary_code = Text(null=True, default=None)
    external_id = Text(null=True, default=None)
    secret_hash = Bytea(null=True, default=None)
    procedure_code = Text(default=None)
    version_id = Text(default=None)
    field = Text(default=None)
    plugin = Text(default=None)
    plugin_version = Text(default=None)
    channel = Text(default=None)
    state = Text(default=None)
    version = Integer(default=None)
    last_at = Timestamptz(default=None)
    head = Bytea(default=None)
    applicant = JSONB(default=None)
    applicant_key = Text(default=None)
    answers = JSONB(default=None)
    chosen = JSONB(default=None)
    clock = JSONB(default=None)
    submitted_at = Timestamptz(null=True, default=None)
    received_at = Timestamptz(null=True, default=None)
    promise_at = Timestamptz(null=True, default=None)
    legal_due_at = Timestamptz(null=True, default=None)
    due_at = Timestamptz(null=True, default=None)
    due_ground = Text(default=None)
    due_provisional = Boolean(default=None)
    no_limit = Boolean(default=None)
    late = Boolean(default=None)
    finished_at = Timestamptz(null=True, default=None)
    returned_at = Timestamptz(null=True, default=None)
    outcome = Text(null=True, default=None)
    mistake = Boolean(default=None)
    supplements = Integer(default=None)
    holder_id = BigInt(null=True, default=None)
    appraised_by = BigInt(null=True, default=None)
    receiving_id = Integer(default=None)
    competent_id = Integer(default=None)
    returning_id = Integer(default=None)
    visit_id = UUID(null=True, default=None)
    parent_id = UUID(null=True, default=None)


class DossierEvent(Table, tablename="dossier_event", db=ENGINE):
    """One act on a dossier; append only, hash-chained."""

    tenant_id = Integer(default=None)
    dossier_id = UUID(default=None)
    seq = Integer(primary_key=True, default=None)
    transition = Text(default=None)
    at = Timestamptz(default=None)
    actor_id = BigInt(null=True, default=None)
    actor = Text(default=None)
    role = Text(default=None)
    from_state = Text(null=True, default=None)
    to_state = Text(default=None)
    reason = Text(default=None)
    data = JSONB(null=True, default=None)
    salt = Bytea(null=True, default=None)
    digest = Bytea(default=None)
    previous = Bytea(default=None)
    hash = Bytea(default=None)


class StoredFile(Table, tablename="stored_file", db=ENGINE):
    """A file, found by its content."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    sha256 = Bytea(default=None)
    name = Text(default=None)
    media_type = Text(default=None)
    size = BigInt(default=None)
    created_at = Timestamptz(default=None)


class DossierDocument(Table, tablename="dossier_document", db=ENGINE):
    """A component document handed in with a dossier."""

    tenant_id = Integer(default=None)
    dossier_id = UUID(default=None)
    n = Integer(primary_key=True, default=None)
    document = Text(default=None)
    name = Text(default=None)
    originals = Integer(default=None)
    copies = Integer(default=None)
    file_id = UUID(null=True, default=None)


class FeeLine(Table, tablename="fee_line", db=ENGINE):
    """One line of what a dossier costs."""

    tenant_id = Integer(default=None)
    dossier_id = UUID(default=None)
    n = Integer(primary_key=True, default=None)
    fee = Text(default=None)
    label = Text(default=None)
    kind = Text(default=None)
    quantity = Integer(default=None)
    amount = BigInt(null=True, default=None)
    exemption = Text(default=None)
    basis = Text(default=None)
    proof = Text(default=None)


class DossierLink(Table, tablename="dossier_link", db=ENGINE):
    """Two dossiers that belong together."""

    tenant_id = Integer(default=None)
    dossier_id = UUID(default=None)
    other_id = UUID(primary_key=True, default=None)
    kind = Text(default=None)


class DossierMirror(Table, tablename="dossier_mirror", db=ENGINE):
    """What is followed in another system, and when it was last heard from."""

    tenant_id = Integer(default=None)
    dossier_id = UUID(primary_key=True, default=None)
    system = Text(default=None)
    external_code = Text(default=None)
    synced_at = Timestamptz(default=None)


class Anchor(Table, tablename="anchor", db=ENGINE):
    """A day's digest of all event chains of a tenant."""

    tenant_id = Integer(default=None)
    day = Date(primary_key=True, default=None)
    dossiers = Integer(default=None)
    events = BigInt(default=None)
    heads = Bytea(default=None)
    digest = Bytea(default=None)
    made_at = Timestamptz(default=None)


class ReadLog(Table, tablename="read_log", db=ENGINE):
    """Who read personal data in full."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    dossier_id = UUID(default=None)
    staff_id = BigInt(default=None)
    what = Text(default=None)
    at = Timestamptz(default=None)


class DailyFigure(Table, tablename="daily_figure", db=ENGINE):
    """Counts of one tenant, day, procedure and channel. Derived, rebuildable."""

    tenant_id = Integer(default=None)
    province_id = Integer(default=None)
    day = Date(default=None)
    procedure_code = Text(default=None)
    channel = Text(primary_key=True, default=None)
    field = Text(default=None)
    received = Integer(default=None)
    early = Integer(default=None)
    on_time = Integer(default=None)
    late = Integer(default=None)
    no_limit = Integer(default=None)
