"""The pages of a dossier's holder: follow it, complete it, withdraw it, say how it went."""

import datetime as dt
from typing import Any
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.di import Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.domain.answers import REQUESTER
from motcua.domain.calendar import VN
from motcua.domain.dossier import State
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.written import pasted
from motcua.plugin.texts import fault_text, text
from motcua.services import codes, drafts, files, follow, lookup, passes
from motcua.services.assess import Filing, filing_of
from motcua.services.codes import WrongCodeError
from motcua.services.files import UnknownFileError
from motcua.services.follow import QUESTIONS, Held
from motcua.services.limits import count
from motcua.services.messages import can_deliver, reach
from motcua.services.receive import UnknownDossierError
from motcua.services.slip_copies import replaced_at
from motcua.services.supplement import choose_result as choose
from motcua.services.transfers import account_of
from motcua.storage.work import work
from motcua.ui.format import moment
from motcua.ui.site import HelpDesk
from motcua.web.client import address
from motcua.web.forms.typed import in_parts, refilled, whole, written
from motcua.web.language import SWITCH
from motcua.web.pages import Page
from motcua.web.portal.apply.application import ANSWER, APPLICANT
from motcua.web.portal.apply.desk import AnyRequest, admit, goes_on_online, to
from motcua.web.portal.apply.lost import KEPT
from motcua.web.portal.apply.pages import PRESSED
from motcua.web.portal.apply.plan import PAPERS, steps
from motcua.web.portal.follow import lost, payment
from motcua.web.portal.follow.holding import Holding, TheHolding
from motcua.web.portal.follow.session import COOKIE, pass_cookie
from motcua.web.portal.inputs import dossier_code
from motcua.web.portal.paper import paper
from motcua.web.portal.reads import tracked
from motcua.web.portal.routes import show
from motcua.web.shown import shown_file, shown_pdf

PURPOSE = "dossier"
_MOST_BYTES = 64 * 1024
_LONGEST_ADDRESS = 255


def routes(help_desk: HelpDesk) -> Router:
    """The routes of dossiers' holders.

    Args:
        help_desk: Where people get help; stands on every page.
    """

    def holding(request: AnyRequest) -> Holding:
        return Holding(request, help_desk)

    return Router(
        "/t/{slug:str}",
        route_handlers=[
            scanned,
            ask_proof,
            prove,
            mine,
            file,
            keep,
            leave,
            supplement,
            ask_result,
            choose_result,
            ask_withdrawal,
            withdraw,
            ask_rating,
            rate,
            payment.ask_payment,
            payment.tell_transfer,
        ],
        guards=[admit],
        dependencies={"holding": Provide(holding, sync_to_thread=False)},
        exception_handlers=lost.handlers(help_desk),
        request_max_body_size=_MOST_BYTES,
        include_in_schema=False,
    )


@get("/q/{code:str}/{secret:str}")
async def scanned(
    holding: TheHolding, code: FromPath[str], secret: FromPath[str], ban: FromQuery[str] = ""
) -> Response[Any]:
    """The address in a QR code: leads on at once, so that its secret stays in no address bar."""
    from_where = address(holding.request)
    try:
        found = await lookup.asked(holding.house, holding.desk, code, secret, from_where)
    except UnknownDossierError:
        return to(f"{holding.base}/tra-cuu")
    assert found.id is not None, "proven by its secret"  # noqa: S101 - states what was checked before
    async with work(holding.house.engine, holding.desk.id) as copies:
        old = await replaced_at(copies, found.id, ban)
    ticket = passes.issue(holding.house, holding.desk, found.id)
    told = "" if old is None else f"?ban_cu={old.astimezone(VN):%Y-%m-%dT%H:%M}"
    return _admitted(holding, ticket, told)


@get("/ho-so/mo")
async def ask_proof(holding: TheHolding, ma: FromQuery[str] = "") -> Response[Any]:
    """Ask for a proof of being the dossier's holder."""
    return _proof(holding, {"ma": ma})


