"""Reads what people wrote in a file and reports every fault, not only the first.

msgspec stops at the first error; whoever mends a definition wants them all. This
walks Structs key by key and lets msgspec judge the single values.
"""

import difflib
import functools
import types
import typing
from collections.abc import Mapping
from typing import Annotated, Any, Union

import msgspec


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong in a file.

    Attributes:
        key: Where, such as ``procedure[2].limit.unit``.
        code: A text key: what is wrong and, under ``<code>.hint``, what to do.
        told: What the texts name, by placeholder.
    """

    key: str
    code: str
    told: dict[str, str] = {}


class UnfitError(ValueError):
    """Values that do not go together; a Struct's ``__post_init__`` raises it."""

    def __init__(self, key: str, code: str) -> None:
        """Name the *key* to mend, and by a text key why."""
        self.key = key
        self.code = code
        super().__init__(code)


class _Broken:
    """Stands for a value that could not be read; its faults are noted already."""


BROKEN = _Broken()


def decode(kind: Any, raw: object, key: str, faults: list[Fault]) -> Any:
    """*raw* as a value of type *kind*, or :data:`BROKEN` with the reasons in *faults*."""
    bare, arguments = _unwrap(kind)
    if structs := _structs_of(bare):
        return _decode_struct(structs, raw, key, faults)
    if bare is tuple and isinstance(raw, list):
        return _decode_rows(kind, arguments[0], raw, key, faults)
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        faults.append(Fault(key=key, code="file.value", told={"detail": str(error)}))
        return BROKEN


def _unwrap(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    """The type below ``Annotated`` and ``| None``, and its arguments."""
    if typing.get_origin(kind) is Annotated:
        return _unwrap(typing.get_args(kind)[0])
    if typing.get_origin(kind) in (Union, types.UnionType):
        members = [each for each in typing.get_args(kind) if each is not types.NoneType]
        return _unwrap(members[0]) if len(members) == 1 else (tuple(members), ())
    return typing.get_origin(kind) or kind, typing.get_args(kind)


def _structs_of(bare: Any) -> dict[str, type[msgspec.Struct]]:
    """The Structs *bare* stands for, by tag; none if it is no Struct."""
    members = bare if isinstance(bare, tuple) else (bare,)
    return {
        str(each.__struct_config__.tag): each
        for each in members
        if isinstance(each, type) and issubclass(each, msgspec.Struct)
    }


def _decode_struct(
    structs: dict[str, type[msgspec.Struct]], raw: object, key: str, faults: list[Fault]
) -> Any:
    """One table of the file as one of *structs*."""
    if not isinstance(raw, Mapping):
        faults.append(Fault(key=key, code="file.not-a-table"))
        return BROKEN
    row = dict(raw)
    if len(structs) == 1:
        (struct,) = structs.values()
    else:
        tag = str(row.pop("type", ""))
        if tag not in structs:
            told = {"given": tag, "options": ", ".join(structs)}
            faults.append(Fault(key=f"{key}.type", code="file.option", told=told))
            return BROKEN
        struct = structs[tag]
    return _fill(struct, row, key, faults)


def _fill(struct: type[msgspec.Struct], row: dict[str, Any], key: str, faults: list[Fault]) -> Any:
    """A *struct* out of *row*, every key judged on its own."""
    before = len(faults)
    infos = _infos(struct)
    for name in row:
        if name not in infos:
            close = difflib.get_close_matches(name, infos, n=1)
            told = {"given": name, "close": close[0] if close else ", ".join(infos)}
            faults.append(Fault(key=_join(key, name), code="file.unknown-key", told=told))
    values = {}
    for name, info in infos.items():
        if name in row:
            values[info.name] = decode(info.type, row[name], _join(key, name), faults)
        elif info.required:
            faults.append(Fault(key=_join(key, name), code="file.missing-key"))
    if len(faults) > before:
        return BROKEN
    try:
        return struct(**values)
    except UnfitError as error:
        faults.append(Fault(key=_join(key, error.key), code=error.code))
        return BROKEN


@functools.cache
def _infos(struct: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    """The keys of *struct* as files write them; working them out is slow."""
    return {info.encode_name: info for info in msgspec.structs.fields(struct)}


def _decode_rows(kind: Any, item: Any, raw: list[Any], key: str, faults: list[Fault]) -> Any:
    """A list of the file, every row judged on its own."""
    before = len(faults)
    rows = tuple(decode(item, row, f"{key}[{at}]", faults) for at, row in enumerate(raw))
    least = _least(kind)
    if len(rows) < least:
        faults.append(Fault(key=key, code="file.too-few", told={"least": str(least)}))
    return BROKEN if len(faults) > before else rows


def _least(kind: Any) -> int:
    """How many rows a list needs at least."""
    metas = getattr(kind, "__metadata__", ())
    return max((meta.min_length or 0 for meta in metas), default=0)


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
