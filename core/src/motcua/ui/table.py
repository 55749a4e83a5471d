"""Cells of a table that turns into cards on a phone."""

import msgspec


class Cell(msgspec.Struct, frozen=True):
    """One cell; the first of a row is the row's head.

    Attributes:
        words: What stands in it.
        label: What the number means, shown beside it on a card.
        href: Where it leads.
        css: ``num`` for numbers.
    """

    words: str
    label: str = ""
    href: str = ""
    css: str = ""


Row = tuple[Cell, ...]
