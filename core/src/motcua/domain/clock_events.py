"""What can happen to a dossier's clock, as values kept with the dossier.

Each act of the desk that touches the clock leaves one of these. They are stored
as JSON, tagged by ``event``, and replayed by ``clock.run``: the same events on the
same calendar always give the same due time.
"""

import datetime as dt
import re
from typing import Literal

import msgspec

from motcua.domain.limit import TimeLimit


def _tag(name: str) -> str:
    """``CalendarChanged`` is stored as ``calendar-changed``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class _Event(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="event",
    tag=_tag,
    forbid_unknown_fields=True,
):
    """Something that happened at a moment.

    Attributes:
        at: When it was done; an aware moment.
    """

    at: dt.datetime


class Started(_Event, frozen=True, kw_only=True):
    """The dossier was received (T02, T03): its clock starts.

    Attributes:
        limit: The time limit; ``None`` when none is known, or when the dossier only
            goes through a chain of stages.
        until: The date an officer sets where no limit is known.
        ground: The ground of that date.
        set_by: Whose date it is: an officer's, which reports leave out, or that of a
            campaign, which they compare with.
        promise: The due time the slip carries; nothing known later changes it.
    """

    limit: TimeLimit | None = None
    until: dt.datetime | None = None
    ground: str = ""
    set_by: Literal["officer", "campaign"] = "officer"
    promise: dt.datetime | None = None


class LimitSet(_Event, frozen=True, kw_only=True):
    """A dossier received without a known limit was given one, counted from its reception."""

    limit: TimeLimit


class Asked(_Event, frozen=True, kw_only=True):
    """A supplement was asked for (T09): the clock stops.

    Attributes:
        until: By when it is to come, if the request says so.
    """

    until: dt.datetime | None = None


class Supplied(_Event, frozen=True, kw_only=True):
    """The applicant sent what was asked for (T36); the clock stands until it is accepted (T10)."""


class Completed(_Event, frozen=True, kw_only=True):
    """The supplement is complete (T10).

    Attributes:
        policy: ``restart`` counts the whole limit again, ``resume`` goes on counting.
        until: The officer's new date, where no limit is known.
    """

    policy: Literal["restart", "resume"] = "restart"
    until: dt.datetime | None = None


class Paused(_Event, frozen=True, kw_only=True):
    """The citizen has to pay first (T12): the clock pauses."""

    ground: str = ""


class Resumed(_Event, frozen=True, kw_only=True):
    """Payment is confirmed (T13): the clock goes on."""


class Outage(_Event, frozen=True, kw_only=True):
    """An announced outage of the system (T29): its working time is not counted.

    Attributes:
        start: When the system went down.
        until: When it came back.
        ground: The announcement.
    """

    start: dt.datetime
    until: dt.datetime
    ground: str = ""


class Extended(_Event, frozen=True, kw_only=True):
    """The limit was extended with a ground (T28).

    Attributes:
        limit: How much longer, counted from the due time so far (verification).
        until: Or the date and hour agreed with the applicant.
        ground: The legal ground.
        paper: The paper that agrees.
        stage: The stage whose clock is extended; empty: the clock people look at.
    """

    limit: TimeLimit | None = None
    until: dt.datetime | None = None
    ground: str = ""
    paper: str = ""
    stage: str = ""


class Reappointed(_Event, frozen=True, kw_only=True):
    """The head of the agency gave a new date and apologised (T21)."""

    new_due: dt.datetime
    reason: str = ""


class CalendarChanged(_Event, frozen=True, kw_only=True):
    """A calendar row was decided later; the dossier is re-dated (T27).

    Attributes:
        as_of: The day whose knowledge now counts; without it, the day of the act.
        basis: The decision.
        back: Whether it takes an earlier change back, so that the due time may move earlier.
    """

    as_of: dt.date | None = None
    basis: str = ""
    back: bool = False


class Stage(_Event, frozen=True, kw_only=True):
    """A part of the way begins: a stage of the definition, or an agency's part.

    Attributes:
        limit: The time this part may take; ``None`` when none is known.
        agency: Whose part it is, or what the stage is called.
        stage: The stage's id; it runs until a :class:`StageEnded`. Empty for an agency
            of several in a row: the part before it ends.
    """

    limit: TimeLimit | None = None
    agency: str = ""
    stage: str = ""


class StageEnded(_Event, frozen=True, kw_only=True):
    """A stage of the definition is done (T32)."""

    stage: str


class Waited(_Event, frozen=True, kw_only=True):
    """A wait "up to" begins: for a citizen's confirmation, or for an answer.

    It ends at the answer or at its limit, with the consequence the definition names.
    It is never added to the dossier's limit.

    Attributes:
        up_to: How long at most.
        consequence: What follows when nobody answers.
        answered_at: When the answer came, if it is known at once.
        pauses: Whether the time really waited is not counted (a citizen's own time).
    """

    up_to: TimeLimit
    consequence: str = ""
    answered_at: dt.datetime | None = None
    pauses: bool = False


class Answered(_Event, frozen=True, kw_only=True):
    """The answer to an open wait came."""


class Lapsed(_Event, frozen=True, kw_only=True):
    """The limit passed without an answer, which counts as an acceptance (T35).

    Attributes:
        term: When it passed: the due time in force. The clock stopped then, however
            much later this was noted.
    """

    term: dt.datetime


class Stopped(_Event, frozen=True, kw_only=True):
    """The clock stops for good.

    Attributes:
        outcome: Why: the result is ready (T19), the citizen withdrew (T22), or the
            authority stopped the case (T11, T23).
    """

    outcome: Literal["result", "withdrawn", "stopped"] = "result"


ClockEvent = (
    Started
    | LimitSet
    | Asked
    | Supplied
    | Completed
    | Paused
    | Resumed
    | Outage
    | Extended
    | Reappointed
    | CalendarChanged
    | Stage
    | StageEnded
    | Waited
    | Answered
    | Lapsed
    | Stopped
)
"""Any of them; ``msgspec`` tells them apart by ``event``."""

__all__ = [
    "Answered",
    "Asked",
    "CalendarChanged",
    "ClockEvent",
    "Completed",
    "Extended",
    "Lapsed",
    "LimitSet",
    "Outage",
    "Paused",
    "Reappointed",
    "Resumed",
    "Stage",
    "StageEnded",
    "Started",
    "Stopped",
    "Supplied",
    "Waited",
]