@post("/ho-so/mo", status_code=HTTP_200_OK)
async def prove(holding: TheHolding) -> Response[Any]:
    """Take the secret of the slip, or send a code to the telephone in the dossier and take that.

    What is answered never tells whether there is such a dossier, or a telephone.
    """
    sent = await holding.form()
    if sent.get(PRESSED) == SWITCH:
        return _proof(holding, sent)
    code, shown = dossier_code(sent.get("ma", "")), sent.get("so", "").strip()[:80]
    if code is None:
        return _proof(holding, sent, ("ma", text("ui.lookup.no_code")))
    house, desk = holding.house, holding.desk
    await count(house, desk, "codes", address(holding.request))
    found = await lookup.contact_of(house, desk, code)
    if sent.get(PRESSED) == "gui":
        await count(house, desk, "code-tried", f"asked {code}")
        where = reach(house, desk, found[1]) if found else None
        if found is not None and where:
            await codes.send(house, desk, PURPOSE, found[0], where)
        return _proof(holding, sent, told=True)
    await count(house, desk, "code-tried", f"dossier {code}")
    if found is not None and await _is_holder(holding, found[0], code, shown):
        ticket = passes.issue(house, desk, found[0])
        answer = lost.resumed(holding, sent) or to(f"{holding.base}/ho-so")
        return _with_pass(holding, answer, ticket)
    return _proof(holding, sent, ("so", text("code.wrong")))


@get("/ho-so")
async def mine(
    holding: TheHolding, xong: FromQuery[str] = "", ban_cu: FromQuery[str] = ""
) -> Response[Any]:
    """The dossier with everything its holder may see and do."""
    held = await holding.held()
    now = holding.now()
    ticket = holding.request.cookies.get(COOKIE, "")
    dossier = tracked(holding.desk, held.told, now, ticket)
    if held.supplement and not _online(holding, held):
        held = msgspec.structs.replace(held, supplement=False)
    done = text(f"follow.done.{xong}") if xong in ("rut", "danh-gia", "nhan") else ""
    return show(
        holding.commune(),
        dossier,
        now,
        can=held,
        readings=_readings(held),
        transfers=account_of(holding.house, holding.desk) is not None,
        done=done,
        old=_old(ban_cu),
    )


@get("/ho-so/tep/{file_id:str}")
async def file(holding: TheHolding, file_id: FromPath[str]) -> Response[bytes]:
    """A paper of one's own dossier."""
    ticket = holding.request.cookies.get(COOKIE, "")
    dossier_id = passes.read(holding.house, holding.desk, ticket)
    try:
        wanted = UUID(file_id)
    except ValueError:
        raise UnknownFileError from None
    return shown_file(await files.for_holder(holding.house, holding.desk, dossier_id, wanted))


@get("/ho-so/giay")
async def keep(holding: TheHolding, co: FromQuery[str] = "") -> Response[bytes]:
    """The confirmation of one's own dossier, as a paper to keep."""
    held = await holding.held()
    ticket = holding.request.cookies.get(COOKIE, "")
    dossier = tracked(holding.desk, held.told, holding.now(), ticket)
    return shown_pdf(await paper(holding, held.row, dossier, co))


@post("/ho-so/thoat", status_code=HTTP_200_OK)
async def leave(holding: TheHolding) -> Response[Any]:
    """End the pass in this browser."""
    answer = to(f"{holding.base}/tra-cuu")
    answer.cookies.append(pass_cookie(holding.request, holding.desk.slug, ""))
    return answer


