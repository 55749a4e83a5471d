"""What each step makes of a dossier's lines in the books.

Pure: the live desk and the replay of histories share it. A number is reserved when
the texts are printed (T30), issued when they are signed (T18), void when the dossier
ends otherwise or a text is spoilt (T31); what is still missing is taken when the
result is ready (T19). A void line stays, and its number is never given again.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from motcua.domain.dossier import TRANSITIONS, State
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Act
from motcua.domain.report import local_day
from motcua.plugin.facts import BookLine
from motcua.services.told import label, lines_told
from motcua.storage.rows import DossierRow, RegisterRow

TAKING = ("T30", "T19")
_ISSUING = ("T18", "T19")
_STOPPED = (State.WITHDRAWN, State.STOPPED)
_ENDING = frozenset(
    {"T24", "T35"}
    | {row.id for row in TRANSITIONS.values() if row.target in _STOPPED and row.clock == "ends"}
)
"""What was printed will not be signed: a refusal on the merits, silence, and every early end of
what was received."""
_VOIDING = "T31"
TOUCHING = frozenset({*TAKING, *_ISSUING, *_ENDING, _VOIDING})
"""Steps that may change a dossier's lines."""

MOST = 500
"""Numbers one dossier may take; as many as a block has. More is a slip of typing."""

UNNUMBERED = 0
"""Stands where a number will be taken."""


class TooManyNumbersError(MotCuaError):
    """A dossier asks for more numbers than anybody signs texts for at once."""

    code = "register.too-many"
    status = 409


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """What a step did in the books.

    Attributes:
        lines: All lines of the dossier after it, in the order they were taken.
        taken: The places of those it took.
        issued: The places of those it issued.
        void: The places of those it made void.
        titles: What the books of lines it took are called, as far as the plugin said.
    """

    lines: Sequence[RegisterRow] = ()
    taken: tuple[int, ...] = ()
    issued: tuple[int, ...] = ()
    void: tuple[int, ...] = ()
    titles: dict[str, str] = {}

    @property
    def new(self) -> list[RegisterRow]:
        """The lines it took."""
        return [self.lines[place] for place in self.taken]

    @property
    def changed(self) -> list[RegisterRow]:
        """The lines it issued or made void."""
        return [self.lines[place] for place in (*self.issued, *self.void)]

    def told(self, lines: Sequence[RegisterRow]) -> dict[str, Any]:
        """What its event tells, by the numbers that *lines* have in the same places."""
        return lines_told(
            new=[lines[place] for place in self.taken],
            issued=[lines[place] for place in self.issued],
            void=[lines[place] for place in self.void],
            reason=self.lines[self.void[0]].reason if self.void else "",
        )


def stepped(
    lines: Sequence[RegisterRow],
    act: Act,
    dossier: DossierRow,
    ask: Callable[[], Sequence[BookLine]],
) -> Booked:
    """What *act* makes of the lines of *dossier*; those that are new have no number yet.

    Args:
        lines: What it had, void ones too, in the order they were taken.
        act: One of :data:`TOUCHING`.
        dossier: The dossier after the act.
        ask: Asks the plugin for the lines it is to have; called only if it has none yet.

    Raises:
        InvalidAnswersError: a number to be made void is none of its live ones.
        TooManyNumbersError: it would take more than :data:`MOST` numbers.
    """
    issued = _live(lines, "reserved") if act.transition in _ISSUING else ()
    void = _voided(lines, act)
    made = list(lines)
    for place in issued:
        made[place] = msgspec.structs.replace(made[place], status="issued", at=act.at)
    for place in void:
        made[place] = msgspec.structs.replace(
            made[place], status="void", reason=ground(act), at=act.at
        )
    asked: Sequence[BookLine] = ()
    if act.transition in TAKING and dossier.outcome != "negative":
        asked = asked_of(lines) if lines else ask()
        if len(asked) > MOST:
            raise TooManyNumbersError(dossier=dossier.code or "", count=len(asked), most=MOST)
    made += _missing(made, act, dossier, asked)
    return Booked(
        lines=made,
        taken=tuple(range(len(lines), len(made))),
        issued=issued,
        void=void,
        titles={line.book: line.title for line in asked},
    )


def ground(act: Act) -> str:
    """Why *act* makes lines void: its legal ground, or else its reason."""
    return str(act.data.get("ground") or act.reason)


def live(lines: Sequence[RegisterRow]) -> list[RegisterRow]:
    """Those that are not void, in the order they were asked for."""
    return sorted(
        (each for each in lines if each.status != "void"), key=lambda each: each.line or 0
    )


def asked_of(lines: Sequence[RegisterRow]) -> list[BookLine]:
    """What was asked for, as the lines themselves keep it; void ones keep it too."""
    first = {each.line: each for each in reversed(lines)}
    return [
        BookLine(
            book=first[n].register,
            title="",
            subject=first[n].summary,
            quantity=first[n].quantity or 1,
        )
        for n in sorted(first, key=lambda n: n or 0)
    ]


def _missing(
    lines: Sequence[RegisterRow],
    act: Act,
    dossier: DossierRow,
    asked: Sequence[BookLine],
) -> list[RegisterRow]:
    have = {each.line for each in live(lines)}
    return [
        RegisterRow(
            tenant_id=dossier.tenant_id,
            register=line.book,
            year=local_day(act.at).year,
            number=UNNUMBERED,
            dossier_id=dossier.id,
            status="reserved" if act.transition == "T30" else "issued",
            summary=line.subject,
            reason="",
            at=act.at,
            line=n,
            volume=UNNUMBERED,
            quantity=line.quantity,
            taken_at=act.at,
        )
        for n, line in enumerate(asked, start=1)
        if n not in have
    ]


def _voided(lines: Sequence[RegisterRow], act: Act) -> tuple[int, ...]:
    if act.transition in _ENDING:
        return _live(lines, "reserved", "issued")
    return (_named(lines, act.data["number"]),) if act.transition == _VOIDING else ()


def _named(lines: Sequence[RegisterRow], number: str) -> int:
    """The place of the live line people call *number*: as its label, or by the number alone."""
    said = number.strip()
    places = [
        place
        for place in _live(lines, "reserved", "issued")
        if said == label(lines[place]) or said.lstrip("0") == str(lines[place].number)
    ]
    if len(places) != 1:
        options = ", ".join(label(each) for each in live(lines)) or "–"
        raise InvalidAnswersError([FieldFault("number", "field.option", options=options)])
    return places[0]


def _live(lines: Sequence[RegisterRow], *statuses: str) -> tuple[int, ...]:
    return tuple(place for place, each in enumerate(lines) if each.status in statuses)
