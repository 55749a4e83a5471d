"""Entering afterwards what was done on paper: who, what, and when each step was taken."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.domain.calendar import VN
from motcua.domain.dossier import STAFF_ROLES, TRANSITIONS, Role
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.money import Way
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.texts import text
from motcua.services import blocks, books, holding, offers, payments, reading, village_signers
from motcua.services.histories import HistoryEvent
from motcua.services.house import Desk
from motcua.services.idempotency import KeyReusedError, Repeatable, once
from motcua.services.replay import ImpossibleEventError
from motcua.services.words import called
from motcua.storage.work import work
from motcua.web.counter.cash import LATER, ways_of
from motcua.web.counter.explained import Pair
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.reception import definition_of, faults_of, require_reception, slip_key
from motcua.web.counter.sent_before import declared, differences, kept_dossiers, sent_before
from motcua.web.counter.session import typed
from motcua.web.counter.visitform import APPLICANT, VisitForm
from motcua.web.forms.fields import FormWriter, Widget, walk
from motcua.web.forms.told import words
from motcua.web.forms.typed import moment, person

AnyRequest = Request[Any, Any, Any]
STEPS = ("T02", "T08", "T16", "T18", "T19", "T20")
"""The main way of a dossier; what went otherwise is entered by the API."""
NUMBERS, DAY, HOUR, WHO, PAID = "so_giay", "ngay", "gio.", "ai.", "tra"


@get("/nhap-sau/{block:str}")
async def choose(
    counter: TheCounter, block: FromPath[str], xong: FromQuery[str] = ""
) -> Response[Any]:
    """The block, what is still unused of it, and the procedures to choose from."""
    require_reception(counter)
    found = await open_block(counter, block)
    numbered = offers.numbered_in(counter.house, counter.desk, found.book)
    return await counter.page(
        "paper_day.html",
        current="books",
        block=found,
        procedures=sorted((called(each), each.code) for each in numbered),
        done=text("paper.done", code=xong) if xong else "",
    )


@get("/nhap-sau/{block:str}/{code:str}")
async def form(counter: TheCounter, block: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """The empty form of one dossier."""
    definition = definition_of(counter, code)
    return await _shown(counter, await open_block(counter, block), definition, {}, [])


@post("/nhap-sau/{block:str}/{code:str}", status_code=HTTP_200_OK)
async def enter(
    request: AnyRequest, counter: TheCounter, block: FromPath[str], code: FromPath[str]
) -> Response[Any]:
    """Enter the dossier, or show what cannot have been so."""
    definition = definition_of(counter, code)
    found = await open_block(counter, block)
    sent = await typed(request)
    visit = VisitForm(counter.desk, definition, sent)
    if sent.get("lam") not in ("", None, "luu"):
        visit.change(sent["lam"])
        return await _shown(counter, found, definition, visit.typed, [])
    try:
        entry = _entry(definition, visit, sent)
        entered = await _entered(counter, found, entry, sent)
    except KeyReusedError:
        return await _sent_before(counter, visit, sent)
    except ImpossibleEventError as error:
        faults = [_of_event(each, error.number, sent) for each in faults_of(error.cause)]
        return await _shown(counter, found, definition, sent, faults)
    except MotCuaError as error:
        return await _shown(counter, found, definition, sent, faults_of(error))
    return _to(counter, f"/nhap-sau/{found.id}?xong={entered['code']}")


def _entry(
    definition: ProcedureDefinition, visit: VisitForm, sent: Mapping[str, str]
) -> blocks.LaterEntry:
    """What was typed, as a history.

    Raises:
        InvalidAnswersError: there is no hour at which it was received.
    """
    (paper,) = visit.papers()
    given = {name: value for name, value in visit.picks(0).choices.items() if value}
    events = []
    for step in _taken(sent):
        at = _at(sent, step)
        data = {"T02": msgspec.to_builtins(given), "T20": _receiver(visit, sent)}.get(step, {})
        who = sent.get(f"{WHO}{step}", "").strip()
        if not who:
            raise _wrong(f"{WHO}{step}", "field.missing", text("paper.who"))
        events.append(HistoryEvent(transition=step, at=at, by=who, data=data))
    if not events:
        raise _wrong(f"{HOUR}T02", "field.missing", text("step.T02"))
    return blocks.LaterEntry(
        procedure=definition.code,
        applicant=paper.applicant,
        answers=paper.answers,
        events=events,
        numbers=_numbers(sent),
        paid=next((each for each in Way if each.value == sent.get(PAID)), None),
    )


def _at(sent: Mapping[str, str], step: str) -> dt.datetime:
    """When a step was taken.

    Raises:
        InvalidAnswersError: what was typed is no hour.
    """
    at = moment(_clock(sent, step), "x")
    if isinstance(at, str):
        raise _wrong(f"{HOUR}{step}", "field.date", text(f"step.{step}"))
    return at


def _wrong(field: str, fault: str, label: str) -> InvalidAnswersError:
    return InvalidAnswersError([FieldFault(field, fault, label=label)])


def _taken(sent: Mapping[str, str]) -> list[str]:
    """The steps an hour was written for."""
    return [step for step in STEPS if sent.get(f"{HOUR}{step}", "").strip()]


def _clock(sent: Mapping[str, str], step: str) -> dict[str, str]:
    return {"x-day": sent.get(DAY, ""), "x-hour": sent.get(f"{HOUR}{step}", "")}


def _receiver(visit: VisitForm, sent: Mapping[str, str]) -> dict[str, str]:
    named = sent.get("nhan", "").strip() or str(person(visit.typed, APPLICANT).get("name", ""))
    return {"received_by": named, "way": "counter"}


def _numbers(sent: Mapping[str, str]) -> tuple[int, ...]:
    """The numbers written on the texts.

    Raises:
        InvalidAnswersError: one is no number.
    """
    parts = sent.get(NUMBERS, "").replace(",", " ").split()
    if not all(each.isascii() and each.isdigit() and len(each) < 7 for each in parts):  # noqa: PLR2004 - longer than any series
        raise _wrong(NUMBERS, "field.type", text("paper.numbers"))
    return tuple(int(each) for each in parts)


async def _entered(
    counter: Counter, block: books.Block, entry: blocks.LaterEntry, sent: Mapping[str, str]
) -> Any:
    """Enter once, whatever is pressed how often."""
    asked = Repeatable(
        actor=str(counter.actor.id),
        key=slip_key(sent.get("khoa", "") or counter.new_key()),
        request=msgspec.json.encode([str(block.id), dict(sent)], order="deterministic"),
    )
    house, desk, actor = counter.house, counter.desk, counter.actor

    async def do() -> blocks.Entered:
        return await blocks.enter(house, desk, actor, block.id, entry)

    return (await once(house, desk, asked, HTTP_200_OK, do)).answer


async def _sent_before(
    counter: Counter, visit: VisitForm, sent: Mapping[str, str]
) -> Response[Any]:
    """The dossier that was entered from this form stands; what differs from it is told."""
    (paper,) = visit.papers()
    fields = visit.asked(0)
    now = declared(fields, paper.applicant, paper.answers)
    for step in _taken(sent):
        now += _step_told(step, _at(sent, step), sent.get(f"{WHO}{step}", "").strip())
    now += _paper_told(_numbers(sent), sent.get(PAID, ""))
    before: list[Pair] = []
    saved = await kept_dossiers(counter, slip_key(sent.get("khoa", "")))
    for view in saved:
        events = await reading.events(counter.house, counter.desk, counter.actor, view.id)
        before = declared(fields, view.applicant, view.answers)
        for each in events:
            before += _step_told(each.transition, each.at, each.actor)
        async with work(counter.house.engine, counter.desk.id) as ledger:
            paid = await payments.payments(ledger, [view.id])
        way = paid[0].way.value if paid else LATER
        before += _paper_told([each.number for each in view.register], way)
    differs = differences(before, now)
    return await sent_before(counter, sent, saved, differs, current="books", anew={"lam": "xem"})


def _step_told(step: str, at: dt.datetime, who: str) -> list[Pair]:
    """When a step was taken, and by whom."""
    label = text(f"step.{step}")
    hour = f"{at.astimezone(VN):%d/%m/%Y %H:%M}"
    return [(text("paper.hour", step=label), hour), (text("paper.by", step=label), who)]


def _paper_told(numbers: Sequence[int], way: str) -> list[Pair]:
    """The numbers on the texts, and how the fee was paid."""
    words = text("paper.unpaid") if way == LATER else text(f"counter.pay.{way}")
    return [
        (text("paper.numbers"), ", ".join(map(str, sorted(numbers)))),
        (text("paper.paid"), words),
    ]


def _of_event(fault: FieldFault, number: int, sent: Mapping[str, str]) -> FieldFault:
    """A fault of the event with that *number*, at the hour it was written for."""
    steps = _taken(sent)
    step = steps[number - 1] if number <= len(steps) else STEPS[0]
    if step == "T02" and fault.field:
        return fault
    told = {name: value for name, value in fault.fields.items() if name not in ("field", "label")}
    if "transition" in told:
        told["transition"] = f"“{text(f'step.{step}')}”"
    where = WHO if fault.field == "signer" else HOUR
    return FieldFault(f"{where}{step}", fault.fault, label=text(f"step.{step}"), **told)


async def open_block(counter: Counter, block: str) -> books.Block:
    """An open block, by its id.

    Raises:
        UnknownBlockError: this tenant has no such block that is open.
    """
    found = await own_block(counter, block)
    if found.closed_at is not None:
        raise blocks.UnknownBlockError(block=block)
    return found


async def own_block(counter: Counter, block: str) -> books.Block:
    """A block of this year or the last one, open or closed, by its id.

    Raises:
        UnknownBlockError: this tenant has no such block.
    """
    try:
        wanted = UUID(block)
    except ValueError:
        raise blocks.UnknownBlockError(block=block[:40]) from None
    year = counter.house.today().year
    for each in (year, year - 1):
        for book in await books.books(counter.house, counter.desk, counter.actor, year=each):
            for one in book.blocks:
                if one.id == wanted:
                    return one
    raise blocks.UnknownBlockError(block=block)


async def _shown(
    counter: Counter,
    block: books.Block,
    definition: ProcedureDefinition,
    sent: Mapping[str, str],
    faults: list[FieldFault],
) -> Response[Any]:
    visit = VisitForm(counter.desk, definition, sent)
    own = {each.field: words(each, "") for each in faults if _own(each.field)}
    errors = visit.told(each for each in faults if not _own(each.field))
    steps = await _steps(counter, definition, sent, own)
    extra = _extra(counter.desk, block, sent, own)
    ids = {each.name: each.target for each in walk((*extra, *(w for row in steps for w in row[1])))}
    targets = visit.targets(errors) + [(ids.get(name, "main"), said) for name, said in own.items()]
    return await counter.page(
        "paper_entry.html",
        current="books",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        block=block,
        code=definition.code,
        name=called(definition),
        faults=targets,
        applicant=visit.applicant(errors),
        part=visit.parts(errors)[0],
        steps=steps,
        extra=extra,
        key=sent.get("khoa", "") or counter.new_key(),
    )


def _own(field: str) -> bool:
    """Whether a fault is about this page's own fields, not about the form of the procedure."""
    return field in ("", NUMBERS, DAY, "numbers", "events") or field.startswith((HOUR, WHO))