@post("/ho-so/bo-sung", status_code=HTTP_200_OK)
async def supplement(holding: TheHolding) -> Response[Any]:
    """Complete what was sent: a draft with everything as it was, to be changed and sent again."""
    held = await holding.held()
    if not (held.supplement and _online(holding, held)):
        return to(f"{holding.base}/ho-so")
    row = held.row
    definition = holding.offered(row.procedure_code, new=False).definition
    fields = [each for each in definition.form if each.id != REQUESTER]
    typed = in_parts(written(row.applicant, APPLICANT) | refilled(fields, row.answers, ANSWER))
    token = holding.token or drafts.new_token(holding.house)
    pages = [step.id for step in steps(definition)]
    pages += [PAPERS] if PAPERS not in pages else []
    if row.state == State.SUPPLEMENT_REQUESTED:
        pages = []
    draft = await drafts.begin_supplement(holding.house, holding.desk, row, typed, pages, token)
    answer = to(holding.address(draft))
    answer.cookies.append(holding.cookie(token))
    return answer


@get("/ho-so/nhan-ket-qua")
async def ask_result(holding: TheHolding) -> Response[Any]:
    """Ask how the result is to come back."""
    held = await holding.held()
    return _result(holding, held, {}) if held.result else to(f"{holding.base}/ho-so")


@post("/ho-so/nhan-ket-qua", status_code=HTTP_200_OK)
async def choose_result(holding: TheHolding) -> Response[Any]:
    """Change how the result comes back (T36)."""
    sent = await holding.form()
    held = await holding.held()
    way, where = sent.get("cach", ""), sent.get("dia_chi", "").strip()
    if not held.result:
        return to(f"{holding.base}/ho-so")
    if sent.get(PRESSED) == SWITCH:
        return _result(holding, held, sent)
    faults = []
    if way not in ("counter", "post"):
        faults = [("cach", text("apply.choose-one", label=text("apply.result.how")))]
    elif way == "post" and not 0 < len(where) <= _LONGEST_ADDRESS:
        faults = [("dia_chi", text("follow.result.address_missing"))]
    if faults:
        return _result(holding, held, sent, faults)
    await choose(holding.house, holding.desk, held.row.id, way, pasted(where))
    return to(f"{holding.base}/ho-so?xong=nhan")


@get("/ho-so/rut")
async def ask_withdrawal(holding: TheHolding) -> Response[Any]:
    """Ask why the dossier is withdrawn, and say what that means."""
    held = await holding.held()
    return _withdrawal(holding, held, {}) if held.withdraw else to(f"{holding.base}/ho-so")


@post("/ho-so/rut", status_code=HTTP_200_OK)
async def withdraw(holding: TheHolding) -> Response[Any]:
    """Withdraw the dossier (T22, before reception T41)."""
    sent = await holding.form()
    held = await holding.held()
    reason = sent.get("ly_do", "").strip()
    if not held.withdraw:
        return to(f"{holding.base}/ho-so")
    if sent.get(PRESSED) == SWITCH:
        return _withdrawal(holding, held, sent)
    version = whole(sent.get("phien_ban", "")) or 0
    try:
        await follow.withdraw(holding.house, holding.desk, held.row, version, reason)
    except InvalidAnswersError as error:
        told = text("follow.withdraw.why_missing") if not reason else fault_text(error.faults[0])
        return _withdrawal(holding, held, sent, told)
    return to(f"{holding.base}/ho-so?xong=rut")


@get("/ho-so/danh-gia")
async def ask_rating(holding: TheHolding) -> Response[Any]:
    """Eight questions, each of which may be skipped."""
    held = await holding.held()
    return _rating(holding, held, {}) if held.rate else to(f"{holding.base}/ho-so")


@post("/ho-so/danh-gia", status_code=HTTP_200_OK)
async def rate(holding: TheHolding) -> Response[Any]:
    """Keep what the holder says; sent twice it counts once."""
    sent = await holding.form()
    held = await holding.held()
    if held.rate and sent.get(PRESSED) == SWITCH:
        return _rating(holding, held, sent)
    if held.rate:
        answers = {name: sent.get(name, "") for name in QUESTIONS}
        note = sent.get("gop_y", "").replace("\x00", "").strip()
        try:
            await follow.rate(holding.house, holding.desk, held.row.id, answers, note)
        except InvalidAnswersError as error:
            return _rating(holding, held, sent, [fault_text(each) for each in error.faults])
        except follow.RatedAlreadyError:
            pass  # the other press of the same button was quicker
    return to(f"{holding.base}/ho-so?xong=danh-gia")


