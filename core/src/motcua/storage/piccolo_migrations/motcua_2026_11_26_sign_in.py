"""Sign-in: idle sessions, second factor, recovery codes, guesses by address, what happened."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import protect, sql_migration

ID = "2026-11-26T10:40:00:000000"
DESCRIPTION = "Second factor, session list, lock-out by address, log of sign-ins"

# Sessions and attempts live for hours: whoever is signed in signs in once more.
_CHANGE = """
ALTER TABLE staff ADD COLUMN password_given_at timestamptz;

DELETE FROM staff_session;
ALTER TABLE staff_session
    ADD COLUMN id uuid NOT NULL,
    ADD COLUMN seen_at timestamptz NOT NULL,
    ADD COLUMN address text NOT NULL,
    ADD COLUMN agent text NOT NULL,
    ADD UNIQUE (tenant_id, id);
CREATE INDEX staff_session_staff ON staff_session (tenant_id, staff_id);

DELETE FROM login_attempt;
ALTER TABLE login_attempt DROP CONSTRAINT login_attempt_pkey;
ALTER TABLE login_attempt RENAME COLUMN username TO subject;
ALTER TABLE login_attempt
    ADD COLUMN kind text NOT NULL CHECK (kind IN ('user', 'address')),
    ADD COLUMN since timestamptz NOT NULL,
    ADD PRIMARY KEY (tenant_id, kind, subject);

CREATE TABLE staff_second_factor (
    tenant_id int NOT NULL,
    staff_id bigint NOT NULL,
    secret bytea NOT NULL,
    last_step bigint NOT NULL,
    enrolled_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, staff_id),
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);

CREATE TABLE staff_recovery_code (
    tenant_id int NOT NULL,
    code_hash bytea NOT NULL,
    staff_id bigint NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (tenant_id, code_hash),
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX staff_recovery_code_staff ON staff_recovery_code (tenant_id, staff_id);

CREATE TABLE sign_in_event (
    tenant_id int NOT NULL REFERENCES tenant (id),
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    staff_id bigint,
    by_id bigint,
    address text NOT NULL,
    agent text NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
    FOREIGN KEY (tenant_id, by_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX sign_in_event_at ON sign_in_event (tenant_id, at DESC);
CREATE INDEX sign_in_event_staff ON sign_in_event (tenant_id, staff_id, at DESC);
"""


async def forwards() -> MigrationManager:
    """Change the tables of sign-in and add the new ones."""
    return sql_migration(
        ID,
        "motcua",
        DESCRIPTION,
        _CHANGE,
        protect("staff_second_factor"),
        protect("staff_recovery_code"),
        protect("sign_in_event", append_only=True),
    )
