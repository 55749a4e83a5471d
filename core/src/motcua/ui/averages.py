"""The averages of what people answered, as they are written."""

from motcua.plugin.texts import text
from motcua.services.follow import QUESTIONS
from motcua.services.ratings import FEWEST, Average, Averages
from motcua.ui.format import decimal, number, percent
from motcua.ui.table import Cell, Row

COLUMNS = ("question", "mean", "good", "answered")


def columns() -> list[tuple[str, str]]:
    """The heads of the table of questions."""
    return [(text(f"ratings.of.{name}"), "" if name == "question" else "num") for name in COLUMNS]


def lines(averages: Averages) -> list[Row]:
    """A line a question: its average, the share of good answers, how many answered."""
    return [_line(name, averages[name]) for name in QUESTIONS]


def mean(found: Average | None) -> str:
    """The average of levels, one to three, or of visits; a dash where there is none."""
    return "–" if found is None or found.mean is None else decimal(found.mean)


def short(found: Average | None) -> str:
    """The average, or for yes and no the share of good answers."""
    return mean(found) if found is None or found.mean is not None else percent(found.good)


def _line(name: str, found: Average | None) -> Row:
    answered = number(found.answered) if found else text("ratings.few", fewest=FEWEST)
    told = (mean(found), percent(found.good if found else None), answered)
    return (
        Cell(text(f"rating.{name}")),
        *(
            Cell(words, text(f"ratings.of.{column}"), css="num")
            for column, words in zip(COLUMNS[1:], told, strict=True)
        ),
    )
