"""What stands above a signature: dated rows, chosen by capacity and day (rules of Decree 30)."""

import datetime as dt
import functools

from motcua.plugin import Capacity
from motcua_certification.dated import Dated, in_force, rows


class Block(Dated, frozen=True, kw_only=True):
    """The lines above the signature of somebody in one capacity.

    Attributes:
        lines: Each a line; ``{title}`` is the signer's title.
    """

    capacity: Capacity
    lines: tuple[str, ...]

    def written(self, title: str) -> list[str]:
        """The lines for a signer of that *title*."""
        return [line.format(title=title) for line in self.lines]


@functools.cache
def blocks() -> tuple[Block, ...]:
    """Every block of ``papers/blocks.toml``."""
    return rows("blocks.toml", "block", Block)


def block_for(capacity: Capacity, day: dt.date) -> Block | None:
    """The block of *capacity* on *day*; ``None``: nobody in it may certify that day."""
    return in_force((each for each in blocks() if each.capacity is capacity), day)
