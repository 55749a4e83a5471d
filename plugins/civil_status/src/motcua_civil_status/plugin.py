"""Civil status (hộ tịch): births, marriages, deaths and what follows from them."""

from collections.abc import Iterable

from motcua.plugin import (
    Answers,
    BookLine,
    ChosenLimit,
    FeeLine,
    PluginManifest,
    Problem,
    ProcedureDefinition,
    Reception,
    hookimpl,
    load_definitions,
)
from motcua_civil_status import rules

manifest = PluginManifest(
    name="civil_status",
    label_vi="Hộ tịch",
    label_en="Civil status",
    version="0.1.0",
    core_api=">=1.0,<2",
    fields=("ho-tich",),
)


@hookimpl
def procedures() -> Iterable[ProcedureDefinition]:
    """The eighteen procedures, and six of 2018 for the demonstration."""
    return load_definitions("motcua_civil_status")


@hookimpl
def problems(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception
) -> list[Problem]:
    """A birth or death registered late is pointed out to the officer."""
    return rules.problems(procedure, answers, reception)


@hookimpl
def time_limit(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception
) -> ChosenLimit | None:
    """The limit variants that the declaration itself calls for."""
    return rules.time_limit(procedure, answers, reception)


@hookimpl
def fee_lines(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception
) -> list[FeeLine]:
    """Free in time; what the province sets otherwise; copies of extracts if asked for."""
    return rules.fee_lines(procedure, answers, reception)


@hookimpl
def register_entries(procedure: ProcedureDefinition, answers: Answers) -> list[BookLine]:
    """One line in the book of each event."""
    return rules.register_entries(procedure, answers)