def _extra(
    desk: Desk, block: books.Block, sent: Mapping[str, str], errors: Mapping[str, str]
) -> tuple[Widget, ...]:
    """The day, the numbers on the texts, and who received."""
    at = {"numbers": NUMBERS, "events": DAY}
    writer = FormWriter(dict(sent), {at.get(name, name): said for name, said in errors.items()})
    day = f"{block.reserved_at.astimezone(VN):%d/%m/%Y}"
    free = ", ".join(map(str, block.unused[:1]))
    ways = [(each, text(f"counter.pay.{each}")) for each in ways_of(desk)[:-1]]
    ways.append((LATER, text("paper.unpaid")))
    return (
        writer.text(DAY, text("paper.day"), required=True, value=day, look="input--date"),
        writer.text(
            NUMBERS,
            text("paper.numbers"),
            required=True,
            value=free,
            hint=text("paper.numbers_hint", unused=_spans(block.unused)),
        ),
        writer.text("nhan", text("need.received_by"), hint=text("paper.receiver_hint")),
        writer.select(PAID, text("paper.paid"), ways, value=Way.CASH.value),
    )


def _spans(numbers: tuple[int, ...]) -> str:
    """Numbers as people read them, the first few."""
    shown = ", ".join(map(str, numbers[:12]))
    return f"{shown} …" if len(numbers) > 12 else shown or "–"  # noqa: PLR2004 - as many as one line takes


