"""Dossiers: submitting, receiving, taking steps, reading, following."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from motcua.domain.dossier import State
from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.domain.life import Actor
from motcua.services import (
    act,
    correct,
    lookup,
    memories,
    mirror,
    reading,
    receive,
    states,
    supplement,
    views,
    visit,
    worklist,
)
from motcua.services.api_keys import Scope
from motcua.services.assess import Paper
from motcua.services.house import Desk, House
from motcua.services.idempotency import Memory
from motcua.services.limits import count
from motcua.services.receive import UnknownDossierError
from motcua.storage.work import work
from motcua.web.api.admission import ANONYMOUS, TheActor, TheDesk, TheHouse, sender, within
from motcua.web.api.body import shaped
from motcua.web.api.described import BEARER, STAFF, WRITE, IdempotencyKey, failures
from motcua.web.api.shapes import (
    Correction,
    Events,
    LookUp,
    Reception,
    Step,
    Stepped,
    Submission,
    Supplement,
)
from motcua.web.api.writes import answer_once
from motcua.web.client import address

AnyRequest = Request[Any, Any, Any]
_MOST_PAPERS = 50
_CORRECTION = "T25"


def dossier_id(text: str) -> UUID:
    """The id a path names; what is no id answers like an id that does not exist.

    Raises:
        UnknownDossierError: it is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise UnknownDossierError(dossier=text[:40]) from None


@post(
    "/dossiers",
    status_code=HTTP_201_CREATED,
    opt=within(Scope.SUBMIT, **ANONYMOUS),
    summary="Nộp hồ sơ trực tuyến",
    responses=failures(*WRITE, 409, 429),
)
async def submit(
    request: AnyRequest,
    house: TheHouse,
    desk: TheDesk,
    data: JSONBody[Submission],
    key: IdempotencyKey = "",
) -> Response[receive.Submitted]:
    """Send a dossier online; the secret in the answer is told this once."""
    await count(house, desk, *sender(request, address(request)))
    paper = Paper(procedure=data.procedure, applicant=data.applicant, answers=data.answers)
    return await answer_once(
        request,
        house,
        desk,
        None,
        key,
        HTTP_201_CREATED,
        lambda: receive.submit(house, desk, paper),
    )


@post(
    "/dossiers/{dossier:str}/supplement",
    status_code=HTTP_200_OK,
    opt=within(Scope.SUBMIT, **ANONYMOUS),
    summary="Bổ sung hồ sơ đã nộp trực tuyến",
    responses=failures(*WRITE, 409, 429),
)
async def complete(
    request: AnyRequest,
    house: TheHouse,
    desk: TheDesk,
    dossier: FromPath[str],
    data: JSONBody[Supplement],
    key: IdempotencyKey = "",
) -> Response[supplement.Supplemented]:
    """Send a dossier again after the desk asked for a supplement (T05)."""
    await count(house, desk, *sender(request, address(request)))
    found = dossier_id(dossier)
    return await answer_once(
        request,
        house,
        desk,
        None,
        key,
        HTTP_200_OK,
        lambda: supplement.supplement(house, desk, found, data.secret, data.answers),
    )


@post(
    "/receptions",
    status_code=HTTP_201_CREATED,
    summary="Tiếp nhận hồ sơ",
    security=BEARER,
    responses=failures(*WRITE, *STAFF, 409),
)
async def receive_papers(
    request: AnyRequest,
    house: TheHouse,
    desk: TheDesk,
    actor: TheActor,
    data: JSONBody[Reception],
    key: IdempotencyKey = "",
) -> Response[visit.Visit]:
    """Receive the papers of a visit (T02), or a dossier sent online (T03)."""
    faults = _reception_faults(data)
    if faults:
        raise InvalidAnswersError(faults)

    async def do() -> visit.Visit:
        if data.submitted is not None:
            return await receive.accept(house, desk, actor, data.submitted, _picked(data))
        return await receive.receive(
            house, desk, actor, data.channel, data.papers, payer=data.payer
        )

    return await answer_once(request, house, desk, actor, key, HTTP_201_CREATED, do, memories.VISIT)


@post(
    "/dossiers/{dossier:str}/transitions",
    status_code=HTTP_200_OK,
    summary="Chuyển bước hồ sơ",
    security=BEARER,
    responses=failures(*WRITE, *STAFF, 409),
)
async def take_step(
    request: AnyRequest,
    house: TheHouse,
    desk: TheDesk,
    actor: TheActor,
    dossier: FromPath[str],
    data: JSONBody[Step],
    key: IdempotencyKey = "",
) -> Response[Stepped]:
    """Take a transition, as seen at a version of the dossier; answers the dossier after it."""
    found = dossier_id(dossier)

    async def do() -> Stepped:
        # One transaction: what cannot be answered has not happened.
        async with work(house.engine, desk.id):
            return await seen(await _step(house, desk, actor, found, data))

    async def seen(correction: visit.Received | None) -> Stepped:
        view = await reading.seen(house, desk, actor, found)
        return Stepped(**msgspec.structs.asdict(view), correction=correction)

    async def again(kept: Any) -> Stepped:
        return await seen(msgspec.convert(kept, visit.Received | None))

    memory = Memory(keep=_begun, again=again)
    return await answer_once(request, house, desk, actor, key, HTTP_200_OK, do, memory)


@get("/dossiers", summary="Danh sách, tìm hồ sơ", security=BEARER, responses=failures(*STAFF, 422))
async def search(
    house: TheHouse,
    desk: TheDesk,
    actor: TheActor,
    q: FromQuery[str] = "",
    wanted: Annotated[str, QueryParameter(name="state")] = "",
    after: FromQuery[str] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=worklist.PAGE)] = worklist.PAGE,
) -> views.DossierPage:
    """Dossiers by name without accents, part of a code, or states parted by commas."""
    return await worklist.dossiers(
        house, desk, actor, q=q, states=_states(wanted), after=after, limit=limit, counted=True
    )


