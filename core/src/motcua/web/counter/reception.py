"""Reception at the counter: the basket of a visit, and receiving it."""

from collections.abc import Iterable
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_303_SEE_OTHER,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_500_INTERNAL_SERVER_ERROR,
)

from motcua.domain.dossier import Role, RoleNotAllowedError
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.identity import is_id_number
from motcua.domain.money import Way
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.facts import KnownRecord
from motcua.plugin.texts import text
from motcua.registry.catalogue import UnknownProcedureError
from motcua.services import known_people, memories, offers, payments, receive, units
from motcua.services.assess import NotOfferedError
from motcua.services.hooks import looked, watched
from motcua.services.idempotency import KeyReusedError, Repeatable, once
from motcua.services.readlog import log_read
from motcua.services.visit import Visit
from motcua.services.words import called, limit_words
from motcua.storage.work import work
from motcua.web.counter import duplicates
from motcua.web.counter.basket import Preview, Row, glanced, judged, preview
from motcua.web.counter.cash import LATER, TENDERED, Cash, cash_of, ways_of
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.sent_before import kept_dossiers, sent_before
from motcua.web.counter.session import typed
from motcua.web.counter.visit_before import visit_differences
from motcua.web.counter.visitform import APPLICANT, VisitForm
from motcua.web.portal.catalogue import papers as needed

