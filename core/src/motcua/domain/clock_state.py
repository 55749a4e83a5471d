"""The state of a dossier's clock, as ``clock.run`` tells it."""

import datetime as dt
from typing import Literal

import msgspec

from motcua.domain.explanation import DayNote
from motcua.domain.limit import TimeLimit

Ground = Literal[
    "limit", "supplement", "payment", "waiting", "outage", "extension", "reappointment", "calendar"
]
"""Why a dossier was re-dated."""

Outcome = Literal["early", "on_time", "late", "no_limit"]
"""How a finished dossier counts in the report; ``no_limit`` stands outside it."""

Waiting = Literal["supplement", "payment"]
"""What a clock that stands is waiting for."""

Flag = Literal[
    "second-supplement", "reappointed", "short-notice", "promise-kept", "wait-unanswered"
]
"""Facts people should see beside the due time.

``short-notice``: re-appointed less than a day before the due date. ``promise-kept``:
the legal due moved earlier than what was promised, and the promise holds.
"""


def verdict(due: dt.date | None, finished: dt.date, *, late: bool, result: bool) -> Outcome:
    """How a dossier *finished* on a day counts: by dates, and late for good once *late*.

    Args:
        due: The day it was due; ``None`` without a known limit.
        finished: The day its clock stopped for good.
        late: Whether it was late then, or had been before.
        result: Whether it ended with a result; what ends without one is in time.
    """
    if due is None:
        return "no_limit"
    if not result:
        return "on_time"
    if late:
        return "late"
    return "early" if finished < due else "on_time"


class Redated(msgspec.Struct, frozen=True, kw_only=True):
    """One new due time, with its ground; none overwrites another.

    Attributes:
        due: The new due time.
        ground: Why.
        at: When it was made.
        basis: The law, letter, paper or reason behind it.
    """

    due: dt.datetime
    ground: Ground
    at: dt.datetime
    basis: str = ""


class StageState(msgspec.Struct, frozen=True, kw_only=True):
    """The clock of one stage, or of one agency among several in a row.

    Attributes:
        stage: The stage's id; empty for an agency's part.
        agency: What the stage is called, or whose part it is.
        limit: What it may take; ``None`` when no limit is known.
        started_at: When the part began.
        due: When it is due, if a limit is known.
        ended_at: When it was done or the clock stopped.
        late: Whether it ended, or was interrupted, after its due date.
        provisional: Its due time rests on rows that are not decided yet.
        explanation: Its days, one by one.
    """

    agency: str
    limit: TimeLimit | None
    started_at: dt.datetime
    due: dt.datetime | None
    ended_at: dt.datetime | None
    late: bool
    provisional: bool
    explanation: tuple[DayNote, ...]
    stage: str = ""

    def late_at(self, now: dt.datetime) -> bool:
        """Whether the stage counts as late at *now*: by dates, once for good."""
        if self.late or self.ended_at is not None or self.due is None:
            return self.late
        return now.astimezone(self.due.tzinfo).date() > self.due.date()


class WaitState(msgspec.Struct, frozen=True, kw_only=True):
    """A wait "up to".

    Attributes:
        started_at: When it began.
        until: Its limit; then *consequence* follows.
        ended_at: When it ended, if it has.
        answered: Whether an answer ended it.
        consequence: What follows without an answer.
    """

    started_at: dt.datetime
    until: dt.datetime
    ended_at: dt.datetime | None
    answered: bool
    consequence: str


class ClockState(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a clock knows after its events.

    Attributes:
        received_at: When the dossier was received.
        counted_from: When it counts as received; after a restart, as completed.
        limit: The limit counted; ``None`` when none is known.
        promise: The due time printed at reception. It never changes.
        legal_due: The due time the rules give now.
        report_due: The due time that reports compare with: the legal one, but never
            earlier than what had been promised. A re-appointment does not change it.
        current_due: The due time in force for the applicant: the latest of all.
        redated: Every new due time since reception, in order.
        running: The clock runs.
        waiting: What it waits for while it stands.
        finished_at: When it stopped for good.
        outcome: How the finished dossier counts.
        no_limit: No limit is known; an officer set the date.
        late_latched: It was interrupted or finished after its report due date. Nothing
            undoes this.
        late_since: The due time that was missed.
        hour_missed: It was interrupted or finished after the hour promised, be it on
            the day itself.
        provisional: The due time rests on rows that are not decided yet.
        supplements: How many supplements were asked for.
        flags: What people should see beside the due time, in the order it came.
        stages: The clocks of agencies in a row.
        waits: The waits "up to".
        explanation: The days, one by one.
    """

    received_at: dt.datetime
    counted_from: dt.datetime
    limit: TimeLimit | None
    promise: dt.datetime | None
    legal_due: dt.datetime | None
    report_due: dt.datetime | None
    current_due: dt.datetime | None
    redated: tuple[Redated, ...]
    running: bool
    waiting: Waiting | None
    finished_at: dt.datetime | None
    outcome: Outcome | None
    no_limit: bool
    late_latched: bool
    late_since: dt.datetime | None
    hour_missed: bool
    provisional: bool
    supplements: int
    flags: tuple[Flag, ...]
    stages: tuple[StageState, ...]
    waits: tuple[WaitState, ...]
    explanation: tuple[DayNote, ...]

    @property
    def paused(self) -> bool:
        """Whether the clock stands, to go on later."""
        return self.waiting is not None

    @property
    def redated_due(self) -> Redated | None:
        """The latest new due time, with its ground."""
        return self.redated[-1] if self.redated else None

    def late_at(self, now: dt.datetime) -> bool:
        """Whether the dossier counts as late at *now*: by dates, as reports do."""
        if self.late_latched or not self.running or self.report_due is None:
            return self.late_latched
        return now.astimezone(self.report_due.tzinfo).date() > self.report_due.date()

    def open_wait(self, now: dt.datetime) -> WaitState | None:
        """The wait that nobody has answered and whose limit has not passed at *now*."""
        for wait in self.waits:
            if wait.ended_at is None and now <= wait.until:
                return wait
        return None


__all__ = [
    "ClockState",
    "Flag",
    "Ground",
    "Outcome",
    "Redated",
    "StageState",
    "WaitState",
    "Waiting",
    "verdict",
]
