"""Printing the texts of results."""

from litestar import Response, Router, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.services.printing import print_texts
from motcua.web.api.admission import TheActor, TheDesk, TheHouse
from motcua.web.api.described import BEARER, STAFF, WRITE, failures
from motcua.web.api.shapes import Texts
from motcua.web.shown import PDF

_MOST = 50


@post(
    "/texts",
    status_code=HTTP_200_OK,
    media_type=PDF,
    summary="In lời chứng",
    security=BEARER,
    responses=failures(*WRITE, *STAFF, 409)
    | {200: ResponseSpec(data_container=bytes, description="PDF/A-2b", media_type=PDF)},
)
async def print_them(
    house: TheHouse, desk: TheDesk, actor: TheActor, data: JSONBody[Texts]
) -> Response[bytes]:
    """All texts as one PDF; it reserves their numbers, and repeating it changes nothing."""
    if (data.visit is None) == (not data.dossiers):
        raise InvalidAnswersError([FieldFault("visit", "field.missing", label="visit")])
    if len(data.dossiers) > _MOST:
        fault = FieldFault("dossiers", "field.too-many", label="dossiers", most=_MOST)
        raise InvalidAnswersError([fault])
    pdf = await print_texts(
        house, desk, actor, visit=data.visit, dossiers=data.dossiers, signer=data.signer
    )
    return Response(pdf, media_type=PDF)


def routes() -> Router:
    """The one there is."""
    return Router("/", route_handlers=[print_them], tags=["Hồ sơ"])
