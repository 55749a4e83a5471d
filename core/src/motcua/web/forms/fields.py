"""A form, generated from a procedure's definition.

Every field becomes a :class:`Widget`: what it is called, what stands in it, what is
wrong with it. The templates draw widgets and know no procedure.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from motcua.domain.form import (
    AddressField,
    BooleanField,
    Condition,
    DateField,
    EnumField,
    Field,
    FileField,
    GroupField,
    IntegerField,
    MoneyField,
    PersonField,
    TextField,
)
from motcua.domain.identity import SEXES
from motcua.plugin.texts import text
from motcua.ui.format import capital
from motcua.web.forms.typed import LAST_HOUR, NO, PERSON, PERSON_MORE, YES, Typed, rows

_NOT_ID = re.compile(r"[^A-Za-z0-9_-]+")


class Widget(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a form as it is drawn.

    Attributes:
        kind: ``text``, ``lines``, ``check``, ``select``, ``person``, ``group`` or ``repeat``.
        name: What it is sent as.
        only_if: When it is asked, in words; empty: always.
        watch: The field it depends on, for scripts; with *among* its values.
        among: The values of *watch* for which it is asked; none: any value.
        parts: The fields of a person, a group, or the rows of a repeated field.
        more: Fields of a person that are rarely filled in.
        mode: An ``inputmode``.
        plain: Whether the label says nothing of being optional: what it belongs to does.
        look: An extra class of the input.
        remove: What the button that removes this row sends; empty: it cannot be.
        add: What the button that adds a row sends; empty: there are enough.
    """

    kind: str
    name: str
    label: str
    value: str = ""
    hint: str = ""
    error: str = ""
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    only_if: str = ""
    watch: str = ""
    among: tuple[str, ...] = ()
    parts: "tuple[Widget, ...]" = ()
    more: "tuple[Widget, ...]" = ()
    mode: str = ""
    look: str = ""
    autocomplete: str = "off"
    focus: bool = False
    plain: bool = False
    remove: str = ""
    add: str = ""

    @property
    def id(self) -> str:
        """Its name in the page."""
        return element_id(self.name)

    @property
    def target(self) -> str:
        """The id of what can be filled in first: where a fault leads."""
        return self.parts[0].target if self.parts else self.id

    @property
    def inner(self) -> "tuple[Widget, ...]":
        """The fields in it."""
        return (*self.parts, *self.more)

    @property
    def more_open(self) -> bool:
        """Whether the rarely filled fields must be seen."""
        return any(part.value or part.error for part in self.more)


def element_id(name: str) -> str:
    """A field's name as an id that an address may end with."""
    return _NOT_ID.sub("-", name).strip("-")


def walk(widgets: Iterable[Widget]) -> Iterator[Widget]:
    """Every widget and those in it, in the order of the page."""
    for widget in widgets:
        yield widget
        yield from walk(widget.inner)


