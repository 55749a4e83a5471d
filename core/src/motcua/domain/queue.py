"""The queue of a one-stop shop: lines under letters, windows that call from them.

A ticket says a letter and a number, ``A012``. The numbers of a letter begin anew each
day and leave no gap.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

Letter = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]$")]
"""What a line is called on tickets and on the board."""


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """People who wait for the same kind of business.

    Attributes:
        letter: Its letter.
        name: What it is for, as the ticket machine says it: ``Chứng thực``.
    """

    letter: Letter
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class Window(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place at the counter to which people are called.

    Attributes:
        name: As the sign above it says: ``Quầy 2``.
        letters: The lines it serves; none: all.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=30)]
    letters: tuple[Letter, ...] = ()


class Queue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a unit queues."""

    lines: Annotated[tuple[Line, ...], msgspec.Meta(min_length=1, max_length=9)]
    windows: Annotated[tuple[Window, ...], msgspec.Meta(min_length=1, max_length=30)]

    def line(self, letter: str) -> Line | None:
        """The line called *letter*."""
        return next((each for each in self.lines if each.letter == letter), None)

    def window(self, name: str) -> Window | None:
        """The window called *name*."""
        return next((each for each in self.windows if each.name == name), None)

    def served_at(self, name: str) -> tuple[str, ...]:
        """The letters that are called to the window called *name*."""
        found = self.window(name)
        own = found.letters if found else ()
        return tuple(each.letter for each in self.lines if not own or each.letter in own)

    @property
    def sound(self) -> bool:
        """Whether no letter or window is there twice, and windows serve lines there are."""
        letters = [each.letter for each in self.lines]
        names = [each.name for each in self.windows]
        known = {letter for each in self.windows for letter in each.letters} <= set(letters)
        return known and len(set(letters)) == len(letters) and len(set(names)) == len(names)


def queue_of(settings: Mapping[str, Any]) -> Queue | None:
    """The queue in effective *settings*; ``None`` where people simply stand in line."""
    told = settings.get("queue")
    return None if told is None else msgspec.convert(told, Queue)


def ticket_code(letter: str, number: int) -> str:
    """What a ticket says: ``A012``."""
    return f"{letter}{number:03d}"
