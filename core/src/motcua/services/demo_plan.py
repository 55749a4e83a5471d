"""The six months of 2018 as whole histories, drawn by dice from published totals.

What is drawn are arrivals, people and *how long the work took*. Whether a dossier
was early, on time or late is never drawn: the deadline engine says so when the
histories are imported.
"""

import datetime as dt
import itertools
import random
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any, Literal

import msgspec

from motcua.domain.calendar import VN, Calendar
from motcua.domain.procedure import ProcedureDefinition
from motcua.services.demo_people import SEED, Inventor, Words, load_words
from motcua.services.demo_staff import officers
from motcua.services.histories import Channel, History, HistoryEvent
from motcua.services.worktime import WorkTime

_LEAD_IN, _LEAD_OUT = dt.timedelta(days=20), dt.timedelta(days=120)
_REASON = "Hồ sơ còn thiếu giấy tờ"

Fate = Literal["usual", "slow", "supplemented", "withdrawn"]


class Published(msgspec.Struct, frozen=True, kw_only=True, rename={"first": "from", "last": "to"}):
    """What was published about the period."""

    source: str
    first: dt.date
    last: dt.date
    procedures: int
    active: int
    dossiers: int
    per_month_and_unit: int
    certification_percent: float
    civil_status_percent: float
    in_time_percent_over: float


class Arrival(msgspec.Struct, frozen=True):
    """When people come: weights of hours, weekdays and months."""

    hours: dict[str, int]
    weekdays: tuple[int, ...]
    months: dict[str, int]


class Count(msgspec.Struct, frozen=True):
    """A number that is drawn around a mean."""

    mean: float
    most: int


class Mix(msgspec.Struct, frozen=True):
    """Shares of what happens to dossiers."""

    supplemented_percent: float
    withdrawn_percent: float
    late_percent: float
    copies: Count
    pages: Count


class Share(msgspec.Struct, frozen=True):
    """One active procedure: how many dossiers, how long the work takes, which ways in."""

    code: str
    dossiers: int
    usual: tuple[float, float]
    slow: tuple[float, float]
    online: float = 0.0
    post: float = 0.0


class Activity(msgspec.Struct, frozen=True):
    """The facts and the assumptions behind the demonstration."""

    published: Published
    units: dict[str, float]
    arrival: Arrival
    mix: Mix
    procedure: tuple[Share, ...]


