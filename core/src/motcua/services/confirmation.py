"""The paper a citizen keeps of a dossier: its codes, its dates, what comes next, the marks."""

import msgspec

from motcua.documents.papers import Sheet, printed
from motcua.documents.slips import barcode, qr, templates
from motcua.plugin.texts import spoken
from motcua.services.house import Desk, House


class Confirmed(msgspec.Struct, frozen=True, kw_only=True):
    """What the paper says, in the words of whoever reads it.

    Attributes:
        request: The procedure.
        code: The dossier's code; only an official one gets a bar code.
        codes: Labels and what is printed large.
        lines: Labels and values.
        next: What the next step is called, and the sentence about it.
        follow: The address in the QR code.
        lookup: How to look it up without one.
    """

    title: str
    request: str
    code: str
    codes: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str], ...]
    next: tuple[str, str]
    follow: str
    lookup: str
    qr_words: str
    printed: str


async def confirmation(house: House, desk: Desk, told: Confirmed, *, large: bool) -> bytes:
    """What was *told* as a PDF, with *large* letters if wished."""
    official = not told.code.startswith("T-")
    digits = "".join(filter(str.isdigit, told.code)) if official else ""
    data = msgspec.to_builtins(told) | {
        "unit": desk.name,
        "test": house.invented(desk),
        "large": large,
        "lang": spoken(),
        "next": told.next[0],
        "sentence": told.next[1],
        "qr": qr(told.follow),
        "digits": digits,
        "barcode": barcode(digits) if digits else "",
    }
    sheet = Sheet(template="slips/confirmation.typ", data=data)
    return await printed(templates(), [sheet], f"{told.title} {told.code}", house.now())
