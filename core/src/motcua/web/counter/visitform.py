"""One visit as it stands in the reception form: who came, with which papers."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from motcua.domain.answers import REQUESTER
from motcua.domain.errors import FieldFault
from motcua.domain.form import (
    BooleanField,
    DateField,
    EnumField,
    Field,
    IntegerField,
    MoneyField,
    TextField,
)
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.texts import text
from motcua.services.assess import Paper
from motcua.services.house import Desk
from motcua.services.known_people import scanned
from motcua.web.counter.cash import TENDERED
from motcua.web.counter.picks import Picks
from motcua.web.forms.fields import FormWriter, Widget, element_id, walk
from motcua.web.forms.told import named, words
from motcua.web.forms.typed import (
    LAST_HOUR,
    PERSON,
    PERSON_MORE,
    Typed,
    answers,
    cleared,
    number,
    person,
    rows,
    whole,
    without,
    written,
)

APPLICANT = "nguoi"
MOST_PAPERS = 20
MOST_IN_ROW = 5
"""A paper that asks no more than so many things stands in one row of the basket."""
_PAPER = re.compile(r"papers\[(\d+)\]\.")
_MANY = 3
_IN_ROW = (TextField, EnumField, IntegerField, MoneyField, DateField, BooleanField)
_FIRST = ("id_number", "name", "birth", "phone")
"""What is asked of the applicant at once, the number first: a card is scanned into it."""


class PaperPart(msgspec.Struct, frozen=True, kw_only=True):
    """One paper of the visit as it is drawn.

    Attributes:
        code: Its procedure.
        row: What it asks, where that is so little that it stands in one row.
        fields: What it asks, or what it may ask besides its row.
        headed: The labels of the row are seen; those of a like row below are not.
        dates: The officer's own date; only where no limit is known.
        special: Limits, exemptions and fees to pick; folded away while none is.
        person: Who asks for this paper, if not who hands in; only among several papers.
        remove: What the button that takes the paper out sends; empty: it is the only one.
    """

    id: str
    code: str
    title: str
    row: tuple[Widget, ...]
    headed: bool
    fields: tuple[Widget, ...]
    dates: tuple[Widget, ...]
    special: tuple[Widget, ...]
    special_open: bool
    person: Widget | None
    remove: str

    @property
    def widgets(self) -> tuple[Widget, ...]:
        """Everything that can be filled in, in the order of the page."""
        own = () if self.person is None else (self.person,)
        return (*self.row, *own, *self.fields, *self.dates, *self.special)

    @property
    def folded_open(self) -> bool:
        """Whether what is folded away beside a row must be seen."""
        folded = walk((*(() if self.person is None else (self.person,)), *self.fields))
        return self.special_open or any(each.value or each.error for each in folded)


class VisitForm:
    """What was typed about a visit, what it means, and how it is drawn again."""

    def __init__(
        self,
        desk: Desk,
        definition: ProcedureDefinition,
        typed: Typed,
        others: Callable[[str], ProcedureDefinition | None] = lambda _: None,
    ) -> None:
        """Read the form of a visit.

        Args:
            desk: The tenant.
            definition: The procedure of its papers, where a paper names no other.
            typed: What was sent.
            others: Finds the procedure a paper names.
        """
        self._desk = desk
        self._definition = definition
        self._others = others
        self.typed = dict(typed)
        self.focus = ""
        for name in (APPLICANT, *(self._own(at) for at in range(self.count))):
            number_of = f"{name}.id_number"
            if number_of in self.typed:
                self.typed[number_of] = scanned(self.typed[number_of])

    @property
    def count(self) -> int:
        """How many papers are handed in."""
        said = number(self.typed.get("so", ""))
        return max(1, min(said, MOST_PAPERS)) if isinstance(said, int) else 1

    def definition(self, at: int) -> ProcedureDefinition:
        """The procedure of one paper."""
        code = self.typed.get(f"g{at}_tt", "")
        other = self._others(code) if code not in ("", self._definition.code) else None
        return other or self._definition

    def asked(self, at: int) -> tuple[Field, ...]:
        """The fields of a paper: the requester is the applicant, asked once a visit."""
        return tuple(field for field in self.definition(at).form if field.id != REQUESTER)

    @property
    def channel(self) -> str:
        """How the papers came."""
        return "post" if self.typed.get("kenh") == "post" else "counter"

    @property
    def payer(self) -> str:
        """Who pays, if it is not the applicant."""
        return self.typed.get("nguoi_tra", "").strip()[:255]

    def change(self, what: str) -> None:
        """Add or take out a row or a paper, as a button of the form asked."""
        verb, _, name = what.partition(":")
        if what == "them-giay":
            self._add()
        elif verb == "lai-giay":
            for _ in range(int(name) if name.isdecimal() and len(name) < _MANY else 1):
                self._again()
        elif verb == "bo-giay" and (out := whole(name)) is not None and self.count > 1:
            self.typed = without(self.typed, lambda at: f"g{at}", out, self.count)
            self.typed["so"] = str(self.count - 1)
        elif verb in ("them", "bo"):
            self._change_row(verb, *name.partition(":")[::2])

    def _add(self) -> None:
        """Add an empty paper of the procedure that was chosen, or of the last paper's."""
        if self.count == MOST_PAPERS:
            return
        new = f"g{self.count}"
        code = self.typed.pop("tt_moi", "") or self.definition(self.count - 1).code
        if code != self._definition.code:
            self.typed[f"{new}_tt"] = code
        self.typed["so"] = str(self.count + 1)
        self.focus = new

    def _again(self) -> None:
        """Add a paper that says what the last one says, to be changed where it differs."""
        if self.count == MOST_PAPERS:
            return
        last, new = f"g{self.count - 1}", f"g{self.count}"
        for name, value in list(self.typed.items()):
            rest = name.removeprefix(last)
            if name.startswith(last) and rest[:1] in (".", "_"):
                self.typed[new + rest] = value
        self.typed["so"] = str(self.count + 1)
        self.focus = new

    def fill(self, known: Mapping[str, Any]) -> None:
        """Fill the last paper in with what is *known*; what that leaves open stays as typed."""
        last = self.count - 1
        lead = f"g{last}"
        for field in self.asked(last):
            if field.id in known:
                name = f"{lead}.{field.id}"
                self.typed = cleared(self.typed, name) | written(known[field.id], name)
        self.focus = lead

    def meet(self, known: Mapping[str, Any], *, whole: bool = False) -> None:
        """Fill in who asks, as they are *known*; what was typed stays, unless it is replaced."""
        for part in (*PERSON, *PERSON_MORE):
            name = f"{APPLICANT}.{part}"
            value = known.get(part)
            if isinstance(value, str) and (whole or not self.typed.get(name, "").strip()):
                self.typed |= written(value, name)
            elif whole and part != "id_number":
                self.typed.pop(name, None)

    def picks(self, at: int) -> Picks:
        """What was picked for one paper."""
        return Picks(self._desk, self.definition(at), self.typed, f"g{at}")

    def papers(self) -> list[Paper]:
        """The papers as the reception takes them."""
        applicant = person(self.typed, APPLICANT)
        return [
            Paper(
                procedure=self.definition(at).code,
                applicant=person(self.typed, self._own(at)) or applicant,
                answers=answers(self.asked(at), self.typed, f"g{at}"),
                **self.picks(at).choices,
            )
            for at in range(self.count)
        ]

    def applicant(self, errors: dict[str, str]) -> Widget:
        """Who asks."""
        writer = FormWriter(self.typed, errors, self.focus)
        made = writer.person(APPLICANT, text("counter.receive.applicant"), required=True)
        parts = {each.name.removeprefix(f"{APPLICANT}."): each for each in made.inner}
        first = tuple(_seen_first(parts[part], self.focus) for part in _FIRST)
        more = tuple(each for part, each in parts.items() if part not in _FIRST)
        return msgspec.structs.replace(made, parts=first, more=more)

    def parts(self, errors: dict[str, str]) -> list[PaperPart]:
        """The papers, drawn with what is wrong about them."""
        writer = FormWriter(self.typed, errors, self.focus)
        made: list[PaperPart] = []
        for at in range(self.count):
            made.append(self._part(writer, at, made[-1] if made else None))
        return made

    def _part(self, writer: FormWriter, at: int, above: PaperPart | None) -> PaperPart:
        picks, definition = self.picks(at), self.definition(at)
        special, dates = picks.special(writer), picks.dates(writer)
        fields = writer.fields(self.asked(at), f"g{at}")
        if self.focus == f"g{at}":
            fields = _focused(fields)
        in_row = self._in_row(at) if not dates else frozenset()
        code = definition.code
        title = text("counter.receive.paper", number=at + 1)
        return PaperPart(
            id=f"g{at}",
            code=code,
            title=title if self.count > 1 else text("counter.receive.form"),
            row=tuple(each for each in fields if each.name in in_row),
            headed=above is None or not above.row or above.code != code,
            fields=tuple(each for each in fields if each.name not in in_row),
            dates=dates,
            special=special,
            special_open=any(self._touched(each) for each in walk(special)),
            person=self._person(writer, at),
            remove=f"bo-giay:{at}" if self.count > 1 else "",
        )

    def _in_row(self, at: int) -> frozenset[str]:
        """The names of what a paper must say, if that is little and simple; else none."""
        needed = [
            field
            for field in self.asked(at)
            if not field.computed and (field.required or field.repeat is not None)
        ]
        simple = all(
            isinstance(field, _IN_ROW) and field.repeat is None and field.when is None
            for field in needed
        )
        fits = simple and 0 < len(needed) <= MOST_IN_ROW
        return frozenset(f"g{at}.{field.id}" for field in needed) if fits else frozenset()

    def told(self, faults: Iterable[FieldFault]) -> dict[str, str]:
        """What is wrong, by the name of the input, in the order of the page.

        A fault about the applicant, found with every paper, is told once.
        """
        drawn = _labels(self.applicant({}), self.parts({}), many=self.count > 1)
        found: dict[str, str] = {}
        for fault in faults:
            name = self._place(fault.field)
            found.setdefault(name, words(fault, drawn.get(name, "")))
        order = {name: place for place, name in enumerate(drawn)}
        last = len(order)
        return dict(sorted(found.items(), key=lambda each: order.get(each[0], last)))

    def targets(self, errors: dict[str, str]) -> list[tuple[str, str]]:
        """Where the list of faults leads: ids and words."""
        drawn = [self.applicant(errors)]
        for part in self.parts(errors):
            drawn += part.widgets
        ids = {widget.name: widget.target for widget in walk(drawn)} | {TENDERED: TENDERED}
        return [(ids.get(name, _paper_id(name)), told) for name, told in errors.items()]

    @staticmethod
    def _own(at: int) -> str:
        """The name of who asks for one paper alone."""
        return f"g{at}_{APPLICANT}"

    def _person(self, writer: FormWriter, at: int) -> Widget | None:
        named = bool(person(self.typed, self._own(at)))
        if self.count == 1 and not named:
            return None
        label, hint = text("counter.receive.person"), text("counter.receive.person_hint")
        return writer.person(self._own(at), label, hint=hint)

    def _touched(self, widget: Widget) -> bool:
        """Whether a field must be seen: something was picked there, or is wrong."""
        typed = self.typed.get(widget.name, "").strip() not in ("", LAST_HOUR)
        return typed or bool(widget.error)

    def _change_row(self, verb: str, name: str, row: str) -> None:
        field = self._repeated(name)
        if field is None:
            return
        count = rows(field, self.typed, name)
        if verb == "them":
            self.typed[f"{name}#"] = str(count + 1)
            self.focus = f"{name}[{count}]"
        elif (out := whole(row)) is not None:
            self.typed = without(self.typed, lambda at: f"{name}[{at}]", out, count)
            self.typed[f"{name}#"] = str(count - 1)

    def _repeated(self, name: str) -> Field | None:
        """The repeated field that is called *name* in the form."""
        for at in range(self.count):
            for field in self.asked(at):
                if name == f"g{at}.{field.id}" and field.repeat is not None:
                    return field
        return None

    def _place(self, path: str) -> str:
        """The name of the input that a fault's path means."""
        found = _PAPER.match(path)
        at, path = (int(found[1]), path[found.end() :]) if found else (0, path)
        first = path.partition(".")[0]
        if first == "tendered":
            return TENDERED
        if first in ("applicant", REQUESTER):
            rest = path.partition(".")[2]
            own = self._own(at) if person(self.typed, self._own(at)) else APPLICANT
            return f"{own}.{rest or 'name'}"
        if first in ("variants", "exemptions", "proofs", "optional_fees") or "-" in first:
            return self.picks(at).place(path)
        return f"g{at}.{path}"


def _labels(applicant: Widget, parts: list[PaperPart], *, many: bool) -> dict[str, str]:
    """The label of every input, with that of what it belongs to, in the order of the page."""
    found = dict(named([applicant], ""))
    for part in parts:
        lead = f"{part.title} – " if many else ""
        found |= named(part.widgets, lead)
    return found


def _seen_first(part: Widget, focus: str) -> Widget:
    """A part of the applicant; the focus is on the number, that a card is scanned into."""
    return msgspec.structs.replace(part, focus=focus == part.name, plain=True)


def _focused(fields: tuple[Widget, ...]) -> tuple[Widget, ...]:
    """*fields* with the focus on the first that is typed into."""
    return tuple(
        msgspec.structs.replace(field, focus=True) if at == 0 else field
        for at, field in enumerate(fields)
    )


def _paper_id(name: str) -> str:
    """The id of the paper that *name* belongs to, or of the applicant."""
    found = re.match(r"g\d+", name)
    return found[0] if found else element_id(f"{APPLICANT}.name")
