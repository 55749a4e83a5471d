"""How a stored file or a drawn paper is answered."""

from urllib.parse import quote

from litestar.response import Response

from motcua.domain.filetypes import shown_type
from motcua.services.files import FileContent
from motcua.web.security import FRAMED

PDF = "application/pdf"
ANYTHING = "application/octet-stream"


def shown_file(file: FileContent, *, framed: bool = False, saved: bool = False) -> Response[bytes]:
    """The answer that shows *file* and stores it nowhere.

    What its content is decides, not what it was called: anything but a whole picture or PDF
    is never opened by the browser, only saved.

    Args:
        file: The file.
        framed: Whether our own pages may show it in a frame.
        saved: Whether it is to be saved, whatever it is.
    """
    kind = None if saved else shown_type(file.content)
    way = "attachment" if kind is None else "inline"
    headers = _headers(f"{way}; filename*=UTF-8''{quote(file.name, safe='')}", framed=framed)
    media_type = ANYTHING if kind is None else kind.media_type
    return Response(file.content, media_type=media_type, headers=headers)


def shown_pdf(pdf: bytes, *, framed: bool = False) -> Response[bytes]:
    """The answer that shows a paper and stores it nowhere."""
    return Response(pdf, media_type=PDF, headers=_headers("inline", framed=framed))


def _headers(disposition: str, *, framed: bool) -> dict[str, str]:
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return headers | ({"Content-Security-Policy": FRAMED} if framed else {})
