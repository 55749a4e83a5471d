"""What is wrong or doubtful with a civil-status form that the form itself accepts.

An error stops the reception, a warning is shown with its ground. Each check names the
article it rests on; the texts in ``locale`` say it to people.
"""

import datetime as dt
from collections.abc import Iterator

from motcua.plugin import Answers, Problem, ProcedureDefinition, Reception, Severity, search_key
from motcua_civil_status import people
from motcua_civil_status.records import number_key
from motcua_civil_status.rules import EVENTS, LATE_ONLY, Event, in_time

MARRIAGES = ("1.000894", "1.000593")
"""Marriages made now; one registered again (1.004746) was made under the law of its day."""
BIRTHS = ("1.001193", "1.003583", "9.722001")
"""Births where a parent may be missing: alone, on the road, and as part of the group."""
CORRECTION = "1.004859"

MARRIAGE_AGES = {"groom": 20, "bride": 18}
"""Full years (Law on Marriage and Family 52/2014/QH13 art. 8 §1 a)."""

FOREIGN_PATHS = {
    "1.001193": "2.000528",
    "1.003583": "2.000528",
    "9.722001": "2.000528",
    "1.000894": "2.000806",
    "1.000593": "2.000806",
    "1.000656": "1.001766",
    "1.000419": "1.001766",
    "1.001022": "2.000779",
    "1.004859": "2.000748",
}
"""The same event with a foreign element, by the national codes read in public copies of the
catalogue (2026). Where none was read, the check names the law only."""

BY_A_WITNESS = "văn bản của người làm chứng"
BY_UNDERTAKING = "giấy cam đoan về việc sinh"
"""What proves a birth without a certificate of it (Law 60/2014/QH13 art. 16 §1)."""

UNDERTAKINGS = {
    "declaration": "declaration",
    "no_prohibited_relation": "prohibited-relation",
    "no_dispute": "no-dispute",
    "commitment": "declaration",
    "never_registered": "declaration",
    "book_lost": "declaration",
}
"""Declarations without which nothing is registered, and what is said where one is missing."""

CONCERNED = (
    "mother", "father", "bride", "groom", "deceased", "recogniser", "recognised", "guardian",
    "ward", "registrant",
)  # fmt: skip
"""People whose nationality makes an event one with a foreign element."""

WITNESSES = ("witness_1", "witness_2")
BY_WITNESSES = "văn bản cam đoan và 2 người làm chứng"


def problems(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception
) -> list[Problem]:
    """Everything found; of a demonstration's form only that it is late."""
    found = list(_late(procedure, answers, reception))
    if procedure.is_simulation:
        return found
    found += people.number_problems(procedure, answers, reception.received_on)
    found += people.sex_problems(procedure, answers)
    found += _undertakings(procedure, answers)
    found += _foreign(procedure, answers)
    found += _names(answers)
    found += _deaths(answers)
    found += _witnesses(procedure, answers)
    found += _birth_proof(answers)
    found += _birth_day(procedure, answers)
    if procedure.code in MARRIAGES:
        found += _marriage(answers, reception)
    if procedure.code in BIRTHS:
        found += _parents(answers)
    if procedure.code == CORRECTION and not number_key(answers.text("register_reference")):
        found.append(_warning("no-number", "register_reference"))
    return found


def _late(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception
) -> Iterator[Problem]:
    """Birth after 60 days (Law 60/2014/QH13 art. 15 §1), death after 15 (art. 33 §1).

    If the last day is off, the next working day is still in time.
    """
    event: Event | None = EVENTS.get(procedure.code) or LATE_ONLY.get(procedure.code)
    if event is not None and not in_time(event, answers, reception):
        yield Problem(
            code=event.late_text,
            field=event.field,
            severity=Severity.WARNING,
            told={"days": event.days},
        )


def _undertakings(procedure: ProcedureDefinition, answers: Answers) -> Iterator[Problem]:
    """What has to be declared (for marriages: Law 52/2014/QH13 art. 5 §2, art. 8)."""
    for field in procedure.form:
        said = UNDERTAKINGS.get(field.id)
        if said is not None and not answers.flag(field.id):
            yield _error(said, field.id, label=field.label)


