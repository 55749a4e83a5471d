"""Reception at the counter: choose a procedure, fill in its form, receive the visit."""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_303_SEE_OTHER,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_500_INTERNAL_SERVER_ERROR,
)

from motcua.domain.dossier import Role, RoleNotAllowedError, State
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.fee import total
from motcua.domain.life import Act, open_dossier
from motcua.domain.names import search_key
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.facts import KnownRecord, Problem
from motcua.plugin.texts import text
from motcua.services import memories, offers, receive, units
from motcua.services.assess import Assessed, NotOfferedError, assess, with_duplicates
from motcua.services.hooks import looked, watched
from motcua.services.idempotency import KeyReusedError, Repeatable, once
from motcua.services.ledger import due_state
from motcua.services.readlog import log_read
from motcua.services.rules import rules_for
from motcua.services.words import limit_words
from motcua.storage.work import work
from motcua.ui.due import DueTag
from motcua.ui.format import capital
from motcua.web.counter import duplicates
from motcua.web.counter.explained import problem_words
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.session import typed
from motcua.web.counter.visitform import APPLICANT, VisitForm
from motcua.web.counter.worklist import tag_of
from motcua.web.portal.catalogue import papers, short_name
from motcua.web.portal.reads import OFTEN

AnyRequest = Request[Any, Any, Any]
SAVE = "luu"
SHOW = "tinh"
FIND, FILL = "tim", "dien:"
COMPARED = "doi_chieu"
"""The officer has compared the likely duplicates that were shown, and goes on."""


class Choice(msgspec.Struct, frozen=True):
    """A procedure one may receive."""

    code: str
    name: str
    limit: str


class Choices(msgspec.Struct, frozen=True):
    """Procedures that stand together."""

    title: str
    choices: list[Choice]


class FeeShown(msgspec.Struct, frozen=True):
    """One line of what is to be paid; no *amount*: the province has not set it."""

    label: str
    quantity: int
    amount: int | None
    proof: str = ""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What the reception would make of the form as it stands.

    Attributes:
        duplicates: What is registered already and may be the same.
        mark: Stands for just these; sent back by who has compared them.
    """

    fees: list[FeeShown]
    total: int
    due: dt.datetime | None
    tag: DueTag | None
    warnings: list[str]
    duplicates: list[str]
    mark: str


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer looks for to fill the form in from, and what was found."""

    query: str
    found: list[KnownRecord] | None = None


@get("/tiep-nhan")
async def choose(counter: TheCounter, q: FromQuery[str] = "") -> Response[Any]:
    """Choose the procedure; its whole code leads straight to its form."""
    try:
        require_reception(counter)
    except receive.ReceptionClosedError as error:
        after = await units.successors(counter.house, counter.desk)
        return await counter.page("ended.html", status=error.status, successors=after)
    listed = offers.procedures(counter.house, counter.desk).procedures
    wanted = search_key(q)
    found = [
        each
        for each in listed
        if not wanted or wanted in search_key(f"{each.code} {each.name} {each.field_name}")
    ]
    if len(found) == 1 and found[0].code == q.strip():
        return _to(f"{counter.base}/tiep-nhan/{found[0].code}")
    return await counter.page(
        "choose.html",
        current="receive",
        tim=q,
        groups=_often(found, q) + _by_field(found),
        count=len(found),
    )


@get("/tiep-nhan/{code:str}")
async def form(counter: TheCounter, code: FromPath[str]) -> Response[Any]:
    """The empty form of a procedure."""
    definition = _definition(counter, code)
    visit = VisitForm(counter.desk, definition, {"khoa": counter.new_key()})
    visit.focus = APPLICANT
    return await _shown(counter, definition, visit, {})


