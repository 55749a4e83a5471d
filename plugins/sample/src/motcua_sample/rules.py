"""What the sample plugin decides: pure functions, tested without a database."""

from motcua.plugin import (
    Answers,
    BookLine,
    ChosenLimit,
    FeeLine,
    Issue,
    Problem,
    ProcedureDefinition,
    Reception,
    ResultPaper,
    ResultPapers,
    Severity,
)
from motcua_sample.settings import SampleSettings

LONG_LIST = 3


def problems(answers: Answers) -> list[Problem]:
    """An error stops the reception, a warning is shown to the officer."""
    names = [row["what"] for row in answers.get("things", [])]
    found = [
        Problem(code="sample.twice", field="things", told={"what": name})
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if len(names) > LONG_LIST:
        found.append(
            Problem(
                code="sample.long",
                field="things",
                severity=Severity.WARNING,
                told={"count": len(names)},
            )
        )
    return found


def time_limit(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception
) -> ChosenLimit | None:
    """``None`` keeps the definition's limit; a plugin never computes a date."""
    if len(answers.get("things", [])) <= LONG_LIST:
        return None
    return procedure.choose_limit({*reception.variants, "long-list"}, reception.channel)


def fee_lines(
    procedure: ProcedureDefinition,
    answers: Answers,
    reception: Reception,
    settings: SampleSettings,
) -> list[FeeLine] | None:
    """``None`` charges the definition's fees; an empty list charges nothing."""
    del procedure, answers, reception
    return [] if settings.free else None


def register_entries(procedure: ProcedureDefinition, answers: Answers) -> list[BookLine]:
    """One number for each thing listed."""
    return [
        BookLine(book="MAU", title=procedure.result.register, subject=row["what"])
        for row in answers.get("things", [])
    ]


def result_papers(procedure: ProcedureDefinition, issue: Issue) -> ResultPapers:
    """One paper, drawn from ``papers/mau.typ``; nothing of it is markup."""
    data = {
        "title": procedure.result.name,
        "requester": issue.requester.get("name", ""),
        "lines": [f"{each.number}/{each.year} {each.subject}" for each in issue.numbers],
        "signer": issue.signer.full_name,
    }
    paper = ResultPaper(template="mau.typ", title=procedure.result.name, data=data)
    return ResultPapers(papers=(paper,))
