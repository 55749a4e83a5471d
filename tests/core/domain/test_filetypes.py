"""A file is what its content is."""

import pytest

from fakes.papers import JPEG, PDF, PNG, PROGRAM, wide
from motcua.domain import filetypes as kinds
from motcua.domain.errors import MotCuaError


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(PDF, "application/pdf"), (JPEG, "image/jpeg"), (PNG, "image/png")],
)
def test_three_kinds_are_taken(content: bytes, media_type: str) -> None:
    assert kinds.file_type(content).media_type == media_type


def test_a_photo_with_a_film_after_it_is_a_photo() -> None:
    assert kinds.file_type(JPEG + b"ftypmp42" * 9) is kinds.JPEG


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", kinds.FileEmptyError),
        (PROGRAM, kinds.FileTypeError),
        (b"<svg onload='alert(1)'/>", kinds.FileTypeError),
        (b"\n" + PDF, kinds.FileTypeError),
        (PDF[:-8], kinds.FileBrokenError),
        (PNG[:-12], kinds.FileBrokenError),
        (JPEG[:-2], kinds.FileBrokenError),
        (PDF + bytes(100), kinds.FileTooLargeError),
    ],
)
def test_everything_else_is_refused(content: bytes, error: type[MotCuaError]) -> None:
    with pytest.raises(error):
        kinds.file_type(content, most=len(PDF) + 50)


@pytest.mark.parametrize(
    ("content", "shown"),
    [(PDF, kinds.PDF), (PNG, kinds.PNG), (PROGRAM, None), (PDF[:-8], None), (b"", None)],
)
def test_only_whole_files_of_a_kind_that_is_taken_are_shown(
    content: bytes, shown: kinds.FileType | None
) -> None:
    assert kinds.shown_type(content) is shown


WEBP = b"RIFF" + (len(b"WEBPVP8 ") + 4).to_bytes(4, "little") + b"WEBPVP8 " + bytes(4)


@pytest.mark.parametrize("content", [PNG, JPEG, WEBP])
def test_a_crest_is_a_picture(content: bytes) -> None:
    assert kinds.picture_type(content, most=10_000).media_type in kinds.PICTURES


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", kinds.FileEmptyError),
        (PDF, kinds.PictureTypeError),
        (b"<svg onload='alert(1)'/>", kinds.PictureTypeError),
        (WEBP[:-2], kinds.FileBrokenError),
        (PNG + bytes(10_000), kinds.FileTooLargeError),
    ],
)
def test_what_is_no_whole_picture_is_no_crest(content: bytes, error: type[MotCuaError]) -> None:
    with pytest.raises(error):
        kinds.picture_type(content, most=10_000)


EXIF = b"\xff\xe1\x00\x08\xff\xc0\x00\x01\x02\x03"


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    told = b"".join(
        name + len(chunk).to_bytes(4, "little") + chunk + bytes(len(chunk) % 2)
        for name, chunk in chunks
    )
    return b"RIFF" + (len(told) + 4).to_bytes(4, "little") + b"WEBP" + told


LOSSY = bytes(6) + (320).to_bytes(2, "little") + (200).to_bytes(2, "little")
LOSSLESS = b"\x2f" + (319 | 199 << 14).to_bytes(4, "little")
EXTENDED = bytes(4) + (999).to_bytes(3, "little") + (9).to_bytes(3, "little")


@pytest.mark.parametrize(
    ("content", "kind", "size"),
    [
        (PNG, kinds.PNG, (1, 1)),
        (wide(3000), kinds.PNG, (3000, 2)),
        (b"\xff\xd8" + EXIF + b"\xff\xff\xc2\x00\x11\x08\x00\xc8\x01\x40", kinds.JPEG, (320, 200)),
        (webp((b"VP8 ", LOSSY)), kinds.WEBP, (320, 200)),
        (webp((b"VP8L", LOSSLESS)), kinds.WEBP, (320, 200)),
        (webp((b"VP8X", EXTENDED), (b"ICCP", b"x"), (b"VP8 ", LOSSY)), kinds.WEBP, (1000, 200)),
        (webp((b"VP8X", EXTENDED), (b"ANMF", bytes(40))), kinds.WEBP, None),
        (JPEG, kinds.JPEG, None),
        (b"\xff\xd8\xff", kinds.JPEG, None),
        (PNG[:12], kinds.PNG, None),
        (webp((b"VP8 ", b"")), kinds.WEBP, (0, 0)),
    ],
)
def test_a_picture_says_its_size_before_it_is_drawn(
    content: bytes, kind: kinds.FileType, size: tuple[int, int] | None
) -> None:
    assert kinds.picture_size(content, kind) == size