async def _steps(
    counter: Counter,
    definition: ProcedureDefinition,
    sent: Mapping[str, str],
    errors: Mapping[str, str],
) -> list[tuple[str, tuple[Widget, Widget]]]:
    """Each step with its hour and who took it."""
    house, desk = counter.house, counter.desk
    people = await holding.people(house, desk, list(STAFF_ROLES))
    async with work(house.engine, desk.id) as reading:
        able = await village_signers.at(reading, house.now())
    signing = [each.full_name for each in able if each.signs(house, desk, definition, house.now())]
    writer = FormWriter(dict(sent), dict(errors))
    made = []
    for step in STEPS:
        roles = {role for role in TRANSITIONS[step].roles if role is not Role.SYSTEM}
        names = [each.full_name for each in people if roles & set(each.roles)]
        names = (signing or names) if step == "T18" else names
        options = [(each, each) for each in dict.fromkeys(names)]
        first = _likely(counter, step, options)
        label = text(f"step.{step}")
        made.append(
            (
                label,
                (
                    writer.text(f"{HOUR}{step}", text("paper.hour", step=label), look="input--xs"),
                    writer.select(
                        f"{WHO}{step}", text("paper.by", step=label), options, value=first
                    ),
                ),
            )
        )
    return made


def _likely(counter: Counter, step: str, options: Sequence[tuple[str, str]]) -> str:
    """Who probably took a step: whoever enters it, but for the signature."""
    own = (counter.actor.name, counter.actor.name)
    if step != "T18" and own in options:
        return counter.actor.name
    return options[0][0] if options else ""


def _to(counter: Counter, path: str) -> Redirect:
    return Redirect(f"{counter.base}{path}", status_code=HTTP_303_SEE_OTHER)