AnyRequest = Request[Any, Any, Any]
SAVE = "luu"
SHOW = "tinh"
SCANNED = "quet"
FIND, FILL = "tim", "dien:"
COMPARED = "doi_chieu"
"""The officer has compared the likely duplicates that were shown, and goes on."""


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer looks for to fill the form in from, and what was found."""

    query: str
    found: list[KnownRecord] | None = None


@get("/tiep-nhan/{code:str}")
async def form(counter: TheCounter, code: FromPath[str]) -> Response[Any]:
    """The empty form of a procedure; a unit that has ended leads to who took over."""
    try:
        definition = definition_of(counter, code)
    except receive.ReceptionClosedError as error:
        return await closed(counter, error)
    visit = visit_form(counter, definition, {})
    visit.focus = f"{APPLICANT}.id_number"
    return await shown(counter, definition, visit, {})


@post("/tiep-nhan/{code:str}", status_code=HTTP_200_OK)
async def receive_visit(
    request: AnyRequest, counter: TheCounter, code: FromPath[str]
) -> Response[Any]:
    """Receive the visit, or change and show its form as a button asked."""
    definition = definition_of(counter, code)
    sent = await typed(request)
    asked = sent.pop("lam", SHOW)
    visit = visit_form(counter, definition, sent)
    if asked not in (SAVE, SHOW):
        source = await _scan(counter, visit, sent) if asked == SCANNED else ""
        visit.change(asked)
        seen = preview(counter, await glanced(counter, visit))
        return await shown(counter, definition, visit, {}, seen, asked=asked, source=source)
    source = await meet(counter, visit) if asked == SHOW else ""
    seen, uncompared = None, False
    try:
        faults, rows = await judged(counter, visit)
        cash = cash_of(visit.typed, visit.channel)
        if asked == SAVE and not faults and _compared(visit, rows):
            return await _received(counter, visit, cash)
        seen = preview(counter, rows)
        uncompared = asked == SAVE and not faults
    except MotCuaError as error:
        faults = faults_of(error)
        seen = preview(counter, await glanced(counter, visit))
    if source and visit.focus:  # a card was scanned: what is missing is not wrong yet
        faults = []
    errors = visit.told(faults)
    return await shown(
        counter, definition, visit, errors, seen, uncompared=uncompared, source=source
    )


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


async def closed(counter: Counter, error: receive.ReceptionClosedError) -> Response[Any]:
    """The page of a unit that has ended, with the counters of its successors."""
    after = await units.successors(counter.house, counter.desk)
    return await counter.page("ended.html", status=error.status, successors=after)


def visit_form(
    counter: Counter, definition: ProcedureDefinition, sent: dict[str, str]
) -> VisitForm:
    """The form as it was *sent*; its papers may be of any procedure that is offered."""

    def others(code: str) -> ProcedureDefinition | None:
        try:
            found = offers.procedure(counter.house, counter.desk, code)
        except UnknownProcedureError:
            return None
        return found.definition if found.offered else None

    return VisitForm(counter.desk, definition, {"khoa": counter.new_key()} | sent, others)


async def _scan(counter: Counter, visit: VisitForm, sent: dict[str, str]) -> str:
    """Put whose card was scanned in the place of who stood there."""
    visit.typed.pop(SCANNED, None)
    visit.typed[f"{APPLICANT}.id_number"] = known_people.scanned(sent.get(SCANNED, ""))
    return await meet(counter, visit, whole=True)


async def meet(counter: Counter, visit: VisitForm, *, whole: bool = False) -> str:
    """Fill in whom the unit knows by their number; says where it is from.

    The focus goes to the first paper, or to the name where nobody knows it.
    """
    number = visit.typed.get(f"{APPLICANT}.id_number", "")
    named = visit.typed.get(f"{APPLICANT}.name", "").strip()
    if not is_id_number(number) or (named and not whole):
        return ""
    found = await known_people.known(counter.house, counter.desk, counter.actor, number)
    if found is None:
        visit.meet({}, whole=whole)
        visit.focus = f"{APPLICANT}.name"
        return text("counter.receive.unknown")
    visit.meet(found.person, whole=whole)
    visit.focus = "g0"
    return text("counter.receive.known", code=found.code, day=f"{found.at:%d/%m/%Y}")


def _compared(visit: VisitForm, rows: Iterable[Row]) -> bool:
    """Whether there is nothing to compare, or the officer has compared just that."""
    found = [row for row in rows if row is not None]
    return duplicates.mark(duplicates.told(found)) in ("", visit.typed.get(COMPARED, ""))


def definition_of(counter: Counter, code: str) -> ProcedureDefinition:
    """The procedure called *code*, if it is received here.

    Raises:
        NotOfferedError: the unit does not take it.
    """
    require_reception(counter)
    found = offers.procedure(counter.house, counter.desk, code)
    if not found.offered:
        raise NotOfferedError(procedure=code, tenant=counter.desk.name)
    return found.definition


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


async def _received(counter: Counter, visit: VisitForm, cash: Cash) -> Response[Any]:
    """Receive and take the money once, whatever is pressed how often, and show the slip."""
    key = visit.typed["khoa"]
    asked = Repeatable(
        actor=str(counter.actor.id),
        key=slip_key(key),
        request=msgspec.json.encode(visit.typed, order="deterministic"),
    )
    house, desk, actor = counter.house, counter.desk, counter.actor

    async def do() -> Any:
        async with work(house.engine, desk.id):
            made = await receive.receive(
                house, desk, actor, visit.channel, visit.papers(), payer=visit.payer
            )
            await _paid(counter, made, cash)
        return made

    try:
        await once(house, desk, asked, HTTP_200_OK, do, memories.VISIT)
    except KeyReusedError:
        return await _sent_before(counter, visit, cash)
    return _to(f"{counter.base}/phieu/{key}")


async def _sent_before(counter: Counter, visit: VisitForm, cash: Cash) -> Response[Any]:
    """The visit that was received from this form stands; what differs from it is told."""
    key = visit.typed["khoa"]
    saved = await kept_dossiers(counter, slip_key(key))
    return await sent_before(
        counter,
        visit.typed,
        saved,
        await visit_differences(counter, visit, cash, saved),
        current="receive",
        anew={"lam": SHOW},
        slip=f"{counter.base}/phieu/{key}" if saved else "",
    )


async def _paid(counter: Counter, made: Visit, cash: Cash) -> None:
    """Take the fees of a visit that was just received, unless they are paid later."""
    if cash.way == LATER or not made.fee_total:
        return
    await payments.pay(
        counter.house,
        counter.desk,
        counter.actor,
        [each.id for each in made.dossiers],
        way=Way(cash.way),
        tendered=cash.tendered,
        visit=made.visit,
    )


def slip_key(key: str) -> str:
    """The idempotency key of a visit received at the counter."""
    return f"quay-{key[:64]}"


async def shown(
    counter: Counter,
    definition: ProcedureDefinition,
    visit: VisitForm,
    errors: dict[str, str],
    seen: Preview | None = None,
    *,
    asked: str = "",
    uncompared: bool = False,
    source: str = "",
) -> Response[Any]:
    """The form as it stands."""
    limit = offers.limit_of(counter.desk, definition)
    faults = visit.targets(errors)
    if uncompared:
        faults.append((COMPARED, text("counter.receive.compare_first")))
    status = HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK
    search = await _search(counter, definition, visit, asked)
    cash = _cash_shown(visit)
    return await counter.page(
        "reception.html",
        current="receive",
        status=status,
        code=definition.code,
        name=called(definition),
        limit=limit_words(limit),
        documents=needed(definition),
        applicant=visit.applicant(errors),
        parts=visit.parts(errors),
        faults=faults,
        typed=visit.typed,
        count=visit.count,
        channel=visit.channel,
        source=source,
        names={part.code: name_of(counter, part.code) for part in visit.parts({})},
        others=_others(counter),
        cash=cash,
        change=cash.change(seen.total) if seen else None,
        tendered_error=errors.get(TENDERED, ""),
        ways=[(each, text(f"counter.pay.{each}")) for each in ways_of(counter.desk)],
        seen=seen,
        search=search,
    )


def _cash_shown(visit: VisitForm) -> Cash:
    """How it is paid, for the page; an amount that is none is told at its field."""
    try:
        return cash_of(visit.typed, visit.channel)
    except InvalidAnswersError:
        return Cash(way=Way.CASH.value)


def name_of(counter: Counter, code: str) -> str:
    """What people call the procedure *code* that is in force today."""
    found = counter.house.catalogue.find(code, counter.house.today())
    return code if found is None else called(found.definition)


def _others(counter: Counter) -> list[tuple[str, str]]:
    """Every procedure a further paper may be of, by name."""
    listed = offers.procedures(counter.house, counter.desk).procedures
    return sorted((name_of(counter, each.code), each.code) for each in listed)


def _to(path: str) -> Redirect:
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)
