"""How a unit looks: its crest and the colour of its pages, on screens and on slips."""

import asyncio
import datetime as dt
import functools
import hashlib
from typing import Any

import msgspec

from motcua.documents.files import FileChangedError, FileGoneError
from motcua.documents.papers import PaperNotDrawnError, Sheet, draw
from motcua.documents.slips import framed
from motcua.domain.colour import deep, require_readable, tint
from motcua.domain.errors import MotCuaError
from motcua.domain.filetypes import FileType, PictureTooWideError, picture_size, picture_type
from motcua.domain.tenant import Crest
from motcua.services.change import Asked, change
from motcua.services.files import FileContent, UnknownFileError, keep
from motcua.services.house import Desk, House
from motcua.services.unit import merge, settings_of
from motcua.storage.work import Work

MOST_BYTES = 200 * 1024
"""The largest picture that may be a crest: every page shows it."""
MOST_POINTS = 2000
"""Of its width and of its height: a few kilobytes may hold a picture of gigabytes."""
_TRIED = '#let paper(d) = image(bytes(d.crest), format: "svg", width: 10mm, alt: "")'

_DRAWN = b"/Subtype/Image"


class CrestBrokenError(MotCuaError):
    """A picture begins and ends well, and cannot be drawn."""

    code = "file.picture-broken"


class Look(msgspec.Struct, frozen=True):
    """Where the pages of a unit find its colour and its crest; empty where it has none."""

    sheet: str = ""
    crest: str = ""


class Picture(msgspec.Struct, frozen=True):
    """A picture that may become a crest."""

    content: bytes
    kind: FileType


async def picture(house: House, content: bytes) -> Picture:
    """*content* as a crest.

    Raises:
        FileEmptyError: it is empty.
        FileTooLargeError: it is too large.
        PictureTypeError: it is no PNG, JPEG or WebP.
        FileBrokenError: its end is missing.
        PictureTooWideError: it is too wide or too high.
        CrestBrokenError: it cannot be drawn.
    """
    given = Picture(content, picture_type(content, most=MOST_BYTES))
    size = picture_size(content, given.kind)
    if size is None:
        raise CrestBrokenError
    if max(size) > MOST_POINTS:
        raise PictureTooWideError(width=size[0], height=size[1], points=MOST_POINTS)
    await asyncio.to_thread(_require_drawn, given, house.now())
    return given


def look(where: Desk) -> Look:
    """Where the pages of *where* find its colour and its crest."""
    brand, crest = where.settings.get("brand"), own_crest(where)
    base = f"/t/{where.slug}"
    return Look(
        sheet=f"{base}/mau.css?v={version(brand)}" if brand else "",
        crest=f"{base}/bieu-trung/{crest.name}" if crest else "",
    )


def own_crest(where: Desk) -> Crest | None:
    """The crest of the unit itself; that of the one above is not its own."""
    return msgspec.convert(where.settled[-1].get("crest"), Crest | None)


def stylesheet(brand: str) -> str:
    """What makes pages take the colour *brand*."""
    return f":root{{--brand:{brand};--brand-deep:{deep(brand)};--brand-tint:{tint(brand)}}}\n"


@functools.cache
def version(brand: str) -> str:
    """Names the style sheet of *brand*, so that browsers may keep it for ever."""
    return hashlib.sha256(stylesheet(brand).encode()).hexdigest()[:12]


async def crest_file(house: House, where: Desk, name: str) -> FileContent:
    """The crest called *name*.

    Raises:
        UnknownFileError: the unit has no such crest, or no longer.
    """
    crest = own_crest(where)
    if crest is None or crest.name != name:
        raise UnknownFileError
    content = await _content(house, where, crest)
    if content is None:
        raise UnknownFileError
    return FileContent(name=name, media_type=crest.media_type, content=content)


async def crest_drawn(house: House, where: Desk) -> str:
    """The crest as slips are handed pictures; empty where there is none that can be read."""
    crest = own_crest(where)
    content = await _content(house, where, crest) if crest else None
    return framed(content, crest.media_type) if crest and content else ""


async def look_as_seen(reading: Work) -> Any:
    """Reads the colour and the crest as the history tells them."""
    settings = await settings_of(reading)
    crest = msgspec.convert(settings.get("crest"), Crest | None)
    return {"brand": settings.get("brand"), "crest": crest.name if crest else None}


async def set_look(
    house: House, where: Desk, brand: str | None, given: Picture | None, drop: bool, asked: Asked
) -> None:
    """Keep a colour and, where one is *given* or the old one is to *drop*, the crest.

    Raises:
        ColourError: the colour cannot be read.
        ChangedMeanwhileError: somebody else has changed it.
    """
    if brand is not None:
        require_readable("mau", brand)

    async def write(writing: Work) -> None:
        changes: dict[str, Any] = {"brand": brand}
        if given is not None:
            changes["crest"] = await _kept(house, writing, given)
        elif drop:
            changes["crest"] = None
        await merge(writing, changes)

    await change(house, where, asked, look_as_seen, write)


async def _kept(house: House, writing: Work, given: Picture) -> Any:
    stored = await keep(house, writing, given.content, f"crest{given.kind.suffix}", given.kind)
    told = {"id": stored.id, "sha256": stored.sha256, "media_type": given.kind.media_type}
    return msgspec.to_builtins(msgspec.convert(told, Crest))


async def _content(house: House, where: Desk, crest: Crest) -> bytes | None:
    try:
        return await house.files.get(where.id, bytes.fromhex(crest.sha256))
    except (
        FileGoneError,
        FileChangedError,
    ):  # whoever verifies is told; pages and slips do without
        return None


def _require_drawn(given: Picture, at: dt.datetime) -> None:
    told = {"crest": framed(given.content, given.kind.media_type)}
    try:
        drawn = draw({"crest.typ": _TRIED}, [Sheet(template="crest.typ", data=told)], "", at)
    except PaperNotDrawnError as error:
        raise CrestBrokenError from error
    if _DRAWN not in drawn:  # what cannot be decoded is left out without a word
        raise CrestBrokenError
