"""Whole histories of dossiers, as another system hands them over: one JSON line each."""

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from motcua.services.assess import Agreed, OfficersDate

Channel = Literal["counter", "online", "post"]


class ReceptionData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the ``data`` of a reception (T02, T03) may say about limit and fees.

    Attributes:
        variants: Ids of limit variants the officer picked.
        exemptions: Ids of fee exemptions the officer accepted.
        proofs: The paper that proved each of them, where it is known.
        optional_fees: Ids of optional fees asked for.
        agreed: A later time agreed in writing.
        no_limit: The officer's date, where no limit is known.
    """

    variants: tuple[str, ...] = ()
    exemptions: tuple[str, ...] = ()
    proofs: dict[str, str] = {}
    optional_fees: tuple[str, ...] = ()
    agreed: Agreed | None = None
    no_limit: OfficersDate | None = None


class HistoryEvent(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One act of a history.

    Attributes:
        transition: T01 to T30; the first one is T01, T02, T04 or T07.
        at: When; an aware moment.
        by: Who, by name.
        data: What the transition needs; of a reception, see :class:`ReceptionData`.
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
