"""What can go wrong between the core and its database, said to those who can mend it."""

from motcua.domain.errors import MotCuaError


class StorageError(MotCuaError):
    """The database cannot be used as asked."""

    code = "storage.error"
    status = 503


class DataVersionError(StorageError):
    """The data folder was made by another major version of PostgreSQL."""

    code = "storage.data-version"


class ServerStartError(StorageError):
    """The embedded server did not start; its log says why."""

    code = "storage.server-start"


class NoProgramsError(StorageError):
    """No PostgreSQL programs were found where they were looked for."""

    code = "storage.no-programs"


class HomeError(StorageError):
    """The home folder cannot be made or used by this account."""

    code = "storage.home"


class NoTenantError(StorageError):
    """A query was about to run although nobody said for which tenant."""

    code = "storage.no-tenant"
    status = 500


class TenantSwitchError(StorageError):
    """A transaction of one tenant was about to work for another."""

    code = "storage.tenant-switch"
    status = 500


class NotStartedError(StorageError):
    """The engine was asked for rows before it was connected."""

    code = "storage.not-started"
    status = 500


class UnavailableError(StorageError):
    """The database does not answer just now."""

    code = "storage.unavailable"


class OutcomeUnknownError(StorageError):
    """The connection was lost during the commit: it may or may not have been written."""

    code = "storage.outcome-unknown"


class RolledBackError(StorageError):
    """A statement had failed unnoticed, so that the commit wrote nothing."""

    code = "storage.rolled-back"
    status = 500


class BatchRefusedError(StorageError):
    """A batch reads outside the transaction, and so without a tenant."""

    code = "storage.batch-refused"
    status = 500


class UnsafeRoleError(StorageError):
    """The application's role could see past the wall between tenants."""

    code = "storage.unsafe-role"


class NoOwnerError(StorageError):
    """A command needs the owner's role and nobody gave its address."""

    code = "storage.no-owner"


class NotMigratedError(StorageError):
    """The database lacks tables of this version."""

    code = "storage.not-migrated"


class MigrationError(StorageError):
    """A migration failed; it was rolled back whole."""

    code = "storage.migration-failed"


class DatabaseUrlError(StorageError):
    """The address of a database cannot be read."""

    code = "storage.database-url"
