"""The rules of civil status (Law 60/2014/QH13, Decree 123/2015/NĐ-CP).

Pure functions over what was declared and the circumstances of the reception. The
official register number comes from the Ministry's shared software; the lines here
are the office's own books.
"""

import datetime as dt

import msgspec

from motcua.plugin import (
    Answers,
    BookLine,
    ChosenLimit,
    FeeLine,
    ProcedureDefinition,
    Reception,
    default_fee_lines,
)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """An event the law wants registered within a number of days.

    Attributes:
        field: The form's field with the event's date.
        days: Days from the event within which registration is in time, and free.
        late_fee: The fee due when it is late.
        late_text: The text shown when it is late.
    """

    field: str
    days: int
    late_fee: str
    late_text: str


EVENTS = {
    "1.001193": Event(
        field="child_birth_date",
        days=60,
        late_fee="birth-late",
        late_text="civil_status.late-birth",
    ),
    "1.000656": Event(
        field="death_date",
        days=15,
        late_fee="death-late",
        late_text="civil_status.late-death",
    ),
}
EVENTS["9.722001"] = EVENTS["1.001193"]
"""Birth within 60 days (art. 15), alone or in the group; death within 15 days (art. 33)."""

LATE_ONLY = {
    **{
        code: msgspec.structs.replace(EVENTS["1.001193"], late_fee="")
        for code in ("1.000689", "1.003583")
    },
    "1.000419": msgspec.structs.replace(EVENTS["1.000656"], late_fee=""),
}
"""The same events where being late costs nothing of its own: pointed out only."""

IN_TIME = "in-time"
"""The fee of an event registered in time: nothing."""

BOOKS = {
    "Sổ đăng ký khai sinh": "HT/KS",
    "Sổ đăng ký kết hôn": "HT/KH",
    "Sổ đăng ký khai tử": "HT/KT",
    "Sổ đăng ký giám hộ": "HT/GH",
    "Sổ đăng ký nhận cha, mẹ, con": "HT/CMC",
    "Sổ đăng ký thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc": "HT/TĐCC",
    "Sổ cấp Giấy xác nhận tình trạng hôn nhân": "HT/XNHN",
    "Sổ cấp bản sao trích lục hộ tịch": "HT/BS",
}
"""One book per kind of event (art. 58), by the name a definition gives it."""

_NAMES = ("child_full_name", "subject_full_name")
_PEOPLE = ("deceased", "ward", "child", "bride", "requester")


def time_limit(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception
) -> ChosenLimit | None:
    """Take the variants the declaration itself calls for; the officer picks the others.

    A foundling's birth is posted for seven days (art. 14 of Decree 123/2015); the
    supplement of an entry is same-day work (art. 29 of the Law).
    """
    called = []
    if answers.flag("abandoned"):
        called.append("abandoned")
    if answers.text("request_kind") == "bổ sung":
        called.append("supplement")
    known = {variant.id for variant in procedure.limit_variants}
    called = [variant for variant in called if variant in known]
    if not called:
        return None
    return procedure.choose_limit({*reception.variants, *called}, reception.channel)


def fee_lines(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception
) -> list[FeeLine]:
    """The fees of art. 11: birth and death in time are free, late ones as the province sets.

    Until the province's amount is configured a late registration shows a line
    without an amount; another province's figure is never charged.
    """
    lines = default_fee_lines(
        procedure,
        answers,
        asked=reception.asked_fees,
        exempt=reception.exemptions,
        amounts=reception.amounts,
    )
    event = EVENTS.get(procedure.code)
    if event is None:
        return list(lines)
    other = event.late_fee if in_time(event, answers, reception) else IN_TIME
    return [line for line in lines if line.fee_id != other]


def register_entries(procedure: ProcedureDefinition, answers: Answers) -> list[BookLine]:
    """One line in each book the definition names; none where it names no book."""
    titles = [title.strip() for title in procedure.result.register.split(";") if title.strip()]
    return [BookLine(book=BOOKS[title], title=title, subject=_subject(answers)) for title in titles]


def in_time(event: Event, answers: Answers, reception: Reception) -> bool:
    """Whether the event is registered in time; online, the day of submission counts."""
    day: dt.date | None = answers.date(event.field)
    return day is not None and reception.in_time(day, event.days)


def _subject(answers: Answers) -> str:
    """Whom the line is about: the person registered, else the requester."""
    names = [answers.text(field) for field in _NAMES]
    names += [person.name for field in _PEOPLE for person in answers.people(field)]
    return next((name for name in names if name), "")