async def _is_holder(holding: Holding, dossier_id: UUID, code: str, shown: str) -> bool:
    """Whether what was *shown* is the dossier's secret, or the code just sent."""
    try:
        await lookup.lookup(holding.house, holding.desk, code, shown)
    except UnknownDossierError:
        try:
            await codes.prove(holding.house, holding.desk, PURPOSE, dossier_id, shown)
        except WrongCodeError:
            return False
    return True


def _online(holding: Holding, held: Held) -> bool:
    """Whether the dossier's form is offered here; others are completed at the counter."""
    found = holding.house.catalogue.find(held.row.procedure_code, holding.house.today())
    return found is not None and goes_on_online(holding.house, holding.desk, found)


def _admitted(holding: Holding, ticket: str, old: str = "") -> Response[Any]:
    return _with_pass(holding, to(f"{holding.base}/ho-so{old}"), ticket)


def _with_pass(holding: Holding, answer: Response[Any], ticket: str) -> Response[Any]:
    answer.cookies.append(pass_cookie(holding.request, holding.desk.slug, ticket))
    return answer


def _old(replaced: str) -> str:
    """What is said to who scanned a slip that was printed again since."""
    try:
        at = dt.datetime.strptime(replaced, "%Y-%m-%dT%H:%M").replace(tzinfo=VN)
    except ValueError:
        return ""
    return text("follow.old_slip", when=moment(at))


def _readings(held: Held) -> list[tuple[str, Any]]:
    """Who read the dossier, by roles, and when."""
    return [
        (
            ", ".join(text(f"role.{role}") for role in each.roles) or text("follow.read.nobody"),
            each.at,
        )
        for each in held.readings
    ]


def _proof(
    holding: Holding,
    sent: dict[str, str],
    fault: tuple[str, str] | None = None,
    *,
    told: bool = False,
) -> Page:
    return holding.page(
        "follow/proof.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if fault else HTTP_200_OK,
        code=sent.get("ma", ""),
        shown=sent.get("so", "") if sent.get(PRESSED) == SWITCH else "",
        faults=[fault] if fault else [],
        errors=dict([fault] if fault else []),
        by_message=can_deliver(holding.house, holding.desk),
        told=told,
        kept={name: sent[name] for name in (KEPT, lost.NEXT) if sent.get(name)},
    )


def _withdrawal(holding: Holding, held: Held, sent: dict[str, str], fault: str = "") -> Page:
    return holding.page(
        "follow/withdraw.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if fault else HTTP_200_OK,
        code=held.told.code,
        name=held.told.short_name,
        version=held.row.version,
        reason=sent.get("ly_do", ""),
        fault=fault,
    )


def _result(
    holding: Holding,
    held: Held,
    sent: dict[str, str],
    faults: list[tuple[str, str]] | None = None,
) -> Page:
    filing = filing_of(held.row.chosen) or Filing()
    return holding.page(
        "follow/result.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        code=held.told.code,
        name=held.told.short_name,
        way=sent.get("cach", filing.result_way),
        where=sent.get("dia_chi", filing.result_address),
        faults=faults or [],
        errors=dict(faults or []),
    )


def _rating(
    holding: Holding, held: Held, sent: dict[str, str], faults: list[str] | None = None
) -> Page:
    return holding.page(
        "follow/rating.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        code=held.told.code,
        name=held.told.short_name,
        questions=[
            (
                name,
                [
                    (option, text(f"rating.{name if _own(name) else 'say'}.{option}"))
                    for option in options
                ],
            )
            for name, options in QUESTIONS.items()
        ],
        sent=sent,
        faults=faults or [],
    )


def _own(name: str) -> bool:
    """Whether the options of a question have words of their own."""
    return name == "visits"
