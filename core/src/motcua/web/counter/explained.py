"""What a dossier's page shows: answers, history, due date, in words for officers."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec

from motcua.documents.slips import FORMS
from motcua.domain.answers import REQUESTER
from motcua.domain.dossier import TRANSITIONS, Need, State
from motcua.domain.form import DateField, Field, FileField, GroupField, MoneyField, PersonField
from motcua.domain.identity import hidden_numbers
from motcua.domain.life import moment as moment_of
from motcua.domain.names import masked
from motcua.plugin.facts import Problem
from motcua.plugin.texts import text, texts
from motcua.services.assess import Filing
from motcua.services.payments import Payment
from motcua.services.views import EventView, StageView, WaitView
from motcua.ui.format import date, moment, money
from motcua.web.forms.typed import PERSON_MORE

Pair = tuple[str, str]
FLOW: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("receive", (State.SUBMITTED, State.PRE_SUPPLEMENT, State.RECEIVED)),
    (
        "appraise",
        (
            State.APPRAISING,
            State.SUPPLEMENT_REQUESTED,
            State.AWAITING_PAYMENT,
            State.WITH_OTHER_AGENCY,
        ),
    ),
    ("approve", (State.FOR_APPROVAL,)),
    ("register", (State.APPROVED,)),
    ("return", (State.RESULT_READY,)),
)
"""The five steps of an officer's view, and the states in each."""


