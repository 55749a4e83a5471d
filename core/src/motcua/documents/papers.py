"""Papers as PDF/A-2b, drawn from typst templates.

Nothing comes from outside: the fonts are those that typst carries, the files are
those handed in. What people declared reaches a template as data and is never read
as markup.
"""

import asyncio
import datetime as dt
import importlib.resources
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from motcua.domain.errors import MotCuaError

_PAGE = "/motcua/page.typ"
_SCREEN_PPI = 96.0
UNDRAWN = "□"
"""What stands in the place of a letter that no font of ours has: it is written in by hand."""
_OWN = r"\n\t -~\u00a0-\u024f\u0300-\u036f\u1e00-\u1eff\u2010-\u203a\u20ab"
"""The letters of Vietnamese and its neighbours, which every font of ours has."""
_DRAWN = tuple(re.compile(f"[^{each}]") for each in (_OWN + r"\u0370-\u052f\u0600-\u06ff", _OWN))
_NO_FONT = "could not be displayed"


class PaperNotDrawnError(MotCuaError):
    """A template cannot be drawn; names it, not what it was to say."""

    code = "paper.not-drawn"
    status = 500


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One paper: a template's name and what it is told.

    Attributes:
        template: A file among the templates; it defines ``paper(data)``.
        data: JSON values.
    """

    template: str
    data: dict[str, Any]


async def printed(
    templates: Mapping[str, str],
    sheets: Sequence[Sheet],
    title: str,
    at: dt.datetime,
    *,
    test: bool = False,
) -> bytes:
    """:func:`draw`, in a thread of its own."""
    return await asyncio.to_thread(draw, templates, sheets, title, at, test=test)


def draw(
    templates: Mapping[str, str],
    sheets: Sequence[Sheet],
    title: str,
    at: dt.datetime,
    *,
    test: bool = False,
) -> bytes:
    """*sheets* as one PDF, each beginning on a new page.

    Args:
        templates: Text by file name; one may import another by its name.
        sheets: What to draw, in order; at least one.
        title: What the document calls itself.
        at: When it is made.
        test: Whether everything in it is invented; each page then says so.

    Raises:
        PaperNotDrawnError: a template is missing or wrong.
    """
    drawn = _compiled(
        templates,
        sheets,
        {"title": title, **({"test": "yes"} if test else {})},
        format="pdf",
        pdf_standards=["a-2b"],
        timestamp=at.astimezone(dt.UTC).replace(microsecond=0),
    )
    assert isinstance(drawn, bytes), "a PDF is one document"  # noqa: S101 - for the type checker
    return drawn


async def pictured(
    templates: Mapping[str, str], sheets: Sequence[Sheet], *, test: bool = False
) -> bytes:
    """The first page of *sheets* as PNG, for a screen; arguments as those of :func:`draw`."""
    told = {"title": "", **({"test": "yes"} if test else {})}
    drawn: list[bytes] | bytes = await asyncio.to_thread(
        _compiled, templates, sheets, told, format="png", ppi=_SCREEN_PPI
    )
    return drawn[0] if isinstance(drawn, list) else drawn


def _compiled(
    templates: Mapping[str, str], sheets: Sequence[Sheet], told: dict[str, str], **how: Any
) -> Any:
    """What typst makes of *sheets*: one document, or one picture a page.

    Raises:
        PaperNotDrawnError: a template is missing or wrong.
    """
    import typst  # noqa: PLC0415 - 34 MB that only a printing process needs

    files: Any = {name: text.encode() for name, text in templates.items()}
    files[_PAGE] = (importlib.resources.files(__package__) / "typst/page.typ").read_bytes()
    files["main.typ"] = _main(sheets).encode()
    for undrawn in (None, *_DRAWN):
        data = [each.data if undrawn is None else _spelt(each.data, undrawn) for each in sheets]
        said = told | {"sheets": msgspec.json.encode(data).decode()}
        try:
            return typst.compile(files, ignore_system_fonts=True, sys_inputs=said, **how)
        except RuntimeError as error:  # what typst raises for every fault of a template
            if _NO_FONT not in str(error) or undrawn is _DRAWN[-1]:
                names = sorted({each.template for each in sheets})
                raise PaperNotDrawnError(template=", ".join(names)) from error
    raise AssertionError  # pragma: no cover - the last try returns or raises


def _spelt(value: Any, undrawn: re.Pattern[str]) -> Any:
    """*value* with a mark in the place of each letter that cannot be drawn."""
    if isinstance(value, str):
        return undrawn.sub(UNDRAWN, value)
    if isinstance(value, dict):
        return {name: _spelt(each, undrawn) for name, each in value.items()}
    return [_spelt(each, undrawn) for each in value] if isinstance(value, list | tuple) else value


def _main(sheets: Sequence[Sheet]) -> str:
    """The document that lays the *sheets* one after the other."""
    names = list(dict.fromkeys(each.template for each in sheets))
    head = [f'#import "{_PAGE}": paged', "#let sheets = json(bytes(sys.inputs.sheets))"]
    head += [f'#import "/{name}" as t{n}' for n, name in enumerate(names)]
    head += [
        "#set document(title: sys.inputs.title)",
        '#show: paged.with(test: "test" in sys.inputs)',
    ]
    calls = [
        f"#t{names.index(each.template)}.paper(sheets.at({n}))" for n, each in enumerate(sheets)
    ]
    return "\n".join(head) + "\n" + "\n#pagebreak(weak: true)\n".join(calls)
