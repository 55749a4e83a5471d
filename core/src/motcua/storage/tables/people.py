"""The staff of a unit and how they sign in."""

from piccolo.columns import UUID, Array, BigInt, Boolean, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.storage.engine import ENGINE


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
