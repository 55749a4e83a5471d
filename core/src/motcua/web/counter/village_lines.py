"""The lines of a village day's sheet as they are typed, and how they are drawn again.

Every line is one paper of one person: its names are those of the reception form behind a
lead of its own (``d12.``). What the sheet says once for all its lines stands behind
``chung.``. A ditto mark (``"``) says what the line above says.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.errors import FieldFault
from motcua.domain.money import Way
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.texts import text
from motcua.services.house import Desk
from motcua.services.known_people import scanned
from motcua.services.village_days import Leaf, Number, VillageDay
from motcua.services.village_plan import NOON, in_one_line
from motcua.services.village_sheets import Line, Said
from motcua.web.counter.cash import ways_of
from motcua.web.counter.visitform import APPLICANT, VisitForm
from motcua.web.forms.fields import FormWriter, Widget
from motcua.web.forms.told import words
from motcua.web.forms.typed import Typed, refilled

TIME, NAME, ID, SIGNER, PAID = "gio", f"{APPLICANT}.name", f"{APPLICANT}.id_number", "ky", "tra"
SHARED = "chung."
"""What the names of fields begin with that are said once for all lines."""
DITTO = frozenset({'"', "”", "“", "''", "〃", "nt", "như trên"})
SAME = '"'
"""The ditto mark as a choice of several sends it."""
PAPER = "g0"
_OF_THE_LINE = ("", "at", TIME, "numbers", "events", "signer", SIGNER)
OF_THE_MOMENT = ("at", "events", "signer")
"""What is wrong only about the time of a line, or about who signed it then."""
_LETTER = re.compile(r"[^\W\d_]")
_TIME = re.compile(r"([01]?\d|2[0-3])[:hH.,\s]?([0-5]\d)")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it is drawn: with its fields, or with what was entered.

    Attributes:
        faults: What is wrong, with the id of the field it leads to.
    """

    number: Number
    cells: tuple[Widget, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()


class SheetForm:
    """One leaf of the packet as it was typed."""

    def __init__(
        self,
        desk: Desk,
        definition: ProcedureDefinition,
        day: VillageDay,
        leaf: Leaf,
        typed: Typed,
        entered: Mapping[int, Said] | None = None,
    ) -> None:
        """Read what was *typed* into a *leaf*; what was *entered* is what ditto marks repeat."""
        self._entered = entered or {}
        self._desk = desk
        self._definition = definition
        self._day = day
        self._leaf = leaf
        self.typed = dict(typed)
        self._shared = {
            name.removeprefix(SHARED): value
            for name, value in typed.items()
            if name.startswith(SHARED)
        }
        self._asked = tuple(field.id for field in in_one_line(definition))
        self._said = self._resolved()

    @property
    def labels(self) -> list[str]:
        """The heads of the columns."""
        asked = {field.id: field.label for field in self._definition.form}
        own = [text(f"village.col.{name}") for name in ("time", "id", "name")]
        ends = [text("village.col.signer")] if self._many_sign else []
        return [*own, *(asked[name] for name in self._asked), *ends, text("village.col.paid")]

    @property
    def _many_sign(self) -> bool:
        return len(self._day.signers) > 1

    @property
    def _columns(self) -> tuple[str, ...]:
        ends = (SIGNER, PAID) if self._many_sign else (PAID,)
        return (TIME, ID, NAME, *(f"{PAPER}.{name}" for name in self._asked), *ends)

    @property
    def open(self) -> list[Number]:
        """The numbers nothing was entered for yet."""
        return [each for each in self._leaf.numbers if each.status == "reserved"]

    def used(self, number: int) -> bool:
        """Whether anything was typed into a line, but for how it was paid and by whom signed."""
        names = (name for name in self._columns if name not in (SIGNER, PAID))
        return any(self.typed.get(f"d{number}.{name}", "").strip() for name in names)

    def lines(self) -> tuple[list[Line], dict[int, list[FieldFault]]]:
        """The lines that were filled in, and what is wrong with those that cannot be read.

        Also those whose number was used meanwhile: whoever typed them has to be told. What
        cannot be read of a line is taken from another one, so that all else is looked at too.
        """
        wrong = {n: faults for n in self._said if (faults := self._unread(n))}
        times = (self._time(number) for number in self._said)
        other = next((each for each in times if each), NOON)
        return [self._line(number, other) for number in self._said], wrong

    def rows(self, faults: Mapping[int, Sequence[FieldFault]]) -> list[Row]:
        """Every line of the leaf, with what is wrong about it."""
        return [self._row(each, faults.get(each.number, ())) for each in self._leaf.numbers]

    def shared(self) -> tuple[Widget, ...]:
        """What may be said once for all lines: what a paper of the kind may say besides."""
        (part,) = VisitForm(self._desk, self._definition, self._shared).parts({})
        inline = {f"{PAPER}.{name}" for name in self._asked}
        plain = [each for each in (*part.row, *part.fields) if each.kind in ("text", "check")]
        return tuple(_led(each, SHARED) for each in plain if each.name not in inline)

    def _resolved(self) -> dict[int, dict[str, str]]:
        """What each open line says, ditto marks read from the line above."""
        above: dict[str, str] = {}
        said: dict[int, dict[str, str]] = {}
        for each in self._leaf.numbers:
            number = each.number
            if not self.used(number):
                above = self._before(each) or above
                continue
            here = {name: self.typed.get(f"d{number}.{name}", "").strip() for name in self._columns}
            same_person = here[NAME].casefold() in DITTO
            for name in self._columns:
                if here[name].casefold() in DITTO or (name == ID and same_person and not here[ID]):
                    here[name] = above.get(name, "")
            here[ID] = scanned(here[ID])
            said[number] = above = here
        return said

    def _before(self, number: Number) -> dict[str, str]:
        """What a line says that is entered already, as it would have been typed."""
        entered = self._entered.get(number.number)
        if entered is None or number.at is None:
            return {}
        asked = [field for field in self._definition.form if field.id in self._asked]
        return {
            TIME: f"{number.at.astimezone(VN):%H:%M}",
            ID: str(entered.applicant.get("id_number", "")),
            NAME: str(entered.applicant.get("name", "")),
            **refilled(asked, entered.answers, PAPER),
        }

    def _time(self, number: int) -> dt.time | None:
        """The time of a line, if it is one."""
        found = _TIME.fullmatch(self._said[number][TIME])
        return dt.time(int(found[1]), int(found[2])) if found else None

    def _signed_by(self, number: int) -> str:
        return self._said[number].get(SIGNER, "") or self._day.signers[0]

    def _unread(self, number: int) -> list[FieldFault]:
        """What cannot be read of a line."""
        faults, signer = [], self._signed_by(number)
        if self._time(number) is None:
            missing = "village.time" if self._said[number][TIME] else "field.missing"
            faults.append(FieldFault(TIME, missing, label=text("village.col.time")))
        if signer not in self._day.signers:
            told = {"name": signer, "options": ", ".join(self._day.signers)}
            faults.append(FieldFault(SIGNER, "village.signer-day", **told))
        return faults

    def _line(self, number: int, other: dt.time) -> Line:
        said, signer = self._said[number], self._signed_by(number)
        (paper,) = self._visit(number).papers()
        return Line(
            number=number,
            at=self._time(number) or other,
            signer=signer if signer in self._day.signers else self._day.signers[0],
            applicant=paper.applicant,
            answers=paper.answers,
            paid=next((each for each in Way if each.value == said[PAID]), None),
        )

    def _visit(self, number: int) -> VisitForm:
        """A line as the form of a visit."""
        said = self._said[number]
        if _LETTER.search(said[ID]):  # a passport, not the number of a person
            said = said | {f"{APPLICANT}.identity_paper": said[ID], ID: ""}
        return VisitForm(self._desk, self._definition, self._shared | said)

    def _row(self, number: Number, faults: Sequence[FieldFault]) -> Row:
        if number.status != "reserved":
            return Row(number=number, faults=self._late(number.number, faults))
        lead = f"d{number.number}."
        told = self._told(number.number, faults) if faults else {}
        at = {f"{lead}{name}": words_ for name, words_ in told.items()}
        writer = FormWriter(self.typed, at)
        cells = self._cells(writer, lead)
        ids = {cell.name: cell.id for cell in cells}
        first = cells[0].id
        leads = tuple((ids.get(name, first), words_) for name, words_ in at.items())
        return Row(number=number, cells=cells, faults=leads)

    def _late(self, number: int, faults: Sequence[FieldFault]) -> tuple[tuple[str, str], ...]:
        """What whoever typed a line is told whose number was used meanwhile."""
        name = self._said.get(number, {}).get(NAME, "")
        return tuple(
            (f"dong{number}", text("village.typed", words=words(each, ""), name=name or "–"))
            for each in faults
        )

    def _told(self, number: int, faults: Iterable[FieldFault]) -> dict[str, str]:
        """What is wrong, by the name of the column; what is about the line stands at its time."""
        whole = " ".join(_words(each) for each in faults if each.field in _OF_THE_LINE)
        rest = [each for each in faults if each.field not in _OF_THE_LINE]
        told = {TIME: whole} if whole else {}
        return told | (self._visit(number).told(rest) if rest else {})

    def _cells(self, writer: FormWriter, lead: str) -> tuple[Widget, ...]:
        """The fields of one line, in the order of the columns."""
        asked = [each for each in self._definition.form if each.id in self._asked]
        first = (
            writer.text(f"{lead}{TIME}", "", mode="numeric", look="input--xs"),
            writer.text(f"{lead}{ID}", "", mode="numeric", look="input--id"),
            writer.text(f"{lead}{NAME}", ""),
        )
        own = tuple(_ditto(each) for each in writer.fields(asked, f"{lead}{PAPER}"))
        ends = () if not self._many_sign else (self._signer(writer, lead),)
        ways = [(each, text(f"village.paid.{each}")) for each in ways_of(self._desk)]
        paid = writer.select(f"{lead}{PAID}", "", ways, value=Way.CASH.value)
        return (*first, *own, *ends, paid)

    def _signer(self, writer: FormWriter, lead: str) -> Widget:
        names = [(each, each) for each in self._day.signers]
        return writer.select(f"{lead}{SIGNER}", "", names, value=names[0][0])


def _words(fault: FieldFault) -> str:
    """What is wrong with a line as such."""
    if (fault.field, fault.fault) == ("numbers", "field.option"):
        return text("village.one-number", options=fault.fields["options"])
    return words(fault, "")


def _ditto(widget: Widget) -> Widget:
    """A choice of several by a key: its number on the sheet, or the ditto mark."""
    if widget.kind != "select":
        return widget
    options = [(value, f"{n} {said}") for n, (value, said) in enumerate(widget.options, 1)]
    return msgspec.structs.replace(widget, options=(*options, (SAME, text("village.same"))))


def _led(widget: Widget, lead: str) -> Widget:
    """A widget whose names begin with *lead*."""
    return msgspec.structs.replace(widget, name=f"{lead}{widget.name}", watch="", only_if="")
