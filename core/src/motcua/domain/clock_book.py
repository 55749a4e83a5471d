"""What the replay of a clock keeps: the running counts, the waits and what was noted."""

import datetime as dt
from collections.abc import Sequence

from motcua.domain.calendar import Calendar
from motcua.domain.clock_count import BreakOff, Count, local
from motcua.domain.clock_events import Waited
from motcua.domain.clock_state import (
    ClockState,
    Flag,
    Outcome,
    Redated,
    StageState,
    Waiting,
    WaitState,
)
from motcua.domain.counting import Stop, to_date, to_datetime
from motcua.domain.explanation import Reason, Why
from motcua.domain.limit import TimeLimit


class StageClock:
    """A part of the way and its clock."""

    __slots__ = ("agency", "count", "ended", "stage")

    def __init__(self, agency: str, count: Count, stage: str = "") -> None:
        """The part of *agency* begins, or the *stage* of that name."""
        self.agency = agency
        self.stage = stage
        self.count = count
        self.ended: int | None = None

    def state(self, broken: BreakOff | None, *, explain: bool) -> StageState:
        """What is known of the part; *broken* says where the clocks at work break off."""
        count = self.count
        if broken and self.ended not in (None, broken.at):
            broken = None
        return StageState(
            stage=self.stage,
            agency=self.agency,
            limit=count.limit,
            started_at=to_datetime(count.received),
            due=local(count.current_due),
            ended_at=local(self.ended),
            late=count.late_since is not None,
            provisional=count.unsure,
            explanation=count.explain(broken) if explain else (),
        )


class OpenWait:
    """A wait "up to", open until it is answered or its limit passes."""

    __slots__ = ("answered", "ended", "event", "start", "until")

    def __init__(self, event: Waited, start: int, until: int) -> None:
        """The wait of *event* begins at *start* and lasts until *until* at most."""
        self.event = event
        self.start = start
        self.until = until
        self.ended: int | None = None
        self.answered = False

    @property
    def stop(self) -> tuple[Stop, Reason]:
        """The stop it makes in the clock as long as nobody has answered."""
        return Stop(self.start, self.until), Reason(Why.WAITED, "", self.event.consequence)

    def state(self) -> WaitState:
        """What is known of the wait."""
        return WaitState(
            started_at=to_datetime(self.start),
            until=to_datetime(self.until),
            ended_at=local(self.ended),
            answered=self.answered,
            consequence=self.event.consequence,
        )


