"""The files of a dossier, for its officers."""

from uuid import UUID

from litestar import get
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from motcua.services import drafts_to_sign, files
from motcua.services.files import UnknownFileError
from motcua.web.api.dossiers import dossier_id
from motcua.web.counter.frame import TheCounter
from motcua.web.shown import shown_file, shown_pdf


@get("/ho-so/{dossier:str}/tep/{file_id:str}")
async def view(
    counter: TheCounter, dossier: FromPath[str], file_id: FromPath[str], tai: FromQuery[str] = ""
) -> Response[bytes]:
    """A file that came with a dossier, shown or, with *tai*, saved; the view is logged."""
    try:
        wanted = UUID(file_id)
    except ValueError:
        raise UnknownFileError from None
    found = dossier_id(dossier)
    file = await files.for_staff(counter.house, counter.desk, counter.actor, found, wanted)
    return shown_file(file, framed=True, saved=bool(tai))


@get("/ho-so/{dossier:str}/du-thao.png")
async def picture(counter: TheCounter, dossier: FromPath[str]) -> Response[bytes]:
    """The first page of the draft result, as a picture."""
    found = dossier_id(dossier)
    png = await drafts_to_sign.picture(counter.house, counter.desk, counter.actor, found)
    return Response(png, media_type="image/png", headers={"Cache-Control": "no-store"})


@get("/ho-so/{dossier:str}/ban-in.pdf")
async def texts(counter: TheCounter, dossier: FromPath[str]) -> Response[bytes]:
    """The texts of a result, every page: the draft, or what was signed drawn again."""
    found = dossier_id(dossier)
    pdf = await drafts_to_sign.whole(counter.house, counter.desk, counter.actor, found)
    return shown_pdf(pdf, framed=True)
