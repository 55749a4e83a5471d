"""Reserving the numbers that certification texts are printed with."""

from collections.abc import Sequence
from uuid import UUID

from motcua.domain.dossier import transition
from motcua.domain.life import Act, Actor, step
from motcua.services.hooks import watched
from motcua.services.house import Desk, House
from motcua.services.ledger import event_row, life_of, with_life
from motcua.services.lines import live
from motcua.services.numbering import asked, booked
from motcua.services.receive import UnknownDossierError
from motcua.services.rules import rules_for
from motcua.storage import books
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow, RegisterRow
from motcua.storage.work import Work, work

_PRINTED = "T30"


async def reserve(
    house: House, desk: Desk, actor: Actor, dossier_ids: Sequence[UUID]
) -> dict[UUID, list[RegisterRow]]:
    """Reserve the numbers the texts of some dossiers are printed with (T30), all at once.

    A dossier that has its numbers keeps them, so a text can be printed again. A
    procedure without a book gives an empty list.

    Returns:
        The lines of each dossier that are reserved or issued, in the order they were asked for.

    Raises:
        UnknownDossierError: this tenant has not all of the dossiers.
        StepNotAllowedError: one needs a number and is not where its text is printed.
        RoleNotAllowedError: the actor may not reserve numbers.
        BookClosedError: a book that is needed is closed.
        PluginFailedError: a plugin that had to decide failed.
    """
    async with watched(house, desk), work(house.engine, desk.id) as writing:
        locked = await store.lock(writing, set(dossier_ids))
        for each in dossier_ids:
            if each not in locked:
                raise UnknownDossierError(dossier=str(each))
        stored = await books.lines_of(writing, locked)
        act = Act(transition=_PRINTED, at=house.now(), by=actor)
        before = [row for row in locked.values() if _lacks(house, desk, row, stored[row.id])]
        after = [_stepped(house, desk, row, act) for row in before]
        made = await booked(house, desk, writing, [(row, act) for row in after])
        role = actor.acting(transition(_PRINTED).roles) or ""
        rows, events = [], []
        for was, row, one in zip(before, after, made, strict=True):
            told = one.told(one.lines)
            saved, event = event_row(row, was, act, role, told, house.entropy(16))
            rows.append(saved)
            events.append(event)
            stored[row.id] = list(one.lines)
        if rows:
            entries = [line for one in made for line in one.new]
            await store.save(writing, rows, events, entries=entries)
    return {each: live(stored[each]) for each in dossier_ids}


async def reserved(
    house: House, desk: Desk, reading: Work, rows: Sequence[DossierRow]
) -> dict[UUID, list[RegisterRow]]:
    """The lines of those of *rows* that lack no number, as :func:`reserve` gives them."""
    stored = await books.lines_of(reading, [row.id for row in rows])
    complete = [row.id for row in rows if not _lacks(house, desk, row, stored[row.id])]
    return {each: live(stored[each]) for each in complete}


def _lacks(house: House, desk: Desk, row: DossierRow, lines: Sequence[RegisterRow]) -> bool:
    """Whether a dossier still lacks a number it is to have."""
    if row.outcome == "negative":
        return False
    if not lines:
        return bool(asked(house, desk, row, house.now()))
    return len(live(lines)) < len({each.line for each in lines})


def _stepped(house: House, desk: Desk, row: DossierRow, act: Act) -> DossierRow:
    """The dossier after its texts are printed."""
    rules = rules_for(desk, house.catalogue.version(row.version_id))
    return with_life(row, step(life_of(row), act, rules), desk.calendar)
