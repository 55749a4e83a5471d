"""The colour of a unit's pages: it must be read on white paper and on its own tint.

Contrast is counted as WCAG 2.2 counts it; 4.5 to 1 is the least for text.
"""

import re

from motcua.domain.errors import FieldFault, InvalidAnswersError

LEAST = 4.5
"""Contrast that text needs (WCAG 2.2, 1.4.3)."""
_PAPER = (255, 255, 255)
_TINT, _DEEP = 0.06, 0.79
"""How much of the colour its tint has beside white, and its deep shade beside black."""
_WRITTEN = re.compile(r"#?([0-9a-fA-F]{6})")

Rgb = tuple[int, int, int]


class ColourError(InvalidAnswersError):
    """A colour cannot be read on white or on its own tint."""

    code = "colour.too-light"


def colour(words: str) -> str | None:
    """*words* as ``#8a1010``, or ``None`` where they are no colour."""
    found = _WRITTEN.fullmatch(words.strip())
    return f"#{found[1].lower()}" if found else None


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    return _contrast(_rgb(one), _rgb(other))


def readable(brand: str) -> float:
    """The lesser contrast of *brand* on white and on its own tint."""
    seen = _rgb(brand)
    return min(_contrast(seen, ground) for ground in (_PAPER, _mixed(seen, _PAPER, _TINT)))


def tint(brand: str) -> str:
    """The light ground that goes with *brand*."""
    return _hex(_mixed(_rgb(brand), _PAPER, _TINT))


def deep(brand: str) -> str:
    """The darker shade that goes with *brand*."""
    return _hex(_mixed(_rgb(brand), (0, 0, 0), _DEEP))


def nearest_readable(brand: str) -> str:
    """*brand* itself if it can be read, or else the first darker shade of it that can."""
    shades = (_hex(_mixed(_rgb(brand), (0, 0, 0), step / 100)) for step in range(100, -1, -1))
    return next(shade for shade in shades if readable(shade) >= LEAST)


def require_readable(field: str, brand: str) -> None:
    """Refuse a colour nobody can read.

    Raises:
        ColourError: its contrast is too low; names the ratio and the nearest that will do.
    """
    ratio = readable(brand)
    if ratio >= LEAST:
        return
    shown = f"{int(ratio * 10) / 10:.1f}".replace(".", ",")
    told = {"ratio": shown, "nearest": nearest_readable(brand)}
    raise ColourError([FieldFault(field, ColourError.code, **told)])


def _rgb(brand: str) -> Rgb:
    return int(brand[1:3], 16), int(brand[3:5], 16), int(brand[5:7], 16)


def _hex(seen: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*seen)


def _mixed(seen: Rgb, ground: Rgb, share: float) -> Rgb:
    red, green, blue = (
        round(part * share + under * (1 - share)) for part, under in zip(seen, ground, strict=True)
    )
    return red, green, blue


def _contrast(one: Rgb, other: Rgb) -> float:
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


def _light(seen: Rgb) -> float:
    red, green, blue = (_linear(part / 255) for part in seen)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    bend = 0.04045
    return float(part / 12.92 if part <= bend else ((part + 0.055) / 1.055) ** 2.4)
