"""The table of units: its columns, its order, its lines and their sum."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from motcua.domain.names import sort_key
from motcua.plugin.texts import text
from motcua.services.supervision import Counts, Unit, total
from motcua.ui.format import decimal, number, percent
from motcua.web.supervision.frame import Seen

Value = int | float | None


def counted(value: int | None) -> str:
    """``12``, or a dash where nothing was counted yet."""
    return "–" if value is None else number(value)


def mean(value: float | None) -> str:
    """``2,7``, or a dash where hardly anybody said it."""
    return "–" if value is None else decimal(value)


class Column(msgspec.Struct, frozen=True):
    """One column of numbers: what it takes from a unit, and how that is written."""

    name: str
    of: Callable[[Unit], Value]
    words: Callable[[Any], str] = number


class Head(msgspec.Struct, frozen=True):
    """The head of a column: a link that sorts by it."""

    name: str
    label: str
    href: str
    sorted: str
    number: bool


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One number of a unit in the table.

    Attributes:
        href: Where it comes from; nothing for a number that is none.
        bar: A share to be drawn beside it.
        late: Whether it tells of overdue dossiers.
    """

    words: str
    href: str = ""
    bar: float | None = None
    late: bool = False


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One unit in the table."""

    unit: Unit
    href: str
    cells: tuple[Shown, ...]
    warnings: tuple[str, ...]


_ALWAYS = (
    Column("received", lambda unit: unit.counts.received),
    Column("done", lambda unit: unit.counts.done),
    Column("early", lambda unit: unit.counts.early),
    Column("on_time", lambda unit: unit.counts.on_time),
    Column("late", lambda unit: unit.counts.late),
    Column("in_time", lambda unit: unit.percent_in_time, percent),
    Column("online", lambda unit: unit.counts.percent_online, percent),
    Column("satisfied", lambda unit: unit.counts.satisfaction, mean),
)
_NOW = (
    *_ALWAYS,
    Column("overdue", lambda unit: unit.overdue, counted),
)
PARTS = {"in_time": "thang-f", "satisfied": "hai-long"}
"""The part of a unit's page a number comes from; most come from the table of procedures."""


def columns_of(seen: Seen) -> tuple[Column, ...]:
    """The columns of numbers: of now only where days reach until now, of ratings only of all."""
    found = _NOW if seen.now else _ALWAYS
    return tuple(each for each in found if not (seen.field and each.name == "satisfied"))


def names_of(seen: Seen) -> tuple[str, ...]:
    """All columns; what is to be looked at stands there only where days reach until now."""
    told = ("warnings",) if seen.now else ()
    return ("name", *(column.name for column in columns_of(seen)), *told)


def usual(seen: Seen) -> str:
    """The order of the table where none is asked for."""
    return "-overdue" if seen.now else "-received"


def heads(seen: Seen, order: str) -> list[Head]:
    """The heads, each leading to the table sorted by it; once more turns the order round."""
    made = []
    for name in names_of(seen):
        descending = order == f"-{name}" or (order != name and name not in ("name", "in_time"))
        turned = (
            name if order == f"-{name}" else f"-{name}" if order == name or descending else name
        )
        state = {name: "ascending", f"-{name}": "descending"}.get(order, "")
        href = f"{seen.address(xep=turned)}#bang"
        label = text(f"supervision.col.{name}")
        made.append(Head(name, label, href, state, number=name not in ("name", "warnings")))
    return made


def sorted_units(units: Sequence[Unit], order: str) -> list[Unit]:
    """*units* in the *order* asked for; what has no figure stands last."""
    name = order.removeprefix("-")
    by_name = sorted(units, key=lambda unit: sort_key(unit.name))
    if name == "name":
        return by_name[::-1] if order.startswith("-") else by_name
    of = _KEYS.get(name, _KEYS["received"])
    known = [unit for unit in by_name if of(unit) is not None]
    rest = [unit for unit in by_name if of(unit) is None]
    down = order.startswith("-") or name not in _KEYS
    return sorted(known, key=lambda unit: of(unit) or 0, reverse=down) + rest


_KEYS: dict[str, Callable[[Unit], Value]] = {
    **{column.name: column.of for column in _NOW},
    "warnings": lambda unit: len(warnings(unit)),
}


def lines(seen: Seen, units: Sequence[Unit]) -> list[Line]:
    """The lines of the table."""
    return [
        Line(
            unit=unit,
            href=seen.address(f"don-vi/{unit.slug}"),
            cells=cells(seen, unit),
            warnings=tuple(warnings(unit)),
        )
        for unit in units
    ]


def cells(seen: Seen, unit: Unit) -> tuple[Shown, ...]:
    """The numbers of one unit as they are written, each leading to where it comes from."""
    href = seen.address(f"don-vi/{unit.slug}") if unit.slug else ""
    return tuple(_shown(column, column.of(unit), href) for column in columns_of(seen))


def _shown(column: Column, value: Value, href: str) -> Shown:
    return Shown(
        words=column.words(value),
        href=f"{href}#{PARTS.get(column.name, 'thu-tuc')}" if href and value else "",
        bar=value if column.name == "in_time" and isinstance(value, float) else None,
        late=column.name == "overdue" and bool(value),
    )


def whole(units: Sequence[Unit], name: str = "") -> Unit:
    """All *units* as if they were one; what one that works has not counted, nobody knows."""
    unknown = any(unit.overdue_of is None and not unit.idle for unit in units)
    return Unit(
        id=0,
        slug="",
        name=name,
        ended=False,
        counts=total([unit.counts for unit in units]),
        today=total([unit.today for unit in units]),
        counted_at=min((unit.counted_at for unit in units if unit.counted_at), default=None),
        open=sum(unit.open for unit in units),
        overdue_of=None
        if unknown
        else tuple(each for one in units for each in one.overdue_of or ()),
        serves=any(unit.serves for unit in units),
        silent=sum(bool(unit.silent) for unit in units),
        never=False,
        signers_ended=sum(unit.signers_ended for unit in units),
        book_gaps=sum(unit.book_gaps for unit in units),
    )


def warnings(unit: Unit) -> list[str]:
    """What is out of order at a unit, in a few words each."""
    found = []
    if unit.overdue:
        found.append(text("supervision.overdue", count=unit.overdue))
    if unit.never:
        found.append(text("supervision.never"))
    if unit.silent:
        found.append(text("supervision.silent", days=unit.silent))
    if unit.signers_ended:
        found.append(text("supervision.signers", count=unit.signers_ended))
    if unit.book_gaps:
        found.append(text("supervision.gaps", count=unit.book_gaps))
    return found


def figures_of(name: str, counts: Counts, overdue: int | None, *, now: bool) -> tuple[str, ...]:
    """A row of a table of counts: what is overdue belongs to days that reach until *now*."""
    numbers = [counts.received, counts.done, counts.early, counts.on_time, counts.late]
    words = [number(each) for each in numbers] + [counted(overdue)] * now
    return (name, *words, percent(counts.percent_in_time(overdue)))
