"""What an officer picks for one paper: a special limit, an exemption, a date of their own."""

import datetime as dt
from typing import Any

from msgspec.structs import replace

from motcua.domain.errors import FieldFault
from motcua.domain.procedure import ProcedureDefinition
from motcua.domain.procedure_limit import LimitVariant
from motcua.plugin.texts import text
from motcua.services.assess import Agreed, OfficersDate
from motcua.services.house import Desk
from motcua.services.offers import limit_of
from motcua.ui.words import variant_words
from motcua.web.forms.fields import FormWriter, Widget
from motcua.web.forms.typed import YES, Typed, moment


class Picks:
    """The choices of one paper, read from a form and drawn into it."""

    def __init__(
        self, desk: Desk, definition: ProcedureDefinition, typed: Typed, lead: str
    ) -> None:
        """Read what stands in the fields whose names begin with *lead*."""
        self._definition = definition
        self._typed = typed
        self._lead = lead
        self._desk = desk
        self._cases = [each for each in definition.limit_variants if each.channel is None]
        self.variants = self._ticked("v", [each.id for each in self._cases])
        self.exemptions = self._ticked("x", [each for each, _ in self._exemptions()])
        self.optional_fees = self._ticked("f", [each for each, _ in self._optional()])
        self.faults: list[FieldFault] = []
        self.agreed = self._agreed()
        self.no_limit = self._no_limit()

    @property
    def choices(self) -> dict[str, Any]:
        """The choices as a paper takes them."""
        return {
            "variants": self.variants,
            "exemptions": self.exemptions,
            "proofs": self.proofs,
            "optional_fees": self.optional_fees,
            "agreed": self.agreed,
            "no_limit": self.no_limit,
        }

    @property
    def proofs(self) -> dict[str, str]:
        """The paper that proves each exemption that was picked."""
        said = {each: self._typed.get(f"{self._lead}_p-{each}", "") for each in self.exemptions}
        return {each: words.strip() for each, words in said.items() if words.strip()}

    @property
    def limit_missing(self) -> bool:
        """Whether no limit is known for this paper, so that the officer sets a date."""
        return limit_of(self._desk, self._definition, self.variants) is None

    def dates(self, writer: FormWriter) -> tuple[Widget, ...]:
        """The officer's own date with its ground, where no limit is known."""
        if limit_of(self._desk, self._definition) is not None:
            return ()
        due = text("counter.pick.no_limit")
        return (
            writer.moment(f"{self._lead}_due", due, required=True),
            writer.text(
                f"{self._lead}_due-ground",
                text("counter.pick.ground"),
                required=True,
                look="input--wide",
                hint=text("counter.pick.ground_hint"),
            ),
        )

    def special(self, writer: FormWriter) -> tuple[Widget, ...]:
        """Limits of special cases, exemptions and fees that are charged only if asked for."""
        made = [
            writer.check(f"{self._lead}_v-{each.id}", each.when, _variant_hint(each))
            for each in self._cases
        ]
        if any(each.agreed for each in self._cases):
            made.append(writer.moment(f"{self._lead}_agreed", text("counter.pick.agreed")))
            paper = text("counter.pick.agreed_paper")
            made.append(writer.text(f"{self._lead}_agreed-paper", paper, look="input--wide"))
        for each, label in self._exemptions():
            ground = text("counter.pick.exempt", ground=label)
            made.append(writer.check(f"{self._lead}_x-{each}", ground))
            proof = writer.text(
                f"{self._lead}_p-{each}", text("counter.pick.proof"), look="input--wide"
            )
            watch = f"{self._lead}_x-{each}"
            only = text("counter.only_if", label=ground, values=text("counter.yes"))
            made.append(replace(proof, watch=watch, among=(YES,), only_if=only))
        made += [
            writer.check(f"{self._lead}_f-{each}", text("counter.pick.fee", fee=label))
            for each, label in self._optional()
        ]
        return tuple(made)

    def place(self, field: str) -> str:
        """The name of the input that a fault about *field* belongs to."""
        kinds = {"variants": "v", "exemptions": "x", "optional_fees": "f"}
        if field in kinds:
            return f"{self._lead}_{kinds[field]}"
        if field == "proofs":
            open_ = [each for each in self.exemptions if each not in self.proofs]
            return f"{self._lead}_p-{open_[0] if open_ else ''}"
        return f"{self._lead}_{field}"

    def _ticked(self, kind: str, ids: list[str]) -> tuple[str, ...]:
        return tuple(each for each in ids if self._typed.get(f"{self._lead}_{kind}-{each}"))

    def _exemptions(self) -> list[tuple[str, str]]:
        """Every ground of exemption once, though several fees may know it."""
        found = {each.id: each.label for fee in self._definition.fees for each in fee.exemptions}
        return list(found.items())

    def _optional(self) -> list[tuple[str, str]]:
        """Fees that nothing in the answers asks for."""
        fees = self._definition.fees
        return [(fee.id, fee.label) for fee in fees if fee.optional and fee.quantity is None]

    def _agreed(self) -> Agreed | None:
        if not self._definition.choose_limit(self.variants).agreed:
            return None
        paper = self._typed.get(f"{self._lead}_agreed-paper", "").strip()
        until = self._date("agreed", text("counter.pick.agreed"))
        if not paper:
            label = text("counter.pick.agreed_paper")
            self.faults.append(FieldFault("agreed-paper", "field.missing", label=label))
        return Agreed(until=until, paper=paper) if until and paper else None

    def _no_limit(self) -> OfficersDate | None:
        if not self.limit_missing:
            return None
        ground = self._typed.get(f"{self._lead}_due-ground", "").strip()
        until = self._date("due", text("counter.pick.no_limit"))
        if not ground:
            label = text("counter.pick.ground")
            self.faults.append(FieldFault("due-ground", "field.missing", label=label))
        return OfficersDate(until=until, ground=ground) if until and ground else None

    def _date(self, name: str, label: str) -> dt.datetime | None:
        found = moment(self._typed, f"{self._lead}_{name}")
        if isinstance(found, dt.datetime):
            return found
        code = "field.date" if found else "field.missing"
        self.faults.append(FieldFault(f"{name}-day", code, label=label))
        return None


def _variant_hint(variant: LimitVariant) -> str:
    """What a special limit does to the due time."""
    words = variant_words(variant)
    if variant.on_main_clock:
        return words
    return text("counter.pick.beside", words=words)
