"""The page of blocks at the counter: what is left, the next number, taking in and closing."""

import uuid
from collections.abc import Mapping
from typing import Any

from motcua.plugin import (
    VN,
    AskedSession,
    CounterPage,
    MotCuaError,
    PageField,
    PageForm,
    PageSection,
    PageShown,
    text,
)
from motcua_civil_status import blocks
from motcua_civil_status.records import KIND_BOOKS
from motcua_civil_status.routes import KEEPERS, OFFICERS
from motcua_civil_status.rules import BOOKS

FEW = 10
"""So few free numbers of a book and year are a reason to ask for more."""
KEPT = 20
"""Closed blocks that are listed, the latest first."""
TAKE, VOID, CLOSE = "take", "void", "close"
STATES = ("free", "taken", "void", "unused")
_DIGITS = 5


class WordsMissingError(MotCuaError):
    """A reason or a ground was left out."""

    code = "civil_status.page-words"


class NoNumberError(MotCuaError):
    """What was typed as a number is none."""

    code = "civil_status.page-number"


async def show(session: AskedSession, writes: bool) -> PageShown:
    """Open blocks by book and year, the form of a new one, and what was closed."""
    opened = await blocks.blocks(session, closed=False)
    closed = await blocks.blocks(session, closed=True, latest=KEPT)
    sections = [await _book(session, *key, opened, writes=writes) for key in _keys(opened)]
    if writes:
        sections.append(_new(session))
    if closed:
        sections.append(_closed(closed[::-1]))
    lead = _say("lead" if opened else "none")
    return PageShown(lead=lead, sections=tuple(sections))


async def act(session: AskedSession, what: str, about: str, typed: Mapping[str, str]) -> str:
    """Take a block in, make a number void, or close a block.

    Raises:
        WordsMissingError: a reason or a ground was left out.
        NoNumberError: what should be a number is none.
        UnknownBlockError: there is no such open block, or nothing of that name to do.
        BlockYearError: no book is of that year.
        BlockRangeError: that is no range, or a very long one.
        BlockOverlapError: a number is set aside or in the book already.
        NotReservedError: the number is not free.
    """
    if what == TAKE:
        await blocks.take_block(
            session,
            kind=_kind(typed),
            ground=_words(typed, "ground"),
            **{name: _number(typed, name) for name in ("year", "first", "last")},
        )
    elif what == VOID:
        await blocks.void_number(
            session, await _open(session, about), _number(typed, "number"), _words(typed, "reason")
        )
    elif what == CLOSE:
        await blocks.close_block(session, await _open(session, about), _words(typed, "reason"))
    else:
        raise blocks.UnknownBlockError
    return f"civil_status.page.done-{what}"


PAGE = CounterPage(
    path="so-chinh-thuc",
    label="civil_status.page.label",
    roles=frozenset(OFFICERS),
    writers=frozenset(KEEPERS),
    show=show,
    act=act,
)


