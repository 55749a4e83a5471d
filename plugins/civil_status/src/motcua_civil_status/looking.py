"""Looking into the records for an officer at the counter: likely duplicates, extracts."""

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from motcua.plugin import (
    Answers,
    AskedSession,
    KnownRecord,
    Problem,
    ProcedureDefinition,
    Severity,
    search_key,
)
from motcua_civil_status import search
from motcua_civil_status.records import KIND_BOOKS, MAKERS, number_key

Row = dict[str, Any]
EVENT_TYPES = {
    "birth": "khai sinh",
    "marriage": "kết hôn",
    "death": "khai tử",
    "recognition": "nhận cha, mẹ, con",
    "guardianship": "giám hộ",
    "correction": "thay đổi, cải chính, bổ sung",
}
"""How the form of an extract (2.000635) calls each kind; the others give no extract."""
KINDS = {**EVENT_TYPES, "marital": "tình trạng hôn nhân"}
CONFIRMED = {"correction": "thay đổi, cải chính"}
"""How the form of 2.002516 calls a kind where it has a word of its own."""

BOTH_SIDES = ("marriage",)
"""Kinds that either of two people may have registered already."""
ANOTHER_KIND = {"marital": "marriage"}
"""Who asks for a confirmation of marital status may be in the book of marriages."""
AT_MOST = 5
"""More duplicates than anybody compares say no more."""


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to be looked for among the records of a kind."""

    kind: str
    name: str
    date: str
    id_number: str


async def likely_duplicates(
    session: AskedSession, procedure: ProcedureDefinition, answers: Answers
) -> list[Problem]:
    """A warning for each record that may be of the same event."""
    found: dict[Any, Problem] = {}
    for each in sought(procedure.code, answers):
        query = search.duplicates(
            kind=each.kind, name=each.name, date=each.date, id_number=each.id_number
        )
        rows = await session.run(query)
        found |= {row["id"]: _warning(row) for row in rows}
    return list(found.values())[:AT_MOST]


def sought(code: str, answers: Answers) -> Iterator[Sought]:
    """Whom a paper is about, in each record it would leave.

    A person is known by the day of birth, else by the day of the event. Corrections
    and ends are about records that are there; they are no duplicates of anything.
    """
    for kind, make in MAKERS.get(code, ()):
        values = make(answers)
        if kind == "correction" or values.get("entry") == "end":
            continue
        for side in ("subject", "other") if kind in BOTH_SIDES else ("subject",):
            event = values["event_date"]
            yield Sought(
                kind=ANOTHER_KIND.get(kind, kind),
                name=values[f"{side}_name"],
                date=values[f"{side}_birth"] or ("" if event is None else event.isoformat()),
                id_number=values[f"{side}_id_number"],
            )


async def known_records(
    session: AskedSession, procedure: ProcedureDefinition, query: str
) -> list[KnownRecord] | None:
    """The records a form of *procedure* can be about, by a register number or a name."""
    fill = FILLS.get(procedure.code)
    if fill is None:
        return None
    if not query:
        return []
    number = number_key(query)
    asked = {"number": number} if number else {"name": query}
    rows = await standing(session, await session.run(search.records(**asked)))
    found = [(row, fill(row["kind"], row, session.tenant_name)) for row in rows]
    return [_known(row, answers) for row, answers in found if answers is not None]


async def standing(session: AskedSession, rows: list[Row]) -> list[Row]:
    """*rows* of records, each as it stands after what was corrected in it."""
    if not rows:
        return []
    lines = await session.run(search.history(*(row["id"] for row in rows)))
    return [
        as_it_stands(row, [line for line in lines if line["record_id"] == row["id"]])
        for row in rows
    ]


def as_it_stands(row: Row, lines: list[Row]) -> Row:
    """A record with the people its history tells now, the oldest line first.

    A correction says in free words what was and what is. Where the words before are just
    what the record says of one person, those after take their place; others change nothing.
    """
    now = dict(row)
    for line in lines:
        fitting = {
            column: read(line["after"])
            for column, read in _CORRECTABLE.items()
            if _same(now[column], read(line["before"]))
        }
        if len(fitting) == 1 and all(fitting.values()):
            now |= fitting
    return now


def _same(said: str, before: str) -> bool:
    return bool(before) and search_key(said) == search_key(before)


def _day(text: str) -> str:
    """A day or a year, as it is kept; nothing where *text* is neither."""
    told = text.strip()
    if _YEAR.fullmatch(told):
        return told
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        with contextlib.suppress(ValueError):
            return dt.datetime.strptime(told, form).date().isoformat()  # noqa: DTZ007 - a day has no zone
    return ""


_YEAR = re.compile(r"[0-9]{4}")
_CORRECTABLE: dict[str, Callable[[str], str]] = {
    f"{side}_{part}": read
    for side in ("subject", "other")
    for part, read in (("name", str.strip), ("id_number", str.strip), ("birth", _day))
}


def extract(kind: str, row: Row, commune: str) -> Row | None:
    """The form of 2.000635, filled in; the officer adds purpose and number of copies."""
    if kind not in EVENT_TYPES:
        return None
    return {
        "event_type": EVENT_TYPES[kind],
        "subject": _person(row, "subject"),
        "registered_at": f"Ủy ban nhân dân {commune}",
        "register_date": row["registered_on"].isoformat(),
        "register_no": _number(row),
    }


def _confirmation(kind: str, row: Row, commune: str) -> Row | None:
    """The form of 2.002516."""
    if kind not in EVENT_TYPES:
        return None
    day = f"{row['registered_on']:%d/%m/%Y}"
    return {
        "event_kind": CONFIRMED.get(kind, EVENT_TYPES[kind]),
        "subject": _person(row, "subject"),
        "registered_at": f"Ủy ban nhân dân {commune}, ngày {day}",
    }


def _correction(kind: str, row: Row, commune: str) -> Row | None:
    """The form of 1.004859: whose record, and by which words it will be found again."""
    del commune
    if kind == "correction":
        return None
    told = (KIND_BOOKS[kind], f"số {_number(row)}" if _number(row) else "")
    return {"subject": _person(row, "subject"), "register_reference": ", ".join(filter(None, told))}


def _ending(kind: str, row: Row, commune: str) -> Row | None:
    """The form of 1.004845."""
    del commune
    if kind != "guardianship":
        return None
    people = {"ward": _person(row, "subject"), "guardian": _person(row, "other")}
    return {**people, "guardianship_no": _number(row)}


FILLS: dict[str, Callable[[str, Row, str], Row | None]] = {
    "2.000635": extract,
    "2.002516": _confirmation,
    "1.004859": _correction,
    "1.004845": _ending,
}
"""What is filled in from a record, by procedure; ``None`` where the record does not fit it."""


def _known(row: Row, answers: Row) -> KnownRecord:
    told = (KINDS[row["kind"]], row["subject_name"], _date(row), _number(row))
    return KnownRecord(
        key=f"{row['kind']}-{row['id']}",
        title=", ".join(each for each in told if each),
        dossier_id=row["dossier_id"],
        answers=answers,
    )


def _person(row: Row, side: str) -> Row:
    told = {part: row[f"{side}_{part}"] for part in ("name", "id_number", "birth")}
    return {part: value for part, value in told.items() if value}


def _warning(row: Row) -> Problem:
    return Problem(
        code=f"civil_status.duplicate-{row['kind']}",
        severity=Severity.WARNING,
        told={
            "name": " – ".join(filter(None, (row["subject_name"], row["other_name"]))),
            "date": _date(row) or "–",
            "number": _number(row) or "–",
            "dossier": row["dossier_code"],
        },
    )


def _number(row: Row) -> str:
    number: str = row["official_number"] or row["reserved_number"] or ""
    return number


def _date(row: Row) -> str:
    """The day of the event, or of the birth of whom it is about, as people write it."""
    day = row["event_date"]
    if day is not None:
        return f"{day:%d/%m/%Y}"
    return "/".join(reversed(row["subject_birth"].split("-")))
