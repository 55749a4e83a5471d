"""The form of a plugin's settings, made of the Struct its manifest names.

A setting is a box to tick, a whole number, a choice or a line of text; whether it may be
left out, and its bounds, come from its type. Labels are the plugin's own texts.
"""

import types
import typing
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec

from motcua.console.frame import Faults, Sent
from motcua.domain.decoding import Fault, decode
from motcua.plugin.texts import text, texts


class SettingField(msgspec.Struct, frozen=True, kw_only=True):
    """One field of the form.

    Attributes:
        kind: ``bool``, ``int``, ``choice`` or ``text``.
        options: Of a choice, value and label.
    """

    name: str
    label: str
    hint: str
    kind: str
    value: Any
    required: bool
    options: tuple[tuple[str, str], ...] = ()


def setting_fields(
    plugin: str, struct: type[msgspec.Struct], given: dict[str, Any]
) -> list[SettingField]:
    """The fields of *struct*, filled with what is *given* or else their defaults."""
    return [_field(plugin, info, given) for info in msgspec.structs.fields(struct)]


def read_settings(struct: type[msgspec.Struct], sent: Sent) -> tuple[dict[str, Any], Faults]:
    """What was *sent* as plain values, and everything wrong with it."""
    given: dict[str, Any] = {}
    faults: list[Fault] = []
    for info in msgspec.structs.fields(struct):
        kind, optional, _ = _kind(info.type)
        typed = sent.one(info.name)
        if kind == "bool":
            given[info.name] = sent.has(info.name)
        elif typed == "" and (optional or not info.required):
            given |= {info.name: None} if optional else {}
        elif kind == "int":
            given[info.name] = _number(typed)
        else:
            given[info.name] = typed
    decode(struct, given, "", faults)
    return given, [(each.key, _words(each)) for each in faults]


def _number(typed: str) -> int | str:
    """*typed* as a number; what is none stays as it is, to be refused and shown again."""
    try:
        return int(typed)
    except ValueError:
        return typed


def _words(fault: Fault) -> str:
    """What is wrong; what comes of a type alone is told by the hint below the name."""
    own = not fault.code.startswith("file.")
    return text(fault.code if own else "console.setting.wrong", **fault.told)


def _field(plugin: str, info: msgspec.structs.FieldInfo, given: dict[str, Any]) -> SettingField:
    kind, optional, choices = _kind(info.type)
    default = None if info.default is msgspec.NODEFAULT else info.default
    key = f"{plugin}.setting.{info.name}"
    known = texts("vi")
    return SettingField(
        name=info.name,
        label=text(key) if key in known else info.name,
        hint=text(f"{key}.hint") if f"{key}.hint" in known else "",
        kind=kind,
        value=given.get(info.name, default),
        required=info.required and not optional,
        options=tuple((each, text(f"{key}.{each}")) for each in choices),
    )


def _kind(annotation: Any) -> tuple[str, bool, tuple[str, ...]]:
    """What sort of field a type makes, whether it may be empty, and its choices."""
    if get_origin(annotation) is Annotated:
        return _kind(get_args(annotation)[0])
    if get_origin(annotation) in (types.UnionType, typing.Union):
        inner = [each for each in get_args(annotation) if each is not types.NoneType]
        kind, _, choices = _kind(inner[0])
        return kind, len(inner) < len(get_args(annotation)), choices
    if get_origin(annotation) is Literal:
        return "choice", False, tuple(str(each) for each in get_args(annotation))
    return {bool: "bool", int: "int"}.get(annotation, "text"), False, ()
