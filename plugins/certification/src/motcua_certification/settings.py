"""What a commune may set for certification."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Symbol = Annotated[str, Meta(pattern=r"^\S*$", max_length=30)]
"""A book's symbol without spaces; empty: that of ``papers/books.toml``."""


class CertificationSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of one tenant.

    Attributes:
        many_pages: From how many pages to copy (pages of the original × copies) the two
            extra working days of art. 21 are taken by themselves. None = the officer decides.
        centre: Whether dossiers are received at a Public Administration Service Centre, where
            people sign before the receiver, who signs the text too.
        text_per_copy: Whether the text is printed for every copy, or once for an original.
        electronic_book: Whether electronic certified copies have a book of their own.
        symbol_copy: What the commune prints as the symbol of the book of copies; so the others.
    """

    many_pages: Annotated[int, Meta(ge=1)] | None = None
    centre: bool = True
    text_per_copy: bool = False
    electronic_book: Literal["own", "same"] = "own"
    symbol_copy: Symbol = ""
    symbol_electronic: Symbol = ""
    symbol_signature: Symbol = ""
    symbol_translator: Symbol = ""
    symbol_transaction: Symbol = ""
