"""How the fees of a visit are paid, as it was typed."""

import msgspec

from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.domain.money import Way, notes
from motcua.plugin.texts import text
from motcua.services.house import Desk
from motcua.services.payments import numbered
from motcua.web.forms.typed import Typed, number

TENDERED = "tien_dua"
LATER = "later"
WAYS = (Way.CASH.value, Way.TRANSFER.value, LATER)


def ways_of(desk: Desk) -> list[str]:
    """How it may be paid here; a transfer to the unit's account has a page of its own."""
    return [each for each in WAYS if each != Way.TRANSFER or not numbered(desk)]


class Cash(msgspec.Struct, frozen=True, kw_only=True):
    """What was said about paying.

    Attributes:
        way: ``cash``, ``transfer`` or ``later``.
        tendered: The notes that were handed over; ``None``: the exact amount.
    """

    way: str
    tendered: int | None = None

    def change(self, due: int) -> int | None:
        """What is handed back of the notes; below zero, what is missing."""
        return None if self.tendered is None else self.tendered - due


def cash_of(typed: Typed, channel: str) -> Cash:
    """How it is paid; what comes by post is paid later, unless it is said.

    Raises:
        InvalidAnswersError: what was handed over is no amount.
    """
    said = typed.get("tra", "")
    way = said if said in WAYS else LATER if channel == "post" else Way.CASH.value
    given = typed.get(TENDERED, "").strip()
    if not given or way != Way.CASH:
        return Cash(way=way)
    amount = number(given)
    if not isinstance(amount, int) or amount < 0:
        fault = FieldFault("tendered", "field.type", label=text("counter.pay.tendered"))
        raise InvalidAnswersError([fault])
    return Cash(way=way, tendered=notes(amount))