@get(
    "/states",
    opt=within(Scope.STATES),
    summary="Tình trạng các hồ sơ",
    security=BEARER,
    responses=failures(*STAFF, 422),
)
async def all_states(
    house: TheHouse,
    desk: TheDesk,
    actor: TheActor,
    code: FromQuery[str] = "",
    after: FromQuery[str] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=states.PAGE)] = states.PAGE,
) -> states.Standings:
    """States and dates, the oldest first, or of one code; nothing about people."""
    del actor
    return await states.states(house, desk, code=code, after=after, limit=limit)


@get("/dossiers/{dossier:str}", summary="Một hồ sơ", security=BEARER, responses=failures(*STAFF))
async def one(
    house: TheHouse, desk: TheDesk, actor: TheActor, dossier: FromPath[str]
) -> views.DossierView:
    """One dossier as it stands, with the transitions that are allowed now."""
    return await reading.dossier(house, desk, actor, dossier_id(dossier))


@post(
    "/dossiers/{dossier:str}/mirror",
    status_code=HTTP_200_OK,
    summary="Theo dõi hồ sơ do hệ thống khác giải quyết",
    security=BEARER,
    responses=failures(*WRITE, *STAFF, 409),
)
async def follow(
    house: TheHouse,
    desk: TheDesk,
    actor: TheActor,
    dossier: FromPath[str],
    data: JSONBody[mirror.Told],
) -> views.DossierView:
    """Enter where another system says a dossier stands; said twice, it changes nothing."""
    found = dossier_id(dossier)
    await mirror.mirror(house, desk, actor, found, data)
    return await reading.seen(house, desk, actor, found)


@get(
    "/dossiers/{dossier:str}/explanation",
    summary="Giải thích ngày hẹn trả",
    security=BEARER,
    responses=failures(*STAFF),
)
async def explain(
    house: TheHouse, desk: TheDesk, actor: TheActor, dossier: FromPath[str]
) -> views.Explanation:
    """How the due time was counted, day by day."""
    return await reading.explanation(house, desk, actor, dossier_id(dossier))


@get(
    "/dossiers/{dossier:str}/events",
    summary="Quá trình xử lý",
    security=BEARER,
    responses=failures(*STAFF),
)
async def history(
    house: TheHouse, desk: TheDesk, actor: TheActor, dossier: FromPath[str]
) -> Events:
    """Every act on the dossier, in order."""
    return Events(await reading.events(house, desk, actor, dossier_id(dossier)))


@post(
    "/lookup",
    status_code=HTTP_200_OK,
    opt=ANONYMOUS,
    summary="Tra cứu hồ sơ",
    responses=failures(*WRITE, 429),
)
async def look_up(
    request: AnyRequest, house: TheHouse, desk: TheDesk, data: JSONBody[LookUp]
) -> views.LookedUp:
    """State and dates of a dossier by its code; more with its secret."""
    return await lookup.asked(house, desk, data.code, data.secret or None, address(request))


def _begun(answer: Any) -> Any:
    """What is kept of a step: the dossier a correction begins."""
    begun = answer["correction"]
    return begun and memories.unwarned(begun)


async def _step(
    house: House, desk: Desk, actor: Actor, dossier: UUID, asked: Step
) -> visit.Received | None:
    """Take a step; a correction answers the dossier it begins."""
    seen, reason = asked.version, asked.reason
    if asked.transition != _CORRECTION:
        await act.act(
            house, desk, actor, dossier, asked.transition, seen, reason=reason, data=asked.data
        )
        return None
    said = msgspec.structs.asdict(shaped(asked.data, Correction, "data"))
    picked = Paper(procedure="", **said)
    made = await correct.correct(house, desk, actor, dossier, seen, reason=reason, picked=picked)
    return made.dossiers[0]


def routes() -> Router:
    """All of them."""
    handlers = [
        submit,
        complete,
        receive_papers,
        take_step,
        follow,
        search,
        all_states,
        one,
        explain,
        history,
        look_up,
    ]
    return Router("/", route_handlers=handlers, tags=["Hồ sơ"])


def _states(wanted: str) -> tuple[State, ...]:
    """The states a list is asked for.

    Raises:
        InvalidAnswersError: one of them is no state.
    """
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    options = ", ".join(State)
    faults = [
        FieldFault("state", "field.option", label=name, options=options)
        for name in names
        if name not in State.__members__.values()
    ]
    if faults:
        raise InvalidAnswersError(faults)
    return tuple(State(name) for name in names)


def _reception_faults(data: Reception) -> list[FieldFault]:
    """A reception is of papers or of one submitted dossier, not of both or neither."""
    faults = []
    if data.submitted is None and not data.papers:
        faults.append(FieldFault("papers", "field.missing", label="papers"))
    if data.submitted is not None and data.papers:
        faults.append(FieldFault("papers", "field.surplus", label="papers"))
    if len(data.papers) > _MOST_PAPERS:
        faults.append(FieldFault("papers", "field.too-many", label="papers", most=_MOST_PAPERS))
    return faults


def _picked(data: Reception) -> Paper:
    """What the officer picks for a submitted dossier; the rest is as submitted."""
    return Paper(
        procedure="",
        applicant={},
        variants=data.variants,
        exemptions=data.exemptions,
        proofs=data.proofs,
        optional_fees=data.optional_fees,
        agreed=data.agreed,
        no_limit=data.no_limit,
    )
