"""The form of a procedure: what is asked, under which condition, how often.

A form is a list of fields; each kind of field is its own Struct, told apart by
``type``. :func:`motcua.domain.answers.check_answers` holds answers against it.
"""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

FieldId = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Text = Annotated[str, Meta(min_length=1)]


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a field is asked: another field ``is`` a value, is ``in`` some, or is ``present``.

    Written in a file as ``when = { field = "way", is = "bưu chính" }``. Exactly one of the
    three is stated.
    """

    field: FieldId
    equals: Any = msgspec.field(default=UNSET, name="is")
    among: tuple[Any, ...] | UnsetType = msgspec.field(default=UNSET, name="in")
    present: bool | UnsetType = UNSET

    def holds(self, given: object) -> bool:
        """Whether the condition holds when *given* is the answer to its field."""
        if self.equals is not UNSET:
            return bool(given == self.equals)
        if not isinstance(self.among, UnsetType):
            return given in self.among
        return (given not in (None, "", [], {})) is (self.present is not False)

    @property
    def values(self) -> tuple[Any, ...]:
        """The values the condition compares with."""
        if self.equals is not UNSET:
            return (self.equals,)
        return () if isinstance(self.among, UnsetType) else self.among

    @property
    def stated(self) -> int:
        """How many of ``is``, ``in`` and ``present`` are stated; one is right."""
        return sum(part is not UNSET for part in (self.equals, self.among, self.present))


class Repeat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many answers a field takes; the answer is then a list."""

    min: Annotated[int, Meta(ge=0)] = 1
    max: Annotated[int, Meta(ge=1)] = 20


class _Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every field says about itself.

    Attributes:
        id: The key of the answer.
        label: What the applicant reads, in Vietnamese.
        required: Whether an empty answer is a fault (where the field is asked at all).
        help: One line below the label.
        when: Asked only if this holds; an answer given otherwise is dropped.
        repeat: Set if the field takes several answers.
        computed: Filled in by the core (a fee total); what an applicant sends is overwritten.
    """

    id: FieldId
    label: Text
    required: bool = False
    help: str = ""
    when: Condition | None = None
    repeat: Repeat | None = None
    computed: bool = False


class TextField(_Field, frozen=True, tag="text", kw_only=True):
    """A line or, if long, a paragraph of text.

    Attributes:
        same_as: Left empty, it says what this text or choice, asked before it, says.
    """

    max_length: Annotated[int, Meta(ge=1, le=20_000)] = 2_000
    pattern: str | None = None
    same_as: FieldId | None = None


class IntegerField(_Field, frozen=True, tag="integer", kw_only=True):
    """A whole number."""

    min: int = 0
    max: int = 1_000_000


class MoneyField(_Field, frozen=True, tag="money", kw_only=True):
    """Whole VND."""

    min: int = 0
    max: int = 1_000_000_000_000


class BooleanField(_Field, frozen=True, tag="boolean", kw_only=True):
    """A tick."""


class DateField(_Field, frozen=True, tag="date", kw_only=True):
    """A day of the calendar."""

    past: bool = False


class PersonField(_Field, frozen=True, tag="person", kw_only=True):
    """A person: see :class:`Person` for its keys."""


class AddressField(_Field, frozen=True, tag="address", kw_only=True):
    """An address: a free line, or the line with the codes of province and commune."""


class EnumField(_Field, frozen=True, tag="enum", kw_only=True):
    """One of several options; the answer is the option's text."""

    options: Annotated[tuple[Text, ...], Meta(min_length=1)]


class FileField(_Field, frozen=True, tag="file", kw_only=True):
    """A paper handed in: its name, or the name with the stored file's id."""


class GroupField(_Field, frozen=True, tag="group", kw_only=True):
    """Fields that belong together, usually repeated (a row of a table)."""

    fields: "Annotated[tuple[Field, ...], Meta(min_length=1)]"


Field = (
    TextField
    | IntegerField
    | MoneyField
    | BooleanField
    | DateField
    | PersonField
    | AddressField
    | EnumField
    | FileField
    | GroupField
)


class Person(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A person as a form knows them.

    Attributes:
        name: Full name, in Unicode NFC.
        id_number: Personal identification number, 12 digits.
        birth: Birth date, or the year alone where only the year is known (``1947``).
    """

    name: str
    id_number: str | None = None
    birth: str | None = None
    sex: str | None = None
    ethnicity: str | None = None
    nationality: str | None = None
    identity_paper: str | None = None
    address: str | dict[str, str] | None = None
    phone: str | None = None
    email: str | None = None


class Address(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """An address: a line of text and the codes of province and commune, where known."""

    line: str
    province: str | None = None
    commune: str | None = None


DEFAULT_FORM: tuple[Field, ...] = (
    PersonField(id="requester", label="Người yêu cầu", required=True),
    TextField(id="request", label="Nội dung yêu cầu giải quyết", required=True),
    FileField(id="documents", label="Giấy tờ kèm theo", repeat=Repeat(min=1, max=50)),
)
"""What is asked where a definition has no form of its own."""
