"""What people type into forms, read as the answers they mean.

A text that cannot be read is handed on as it stands: the rules then find the fault
and name its field, and nothing typed is lost.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from motcua.domain.calendar import VN
from motcua.domain.form import (
    BooleanField,
    DateField,
    Field,
    FileField,
    GroupField,
    IntegerField,
    MoneyField,
    PersonField,
)
from motcua.web.portal.inputs import day

Typed = Mapping[str, str]
PERSON = ("name", "id_number", "birth", "address", "phone")
PERSON_MORE = ("sex", "ethnicity", "nationality", "identity_paper", "email")
YES, NO = "1", "0"
LAST_HOUR = "17:00"
_THREE = re.compile(r"(?:(\d{1,2})/(\d{1,2})/)?(\d{4})")
_NUMBER = re.compile(r"-?\d{1,3}(\.\d{3}){1,5}|-?\d{1,15}")
_HOUR = re.compile(r"([01]?\d|2[0-3])[:hH.]([0-5]\d)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPOKEN = re.compile(r"\s|đ$|₫$")


def number(text: str) -> int | str:
    """``2.000`` or ``2000 đ`` as a number; anything else as it stands."""
    bare = _SPOKEN.sub("", text.strip())
    return int(bare.replace(".", "")) if _NUMBER.fullmatch(bare) else text


def whole(text: str) -> int | None:
    """A number from nought; ``None`` for anything else."""
    said = number(text)
    return said if isinstance(said, int) and said >= 0 else None


def date(text: str) -> str:
    """``3/9/1994`` as ``1994-09-03``; anything else as it stands."""
    try:
        return day(text).isoformat()
    except ValueError:
        return text.strip()


def whole_dates(typed: Typed) -> dict[str, str]:
    """*typed* with each date of three fields (``x-day`` …) also as one text ``x``."""
    made = dict(typed)
    for field in typed:
        name = field.removesuffix("-year")
        if name != field:
            parts = [typed.get(f"{name}-{part}", "").strip() for part in ("day", "month", "year")]
            made[name] = "/".join(parts) if any(parts[:2]) else parts[2]
    return made


def moment(typed: Typed, name: str) -> dt.datetime | str:
    """The moment of a day and an hour field; the text of them where it is none."""
    said = typed.get(f"{name}-day", "").strip()
    at = typed.get(f"{name}-hour", "").strip() or LAST_HOUR
    found = _HOUR.fullmatch(at)
    try:
        if found is None:
            return f"{said} {at}"
        time = dt.time(int(found[1]), int(found[2] or 0))
        return dt.datetime.combine(day(said), time, VN)
    except ValueError:
        return f"{said} {at}".strip() if said else ""


def written(value: Any, name: str) -> dict[str, str]:
    """A single answer as it would have been typed into the field called *name*."""
    match value:
        case dict():
            parts = [written(part, f"{name}.{key}") for key, part in value.items()]
            return {key: text for part in parts for key, text in part.items()}
        case bool():
            return {name: YES if value else NO}
        case str() if _DAY.fullmatch(value):
            return {name: f"{dt.date.fromisoformat(value):%d/%m/%Y}"}
        case _:
            return {name: str(value)}


def refilled(fields: Iterable[Field], given: Mapping[str, Any], lead: str) -> dict[str, str]:
    """The answers *given* to *fields* as they would have been typed; files are none of it."""
    typed: dict[str, str] = {}
    for field in fields:
        value = given.get(field.id)
        if value is None or isinstance(field, FileField):
            continue
        name = f"{lead}.{field.id}"
        if isinstance(value, list):
            typed[f"{name}#"] = str(len(value))
            for at, row in enumerate(value):
                typed |= written(row, f"{name}[{at}]")
        else:
            typed |= written(value, name)
    return typed


def in_parts(typed: Typed) -> dict[str, str]:
    """*typed* with each date also as three fields, for forms that ask for it so."""
    made = dict(typed)
    for name, value in typed.items():
        if found := _THREE.fullmatch(value):
            for part, digits in zip(("day", "month", "year"), found.groups(), strict=True):
                made[f"{name}-{part}"] = digits or ""
    return made


def lines(text: str) -> list[str]:
    """One entry a line; empty lines are none."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def person(typed: Typed, name: str) -> dict[str, str]:
    """The filled parts of a person."""
    said = {part: typed.get(f"{name}.{part}", "").strip() for part in (*PERSON, *PERSON_MORE)}
    if said["birth"]:
        said["birth"] = date(said["birth"])
    return {part: value for part, value in said.items() if value}


def answers(fields: Iterable[Field], typed: Typed, lead: str) -> dict[str, Any]:
    """The answers to *fields*, whose names begin with *lead*; what is empty is left out."""
    given = {}
    for field in fields:
        if field.computed:
            continue
        value = answer(field, typed, f"{lead}.{field.id}")
        if value not in (None, "", [], {}):
            given[field.id] = value
    return given


def answer(field: Field, typed: Typed, name: str) -> Any:
    """The answer to *field*: one value, or a list where it repeats."""
    if field.repeat is None:
        return _value(field, typed, name)
    if isinstance(field, FileField):
        return lines(typed.get(name, ""))
    found = [_value(field, typed, f"{name}[{at}]") for at in range(rows(field, typed, name))]
    while found and found[-1] in (None, "", {}):
        found.pop()
    return found


def rows(field: Field, typed: Typed, name: str) -> int:
    """How many rows of a repeated field the form shows."""
    if field.repeat is None:
        return 1
    count = number(typed.get(f"{name}#", ""))
    wanted = count if isinstance(count, int) else 0
    return max(1, field.repeat.min, min(wanted, field.repeat.max))


def without(typed: Typed, item: Callable[[int], str], at: int, count: int) -> dict[str, str]:
    """*typed* without the row *at* of *count*; those after it move up.

    Args:
        typed: The whole form.
        item: The beginning of the names of a row.
        at: The row to leave out.
        count: How many rows there are.
    """
    left = cleared(typed, item(at))
    for later in range(at + 1, count):
        lead = item(later)
        for name in [name for name in left if _within(name, lead)]:
            left[item(later - 1) + name.removeprefix(lead)] = left.pop(name)
    return left


def cleared(typed: Typed, name: str) -> dict[str, str]:
    """*typed* without what was typed into the field called *name*, parts and rows included."""
    return {each: value for each, value in typed.items() if not _within(each, name)}


def _within(name: str, lead: str) -> bool:
    """Whether *name* is *lead* or goes on after it with a new part."""
    rest = name.removeprefix(lead)
    return name.startswith(lead) and (not rest or not rest[0].isdigit())


def _value(field: Field, typed: Typed, name: str) -> Any:  # noqa: PLR0911 - one per kind of field
    text = typed.get(name, "").strip()
    match field:
        case PersonField():
            return person(typed, name)
        case GroupField():
            return answers(field.fields, typed, name)
        case IntegerField() | MoneyField():
            return number(text)
        case DateField():
            return date(text)
        case BooleanField():
            return {YES: True, NO: False}.get(text)
        case FileField():
            return field.label if text else None
        case _:
            return text
