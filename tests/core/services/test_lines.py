"""What each step makes of lines in books, one by one: no end of a dossier leaves a number open."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from core.domain.lives import act
from motcua.domain.dossier import TRANSITIONS, State
from motcua.plugin.facts import BookLine
from motcua.services.lines import TOUCHING, Booked, asked_of, live, stepped
from motcua.storage.rows import DossierRow, RegisterRow

AT = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
ENDS = [row.id for row in TRANSITIONS.values() if row.clock == "ends" and row.id != "T19"]
SIGNED_ELSEWHERE = {"T24"}
"""Ends no clock, but what was printed will not be signed."""


def dossier(outcome: str | None = None) -> DossierRow:
    blank: dict[str, Any] = dict.fromkeys(
        ("procedure_code", "version_id", "field", "plugin", "plugin_version", "applicant_key"), ""
    )
    return DossierRow(
        tenant_id=1, id=UUID(int=1), channel="counter", state="received", version=1, last_at=AT,
        head=b"", applicant={}, answers={}, chosen={}, clock=[], receiving_id=1, competent_id=1,
        returning_id=1, outcome=outcome, **blank,
    )  # fmt: skip


def ask() -> list[BookLine]:
    return [BookLine(book="SCT/BS", title="Sổ", subject=each, quantity=2) for each in ("A", "B")]


def never() -> list[BookLine]:
    pytest.fail("the plugin was asked again")


def printed() -> list[RegisterRow]:
    return list(stepped([], act("T30"), dossier(), ask).lines)


def statuses(booked: Booked) -> list[str]:
    return [each.status for each in booked.lines]


def test_a_printed_text_takes_what_the_plugin_asks_for_once() -> None:
    booked = stepped([], act("T30"), dossier(), ask)

    assert [(each.line, each.summary, each.quantity) for each in booked.new] == [
        (1, "A", 2),
        (2, "B", 2),
    ]
    assert booked.titles == {"SCT/BS": "Sổ"}
    again = stepped(booked.lines, act("T30"), dossier(), never)
    assert (again.taken, again.issued, again.void) == ((), (), ())


def test_a_signature_issues_and_a_result_takes_what_is_missing() -> None:
    signed = stepped(printed(), act("T18"), dossier(), never)
    assert statuses(signed) == ["issued", "issued"]

    assert stepped(signed.lines, act("T19"), dossier(), never).new == []
    assert statuses(stepped([], act("T19"), dossier(), ask)) == ["issued", "issued"]
    assert stepped([], act("T19"), dossier("negative"), never).new == []


@pytest.mark.parametrize("step", [*ENDS, *SIGNED_ELSEWHERE])
def test_every_end_without_a_signature_makes_the_numbers_void(step: str) -> None:
    taken = act(step)

    booked = stepped(printed(), taken, dossier(), never)

    assert statuses(booked) == ["void", "void"]
    assert {each.reason for each in booked.lines} == {taken.data.get("ground") or taken.reason}
    assert live(booked.lines) == []
    assert [line.subject for line in asked_of(booked.lines)] == ["A", "B"]


def test_no_other_step_touches_a_book() -> None:
    assert {"T18", "T19", "T30", "T31", *ENDS, *SIGNED_ELSEWHERE} == TOUCHING
    ended = {State.WITHDRAWN, State.STOPPED, State.RESULT_READY}
    led = {row.id for row in TRANSITIONS.values() if row.target in ended}
    assert led - {"T41"} <= TOUCHING, "before reception there is no number"
