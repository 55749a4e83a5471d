"""Cells of a table that turns into cards on a phone."""

import msgspec


class Cell(msgspec.Struct, frozen=True):
    """One cell; the first of a row is the row's head.

    Attributes:
        words: What stands in it.
        label: What the number means, shown beside it on a card.
        href: Where it leads.
        css: ``num`` for numbers.
        note: What stands small below the words.
        more: Links after the note, as words and address; without one, only words.
    """

    words: str
    label: str = ""
    href: str = ""
    css: str = ""
    note: str = ""
    more: tuple[tuple[str, str], ...] = ()


Row = tuple[Cell, ...]
