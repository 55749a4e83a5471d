"""Civil status (hộ tịch): births, marriages, deaths and what follows from them."""

from collections.abc import Iterable, Sequence
from typing import Any

from motcua.plugin import (
    Answers,
    AskedSession,
    BookLine,
    ChosenLimit,
    CounterPage,
    DossierFacts,
    FeeLine,
    KnownRecord,
    PluginManifest,
    PluginTables,
    Problem,
    ProcedureDefinition,
    Reception,
    Session,
    hookimpl,
    load_definitions,
)
from motcua_civil_status import block_page, block_routes, checks, keeping, looking, rules
from motcua_civil_status import routes as own_routes
from motcua_civil_status import tables as own_tables
from motcua_civil_status.piccolo_app import APP_CONFIG

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
    """What is wrong or doubtful, each with its legal ground."""
    return checks.problems(procedure, answers, reception)


@hookimpl
async def likely_duplicates(
    session: AskedSession, procedure: ProcedureDefinition, answers: Answers
) -> list[Problem]:
    """Records that may be of the same event: name without accents and date, or number."""
    return await looking.likely_duplicates(session, procedure, answers)


@hookimpl
async def known_records(
    session: AskedSession, procedure: ProcedureDefinition, query: str
) -> list[KnownRecord] | None:
    """Records by name or number, for the forms that are about one."""
    return await looking.known_records(session, procedure, query)


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


@hookimpl
def tables() -> PluginTables:
    """A table for each kind of record, their history, and blocks of reserved numbers."""
    others = [own_tables.RecordHistory, own_tables.NumberBlock, own_tables.ReservedNumber]
    return PluginTables(tables=[*own_tables.RECORDS.values(), *others], app_config=APP_CONFIG)


@hookimpl
def routes() -> Sequence[Any]:
    """``/t/<slug>/p/civil_status/…``: records, numbers as issued, blocks."""
    return [*own_routes.HANDLERS, *block_routes.HANDLERS]


@hookimpl
def counter_pages() -> Sequence[CounterPage]:
    """Official numbers: the blocks of the unit, what is left of them, taking in and closing."""
    return [block_page.PAGE]


@hookimpl
async def on_result_ready(session: Session, dossier: DossierFacts) -> None:
    """Keep the records the dossier leaves, and note changes of others."""
    await keeping.keep(session, dossier)
