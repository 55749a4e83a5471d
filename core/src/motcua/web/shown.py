"""How a stored file is answered."""

from urllib.parse import quote

from litestar.response import Response

from motcua.services.files import FileContent


def shown_file(file: FileContent) -> Response[bytes]:
    """The answer that shows *file* and stores it nowhere."""
    headers = {
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(file.name)}",
        "Cache-Control": "no-store",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)
