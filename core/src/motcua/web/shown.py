"""How a stored file or a drawn paper is answered."""

from urllib.parse import quote

from litestar.response import Response

from motcua.services.files import FileContent

PDF = "application/pdf"


def shown_file(file: FileContent) -> Response[bytes]:
    """The answer that shows *file* and stores it nowhere."""
    headers = {
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(file.name)}",
        "Cache-Control": "no-store",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


def shown_pdf(pdf: bytes) -> Response[bytes]:
    """The answer that shows a paper and stores it nowhere."""
    headers = {"Content-Disposition": "inline", "Cache-Control": "no-store"}
    return Response(pdf, media_type=PDF, headers=headers)