def load_activity() -> Activity:
    """The facts that travel with the program."""
    text = files("motcua").joinpath("data/demo/activity.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Activity)


def spread(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """*total* shared out by *weights* in whole numbers, nothing lost (largest remainders)."""
    whole = sum(weights.values())
    exact = {name: total * weight / whole for name, weight in weights.items()}
    counts = {name: int(share) for name, share in exact.items()}
    left = total - sum(counts.values())
    for name in sorted(exact, key=lambda name: counts[name] - exact[name])[:left]:
        counts[name] += 1
    return counts


def six_months(
    activity: Activity,
    definitions: Mapping[str, ProcedureDefinition],
    calendar: Calendar,
    seed: int = SEED,
) -> Iterator[History]:
    """Every dossier of the period, unit by unit and procedure by procedure.

    Args:
        activity: The facts and assumptions.
        definitions: The version of each active procedure in force in the period.
        calendar: The working days of the time.
        seed: The same seed gives the same histories.
    """
    dice = random.Random(seed)  # noqa: S311 - a demonstration is drawn, nothing is kept secret
    words = load_words()
    inventor = Inventor(dice, words, pages=activity.mix.pages.mean, copies=activity.mix.copies.mean)
    desk = _Desk(activity, calendar, dice, words)
    people = {unit: officers(unit) for unit in activity.units}
    fates = _fates(activity, dice)
    number = 0
    for share in activity.procedure:
        definition = definitions[share.code]
        for unit, count in spread(share.dossiers, activity.units).items():
            for _ in range(count):
                number += 1
                channel = desk.channel(share)
                applicant = inventor.person(activity.published.first)
                staff = {role: dice.choice(names) for role, names in people[unit].items()}
                staff["citizen"] = applicant["name"]
                events = desk.events(share, channel, fates.pop(), staff)
                answers = inventor.answers(definition, applicant, events[0].at.date())
                yield History(
                    tenant=unit,
                    external_id=f"demo-{seed}-{number:05}",
                    procedure=share.code,
                    channel=channel,
                    applicant=applicant,
                    answers=answers,
                    events=events,
                )


def _fates(activity: Activity, dice: random.Random) -> list[Fate]:
    """What becomes of each dossier: exact numbers in a random order."""
    total, mix = activity.published.dossiers, activity.mix
    drawn: list[Fate] = []
    drawn += ["slow"] * round(total * mix.late_percent / 100)
    drawn += ["supplemented"] * round(total * mix.supplemented_percent / 100)
    drawn += ["withdrawn"] * round(total * mix.withdrawn_percent / 100)
    drawn += ["usual"] * (total - len(drawn))
    dice.shuffle(drawn)
    return drawn


class _Desk:
    """Draws when somebody comes and when each step of the work is done."""

    def __init__(
        self, activity: Activity, calendar: Calendar, dice: random.Random, words: Words
    ) -> None:
        period = activity.published
        self.first, self.last = period.first, period.last
        self.dice = dice
        self.words = words
        self.work = WorkTime(calendar, self.first - _LEAD_IN, self.last + _LEAD_OUT)
        self.days = [day for day in self.work.days if self.first <= day <= self.last]
        self._weigh(activity.arrival)

    def _weigh(self, arrival: Arrival) -> None:
        months = [str(day.month) for day in self.days]
        weekdays = [arrival.weekdays[day.weekday()] for day in self.days]
        whole = dict.fromkeys(arrival.months, 0)
        for month, weekday in zip(months, weekdays, strict=True):
            whole[month] += weekday
        weights = (
            arrival.months[month] * weekday / whole[month]
            for month, weekday in zip(months, weekdays, strict=True)
        )
        self.day_weights = list(itertools.accumulate(weights))
        self.hours = [int(hour) for hour in arrival.hours]
        self.hour_weights = list(itertools.accumulate(arrival.hours.values()))

    def channel(self, share: Share) -> Channel:
        """The way one dossier comes in."""
        drawn = self.dice.random()
        if drawn < share.online:
            return "online"
        return "post" if drawn < share.online + share.post else "counter"

    def arrival(self) -> dt.datetime:
        """A moment inside a session of a working day of the period."""
        while True:
            day = self.dice.choices(self.days, cum_weights=self.day_weights)[0]
            hour = self.dice.choices(self.hours, cum_weights=self.hour_weights)[0]
            time = dt.time(hour, self.dice.randrange(60), self.dice.randrange(60))
            moment = dt.datetime.combine(day, time, VN)
            if self.work.opening(moment) == moment:
                return moment

    def events(
        self, share: Share, channel: Channel, fate: Fate, staff: dict[str, str]
    ) -> list[HistoryEvent]:
        """One dossier from the first act to the return of the result."""
        story = _Story(self, staff)
        if channel == "online":
            started = self._submitted(story, fate)
        else:
            started = self.arrival()
            story.add("T02", started, "reception")
        handed = self.soon(started, 0.01, 0.15)
        story.add("T08", handed, "reception")
        if fate == "withdrawn":
            gone = self.soon(handed, 0.02, 0.4)
            story.add("T22", gone, "reception", reason="Người yêu cầu đề nghị rút hồ sơ")
            return story.events
        if fate == "supplemented" and channel != "online":
            handed = started = self._supplemented(story, handed)
        low, high = share.slow if fate == "slow" else share.usual
        self._worked(story, started, handed, self.dice.uniform(low, high))
        return story.events

    def soon(self, moment: dt.datetime, low: float, high: float) -> dt.datetime:
        """Between *low* and *high* hours of work after *moment*."""
        return self.work.after(moment, self.dice.uniform(low, high))

    def _submitted(self, story: "_Story", fate: Fate) -> dt.datetime:
        """An online dossier up to its reception, which lies within the period."""
        while True:
            sent = self.arrival() - dt.timedelta(hours=self.dice.uniform(0, 14))
            asked = self.soon(sent, 0.3, 6)
            supplied = asked + dt.timedelta(hours=self.dice.uniform(1, 60))
            received = self.soon(supplied if fate == "supplemented" else sent, 0.2, 6)
            if self.first <= received.date() <= self.last:
                break
        story.add("T01", sent, "citizen")
        if fate == "supplemented":
            story.add("T04", asked, "reception", reason=_REASON, items=self._missing())
            story.add("T05", supplied, "citizen")
        story.add("T03", received, "reception")
        return received

    def _supplemented(self, story: "_Story", handed: dt.datetime) -> dt.datetime:
        asked = self.soon(handed, 0.02, 0.2)
        story.add("T09", asked, "field", reason=_REASON, items=self._missing())
        supplied = self.soon(asked, 1, 30)
        story.add("T10", supplied, "reception")
        return supplied

    def _missing(self) -> list[str]:
        return [self.dice.choice(self.words.missing)]

    def _worked(
        self, story: "_Story", started: dt.datetime, handed: dt.datetime, hours: float
    ) -> None:
        """Appraisal, approval, result and its return; the result comes after *hours*."""
        ready = max(self.work.after(started, hours), self.work.after(handed, 0.1))
        span = hours * self.dice.uniform(0.1, 0.25)
        proposed = max(handed, self.work.after(ready, -span))
        signed = max(proposed, self.work.after(ready, -span * self.dice.uniform(0.1, 0.7)))
        story.add("T16", proposed, "field")
        story.add("T18", signed, "leader")
        story.add("T19", ready, "clerk")
        given = self.soon(ready, 0.02, 0.5)
        story.add("T20", given, "reception", received_by=story.staff["citizen"], way="counter")


class _Story:
    """The events of one dossier, gathered in order."""

    def __init__(self, desk: _Desk, staff: dict[str, str]) -> None:
        self.desk = desk
        self.staff = staff
        self.events: list[HistoryEvent] = []

    def add(
        self, transition: str, at: dt.datetime, who: str, *, reason: str = "", **data: Any
    ) -> None:
        by = self.staff[who]
        event = HistoryEvent(transition=transition, at=at, by=by, reason=reason, data=data)
        self.events.append(event)
