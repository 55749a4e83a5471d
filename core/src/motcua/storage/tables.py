"""The core's tables as Piccolo sees them.

Piccolo knows one primary key column; the database has ``tenant_id`` before it.
Keys, foreign keys and policies are in the migrations. No column has a default:
what is stored was decided by a service.
"""

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    Boolean,
    Bytea,
    Date,
    Integer,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from motcua.storage.engine import ENGINE


class Tenant(Table, tablename="tenant", db=ENGINE):
    """A unit that runs a one-stop shop, or a province above it. Reference: read by all."""

    id = Integer(primary_key=True, default=None)
    slug = Text(default=None)
    name = Text(default=None)
    kind = Text(default=None)
    type_vi = Text(default=None)
    parent_id = Integer(null=True, default=None)
    codes = JSONB(default=None)
    predecessors = JSONB(default=None)
    successors = JSONB(default=None)
    hosts = Array(base_column=Text(), default=None)
    settings = JSONB(default=None)
    opened_on = Date(null=True, default=None)
    closed_on = Date(null=True, default=None)
    archived = Boolean(default=None)
    config_version = Integer(default=None)


class ProcedureVersion(Table, tablename="procedure_version", db=ENGINE):
    """A published version of a procedure, named by its content. Reference."""

    id = Text(primary_key=True, default=None)
    code = Text(default=None)
    field = Text(default=None)
    owner = Text(default=None)
    definition = JSONB(default=None)
    valid_from = Date(null=True, default=None)
    valid_to = Date(null=True, default=None)
    assumed = Text(default=None)
    published_at = Timestamptz(default=None)


class CalendarDay(Table, tablename="calendar_day", db=ENGINE):
    """A national holiday, substitute or swapped day. Reference."""

    date = Date(primary_key=True, default=None)
    kind = Text(default=None)
    name = Text(default=None)
    basis = Text(default=None)
    decided_on = Date(null=True, default=None)
    provisional = Boolean(default=None)
    replaces = Date(null=True, default=None)
    pair = Date(null=True, default=None)
    withdrawn_on = Date(null=True, default=None)


class Staff(Table, tablename="staff", db=ENGINE):
    """A member of staff of one tenant."""

    tenant_id = Integer(default=None)
    id = BigInt(primary_key=True, default=None)
    username = Text(default=None)
    full_name = Text(default=None)
    password_hash = Text(default=None)
    roles = Array(base_column=Text(), default=None)
    active = Boolean(default=None)
    created_at = Timestamptz(default=None)
    password_given_at = Timestamptz(null=True, default=None)
    """When somebody else set the password; it is changed at the next sign-in."""


class StaffSession(Table, tablename="staff_session", db=ENGINE):
    """A signed-in session; only the hash of its token is kept."""

    tenant_id = Integer(default=None)
    token_hash = Bytea(primary_key=True, default=None)
    staff_id = BigInt(default=None)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    id = UUID(default=None)
    seen_at = Timestamptz(default=None)
    address = Text(default=None)
    agent = Text(default=None)


class StaffSecondFactor(Table, tablename="staff_second_factor", db=ENGINE):
    """The secret that an authenticator app shares with us, sealed with the installation's key."""

    tenant_id = Integer(default=None)
    staff_id = BigInt(primary_key=True, default=None)
    secret = Bytea(default=None)
    last_step = BigInt(default=None)
    enrolled_at = Timestamptz(default=None)


class StaffRecoveryCode(Table, tablename="staff_recovery_code", db=ENGINE):
    """A code that stands in for a lost telephone, once; only its keyed hash is kept."""

    tenant_id = Integer(default=None)
    code_hash = Bytea(primary_key=True, default=None)
    staff_id = BigInt(default=None)
    used_at = Timestamptz(null=True, default=None)


class LoginAttempt(Table, tablename="login_attempt", db=ENGINE):
    """Failed sign-ins of one user name, or of one address; shared by all processes."""

    tenant_id = Integer(default=None)
    subject = Text(primary_key=True, default=None)
    failures = Integer(default=None)
    locked_until = Timestamptz(null=True, default=None)
    kind = Text(default=None)
    since = Timestamptz(default=None)


class SignInEvent(Table, tablename="sign_in_event", db=ENGINE):
    """What happened to an account: signed in, refused, locked, reset. Append only, no secrets."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    at = Timestamptz(default=None)
    kind = Text(default=None)
    staff_id = BigInt(null=True, default=None)
    by_id = BigInt(null=True, default=None)
    address = Text(default=None)
    agent = Text(default=None)
    detail = Text(default=None)


class TenantPlugin(Table, tablename="tenant_plugin", db=ENGINE):
    """What a tenant offers of a plugin, and its settings."""

    tenant_id = Integer(default=None)
    plugin = Text(primary_key=True, default=None)
    state = Text(default=None)
    settings = JSONB(default=None)
    failures = Integer(default=None)
    note = Text(default=None)


class PluginFault(Table, tablename="plugin_fault", db=ENGINE):
    """A failure of a plugin, for the administrator."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    plugin = Text(default=None)
    hook = Text(default=None)
    detail = Text(default=None)
    at = Timestamptz(default=None)


