"""Shared by the tests of clocks: a dossier of five days, and short ways to say things."""

from core.domain.histories import at
from motcua.domain.calendar import Calendar
from motcua.domain.calendar_data import national_calendar
from motcua.domain.clock import Asked, ClockEvent, ClockState, Started, Waited, run
from motcua.domain.limit import parse_limit

C0 = national_calendar()
FIVE_DAYS = Started(at=at("2025-06-09 09:00"), limit=parse_limit("5 wd"))
CHAIN = Started(at=at("2025-06-09 09:00"))
ASKED = Asked(at=at("2025-06-11 10:00"))


def clock(*events: ClockEvent, calendar: Calendar = C0) -> ClockState:
    return run(calendar, events)


def started(moment: str, limit: str) -> Started:
    return Started(at=at(moment), limit=parse_limit(limit))


def told(state: ClockState) -> list[tuple[str, float, str, str]]:
    return [
        (note.date.isoformat()[5:], note.counted, note.why.value, note.act)
        for note in state.explanation
    ]


def waited(moment: str, up_to: str, *, pauses: bool = False, answered: str = "") -> Waited:
    return Waited(
        at=at(moment),
        up_to=parse_limit(up_to),
        consequence="tiếp tục giải quyết",
        pauses=pauses,
        answered_at=at(answered) if answered else None,
    )