class FormWriter:
    """Turns definitions' fields into widgets that hold what was typed."""

    def __init__(self, typed: Typed, errors: Mapping[str, str], focus: str = "") -> None:
        """Write over *typed*.

        Args:
            typed: The form as it was sent.
            errors: What is wrong, by the field's name.
            focus: The name of the row that was just added.
        """
        self._typed = typed
        self._errors = errors
        self._focus = focus

    def fields(self, fields: Iterable[Field], lead: str) -> tuple[Widget, ...]:
        """The widgets of *fields*, whose names begin with *lead*."""
        listed = list(fields)
        labels = {field.id: field.label for field in listed}
        return tuple(
            self._asked(field, self.field(field, f"{lead}.{field.id}"), labels, lead)
            if not (isinstance(field, TextField) and field.same_as)
            else self._like(field, labels[field.same_as], f"{lead}.{field.id}")
            for field in listed
            if not field.computed
        )

    def _like(self, field: TextField, other: str, name: str) -> Widget:
        """A field that says what another says, if it is left empty."""
        hint = text("counter.field.same_as", label=capital(other))
        return msgspec.structs.replace(self._one(field, name), hint=hint, required=False)

    def field(self, field: Field, name: str) -> Widget:
        """The widget of one field, with its rows where it repeats."""
        if field.repeat is None or isinstance(field, FileField):
            return self._one(field, name)
        return self._repeated(field, name)

    def person(self, name: str, label: str, *, required: bool = False, hint: str = "") -> Widget:
        """A person: what is always asked, and what rarely is."""
        return Widget(
            kind="person",
            name=name,
            label=label,
            hint=hint,
            error=self._errors.get(name, ""),
            required=required,
            parts=tuple(
                self._person_part(name, part, required=required and part == "name")
                for part in PERSON
            ),
            more=tuple(self._person_part(name, part) for part in PERSON_MORE),
        )

    def text(
        self,
        name: str,
        label: str,
        *,
        kind: str = "text",
        value: str = "",
        hint: str = "",
        required: bool = False,
        mode: str = "",
        look: str = "",
        focus: bool = False,
        plain: bool = False,
    ) -> Widget:
        """A text of one line, or with ``kind="lines"`` of several; *value* stands there first."""
        return Widget(
            kind=kind,
            name=name,
            label=label,
            value=self._typed.get(name, value),
            hint=hint,
            error=self._errors.get(name, ""),
            required=required,
            mode=mode,
            look=look,
            focus=focus,
            plain=plain,
        )

    def moment(self, name: str, label: str, *, required: bool = False, hint: str = "") -> Widget:
        """A day and an hour."""
        return Widget(
            kind="group",
            name=name,
            label=label,
            hint=hint,
            error=self._errors.get(name, ""),
            required=required,
            parts=(
                self.text(
                    f"{name}-day",
                    text("counter.field.day"),
                    mode="numeric",
                    look="input--date",
                    required=required,
                    plain=True,
                ),
                self.text(
                    f"{name}-hour",
                    text("counter.field.hour"),
                    look="input--xs",
                    value=LAST_HOUR,
                    plain=True,
                ),
            ),
        )

    def check(self, name: str, label: str, hint: str = "") -> Widget:
        """A box to tick."""
        return Widget(
            kind="check",
            name=name,
            label=label,
            hint=hint,
            value=self._typed.get(name, ""),
            error=self._errors.get(name, ""),
        )

    def select(
        self,
        name: str,
        label: str,
        options: Iterable[tuple[str, str]],
        *,
        required: bool = False,
        hint: str = "",
        value: str = "",
    ) -> Widget:
        """One of several."""
        return Widget(
            kind="select",
            name=name,
            label=label,
            hint=hint,
            value=self._typed.get(name, value),
            error=self._errors.get(name, ""),
            required=required,
            options=tuple(options),
        )

    def _one(self, field: Field, name: str) -> Widget:
        match field:
            case PersonField():
                return self.person(name, field.label, required=field.required, hint=field.help)
            case GroupField():
                return self._group(field, name)
            case BooleanField():
                return self._boolean(field, name)
            case EnumField():
                options = ((option, option) for option in field.options)
                return self.select(
                    name, field.label, options, required=field.required, hint=field.help
                )
            case FileField() if field.repeat is None:
                seen = text("counter.field.seen", paper=field.label)
                made = self.check(name, seen, field.help)
                return msgspec.structs.replace(made, required=field.required)
            case _:
                return self._line(field, name)

    def _line(self, field: Field, name: str) -> Widget:
        kind, mode, look, hint = "text", "", "", field.help
        match field:
            case IntegerField():
                mode, look = "numeric", "input--short"
            case MoneyField():
                mode, look = "numeric", "input--date"
            case DateField():
                mode, look = "numeric", "input--date"
                hint = hint or text("counter.field.date_hint")
            case FileField():
                kind, hint = "lines", hint or text("counter.field.papers_hint")
            case AddressField():
                look = "input--wide"
            case _:
                pass
        return self.text(
            name,
            field.label,
            kind=kind,
            mode=mode,
            look=look,
            hint=hint,
            required=field.required,
            focus=name == self._focus,
        )

    def _boolean(self, field: BooleanField, name: str) -> Widget:
        """A tick; where an answer is required, yes or no: neither is taken for granted."""
        if not field.required:
            return self.check(name, field.label, field.help)
        options = ((YES, text("counter.yes")), (NO, text("counter.no")))
        return self.select(name, field.label, options, required=True, hint=field.help)

    def _group(self, field: GroupField, name: str) -> Widget:
        return Widget(
            kind="group",
            name=name,
            label=field.label,
            hint=field.help,
            error=self._errors.get(name, ""),
            required=field.required,
            parts=self.fields(field.fields, name),
        )

    def _repeated(self, field: Field, name: str) -> Widget:
        count = rows(field, self._typed, name)
        least = field.repeat.min if field.repeat else 1
        most = field.repeat.max if field.repeat else 1
        made = []
        for at in range(count):
            row = self._one(field, f"{name}[{at}]")
            label = text("counter.field.row", label=field.label, number=at + 1)
            remove = f"bo:{name}:{at}" if count > max(1, least) else ""
            focus = row.name == self._focus
            made.append(msgspec.structs.replace(row, label=label, remove=remove, focus=focus))
        return Widget(
            kind="repeat",
            name=name,
            label=field.label,
            hint=field.help,
            value=str(count),
            error=self._errors.get(name, ""),
            required=field.required,
            parts=tuple(made),
            add=f"them:{name}" if count < most else "",
        )

    def _person_part(self, name: str, part: str, *, required: bool = False) -> Widget:
        label = text(f"counter.person.{part}")
        if part == "sex":
            return self.select(f"{name}.sex", label, ((sex, sex) for sex in SEXES))
        looks = {"id_number": ("numeric", "input--id"), "birth": ("numeric", "input--date")}
        mode, look = looks.get(part, ("", ""))
        return self.text(
            f"{name}.{part}",
            label,
            mode={"phone": "tel", "email": "email"}.get(part, mode),
            look="input--wide" if part in ("name", "address") else look,
            required=required,
            focus=part == "name" and name == self._focus,
        )

    def _asked(self, field: Field, widget: Widget, labels: Mapping[str, str], lead: str) -> Widget:
        """*widget* with the condition under which it is asked."""
        if field.when is None:
            return widget
        among = tuple(_value(value) for value in field.when.values)
        return msgspec.structs.replace(
            widget,
            only_if=_words(field.when, labels),
            watch=f"{lead}.{field.when.field}",
            among=among,
        )


def _value(value: object) -> str:
    """A value of a condition as the form sends it."""
    return {True: YES, False: NO}[value] if isinstance(value, bool) else str(value)


def _words(when: Condition, labels: Mapping[str, str]) -> str:
    """When a field is asked, as an officer reads it."""
    label = labels.get(when.field, when.field)
    values = [
        text("counter.yes" if value else "counter.no") if isinstance(value, bool) else str(value)
        for value in when.values
    ]
    if values:
        return text("counter.only_if", label=label, values=", ".join(values))
    key = "counter.only_without" if when.present is False else "counter.only_with"
    return text(key, label=label)
