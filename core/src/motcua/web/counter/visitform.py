"""One visit as it stands in the reception form: who came, with which papers."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from motcua.domain.answers import REQUESTER
from motcua.domain.errors import FieldFault
from motcua.domain.form import Field
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.texts import text
from motcua.services.assess import Paper
from motcua.services.house import Desk
from motcua.web.counter.picks import Picks
from motcua.web.forms.fields import FormWriter, Widget, element_id, walk
from motcua.web.forms.told import named, words
from motcua.web.forms.typed import (
    LAST_HOUR,
    Typed,
    answers,
    cleared,
    number,
    person,
    rows,
    without,
    written,
)

APPLICANT = "nguoi"
MOST_PAPERS = 20
_PAPER = re.compile(r"papers\[(\d+)\]\.")


class PaperPart(msgspec.Struct, frozen=True, kw_only=True):
    """One paper of the visit as it is drawn.

    Attributes:
        dates: The officer's own date; only where no limit is known.
        special: Limits, exemptions and fees to pick; folded away while none is.
        person: Who asks for this paper, if not who hands in; only among several papers.
        remove: What the button that takes the paper out sends; empty: it is the only one.
    """

    id: str
    title: str
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
        return (*own, *self.fields, *self.dates, *self.special)


class VisitForm:
    """What was typed about a visit, what it means, and how it is drawn again."""

    def __init__(self, desk: Desk, definition: ProcedureDefinition, typed: Typed) -> None:
        """Read the form of papers of one procedure."""
        self._desk = desk
        self._definition = definition
        self.typed = dict(typed)
        self.focus = ""

    @property
    def count(self) -> int:
        """How many papers are handed in."""
        said = number(self.typed.get("so", ""))
        return max(1, min(said, MOST_PAPERS)) if isinstance(said, int) else 1

    @property
    def asked(self) -> tuple[Field, ...]:
        """The fields of a paper: the requester is the applicant, asked once a visit."""
        return tuple(field for field in self._definition.form if field.id != REQUESTER)

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
            self.typed["so"] = str(min(self.count + 1, MOST_PAPERS))
            self.focus = f"g{self.count - 1}"
        elif what == "lai-giay":
            self._again()
        elif verb == "bo-giay" and name.isdigit() and self.count > 1:
            self.typed = without(self.typed, lambda at: f"g{at}", int(name), self.count)
            self.typed["so"] = str(self.count - 1)
        elif verb in ("them", "bo"):
            self._change_row(verb, *name.partition(":")[::2])

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
        lead = f"g{self.count - 1}"
        for field in self.asked:
            if field.id in known:
                name = f"{lead}.{field.id}"
                self.typed = cleared(self.typed, name) | written(known[field.id], name)
        self.focus = lead

    def picks(self, at: int) -> Picks:
        """What was picked for one paper."""
        return Picks(self._desk, self._definition, self.typed, f"g{at}")

    def papers(self) -> list[Paper]:
        """The papers as the reception takes them."""
        applicant = person(self.typed, APPLICANT)
        return [
            Paper(
                procedure=self._definition.code,
                applicant=person(self.typed, self._own(at)) or applicant,
                answers=answers(self.asked, self.typed, f"g{at}"),
                **self.picks(at).choices,
            )
            for at in range(self.count)
        ]

    def applicant(self, errors: dict[str, str]) -> Widget:
        """Who asks."""
        writer = FormWriter(self.typed, errors, self.focus)
        return writer.person(APPLICANT, text("counter.receive.applicant"), required=True)

    def parts(self, errors: dict[str, str]) -> list[PaperPart]:
        """The papers, drawn with what is wrong about them."""
        writer = FormWriter(self.typed, errors, self.focus)
        made = []
        for at in range(self.count):
            picks = self.picks(at)
            special = picks.special(writer)
            fields = writer.fields(self.asked, f"g{at}")
            if self.focus == f"g{at}":
                fields = _focused(fields)
            title = text("counter.receive.paper", number=at + 1)
            made.append(
                PaperPart(
                    id=f"g{at}",
                    title=title if self.count > 1 else text("counter.receive.form"),
                    fields=fields,
                    dates=picks.dates(writer),
                    special=special,
                    special_open=any(self._touched(each) for each in walk(special)),
                    person=self._person(writer, at),
                    remove=f"bo-giay:{at}" if self.count > 1 else "",
                )
            )
        return made

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
        ids = {widget.name: widget.target for widget in walk(drawn)}
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
        elif row.isdigit():
            self.typed = without(self.typed, lambda at: f"{name}[{at}]", int(row), count)
            self.typed[f"{name}#"] = str(count - 1)

    def _repeated(self, name: str) -> Field | None:
        """The repeated field that is called *name* in the form."""
        for at in range(self.count):
            for field in self.asked:
                if name == f"g{at}.{field.id}" and field.repeat is not None:
                    return field
        return None

    def _place(self, path: str) -> str:
        """The name of the input that a fault's path means."""
        found = _PAPER.match(path)
        at, path = (int(found[1]), path[found.end() :]) if found else (0, path)
        first = path.partition(".")[0]
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
