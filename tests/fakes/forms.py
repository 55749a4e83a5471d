"""Forms filled in by rule, for tests that go through every definition."""

from typing import Any

from motcua.domain.form import (
    AddressField,
    BooleanField,
    DateField,
    EnumField,
    Field,
    FileField,
    IntegerField,
    MoneyField,
    PersonField,
    TextField,
)
from motcua.domain.procedure import ProcedureDefinition

AN = {"name": "Nguyễn Thị An", "id_number": "027190000001"}


def a_value(field: Field) -> Any:
    """Something that answers *field*."""
    match field:
        case IntegerField() | MoneyField():
            return max(1, field.min)
        case BooleanField():
            return True
        case DateField():
            return "2026-11-01"
        case PersonField():
            return AN
        case EnumField():
            return field.options[0]
        case TextField() | AddressField() | FileField():
            return "Nội dung thử"
        case _:
            raise AssertionError(field)


def filled(definition: ProcedureDefinition, *, all_fields: bool = True) -> dict[str, Any]:
    """Answers to every field of *definition*, or to those required only."""
    return {
        field.id: a_value(field)
        for field in definition.form
        if (all_fields or field.required) and not field.computed and field.id != "requester"
    }
