"""The form of one step with one dossier: what it asks, what was typed, and what is missing."""

from collections.abc import Mapping, Sequence
from typing import Any

from motcua.domain.dossier import Need, Transition
from motcua.domain.errors import FieldFault
from motcua.domain.life import Act, missing
from motcua.plugin.texts import text
from motcua.services import views
from motcua.services.counter import Sheet
from motcua.services.grounds import GROUND, grounded
from motcua.web.counter import explained
from motcua.web.counter.duplicates import of_submission
from motcua.web.counter.explained import need_label
from motcua.web.counter.frame import Counter
from motcua.web.counter.picks import Picks
from motcua.web.forms.fields import FormWriter, Widget, walk
from motcua.web.forms.told import words
from motcua.web.forms.typed import Typed, lines, moment, number

RECEIVING = ("T03", "T25")
"""Steps that receive a dossier: they end with a slip, and the officer picks the limit."""

LONG_TEXTS = ("question", "answer", "opinion", "ground")
PICK = "chon"


class StepForm:
    """One step somebody is about to take with one dossier."""

    def __init__(
        self,
        counter: Counter,
        row: Transition,
        view: views.DossierView,
        under: Sheet,
        sent: Typed,
        signers: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Read what was *sent*."""
        self.row = row
        self.view = view
        self.typed = dict(sent)
        self._counter = counter
        self._under = under
        self._signers = signers

    @property
    def version(self) -> int:
        """The version of the dossier that the officer saw."""
        said = number(self.typed.get("version", ""))
        return said if isinstance(said, int) else self.view.version

    @property
    def reason(self) -> str:
        """Why."""
        return self.typed.get("reason", "").strip()

    @property
    def data(self) -> dict[str, Any]:
        """What the transition needs, as far as it was given."""
        given = {need.name: self._value(need) for need in self.row.needs}
        return {name: value for name, value in given.items() if value not in ("", [], None)}

    def picks(self) -> Picks | None:
        """What the officer picks where the step receives a dossier."""
        if self.row.id not in RECEIVING:
            return None
        return Picks(self._counter.desk, self._under.definition, self.typed, PICK)

    async def duplicates(self) -> list[str]:
        """What is registered already and may be the submission that is about to be received."""
        if self.row.id != "T03":
            return []
        return await of_submission(self._counter, self._under.definition, self.view.answers)

    @property
    def asked(self) -> Act:
        """The step as it is asked for; a ground that was picked stands in its reason."""
        asked = Act(
            transition=self.row.id,
            at=self._counter.now(),
            by=self._counter.actor,
            reason=self.reason,
            data=self.data,
        )
        return grounded(self._under.definition, asked)

    def words(self, reason: str, data: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What was said about the step, in the words of the form."""
        known = {name: dict(options) for name, options in self._choices().items()}
        picked = {name: known.get(name, {}).get(_id(value), value) for name, value in data.items()}
        return explained.said(self.row.id, reason, picked)

    def faults(self) -> list[FieldFault]:
        """Everything that is missing or wrong before the step is tried."""
        asked = self.asked
        picks = self.picks()
        own = picks.faults if picks else []
        moments = {need.name for need in self.row.needs if need.kind == "moment"}
        needed = [
            FieldFault(fault.field, "field.date")
            if fault.field in moments and fault.fault == "field.type"
            else fault
            for fault in missing(self.row, asked)
        ]
        return needed + [fault.under(f"{PICK}_") for fault in own]

    def widgets(self, errors: dict[str, str]) -> tuple[Widget, ...]:
        """The form of the step."""
        writer = FormWriter(self.typed, errors)
        made = [self._widget(writer, need) for need in self.row.needs if self._can(need)]
        if self.row.needs_reason:
            reason = text("need.reason")
            alone = not any(need.name == GROUND and self._can(need) for need in self.row.needs)
            made.append(writer.text("reason", reason, kind="lines", required=alone))
        picks = self.picks()
        if picks:
            made += [*picks.dates(writer), *picks.special(writer)]
        return tuple(made)

    def told(self, faults: Sequence[FieldFault]) -> dict[str, str]:
        """What is wrong, by the name of the input."""
        labels = {widget.name: widget.label for widget in walk(self.widgets({}))}
        found: dict[str, str] = {}
        for fault in faults:
            found.setdefault(fault.field, words(fault, labels.get(fault.field, "")))
        order = list(labels)
        return dict(
            sorted(
                found.items(),
                key=lambda each: order.index(each[0]) if each[0] in labels else len(order),
            )
        )

    def targets(self, errors: dict[str, str]) -> list[tuple[str, str]]:
        """Where the list of faults leads: ids and words."""
        drawn = self.widgets(errors)
        ids = {widget.name: widget.target for widget in walk(drawn)}
        first = drawn[0].target if drawn else "main"
        return [(ids.get(name, first), told) for name, told in errors.items()]

    def summary(self) -> list[tuple[str, str]]:
        """What was typed, in words, for the confirmation."""
        made = []
        for widget in walk(self.widgets({})):
            value = self.typed.get(widget.name, "").strip()
            day = widget.name.removesuffix("-hour") + "-day"
            idle = widget.name.endswith("-hour") and not self.typed.get(day, "").strip()
            if value and not idle:
                made.append((widget.label, dict(widget.options).get(value, value)))
        return made

    def _value(self, need: Need) -> Any:
        said = self.typed.get(need.name, "").strip()
        match need.kind:
            case "lines":
                return lines(said)
            case "moment":
                found = moment(self.typed, need.name)
                return found if isinstance(found, str) else found.isoformat()
            case "amount":
                return number(said)
            case _:
                return said

    def _widget(self, writer: FormWriter, need: Need) -> Widget:
        label = need_label(self.row.id, need)
        if need.kind == "moment":
            return writer.moment(need.name, label, required=need.required)
        if need.kind == "choice":
            options = [(each, text(f"way.{each}")) for each in need.options]
            return writer.select(need.name, label, options, required=True, value=need.options[0])
        choices = self._choices()
        if need.name in choices:
            return writer.select(need.name, label, choices[need.name], required=need.required)
        kind = "lines" if need.kind == "lines" or need.name in LONG_TEXTS else "text"
        return writer.text(
            need.name,
            label,
            kind=kind,
            required=need.required,
            mode="numeric" if need.kind == "amount" else "",
            hint=text("counter.field.items_hint") if need.kind == "lines" else "",
            look="input--date" if need.kind == "amount" else "input--wide",
        )

    def _can(self, need: Need) -> bool:
        """Whether there is anything to choose: a signer, a case or a ground of the procedure."""
        return bool(self._choices().get(need.name, True))

    def _choices(self) -> dict[str, Sequence[tuple[str, str]]]:
        """What there is to choose from, for the needs that are chosen."""
        return {
            "signer": self._signers,
            "variant": self._variants(),
            "stage": self._under.stages,
            GROUND: self._grounds(),
        }

    def _grounds(self) -> list[tuple[str, str]]:
        return [(each.id, each.words) for each in self._under.definition.refusal_grounds]

    def _variants(self) -> list[tuple[str, str]]:
        definition = self._under.definition
        found = definition.waits() if self.row.id == "T33" else definition.extensions()
        return [(each, variant.when) for each, variant in found.items()]


def _id(value: Any) -> str:
    """What an option is chosen by; of a signer who was kept whole, the id."""
    return str(value.get("id", "") if isinstance(value, dict) else value)
