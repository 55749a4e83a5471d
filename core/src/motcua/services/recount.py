"""Whether a dossier's rows still say what its events say.

The facts are worked out from the events alone, and apart from the rules of the desk
on purpose: a fault in the rules must not hide the same fault in the check.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from motcua.domain.dossier import TRANSITIONS, State
from motcua.domain.fee import FeeLine
from motcua.domain.life import moment
from motcua.services.ledger import fee_rows
from motcua.services.told import Due, due_of, label
from motcua.storage.rows import DossierRow, FeeRow, RegisterRow

_DECLARED = ("applicant", "answers", "chosen", "procedure_code", "version_id", "channel", "code")
_TOLD = (*_DECLARED, "fees", "due", "files")


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier as it is stored: its row, fees, lines in books, papers sent as files."""

    dossier: DossierRow
    fees: Sequence[FeeRow] = ()
    lines: Sequence[RegisterRow] = ()
    files: Sequence[dict[str, str]] = ()


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One event; *told* is ``None`` where the person's data were erased."""

    transition: str
    at: Any
    actor_id: int | None
    told: dict[str, Any] | None


def differing(stored: Rows, history: Sequence[Happened]) -> list[str]:
    """What *stored* says otherwise than its *history*: columns, ``fees`` and so on.

    What only an erased event told cannot be held against anything and is passed over.
    """
    facts = _facts(history)
    row = stored.dossier
    wrong = [name for name, value in facts.items() if getattr(row, name) != value]
    told: dict[str, Any] = {}
    for event in history:
        if event.told is None:
            told.clear()
        else:
            told |= {name: event.told[name] for name in _TOLD if name in event.told}
    wrong += [name for name in _DECLARED if name in told and getattr(row, name) != told[name]]
    erased = any(event.told is None for event in history)
    if "due" in told or not erased:
        wrong += _wrong_due(row, told.get("due", {}))
    if "fees" in told or not erased:
        wrong += _wrong_fees(stored, told.get("fees", []))
    if ("files" in told or not erased) and list(stored.files) != told.get("files", []):
        wrong.append("files")
    if not any(event.told is None and event.transition in _BOOKED for event in history):
        wrong += _wrong_lines(stored, history)
    return wrong


def _facts(history: Iterable[Happened]) -> dict[str, Any]:
    """The columns that follow from which steps were taken, when and by whom."""
    facts: dict[str, Any] = {
        "last_at": None,
        "submitted_at": None,
        "received_at": None,
        "finished_at": None,
        "returned_at": None,
        "outcome": None,
        "mistake": False,
        "supplements": 0,
        "appraised_by": None,
    }
    for event in history:
        facts["last_at"] = event.at
        if event.transition in _STAMPS:
            facts[_STAMPS[event.transition]] = event.at
        if event.transition == "T35":
            _lapse(facts, event)
        if event.transition in _OUTCOMES:
            facts["outcome"] = _OUTCOMES[event.transition]
        if event.transition in {"T16", "T24"}:
            facts["appraised_by"] = event.actor_id
        facts["supplements"] += event.transition == "T09"
        facts["mistake"] |= event.transition == "T26"
    return facts


def _lapse(facts: dict[str, Any], event: Happened) -> None:
    """A dossier accepted by silence ended when its term did, not when that was noted."""
    facts["outcome"] = "positive"
    if event.told is None:
        del facts["finished_at"]  # only the event told the term
    else:
        facts["finished_at"] = moment(event.told["term"])


_ENDS = [name for name, row in TRANSITIONS.items() if row.clock == "ends"]
_STAMPS = {
    "T01": "submitted_at",
    "T02": "received_at",
    "T03": "received_at",
    "T20": "returned_at",
    **dict.fromkeys(_ENDS, "finished_at"),
}
_NO_RESULT = (State.WITHDRAWN, State.STOPPED)
_OUTCOMES = {
    "T16": "positive",
    "T24": "negative",
    "T17": None,
    "T39": None,
    **{name: None for name, row in TRANSITIONS.items() if row.target in _NO_RESULT},
}


def _wrong_due(row: DossierRow, told: dict[str, Any]) -> list[str]:
    stored, expected = due_of(row), msgspec.convert(told, Due)
    return [
        name for name in Due.__struct_fields__ if getattr(stored, name) != getattr(expected, name)
    ]


def _wrong_fees(stored: Rows, told: list[Any]) -> list[str]:
    row = stored.dossier
    expected = fee_rows(row.tenant_id, row.id, msgspec.convert(told, list[FeeLine]))
    return [] if list(stored.fees) == expected else ["fees"]


_BOOKED = {"T11", "T18", "T19", "T22", "T23", "T24", "T26", "T30", "T31", "T35"}
"""Steps whose events may tell of lines in books."""


def _wrong_lines(stored: Rows, history: Iterable[Happened]) -> list[str]:
    lines: dict[str, dict[str, Any]] = {}
    for event in history:
        _tell(lines, event)
    found = {label(each): {name: getattr(each, name) for name in _LINE} for each in stored.lines}
    return [] if found == lines and len(found) == len(stored.lines) else ["register"]


_LINE = ("status", "summary", "reason", "at", "line", "quantity", "taken_at")


def _tell(lines: dict[str, dict[str, Any]], event: Happened) -> None:
    """What an event makes of the lines in books, by their labels."""
    told = event.told or {}
    names = told.get("register", ())
    kept = ("reserved" if event.transition == "T30" else "issued", "", event.at, event.at)
    asked = zip(
        names,
        told.get("subjects", ()),
        told.get("lines", range(1, len(names) + 1)),
        told.get("quantities", [None] * len(names)),
        strict=True,
    )
    for name, subject, line, quantity in asked:
        new = dict(zip(("status", "reason", "at", "taken_at"), kept, strict=True))
        lines[name] = {**new, "summary": subject, "line": line, "quantity": quantity}
    for name in told.get("issued", ()):
        lines[name] = lines.get(name, {}) | {"status": "issued", "at": event.at}
    for name in told.get("void", ()):
        void = {"status": "void", "reason": told["void_reason"], "at": event.at}
        lines[name] = lines.get(name, {}) | void
