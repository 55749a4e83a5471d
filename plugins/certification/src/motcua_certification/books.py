"""The books of certification (art. 13): dated rows, and the symbol a commune prints."""

import datetime as dt
import functools
from typing import Literal

from motcua_certification.dated import Dated, in_force, rows
from motcua_certification.settings import CertificationSettings

Kind = Literal["copy", "electronic", "signature", "translator", "transaction"]


class Book(Dated, frozen=True, kw_only=True):
    """One book while it holds.

    Attributes:
        title: As a definition names it; electronic copies share it with copies on paper.
        symbol: Printed with each number.
    """

    kind: Kind
    title: str
    symbol: str


@functools.cache
def books() -> tuple[Book, ...]:
    """Every book of ``papers/books.toml``."""
    return rows("books.toml", "book", Book)


def kind_of(title: str) -> Kind:
    """Which book a definition means by *title*; copies on paper before electronic ones.

    Raises:
        LookupError: no book is called so.
    """
    found = next((each.kind for each in books() if each.title == title), None)
    if found is None:
        raise LookupError(f"no book of certification is called {title!r}")
    return found


def symbol(kind: Kind, day: dt.date, settings: CertificationSettings) -> str:
    """The symbol of a book on *day*: the tenant's own, or else that of the data.

    Raises:
        LookupError: there was no such book that day.
    """
    own: str = getattr(settings, f"symbol_{kind}")
    found = in_force((each for each in books() if each.kind == kind), day)
    if not own and found is None:
        raise LookupError(f"no book {kind!r} of certification on {day}")
    return own or (found.symbol if found else "")
