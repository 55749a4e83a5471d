"""The plugin's own addresses: records for extracts, and numbers as issued.

Lists are masked; a record is shown whole to those who make extracts of it.
"""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta

from motcua.plugin import AskedSession, MotCuaError, Role, masked, only, search_key
from motcua_civil_status import blocks, search
from motcua_civil_status.looking import as_it_stands, extract
from motcua_civil_status.records import stored_key
from motcua_civil_status.tables import RECORDS, RecordHistory

OFFICERS = (Role.RECEPTION, Role.FIELD, Role.LEADER, Role.CLERK)
"""Who meets records at work: for extracts at the desk, for the books, for a signature."""
KEEPERS = (Role.FIELD, Role.CLERK)
"""Who writes the official number down."""

Kind = Literal[
    "", "birth", "marriage", "death", "marital", "guardianship", "recognition", "correction"
]
OwnSession = NamedDependency[SkipValidation[AskedSession]]

SERIES = {"official": "số chính thức", "reserved": "số giữ chỗ"}
"""How a record's history calls the two kinds of number of the Ministry's."""


class UnknownRecordError(MotCuaError):
    """This tenant has no such record."""

    code = "civil_status.no-record"
    status = 404


class NumberTakenError(MotCuaError):
    """Another record of the same book holds that number."""

    code = "civil_status.number-taken"
    status = 409


class NumberMissingError(MotCuaError):
    """A number as issued is written down, never made here."""

    code = "civil_status.number-missing"


class ReasonMissingError(MotCuaError):
    """A number that was written down is replaced only for a reason."""

    code = "civil_status.number-reason"


class RecordLine(msgspec.Struct, frozen=True, kw_only=True):
    """A record in a list; identification numbers are masked."""

    kind: str
    id: uuid.UUID
    book: str
    registered_on: dt.date
    official_number: str | None
    reserved_number: str | None
    subject: str
    subject_birth: str
    subject_id_number: str
    other: str
    event_date: dt.date | None


class RecordList(msgspec.Struct, frozen=True):
    """Records, the latest first."""

    records: tuple[RecordLine, ...]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a record's history: what, before and after, when, by which decision."""

    at: dt.datetime
    what: str
    before: str
    after: str
    decision: str


class RecordView(msgspec.Struct, frozen=True, kw_only=True):
    """A record as an extract is made of it.

    Attributes:
        values: What was registered, as it was registered.
        history: What has changed since.
        extract: The form of 2.000635 filled in from the record, where it gives extracts.
    """

    kind: str
    id: uuid.UUID
    values: dict[str, Any]
    history: tuple[Change, ...]
    extract: dict[str, Any] | None