class ProcedureOverride(Table, tablename="procedure_override", db=ENGINE):
    """What a tenant changes of a procedure: not offered, or a limit of its own."""

    tenant_id = Integer(default=None)
    code = Text(primary_key=True, default=None)
    offered = Boolean(default=None)
    time_limit = JSONB(null=True, default=None)
    basis = Text(default=None)


class Closure(Table, tablename="closure", db=ENGINE):
    """A day on which one tenant is closed."""

    tenant_id = Integer(default=None)
    date = Date(primary_key=True, default=None)
    sessions = JSONB(null=True, default=None)
    reason = Text(default=None)
    basis = Text(default=None)
    decided_on = Date(default=None)


class Signer(Table, tablename="signer", db=ENGINE):
    """A person who may sign, by which act, for what, from when to when."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    staff_id = BigInt(null=True, default=None)
    full_name = Text(default=None)
    title = Text(default=None)
    act = Text(default=None)
    scope = Array(base_column=Text(), default=None)
    authorised_certifier = Boolean(default=None)
    valid_from = Timestamptz(default=None)
    valid_to = Timestamptz(null=True, default=None)
    capacity = Text(default=None)


class Counter(Table, tablename="counter", db=ENGINE):
    """The last number given of a series."""

    tenant_id = Integer(default=None)
    kind = Text(default=None)
    period = Text(primary_key=True, default=None)
    n = Integer(default=None)


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


class RegisterEntry(Table, tablename="register_entry", db=ENGINE):
    """One line of a book; a number is never reused."""

    tenant_id = Integer(default=None)
    register = Text(default=None)
    year = Integer(default=None)
    number = Integer(primary_key=True, default=None)
    dossier_id = UUID(null=True, default=None)
    status = Text(default=None)
    summary = Text(default=None)
    reason = Text(default=None)
    at = Timestamptz(default=None)
    line = Integer(null=True, default=None)
    volume = Integer(default=None)
    quantity = Integer(null=True, default=None)
    block_id = UUID(null=True, default=None)
    taken_at = Timestamptz(default=None)


class Register(Table, tablename="register", db=ENGINE):
    """A book of one year: where its series begins and stands, its volumes, its closing."""

    tenant_id = Integer(default=None)
    book = Text(default=None)
    year = Integer(primary_key=True, default=None)
    title = Text(default=None)
    first = Integer(default=None)
    last = Integer(default=None)
    volumes = JSONB(default=None)
    basis = Text(default=None)
    closed_at = Timestamptz(null=True, default=None)
    closed_by = Text(default=None)
    totals = JSONB(null=True, default=None)


class RegisterBlock(Table, tablename="register_block", db=ENGINE):
    """Numbers of a book reserved ahead, for a day on paper."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    book = Text(default=None)
    year = Integer(default=None)
    first = Integer(default=None)
    last = Integer(default=None)
    reason = Text(default=None)
    reserved_at = Timestamptz(default=None)
    reserved_by = Text(default=None)
    closed_at = Timestamptz(null=True, default=None)
    closed_by = Text(default=None)


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


class ConfigChange(Table, tablename="config_change", db=ENGINE):
    """One change of the configuration: who, when, what it was and what it became."""

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    at = Timestamptz(default=None)
    staff_id = BigInt(null=True, default=None)
    who = Text(default=None)
    place = Text(default=None)
    subject = Text(default=None)
    before = JSONB(null=True, default=None)
    after = JSONB(null=True, default=None)


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
    recipient = Text(default=None)
    body = Text(default=None)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    sent_at = Timestamptz(null=True, default=None)


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


CORE_TABLES: tuple[type[Table], ...] = (
    Tenant,
    ProcedureVersion,
    CalendarDay,
    Staff,
    StaffSession,
    StaffSecondFactor,
    StaffRecoveryCode,
    LoginAttempt,
    SignInEvent,
    TenantPlugin,
    PluginFault,
    ProcedureOverride,
    Closure,
    Signer,
    Counter,
    IdempotencyKey,
    Visit,
    Dossier,
    DossierEvent,
    StoredFile,
    DossierDocument,
    FeeLine,
    DossierLink,
    DossierMirror,
    RegisterEntry,
    Anchor,
    ReadLog,
    DailyFigure,
    Register,
    RegisterBlock,
    DraftOfDossier,
    DraftFile,
    RateLimit,
    Message,
    OneTimeCode,
    Rating,
    ConfigChange,
)
"""Every table of the core."""