@post("/tiep-nhan/{code:str}", status_code=HTTP_200_OK)
async def receive_visit(
    request: AnyRequest, counter: TheCounter, code: FromPath[str]
) -> Response[Any]:
    """Receive the visit, or change and show its form as a button asked."""
    definition = _definition(counter, code)
    sent = await typed(request)
    asked = sent.pop("lam", SHOW)
    visit = VisitForm(counter.desk, definition, sent)
    visit.typed.setdefault("khoa", counter.new_key())
    if asked not in (SAVE, SHOW):
        visit.change(asked)
        return await _shown(counter, definition, visit, {}, asked=asked)
    seen, uncompared = None, False
    try:
        faults, assessed = await _assessed(counter, visit)
        if asked == SAVE and not faults and _compared(visit, assessed):
            return await _received(counter, visit)
        if not faults:
            seen = preview(counter, assessed)
            uncompared = asked == SAVE
    except MotCuaError as error:
        faults = faults_of(error)
    errors = visit.told(faults)
    return await _shown(counter, definition, visit, errors, seen, uncompared=uncompared)


def faults_of(error: MotCuaError) -> list[FieldFault]:
    """What the form is told about *error*: its faults, or the error itself.

    Raises:
        MotCuaError: *error* is none that a form can mend.
    """
    if isinstance(error, InvalidAnswersError):
        return error.faults
    if error.status >= HTTP_500_INTERNAL_SERVER_ERROR:
        raise error
    told = {name: value for name, value in error.fields.items() if name not in ("field", "code")}
    return [FieldFault("", error.code, **told)]


def require_reception(counter: Counter) -> None:
    """Refuse whoever does not work at the reception, and a unit that has ended.

    Raises:
        RoleNotAllowedError: the officer is not at the reception desk.
        ReceptionClosedError: the unit has ended.
    """
    if not counter.has(Role.RECEPTION):
        raise RoleNotAllowedError(transition="T02", roles=(Role.RECEPTION,))
    receive.require_open(counter.desk, counter.now())


def preview(counter: Counter, assessed: Sequence[Assessed]) -> Preview:
    """Fees, due time and warnings of papers that could be received now."""
    fees: list[FeeShown] = []
    dues: list[dt.datetime] = []
    warnings: list[Problem] = []
    sum_of = 0
    act = Act(transition="T02", at=counter.now(), by=counter.actor)
    for each in assessed:
        sum_of += total(each.fees)
        fees += [FeeShown(line.label, line.quantity, line.amount, line.proof) for line in each.fees]
        warnings += each.warnings
        life = open_dossier(act, rules_for(counter.desk, each.published), each.opening)
        due = due_state(life, counter.desk.calendar).current_due
        if due is not None:
            dues.append(due)
    last = max(dues, default=None)
    tag = tag_of(counter, State.RECEIVED, last, counter.now()) if last else None
    told = [problem_words(each) for each in warnings]
    registered = duplicates.told(assessed)
    return Preview(
        fees=fees,
        total=sum_of,
        due=last,
        tag=tag,
        warnings=list(dict.fromkeys(told)),
        duplicates=registered,
        mark=duplicates.mark(registered),
    )


def _compared(visit: VisitForm, assessed: Iterable[Assessed]) -> bool:
    """Whether there is nothing to compare, or the officer has compared just that."""
    return duplicates.mark(duplicates.told(assessed)) in ("", visit.typed.get(COMPARED, ""))


def _definition(counter: Counter, code: str) -> ProcedureDefinition:
    require_reception(counter)
    found = offers.procedure(counter.house, counter.desk, code)
    if not found.offered:
        raise NotOfferedError(procedure=code, tenant=counter.desk.name)
    return found.definition


async def _assessed(counter: Counter, visit: VisitForm) -> tuple[list[FieldFault], list[Assessed]]:
    """Every fault of every paper, and the papers that have none."""
    faults: list[FieldFault] = []
    good: list[Assessed] = []
    house, desk = counter.house, counter.desk
    async with watched(house, desk):
        for at, paper in enumerate(visit.papers()):
            lead = f"papers[{at}]."
            faults += [fault.under(lead) for fault in visit.picks(at).faults]
            try:
                found = assess(house, desk, paper, counter.now(), visit.channel)
                good.append(await with_duplicates(house, desk, counter.actor, found))
            except InvalidAnswersError as error:
                own = [fault for fault in error.faults if fault.field != "agreed"]
                faults += [fault.under(lead) for fault in own]
    return faults, good


