"""Certification texts (lời chứng): which one a paper gets, and what stands in it.

The texts are dated data in ``papers/texts.toml``; here they are chosen by kind and
day of issue and filled in. What is not known is left as dots to write on.
"""

import datetime as dt
import functools
from typing import Any

from motcua.plugin import (
    Answers,
    BookNumber,
    Issue,
    Person,
    Problem,
    ProcedureDefinition,
    ResultPaper,
    ResultPapers,
)
from motcua_certification import vietnamese
from motcua_certification.dated import Dated, in_force, rows
from motcua_certification.settings import CertificationSettings
from motcua_certification.signature import Block, block_for

DOTS = "……………………"
SHORT = "……"

KINDS = {
    "2.000815": "copy",
    "2.000942": "copy",
    "2.000884": "signature",
    "2.000992": "translator",
    "2.001008": "translator",
    "2.001035": "transaction",
    "2.000913": "amendment",
    "2.001019": "will",
    "2.001016": "refusal",
    "2.001406": "division",
}
"""Kind of text by procedure; a correction of errors (2.000927) is noted in the margin."""

_MODES = {"điểm chỉ": "fingerprint", "không ký và không điểm chỉ được": "cannot_sign"}
_ROLE = "Người thực hiện chứng thực"
_PEOPLE = ("witnesses", "witness_1", "witness_2")


class Text(Dated, frozen=True, kw_only=True):
    """One version of one text.

    Attributes:
        title: As it stands above the text, a line break where it needs one.
        centre: For units that receive at a service centre; receiver and certifier sign.
        statement: Paragraphs; ``@field`` stands for a line per person.
    """

    kind: str
    title: str
    statement: tuple[str, ...]
    template: str = "text.typ"
    centre: bool = False


@functools.cache
def texts() -> tuple[Text, ...]:
    """Every text of ``papers/texts.toml``."""
    return rows("texts.toml", "text", Text)


def kind_of(procedure: ProcedureDefinition, answers: Answers) -> str:
    """The kind of text a dossier gets; nothing if none."""
    kind = KINDS.get(procedure.code, "")
    if kind == "signature":
        kind = _MODES.get(answers.text("signing_mode"), kind)
        if kind == "signature" and answers.integer("signer_count") > 1:
            return "signatures"
    return kind


def text_for(kind: str, day: dt.date, *, centre: bool) -> Text | None:
    """The text of *kind* on *day*: the centre's own where there is one."""
    of_kind = [each for each in texts() if each.kind == kind]
    own = in_force((each for each in of_kind if each.centre), day) if centre else None
    return own or in_force((each for each in of_kind if not each.centre), day)


def result_papers(
    procedure: ProcedureDefinition,
    answers: Answers,
    issue: Issue,
    settings: CertificationSettings,
) -> ResultPapers:
    """A text for each number, or why there can be none."""
    kind = kind_of(procedure, answers)
    if not kind:
        return ResultPapers()
    day = issue.at.date()
    text = text_for(kind, day, centre=settings.centre and not answers.flag("outside_office"))
    block = block_for(issue.signer.capacity, day)
    problems = [] if text else [_problem("certification.no-text", day)]
    if block is None:
        problems.append(_problem("certification.no-block", day, name=issue.signer.full_name))
    if text is None or block is None:
        return ResultPapers(problems=tuple(problems))
    words = _words(answers, issue)
    return ResultPapers(
        papers=tuple(
            _paper(text, block, words | {"subject": number.subject or DOTS}, answers, issue, number)
            for number in issue.numbers
            for _ in range(number.quantity if kind == "copy" and settings.text_per_copy else 1)
        )
    )


def _problem(code: str, day: dt.date, **told: str) -> Problem:
    return Problem(code=code, field="signer", told={"day": f"{day:%d/%m/%Y}", **told})


def _paper(
    text: Text,
    block: Block,
    words: dict[str, str],
    answers: Answers,
    issue: Issue,
    number: BookNumber,
) -> ResultPaper:
    data: dict[str, Any] = {
        "title": text.title,
        "statement": _statement(text, words, answers),
        "number": f"{number.number:02}",
        "volume": f"{number.volume:02}/{number.year}-{number.book}",
        "date": list(vietnamese.parts(issue.at.date())),
        "role": _ROLE,
        "block": block.written(_bare(issue.signer.title)),
        "signer": issue.signer.full_name,
        "receiver": issue.receiver if text.centre else "",
        "subject": words["subject"],
        "quantity": number.quantity,
    }
    return ResultPaper(template=text.template, title=text.title.replace("\n", " "), data=data)


