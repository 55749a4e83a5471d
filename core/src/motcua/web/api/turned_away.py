"""Turning somebody away at the counter: a refusal, or a request for what is missing."""

from typing import Any

from litestar import Request, Response, Router, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_201_CREATED

from motcua.services import memories
from motcua.services.assess import Paper
from motcua.services.turn_away import TurnedAway, turn_away
from motcua.web.api.admission import TheActor, TheDesk, TheHouse
from motcua.web.api.described import BEARER, STAFF, WRITE, IdempotencyKey, failures
from motcua.web.api.shapes import Refusal, SupplementRequest
from motcua.web.api.writes import answer_once

AnyRequest = Request[Any, Any, Any]


@post(
    "/refusals",
    status_code=HTTP_201_CREATED,
    summary="Từ chối tiếp nhận tại quầy",
    security=BEARER,
    responses=failures(*WRITE, *STAFF, 409),
)
async def refuse(
    request: AnyRequest,
    house: TheHouse,
    desk: TheDesk,
    actor: TheActor,
    data: JSONBody[Refusal],
    key: IdempotencyKey = "",
) -> Response[TurnedAway]:
    """Refuse at the counter what was not submitted before (T07); never counted."""
    said = {"refusal_ground": data.refusal_ground, "right_agency": data.right_agency}
    told = {name: value for name, value in said.items() if value}
    paper = Paper(procedure=data.procedure, applicant=data.applicant, answers=data.answers)
    return await answer_once(
        request,
        house,
        desk,
        actor,
        key,
        HTTP_201_CREATED,
        lambda: turn_away(
            house, desk, actor, data.channel, paper, "T07", reason=data.reason, data=told
        ),
        memories.away(house, desk),
    )


@post(
    "/supplement-requests",
    status_code=HTTP_201_CREATED,
    summary="Yêu cầu bổ sung trước khi tiếp nhận, tại quầy",
    security=BEARER,
    responses=failures(*WRITE, *STAFF, 409),
)
async def ask_for_supplement(
    request: AnyRequest,
    house: TheHouse,
    desk: TheDesk,
    actor: TheActor,
    data: JSONBody[SupplementRequest],
    key: IdempotencyKey = "",
) -> Response[TurnedAway]:
    """Ask at the counter for what is missing (T04); never counted until it is received."""
    told: dict[str, Any] = {"items": list(data.items)}
    if data.until is not None:
        told["until"] = data.until.isoformat()
    paper = Paper(procedure=data.procedure, applicant=data.applicant, answers=data.answers)
    return await answer_once(
        request,
        house,
        desk,
        actor,
        key,
        HTTP_201_CREATED,
        lambda: turn_away(
            house, desk, actor, data.channel, paper, "T04", reason=data.reason, data=told
        ),
        memories.away(house, desk),
    )


def routes() -> Router:
    """Both."""
    return Router("/", route_handlers=[refuse, ask_for_supplement], tags=["Hồ sơ"])
