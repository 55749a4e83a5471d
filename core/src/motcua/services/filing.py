"""Numbering replayed histories and writing them: in bulk, or one entered later.

Codes are given in the order of reception, lines of books in the order in which
their numbers were taken.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from motcua.services.house import Desk, House, applicant_key
from motcua.services.ledger import figures, merged
from motcua.services.numbering import wanted
from motcua.services.replay import SALT_LENGTH, Replayed, chain
from motcua.storage import books
from motcua.storage import dossiers as store
from motcua.storage.books import Key, Taken
from motcua.storage.bulk import insert_many
from motcua.storage.rows import (
    DocumentRow,
    DossierRow,
    EventRow,
    FeeRow,
    FigureRow,
    RegisterRow,
)
from motcua.storage.work import Work


async def give_codes(writing: Work, desk: Desk, replayed: Sequence[Replayed]) -> None:
    """Give each history its codes, in the order of reception."""
    received = sorted(
        (each for each in replayed if each.row.received_at is not None),
        key=lambda each: (each.row.received_at, each.row.external_id),
    )
    begun = sorted(
        (each for each in replayed if each.begun_at is not None),
        key=lambda each: (each.begun_at, each.row.external_id),
    )
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for each in received:
        counts["dossier", _yymmdd(each.received_day)] += 1
    for each in begun:
        counts["temporary", _yymmdd(each.begun_day)] += 1
    taken = await store.take_numbers(writing, counts)
    numbers = {key: iter(found) for key, found in taken.items()}
    for each in begun:
        day = _yymmdd(each.begun_day)
        code = f"T-{day}-{next(numbers['temporary', day]):04d}"
        each.row = msgspec.structs.replace(each.row, temporary_code=code)
    for each in received:
        _give_code(each, desk, next(numbers["dossier", _yymmdd(each.received_day)]))


def _give_code(each: Replayed, desk: Desk, number: int) -> None:
    day = each.received_day
    assert day is not None, "only received dossiers get a code"  # noqa: S101 - sorted out before
    code = f"{desk.unit_code(day)}-{_yymmdd(day)}-{number:04d}"
    each.row = msgspec.structs.replace(
        each.row, code=code, applicant_key=applicant_key(each.row.applicant, code)
    )
    for one in each.steps:
        if one.act.transition in {"T02", "T03"}:
            one.told["code"] = code


async def give_numbers(writing: Work, replayed: Sequence[Replayed]) -> None:
    """Give the lines of each history the next numbers of their books.

    Raises:
        BookClosedError: a book is closed.
    """
    steps = [one for each in replayed for one in each.steps if one.booked.taken]
    number(replayed, await books.take(writing, wanted(one.booked for one in steps)))


def number(replayed: Iterable[Replayed], taken: Mapping[Key, Taken]) -> None:
    """Give the numbers *taken* out in the order of time, and let the events tell them."""
    numbers = {key: iter(each.numbers) for key, each in taken.items()}
    takes = [
        (one.act.at, each.row.external_id or "", one, each)
        for each in replayed
        for one in each.steps
        if one.booked.taken
    ]
    for _, _, one, each in sorted(takes, key=lambda take: take[:2]):
        for place in one.booked.taken:
            key = (each.lines[place].register, each.lines[place].year)
            each.lines[place] = msgspec.structs.replace(
                each.lines[place], number=next(numbers[key]), volume=taken[key].volume
            )
    for each in replayed:
        for one in each.steps:
            one.told |= one.booked.told(each.lines)


async def write(house: House, writing: Work, replayed: Sequence[Replayed]) -> None:
    """Write numbered histories, all but their lines in books and their figures."""
    dossiers: list[DossierRow] = []
    events: list[EventRow] = []
    for each in replayed:
        chained = chain(each, house.entropy(SALT_LENGTH * len(each.steps)))
        dossiers.append(msgspec.structs.replace(each.row, head=chained[-1].hash))
        events += chained
    await insert_many(writing, "dossier", DossierRow, dossiers)
    await insert_many(writing, "dossier_event", EventRow, events)
    fees = [fee for each in replayed for fee in each.fees]
    await insert_many(writing, "fee_line", FeeRow, fees)
    documents = [document for each in replayed for document in each.documents]
    await insert_many(writing, "dossier_document", DocumentRow, documents)


async def write_lines(writing: Work, replayed: Sequence[Replayed]) -> None:
    """Write the lines histories took in the books."""
    lines = [line for each in replayed for line in each.lines]
    await insert_many(writing, "register_entry", RegisterRow, lines)


async def add_figures(writing: Work, desk: Desk, replayed: Sequence[Replayed]) -> None:
    """Add the histories to the daily figures."""
    counted: list[FigureRow] = []
    for each in replayed:
        row = each.row
        if row.received_at is None:
            continue
        running = msgspec.structs.replace(row, finished_at=None, mistake=False)
        counted += figures(desk.province_id, None, running)
        if row.finished_at is not None:
            counted += figures(desk.province_id, running, row)
    await store.write(writing, store.Reception(figures=merged(counted)))


def _yymmdd(day: dt.date | None) -> str:
    assert day is not None, "asked only where there is a day"  # noqa: S101 - sorted out before
    return day.strftime("%y%m%d")
