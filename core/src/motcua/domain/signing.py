"""In what capacity somebody signs for a commune; the words above a signature follow from it."""

import enum


class Capacity(enum.StrEnum):
    """By what power a person signs (Decree 30/2020/NĐ-CP).

    ``own``: the chairman; ``deputy``: a vice-chairman for the chairman (KT.);
    ``authorised``: somebody the chairman has authorised in writing (TUQ.); ``by_order``:
    a head of unit by the chairman's order (TL.); ``acting``: an acting chairman (Q.).
    """

    OWN = "own"
    DEPUTY = "deputy"
    AUTHORISED = "authorised"
    BY_ORDER = "by_order"
    ACTING = "acting"
