"""Charts as numbers: where each bar stands. The template only draws.

A chart never stands alone: the same numbers are in a table beside it.
"""

from collections.abc import Sequence

import msgspec

from motcua.ui.format import decimal, number

WIDTH, HEIGHT = 425, 134
_LEFT, _RIGHT, _BOTTOM, _TOP = 40, 422, 110, 8
_MOST_LABELS = 8
_NAME, _BAR = 130, 170
_ROW = 26
_SCALE, _MIDDLE = 5, 59
_WIDEST = 28.0
_COUNT_ROW, _COUNT_BAR = 38, 370
GOOD = 95.0
"""From how many percent on a share is drawn as good."""


class Rect(msgspec.Struct, frozen=True):
    """One bar; *css* is its colour by class."""

    css: str
    x: float
    y: float
    width: float
    height: float


class Words(msgspec.Struct, frozen=True):
    """Words in a chart; *css* is ``end``, ``middle`` or nothing, and ``v`` for a value."""

    words: str
    x: float
    y: float
    anchor: str = "start"
    css: str = ""


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """What is drawn.

    Attributes:
        title: The chart in words, for who does not see it.
        height: Of the drawing; its width is always the same.
        lines: The heights of its thin lines.
        paths: The pieces of a line, broken where nothing is known.
        dots: Where a point of it is marked.
    """

    title: str
    height: int
    rects: tuple[Rect, ...]
    words: tuple[Words, ...]
    lines: tuple[float, ...] = ()
    paths: tuple[str, ...] = ()
    dots: tuple[tuple[float, float], ...] = ()


def pairs(title: str, steps: Sequence[tuple[str, int, int]]) -> Chart:
    """Two bars a step, such as received and finished a day."""
    most = max((max(a, b) for _, a, b in steps), default=0) or 1
    room = (_RIGHT - _LEFT) / max(1, len(steps))
    bar = min(_WIDEST, max(1.0, room * 0.42))
    scale = (_BOTTOM - _TOP) / most
    rects, words = (
        [],
        [
            Words("0", _LEFT - 4, _BOTTOM + 4, "end"),
            Words(number(most), _LEFT - 4, _TOP + 8, "end"),
        ],
    )
    every = max(1, -(-len(steps) // _MOST_LABELS))
    for n, (label, first, second) in enumerate(steps):
        x = _LEFT + n * room
        for css, value, at in (("b", first, x), ("a", second, x + bar)):
            height = round(value * scale, 1)
            rects.append(Rect(css, round(at, 1), round(_BOTTOM - height, 1), round(bar, 1), height))
        if n % every == 0:
            words.append(Words(label, round(min(x + bar, _RIGHT - 16), 1), _BOTTOM + 18, "middle"))
    return Chart(
        title=title, height=HEIGHT, rects=tuple(rects), words=tuple(words), lines=(_TOP, _BOTTOM)
    )


def shares(title: str, rows: Sequence[tuple[str, float | None, str, int]]) -> Chart:
    """A bar a row, for shares: its name, its percent as number and in words, its whole."""
    rects, words = [], []
    for n, (name, percent, shown, whole) in enumerate(rows):
        y = n * _ROW + 6
        rects.append(Rect("b", _NAME, y, _BAR, 14))
        if percent is not None:
            css = "c" if percent >= GOOD else "w"
            rects.append(Rect(css, _NAME, y, round(_BAR * percent / 100, 1), 14))
        words += [
            Words(name, 0, y + 12),
            Words(shown, _NAME + _BAR + 8, y + 12, css="v"),
            Words(number(whole), WIDTH - 1, y + 12, "end"),
        ]
    height = max(1, len(rows)) * _ROW + 4
    return Chart(title=title, height=height, rects=tuple(rects), words=tuple(words))


def line(title: str, steps: Sequence[tuple[str, float | None]]) -> Chart:
    """A share a step, such as that of each month; its scale ends at a hundred percent.

    The lowest and the last point are marked and told; a step without a share is a gap.
    """
    known = [(n, share) for n, (_, share) in enumerate(steps) if share is not None]
    lowest = min((share for _, share in known), default=100.0)
    bottom = max(0, int((lowest - 1) // _SCALE * _SCALE))
    room = (_RIGHT - _LEFT) / max(1, len(steps))

    def at(n: int, share: float) -> tuple[float, float]:
        y = _BOTTOM - (share - bottom) / (100 - bottom) * (_BOTTOM - _TOP)
        return round(_LEFT + (n + 0.5) * room, 1), round(y, 1)

    pieces: list[list[tuple[float, float]]] = [[]]
    for n, (_, share) in enumerate(steps):
        if share is None:
            pieces.append([])
        else:
            pieces[-1].append(at(n, share))
    marked = dict.fromkeys(
        [*[n for n, share in known if share == lowest][:1], *[n for n, _ in known][-1:]]
    )
    words = [
        Words(number(bottom), _LEFT - 4, _BOTTOM + 4, "end"),
        Words("100", _LEFT - 4, _TOP + 8, "end"),
        *(
            Words(label, at(n, 100)[0], _BOTTOM + 18, "middle")
            for n, (label, _) in enumerate(steps)
        ),
    ]
    for n in marked:
        x, y = at(n, dict(known)[n])
        words.append(
            Words(decimal(dict(known)[n]), x, y + 16 if y < _MIDDLE else y - 8, "middle", "v")
        )
    return Chart(
        title=title,
        height=HEIGHT,
        rects=(),
        words=tuple(words),
        lines=(_TOP, _BOTTOM),
        paths=tuple(
            "M" + "L".join(f"{x} {y}" for x, y in each) for each in pieces if len(each) > 1
        ),
        dots=tuple(at(n, dict(known)[n]) for n in marked),
    )


def counts(title: str, rows: Sequence[tuple[str, int, int]]) -> Chart:
    """A bar a row, for counts: its name above it, its number beside it, a part of it marked."""
    most = max((whole for _, whole, _ in rows), default=0) or 1
    rects, words = [], []
    for n, (name, whole, part) in enumerate(rows):
        y, long = n * _COUNT_ROW, round(_COUNT_BAR * whole / most, 1)
        rects.append(Rect("b", 0, y + 18, long, 12))
        if part:
            rects.append(Rect("w", 0, y + 18, round(_COUNT_BAR * part / most, 1), 12))
        words += [Words(name, 0, y + 13), Words(number(whole), long + 6, y + 29, css="v")]
    height = max(1, len(rows)) * _COUNT_ROW
    return Chart(title=title, height=height, rects=tuple(rects), words=tuple(words))
