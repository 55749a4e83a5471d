"""Numbers for the lines that steps of the live desk take in the books."""

import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from motcua.domain.answers import Answers
from motcua.domain.life import Act
from motcua.domain.report import local_day
from motcua.plugin.facts import BookLine
from motcua.services.house import Desk, House
from motcua.services.lines import TOUCHING, Booked, stepped
from motcua.storage import books
from motcua.storage.books import Key, Taken, Wanted
from motcua.storage.rows import DossierRow, RegisterRow
from motcua.storage.work import Work


async def booked(
    house: House, desk: Desk, writing: Work, steps: Sequence[tuple[DossierRow, Act]]
) -> list[Booked]:
    """What *steps* do in the books, numbered; the dossiers, as they are after them, are locked.

    Raises:
        InvalidAnswersError: a number to be made void is none of the dossier's.
        BookClosedError: a book they need is closed.
    """
    touching = [row.id for row, act in steps if act.transition in TOUCHING]
    stored = await books.lines_of(writing, touching) if touching else {}
    made = []
    for row, act in steps:
        had = stored.get(row.id)
        ask = functools.partial(asked, house, desk, row, act.at)
        made.append(Booked() if had is None else stepped(had, act, row, ask))
    taken = await books.take(writing, wanted(made))
    return numbered(made, taken)


def asked(house: House, desk: Desk, row: DossierRow, at: dt.datetime) -> Sequence[BookLine]:
    """The lines the plugin that owns the procedure wants for a dossier numbered *at* a moment."""
    lines: Sequence[BookLine] | None = house.registry.ask_owner(
        "register_entries",
        desk.plugins,
        house.catalogue.version(row.version_id).definition,
        answers=Answers(row.answers),
        day=local_day(at),
    )
    return lines or ()


def wanted(made: Iterable[Booked]) -> dict[Key, Wanted]:
    """How many numbers of each book the new lines need."""
    found: dict[Key, Wanted] = {}
    for one in made:
        for line in one.new:
            before = found.get((line.register, line.year), Wanted())
            found[line.register, line.year] = Wanted(
                count=before.count + 1, title=before.title or one.titles.get(line.register, "")
            )
    return found


def numbered(made: Iterable[Booked], taken: Mapping[Key, Taken]) -> list[Booked]:
    """*made* with the numbers *taken*, given out in their order."""
    numbers = {key: iter(each.numbers) for key, each in taken.items()}

    def given(line: RegisterRow) -> RegisterRow:
        key = (line.register, line.year)
        number, volume = next(numbers[key]), taken[key].volume
        return msgspec.structs.replace(line, number=number, volume=volume)

    return [
        msgspec.structs.replace(
            one,
            lines=[
                given(line) if place in one.taken else line for place, line in enumerate(one.lines)
            ],
        )
        for one in made
    ]
