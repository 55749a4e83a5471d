"""Money at the counter: change, what is still due, and a chain that shows what was altered."""

import datetime as dt
import enum
import hashlib
from collections.abc import Mapping

import msgspec

_canonical = msgspec.json.Encoder(order="deterministic")


class Way(enum.StrEnum):
    """How money changes hands."""

    CASH = "cash"
    TRANSFER = "transfer"


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """What one dossier costs, and what of it was paid.

    Attributes:
        charged: The sum of its fee lines, in VND.
        paid: What was taken for it, less what was given back.
        waived: Nothing is owed any more: withdrawn, refused, or paid before it was imported
            as returned.
    """

    charged: int = 0
    paid: int = 0
    waived: bool = False

    @property
    def due(self) -> int:
        """What is still to be paid."""
        return 0 if self.waived else max(0, self.charged - self.paid)

    @property
    def surplus(self) -> int:
        """What was paid and is not owed."""
        return max(0, self.paid - (0 if self.waived else self.charged))


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What the chain of a series protects of one payment.

    Attributes:
        parts: How much is for which dossier, by id.
    """

    kind: str
    number: int
    of: str | None
    amount: int
    way: str
    tendered: int | None
    change: int | None
    reason: str
    at: dt.datetime
    staff_id: int | None
    staff: str
    parts: Mapping[str, int]


def entry_hash(previous: bytes, entry: Entry) -> bytes:
    """The hash (32 bytes) of *entry*, chained to the one before it in its series."""
    at_utc = entry.at.astimezone(dt.UTC)
    body = _canonical.encode(msgspec.structs.replace(entry, at=at_utc))
    return hashlib.sha256(previous + body).digest()


LEAST_SAID = 1000
"""There are no notes below: a smaller number is said in thousands."""


def notes(said: int, exact: int | None = None) -> int:
    """What was handed over by who says *said*: ``20`` is 20,000 VND, as people speak.

    Args:
        said: What was typed.
        exact: What must be there; who types just that means it as it stands.
    """
    return said * 1000 if said < LEAST_SAID and said != exact else said


def spoken(amount: int) -> str:
    """*amount* as it stands in a sentence: ``12.000``."""
    return f"{amount:,}".replace(",", ".").replace("-", "\N{MINUS SIGN}")


def label(series: str, year: int, number: int) -> str:
    """The number as it stands on the receipt; without a series, a plain number of the year."""
    return f"{series}{'/' if series else ''}{year}-{number:06d}"
