"""Small procedures and plugins for tests."""

from types import ModuleType
from typing import Any

import msgspec

from motcua.domain.form import IntegerField, PersonField
from motcua.domain.limit import Unit
from motcua.domain.procedure import (
    DocumentItem,
    DocumentKind,
    FeeItem,
    FeeKind,
    OnlineLevel,
    ProcedureDefinition,
    Result,
    Step,
)
from motcua.domain.procedure_limit import Limit
from motcua.plugin.hookspecs import hookimpl
from motcua.plugin.manifest import PluginManifest

SMALL = ProcedureDefinition(
    code="9.000001",
    name="Thủ tục thử",
    name_en="A procedure for tests",
    field="linh-vuc-thu",
    field_name="Lĩnh vực thử",
    legal_basis=("Văn bản thử",),
    online_level=OnlineLevel.NONE,
    limit=Limit(amount=3, unit=Unit.WORKING_DAY),
    fees=(FeeItem(id="none", label="Không thu", kind=FeeKind.NONE, per="hồ sơ", amount_vnd=0),),
    documents=(
        DocumentItem(
            id="request", name="Đơn", kind=DocumentKind.SUBMIT, original=1, copies=0, required=True
        ),
    ),
    form_fields=(
        PersonField(id="requester", label="Người yêu cầu", required=True),
        IntegerField(id="copy_count", label="Số bản"),
    ),
    steps=(Step.RECEIVE, Step.RETURN),
    result=Result(name="Kết quả"),
)
"""A valid definition that asks for a requester and a number of copies."""


def small_procedure(**changes: Any) -> ProcedureDefinition:
    """:data:`SMALL` with *changes*."""
    return msgspec.structs.replace(SMALL, **changes)


def plugin_module(
    name: str, *definitions: ProcedureDefinition, hooks: dict[str, Any] | None = None, **card: Any
) -> ModuleType:
    """A plugin made in memory.

    Args:
        name: Its name.
        definitions: The procedures it owns.
        hooks: Functions by hook name; each is marked as an implementation.
        card: What its manifest says otherwise than usual.
    """
    module = ModuleType(f"plugin_{name}")
    labels = {"label_vi": f"Phân hệ {name}", "label_en": f"Plugin {name}"}
    said = {**labels, "core_api": ">=1.0,<2", "fields": ("*",), **card}
    module.manifest = PluginManifest(name=name, **said)  # type: ignore[attr-defined]  # a module takes any name

    def procedures() -> list[ProcedureDefinition]:
        """Those given."""
        return list(definitions)

    for hook, function in {"procedures": procedures, **(hooks or {})}.items():
        setattr(module, hook, hookimpl(function))
    return module