class RecordsSought(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which records are looked for; in a body, as no log of addresses may hold a name."""

    kind: Kind = ""
    number: Annotated[str, Meta(max_length=60)] = ""
    name: Annotated[str, Meta(max_length=200)] = ""


class NumberGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number of the Ministry's: issued by its system, or reserved while offline.

    Attributes:
        number: Word for word; left out for a reserved one, it is the next of the open block.
    """

    series: Literal["official", "reserved"]
    number: Annotated[str, Meta(max_length=60)] = ""
    reason: Annotated[str, Meta(max_length=500)] = ""


@post("/records/search", guards=[only(*OFFICERS)], status_code=HTTP_200_OK, exclude_from_csrf=True)
async def find(session: OwnSession, data: JSONBody[RecordsSought]) -> RecordList:
    """Records by kind, number and name, in any combination; nothing told finds nothing."""
    if not (search_key(data.name) or data.number.strip()):
        return RecordList(())
    query = search.records(kind=data.kind, number=data.number, name=data.name)
    return _listed(await session.run(query))


@get("/records/{kind:str}/{record:str}", guards=[only(*OFFICERS)])
async def one(session: OwnSession, kind: FromPath[str], record: FromPath[str]) -> RecordView:
    """One record with its history, and the extract it fills in."""
    row = await _row(session, kind, record)
    await session.log_read(row["dossier_id"])
    return await _view(session, kind, row)


@post(
    "/records/{kind:str}/{record:str}/number",
    guards=[only(*KEEPERS)],
    status_code=HTTP_200_OK,
    exclude_from_csrf=True,
)
async def give_number(
    session: OwnSession,
    kind: FromPath[str],
    record: FromPath[str],
    data: JSONBody[NumberGiven],
) -> RecordView:
    """Write down the number as it was issued, or take one out of a block, word for word."""
    await blocks.hold_book(session, kind)
    row = await _row(session, kind, record)
    before, number = row[f"{data.series}_number"] or "", data.number.strip()
    if number and number == before:
        return await _view(session, kind, row)
    if before and not data.reason.strip():
        raise ReasonMissingError(number=before)
    if data.series == "official" and not number:
        raise NumberMissingError
    number = number or await blocks.next_number(session, row)
    await _require_free(session, row, number, data.series)
    await _exchange_lines(session, kind, row, number, data)
    return await _written(session, kind, row, number, data)


HANDLERS = (find, one, give_number)


async def _row(session: AskedSession, kind: str, record: str) -> dict[str, Any]:
    """The record a path names; what is no id answers like an id that does not exist."""
    try:
        key = uuid.UUID(record)
    except ValueError:
        key = None
    rows = await session.run(search.one(kind, key)) if key and kind in RECORDS else []
    if not rows:
        raise UnknownRecordError
    return rows[0]


async def _require_free(
    session: AskedSession, row: dict[str, Any], number: str, series: str
) -> None:
    """Nobody else may hold *number*; one that was reserved only is free once it was replaced."""
    key = stored_key(number)
    for other in await session.run(search.by_own_numbers(row["book"], [key])):
        replaced = series == "official" and other["official_key"] not in (None, key)
        if other["id"] != row["id"] and not replaced:
            raise NumberTakenError(number=number, dossier=other["dossier_code"])


async def _exchange_lines(
    session: AskedSession, kind: str, row: dict[str, Any], number: str, given: NumberGiven
) -> None:
    """Take the line of *number* out of its block, and give up the line of the one before it.

    A number that the record goes on holding in its other series is not given up. An
    official number may come from anywhere; a reserved one only from a block.
    """
    other = "reserved" if given.series == "official" else "official"
    if row[f"{given.series}_key"] not in (None, row[f"{other}_key"]):
        await blocks.give_up(session, row, row[f"{given.series}_number"], given.reason.strip())
    if not await blocks.take_number(session, row, kind, number) and given.series == "reserved":
        raise blocks.NotReservedError(number=number)


async def _written(
    session: AskedSession, kind: str, row: dict[str, Any], number: str, given: NumberGiven
) -> RecordView:
    """Put *number* into the record and into its history, which keeps the one before it."""
    column, key = f"{given.series}_number", f"{given.series}_key"
    table = RECORDS[kind]
    values: dict[Any, Any] = {
        column: number,
        key: stored_key(number),
        "changed_at": session.now,
    }
    await session.run(table.update(values).where(search.key_of(table) == row["id"]))
    line = RecordHistory(
        tenant_id=session.tenant_id,
        id=uuid.uuid4(),
        record_kind=kind,
        record_id=row["id"],
        at=session.now,
        what=SERIES[given.series],
        before=row[column] or (row["reserved_number"] or ""),
        after=number,
        after_key="",
        decision=given.reason.strip(),
        dossier_id=None,
        by=session.actor.name,
    )
    await session.run(RecordHistory.insert(line))
    return await _view(session, kind, {**row, column: number})


def _listed(rows: list[dict[str, Any]]) -> RecordList:
    return RecordList(
        tuple(
            RecordLine(
                kind=row["kind"],
                id=row["id"],
                book=row["book"],
                registered_on=row["registered_on"],
                official_number=row["official_number"],
                reserved_number=row["reserved_number"],
                subject=row["subject_name"],
                subject_birth=row["subject_birth"],
                subject_id_number=masked(row["subject_id_number"]),
                other=row["other_name"],
                event_date=row["event_date"],
            )
            for row in rows
        )
    )


_INTERNAL = {"tenant_id", "id", "data", "created_at", "changed_at"}


async def _view(session: AskedSession, kind: str, row: dict[str, Any]) -> RecordView:
    lines = await session.run(search.history(row["id"]))
    values = {
        name: value
        for name, value in row.items()
        if name not in _INTERNAL and not name.endswith("_key")
    }
    declared = msgspec.json.decode(row["data"])
    return RecordView(
        kind=kind,
        id=row["id"],
        values={**values, "declared": declared},
        history=tuple(msgspec.convert(line, Change) for line in lines),
        extract=extract(kind, as_it_stands(row, lines), session.tenant_name),
    )
