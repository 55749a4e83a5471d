"""The slips F01–F04: which set of forms holds on a day, their templates, their marks."""

import base64
import datetime as dt
import functools
import importlib.resources
from collections.abc import Mapping
from typing import Literal

import msgspec

Form = Literal["F01", "F02", "F03", "F04"]
FORMS: tuple[Form, ...] = ("F01", "F02", "F03", "F04")
_BAR_HEIGHT = 40


class FormSet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One set of forms.

    Attributes:
        valid_from: The first day on which its slips are issued.
        source: The circular it stands in.
        desk: What the one-stop desk is called on them.
        titles: By form.
        suffixes: What follows a slip's number, by form.
    """

    id: str
    valid_from: dt.date
    source: str
    desk: str
    titles: dict[Form, str]
    suffixes: dict[Form, str]


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    set: tuple[FormSet, ...]


@functools.cache
def form_sets() -> tuple[FormSet, ...]:
    """All sets of forms, as they ship."""
    file = importlib.resources.files("motcua") / "data/papers/slips.toml"
    return msgspec.toml.decode(file.read_bytes(), type=_File).set


def form_set(issued: dt.date, begin: Mapping[str, dt.date]) -> FormSet:
    """The set of a slip *issued* on a day: the latest begun, or the first of all.

    Args:
        issued: The day on which the slip is issued, not that of the reception.
        begin: The first days of sets that began otherwise at this unit, by set.
    """
    by_day = sorted(form_sets(), key=lambda each: begin.get(each.id, each.valid_from))
    begun = [each for each in by_day if begin.get(each.id, each.valid_from) <= issued]
    return begun[-1] if begun else by_day[0]


@functools.cache
def templates() -> dict[str, str]:
    """The templates of the slips, by file name."""
    folder = importlib.resources.files(__package__) / "typst/slips"
    return {f"slips/{each.name}": each.read_text("utf-8") for each in folder.iterdir()}


def qr(address: str) -> str:
    """*address* as a QR code: a picture in SVG."""
    import segno  # noqa: PLC0415 - only a printing process needs it

    return str(segno.make(address, error="m", micro=False).svg_inline(border=2, light="#fff"))


def framed(picture: bytes, media_type: str) -> str:
    """A *picture* of pixels as one in SVG, the form in which templates are handed pictures."""
    inside = base64.b64encode(picture).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<image width="100" height="100" href="data:{media_type};base64,{inside}"/></svg>'
    )


def barcode(digits: str) -> str:
    """*digits* as Code 128: a picture in SVG with its quiet zones."""
    from barcode import Code128  # noqa: PLC0415 - only a printing process needs it

    modules: str = Code128(digits).build()[0]
    quiet = 10
    black = [quiet + n for n, each in enumerate(modules) if each == "1"]
    bars = "".join(f"M{at} 0h1v{_BAR_HEIGHT}h-1z" for at in black)
    wide = len(modules) + 2 * quiet
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {_BAR_HEIGHT}">'
        f'<path fill="#fff" d="M0 0h{wide}v{_BAR_HEIGHT}h-{wide}z"/><path d="{bars}"/></svg>'
    )
