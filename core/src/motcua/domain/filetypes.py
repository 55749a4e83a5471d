"""What a file is, by its content: its name and what a browser says of it prove nothing."""

from typing import Literal

import msgspec

from motcua.domain.errors import MotCuaError

MOST_BYTES = 10 * 1024 * 1024
"""The largest file that is taken, unless the tenant says otherwise."""
_PDF_END_WITHIN = 4096


class FileType(msgspec.Struct, frozen=True):
    """A kind of file that is taken."""

    media_type: Literal["application/pdf", "image/jpeg", "image/png", "image/webp"]
    suffix: str


class FileTypeError(MotCuaError):
    """The content is none of the kinds that are taken, whatever the file's name says."""

    code = "file.type"


class PictureTypeError(MotCuaError):
    """The content is no picture of the kinds a crest may be."""

    code = "file.picture-type"


class FileBrokenError(MotCuaError):
    """The content begins well and has no end: the upload was cut off."""

    code = "file.broken"


class FileTooLargeError(MotCuaError):
    """The file is larger than allowed."""

    code = "file.too-large"


class FileEmptyError(MotCuaError):
    """There is nothing in the file."""

    code = "file.empty"


PDF = FileType("application/pdf", ".pdf")
JPEG = FileType("image/jpeg", ".jpg")
PNG = FileType("image/png", ".png")
WEBP = FileType("image/webp", ".webp")
TYPES = {each.media_type: each for each in (PDF, JPEG, PNG)}
PICTURES = {each.media_type: each for each in (PNG, JPEG, WEBP)}


def file_type(content: bytes, *, most: int = MOST_BYTES) -> FileType:
    """What *content* is.

    Raises:
        FileEmptyError: it is empty.
        FileTooLargeError: it is larger than *most*.
        FileTypeError: it is no PDF, JPEG or PNG.
        FileBrokenError: its end is missing.
    """
    if not content:
        raise FileEmptyError
    kind, whole = _looked_at(content)
    if kind is None:
        raise FileTypeError
    return _whole(content, kind, most, whole=whole)


def picture_type(content: bytes, *, most: int) -> FileType:
    """What picture *content* is; one that may hold scripts (SVG) is none.

    Raises:
        FileEmptyError: it is empty.
        FileTooLargeError: it is larger than *most*.
        PictureTypeError: it is no PNG, JPEG or WebP.
        FileBrokenError: its end is missing.
    """
    if not content:
        raise FileEmptyError
    kind, whole = _looked_at(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        kind, whole = WEBP, len(content) >= int.from_bytes(content[4:8], "little") + 8
    if kind is None or kind is PDF:
        raise PictureTypeError
    return _whole(content, kind, most, whole=whole)


def _whole(content: bytes, kind: FileType, most: int, *, whole: bool) -> FileType:
    if len(content) > most:
        raise FileTooLargeError(size=len(content), most=most)
    if not whole:
        raise FileBrokenError
    return kind


def _looked_at(content: bytes) -> tuple[FileType | None, bool]:
    """The kind of *content* by its beginning, and whether its end is there."""
    if content.startswith(b"%PDF-"):
        return PDF, b"%%EOF" in content[-_PDF_END_WITHIN:]
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG, b"\xff\xd9" in content
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG, b"IEND" in content[-64:]
    return None, False
