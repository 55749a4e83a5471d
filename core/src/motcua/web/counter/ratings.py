"""What people said of the unit's work and wrote beside it, for whoever leads it."""

import datetime as dt
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import get
from litestar.params import FromQuery, QueryParameter
from litestar.response import Response

from motcua.plugin.texts import text
from motcua.services.follow import QUESTIONS
from motcua.services.rating_notes import PAGE, Note, notes
from motcua.services.ratings import FEWEST, Month, by_month
from motcua.ui import averages
from motcua.ui.format import capital, first_words, number
from motcua.ui.table import Cell, Row
from motcua.web.counter.frame import TheCounter
from motcua.web.forms.typed import whole

Word = Annotated[str, QueryParameter(name="thang")]
_LONGEST_NAME = 56
_FURTHEST = 1000
"""The last page of notes that can be asked for."""


@get("/so-lieu/danh-gia")
async def show(
    counter: TheCounter, thang: Word = "", thu_tuc: FromQuery[str] = "", trang: FromQuery[str] = ""
) -> Response[Any]:
    """The averages of the eight questions, month by month and together, and what was written."""
    house, desk, actor = counter.house, counter.desk, counter.actor
    said = await by_month(house, desk, actor)
    page = min(max(whole(trang) or 1, 1), _FURTHEST)
    month = _month(thang)
    found = await notes(house, desk, actor, month, thu_tuc, page)
    chosen = {"thang": f"{month:%Y-%m}" if month else "", "thu_tuc": thu_tuc}
    return await counter.page(
        "ratings.html",
        current="figures",
        fewest=FEWEST,
        together=averages.lines(said.averages) if said.months else [],
        together_columns=averages.columns(),
        columns=[
            (text(f"ratings.col.{name}"), "" if name == "month" else "num")
            for name in ("month", "count", *QUESTIONS)
        ],
        rows=[_row(each) for each in said.months],
        notes=[(each.words, _place(each)) for each in found.notes],
        count=found.count,
        months=[(f"{each:%Y-%m}", _named(each)) for each in found.months],
        procedures=[(code, first_words(name, _LONGEST_NAME)) for code, name in found.procedures],
        chosen=chosen,
        before=_address(chosen, page - 1) if page > 1 else "",
        following=_address(chosen, page + 1) if found.count > page * PAGE else "",
    )


def _month(word: str) -> dt.date | None:
    """The first day of the month *word* means, ``2026-10``; none for anything else."""
    try:
        return dt.date.fromisoformat(f"{word}-01")
    except ValueError:
        return None


def _address(chosen: dict[str, str], page: int) -> str:
    asked = {name: value for name, value in chosen.items() if value}
    return f"?{urlencode(asked | {'trang': page})}#gop-y"


def _named(month: dt.date) -> str:
    return capital(text("dashboard.month", number=month.month, year=month.year))


def _place(note: Note) -> str:
    """Of which month and procedure a note is, where that may be told."""
    if note.month is None:
        return text("ratings.notes.unplaced")
    return f"{_named(note.month)} · {note.procedure}"


def _row(month: Month) -> Row:
    few = text("ratings.few", fewest=FEWEST)
    count = few if month.count is None else number(month.count)
    return (
        Cell(_named(month.first)),
        Cell(count, text("ratings.col.count"), css="num"),
        *(
            Cell(
                averages.short(found),
                text(f"ratings.col.{name}"),
                css="num",
                note=text("ratings.answered", count=number(found.answered)) if found else "",
            )
            for name, found in month.averages.items()
        ),
    )
