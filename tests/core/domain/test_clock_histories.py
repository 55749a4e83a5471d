"""Histories of clocks that cannot have happened, and how the others are kept."""

import msgspec
import pytest

from core.domain.clocks import ASKED, C0, CHAIN, FIVE_DAYS, clock, started, waited
from core.domain.histories import at
from motcua.domain.clock import (
    Answered,
    Asked,
    CalendarChanged,
    ClockEvent,
    Completed,
    Extended,
    LimitSet,
    Outage,
    Paused,
    Reappointed,
    Resumed,
    Stage,
    Started,
    Stopped,
    run,
)
from motcua.domain.deadline_errors import (
    ClockEventError,
    ClockHistoryError,
    ClockNotStartedError,
    ClockNotWaitingError,
    ClockOrderError,
    ClockStoppedError,
    ClockWaitingError,
    NotLaterError,
)
from motcua.domain.explanation import Why
from motcua.domain.limit import parse_limit

# ---- histories that cannot have happened ----

LATER = at("2025-06-12 09:00")
STOPPED = Stopped(at=at("2025-06-11 11:00"))
WAIT = waited("2025-06-10 09:00", "5 wd")
IMPOSSIBLE: dict[str, tuple[type[ClockHistoryError], tuple[ClockEvent, ...]]] = {
    "no start": (ClockNotStartedError, (ASKED,)),
    "two starts": (ClockNotStartedError, (FIVE_DAYS, FIVE_DAYS)),
    "backwards": (ClockOrderError, (FIVE_DAYS, Asked(at=at("2025-06-09 08:59")))),
    "after the end": (ClockStoppedError, (FIVE_DAYS, STOPPED, Asked(at=LATER))),
    "asked twice": (ClockWaitingError, (FIVE_DAYS, ASKED, Asked(at=LATER))),
    "paused while asked": (ClockWaitingError, (FIVE_DAYS, ASKED, Paused(at=LATER))),
    "stage while asked": (ClockWaitingError, (FIVE_DAYS, ASKED, Stage(at=LATER))),
    "two waits": (ClockWaitingError, (FIVE_DAYS, WAIT, waited("2025-06-11 09:00", "1 wd"))),
    "completed unasked": (ClockNotWaitingError, (FIVE_DAYS, Completed(at=LATER))),
    "completed a payment": (
        ClockNotWaitingError,
        (FIVE_DAYS, Paused(at=at("2025-06-11 09:00")), Completed(at=LATER)),
    ),
    "resumed unpaused": (ClockNotWaitingError, (FIVE_DAYS, Resumed(at=LATER))),
    "resumed a supplement": (ClockNotWaitingError, (FIVE_DAYS, ASKED, Resumed(at=LATER))),
    "answered nothing": (ClockNotWaitingError, (FIVE_DAYS, Answered(at=LATER))),
    "answered too late": (
        ClockNotWaitingError,
        (FIVE_DAYS, WAIT, Answered(at=at("2025-06-20 09:00"))),
    ),
    "limit and date": (
        ClockEventError,
        (Started(at=at("2025-06-09 09:00"), limit=parse_limit("1 wd"), until=LATER),),
    ),
    "a second limit": (ClockEventError, (FIVE_DAYS, LimitSet(at=LATER, limit=parse_limit("1 wd")))),
    "an outage that ends first": (
        ClockEventError,
        (FIVE_DAYS, Outage(at=LATER, start=LATER, until=LATER)),
    ),
    "an extension by nothing": (ClockEventError, (FIVE_DAYS, Extended(at=LATER))),
    "an extension by two things": (
        ClockEventError,
        (
            FIVE_DAYS,
            Extended(at=LATER, until=at("2025-07-01 09:00"), limit=parse_limit("1 wd")),
        ),
    ),
    "an extension of no due time": (
        ClockEventError,
        (CHAIN, Extended(at=LATER, until=at("2025-07-01 09:00"))),
    ),
    "more of no limit": (
        ClockEventError,
        (
            Started(at=at("2025-06-09 09:00"), until=at("2025-06-20 17:00")),
            Extended(at=LATER, limit=parse_limit("1 wd")),
        ),
    ),
    "a re-appointment of no due time": (
        ClockEventError,
        (CHAIN, Reappointed(at=LATER, new_due=at("2025-07-01 09:00"))),
    ),
    "an officer's date beside a limit": (
        ClockEventError,
        (FIVE_DAYS, ASKED, Completed(at=LATER, until=at("2025-07-01 09:00"))),
    ),
    "answered before it was asked": (
        ClockEventError,
        (FIVE_DAYS, waited("2025-06-10 09:00", "1 wd", answered="2025-06-10 08:59")),
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_an_impossible_history_is_refused_with_its_place(name: str) -> None:
    kind, history = IMPOSSIBLE[name]

    with pytest.raises(kind) as caught:
        clock(*history)

    assert caught.value.fields == {
        "position": len(history),
        "event": type(history[-1]).__name__,
        "at": history[-1].at.isoformat(),
    }


def test_a_history_without_events_is_refused() -> None:
    with pytest.raises(ClockNotStartedError) as caught:
        clock()

    assert caught.value.fields == {"position": 0, "event": "", "at": ""}


def test_two_events_at_the_same_moment_keep_their_order() -> None:
    state = clock(FIVE_DAYS, ASKED, Completed(at=ASKED.at))

    assert state.counted_from == ASKED.at


def test_an_answer_on_the_last_moment_of_a_wait_is_in_time() -> None:
    state = clock(
        FIVE_DAYS, waited("2025-06-10 09:00", "1 wd"), Answered(at=at("2025-06-11 17:00"))
    )

    assert state.waits[0].answered


def test_a_wait_answered_the_moment_it_began_is_over() -> None:
    state = clock(FIVE_DAYS, waited("2025-06-10 09:00", "1 wd", answered="2025-06-10 09:00"))

    assert state.waits[0].ended_at == at("2025-06-10 09:00")


# ---- kept with the dossier ----


def test_events_are_kept_as_json_and_come_back_the_same() -> None:
    history: tuple[ClockEvent, ...] = (
        FIVE_DAYS,
        ASKED,
        Completed(at=LATER, policy="resume"),
        CalendarChanged(at=LATER, basis="công văn"),
        WAIT,
        Stopped(at=LATER, outcome="withdrawn"),
    )

    stored = msgspec.json.encode(history)
    back = msgspec.json.decode(stored, type=tuple[ClockEvent, ...])

    assert back == history
    assert [event["event"] for event in msgspec.json.decode(stored)] == [
        "started",
        "asked",
        "completed",
        "calendar-changed",
        "waited",
        "stopped",
    ]
    assert run(C0, back[:4]) == run(C0, history[:4])


def test_an_unknown_key_in_a_stored_event_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(
            b'{"event":"asked","at":"2025-06-11T10:00:00+07:00","by":"x"}', type=Asked
        )


def test_why_a_day_was_kept_free_survives_storage() -> None:
    note = clock(FIVE_DAYS, ASKED, Completed(at=LATER)).explanation[2]

    assert note.why is Why.SUPPLEMENT
    assert msgspec.json.decode(msgspec.json.encode(note), type=type(note)) == note


def test_a_new_date_before_the_old_names_both() -> None:
    with pytest.raises(NotLaterError) as caught:
        clock(FIVE_DAYS, Reappointed(at=LATER, new_due=at("2025-06-13 17:00")))

    assert caught.value.fields == {
        "new_due": "2025-06-13T17:00:00+07:00",
        "due": "2025-06-16T17:00:00+07:00",
    }


def test_started_events_need_no_more_than_their_limit() -> None:
    assert started("2025-06-09 09:00", "5 wd") == FIVE_DAYS
