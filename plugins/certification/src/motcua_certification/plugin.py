"""Certification (chứng thực): same-day work, fees by the page, a line in a book for each."""

import datetime as dt
from collections.abc import Iterable

from motcua.plugin import (
    Answers,
    BookLine,
    ChosenLimit,
    FeeLine,
    Issue,
    PluginManifest,
    Problem,
    ProcedureDefinition,
    Reception,
    ResultPapers,
    hookimpl,
    load_definitions,
)
from motcua_certification import rules, texts
from motcua_certification.settings import CertificationSettings

manifest = PluginManifest(
    name="certification",
    label_vi="Chứng thực",
    label_en="Certification",
    version="0.1.0",
    core_api=">=1.0,<2",
    fields=("chung-thuc",),
    settings=CertificationSettings,
)


@hookimpl
def procedures() -> Iterable[ProcedureDefinition]:
    """The twelve procedures, one that has ended, and six of 2018 for the demonstration."""
    return load_definitions("motcua_certification")


@hookimpl
def problems(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception
) -> list[Problem]:
    """What makes a certification doubtful or impossible."""
    return rules.problems(procedure, answers, reception)


@hookimpl
def time_limit(
    procedure: ProcedureDefinition,
    answers: Answers,
    reception: Reception,
    settings: CertificationSettings,
) -> ChosenLimit | None:
    """Two more working days for copies that are many, as the tenant sets it (art. 21)."""
    return rules.time_limit(procedure, answers, reception, settings)


@hookimpl
def fee_lines(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception
) -> list[FeeLine]:
    """Fees of Circular 226/2016/TT-BTC: by page with a cap, by paper, by act."""
    return rules.fee_lines(procedure, answers, reception)


@hookimpl
def register_entries(
    procedure: ProcedureDefinition,
    answers: Answers,
    day: dt.date,
    settings: CertificationSettings,
) -> list[BookLine]:
    """One number per original, per signed paper, per act."""
    return rules.register_entries(procedure, answers, day, settings)


@hookimpl
def result_papers(
    procedure: ProcedureDefinition,
    answers: Answers,
    issue: Issue,
    settings: CertificationSettings,
) -> ResultPapers:
    """The certification text of each number, as it stands on the day of issue."""
    return texts.result_papers(procedure, answers, issue, settings)
