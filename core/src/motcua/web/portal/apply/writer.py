"""The portal's way to draw fields: few at a time, boxes to tap, dates as three numbers."""

from collections.abc import Mapping

import msgspec

from motcua.domain.form import BooleanField, DateField, EnumField, Field, FileField
from motcua.domain.identity import SEXES
from motcua.plugin.texts import text
from motcua.web.forms.fields import FormWriter, Widget
from motcua.web.forms.typed import NO, YES, Typed

MOST_BOXES = 7
"""More options than this are a list to choose from."""
_DATE = (("day", "input--xs"), ("month", "input--xs"), ("year", "input--yy"))
OWN = {
    "name": "name",
    "birth": "bday",
    "address": "street-address",
    "phone": "tel",
    "email": "email",
    "nationality": "country-name",
    "sex": "sex",
}
"""What a browser knows of the one who writes, by part of a person."""


class PortalWriter(FormWriter):
    """Draws one page of an application."""

    def __init__(
        self, typed: Typed, errors: Mapping[str, str], focus: str = "", own: str = ""
    ) -> None:
        """Write over *typed*; *own* is the name of the person who writes, if it is asked here."""
        super().__init__(typed, errors, focus)
        self._own = own

    def choice(
        self,
        name: str,
        label: str,
        options: tuple[tuple[str, str], ...],
        *,
        required: bool = False,
        hint: str = "",
        value: str = "",
    ) -> Widget:
        """One of several, as boxes to tap."""
        made = self.select(name, label, options, required=required, hint=hint, value=value)
        return msgspec.structs.replace(made, kind="choice")

    def date(self, name: str, label: str, *, required: bool = False, hint: str = "") -> Widget:
        """A day as three numbers."""
        parts = tuple(
            self.text(f"{name}-{part}", text(f"ui.date.{part}"), mode="numeric", look=look)
            for part, look in _DATE
        )
        return Widget(
            kind="date",
            name=name,
            label=label,
            hint=hint,
            error=self._errors.get(name, ""),
            required=required,
            parts=parts,
        )

    def _one(self, field: Field, name: str) -> Widget:
        match field:
            case EnumField() if len(field.options) <= MOST_BOXES:
                options = tuple((option, option) for option in field.options)
                return self.choice(
                    name, field.label, options, required=field.required, hint=field.help
                )
            case DateField():
                hint = field.help or text("apply.date_hint")
                return self.date(name, field.label, required=field.required, hint=hint)
            case FileField():
                return self._paper(field, name)
            case _:
                return super()._one(field, name)

    def field(self, field: Field, name: str) -> Widget:
        """The widget of one field; papers are one list, however many they are."""
        return (
            self._one(field, name) if isinstance(field, FileField) else super().field(field, name)
        )

    def _boolean(self, field: BooleanField, name: str) -> Widget:
        made = super()._boolean(field, name)
        if made.kind != "select":
            return made
        return msgspec.structs.replace(
            made, kind="choice", options=((YES, text("counter.yes")), (NO, text("counter.no")))
        )

    def _paper(self, field: FileField, name: str) -> Widget:
        made = self.check(name, text("apply.papers.bring"), "")
        return msgspec.structs.replace(
            made, kind="paper", label=field.label, hint=field.help, required=field.required
        )

    def _person_part(self, name: str, part: str, *, required: bool = False) -> Widget:
        if part == "birth":
            label = text("counter.person.birth")
            return self.date(f"{name}.birth", label, hint=text("apply.birth_hint"))
        made = super()._person_part(name, part, required=required)
        if part == "sex":
            options = tuple((sex, text(f"apply.sex.{sex}")) for sex in SEXES)
            return msgspec.structs.replace(made, kind="choice", options=options)
        if name == self._own:
            return msgspec.structs.replace(made, autocomplete=OWN.get(part, "off"))
        return made
