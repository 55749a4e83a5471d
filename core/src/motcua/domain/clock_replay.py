"""What each event of a clock does."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from motcua.domain.calendar import Calendar
from motcua.domain.clock_book import Book, OpenWait, StageClock
from motcua.domain.clock_events import (
    Answered,
    Asked,
    CalendarChanged,
    ClockEvent,
    Completed,
    Extended,
    Lapsed,
    LimitSet,
    Outage,
    Paused,
    Reappointed,
    Resumed,
    Stage,
    StageEnded,
    Started,
    Stopped,
    Supplied,
    Waited,
)
from motcua.domain.clock_state import Ground, Redated, Waiting, verdict
from motcua.domain.counting import Stop, counted_from, end_of, to_date, to_datetime, to_moment
from motcua.domain.deadline_errors import (
    ClockEventError,
    ClockHistoryError,
    ClockNotStartedError,
    ClockNotWaitingError,
    ClockOrderError,
    ClockStoppedError,
    ClockWaitingError,
    LimitSumError,
    NotLaterError,
    SecondReappointmentError,
)
from motcua.domain.explanation import Reason, Why
from motcua.domain.limit import Unit
from motcua.domain.timeline import DAY_SECONDS

_Redating = tuple[Ground, str] | None
"""The ground and basis of a new due time, for an event that may make one."""


class _Refusal(Exception):  # noqa: N818 - never leaves this module
    """An event cannot have happened here; *kind* is the error to raise."""

    def __init__(self, kind: type[ClockHistoryError]) -> None:
        self.kind = kind
        super().__init__()


def replay(calendar: Calendar, history: Iterable[ClockEvent], as_of: dt.date | None) -> Book:
    """The book after all events; see :func:`motcua.domain.clock.run`."""
    book, last = None, 0
    for position, event in enumerate(history, 1):
        now = to_moment(event.at)
        try:
            if book is None:
                book = _open(calendar, as_of, event, now)
            else:
                _take(book, event, now, last)
        except _Refusal as refusal:
            name, at = type(event).__name__, event.at.isoformat()
            raise refusal.kind(position=position, event=name, at=at) from None
        last = now
    if book is None:
        raise ClockNotStartedError(position=0, event="", at="")
    return book


def _open(calendar: Calendar, as_of: dt.date | None, event: ClockEvent, now: int) -> Book:
    if not isinstance(event, Started):
        raise _Refusal(ClockNotStartedError)
    if event.limit is not None and event.until is not None:
        raise _Refusal(ClockEventError)
    book = Book(calendar, as_of, now, event.limit)
    main = book.main
    if event.until is not None and event.set_by == "campaign":
        main.fixed = _later(event.until, now), Reason(Why.CAMPAIGN, "", event.ground)
        main.recount(book.known, firm=True)
    elif event.until is not None:
        main.given = _later(event.until, now)
    book.promise = main.current_due
    if event.promise is not None:
        book.printed(to_moment(event.promise))
    return book


def _take(book: Book, event: ClockEvent, now: int, last: int) -> None:
    if book.stopped is not None:
        raise _Refusal(ClockStoppedError)
    if now < last:
        raise _Refusal(ClockOrderError)
    book.know(to_date(now))
    book.close_wait(now)
    before = book.force.current_due
    redating = _HANDLERS[type(event)](book, event, now)
    after = book.force.current_due
    if redating is not None and after is not None and after != before:
        ground, basis = redating
        due, at = to_datetime(after), to_datetime(now)
        book.redated.append(Redated(due=due, ground=ground, at=at, basis=basis))


# ---- the events: each answers the ground of a new due time, if it may make one ----


def _started(_book: Book, _event: Started, _now: int) -> _Redating:
    raise _Refusal(ClockNotStartedError)


def _limit_set(book: Book, event: LimitSet, _now: int) -> _Redating:
    main = book.main
    if main.limit is not None:
        raise _Refusal(ClockEventError)
    main.limit, main.floor, main.given = event.limit, main.current_due or 0, None
    main.recount(book.known, firm=True)
    return "limit", event.limit.ground


def _asked(book: Book, _event: Asked, now: int) -> _Redating:
    _stand(book, now, "supplement", Reason(Why.SUPPLEMENT, "T09"))
    book.supplements += 1
    if book.supplements > 1:
        book.flag("second-supplement")
    return None


def _supplied(_book: Book, _event: Supplied, _now: int) -> _Redating:
    return None


def _completed(book: Book, event: Completed, now: int) -> _Redating:
    due = book.force.current_due
    asked, reason = _go_on(book, "supplement")
    if event.policy == "restart":
        for count in book.running:
            count.restart(asked, now, reason)
    else:
        book.leave_out(Stop(asked, now), reason)
    if event.until is not None:
        if book.main.given is None:
            raise _Refusal(ClockEventError)
        book.main.given = _later(event.until, due)
    book.recount()
    return "supplement", ""


def _paused(book: Book, event: Paused, now: int) -> _Redating:
    _stand(book, now, "payment", Reason(Why.PAUSED, "T12", event.ground))
    return None


def _resumed(book: Book, _event: Resumed, now: int) -> _Redating:
    paused, reason = _go_on(book, "payment")
    book.leave_out(Stop(paused, now), reason)
    book.recount()
    return "payment", reason.basis


def _outage(book: Book, event: Outage, _now: int) -> _Redating:
    start, until = to_moment(event.start), to_moment(event.until)
    if until <= start:
        raise _Refusal(ClockEventError)
    stop = Stop(start, until, outage=True)
    book.leave_out(stop, Reason(Why.OUTAGE, "T29", event.ground))
    book.recount()
    return "outage", event.ground


def _extended(book: Book, event: Extended, now: int) -> _Redating:
    count = book.force
    if event.stage:
        count = _open_stage(book, event.stage).count
    due = count.current_due if count.limit is None else count.report_due
    if due is None or (event.limit is None) == (event.until is None):
        raise _Refusal(ClockEventError)
    book.latch(now)
    basis = event.paper or event.ground
    if event.until is not None:
        count.agreed = _later(event.until, due), Reason(Why.AGREED, "T28", basis)
    if event.limit is not None:
        if count.limit is None:
            raise _Refusal(ClockEventError)
        if event.limit.unit is Unit.SAME_DAY:
            raise LimitSumError(first=count.limit.short(), second=event.limit.short())
        count.extensions.append((event.limit, Reason(Why.EXTENDED, "T28", basis)))
    book.recount()
    return "extension", basis


def _reappointed(book: Book, event: Reappointed, now: int) -> _Redating:
    count = book.force
    due = count.current_due
    if due is None:
        raise _Refusal(ClockEventError)
    if "reappointed" in book.flags:
        raise SecondReappointmentError(at=event.at.isoformat())
    book.latch(now)
    reason = Reason(Why.REAPPOINTED, "T21", event.reason)
    count.appointed = _later(event.new_due, due), reason
    book.flag("reappointed")
    if now // DAY_SECONDS >= due // DAY_SECONDS:
        book.flag("short-notice")
    return "reappointment", event.reason


def _calendar_changed(book: Book, event: CalendarChanged, _now: int) -> _Redating:
    if event.as_of is not None:
        book.know(event.as_of)
    book.shift(back=event.back)
    force = book.force
    if force.legal is not None and force.legal < force.held:
        book.flag("promise-kept")
    return "calendar", event.basis


def _stage(book: Book, event: Stage, now: int) -> _Redating:
    if book.waiting is not None:
        raise _Refusal(ClockWaitingError)
    book.begin_stage(event.agency, now, event.limit, event.stage)
    return None


def _stage_ended(book: Book, event: StageEnded, now: int) -> _Redating:
    if book.waiting is not None:
        raise _Refusal(ClockWaitingError)
    book.end_stage(_open_stage(book, event.stage), now)
    return None


def _waited(book: Book, event: Waited, now: int) -> _Redating:
    if book.open_wait is not None:
        raise _Refusal(ClockWaitingError)
    timeline = book.known.timeline
    until = end_of(timeline, counted_from(timeline, now, event.up_to), event.up_to)
    wait = OpenWait(event, now, until)
    book.waits.append(wait)
    if event.pauses:
        book.latch(now)
        book.leave_out(*wait.stop)
    if event.answered_at is not None:
        _answer(book, wait, to_moment(event.answered_at))
    book.recount()
    return "waiting", event.consequence


def _answered(book: Book, _event: Answered, now: int) -> _Redating:
    wait = book.open_wait
    if wait is None:
        raise _Refusal(ClockNotWaitingError)
    _answer(book, wait, now)
    book.recount()
    return "waiting", wait.event.consequence


def _stopped(book: Book, event: Stopped, now: int) -> _Redating:
    _stop(book, now, result=event.outcome == "result")
    return None


def _lapsed(book: Book, event: Lapsed, now: int) -> _Redating:
    if book.waiting is not None:
        raise _Refusal(ClockWaitingError)
    term = to_moment(event.term)
    if term != book.force.current_due or now <= term:
        raise _Refusal(ClockEventError)
    _stop(book, term, result=True)
    return None


# ---- what several events do ----


def _stop(book: Book, moment: int, *, result: bool) -> None:
    """Stop the clock for good."""
    if book.waiting is None:
        book.latch(moment)
    book.end_stages(moment)
    book.stood, book.waiting = book.waiting, None
    book.stopped, book.result = moment, result
    due = book.force.report_due
    book.outcome = verdict(
        None if due is None else to_date(due),
        to_date(moment),
        late=book.late_since is not None,
        result=result,
    )


def _open_stage(book: Book, stage: str) -> StageClock:
    found = book.open_stage(stage)
    if found is None:
        raise _Refusal(ClockEventError)
    return found


def _stand(book: Book, now: int, kind: Waiting, reason: Reason) -> None:
    """Stop the clock for the time being."""
    if book.waiting is not None:
        raise _Refusal(ClockWaitingError)
    book.latch(now)
    book.waiting = kind, now, reason


def _go_on(book: Book, kind: Waiting) -> tuple[int, Reason]:
    """Let the clock go on; answers since when it stood, and why."""
    if book.waiting is None or book.waiting[0] != kind:
        raise _Refusal(ClockNotWaitingError)
    _, since, reason = book.waiting
    book.waiting = None
    return since, reason


def _answer(book: Book, wait: OpenWait, moment: int) -> None:
    """An answer after the limit comes too late: the consequence has already followed."""
    if moment < wait.start:
        raise _Refusal(ClockEventError)
    book.close_wait(moment)
    if wait.ended is None:
        book.answer(wait, moment)


def _later(new: dt.datetime, due: int | None) -> int:
    """*new* as a moment.

    Raises:
        NotLaterError: it is not later than the due time in force.
    """
    moment = to_moment(new)
    if due is not None and moment <= due:
        raise NotLaterError(new_due=new.isoformat(), due=to_datetime(due).isoformat())
    return moment


_HANDLERS: dict[type, Callable[[Book, Any, int], _Redating]] = {
    Started: _started,
    LimitSet: _limit_set,
    Asked: _asked,
    Supplied: _supplied,
    Completed: _completed,
    Paused: _paused,
    Resumed: _resumed,
    Outage: _outage,
    Extended: _extended,
    Reappointed: _reappointed,
    CalendarChanged: _calendar_changed,
    Stage: _stage,
    StageEnded: _stage_ended,
    Waited: _waited,
    Answered: _answered,
    Lapsed: _lapsed,
    Stopped: _stopped,
}

__all__ = ["replay"]
