"""The extension surface of Một Cửa: all that a plugin may import.

``from motcua.plugin import PluginManifest, hookimpl, …``; Piccolo helpers for own
tables are in :mod:`motcua.plugin.tables`.
"""

from motcua.domain.answers import Answers
from motcua.domain.calendar import VN
from motcua.domain.decoding import UnfitError
from motcua.domain.dossier import Role
from motcua.domain.errors import MotCuaError
from motcua.domain.fee import FeeLine, default_fee_lines
from motcua.domain.form import Person, PersonField
from motcua.domain.identity import id_number_doubts, is_id_number
from motcua.domain.life import Actor
from motcua.domain.names import masked, search_key
from motcua.domain.procedure import FeeItem, FeeKind, ProcedureDefinition
from motcua.domain.procedure_limit import ChosenLimit, LimitVariant
from motcua.domain.signing import Capacity
from motcua.plugin.definitions import load_definitions
from motcua.plugin.facts import (
    AskedSession,
    BookLine,
    BookNumber,
    Delivery,
    DossierFacts,
    Issue,
    KnownRecord,
    OutboundMessage,
    PluginTables,
    Problem,
    Reception,
    ResultPaper,
    ResultPapers,
    Session,
    Severity,
    ShownTable,
    SignedBy,
)
from motcua.plugin.guards import READERS, only
from motcua.plugin.hookspecs import hookimpl
from motcua.plugin.manifest import NoSettings, PluginManifest
from motcua.plugin.pages import CounterPage, PageField, PageForm, PageSection, PageShown
from motcua.plugin.texts import text

__all__ = [
    "READERS",
    "VN",
    "Actor",
    "Answers",
    "AskedSession",
    "BookLine",
    "BookNumber",
    "Capacity",
    "ChosenLimit",
    "CounterPage",
    "Delivery",
    "DossierFacts",
    "FeeItem",
    "FeeKind",
    "FeeLine",
    "Issue",
    "KnownRecord",
    "LimitVariant",
    "MotCuaError",
    "NoSettings",
    "OutboundMessage",
    "PageField",
    "PageForm",
    "PageSection",
    "PageShown",
    "Person",
    "PersonField",
    "PluginManifest",
    "PluginTables",
    "Problem",
    "ProcedureDefinition",
    "Reception",
    "ResultPaper",
    "ResultPapers",
    "Role",
    "Session",
    "Severity",
    "ShownTable",
    "SignedBy",
    "UnfitError",
    "default_fee_lines",
    "hookimpl",
    "id_number_doubts",
    "is_id_number",
    "load_definitions",
    "masked",
    "only",
    "search_key",
    "text",
]
