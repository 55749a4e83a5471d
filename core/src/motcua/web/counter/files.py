"""The files of a dossier, for its officers."""

from uuid import UUID

from litestar import get
from litestar.params import FromPath
from litestar.response import Response

from motcua.services import files
from motcua.services.files import UnknownFileError
from motcua.web.api.dossiers import dossier_id
from motcua.web.counter.frame import TheCounter
from motcua.web.shown import shown_file


@get("/ho-so/{dossier:str}/tep/{file_id:str}")
async def view(
    counter: TheCounter, dossier: FromPath[str], file_id: FromPath[str]
) -> Response[bytes]:
    """A file that came with a dossier; that it was looked at is logged."""
    try:
        wanted = UUID(file_id)
    except ValueError:
        raise UnknownFileError from None
    found = dossier_id(dossier)
    file = await files.for_staff(counter.house, counter.desk, counter.actor, found, wanted)
    return shown_file(file)
