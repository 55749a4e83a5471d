"""The sample plugin (phân hệ mẫu): the smallest one that touches every hook.

Read it from top to bottom as a tutorial, or copy the folder to begin a plugin of
your own. This module is a table of contents: a manifest and hooks, nothing else.
What the hooks decide is in ``rules``, what they keep in ``tables``, what they
show in ``routes``, and the procedure itself is a TOML file.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from motcua.plugin import (
    Answers,
    BookLine,
    ChosenLimit,
    DossierFacts,
    FeeLine,
    Issue,
    PluginManifest,
    PluginTables,
    Problem,
    ProcedureDefinition,
    Reception,
    ResultPapers,
    Session,
    hookimpl,
    load_definitions,
)
from motcua_sample import routes as own_routes
from motcua_sample import rules
from motcua_sample import tables as own_tables
from motcua_sample.piccolo_app import APP_CONFIG
from motcua_sample.settings import SampleSettings

manifest = PluginManifest(
    name="sample",
    label_vi="Phân hệ mẫu",
    label_en="Sample",
    version="0.1.0",
    core_api=">=1.0,<2",
    fields=("mau",),
    settings=SampleSettings,
)


@hookimpl
def procedures() -> Iterable[ProcedureDefinition]:
    """One procedure, read from ``procedures/mau.toml``."""
    return load_definitions("motcua_sample")


@hookimpl
def problems(answers: Answers) -> list[Problem]:
    """What the form itself cannot see."""
    return rules.problems(answers)


@hookimpl
def time_limit(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception
) -> ChosenLimit | None:
    """Five more working days for a long list."""
    return rules.time_limit(procedure, answers, reception)


@hookimpl
def fee_lines(
    procedure: ProcedureDefinition,
    answers: Answers,
    reception: Reception,
    settings: SampleSettings,
) -> list[FeeLine] | None:
    """Free where the commune says so."""
    return rules.fee_lines(procedure, answers, reception, settings)


@hookimpl
def register_entries(procedure: ProcedureDefinition, answers: Answers) -> list[BookLine]:
    """A line for each thing listed."""
    return rules.register_entries(procedure, answers)


@hookimpl
def result_papers(procedure: ProcedureDefinition, issue: Issue) -> ResultPapers:
    """A paper with the numbers of the book."""
    return rules.result_papers(procedure, issue)


@hookimpl
def tables() -> PluginTables:
    """One table, ``sample_note``, its migrations, and how the console shows it."""
    return PluginTables(
        tables=[own_tables.SampleNote], app_config=APP_CONFIG, shown=[own_tables.SHOWN]
    )


@hookimpl
def routes() -> Sequence[Any]:
    """``/t/<slug>/p/sample/ghi-chu``: the notes this commune keeps."""
    return [own_routes.notes]


@hookimpl
async def on_received(session: Session, dossier: DossierFacts) -> None:
    """Keep a note of the dossier."""
    await session.run(own_tables.note_received(session.tenant_id, dossier))


@hookimpl
async def on_result_ready(session: Session, dossier: DossierFacts) -> None:
    """Write into the note when the result was ready."""
    await session.run(own_tables.note_ready(dossier))
