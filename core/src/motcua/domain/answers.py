"""What an applicant declared, held against the procedure's form.

:func:`check_answers` finds *all* faults at once and returns clean answers: JSON
values in Unicode NFC, with everything that was not asked left out.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from motcua.domain.errors import FieldFault
from motcua.domain.form import (
    Address,
    AddressField,
    BooleanField,
    DateField,
    EnumField,
    Field,
    FileField,
    GroupField,
    IntegerField,
    MoneyField,
    Person,
    PersonField,
    TextField,
)
from motcua.domain.identity import id_number_doubts, is_id_number
from motcua.domain.procedure import ProcedureDefinition
from motcua.domain.written import clean

REQUESTER = "requester"
_YEAR = re.compile(r"(18|19|20|21)[0-9]{2}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BREAKS = re.compile(r"[\t\n\r\x85\u2028\u2029]+")
_EARLIEST = dt.date(1850, 1, 1)
_LATEST = dt.date(2199, 12, 31)
_SHORT = 255
_PERSON_KEYS = {field.name for field in msgspec.structs.fields(Person)}
_ADDRESS_KEYS = {field.name for field in msgspec.structs.fields(Address)}
_FILE_KEYS = {"name", "id"}


class Answers(dict[str, Any]):
    """Checked answers by field id, with typed reading for rules.

    A field that was not answered reads as ``False``, ``0``, ``""`` or ``None``.
    """

    def flag(self, field: str) -> bool:
        """Whether *field* was ticked."""
        return self.get(field) is True

    def integer(self, field: str) -> int:
        """The number answered to *field*, or 0."""
        given = self.get(field)
        return given if isinstance(given, int) and not isinstance(given, bool) else 0

    def text(self, field: str) -> str:
        """The text or option answered to *field*, or nothing."""
        given = self.get(field)
        return given if isinstance(given, str) else ""

    def date(self, field: str) -> dt.date | None:
        """The day answered to *field*, if any."""
        return dt.date.fromisoformat(self[field]) if self.get(field) else None

    def people(self, field: str) -> list[Person]:
        """The people answered to *field*: none, one or several."""
        given = self.get(field) or []
        rows = given if isinstance(given, list) else [given]
        return [msgspec.convert(row, Person) for row in rows]


def check_answers(
    definition: ProcedureDefinition,
    answers: Mapping[str, Any],
    *,
    applicant: Mapping[str, Any] | None = None,
    today: dt.date,
) -> tuple[Answers, list[FieldFault]]:
    """Hold *answers* against the form; report every fault, not only the first.

    ``requester`` is filled from *applicant*; what the answers add to it (a birth
    date, an address) stays. Computed fields and fields whose condition does not
    hold are left out of the clean answers.

    Args:
        definition: The version in force.
        answers: By field id, as they came in.
        applicant: Who asks, with the keys of :class:`~motcua.domain.form.Person`.
        today: No birth and no past event may lie after it.

    Returns:
        The clean answers – complete only if there is no fault – and the faults in
        the order of the form.
    """
    checker = _Checker(today)
    given = dict(answers)
    fields = list(definition.form)
    if applicant is not None:
        _fill_requester(checker, fields, given, applicant)
    clean = checker.form(fields, given, "")
    return Answers(clean), checker.faults


def checked_person(given: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
    """A person as :func:`check_answers` stores one; faults are told there."""
    return _Checker(today).person(given, "", "")


def still_asked(fields: Iterable[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
    """*answers* to an earlier version of a form without what *fields* do not ask any more."""
    by_id = {field.id: field for field in fields}
    return {key: _still_asked(by_id[key], value) for key, value in answers.items() if key in by_id}


def _still_asked(field: Field, value: Any) -> Any:
    if isinstance(field, GroupField):
        if isinstance(value, list):
            return [_still_asked(field, row) for row in value]
        if isinstance(value, Mapping):
            return still_asked(field.fields, value)
    return value


def answer_doubts(definition: ProcedureDefinition, answers: Answers) -> list[FieldFault]:
    """What an officer should look at in checked *answers*; none of it is an error."""
    doubts: list[FieldFault] = []
    for field in definition.form:
        if not isinstance(field, PersonField):
            continue
        for person in answers.people(field.id):
            doubts += [
                FieldFault(f"{field.id}.id_number", code, label=field.label)
                for code in _person_doubts(person)
            ]
    return doubts


def _person_doubts(person: Person) -> list[str]:
    if person.id_number is None:
        return []
    return id_number_doubts(person.id_number, birth=person.birth, sex=person.sex)


def _fill_requester(
    checker: "_Checker", fields: list[Field], given: dict[str, Any], applicant: Mapping[str, Any]
) -> None:
    """Check the applicant and, where the form asks a requester, put them in."""
    before = len(checker.faults)
    person = checker.person(applicant, "applicant", "applicant")
    asked = next((field for field in fields if field.id == REQUESTER), None)
    if asked is None:
        given.pop(REQUESTER, None)
    elif len(checker.faults) > before:
        fields.remove(asked)
        given.pop(REQUESTER, None)
    else:
        said = given.get(REQUESTER)
        given[REQUESTER] = {**said, **person} if isinstance(said, Mapping) else person


class _Checker:
    """Walks a form and its answers, gathering faults."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.faults: list[FieldFault] = []

    def fault(self, path: str, code: str, **told: Any) -> None:
        self.faults.append(FieldFault(path, code, **told))

    def form(
        self, fields: Iterable[Field], given: Mapping[str, Any], prefix: str
    ) -> dict[str, Any]:
        """The clean answers to *fields*; *prefix* leads to them."""
        clean: dict[str, Any] = {}
        known = set()
        for field in fields:
            known.add(field.id)
            hidden = field.when is not None and not field.when.holds(clean.get(field.when.field))
            if hidden or field.computed:
                continue
            value = given.get(field.id)
            if _is_empty(value) and isinstance(field, TextField) and field.same_as:
                value = clean.get(field.same_as)
            if _is_empty(value):
                if field.required:
                    self.fault(prefix + field.id, "field.missing", label=field.label)
                continue
            clean[field.id] = self.answer(field, value, prefix + field.id)
        for key in given:
            if key not in known:
                self.fault(f"{prefix}{key}", "field.surplus")
        return clean

    def answer(self, field: Field, value: object, path: str) -> Any:
        """The clean answer to *field*: one value, or a list if the field repeats."""
        if field.repeat is None:
            return self.value(field, value, path)
        rows = value if isinstance(value, list) else [value]
        if len(rows) < field.repeat.min:
            self.fault(path, "field.too-few", label=field.label, least=field.repeat.min)
        if len(rows) > field.repeat.max:
            self.fault(path, "field.too-many", label=field.label, most=field.repeat.max)
            return rows
        return [self.value(field, row, f"{path}[{at}]") for at, row in enumerate(rows)]

    def value(self, field: Field, value: object, path: str) -> Any:  # noqa: PLR0911 - one per kind of field
        """One clean value."""
        match field:
            case TextField():
                return self.long_text(field, value, path)
            case IntegerField() | MoneyField():
                return self.number(field, value, path)
            case BooleanField():
                return self.typed(isinstance(value, bool), value, path, field.label)
            case DateField():
                return self.date(value, path, field.label, past=field.past)
            case PersonField():
                return self.person(value, path, field.label)
            case AddressField():
                return self.address(value, path, field.label)
            case EnumField():
                return self.option(field, value, path)
            case FileField():
                return self.file(value, path, field.label)
            case _:
                return self.group(field, value, path)

    def typed(self, fits: bool, value: object, path: str, label: str) -> object:
        if not fits:
            self.fault(path, "field.type", label=label)
        return value

    def line(self, value: object, path: str, label: str, longest: int = _SHORT) -> str:
        """One line of text: what breaks it is a blank."""
        one = _BREAKS.sub(" ", value) if isinstance(value, str) else value
        return self.text(one, path, label, longest)

    def text(self, value: object, path: str, label: str, longest: int) -> str:
        """A text as it is stored, without blanks around it; control characters are a fault."""
        if not isinstance(value, str):
            self.fault(path, "field.type", label=label)
            return ""
        text = clean(value).strip()
        if _CONTROL.search(text):
            self.fault(path, "field.characters", label=label)
        if len(text) > longest:
            self.fault(path, "field.too-long", label=label, most=longest)
        return text

    def long_text(self, field: TextField, value: object, path: str) -> str:
        text = self.text(value, path, field.label, field.max_length)
        if text and field.pattern is not None and not re.fullmatch(field.pattern, text):
            self.fault(path, "field.pattern", label=field.label)
        return text

    def number(self, field: IntegerField | MoneyField, value: object, path: str) -> object:
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(path, "field.type", label=field.label)
        elif value < field.min:
            self.fault(path, "field.too-small", label=field.label, least=field.min)
        elif value > field.max:
            self.fault(path, "field.too-large", label=field.label, most=field.max)
        return value

    def date(self, value: object, path: str, label: str, *, past: bool = False) -> object:
        day = _day(value)
        if day is None or not _EARLIEST <= day <= _LATEST:
            self.fault(path, "field.date", label=label)
            return value
        if past and day > self.today:
            self.fault(path, "field.future", label=label)
        return day.isoformat()

    def option(self, field: EnumField, value: object, path: str) -> object:
        text = self.line(value, path, field.label)
        if isinstance(value, str) and text not in field.options:
            self.fault(path, "field.option", label=field.label, options=", ".join(field.options))
        return text

    def parts(self, value: object, keys: set[str], path: str, label: str) -> dict[str, Any]:
        """The filled keys of a structured answer; anything but *keys* is surplus."""
        if not isinstance(value, Mapping):
            self.fault(path, "field.type", label=label)
            return {}
        for key in value:
            if key not in keys:
                self.fault(f"{path}.{key}", "field.surplus")
        return {key: each for key, each in value.items() if key in keys and not _is_empty(each)}

    def person(self, value: object, path: str, label: str) -> dict[str, Any]:
        """A person: a name at least; 12 digits; a birth date or the year alone."""
        said = self.parts(value, _PERSON_KEYS, path, label)
        if isinstance(value, Mapping) and "name" not in said:
            self.fault(f"{path}.name", "field.missing", label=label)
        clean = {key: self.person_part(key, said[key], f"{path}.{key}", label) for key in said}
        number = clean.get("id_number")
        if isinstance(number, str) and not is_id_number(number):
            self.fault(f"{path}.id_number", "field.id-number", label=label)
        return clean

    def person_part(self, key: str, value: object, path: str, label: str) -> Any:
        if key == "birth":
            return self.birth(value, path, label)
        if key == "address":
            return self.address(value, path, label)
        return self.line(value, path, label)

    def birth(self, value: object, path: str, label: str) -> object:
        """A date, or the year where nothing else is known."""
        if isinstance(value, str) and _YEAR.fullmatch(value):
            if int(value) > self.today.year:
                self.fault(path, "field.future", label=label)
            return value
        return self.date(value, path, label, past=True)

    def address(self, value: object, path: str, label: str) -> Any:
        if isinstance(value, str):
            return self.line(value, path, label, 500)
        said = self.parts(value, _ADDRESS_KEYS, path, label)
        if isinstance(value, Mapping) and "line" not in said:
            self.fault(f"{path}.line", "field.missing", label=label)
        return {key: self.line(each, f"{path}.{key}", label, 500) for key, each in said.items()}

    def file(self, value: object, path: str, label: str) -> Any:
        if isinstance(value, str):
            return self.line(value, path, label)
        said = self.parts(value, _FILE_KEYS, path, label)
        return {key: self.line(each, f"{path}.{key}", label) for key, each in said.items()}

    def group(self, field: GroupField, value: object, path: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            self.fault(path, "field.type", label=field.label)
            return {}
        return self.form(field.fields, value, f"{path}.")


def _is_empty(value: object) -> bool:
    """Whether nothing was answered: no value, or nothing that can be seen."""
    if isinstance(value, str):
        return not clean(value).strip()
    return value is None or value in ([], {})


def _day(value: object) -> dt.date | None:
    """*value* as a day, if it is one written ``YYYY-MM-DD``."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return None
    return None
