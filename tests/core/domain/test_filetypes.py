"""A file is what its content is."""

import pytest

from fakes.papers import JPEG, PDF, PNG, PROGRAM
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