class Book:
    """Everything a replay has noted so far."""

    def __init__(
        self, calendar: Calendar, as_of: dt.date | None, started: int, limit: TimeLimit | None
    ) -> None:
        """A clock started at *started*; no row decided after *as_of* will be used."""
        self._calendar = self.known = calendar
        self._as_of = as_of
        self._knows = dt.date.min
        self.know(to_date(started))
        self.main = Count(self.known, started, limit)
        self.promise: int | None = None
        self.waiting: tuple[Waiting, int, Reason] | None = None
        self.stopped: int | None = None
        self.stood: tuple[Waiting, int, Reason] | None = None
        self.result = False
        self.outcome: Outcome | None = None
        self.supplements = 0
        self.flags: list[Flag] = []
        self.redated: list[Redated] = []
        self.stages: list[StageClock] = []
        self.waits: list[OpenWait] = []

    def know(self, day: dt.date) -> None:
        """Use the rows decided by *day* from now on; nothing is ever forgotten."""
        if self._as_of is not None and day > self._as_of:
            day = self._as_of
        if day > self._knows:
            self._knows = day
            self.known = self._calendar.as_of(day)

    def printed(self, promise: int) -> None:
        """Keep to what the slip said at reception.

        A row of that day by which the limit would end later was entered after the
        slip was printed: it counts from the next event on.
        """
        main = self.main
        if main.legal is not None and main.legal > promise:
            self._knows -= dt.timedelta(days=1)
            self.known = self._calendar.as_of(self._knows)
            main.recount(self.known, firm=False)
            main.legal = main.floor = promise
        main.floor = max(main.floor, promise)
        self.promise = promise

    @property
    def decisive(self) -> Sequence[Count]:
        """The clocks that decide about lateness: the dossier's own, or its stages'."""
        main = self.main
        if main.limit is None and main.given is None and main.fixed is None and self.stages:
            return [stage.count for stage in self.stages]
        return (main,)

    @property
    def force(self) -> Count:
        """The clock people look at: the dossier's own, or that of the agency at work."""
        return self.decisive[-1]

    @property
    def running(self) -> Sequence[Count]:
        """The clocks that run: the dossier's and those of the stages at work."""
        return (self.main, *(each.count for each in self.open_stages))

    @property
    def open_stages(self) -> list[StageClock]:
        """The stages that have begun and are not done."""
        return [each for each in self.stages if each.ended is None]

    def open_stage(self, stage: str) -> StageClock | None:
        """The stage called *stage*, if it is at work."""
        return next((each for each in self.open_stages if each.stage == stage), None)

    @property
    def late_since(self) -> int | None:
        """The first due time that was missed by its date."""
        missed = (count.late_since for count in self.decisive)
        return next((due for due in missed if due is not None), None)

    @property
    def open_wait(self) -> OpenWait | None:
        """The wait nobody has answered yet."""
        return self.waits[-1] if self.waits and self.waits[-1].ended is None else None

    def latch(self, now: int) -> None:
        """Keep which due times have passed."""
        for count in self.running:
            count.latch(now)

    def leave_out(self, stop: Stop, reason: Reason) -> None:
        """Leave a stretch out of the running counts."""
        for count in self.running:
            count.stop(stop, reason)

    def recount(self) -> None:
        """Count again. While a wait pauses the clock its due time is not firm yet."""
        for count in self.running:
            count.recount(self.known, firm=self._firm)

    def shift(self, *, back: bool) -> None:
        """Count again because the calendar changed, or a change of it was taken *back*."""
        for count in self.running:
            count.shift(self.known, firm=self._firm, back=back)

    @property
    def _firm(self) -> bool:
        wait = self.open_wait
        return wait is None or not wait.event.pauses

    def flag(self, flag: Flag) -> None:
        """Note a fact once."""
        if flag not in self.flags:
            self.flags.append(flag)

    def answer(self, wait: OpenWait, moment: int) -> None:
        """End a wait by its answer."""
        if wait.event.pauses:
            for count in self.running:
                count.shorten(wait.stop, moment)
        wait.ended, wait.answered = moment, True

    def close_wait(self, now: int) -> None:
        """End a wait whose limit has passed: nobody answered."""
        wait = self.open_wait
        if wait is None or now <= wait.until:
            return
        wait.ended = wait.until
        self.flag("wait-unanswered")
        for count in self.running:
            count.keep()

    def end_stage(self, each: StageClock, now: int) -> None:
        """A stage is done, or an agency has done its part."""
        each.ended = now
        if self.waiting is None:
            each.count.latch(now)

    def end_stages(self, now: int) -> None:
        """Whatever was at work has ended."""
        for each in self.open_stages:
            self.end_stage(each, now)

    def begin_stage(self, agency: str, now: int, limit: TimeLimit | None, stage: str) -> None:
        """A stage begins beside those at work; without its id, an agency after the one before."""
        if not stage:
            self.end_stages(now)
        self.stages.append(StageClock(agency, Count(self.known, now, limit), stage))

    def broken_off(self, now: int | None) -> BreakOff | None:
        """Where the count breaks off, if it stands *now* or was stopped without a result."""
        if self.stopped is not None:
            return None if self.result else self._broken(self.stopped, self.stood, ended=True)
        if self.waiting is None or now is None:
            return None
        return self._broken(now, self.waiting, ended=False)

    @staticmethod
    def _broken(at: int, stood: tuple[Waiting, int, Reason] | None, *, ended: bool) -> BreakOff:
        pause = None
        if stood is not None:
            _, since, reason = stood
            at = max(at, since)
            pause = Stop(since, at), reason
        return BreakOff(at, pause, ended)

    def state(self, *, explain: bool, now: int | None = None) -> ClockState:
        """What the clock knows; with *now*, the days of a pause up to then are told."""
        broken = self.broken_off(now)
        main, force, late = self.main, self.force, self.late_since
        return ClockState(
            received_at=to_datetime(main.received),
            counted_from=to_datetime(main.start),
            limit=main.limit,
            promise=local(self.promise),
            legal_due=local(force.legal),
            report_due=local(force.report_due),
            current_due=local(force.current_due),
            redated=tuple(self.redated),
            running=self.waiting is None and self.stopped is None,
            waiting=self.waiting[0] if self.waiting else None,
            finished_at=local(self.stopped),
            outcome=self.outcome,
            no_limit=force.limit is None and force.fixed is None,
            late_latched=late is not None,
            late_since=local(late),
            hour_missed=any(count.missed_hour for count in self.decisive),
            provisional=force.unsure,
            supplements=self.supplements,
            flags=tuple(self.flags),
            stages=tuple(stage.state(broken, explain=explain) for stage in self.stages),
            waits=tuple(wait.state() for wait in self.waits),
            explanation=force.explain(broken) if explain else (),
        )


__all__ = ["Book", "OpenWait", "StageClock"]
