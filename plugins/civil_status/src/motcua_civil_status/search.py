"""Finding records: one question over all tables of records.

Row-level security leaves the tenant's own; a name is looked for without accents,
in the record as it was made and in what it was corrected to.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from piccolo.table import Table

from motcua.plugin import search_key
from motcua_civil_status.records import number_key, stored_key
from motcua_civil_status.tables import RECORDS, BirthRecord, RecordHistory

MOST = 20
"""As many as a list shows; whoever finds more says more of the name."""

_COLUMNS = (
    "id, dossier_id, book, year, registered_on, dossier_code, official_number, official_key,"
    " reserved_number, reserved_key, subject_name, subject_key, subject_id_number, subject_birth,"
    " other_name, other_key, other_id_number, other_birth, event_date, place_line, place_unit"
)
_EVERY = " union all ".join(
    f"select '{kind}' as kind, {_COLUMNS} from {table._meta.tablename}"  # noqa: S608, SLF001 - names of our own tables, told by Piccolo
    for kind, table in RECORDS.items()
)
_FOUND = f"select * from ({_EVERY}) as found where "  # noqa: S608 - the same
_NEWEST = f" order by registered_on desc, id desc limit {MOST}"
_CORRECTED = (
    "exists (select 1 from civil_status_history h"
    " where h.record_id = found.id and h.after_key = {})"
)
_HAS = "strpos(subject_key, {}) > 0 or strpos(other_key, {}) > 0"
_PERHAPS = (
    "(nullif({}, '') = subject_id_number or nullif({}, '') = other_id_number"
    " or nullif({}, '') = subject_key or nullif({}, '') = other_key"
    " or id = any(array(select record_id from civil_status_history"
    " where after_key = nullif({}, ''))))"
)
"""Whom a number or a name may mean: of tables full of records an index finds the few."""


def by_number(text: str, name: str) -> Any:
    """The records numbered as *text* says that are about somebody called *name*."""
    number, key = number_key(text), search_key(name)
    return BirthRecord.raw(
        _FOUND
        + "kind <> 'correction' and {} in (official_key, reserved_key) and {} <> ''"
        + " and {} <> '' and ({} in (subject_key, other_key) or "
        + _CORRECTED
        + ")"
        + _NEWEST,
        number,
        number,
        key,
        key,
        key,
    )


def by_own_numbers(book: str, keys: Sequence[str]) -> Any:
    """The records of *book* that hold one of the numbers, issued or reserved."""
    return BirthRecord.raw(
        _FOUND + "book = {} and (official_key = any({}) or reserved_key = any({}))",
        book,
        list(keys),
        list(keys),
    )


def records(*, kind: str = "", number: str = "", name: str = "") -> Any:
    """The records that fit all that is told, the latest first.

    What is not told is not in the question: asked for "nothing, or this" the database would
    read every record.
    """
    key, stored = search_key(name), stored_key(number)
    told: list[tuple[str, list[str]]] = [("true", [])]
    if kind:
        told.append(("kind = {}", [kind]))
    if stored:
        told.append(("{} in (official_key, reserved_key)", [stored]))
    if key and stored:
        told.append((f"({_HAS} or {_CORRECTED})", [key] * 3))
    elif key:
        told.append(_named(kind, key))
    fitting = " and ".join(each for each, _ in told)
    values = [value for _, each in told for value in each]
    return BirthRecord.raw(_FOUND + fitting + _NEWEST, *values)


def _named(kind: str, key: str) -> tuple[str, list[str]]:
    """Whose name has a part in it, the newest of each table, or was corrected to it."""
    tables = [RECORDS[kind]] if kind in RECORDS else list(RECORDS.values())
    newest = " union all ".join(
        f"(select id from {table._meta.tablename} where {_HAS}{_NEWEST})"  # noqa: S608, SLF001 - names of our own tables, told by Piccolo
        for table in tables
    )
    corrected = "select record_id from civil_status_history where after_key = {}"
    ids = f"id = any(array({newest} union all {corrected}))"
    return ids, [key] * (2 * len(tables) + 1)


def duplicates(*, kind: str, name: str, date: str = "", id_number: str = "") -> Any:
    """Records that may be of the same event: the name without accents, and the date.

    Args:
        kind: The kind of record.
        name: Whom it is about.
        date: A day or a year, of the event or of a birth; a year alone, here or in a
            record, fits every day of that year. Without one the name decides.
        id_number: A number that decides by itself.
    """
    key = search_key(name)
    return BirthRecord.raw(
        _FOUND
        + "kind = {} and "
        + _PERHAPS
        + " and ({} in (subject_id_number, other_id_number) and {} <> ''"
        + " or {} = '' or starts_with(coalesce(event_date::text, ''), {})"
        + " or starts_with(subject_birth, {}) or starts_with(other_birth, {})"
        + " or left({}, 4) in (subject_birth, other_birth))"
        + _NEWEST,
        kind,
        *[id_number] * 2,
        *[key] * 3,
        *[id_number] * 2,
        *[date] * 5,
    )


def one(kind: str, record: uuid.UUID) -> Any:
    """The whole record."""
    table = RECORDS[kind]
    return table.select().where(key_of(table) == record)


def key_of(table: type[Table]) -> Any:
    """The key column of a table of records."""
    return table._meta.primary_key  # noqa: SLF001 - Piccolo's documented way to a key


def history(*records: uuid.UUID) -> Any:
    """What happened to one record or several, the oldest first."""
    return (
        RecordHistory.select()
        .where(RecordHistory.record_id.is_in(list(records)))
        .order_by(RecordHistory.at, RecordHistory.id)
    )
