"""The extension surface of Một Cửa: all that a plugin may import.

``from motcua.plugin import PluginManifest, hookimpl, …``; Piccolo helpers for own
tables are in :mod:`motcua.plugin.tables`.
"""

from motcua.domain.answers import Answers
from motcua.domain.fee import FeeLine, default_fee_lines
from motcua.domain.procedure import (
    ChosenLimit,
    FeeItem,
    FeeKind,
    LimitVariant,
    ProcedureDefinition,
)
from motcua.plugin.definitions import load_definitions
from motcua.plugin.facts import (
    BookLine,
    DossierFacts,
    PluginTables,
    Problem,
    Reception,
    Session,
    Severity,
)
from motcua.plugin.hookspecs import hookimpl
from motcua.plugin.manifest import NoSettings, PluginManifest
from motcua.plugin.texts import text

__all__ = [
    "Answers",
    "BookLine",
    "ChosenLimit",
    "DossierFacts",
    "FeeItem",
    "FeeKind",
    "FeeLine",
    "LimitVariant",
    "NoSettings",
    "PluginManifest",
    "PluginTables",
    "Problem",
    "ProcedureDefinition",
    "Reception",
    "Session",
    "Severity",
    "default_fee_lines",
    "hookimpl",
    "load_definitions",
    "text",
]
