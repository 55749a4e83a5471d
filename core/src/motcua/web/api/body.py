"""Reading the body of a request: every fault at once, each by its path.

msgspec stops at the first fault and tells it in English. Here each part of a
Struct is converted on its own, and what does not fit becomes a field fault.
"""

import contextlib
import types
from collections.abc import Generator, Mapping
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
from litestar.connection import ASGIConnection, Request
from litestar.dto import AbstractDTO, DTOFieldDefinition
from litestar.handlers import BaseRouteHandler
from litestar.typing import FieldDefinition

from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError

WRITES = frozenset({"POST", "PUT", "PATCH"})
_JSON = "application/json"
_ABSENT = msgspec.UNSET


class NotJsonError(MotCuaError):
    """The request says that it carries something other than JSON."""

    code = "request.not-json"
    status = 415


class EmptyBodyError(MotCuaError):
    """The request carries nothing."""

    code = "request.empty"
    status = 400


class MalformedJsonError(MotCuaError):
    """The body is no JSON; holds what the reader stumbled over."""

    code = "request.malformed-json"
    status = 400


async def require_json(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Refuse a write that does not carry JSON.

    Raises:
        NotJsonError: another content type.
        EmptyBodyError: no body.
    """
    if connection.scope.get("method") not in WRITES:
        return
    kind = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _JSON:
        raise NotJsonError(given=kind or "–")
    if isinstance(connection, Request) and not (await connection.body()).strip():
        raise EmptyBodyError


async def require_plain(
    connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
) -> None:
    """Refuse JSON with a zero character, whatever the handler makes of it.

    Raises:
        InvalidAnswersError: there is one.
    """
    if connection.scope.get("method") not in WRITES or not isinstance(connection, Request):
        return
    body = await connection.body()
    with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        _require_no_zero(body, msgspec.json.decode(body))  # what is no JSON, the handler refuses


class JsonBody(AbstractDTO[Any]):
    """Lets Litestar read ``data`` through :func:`read`."""

    model_type = msgspec.Struct

    def decode_bytes(self, value: bytes) -> Any:
        """The body as the Struct the handler asks for."""
        wanted = self.asgi_connection.route_handler.parsed_data_field
        assert wanted is not None  # noqa: S101 - only handlers with `data` are read by a DTO
        return read(value, wanted.annotation)

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        """Nothing to prepare."""

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: Any
    ) -> Any:
        """Describe the Struct itself."""
        del handler_id
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def generate_field_definitions(
        cls, model_type: type[Any]
    ) -> Generator[DTOFieldDefinition, None, None]:
        """None: nothing is renamed or left out."""
        del model_type
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        """Nothing is nested in the sense of a DTO."""
        del field_definition
        return False


def read(body: bytes, wanted: type[msgspec.Struct]) -> Any:
    """*body* as a *wanted*.

    Raises:
        MalformedJsonError: it is no JSON.
        InvalidAnswersError: it is JSON of another shape; holds all faults.
    """
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedJsonError(reason=str(error)) from error
    _require_no_zero(body, value)
    return shaped(value, wanted)


def shaped(value: Any, wanted: type[msgspec.Struct], path: str = "") -> Any:
    """A JSON *value* that stands at *path* of a body, as a *wanted*.

    Raises:
        InvalidAnswersError: it is of another shape; holds all faults.
    """
    faults: list[FieldFault] = []
    found = _struct(value, wanted, path, faults)
    if faults:
        raise InvalidAnswersError(faults)
    return found


def _struct(
    value: Any, wanted: type[msgspec.Struct], path: str, faults: list[FieldFault]
) -> msgspec.Struct | None:
    """*value* as a *wanted*, or ``None`` after telling why not."""
    if not isinstance(value, Mapping):
        faults.append(FieldFault(path or "body", "field.type", label=path or "body"))
        return None
    prefix = f"{path}." if path else ""
    before = len(faults)
    parts: dict[str, Any] = {}
    fields = msgspec.structs.fields(wanted)
    for field in fields:
        at = prefix + field.encode_name
        given = value.get(field.encode_name, _ABSENT)
        if given is not _ABSENT:
            parts[field.name] = _value(given, field.type, at, faults)
        elif field.required:
            faults.append(FieldFault(at, "field.missing", label=at))
    known = {field.encode_name for field in fields}
    faults += [
        FieldFault(prefix + str(name), "field.surplus", label=prefix + str(name))
        for name in value
        if name not in known
    ]
    return wanted(**parts) if len(faults) == before else None


def _require_no_zero(body: bytes, value: Any) -> None:
    """Look through the *value* of a *body* only if a zero is written in it."""
    if rb"\u0000" in body and _holds_zero(value):
        raise InvalidAnswersError([FieldFault("body", "field.characters", label="body")])


def _holds_zero(value: Any) -> bool:
    """Whether a zero character, which no database keeps, stands anywhere in *value*."""
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, list):
        return any(map(_holds_zero, value))
    return isinstance(value, dict) and any(map(_holds_zero, (*value, *value.values())))


def _value(value: Any, wanted: Any, path: str, faults: list[FieldFault]) -> Any:
    """*value* as a *wanted*; Structs and tuples of Structs part by part."""
    inner = _without_none(wanted)
    if value is None and inner is not wanted:
        return None
    if _is_struct(inner):
        return _struct(value, inner, path, faults)
    if get_origin(inner) is tuple and _is_struct(get_args(inner)[0]) and isinstance(value, list):
        rows = enumerate(value)
        return tuple(_struct(row, get_args(inner)[0], f"{path}[{n}]", faults) for n, row in rows)
    try:
        return msgspec.convert(value, inner)
    except msgspec.ValidationError:
        faults.append(_misfit(inner, path))
        return None


def _misfit(wanted: Any, path: str) -> FieldFault:
    if get_origin(wanted) is Literal:
        return FieldFault(path, "field.option", label=path, options=", ".join(get_args(wanted)))
    return FieldFault(path, "field.type", label=path)


def _is_struct(wanted: Any) -> bool:
    return isinstance(wanted, type) and issubclass(wanted, msgspec.Struct)


def _without_none(wanted: Any) -> Any:
    """``X`` out of ``X | None``; anything else as it is."""
    if get_origin(wanted) in (Union, types.UnionType):
        kinds = [kind for kind in get_args(wanted) if kind is not type(None)]
        if len(kinds) == 1 and len(get_args(wanted)) > 1:
            return kinds[0]
    return wanted