class FlowStep(msgspec.Struct, frozen=True):
    """One step of the line."""

    words: str
    status: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One act of the history."""

    at: dt.datetime
    what: str
    who: str
    told: list[Pair]


def flow(state: State) -> list[FlowStep]:
    """Where a dossier stands; one that ended early has no present step."""
    places = [place for place, (_, states) in enumerate(FLOW) if state in states]
    now = places[0] if places else (len(FLOW) if state is State.RETURNED else -1)
    names = ["done" if place < now else "now" if place == now else "todo" for place in range(5)]
    return [
        FlowStep(text(f"counter.flow.{name}"), status)
        for (name, _), status in zip(FLOW, names, strict=True)
    ]


def answers(fields: Iterable[Field], given: Mapping[str, Any], *, whole: bool) -> list[Pair]:
    """What was declared, in the order of the form; numbers of people are masked unless *whole*."""
    return [
        (field.label, _words(field, given[field.id], whole=whole))
        for field in fields
        if field.id in given and field.id != REQUESTER
    ]


def person(given: Mapping[str, Any], *, whole: bool) -> list[Pair]:
    """The applicant; numbers are masked unless *whole*."""
    pairs = []
    for part in ("name", "id_number", "birth", "phone", "address", *PERSON_MORE):
        value = given.get(part)
        if value:
            words = _date(value) if part == "birth" else _line(value)
            hidden = part in ("id_number", "phone", "identity_paper") and not whole
            pairs.append((text(f"counter.person.{part}"), masked(words) if hidden else words))
    return pairs


def filing(said: Filing | None, *, whole: bool) -> list[Pair]:
    """Who filed for the applicant, and how the result comes back, where that was said."""
    if said is None:
        return []
    pairs = []
    if said.filed_by:
        told = [
            masked(value) if part != "name" and not whole else value
            for part, value in said.filed_by.items()
        ]
        pairs.append((text("counter.dossier.filed_by"), ", ".join(told)))
        pairs.append((text("counter.dossier.authority"), said.authority))
    if said.result_way:
        way = text(f"apply.result.{said.result_way}")
        where = ", ".join(filter(None, (way, said.result_address)))
        pairs.append((text("counter.dossier.result_way"), where))
    return pairs


def slips(events: Iterable[EventView]) -> list[str]:
    """The forms of which a dossier has a slip."""
    issued = {TRANSITIONS[each.transition].form for each in events if each.data is not None}
    return [form for form in FORMS if form in issued]


def history(events: Iterable[EventView], *, whole: bool) -> list[Entry]:
    """What was done, the latest first; numbers of people are masked unless *whole*."""
    made = [entry(event, whole=whole) for event in events]
    return made[::-1]


def money_entries(entries: Iterable[Payment], dossier: UUID, *, whole: bool) -> list[Entry]:
    """What was taken for *dossier* and given back, the latest first, as :func:`history`."""
    return [
        Entry(
            at=each.at,
            what=text(f"money.{each.kind}", number=each.label),
            who=each.staff,
            told=_money_words(each, dossier, whole=whole),
        )
        for each in entries
    ][::-1]


def _money_words(entry: Payment, dossier: UUID, *, whole: bool) -> list[Pair]:
    way, amount = text(f"counter.pay.{entry.way}"), money(entry.parts[dossier])
    told = [(text("money.amount"), f"{amount}, {way}")]
    if entry.reason:
        reason = entry.reason if whole else hidden_numbers(entry.reason)
        told.append((text("need.reason"), reason))
    return told


def entry(event: EventView, *, whole: bool) -> Entry:
    """One act with who took it and what it said."""
    data = event.data or {}
    told = said(event.transition, event.reason, data)
    told += [
        (text(f"counter.dossier.{what}"), ", ".join(data[what]))
        for what in ("register", "issued", "void")
        if data.get(what)
    ]
    if data.get("in_place_of"):
        told.append((text("counter.dossier.in_place_of"), data["in_place_of"]))
    entered = data.get("entered")
    if entered:
        when = moment_of(entered["at"])
        words = f"{moment(when)} · {entered['by']}" if when else entered["by"]
        told.append((text("counter.dossier.entered"), words))
    if not whole:
        told = [(label, hidden_numbers(words)) for label, words in told]
    role = text(f"role.{event.role}")
    return Entry(
        at=event.at,
        what=text(f"step.{event.transition}"),
        who=role if event.role in ("citizen", "system") else f"{event.actor} · {role}",
        told=told,
    )


def said(step: str, reason: str, data: Mapping[str, Any]) -> list[Pair]:
    """Why a step was taken, and what it needed."""
    told = [(text("need.reason"), reason)] if reason else []
    return told + [
        (need_label(step, need), _need_words(need, data[need.name]))
        for need in TRANSITIONS[step].needs
        if data.get(need.name)
    ]


def stages(found: Iterable[StageView]) -> list[Pair]:
    """The stages of a dossier: what each is called, and where it stands."""
    return [(each.label, _stage(each)) for each in found]


def _stage(stage: StageView) -> str:
    if stage.started_at is None:
        return text("counter.dossier.stage_todo", since=stage.counted_from)
    if stage.ended_at is not None:
        words = text("counter.dossier.stage_done", ended=moment(stage.ended_at))
    elif stage.due is not None:
        words = text("counter.dossier.stage_open", due=moment(stage.due))
    else:
        words = text("counter.dossier.stage_unlimited")
    return text("counter.dossier.stage_late", words=words) if stage.late else words


def waits(found: Iterable[WaitView]) -> list[str]:
    """The waits of a dossier: until when, how each ended, what follows without an answer."""
    return [_wait(each) for each in found]


def _wait(wait: WaitView) -> str:
    if wait.ended_at is None:
        since, until = moment(wait.started_at), moment(wait.until)
        words = text("counter.dossier.wait_open", since=since, until=until)
    elif wait.answered:
        return text("counter.dossier.wait_answered", ended=moment(wait.ended_at))
    else:
        words = text("counter.dossier.wait_over", ended=moment(wait.ended_at))
    if not wait.consequence:
        return words
    return text("counter.dossier.wait_then", words=words, consequence=wait.consequence)


def warnings(events: Iterable[EventView]) -> list[str]:
    """What the plugins found doubtful at reception."""
    told = [(event.data or {}).get("warnings") or [] for event in events]
    found = [msgspec.convert(each, Problem) for many in told for each in many]
    return [problem_words(each) for each in found]


def problem_words(problem: Problem) -> str:
    """What a plugin found, in its own words."""
    told: dict[str, Any] = dict(problem.told)
    return text(problem.code, **told)


def _words(field: Field, value: Any, *, whole: bool) -> str:  # noqa: PLR0911 - one per kind
    if isinstance(value, list):
        return "; ".join(_words(field, each, whole=whole) for each in value)
    match field:
        case PersonField():
            return ", ".join(words for _, words in person(value, whole=whole))
        case GroupField():
            pairs = answers(field.fields, value, whole=whole)
            return ", ".join(f"{label}: {words}" for label, words in pairs)
        case DateField():
            return _date(value)
        case MoneyField() if isinstance(value, int):
            return money(value)
        case FileField():
            return value.get("name", "") if isinstance(value, dict) else str(value)
        case _ if isinstance(value, bool):
            return text("counter.yes" if value else "counter.no")
        case _:
            words = _line(value)
            return words if whole else hidden_numbers(words)


def _line(value: Any) -> str:
    """An address or a text."""
    return str(value.get("line", "")) if isinstance(value, dict) else str(value)


def _date(value: str) -> str:
    """A day as people write it; a year alone stays one."""
    try:
        return date(dt.date.fromisoformat(value))
    except ValueError:
        return value


def need_label(step: str, need: Need) -> str:
    """What a step's need is called; where one word fits several steps badly, each has its own."""
    own = f"counter.need.{step}.{need.name}"
    return text(own if own in texts("vi") else f"need.{need.name}")


def _need_words(need: Need, value: Any) -> str:
    match need.kind:
        case "moment":
            found = moment_of(value)
            return moment(found) if found else str(value)
        case "lines":
            return "; ".join(value)
        case "choice":
            return text(f"way.{value}")
        case "amount":
            return money(value)
        case _:
            return value["full_name"] if isinstance(value, dict) else str(value)
