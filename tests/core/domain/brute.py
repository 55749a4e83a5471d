"""A second implementation of the clock, to hold against the first.

It steps minute by minute and shares no code with ``motcua.domain``: only the values
that go in. It is written to be obvious, not fast.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
NEVER = dt.datetime.combine(dt.date.min, dt.time())


class Standing(NamedTuple):
    """A stretch in which the clock stood."""

    start: dt.datetime
    end: dt.datetime
    outage: bool


class Office:
    """What one view of a calendar says, minute by minute. Times are naive and local."""

    def __init__(self, rows: Sequence[Any], closures: Sequence[Any], weeks: Sequence[Any]) -> None:
        self.rows = {row.date: row for row in rows}
        self.closures = {row.date: row for row in closures}
        self.weeks = weeks
        self.open_minutes: dict[dt.date, list[int]] = {}

    def sessions(self, day: dt.date) -> list[Any]:
        row = self.rows.get(day)
        week = [each for each in self.weeks if each.valid_from is None or each.valid_from <= day]
        table = week[-1].week
        like = day
        if row is not None:
            if row.kind != "swap_work":
                return []
            like = row.pair
        found = list(table[like.weekday()])
        closed = self.closures.get(day)
        if closed is None:
            return found
        if closed.sessions is None:
            return []
        halves = {"morning": range(12), "afternoon": range(12, 24)}
        shut = {hour for half in closed.sessions for hour in halves[half]}
        return [session for session in found if session.opens.hour not in shut]

    def working_minutes(self, day: dt.date) -> list[int]:
        """The minutes of the day in which work is done: 450 is 07:30 to 07:31."""
        if day not in self.open_minutes:
            self.open_minutes[day] = [
                minute
                for session in self.sessions(day)
                if not session.reception_only
                for minute in range(minutes(session.opens), minutes(session.closes))
            ]
        return self.open_minutes[day]

    def days_after(self, day: dt.date) -> Iterator[dt.date]:
        while True:
            day += DAY
            yield day

    def first_opening_after(self, day: dt.date) -> dt.datetime:
        return next(
            midnight(each) + self.working_minutes(each)[0] * MINUTE
            for each in self.days_after(day)
            if self.working_minutes(each)
        )

    def closing(self, day: dt.date) -> dt.datetime:
        return midnight(day) + (self.working_minutes(day)[-1] + 1) * MINUTE

    def settle(self, moment: dt.datetime) -> dt.datetime:
        """Step forward to the next minute in which somebody sits at the desk."""
        day, minute = moment.date(), moment.hour * 60 + moment.minute
        seats = [(minutes(each.opens), minutes(each.closes)) for each in self.sessions(day)]
        while minute < 1440:
            for opens, closes in seats:
                if opens <= minute <= closes:
                    return midnight(day) + minute * MINUTE
            minute += 1
        return self.first_opening_after(day)


def minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


def local(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(ZONE).replace(tzinfo=None)


def begin(office: Office, received: dt.datetime, limit: Any) -> dt.datetime:
    """When a reception counts."""
    start = office.settle(received)
    cutoff = limit.cutoff
    if cutoff is None and limit.unit == "same_day":
        cutoff = dt.time(15, 0)
    if cutoff is not None and start.time() > cutoff:
        return office.first_opening_after(start.date())
    return start


def freed(office: Office, day: dt.date, stops: Sequence[Standing]) -> bool:
    """Whether the clock stood on *day*, for limits in days."""
    for stop in stops:
        if not stop.outage:
            if stop.start.date() <= day <= office.settle(stop.end).date():
                return True
        elif stop.start.date() <= day <= stop.end.date():
            before, outage = number(midnight(day)), [(number(stop.start), number(stop.end))]
            for minute in office.working_minutes(day):
                if stands(before + minute, outage):
                    return True
    return False


def finish(
    office: Office, start: dt.datetime, limit: Any, stops: Sequence[Standing]
) -> dt.datetime:
    """Where a limit that counts from *start* ends."""
    if limit.unit == "same_day":
        return finish_same_day(office, start, limit, stops)
    if limit.unit == "calendar_day":
        return finish_calendar_days(office, start, limit, stops)
    if limit.unit == "working_day" and limit.convention != "H":
        left = limit.amount
        for day in office.days_after(start.date()):
            if office.working_minutes(day) and not freed(office, day, stops):
                left -= 1
            if left == 0:
                return office.closing(day)
    return finish_hours(office, start, limit, stops)


def finish_same_day(
    office: Office, start: dt.datetime, limit: Any, stops: Sequence[Standing]
) -> dt.datetime:
    left = limit.amount
    for day in office.days_after(start.date() - DAY):
        works = bool(office.working_minutes(day)) and office.closing(day) >= start
        if works and not freed(office, day, stops):
            left -= 1
        if left == 0:
            return office.closing(day)
    raise AssertionError


def finish_calendar_days(
    office: Office, start: dt.datetime, limit: Any, stops: Sequence[Standing]
) -> dt.datetime:
    left = limit.amount
    for day in office.days_after(start.date()):
        if left > 0 and not freed(office, day, stops):
            left -= 1
        if left == 0 and office.working_minutes(day) and not freed(office, day, stops):
            return office.closing(day)
    raise AssertionError


def finish_hours(
    office: Office, start: dt.datetime, limit: Any, stops: Sequence[Standing]
) -> dt.datetime:
    stood = [
        (number(stop.start), number(stop.end if stop.outage else office.settle(stop.end)))
        for stop in stops
    ]
    begun = number(start)
    left = limit.amount * 60 * (8 if limit.unit == "working_day" else 1)
    for day in office.days_after(start.date() - DAY):
        before = number(midnight(day))
        every = limit.unit == "clock_hour"
        for minute in range(1440) if every else office.working_minutes(day):
            now = before + minute
            if now < begun or stands(now, stood):
                continue
            left -= 1
            if left == 0:
                return midnight(day) + (minute + 1) * MINUTE
    raise AssertionError


def number(moment: dt.datetime) -> int:
    """The minutes from the first day to *moment*."""
    return moment.toordinal() * 1440 + moment.hour * 60 + moment.minute


def stands(now: int, stood: Sequence[tuple[int, int]]) -> bool:
    for begun, ended in stood:  # noqa: SIM110 - a generator here takes twice the time
        if begun <= now < ended:
            return True
    return False


class Offices:
    """The views of one calendar, by what was decided."""

    def __init__(self, calendar: Any) -> None:
        self.calendar = calendar
        self.views: dict[tuple[int, ...], Office] = {}

    def on(self, day: dt.date) -> Office:
        rows = [row for row in self.calendar.days if known(row, day)]
        rows.sort(key=lambda row: (not row.provisional, row.decided_on or dt.date.min))
        closures = [row for row in self.calendar.closures if decided(row, day)]
        weeks = [row for row in self.calendar.hours.weeks if decided(row, day)]
        key = tuple(id(row) for row in (*rows, *closures, *weeks))
        if key not in self.views:
            self.views[key] = Office(rows, closures, weeks)
        return self.views[key]


def decided(row: Any, day: dt.date) -> bool:
    return row.decided_on is None or row.decided_on <= day


def known(row: Any, day: dt.date) -> bool:
    if row.withdrawn_on is not None and row.withdrawn_on <= day:
        return False
    return row.provisional or decided(row, day)


class BruteClock:
    """Replays a history of one dossier without stages and waits."""

    def __init__(self, offices: Offices) -> None:
        self.offices = offices
        self.stops: list[Standing] = []
        self.extensions: list[Any] = []
        self.stood_since: dt.datetime | None = None
        self.agreed: dt.datetime | None = None
        self.appointed: dt.datetime | None = None
        self.told = NEVER
        self.late = False
        self.outcome: str | None = None
        self.promise: dt.datetime | None = None
        self.legal = NEVER

    @property
    def report_due(self) -> dt.datetime:
        return max(self.legal, self.told)

    @property
    def current_due(self) -> dt.datetime:
        return max(self.report_due, self.appointed or NEVER)

    def count(self, now: dt.datetime) -> None:
        office = self.offices.on(now.date())
        end = finish(office, begin(office, self.begun, self.limit), self.limit, self.stops)
        for extension in self.extensions:
            end = finish(office, end, extension, self.stops)
        self.legal = max(end, self.agreed or NEVER)
        self.told = max(self.told, self.legal)

    def look(self, now: dt.datetime) -> None:
        if now.date() > self.report_due.date():
            self.late = True

    def take(self, event: Any) -> None:
        now = local(event.at)
        match type(event).__name__:
            case "Started":
                self.begun, self.limit = now, event.limit
                self.count(now)
                self.promise = self.current_due
            case "Asked" | "Paused":
                self.look(now)
                self.stood_since = now
            case "Completed" | "Resumed":
                self.go_on(event, now)
            case "Outage":
                self.stops.append(Standing(local(event.start), local(event.until), outage=True))
                self.count(now)
            case "Extended":
                self.look(now)
                if event.limit is not None:
                    self.extensions.append(event.limit)
                else:
                    self.agreed = local(event.until)
                self.count(now)
            case "Reappointed":
                self.look(now)
                self.appointed = local(event.new_due)
            case "CalendarChanged":
                self.count(now)
            case "Stopped":
                self.finish(event, now)
            case unknown:
                raise AssertionError(unknown)

    def go_on(self, event: Any, now: dt.datetime) -> None:
        assert self.stood_since is not None
        if getattr(event, "policy", "resume") == "restart":
            self.begun = now
            self.stops = [stop for stop in self.stops if stop.end > now]
        else:
            self.stops.append(Standing(self.stood_since, now, outage=False))
        self.stood_since = None
        self.count(now)

    def finish(self, event: Any, now: dt.datetime) -> None:
        if self.stood_since is None:
            self.look(now)
        self.outcome = "on_time"
        if event.outcome == "result" and self.late:
            self.outcome = "late"
        elif event.outcome == "result" and now.date() < self.report_due.date():
            self.outcome = "early"
