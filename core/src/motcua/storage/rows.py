"""The rows of a dossier as typed values, field by field like their tables.

The live desk writes them as JSON in one statement; the import of histories
copies them in bulk. Both build the same rows.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all rows; the field order is the column order of the table."""

    tenant_id: int


class VisitRow(Row, frozen=True, kw_only=True):
    """One sitting at the counter."""

    id: UUID
    receipt: str
    channel: str
    payer: str
    fee_total: int
    at: dt.datetime
    staff_id: int | None


class DossierRow(Row, frozen=True, kw_only=True):
    """A dossier as it stands."""

    id: UUID
    code: str | None = None
    temporary_code: str | None = None
    external_id: str | None = None
    secret_hash: bytes | None = None
    procedure_code: str
    version_id: str
    field: str
    plugin: str
    plugin_version: str
    channel: str
    state: str
    version: int
    last_at: dt.datetime
    head: bytes
    applicant: dict[str, Any]
    applicant_key: str
    answers: dict[str, Any]
    chosen: dict[str, Any]
    clock: list[Any]
    submitted_at: dt.datetime | None = None
    received_at: dt.datetime | None = None
    promise_at: dt.datetime | None = None
    legal_due_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    due_ground: str = ""
    due_provisional: bool = False
    no_limit: bool = False
    late: bool = False
    finished_at: dt.datetime | None = None
    returned_at: dt.datetime | None = None
    outcome: str | None = None
    mistake: bool = False
    supplements: int = 0
    holder_id: int | None = None
    appraised_by: int | None = None
    receiving_id: int
    competent_id: int
    returning_id: int
    visit_id: UUID | None = None
    parent_id: UUID | None = None


class EventRow(Row, frozen=True, kw_only=True):
    """One act on a dossier, chained to the one before."""

    dossier_id: UUID
    seq: int
    transition: str
    at: dt.datetime
    actor_id: int | None
    actor: str
    role: str
    from_state: str | None
    to_state: str
    reason: str
    data: dict[str, Any] | None
    salt: bytes | None
    digest: bytes
    previous: bytes
    hash: bytes


class FeeRow(Row, frozen=True, kw_only=True):
    """One line of what a dossier costs; ``amount`` in VND, ``None`` = not set."""

    dossier_id: UUID
    n: int
    fee: str
    label: str
    kind: str
    quantity: int
    amount: int | None
    exemption: str
    basis: str
    proof: str


class PaymentRow(Row, frozen=True, kw_only=True):
    """Money taken (``payment``), given back (``refund``), or undone whole (``void``).

    Attributes:
        series: What the receipts of the series are called by; empty: by their numbers alone.
        of_id: Which payment is given back or undone.
        amount: In VND, never negative: the kind says which way it went.
        way: ``cash`` or ``transfer``.
        tendered: The notes that were handed over, where it was cash.
        change: What was handed back of them.
        staff: Who took or gave it, as they are called.
        hash: Chains the row to the one before in its series.
    """

    id: UUID
    kind: str
    series: str
    year: int
    number: int
    visit_id: UUID | None
    of_id: UUID | None
    amount: int
    way: str
    tendered: int | None
    change: int | None
    reason: str
    at: dt.datetime
    staff_id: int | None
    staff: str
    hash: bytes


class PaymentPartRow(Row, frozen=True, kw_only=True):
    """How much of a payment is for which dossier."""

    payment_id: UUID
    dossier_id: UUID
    amount: int


class SlipRow(Row, frozen=True, kw_only=True):
    """One print of a slip; ``number`` is that of the year, where the desk numbers it."""

    id: UUID
    dossier_id: UUID
    form: str
    seq: int
    copy: int
    year: int
    number: int | None
    at: dt.datetime
    staff_id: int | None


class DocumentRow(Row, frozen=True, kw_only=True):
    """A component document handed in."""

    dossier_id: UUID
    n: int
    document: str
    name: str
    originals: int
    copies: int
    file_id: UUID | None = None


class RegisterRow(Row, frozen=True, kw_only=True):
    """One line of a book.

    Attributes:
        dossier_id: Whose it is; a number reserved for a day on paper has none yet.
        status: ``reserved``, ``issued`` or ``void``.
        reason: Why it is void.
        at: When it came into this status.
        line: Which of the lines its dossier asked for it is, from 1.
        volume: The volume of the book (quyển số) it stands in.
        quantity: How many copies or signatures; ``None`` where that was not kept.
        block_id: The block it was reserved in.
        taken_at: When its number was taken.
    """

    register: str
    year: int
    number: int
    dossier_id: UUID | None
    status: str
    summary: str
    reason: str
    at: dt.datetime
    line: int | None
    volume: int
    quantity: int | None
    block_id: UUID | None = None
    taken_at: dt.datetime


class FigureRow(Row, frozen=True, kw_only=True):
    """What one act adds to a day's figures."""

    province_id: int
    day: dt.date
    procedure_code: str
    channel: str
    field: str
    received: int = 0
    early: int = 0
    on_time: int = 0
    late: int = 0
    no_limit: int = 0


def as_json(rows: Iterable[Row]) -> str:
    """*rows* as a JSON array that ``jsonb_populate_recordset`` reads."""
    return msgspec.json.encode([_plain(row) for row in rows]).decode()


def _plain(row: Row) -> dict[str, Any]:
    names = row.__struct_fields__
    return {name: _hex(getattr(row, name)) for name in names}


def _hex(value: Any) -> Any:
    return "\\x" + value.hex() if isinstance(value, bytes) else value
