"""What a file is, by its content: its name and what a browser says of it prove nothing."""

from typing import Literal

import msgspec

from motcua.domain.errors import MotCuaError

MOST_BYTES = 10 * 1024 * 1024
"""The largest file that is taken, unless the tenant says otherwise."""
_PDF_END_WITHIN = 4096
_PNG_SIZE = slice(16, 24)
_MARK = 0xFF
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The marks after which a JPEG tells its size; the other three tell something else."""
_WEBP_HEAD = 12


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


class PictureTooWideError(MotCuaError):
    """The picture has more points than a crest needs, and would take too much room to draw."""

    code = "file.picture-wide"


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


def shown_type(content: bytes) -> FileType | None:
    """What a browser may show of *content*: a whole file of a kind that is taken, or nothing."""
    kind, whole = _looked_at(content)
    return kind if whole else None


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


def picture_size(content: bytes, kind: FileType) -> tuple[int, int] | None:
    """The width and the height a picture says it has, read without drawing it.

    ``None``: it does not say.
    """
    if kind == PNG:
        said = content[12:16] == b"IHDR" and len(content) >= _PNG_SIZE.stop
        return _sides(content[_PNG_SIZE], "big") if said else None
    return _jpeg_size(content) if kind == JPEG else _webp_size(content)


def _sides(eight: bytes, order: Literal["big", "little"]) -> tuple[int, int]:
    half = len(eight) // 2
    return int.from_bytes(eight[:half], order), int.from_bytes(eight[half:], order)


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == _MARK:
        if content[at + 1] == _MARK:  # marks may be filled up
            at += 1
        elif content[at + 1] in _JPEG_FRAMES:
            height, width = _sides(content[at + 5 : at + 9], "big")
            return width, height
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    """The greatest size its parts tell; ``None`` too where it moves."""
    sizes, at = [], _WEBP_HEAD
    while at + 8 <= len(content):
        name, chunk = content[at : at + 4], content[at + 8 : at + 18]
        if name == b"ANMF":
            return None
        if name in _WEBP_SIZES:
            sizes.append(_WEBP_SIZES[name](chunk))
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    return (max(each[0] for each in sizes), max(each[1] for each in sizes)) if sizes else None


def _extended(chunk: bytes) -> tuple[int, int]:
    width, height = _sides(chunk[4:10], "little")
    return width + 1, height + 1


def _lossless(chunk: bytes) -> tuple[int, int]:
    bits = int.from_bytes(chunk[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _lossy(chunk: bytes) -> tuple[int, int]:
    width, height = _sides(chunk[6:10], "little")
    return width & 0x3FFF, height & 0x3FFF


_WEBP_SIZES = {b"VP8X": _extended, b"VP8L": _lossless, b"VP8 ": _lossy}


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
