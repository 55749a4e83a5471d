"""Whole histories of dossiers, as another system hands them over: one JSON line each."""

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Channel = Literal["counter", "online", "post"]
OPENING_DATA = ("variants", "exemptions", "fees", "until", "ground")
"""What a reception (T02, T03) may say about the limit and the fees, beside its own needs."""


class HistoryEvent(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One act of a history.

    Attributes:
        transition: T01 to T29; the first one is T01 or T02.
        at: When; an aware moment.
        by: Who, by name.
        data: What the transition needs. A reception may also say ``variants`` (limit),
            ``exemptions`` and ``fees`` (optional ones asked for), and where no limit is
            known ``until`` with its ``ground``.
        reason: Why, where the transition asks it.
    """

    transition: str
    at: Annotated[dt.datetime, Meta(tz=True)]
    by: Annotated[str, Meta(min_length=1, max_length=255)]
    data: dict[str, Any] = {}
    reason: str = ""


class History(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One dossier from its first act to its last.

    Attributes:
        tenant: The slug of the unit that received it.
        external_id: Its name in the other system; a second import skips it.
        procedure: The procedure's code.
        channel: How it was handed in.
        applicant: Who asks: ``name``, perhaps ``id_number`` and other keys of a person.
        answers: The form, by field id.
        events: What happened, in order.
    """

    tenant: Annotated[str, Meta(min_length=1)]
    external_id: Annotated[str, Meta(min_length=1, max_length=200)]
    procedure: str
    channel: Channel
    applicant: dict[str, Any]
    answers: dict[str, Any] = {}
    events: Annotated[list[HistoryEvent], Meta(min_length=1)]