def _foreign(procedure: ProcedureDefinition, answers: Answers) -> Iterator[Problem]:
    """An event with a foreign element has procedures of its own.

    Law 60/2014/QH13 chapter III; at the commune since 1 July 2025 (Decree 120/2025/NĐ-CP).
    """
    if not procedure.result.register:
        return
    told = [(field, answers.text(field)) for field in ("child_nationality", "nationality")]
    people_of = (*CONCERNED, "subject") if procedure.code == CORRECTION else CONCERNED
    told += [
        (field, person.nationality or "") for field in people_of for person in answers.people(field)
    ]
    path = FOREIGN_PATHS.get(procedure.code)
    for field, nationality in told:
        if people.is_foreign(nationality) and path:
            yield _warning("foreign-path", field, nationality=nationality, path=path)
        elif people.is_foreign(nationality):
            yield _warning("foreign", field, nationality=nationality)


def _names(answers: Answers) -> Iterator[Problem]:
    """A name is of letters (Civil Code art. 26 §3); one word alone is looked at once more.

    Whoever says that the child is not Kinh is not asked: names of one word are theirs.
    """
    name = answers.text("child_full_name")
    if not name:
        return
    if not people.can_be_a_name(name):
        yield _error("child-name", "child_full_name")
    elif len(name.split()) == 1 and search_key(answers.text("child_ethnicity")) in ("", "kinh"):
        yield _warning("single-name", "child_full_name")


def _deaths(answers: Answers) -> Iterator[Problem]:
    """Nobody dies before they are born; a year alone is compared as a year."""
    day = answers.date("death_date")
    for person in answers.people("deceased"):
        born = person.birth or ""
        if day is not None and born and day.isoformat()[: len(born)] < born:
            yield _error("death-before-birth", "death_date")


def _witnesses(procedure: ProcedureDefinition, answers: Answers) -> Iterator[Problem]:
    """Where nothing else proves it, two people do (Circular 04/2020/TT-BTP art. 14 §2)."""
    asked = {field.id for field in procedure.form}
    if answers.text("evidence_kind") == BY_WITNESSES:
        for field in WITNESSES:
            if field in asked and not answers.people(field):
                yield _error("witness", field)


def _birth_proof(answers: Answers) -> Iterator[Problem]:
    """Without a certificate a witness says it, without one an undertaking (Law art. 16 §1)."""
    proof = answers.text("birth_proof")
    if proof == BY_A_WITNESS and not answers.people("birth_witness"):
        yield _error("birth-witness", "birth_witness")
    if proof == BY_UNDERTAKING and not answers.flag("birth_undertaking"):
        yield _error("birth-undertaking", "birth_undertaking")


def _birth_day(procedure: ProcedureDefinition, answers: Answers) -> Iterator[Problem]:
    """Where the form takes a year alone, one of day and year is needed."""
    asked = {field.id for field in procedure.form}
    if "birth_year" in asked and not (answers.date("birth_date") or answers.get("birth_year")):
        yield _error("no-birth-day", "birth_date")


def _marriage(answers: Answers, reception: Reception) -> Iterator[Problem]:
    """Of age, and two different people (Law 52/2014/QH13 art. 8)."""
    day = answers.date("signing_date") or reception.received_on
    for field, least in MARRIAGE_AGES.items():
        for person in answers.people(field):
            yield from _of_age(field, person.birth or "", least, max(day, reception.received_on))
    numbers = [person.id_number for field in MARRIAGE_AGES for person in answers.people(field)]
    if numbers and None not in numbers and len(set(numbers)) < len(numbers):
        yield _error("same-person", "groom")


def _of_age(field: str, birth: str, least: int, day: dt.date) -> Iterator[Problem]:
    years = people.age(birth, day)
    if years is None:
        yield _warning("age-unknown", field, least=least)
    elif years < least:
        yield _error("too-young", field, least=least, years=years)
    elif "-" not in birth and day.year - int(birth) == least:
        yield _warning("age-by-year", field, least=least)


def _parents(answers: Answers) -> Iterator[Problem]:
    """A parent who is not known is left blank, never filled in (Decree 123/2015/NĐ-CP art. 15)."""
    missing = [field for field in ("mother", "father") if not answers.people(field)]
    if missing == ["mother", "father"]:
        if not answers.flag("abandoned"):
            yield _warning("no-parents", "mother")
    elif missing:
        yield _warning(f"no-{missing[0]}", missing[0])
    elif not answers.text("parents_marriage"):
        yield _warning("no-marriage", "parents_marriage")


def _error(code: str, field: str, **told: str | int) -> Problem:
    return Problem(code=f"civil_status.{code}", field=field, told=told)


def _warning(code: str, field: str, **told: str | int) -> Problem:
    return Problem(code=f"civil_status.{code}", field=field, severity=Severity.WARNING, told=told)