def _keys(opened: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """The books and years that have open blocks."""
    return sorted({(row["book"], row["year"]) for row in opened}, key=lambda key: (-key[1], key[0]))


async def _book(
    session: AskedSession,
    book: str,
    year: int,
    opened: list[dict[str, Any]],
    *,
    writes: bool,
) -> PageSection:
    """What is open of one book and year."""
    mine = [row for row in opened if (row["book"], row["year"]) == (book, year)]
    numbers = await blocks.free_numbers(session, book, year)
    free, following = len(numbers), next(iter(numbers), None)
    forms = [form for row in mine for form in _forms(row)] if writes else []
    warning = _say("few", count=free) if free <= FEW else ""
    return PageSection(
        title=_say("book", title=_title(book), book=book, year=year),
        facts=(
            (_say("next"), f"{following:02d}/{year}" if following else "–"),
            (_say("left"), str(free)),
        ),
        warning=warning,
        heads=tuple(_say(f"head-{name}") for name in ("block", *STATES[:3], "ground")),
        table=tuple(
            (_span(row), *(str(_count(row, state)) for state in STATES[:3]), _ground(row))
            for row in mine
        ),
        forms=tuple(forms),
    )


def _forms(row: dict[str, Any]) -> list[PageForm]:
    """What may be done with an open block."""
    told = {"block": _span(row)}
    reason = PageField(name="reason", label=_say("reason"))
    number = PageField(name="number", label=_say("number"), number=True)
    void = PageForm(
        act=VOID,
        about=str(row["id"]),
        title=_say("void", **told),
        fields=(number, reason),
        button=_say("void-go"),
        risk=True,
        folded=True,
    )
    close = PageForm(
        act=CLOSE,
        about=str(row["id"]),
        title=_say("close", **told),
        fields=(reason,),
        button=_say("close-go", count=_count(row, "free")),
        risk=True,
        folded=True,
    )
    return [void, close] if _count(row, "free") else [close]


def _new(session: AskedSession) -> PageSection:
    """The form that takes a block in."""
    kinds = tuple((kind, title) for kind, title in KIND_BOOKS.items())
    year = str(session.now.astimezone(VN).year)
    form = PageForm(
        act=TAKE,
        title=_say("take"),
        fields=(
            PageField(name="kind", label=_say("kind"), options=kinds),
            PageField(name="year", label=_say("year"), value=year, number=True),
            PageField(name="first", label=_say("first"), number=True),
            PageField(name="last", label=_say("last"), number=True),
            PageField(name="ground", label=_say("ground"), hint=_say("ground-hint")),
        ),
        button=_say("take-go"),
    )
    return PageSection(title=_say("take"), forms=(form,))


def _closed(rows: list[dict[str, Any]]) -> PageSection:
    """What became of the blocks that were closed."""
    heads = ("block", "book", "taken", "void", "unused", "why")
    return PageSection(
        title=_say("closed"),
        heads=tuple(_say(f"head-{name}") for name in heads),
        table=tuple(
            (
                f"{_span(row)}/{row['year']}",
                row["book"],
                *(str(_count(row, state)) for state in STATES[1:]),
                _say(
                    "why",
                    reason=row["close_reason"],
                    who=row["closed_by"],
                    day=f"{row['closed_at'].astimezone(VN):%d/%m/%Y}",
                ),
            )
            for row in rows
        ),
    )


def _say(name: str, **told: Any) -> str:
    """A text of this page."""
    return text(f"civil_status.page.{name}", **told)


def _title(book: str) -> str:
    return next((title for title, key in BOOKS.items() if key == book), book)


def _span(row: dict[str, Any]) -> str:
    return f"{row['first']}–{row['last']}"


def _ground(row: dict[str, Any]) -> str:
    told = {"ground": row["ground"], "who": row["taken_by"]}
    return _say("grounds", day=f"{row['taken_at'].astimezone(VN):%d/%m/%Y}", **told)


def _count(row: dict[str, Any], state: str) -> int:
    return sum(line["state"] == state for line in row["numbers"])


async def _open(session: AskedSession, about: str) -> uuid.UUID:
    """The open block a form is about; what is no id answers like one that does not exist."""
    opened = await blocks.blocks(session, closed=False)
    for row in opened:
        if str(row["id"]) == about:
            return uuid.UUID(about)
    raise blocks.UnknownBlockError


def _words(typed: Mapping[str, str], name: str) -> str:
    said = typed.get(name, "").strip()[:500]
    if not said:
        raise WordsMissingError(label=_say(name))
    return said


def _kind(typed: Mapping[str, str]) -> str:
    kind = typed.get("kind", "")
    if kind not in KIND_BOOKS:
        raise WordsMissingError(label=_say("kind"))
    return kind


def _number(typed: Mapping[str, str], name: str) -> int:
    said = typed.get(name, "").strip()
    if not (said.isascii() and said.isdigit() and len(said) <= _DIGITS and int(said)):
        raise NoNumberError(label=_say(name), said=said or "–")
    return int(said)
