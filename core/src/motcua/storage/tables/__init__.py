"""The core's tables as Piccolo sees them.

Piccolo knows one primary key column; the database has ``tenant_id`` before it.
Keys, foreign keys and policies are in the migrations. No column has a default:
what is stored was decided by a service.
"""

from piccolo.table import Table

from motcua.storage.tables.books import Register, RegisterBlock, RegisterEntry, Slip
from motcua.storage.tables.day import DayClosing
from motcua.storage.tables.dossiers import (
    Anchor,
    DailyFigure,
    Dossier,
    DossierDocument,
    DossierEvent,
    DossierLink,
    DossierMirror,
    FeeLine,
    IdempotencyKey,
    ReadLog,
    StoredFile,
    Visit,
)
from motcua.storage.tables.lists import DossierNote, ResultShelf
from motcua.storage.tables.money import Payment, PaymentPart
from motcua.storage.tables.people import (
    LoginAttempt,
    SignInEvent,
    Staff,
    StaffRecoveryCode,
    StaffSecondFactor,
    StaffSession,
)
from motcua.storage.tables.portal import (
    Booking,
    DraftFile,
    DraftOfDossier,
    Message,
    OneTimeCode,
    RateLimit,
    Rating,
)
from motcua.storage.tables.queue import QueueTicket
from motcua.storage.tables.reference import CalendarDay, ProcedureVersion, Tenant
from motcua.storage.tables.rights import ApiKey, StandIn
from motcua.storage.tables.supervision import RatingFigure, UnitStanding
from motcua.storage.tables.unit import (
    Closure,
    ConfigChange,
    Counter,
    PluginFault,
    ProcedureOverride,
    Signer,
    TenantPlugin,
)
from motcua.storage.tables.village import VillageDay, VillageSheet

__all__ = [
    "CORE_TABLES",
    "Anchor",
    "ApiKey",
    "Booking",
    "CalendarDay",
    "Closure",
    "ConfigChange",
    "Counter",
    "DailyFigure",
    "DayClosing",
    "Dossier",
    "DossierDocument",
    "DossierEvent",
    "DossierLink",
    "DossierMirror",
    "DossierNote",
    "DraftFile",
    "DraftOfDossier",
    "FeeLine",
    "IdempotencyKey",
    "LoginAttempt",
    "Message",
    "OneTimeCode",
    "Payment",
    "PaymentPart",
    "PluginFault",
    "ProcedureOverride",
    "ProcedureVersion",
    "QueueTicket",
    "RateLimit",
    "Rating",
    "RatingFigure",
    "ReadLog",
    "Register",
    "RegisterBlock",
    "RegisterEntry",
    "ResultShelf",
    "SignInEvent",
    "Signer",
    "Slip",
    "Staff",
    "StaffRecoveryCode",
    "StaffSecondFactor",
    "StaffSession",
    "StandIn",
    "StoredFile",
    "Tenant",
    "TenantPlugin",
    "UnitStanding",
    "VillageDay",
    "VillageSheet",
    "Visit",
]

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
    ConfigChange,
    ApiKey,
    StandIn,
    IdempotencyKey,
    Visit,
    Dossier,
    DossierEvent,
    StoredFile,
    DossierDocument,
    FeeLine,
    DossierLink,
    DossierMirror,
    Anchor,
    ReadLog,
    DailyFigure,
    RegisterEntry,
    Register,
    RegisterBlock,
    DraftOfDossier,
    DraftFile,
    RateLimit,
    Message,
    Booking,
    OneTimeCode,
    Rating,
    Payment,
    PaymentPart,
    Slip,
    QueueTicket,
    DayClosing,
    RatingFigure,
    UnitStanding,
    DossierNote,
    ResultShelf,
    VillageDay,
    VillageSheet,
)
"""Every table of the core."""
