"""A unit's colour as a style sheet, and its crest, under addresses browsers keep for ever."""

from litestar import MediaType, Router, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from motcua.services import look
from motcua.services.house import House, desk
from motcua.web.pages import AnyRequest
from motcua.web.static import FOREVER


def look_routes() -> Router:
    """The style sheet and the crest of every unit."""
    return Router(path="/t/{slug:str}", route_handlers=[colours, crest], include_in_schema=False)


@get("/mau.css", media_type=MediaType.CSS)
async def colours(
    slug: FromPath[str],
    request: AnyRequest,
    v: FromQuery[str] = "",
) -> Response[str]:
    """The colour of a unit's pages."""
    here = await desk(_house(request), slug)
    brand = here.settings.get("brand")
    if not brand:
        raise NotFoundException
    kept = FOREVER if v == look.version(brand) else "no-cache"
    return Response(look.stylesheet(brand), headers={"Cache-Control": kept})


@get("/bieu-trung/{name:str}")
async def crest(slug: FromPath[str], name: FromPath[str], request: AnyRequest) -> Response[bytes]:
    """The crest of a unit; its name changes with its content."""
    house = _house(request)
    file = await look.crest_file(house, await desk(house, slug), name)
    headers = {"Cache-Control": FOREVER}
    return Response(file.content, media_type=file.media_type, headers=headers)


def _house(request: AnyRequest) -> House:
    house: House = request.app.state.house
    return house