def _statement(text: Text, words: dict[str, str], answers: Answers) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for each in text.statement:
        if each.startswith("@"):
            lines += _listed(each[1:], answers)
        else:
            lines.append({"person": False, "text": _upper(each.format_map(words))})
    return lines


def _listed(field: str, answers: Answers) -> list[dict[str, Any]]:
    """A line for each person; where people sign and none is named, two lines to write on."""
    fields = _PEOPLE if field == "witnesses" else (field,)
    people = [person for each in fields for person in answers.people(each)]
    if field == "witnesses" and answers.text("signing_mode") not in _MODES:
        witness = "Người làm chứng: "
        return [{"person": True, "text": witness + _person(each)} for each in people]
    if field == "signers" and not people:
        people = answers.people("requester")
    said = [_upper(_person(each)) for each in people]
    return [{"person": True, "text": each} for each in said or [DOTS, DOTS]]


def _words(answers: Answers, issue: Issue) -> dict[str, str]:
    """What a statement may name."""
    agency = _agency(issue)
    outside = answers.text("outside_place")
    at = vietnamese.day(issue.at.date())
    when = f"{vietnamese.hour(issue.at)}, {at}" if answers.flag("outside_office") else at
    copies = answers.integer("copy_count") or answers.integer("copies")
    kept = answers.integer("kept_count")
    people = {
        field: _person(person)
        for field in ("requester", "translator", "testator")
        for person in answers.people(field)[:1]
    }
    requester = _person_of(issue.requester)
    return {
        "day": when,
        "hour": "" if answers.flag("outside_office") else f"{vietnamese.hour(issue.at)},",
        "words": vietnamese.day_in_words(issue.at.date()),
        "place": (outside or DOTS) if answers.flag("outside_office") else agency,
        "centre": f"Trung tâm Phục vụ hành chính công {_lower(issue.unit)}",
        "agency": agency,
        "certifier": issue.signer.full_name,
        "certifier_title": _titled(issue.signer.title, agency),
        "receiver": issue.receiver or DOTS,
        "requester": people.get("requester", requester),
        "translator": people.get("translator", requester),
        "testator": people.get("testator", requester),
        "deceased": next((each.name for each in answers.people("deceased")), DOTS),
        "finger": answers.text("finger") or DOTS,
        "source_language": answers.text("source_language") or DOTS,
        "target_language": answers.text("target_language") or DOTS,
        "change": answers.text("change_kind") or "sửa đổi, bổ sung, hủy bỏ",
        "certified_no": answers.text("certified_no") or DOTS,
        "certified_date": _date(answers.date("certified_date")),
        "copies": _count(copies),
        "pages": _count(answers.integer("page_count") or answers.integer("pages")),
        "sheets": _count(answers.integer("sheet_count")),
        "kept": _count(kept),
        "given": _count(copies - kept if copies > kept > 0 else 0),
    }


def _person(person: Person) -> str:
    """Somebody with the paper that tells who they are."""
    paper = person.identity_paper or (
        f"số định danh cá nhân {person.id_number}"
        if person.id_number
        else f"giấy tờ tùy thân số {DOTS}"
    )
    return f"ông/bà {person.name}, {paper}"


def _person_of(applicant: dict[str, Any]) -> str:
    """The applicant, where the form itself asks for nobody."""
    if not applicant.get("name"):
        return f"ông/bà {DOTS}"
    known = {name: applicant.get(name) for name in ("id_number", "identity_paper")}
    return _person(Person(name=applicant["name"], **known))


def _agency(issue: Issue) -> str:
    above = f", {_lower(issue.above)}" if issue.above else ""
    return f"Ủy ban nhân dân {_lower(issue.unit)}{above}"


def _titled(title: str, agency: str) -> str:
    """The certifier's title with the agency's name (samples of 2020 and 2025)."""
    return f"{_bare(title)} {agency}"


def _bare(title: str) -> str:
    """The title alone: above a signature the agency is not named again."""
    return title.removesuffix("UBND").removesuffix("Ủy ban nhân dân").strip()


def _upper(line: str) -> str:
    """*line* as a sentence begins."""
    return line[:1].upper() + line[1:]


def _lower(name: str) -> str:
    """``Phường Võ Cường`` inside a sentence."""
    return name[:1].lower() + name[1:]


def _date(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else DOTS


def _count(n: int) -> str:
    return f"{n:02}" if n else SHORT
