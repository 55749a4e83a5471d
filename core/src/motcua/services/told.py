"""What an event tells of the rows its step wrote, so that a row changed later is noticed.

Rows can be changed by whoever owns the database; events are chained. Whatever a row
says therefore also stands in the event that made it so.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec

from motcua.domain.chain import digest
from motcua.storage.rows import DossierRow, RegisterRow


class Due(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The due times of a dossier, by the names of their columns.

    Attributes:
        clock: The digest of the clock's events, from which they were counted.
    """

    promise_at: dt.datetime | None = None
    legal_due_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    due_ground: str = ""
    due_provisional: bool = False
    no_limit: bool = False
    late: bool = False
    clock: str = ""


_COLUMNS = tuple(name for name in Due.__struct_fields__ if name != "clock")


def due_of(row: DossierRow) -> Due:
    """The due times *row* has."""
    columns = {name: getattr(row, name) for name in _COLUMNS}
    return Due(clock=digest(row.clock, b"").hex() if row.clock else "", **columns)


def due_told(before: DossierRow | None, after: DossierRow) -> dict[str, Any]:
    """What a step's event tells of the due times: nothing, where they stayed as they were."""
    due = due_of(after)
    known = Due() if before is None else due_of(before)
    return {} if due == known else {"due": msgspec.to_builtins(due)}


def lines_told(
    *,
    new: Sequence[RegisterRow] = (),
    issued: Sequence[RegisterRow] = (),
    void: Sequence[RegisterRow] = (),
    reason: str = "",
) -> dict[str, Any]:
    """What an event tells of the lines its step took, issued and made void."""
    told: dict[str, Any] = {}
    if new:
        told["register"] = [label(each) for each in new]
        told["subjects"] = [each.summary for each in new]
        told["quantities"] = [each.quantity for each in new]
        told["lines"] = [each.line for each in new]
    if issued:
        told["issued"] = [label(each) for each in issued]
    if void:
        told |= {"void": [label(each) for each in void], "void_reason": reason}
    return told


def label(entry: RegisterRow) -> str:
    """A line of a book as people name it: number, year, book."""
    return f"{entry.number:02d}/{entry.year} {entry.register}"
