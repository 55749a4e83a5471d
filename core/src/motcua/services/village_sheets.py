"""Entering the sheets of a village day: every line a later entry, all of them or none."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Actor
from motcua.domain.money import Way
from motcua.registry.dispatch import PluginBlockedError
from motcua.services import blocks, offers, village_days, village_signers
from motcua.services.book_rights import ENTER, require
from motcua.services.histories import HistoryEvent
from motcua.services.hooks import watched
from motcua.services.house import Desk, House
from motcua.services.replay import ImpossibleEventError
from motcua.services.village_days import Number, Sheet, VillageDay
from motcua.services.village_signers import MaySign
from motcua.storage.errors import StorageError
from motcua.storage.work import Work, work

STEPS = ("T02", "T08", "T16", "T18", "T19", "T20")
"""What is done in one sitting at the table, at the time the line says."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it stands on the sheet.

    Attributes:
        at: When it was signed and handed over.
        signer: Who signed, by name.
        paid: How it was paid; none: it is still to be paid.
    """

    number: int
    at: dt.time
    signer: str
    applicant: dict[str, Any]
    answers: dict[str, Any] = {}
    paid: Way | None = Way.CASH


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a line, or what is wrong with it."""

    number: int
    code: str = ""
    dossier: UUID | None = None
    faults: list[Any] = []


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What an entered line says of who asked for what."""

    applicant: dict[str, Any]
    answers: dict[str, Any]


class NotSavedError(MotCuaError):
    """Lines were not saved, as some have faults.

    Attributes:
        results: What is wrong, or nothing, of each line.
    """

    code = "village.not-saved"

    def __init__(self, results: list[Result]) -> None:
        """Keep the *results* of all lines."""
        self.results = results
        super().__init__(faulty=sum(bool(each.faults) for each in results))


async def check(
    house: House, desk: Desk, actor: Actor, id_: UUID, block: UUID, lines: Sequence[Line]
) -> list[Result]:
    """What is wrong with *lines*; nothing is written, and nobody waits for it.

    Raises:
        RoleNotAllowedError: the actor is not at the reception desk.
        UnknownVillageDayError: the tenant has no such day with such a sheet.
    """
    require(actor, ENTER)
    async with watched(house, desk), work(house.engine, desk.id) as reading:
        day = await village_days.one(reading, id_)
        return await _looked(house, desk, reading, day, sheet_of(day, block), lines)


async def enter(
    house: House, desk: Desk, actor: Actor, id_: UUID, block: UUID, lines: Sequence[Line]
) -> list[Result]:
    """Enter the lines of a sheet with their true times: all of them, or none.

    Raises:
        RoleNotAllowedError: the actor is not at the reception desk.
        UnknownVillageDayError: the tenant has no such day with such a sheet.
        VillageDayClosedError: it is closed.
        NotSavedError: a line has faults; tells all of them.
        PluginBlockedError: a plugin that has to act fails.
    """
    require(actor, ENTER)
    entering = work(house.engine, desk.id)
    async with watched(house, desk), entering as writing, house.engine.attempt():
        day = await village_days.locked(writing, id_)
        sheet = sheet_of(day, block)
        results = await _looked(house, desk, writing, day, sheet, lines)
        if not any(each.faults for each in results):
            ordered = sorted(lines, key=lambda each: each.number)
            results = [await _tried(house, desk, actor, day, sheet, each) for each in ordered]
        if any(each.faults for each in results):
            raise NotSavedError(results)
        return results


async def _looked(
    house: House, desk: Desk, reading: Work, day: VillageDay, sheet: Sheet, lines: Sequence[Line]
) -> list[Result]:
    """What is wrong with each line, in the order of their numbers."""
    able: dict[dt.time, list[MaySign]] = {}
    results = []
    for line in sorted(lines, key=lambda each: each.number):
        if line.at not in able:
            moment = dt.datetime.combine(day.day, line.at, VN)
            able[line.at] = await village_signers.at(reading, moment)
        faults = _used(sheet, line) or [
            *_signing(house, desk, day, sheet, line, able[line.at]),
            *_possible(house, desk, day, sheet, line),
        ]
        results.append(Result(number=line.number, faults=faults))
    return results


def _used(sheet: Sheet, line: Line) -> list[FieldFault]:
    """That the number is none of the sheet, or no longer unused."""
    found = next((each for each in sheet.numbers if each.number == line.number), None)
    if found is None:
        return [FieldFault("numbers", "register.not-in-block", options=str(line.number))]
    return [] if found.status == "reserved" else [_entered(found)]


def _signing(
    house: House, desk: Desk, day: VillageDay, sheet: Sheet, line: Line, able: Sequence[MaySign]
) -> list[FieldFault]:
    """That whoever signed might not sign that then."""
    definition = offers.on_day(house, sheet.procedure, day.day)
    moment = dt.datetime.combine(day.day, line.at, VN)
    return village_signers.against(house, desk, definition, able, line.signer, moment, day.officer)


def _possible(
    house: House, desk: Desk, day: VillageDay, sheet: Sheet, line: Line
) -> list[FieldFault]:
    """What the rules of the desk refuse of a line."""
    key, entry = (sheet.book, sheet.year), _entry(day, sheet, line)
    try:
        blocks.require_possible(house, desk, sheet.block, key, sheet.reserved_at, entry)
    except MotCuaError as error:
        return _of_line(error)
    return []


async def said(house: House, desk: Desk, actor: Actor, block: UUID) -> dict[int, Said]:
    """What the entered lines of a sheet say, by number: for those that say the same.

    Raises:
        RoleNotAllowedError: the actor is not at the reception desk.
    """
    require(actor, ENTER)
    async with work(house.engine, desk.id) as reading:
        rows = await reading.fetch(_SAID, desk.id, block)
    return {row["number"]: msgspec.json.decode(row["said"], type=Said) for row in rows}


def sheet_of(day: VillageDay, block: UUID) -> Sheet:
    """The sheet of a *day* that has a block.

    Raises:
        UnknownVillageDayError: there is none.
    """
    found = next((each for each in day.sheets if each.block == block), None)
    if found is None:
        raise village_days.UnknownVillageDayError(day=str(block))
    return found


async def _tried(
    house: House, desk: Desk, actor: Actor, day: VillageDay, sheet: Sheet, line: Line
) -> Result:
    """Enter one line; what stands against it undoes it alone."""
    try:
        async with house.engine.attempt():
            entry = _entry(day, sheet, line)
            done = await blocks.enter(house, desk, actor, sheet.block, entry)
    except MotCuaError as error:
        return Result(number=line.number, faults=_of_line(error))
    return Result(number=line.number, code=done.code or "", dossier=done.id)


def _of_line(error: MotCuaError) -> list[FieldFault]:
    """What is wrong with a line.

    Raises:
        MotCuaError: *error* is no fault of a line.
    """
    if isinstance(error, PluginBlockedError | StorageError):
        raise error
    if isinstance(error, ImpossibleEventError):
        return _at_time(error.cause)
    return list(error.faults) if isinstance(error, InvalidAnswersError) else [_told("", error)]


def _entry(day: VillageDay, sheet: Sheet, line: Line) -> blocks.LaterEntry:
    """A line as a later entry: everything happened at its time."""
    at = dt.datetime.combine(day.day, line.at, VN)
    name = str(line.applicant.get("name", ""))
    data = {"T20": {"received_by": name, "way": "counter"}}
    return blocks.LaterEntry(
        procedure=sheet.procedure,
        applicant=line.applicant,
        answers=line.answers,
        events=[
            HistoryEvent(
                transition=step,
                at=at,
                by=line.signer if step == "T18" else day.officer,
                data=data.get(step, {}),
            )
            for step in STEPS
        ],
        numbers=(line.number,),
        paid=line.paid,
    )


def _entered(number: Number) -> FieldFault:
    """Somebody was faster: the line is entered, or its number is void."""
    if number.status == "void":
        return FieldFault("", "village.void-number", number=number.number, reason=number.reason)
    told = {"number": number.number, "dossier": number.code, "name": number.name}
    return FieldFault("", "village.entered", **told)


def _at_time(cause: MotCuaError) -> list[FieldFault]:
    """What is wrong about the time of a line, or about what was done at it."""
    if isinstance(cause, InvalidAnswersError):
        return list(cause.faults)
    return [_told("at", cause)]


def _told(field: str, error: MotCuaError) -> FieldFault:
    told = {name: value for name, value in error.fields.items() if name not in ("field", "code")}
    return FieldFault(field, error.code, **told)


_SAID = """
select e.number, json_build_object('applicant', d.applicant, 'answers', d.answers)::text as said
from register_entry e join dossier d on d.tenant_id = e.tenant_id and d.id = e.dossier_id
where e.tenant_id = $1 and e.block_id = $2
"""