async def _search(
    counter: Counter, definition: ProcedureDefinition, visit: VisitForm, asked: str
) -> Search | None:
    """What fits the words searched for; one that was picked is filled in, its reading logged.

    ``None``: nothing fills this form in.
    """
    house, desk = counter.house, counter.desk
    query = visit.typed.get(FIND, "").strip()
    async with watched(house, desk), work(house.engine, desk.id) as reading:
        told = {"query": query if asked.startswith((FIND, FILL)) else ""}
        found = await looked(house, desk, counter.actor, "known_records", definition, **told)
        for each in found or ():
            if asked == FILL + each.key:
                visit.fill(each.answers)
                await log_read(house, reading, counter.actor, each.dossier_id, "record")
                return Search(query=query)
    return None if found is None else Search(query=query, found=found if asked == FIND else None)


async def _received(counter: Counter, visit: VisitForm) -> Redirect:
    """Receive once, whatever is pressed how often, and show the slip."""
    key = visit.typed["khoa"]
    asked = Repeatable(
        actor=str(counter.actor.id),
        key=slip_key(key),
        request=msgspec.json.encode(visit.typed, order="deterministic"),
    )
    house, desk, actor = counter.house, counter.desk, counter.actor

    async def do() -> Any:
        return await receive.receive(
            house, desk, actor, visit.channel, visit.papers(), payer=visit.payer
        )

    try:
        await once(house, desk, asked, HTTP_200_OK, do, memories.VISIT)
    except KeyReusedError:
        return _to(f"{counter.base}/phieu/{key}?lai=1")
    return _to(f"{counter.base}/phieu/{key}")


def slip_key(key: str) -> str:
    """The idempotency key of a visit received at the counter."""
    return f"quay-{key[:64]}"


async def _shown(
    counter: Counter,
    definition: ProcedureDefinition,
    visit: VisitForm,
    errors: dict[str, str],
    seen: Preview | None = None,
    *,
    asked: str = "",
    uncompared: bool = False,
) -> Response[Any]:
    limit = offers.limit_of(counter.desk, definition)
    faults = visit.targets(errors)
    if uncompared:
        faults.append((COMPARED, text("counter.receive.compare_first")))
    status = HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK
    search = await _search(counter, definition, visit, asked)
    return await counter.page(
        "reception.html",
        current="receive",
        status=status,
        code=definition.code,
        name=short_name(definition.name),
        limit=limit_words(limit),
        documents=papers(definition),
        applicant=visit.applicant(errors),
        parts=visit.parts(errors),
        faults=faults,
        typed=visit.typed,
        count=visit.count,
        channel=visit.channel,
        seen=seen,
        search=search,
    )


def _often(found: list[offers.ProcedureLine], q: str) -> list[Choices]:
    """What is asked for most, first; a search needs no such help."""
    often = [] if q.strip() else [each for each in found if each.code in OFTEN]
    often.sort(key=lambda each: OFTEN.index(each.code))
    return [Choices(text("counter.receive.often"), _choices(often))] if often else []


def _by_field(found: list[offers.ProcedureLine]) -> list[Choices]:
    listed = sorted(found, key=lambda each: (each.field_name, each.code))
    return [
        Choices(capital(name), _choices(group))
        for name, group in itertools.groupby(listed, key=lambda each: each.field_name)
    ]


def _choices(found: Iterable[offers.ProcedureLine]) -> list[Choice]:
    return [Choice(each.code, short_name(each.name), limit_words(each.limit)) for each in found]


def _to(path: str) -> Redirect:
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)
