"""The reference of definitions has every key there is, and its examples can be read."""

import enum
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from msgspec import NODEFAULT, UNSET
from msgspec import inspect as types

from motcua.domain import form, procedure, procedure_limit
from motcua.domain.definitions import _TOP, read_definitions

PAGE = (Path(__file__).parents[2] / "docs/reference/definition.md").read_text("utf-8")
SECTION = re.compile(r"^## (\S+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `([a-z_]+)` \| (.+?) \| (.+?) \| (.*) \|$", re.MULTILINE)
TYPE_ROW = re.compile(r"^\| `([a-z]+)` \| ?(.*?) \| [^|]* \|$", re.MULTILINE)
OWN_KEY = re.compile(r"`([a-z_]+)` \(`?(\w+)`?\)")
EXAMPLE = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)

SECTIONS = dict(SECTION.findall(PAGE))
STRUCTS: dict[str, type[msgspec.Struct]] = {
    "Procedure": procedure.ProcedureDefinition,
    "limit": procedure_limit.Limit,
    "limit.stages": procedure_limit.Stage,
    "limit.on_silence": procedure_limit.Silence,
    "limit_variants": procedure_limit.LimitVariant,
    "fees": procedure.FeeItem,
    "fees.exemptions": procedure.Exemption,
    "documents": procedure.DocumentItem,
    "result": procedure.Result,
    "parts": procedure.GroupPart,
    "refusal_grounds": procedure.RefusalGround,
    "form_fields": form.BooleanField,
    "when": form.Condition,
    "repeat": form.Repeat,
    "person": form.Person,
    "address": form.Address,
}
FIELDS: tuple[type[msgspec.Struct], ...] = (
    form.TextField,
    form.IntegerField,
    form.MoneyField,
    form.BooleanField,
    form.DateField,
    form.PersonField,
    form.AddressField,
    form.EnumField,
    form.FileField,
    form.GroupField,
)
"""Every kind of field; a boolean has the keys that all of them have, and none of its own."""

EXAMPLES = [tomllib.loads(each) for each in EXAMPLE.findall(PAGE)]


def fields(struct: type[msgspec.Struct]) -> list[types.Field]:
    info = types.type_info(struct)
    assert isinstance(info, types.StructType)
    return list(info.fields)


def described(struct: type[msgspec.Struct]) -> list[tuple[str, str, str]]:
    """Key, type and default of everything *struct* has, in the words of the page."""
    return [(each.encode_name, kind(each.type), default(each)) for each in fields(struct)]


def kind(told: types.Type) -> str:
    match told:
        case types.UnionType():
            parts = [each for each in told.types if not is_nothing(each)]
            if all(isinstance(each, types.StructType) for each in parts):
                return "table"
            return " or ".join(dict.fromkeys(map(kind, parts)))
        case types.EnumType():
            return " ".join(f"`{each.value}`" for each in told.cls)
        case types.VarTupleType():
            inner = kind(told.item_type)
            return {"any": "list"}.get(inner, f"list of {inner}{'' if '`' in inner else 's'}")
        case types.StructType() | types.DictType():
            return "table"
        case _:
            return PLAIN[type(told)]


PLAIN: dict[type[types.Type], str] = {
    types.StrType: "text",
    types.IntType: "whole number",
    types.BoolType: "true or false",
    types.DateType: "date",
    types.AnyType: "any",
}


def is_nothing(told: types.Type) -> bool:
    """Whether it stands for a key that is left out."""
    return isinstance(told, types.NoneType | types.CustomType)


def default(field: types.Field) -> str:
    if field.required:
        return "required"
    value = field.default
    if value is NODEFAULT or value is UNSET or value is None:
        return "none"
    if value == ():
        return "`[]`"
    if isinstance(value, enum.Enum | str):
        return f'`"{value}"`'
    return f"`{str(value).lower()}`"


@pytest.mark.parametrize("section", STRUCTS)
def test_a_section_has_every_key_with_its_type_and_default(section: str) -> None:
    rows = ROW.findall(SECTIONS[section])

    assert [row[:3] for row in rows] == described(STRUCTS[section])
    assert all(meaning for *_, meaning in rows)


def test_the_head_of_a_file_has_every_key() -> None:
    assert {row[0] for row in ROW.findall(SECTIONS["File"])} == _TOP


def test_every_kind_of_field_has_its_own_keys() -> None:
    common = {each.encode_name for each in fields(form.BooleanField)}

    for struct in FIELDS:
        info = types.type_info(struct)
        assert isinstance(info, types.StructType)
        row = dict(TYPE_ROW.findall(SECTIONS["form_fields"]))[str(info.tag)]
        own = [each for each in described(struct) if each[0] not in common]
        assert OWN_KEY.findall(row) == [(key, said.strip("`")) for key, _, said in own]


def test_no_kind_of_field_is_missing() -> None:
    assert set(FIELDS) == set(get_args(form.Field))


def whole(example: dict[str, Any]) -> dict[str, Any]:
    """*example* as a file: itself, or its keys in the page's first procedure."""
    if "schema" in example:
        return example
    base = EXAMPLES[0]
    return {
        **{key: value for key, value in base.items() if key != "version"},
        "procedure": [{**base["procedure"][0], **example}],
    }


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_can_be_read(number: int) -> None:
    definitions, faults = read_definitions(whole(EXAMPLES[number]))

    assert faults == []
    assert definitions


def test_every_key_stands_in_an_example() -> None:
    def keys(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            yield from value
        for each in value.values() if isinstance(value, dict) else value:  # type: ignore[attr-defined]  # tables and lists
            if isinstance(each, dict | list):
                yield from keys(each)

    answers = {form.Person, form.Address}
    written = {
        each.encode_name
        for struct in (*STRUCTS.values(), *FIELDS)
        if struct not in answers
        for each in fields(struct)
    }

    assert (written | _TOP) - set(keys(EXAMPLES)) == set()
