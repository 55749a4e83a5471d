"""What people said of the unit's work, for whoever leads it."""

from typing import Any

from litestar import get
from litestar.response import Response

from motcua.plugin.texts import text
from motcua.services.follow import QUESTIONS
from motcua.services.ratings import FEWEST, Month, by_month
from motcua.ui.format import capital, decimal, number, percent
from motcua.ui.table import Cell, Row
from motcua.web.counter.frame import TheCounter


@get("/so-lieu/danh-gia")
async def show(counter: TheCounter) -> Response[Any]:
    """The averages of the eight questions by month."""
    months = await by_month(counter.house, counter.desk, counter.actor)
    return await counter.page(
        "ratings.html",
        current="figures",
        fewest=FEWEST,
        columns=[
            (text(f"ratings.col.{name}"), "" if name == "month" else "num")
            for name in ("month", "count", *QUESTIONS)
        ],
        rows=[_row(each) for each in months],
    )


def _row(month: Month) -> Row:
    few = text("ratings.few", fewest=FEWEST)
    count = few if month.count is None else number(month.count)
    named = text("dashboard.month", number=month.first.month, year=month.first.year)
    return (
        Cell(capital(named)),
        Cell(count, text("ratings.col.count"), css="num"),
        *(
            Cell(_average(name, month.averages[name]), text(f"ratings.col.{name}"), css="num")
            for name in QUESTIONS
        ),
    )


def _average(question: str, value: float | None) -> str:
    if question == "visits":
        return "–" if value is None else decimal(value)
    return percent(value)
