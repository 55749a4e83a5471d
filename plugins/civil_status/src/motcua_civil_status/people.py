"""Checks of the people on a form: numbers, ages, names, nationality.

Structure is an error, plausibility a warning: a sex may have been corrected since,
and old data may be wrong.
"""

import datetime as dt
import re
from collections.abc import Iterator

from motcua.plugin import (
    Answers,
    Person,
    PersonField,
    Problem,
    ProcedureDefinition,
    Severity,
    id_number_doubts,
    is_id_number,
    search_key,
)

OLD_NUMBER = re.compile(r"(?<![0-9])[0-9]{9}(?![0-9])")
"""The number of an identity card of nine digits (chứng minh nhân dân)."""
OLD_CARDS_END = dt.date(2024, 12, 31)
"""The last day such a card was valid (Law on Identification 26/2023/QH15 art. 46)."""
SEX_OF = {"bride": "Nữ", "mother": "Nữ", "groom": "Nam", "father": "Nam"}
"""The sex that a field of the form implies."""
VIETNAMESE = ("viet nam", "vietnam")

_MIDDLE_OF_A_WORD = "'\u2019-. "


def number_problems(
    procedure: ProcedureDefinition, answers: Answers, received_on: dt.date
) -> Iterator[Problem]:
    """What is wrong or doubtful with the identification numbers of everybody on the form."""
    for field, label, person in everybody(procedure, answers):
        number = person.id_number
        if number is None:
            yield from _old_card(field, label, person, received_on)
        elif OLD_NUMBER.fullmatch(number):
            yield _told(field, "id-number-old", label, Severity.ERROR)
        elif not is_id_number(number):
            yield _told(field, "id-number", label, Severity.ERROR)
        else:
            sex = person.sex or SEX_OF.get(field)
            for doubt in id_number_doubts(number, birth=person.birth, sex=sex):
                yield _told(field, doubt.removeprefix("field."), label)


def sex_problems(procedure: ProcedureDefinition, answers: Answers) -> Iterator[Problem]:
    """Whose declared sex contradicts their place on the form (Law 52/2014/QH13 art. 8 §2)."""
    for field, label, person in everybody(procedure, answers):
        if person.sex and person.sex != SEX_OF.get(field, person.sex):
            yield _told(field, "party-sex", label, Severity.ERROR)


def everybody(
    procedure: ProcedureDefinition, answers: Answers
) -> Iterator[tuple[str, str, Person]]:
    """Every person on the form, with the field and what it is called."""
    for field in procedure.form:
        if isinstance(field, PersonField):
            for person in answers.people(field.id):
                yield field.id, field.label, person


def age(birth: str, on: dt.date) -> int | None:
    """Full years on a day; a year alone counts from the first of January.

    So says Joint Circular 01/2016/TTLT-TANDTC-VKSNDTC-BTP art. 2. ``None`` for no birth.
    """
    if not birth:
        return None
    born = dt.date.fromisoformat(birth) if "-" in birth else dt.date(int(birth), 1, 1)
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def is_foreign(nationality: str) -> bool:
    """Whether *nationality* is told, and is not (only) Vietnamese."""
    return bool(nationality.strip()) and search_key(nationality) not in VIETNAMESE


def can_be_a_name(name: str) -> bool:
    """Whether *name* is of letters: no number and no sign (Civil Code 91/2015/QH13 art. 26 §3).

    Names of one word and long ones are names: several peoples have them.
    """
    return all(sign.isalpha() or sign in _MIDDLE_OF_A_WORD for sign in name) and any(
        sign.isalpha() for sign in name
    )


def _old_card(field: str, label: str, person: Person, received_on: dt.date) -> Iterator[Problem]:
    """A card of nine digits alone: it is history only, the number for life is to be looked up."""
    if received_on > OLD_CARDS_END and OLD_NUMBER.search(person.identity_paper or ""):
        yield _told(field, "old-card", label)


def _told(field: str, code: str, label: str, severity: Severity = Severity.WARNING) -> Problem:
    return Problem(
        code=f"civil_status.{code}", field=field, severity=severity, told={"label": label}
    )
